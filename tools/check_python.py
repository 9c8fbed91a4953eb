"""Says, before anything is installed, what a machine lacks and which package brings it."""

import sys

version = ".".join(map(str, sys.version_info[:2]))
if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.exit(f"dondoc needs Python 3.11 to 3.13; {sys.executable} is {version}. Try: make run PYTHON=python3.12")
try:
    import ensurepip  # noqa: F401
    import venv  # noqa: F401
except ImportError:
    sys.exit(f"Python {version} has no venv module. Debian, Ubuntu: apt-get install python{version}-venv")
