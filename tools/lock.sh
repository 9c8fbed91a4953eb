#!/usr/bin/env bash
# Writes both lock files anew: names, versions and hashes for Python 3.11 to 3.13, no index address.
# Needs uv on the PATH. Review the diff before committing it.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() { uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --quiet "$@"; }
compile --extra build -o requirements.lock
compile --extra build --extra dev -c requirements.lock -o requirements-dev.lock
