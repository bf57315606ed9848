# Needs only Python 3.11 or newer (with its venv module) and GNU make; everything else is installed
# into .venv, from requirements.lock.

# The interpreter that makes the environment: make PYTHON=python3.12 report
PYTHON ?= python3
# Options for the report command: make report ARGS="--help"
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
PYTEST_IN_PARALLEL := $(BIN)/python -m pytest --numprocesses auto --dist worksteal
# uv writes the lock but is needed for nothing else, so it has an environment of its own.
LOCK_VENV := .venv-lock

# Bytecode is kept, also where the environment says otherwise: the tests start many short processes, and each would
# compile the package anew.
export PYTHONDONTWRITEBYTECODE :=
# pip's advice to upgrade pip; errors and other warnings stay.
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help report cases docs test test-all test-long check lock clean python-is-recent

help: ## say what the targets do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

report: $(VENV)/.installed ## write the county reports into build/
	$(BIN)/pyreport report --output build $(ARGS)

cases: $(VENV)/.installed ## try every written case of the law (half a minute)
	PYTHONPATH=tests $(BIN)/python -m cases

docs: $(VENV)/.installed ## write the documentation into build/docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict

test: $(VENV)/.installed ## run what any change can break
	$(PYTEST_IN_PARALLEL)

test-all: test ## the above, then the sweeps: mutations of rules, tampering, hostile inputs, kills, browser
	$(PYTEST_IN_PARALLEL) -m sweep

test-long: $(VENV)/.installed ## every mutation of the rules on what follows from eligibility; every page (hours)
	$(PYTEST_IN_PARALLEL) -m long

check: $(VENV)/.installed ## lint of code and policy, formatting, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo
	$(BIN)/pyreport lint

lock: python-is-recent ## pin the newest versions that pyproject.toml allows, in requirements.lock
	$(PYTHON) -m venv --clear $(LOCK_VENV)
	$(LOCK_VENV)/bin/python -m pip install --quiet uv
	$(LOCK_VENV)/bin/uv pip compile --quiet --no-config --upgrade --universal --generate-hashes \
		--python-version 3.11 --extra dev --extra docs --no-emit-index-url --no-emit-find-links \
		--custom-compile-command "make lock" --output-file requirements.lock pyproject.toml

clean: ## remove all that the other targets made, the environments too
	rm -rf build dist $(VENV) $(LOCK_VENV) .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

python-is-recent:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed, and '$(PYTHON)' is not that." \
			"Name another with: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { \
		echo "'$(PYTHON)' lacks the venv module. On Debian: apt-get install python3-venv" >&2; exit 1; }

# Two stamps, since the lock takes a minute and the project itself a few seconds. The environment is
# made anew whenever the lock changes, so that it holds exactly what the lock names.
$(VENV)/.locked: requirements.lock | python-is-recent
	$(PYTHON) -m venv --clear $(VENV)
	@echo "Installing the locked packages; this takes a minute or two."
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.installed: $(VENV)/.locked pyproject.toml
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	$(BIN)/python -m pip check
	@touch $@
