# detente: `make run` first; `make help` lists the rest. Python 3.11 or later, git and make are enough.
# Another interpreter: make run PYTHON=python3.12
PYTHON ?= python3
SCENARIO ?= scenarios/geneva-2025.toml
RUNS ?= 10000

PY := .venv/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check
RUNS_HERE := .venv/.runs
READY := .venv/.ready
COMPARED := .venv/.compared
SITED := .venv/.sited

.DEFAULT_GOAL := help
.PHONY: help setup run test test-slow attack check bench docs site wasm validation clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s  %s\n", $$1, $$2 }' Makefile

run: $(RUNS_HERE) ## set up what a run needs, run the Geneva truce 10,000 times, print and draw the result
	$(PY) -m sim run $(SCENARIO) --runs $(RUNS)

test: $(READY) ## set up and run the everyday tests
	@.ci/browser
	$(PY) -m pytest -n 2 --dist loadfile

test-slow: $(COMPARED) $(SITED) ## the other tests: planted bugs, others' code, long horizons (minutes)
	$(PY) -m pytest -n 2 --dist worksteal -m slow
	DETENTE_EXAMPLES=all $(PY) -m pytest -n 2 tests/properties tests/equivalence tests/engines/test_branch.py

attack: $(READY) ## ten thousand mutated files and command lines, signals at random moments (an hour)
	$(PY) -m pytest -n 2 -m attack

check: $(READY) ## style, types, and the examples and numbers in README and docs
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m doctest -o ELLIPSIS -o NORMALIZE_WHITESPACE README.md docs/*.md
	$(PY) -m pytest -q -n 2 -m pages

bench: $(COMPARED) ## one table: what a user waits for, engines, peers, each with its aim (ten minutes)
	$(PY) -m benchmarks

docs: $(READY) $(SITED) ## write anew what pages and pictures take from the code and from runs
	$(PY) docs/make_reference.py
	$(PY) docs/make_architecture.py
	$(PY) docs/make_model.py
	$(PY) docs/make_readme.py
	$(PY) docs/pick_stories.py
	$(PY) docs/make_stories.py
	$(PY) docs/make_images.py
	$(PY) docs/make_drawn.py
	$(PY) docs/make_anticipation.py
	$(PY) docs/make_experiments.py
	$(PY) docs/make_story.py
	$(PY) docs/make_forecast.py
	$(PY) docs/make_record.py
	$(PY) docs/make_page.py
	$(PY) docs/make_notebook.py

site: $(SITED) ## the documentation as a site in docs/_site, read from the disk
	$(PY) docs/make_site.py

wasm: $(READY) ## the week in C compiled anew for the browser (sim/native/week.wasm)
	$(PY) -m sim.native.wasm

validation: $(READY) ## docs/validation.md: theory, exact engine and simulation (minutes)
	$(PY) -m validation

setup: $(READY) ## only the set-up, with all that tests and extras need

clean: ## remove the set-up and all caches (results stay)
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info

# Once; again when the pins or the package's own description change. What a run needs is what
# pyproject.toml requires; modules are compiled when they are first imported, not all at once.
$(RUNS_HERE): constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "detente needs Python 3.11 or later; \"$(PYTHON)\" is" \
	    "$$($(PYTHON) --version 2>/dev/null || echo not there). Name another: make run PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -m venv .venv || { \
	  echo "$(PYTHON) cannot make a virtual environment (on Debian and Ubuntu: install python3-venv)" >&2; exit 2; }
	@echo "setting up .venv (once; half a minute or so)"
	$(PIP) --only-binary=:all: --no-compile -c constraints.txt setuptools
	$(PIP) --only-binary=:all: --no-compile -c constraints.txt --no-build-isolation -e .
	@touch $(RUNS_HERE)

# The rest: tests, checks, pages and the commands that want an extra.
$(READY): $(RUNS_HERE)
	@echo "setting up the rest: tests and extras (once; a minute)"
	$(PIP) --only-binary=:all: --no-compile -r constraints.txt
	@touch $(READY)

# What only the site and the notebook need.
$(SITED): $(RUNS_HERE) constraints-docs.txt
	$(PIP) --only-binary=:all: --no-compile -c constraints.txt -r constraints-docs.txt
	@touch $(SITED)

# What only comparisons with others' code need: none of it is needed to run or to test every day.
$(COMPARED): $(READY) constraints-bench.txt
	$(PIP) --only-binary=:all: -c constraints.txt -r constraints-bench.txt
	@touch $(COMPARED)
