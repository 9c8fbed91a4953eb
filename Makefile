# dondoc: what a newcomer needs. `make help` lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps
RUNS := $(VENV)/.runs
DEVELOPS := $(VENV)/.develops

.DEFAULT_GOAL := help
.PHONY: help setup run demo test lint bench lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(DEVELOPS) ## make .venv from the locks (Python 3.11 to 3.13)

$(RUNS): requirements.lock pyproject.toml
	@$(PYTHON) tools/check_python.py
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-build-isolation --editable .
	@touch $@

$(DEVELOPS): $(RUNS) requirements-dev.lock
	$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

run: $(RUNS) ## start the whole engine: Prefect UI, portal, mailbox
	$(BIN)/dondoc init
	$(BIN)/dondoc up

demo: $(RUNS) ## the same on a scratch database filled by a simulation
	$(BIN)/dondoc demo

test: $(DEVELOPS) ## run all tests
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: $(DEVELOPS) ## ruff, mypy, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(DEVELOPS) ## measure against the numbers in docs/performance.md
	$(BIN)/python -m benchmarks

lock: ## write the lock files anew (needs uv)
	tools/lock.sh

clean: ## remove .venv and caches; the data in ./var stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info build
