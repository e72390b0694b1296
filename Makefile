# Every task of the repository by name. `make help` lists them.

SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
PIP := -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes

# The collection has an environment of its own: what runs on a bastion knows nothing of the program's packages.
COLLECTION_VENV := .venv-collection
COLLECTION_STAMP := $(COLLECTION_VENV)/.installed

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the tasks
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): requirements/run.lock requirements/embeddings.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing pinned packages into $(VENV) (about a minute the first time)…"
	@$(BIN)/python $(PIP) -r requirements/run.lock -r requirements/embeddings.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

.PHONY: setup
setup: $(STAMP) ## prepare .venv with pinned packages

$(DEV_STAMP): requirements/dev.lock $(STAMP)
	@echo "Installing what tests and checks need into $(VENV) (about a minute the first time)…"
	@$(BIN)/python $(PIP) -r requirements/dev.lock
	@touch $(DEV_STAMP)

.PHONY: setup-dev
setup-dev: $(DEV_STAMP) ## add what tests and checks need

$(COLLECTION_STAMP): requirements/collection.lock
	@test -x $(COLLECTION_VENV)/bin/python || $(PYTHON) -m venv $(COLLECTION_VENV)
	@echo "Installing Ansible and its linters into $(COLLECTION_VENV) (about a minute the first time)…"
	@$(COLLECTION_VENV)/bin/python $(PIP) -r requirements/collection.lock
	@touch $(COLLECTION_STAMP)

web/node_modules/.package-lock.json: web/package-lock.json
	@echo "Installing the web UI's packages (about a minute the first time)…"
	@cd web && npm ci --no-fund --no-audit --loglevel=error

WEB_SOURCES := $(shell find web/src web/public web/index.html web/vite.config.ts web/package.json -type f 2>/dev/null)
web/dist/index.html: web/node_modules/.package-lock.json $(WEB_SOURCES)
	@echo "Building the web UI…"
	@cd web && npm run --silent build

.PHONY: web
web: web/dist/index.html ## build the web UI into web/dist

.PHONY: up
up: setup ## run LiteMaaS here: database, gateway, web UI and a model to try (UP="--port 4001" passes options)
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory web || echo "The web UI was not built; going on without it."; \
	 else echo "npm is not installed: going on without the web UI."; fi
	@exec $(BIN)/litemaas up $(UP)

.PHONY: test
test: setup-dev ## run the program's tests (T="tests/unit -k budget" narrows)
	@$(BIN)/python -m pytest -n 2 --dist loadgroup $(T)

.PHONY: test-web
test-web: web ## run the web UI's tests
	@cd web && npm run --silent test

OIDC_SERVER := tests/support/oidc_server
$(OIDC_SERVER)/node_modules/.package-lock.json: $(OIDC_SERVER)/package-lock.json
	@cd $(OIDC_SERVER) && npm ci --no-fund --no-audit --loglevel=error

.PHONY: test-e2e
test-e2e: setup-dev web $(OIDC_SERVER)/node_modules/.package-lock.json ## run the web UI on a whole system, in Chromium; pictures in web/test-results
	@web/tests/chromium.sh
	@cd web && npm run --silent e2e

.PHONY: test-collection
test-collection: setup-dev $(COLLECTION_STAMP) ## run the collection's tests on a fake cluster (T="-k single" narrows)
	@$(COLLECTION_VENV)/bin/python -m pytest -n 2 -c tests/cluster/pytest.ini tests/cluster $(T)

.PHONY: test-cluster
test-cluster: $(COLLECTION_STAMP) ## run the cluster tests on the cluster of KUBECONFIG; they clean up after themselves
	@LITEMAAS_TEST_KUBECONFIG="$(KUBECONFIG)" $(COLLECTION_VENV)/bin/python -m pytest -n 2 -c tests/cluster/pytest.ini tests/cluster $(T)

