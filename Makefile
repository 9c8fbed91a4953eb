# dondoc: what a newcomer needs. `make help` lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup run demo test lint bench lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## make .venv from the locks (Python 3.11 to 3.13)

$(STAMP): requirements-dev.lock pyproject.toml
	@$(PYTHON) tools/check_python.py
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: $(STAMP) ## start the whole engine: Prefect UI, portal, mailbox
	$(BIN)/dondoc init
	$(BIN)/dondoc up

demo: $(STAMP) ## the same on a scratch database filled by a simulation
	$(BIN)/dondoc demo

test: $(STAMP) ## run all tests
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: $(STAMP) ## ruff, mypy, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP) ## measure against the numbers in docs/performance.md
	$(BIN)/python -m benchmarks

lock: ## write the lock files anew (needs uv)
	tools/lock.sh

clean: ## remove .venv and caches; the data in ./var stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info build
