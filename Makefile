# The two commands a fresh machine needs: `make demo` and `make test`.
# They need python3 (3.11 or newer) and make; the network is used for set-up alone.
SHELL := /bin/sh
.SHELLFLAGS := -eu -c
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.synced
UV = $(shell command -v uv 2>/dev/null || echo .tools/bootstrap/bin/uv)

.PHONY: help demo test check bench fuzz eyes self-assessment mutants generate pictures format setup lock clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/'

demo: $(STAMP) ## assess every sample project; then the gate at work, attacked, and its journal verified
	@$(BIN)/python -m tools.demo

# What asks how soon something happens runs with nothing beside it; the rest a file to each of the cores.
test: $(STAMP) ## all tests, and the documentation's examples
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile -m "not alone"
	$(BIN)/python -m pytest -m alone

check: $(STAMP) ## format, lint, types, import contracts, drift of generated files, the shape of the house
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m tools.generate --check
	$(BIN)/python -m pytest tests/architecture

bench: $(STAMP) ## measured figures, printed with their conditions (BENCH_ROUNDS=5, BENCH_MINUTES=1)
	$(BIN)/python -m tools.bench

fuzz: $(STAMP) ## fuzz the parsers that face an enemy, SECONDS=20 each
	@$(BIN)/python -m tools.fuzz --seconds $(or $(SECONDS),20)

mutants: $(STAMP) ## planted faults against the gate's promise: none may survive
	@$(BIN)/python -m tools.mutants --parallel 2

self-assessment: $(STAMP) ## our own gate, freshly started, probed and judged against the sixteen criteria: JSON
	@$(BIN)/python -m tools.self_assessment

eyes: $(STAMP) .venv-eyes/.synced ## what nmap, sslyze, ssh-audit and schemathesis see of the running product, against our tables
	@$(BIN)/python -m tools.eyes

pictures: $(STAMP) ## draw the pictures of the documentation anew; look at them afterwards
	@$(BIN)/python -m tools.pictures

generate: $(STAMP) ## write the generated files anew (schemas, reference)
	$(BIN)/python -m tools.generate

format: $(STAMP) ## format and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

setup: $(STAMP) ## the virtual environment

lock: ## compile the requirement files anew (names, versions, hashes; no addresses)
	$(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --all-extras --group dev pyproject.toml -o requirements/dev.txt -q
	$(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements/uv.in -o requirements/uv.txt -q
	$(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements/eyes.in -o requirements/eyes.txt -q

$(STAMP): requirements/dev.txt requirements/uv.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "sekisho needs Python 3.11 or newer; call make PYTHON=python3.12")'
	@command -v uv >/dev/null 2>&1 || { \
	  echo "setting up uv in .tools"; \
	  $(PYTHON) -m venv .tools/bootstrap && \
	  .tools/bootstrap/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt; }
	$(UV) venv -q --allow-existing --python $(PYTHON) $(VENV)
	$(UV) pip sync -q --compile-bytecode --python $(BIN)/python --require-hashes requirements/dev.txt
	$(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $(STAMP)

# Tools that pin what we use ourselves live apart.
.venv-eyes/.synced: $(STAMP) requirements/eyes.txt
	$(UV) venv -q --allow-existing --python $(PYTHON) .venv-eyes
	$(UV) pip sync -q --python .venv-eyes/bin/python --require-hashes requirements/eyes.txt
	@touch $@

clean: ## remove everything that can be made again
	rm -rf $(VENV) .venv-eyes .tools out build .mypy_cache .ruff_cache .pytest_cache .hypothesis
