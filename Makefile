# Each of these sets up what it needs in $(VENV), on a machine that has only Python 3.11 or newer and make.

VENV ?= .venv
PYTHON ?= $(shell for python in python3.11 python3; do $$python -c '' 2>/dev/null && echo $$python && break; done)

# Three workers by default: tests wait for disks and processes, so two cores bear one more. In the order of the files,
# because the long ones have few tests and would come last. `make test PYTEST_FLAGS=` runs one.
PYTEST_FLAGS ?= -n 3 --dist loadfile --no-loadscope-reorder

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
UV_COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help demo dev test check chaos bench books clients compiled fix lives lock clean

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.runs ## Tell the main job step by step: register, link, read, compare, renew, at two insurers
	@$(BIN)/tabane demo

dev: $(VENV)/.runs ## Run everything in one process: gateway, worker, sandboxes and mailbox
	@$(BIN)/tabane dev

test: $(VENV)/.develops ## Run the tests; ARGS="tests/mailbox -k japanese" narrows them
	@$(BIN)/pytest $(PYTEST_FLAGS) $(ARGS)

lives: $(VENV)/.develops ## Simulate thousands of lives; LIVES=2000, or SEED=17 to see one world again
	@PYTHONHASHSEED=0 $(BIN)/python -m tests.lives $(if $(LIVES),--lives $(LIVES)) $(if $(SEED),--seed $(SEED))

check: $(VENV)/.develops ## Lint, formatting, types and the rules about imports
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

chaos: $(VENV)/.develops ## Kill processes while a crowd renews; SECONDS=60 RENEWALS=500 SEED=1
	@$(BIN)/python -m tests.chaos $(if $(SECONDS),--seconds $(SECONDS)) $(if $(RENEWALS),--renewals $(RENEWALS)) \
		$(if $(SEED),--seed $(SEED)) $(if $(BUG),--bug $(BUG))

bench: $(VENV)/.develops ## Compare the gateway with a hand-written endpoint and plain Strawberry; ARGS="--quick q1" for less
	@$(BIN)/python -m tests.benchmarks.requests $(ARGS)

compiled: $(VENV)/.develops ## Compare compiled operations with graphql-core's, generated; CASES=2000 for less
	@$(BIN)/python -m tests.compiled.differential --cases $(or $(CASES),20000)

books: $(VENV)/.develops ## Time the agents' book at a million policies on both databases; POLICIES=100000 for less
	@$(BIN)/python -m tests.benchmarks.book --policies $(or $(POLICIES),1000000) sqlite postgresql
	@$(BIN)/python -m tests.benchmarks.sync --policies $(or $(POLICIES),1000000)

clients: $(VENV)/.develops ## Speak to a gateway as frontends, tools and attackers do; CLIENTS="apollo schemathesis" narrows them
	@$(BIN)/python -m tests.clients $(CLIENTS)

fix: $(VENV)/.develops ## Put imports and formatting right
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

lock: $(VENV)/.develops ## Write the lock files anew from pyproject.toml; UPGRADE=--upgrade takes newer releases
	@$(UV_COMPILE) $(UPGRADE) pyproject.toml --group build --output-file requirements.lock
	@$(UV_COMPILE) $(UPGRADE) pyproject.toml --group build --extra dev --constraints requirements.lock --output-file requirements-dev.lock
	@for folder in tests/clients/ariadne-codegen tests/clients/schemathesis; do \
		$(UV_COMPILE) $(UPGRADE) $$folder/requirements.in --output-file $$folder/requirements.txt; done

clean: ## Throw away what was set up
	@rm -rf $(VENV) .clients tests/clients/node_modules .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# The project is installed without build isolation, which would fetch a build backend that no lock file names.
define install
	@echo "Installing what $(1) into $(VENV) (once; a minute or two)"
	@$(PIP) install --require-hashes --requirement $(2)
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@
endef

$(VENV)/.runs: requirements.lock pyproject.toml | $(BIN)/python
	$(call install,Tabane runs on,requirements.lock)

$(VENV)/.develops: requirements-dev.lock pyproject.toml | $(BIN)/python
	$(call install,its developers use,requirements-dev.lock)
	@touch $(VENV)/.runs

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Tabane needs Python 3.11 or newer, and none was found. Say where: make PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Tabane needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Another one: make PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments; Debian keeps that in the package python3-venv." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
