# Every task of the repository by name. `make help` lists them.

SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the tasks
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): requirements/dev.lock requirements/embeddings.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing pinned packages into $(VENV) (about a minute the first time)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
	    -r requirements/dev.lock -r requirements/embeddings.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

.PHONY: setup
setup: $(STAMP) ## prepare .venv with pinned packages

.PHONY: up
up: setup ## run LiteMaaS here: database, gateway, portal and a model to try (UP="--port 4001" passes options)
	@$(BIN)/litemaas up $(UP)

.PHONY: test
test: setup ## run all tests (T="tests/unit -k budget" narrows)
	@$(BIN)/python -m pytest -n 2 --dist loadgroup $(T)

.PHONY: lint
lint: setup ## format, style, types, architecture
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python tests/module_sizes.py
	@$(BIN)/python docs/generate.py --check

.PHONY: format
format: setup ## rewrite the sources in the house format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix --quiet . || true

.PHONY: bench
bench: setup ## measure the gateway against nginx in one run (BENCH="--write" updates docs/performance.md)
	@$(BIN)/python -m benchmarks $(BENCH)

.PHONY: docs
docs: setup ## regenerate the reference pages from the sources
	@$(BIN)/python docs/generate.py

.PHONY: lock
lock: ## resolve the pinned packages anew (needs uv)
	@uv pip compile pyproject.toml --universal --python-version 3.11 --all-extras --generate-hashes \
	    --no-annotate --no-header --quiet --upgrade -o requirements/dev.lock
	@uv pip compile pyproject.toml --universal --python-version 3.11 --extra redis --extra providers --generate-hashes \
	    --no-annotate --no-header --quiet --upgrade -o requirements/image.lock
