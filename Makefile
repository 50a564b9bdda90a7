# Everything runs in .venv, which the first target that needs it makes. Only Python 3.11 or newer, pip, git and make are needed.
PYTHON ?= python3
BIN    := .venv/bin

# registry/ was made anew now and then: the present one begins where its id last changed, and mkdocs.yml is told so.
export REGISTRY_ROOT := $(shell git log -1 --first-parent --format=%H -- registry/registry.yaml 2>/dev/null)

.PHONY: site serve test lint bench soak worked clean

site: .venv/.site
	$(BIN)/accredit build registry --output site --as-of 2026-11-23

serve: .venv/.site
	$(BIN)/mkdocs serve

test: lint
	$(BIN)/pytest --numprocesses auto

lint: .venv/.test
	$(BIN)/ruff check generator tests benchmarks
	$(BIN)/ruff format --check generator tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/.test
	$(BIN)/python benchmarks/check.py
	$(BIN)/python benchmarks/site.py
	$(BIN)/python benchmarks/history.py
	$(BIN)/python benchmarks/signatures.py
	$(BIN)/python benchmarks/decisions.py
	$(BIN)/python benchmarks/lineage.py

soak: .venv/.test
	HYPOTHESIS_PROFILE=soak $(BIN)/pytest --numprocesses auto

# Trains the models of the worked registry again and writes registry/.
worked: .venv/.worked
	$(BIN)/python generator/worked

.venv/.site: pyproject.toml
	test -d .venv || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

.venv/.test: .venv/.site
	$(BIN)/python -m pip install --quiet --group dev
	touch $@

.venv/.worked: .venv/.site
	$(BIN)/python -m pip install --quiet --group worked
	touch $@

clean:
	rm -rf .venv site build dist .cache
