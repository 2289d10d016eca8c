# `make demo` opens the wizard on the sandbox; `make test` runs the suite.
# Both build .venv from the hashed locks in .lock on their first run, and only then.

PYTHON ?= python3
# What `make installed` tries the wheel on; pyenv's need PYENV_VERSION=3.11:3.12:3.13.
PYTHONS ?= python3.11 python3.12 python3.13
BIN := .venv/bin
FRENCH := src/ava_setup/locale/fr/LC_MESSAGES/ava_setup
export PIP_DISABLE_PIP_VERSION_CHECK := 1
APART := --ignore=tests/torture --ignore=tests/browser --ignore=tests/gallery
# Each of them is busy with all cores.
ALONE := tests/torture/test_fleet.py tests/torture/test_suite_canary.py
# The tests' bytecode is kept: else each of the processes compiles all of them, each time.
KEPT := env -u PYTHONDONTWRITEBYTECODE

.PHONY: demo autoplay run serve api test browser pictures torture cover check dist installed
.PHONY: bench lock words readme screenshots clean

demo: .venv/runtime
	@$(BIN)/ava-setup --demo || [ $$? -eq 130 ]

autoplay: .venv/runtime
	@$(BIN)/ava-setup --autoplay || [ $$? -eq 130 ]

run: .venv/runtime
	@$(BIN)/ava-setup

# Shows a demo in a browser of this computer.
serve: .venv/web
	@$(BIN)/ava-setup serve --demo || [ $$? -eq 130 ]

# Serves the import of a number over HTTP, to this computer alone.
api: .venv/api
	@$(BIN)/ava-setup api

test: .venv/dev
	@[ -d tests/__pycache__ ] || $(KEPT) $(BIN)/python -m pytest -q --collect-only $(APART) >/dev/null
	@$(KEPT) $(BIN)/python -m pytest -q -n 6 --dist worksteal $(APART)

# Kill, fault and leak campaigns: bounded, and apart because they are long.
torture: .venv/dev
	@$(BIN)/python -m pytest -q $(ALONE)
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile tests/torture $(ALONE:%=--ignore=%)

# What is drawn: every screen in every size, the demo that plays by itself, and screenshots/ as they
# would be drawn now.
pictures: .venv/dev
	@$(BIN)/python -m pytest -q -n 3 --dist worksteal tests/gallery

# The hand-over page and the served wizard in a real browser. Needs chromium (Debian: chromium).
browser: .venv/dev
	@$(BIN)/python -m pytest -q tests/browser

# What must be fast, measured beside its floors: 8 minutes on a machine with nothing else to do.
# ROWS="first-screen wait" measures only those; ROWS=--quick takes fewer rounds and keeps no history.
bench: .venv/dev
	@$(BIN)/python -m tests.benchmarks $(ROWS)

# The rooms that must not be wrong, by their own tests: 95 % of branches at the least.
cover: .venv/dev
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal tests/onboarding tests/clients tests/store \
	  --cov=ava_setup.onboarding --cov=ava_setup.clients --cov=ava_setup.store --cov-branch \
	  --cov-report=term:skip-covered --cov-fail-under=95

check: .venv/dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

# The source, the wheel, and one file with all that it needs.
dist: .venv/dist
	@rm -rf dist
	@$(BIN)/python -m hatchling build -d dist -t sdist -t wheel
	@$(BIN)/python src/single_file.py dist/*.whl dist/ava-setup.pex

# What dist holds, installed where the source is not: started in every way, and the whole suite.
installed: dist .venv/dev
	@$(BIN)/python -m tests.installed $(PYTHONS)

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "ava-setup needs Python 3.11 or newer: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@echo "Preparing .venv (once)..."
	@$(PYTHON) -m venv --clear .venv
	@touch $@

# The package's own bytecode is compiled here: the first start is then as quick as the next.
.venv/runtime: .lock/runtime.txt pyproject.toml | .venv/made
	@$(BIN)/python -m pip install --quiet --require-hashes -r .lock/runtime.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m compileall -q src
	@touch $@

.venv/web: .lock/web.txt .venv/runtime
	@$(BIN)/python -m pip install --quiet --require-hashes -r .lock/web.txt
	@touch $@

.venv/api: .lock/api.txt .venv/runtime
	@$(BIN)/python -m pip install --quiet --require-hashes -r .lock/api.txt
	@touch $@

.venv/dist: .lock/dist.txt .venv/runtime
	@$(BIN)/python -m pip install --quiet --require-hashes -r .lock/dist.txt
	@touch $@

.venv/dev: .lock/dev.txt .venv/runtime
	@$(BIN)/python -m pip install --quiet --require-hashes -r .lock/dev.txt
	@touch $@

# Collects the sentences of the source into the French catalogue; translate what is empty, and run
# it again to compile.
words: .venv/dev
	@$(BIN)/pybabel -q extract -k _ --no-location --sort-output --omit-header -o .venv/words.pot src/ava_setup
	@$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 100 \
	  -D ava_setup -l fr -i .venv/words.pot -o $(FRENCH).po
	@$(BIN)/pybabel -q compile -l fr -i $(FRENCH).po -o $(FRENCH).mo

# Needs chromium and the Fira Code font (Debian: chromium, fonts-firacode).
screenshots: .venv/dev
	@$(BIN)/python -m tests.screenshots
	@$(BIN)/python -m tests.recording

# Writes the help of the command line into the README.
readme: .venv/dev
	@$(BIN)/python -m tests.readme

lock:
	@uv pip compile pyproject.toml --group build --universal --python-version 3.11 --upgrade \
	  --generate-hashes --no-header --no-annotate --quiet -o .lock/runtime.txt
	@uv pip compile pyproject.toml --extra web --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --quiet -c .lock/runtime.txt -o .lock/web.txt
	@uv pip compile pyproject.toml --extra api --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --quiet -c .lock/web.txt -o .lock/api.txt
	@uv pip compile pyproject.toml --extra api --extra web --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --quiet -c .lock/api.txt -c .lock/web.txt \
	  -o .lock/dev.txt
	@uv pip compile --group pyproject.toml:dist --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --quiet -c .lock/dev.txt -o .lock/dist.txt

clean:
	@rm -rf .venv dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage*
