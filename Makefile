# Everything a person or CI does with this repository. `make demo` and `make test` set up whatever they need.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
UV := $(shell command -v uv || echo .venv-uv/bin/uv)
BIN := .venv/bin
# These machines and many CI images switch bytecode off; without it every import of a cloud SDK is 3.7 times slower.
unexport PYTHONDONTWRITEBYTECODE
export UV_COMPILE_BYTECODE := 1

.PHONY: help setup engine crds kubernetes kafka demo test test-fast check bench schema clean
help: ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "%-10s %s\n", $$1, $$2}'

setup: .venv/installed ## Install what uv.lock pins into .venv

.venv/installed: pyproject.toml uv.lock
	@command -v uv >/dev/null || test -x .venv-uv/bin/uv || { $(PYTHON) -m venv .venv-uv && .venv-uv/bin/pip install --quiet 'uv>=0.13'; }
	$(UV) sync --frozen --quiet
	$(BIN)/python -m compileall -q stacks components sandbox tools
	touch $@

engine: setup ## Get the Pulumi CLI: from PATH, the official installer, or the pinned Go build
	@$(BIN)/python -m tools.engine >/dev/null

crds: setup ## Get the CRDs of Strimzi, Prometheus Operator and External Secrets
	@$(BIN)/python -m tools.strimzi >/dev/null
	@$(BIN)/python -m tools.crds >/dev/null

kubernetes: setup ## Build a real API server and etcd, where the cache has none (minutes, needs Go)
	@$(BIN)/python -m tools.kubernetes >/dev/null

kafka: setup ## Get Apache Kafka's jars, where the cache has none (needs Maven)
	@$(BIN)/python -m tools.kafka >/dev/null

demo: engine crds ## Preview and apply the example fleet on three clouds, in the sandbox
	@$(BIN)/python -m tools.demo

# A file is one process's: many share a sandbox, a broker or an API server that takes a minute to fill. Two at a time:
# with three on two cores a provider was seen to miss the engine's handshake. In the order of tests/conftest.py: xdist's
# own leaves the files with few tests to the end, and these are the slow ones.
test: engine crds kubernetes kafka check ## Lint, types and the whole test suite
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --durations 25

test-fast: setup ## The tests that need neither engine nor sandbox
	$(BIN)/python -m pytest -n 2 --ignore tests/engine --ignore tests/cluster

check: setup crds ## Lint, formatting, strict types, generated files, policies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/fleet schema --check
	$(BIN)/python -m tools.services --check
	$(BIN)/fleet validate
	$(BIN)/fleet policies check >/dev/null
	$(BIN)/fleet ci init github --check
	$(BIN)/fleet ci init gitlab --check
	$(BIN)/fleet ci codeowners --check

bench: engine crds ## Measure, as ratios against a baseline in the same run
	@$(BIN)/python -m tools.bench

schema: setup ## Generate the JSON Schemas in fleet/
	$(BIN)/fleet schema

clean: ## Stop the sandbox and remove what the demo made
	-$(BIN)/fleet sandbox stop
	rm -rf .fleet