.PHONY: image
image: setup ## build the container image into build/image, without a registry (Debian, root: buildah, debootstrap)
	@$(BIN)/python -m tools.image

.PHONY: test-image
test-image: image ## run every role of the image as a pod runs it
	@$(BIN)/python -m pytest tests/image --timeout 240 $(T)

FUZZ_SECONDS := 60
.PHONY: fuzz
fuzz: setup-dev ## throw bytes at what strangers reach first, guided by coverage (Linux; FUZZ_SECONDS=60 for each target)
	@$(BIN)/python $(PIP) -r requirements/fuzz.lock
	@mkdir -p build/fuzz
	@for target in edge streams bodies guarded; do \
	  echo "Fuzzing $$target for $(FUZZ_SECONDS) s…"; \
	  $(BIN)/python tests/fuzz/run.py $$target -max_total_time=$(FUZZ_SECONDS) -verbosity=0 \
	    -artifact_prefix=build/fuzz/$$target- || exit 1; done

.PHONY: lint
lint: lint-python lint-web lint-collection ## style, types, architecture, generated pages; program, web UI and collection

.PHONY: lint-python
lint-python: setup-dev
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/mypy --strict --explicit-package-bases tools/image
	@$(BIN)/lint-imports
	@$(BIN)/python tests/module_sizes.py
	@$(BIN)/python docs/generate.py --check

.PHONY: lint-web
lint-web: web/node_modules/.package-lock.json
	@cd web && npm run --silent lint

.PHONY: lint-collection
lint-collection: $(COLLECTION_STAMP)
	@tests/sanity/check.sh $(COLLECTION_VENV)/bin

.PHONY: format
format: setup-dev ## rewrite the sources in the house format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix --quiet . || true

.PHONY: bench
bench: setup-dev ## measure the gateway beside nginx, LiteLLM and Portkey (BENCH="--quick --only litemaas,nginx"; "--write": the page)
	@$(BIN)/python -m benchmarks $(BENCH)

.PHONY: bench-scale
bench-scale: setup-dev ## measure 100,000 keys, 1,000 models, 2,000 streams, 10 million calls (SCALE="keys models" chooses; "--write": the page)
	@$(BIN)/python -m benchmarks.scale $(SCALE)

.PHONY: docs
docs: setup-dev web/node_modules/.package-lock.json ## regenerate the reference pages and the web UI's types from the sources
	@$(BIN)/python docs/generate.py
	@cd web && npm run --silent generate

.PHONY: lock
lock: ## resolve the pinned packages anew (needs uv)
	@for extras in "--all-extras:dev" "--extra redis --extra providers --extra otel:image"; do \
	  uv pip compile pyproject.toml --universal --python-version 3.11 $${extras%:*} --generate-hashes \
	    --no-annotate --no-header --quiet --upgrade -o requirements/$${extras##*:}.lock; done
	@uv pip compile pyproject.toml requirements/setup.in --universal --python-version 3.11 --extra demo --extra embedded \
	    --extra otel --extra providers --extra redis --constraint requirements/dev.lock --generate-hashes \
	    --no-annotate --no-header --quiet -o requirements/run.lock
	@sed -n 's/^requires = \["\(.*\)"\]/\1/p' pyproject.toml | uv pip compile - --universal --python-version 3.11 \
	    --generate-hashes --no-annotate --no-header --quiet --upgrade -o requirements/build.lock
	@uv pip compile benchmarks/peers/litellm/requirements.in --universal --python-version 3.11 --generate-hashes \
	    --no-annotate --no-header --quiet --upgrade -o benchmarks/peers/litellm/requirements.lock
	@uv pip compile requirements/fuzz.in --universal --python-version 3.11 --generate-hashes \
	    --no-annotate --no-header --quiet --upgrade -o requirements/fuzz.lock
	@uv pip compile requirements/collection.in --universal --python-version 3.11 --generate-hashes \
	    --no-annotate --no-header --quiet --upgrade -o requirements/collection.lock
