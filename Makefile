# make run: serve with the demo study.  make test: everything.  make check: style, types, contracts.  make bench: speed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
SERVER := $(VENV)/.server-$(shell cksum < requirements.txt | cut -d' ' -f1)
TOOLS := $(VENV)/.tools-$(shell cksum < requirements-dev.txt | cut -d' ' -f1)

.PHONY: run test test-fast check attack bench faults screenshots texts lock clean

run: $(SERVER)
	@$(BIN)/krachtmeting serve --demo

# Three at a time, since browsers and databases are waited for half of it; but what is held to a second, or to so much
# memory, needs the machine for itself.
test: $(TOOLS)
	@bash tests/prepare.sh
	@$(BIN)/python -m pytest -n 3 --dist worksteal -m "not alone"
	@$(BIN)/python -m pytest -m alone

test-fast: $(TOOLS)
	@$(BIN)/python -m pytest -n 2 -m "not browser and not libreoffice and not alone"

check: $(TOOLS)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy survey/instruments survey/answers survey/planning survey/measures exports
	$(BIN)/lint-imports
	$(BIN)/krachtmeting check

# What strangers might try against a server of our own, and what was found. SHORT=1: in a minute and a half.
attack: $(TOOLS)
	@bash tests/prepare.sh
	@$(BIN)/python tests/attacks $(if $(SHORT),--short)

bench: $(TOOLS)
	@$(BIN)/python -m bench

# Servers killed, disks filled, clocks moved: and whether an answer was lost. SHORT=1: a few of each.
faults: $(TOOLS)
	@bash tests/prepare.sh
	@$(BIN)/python tests/faults $(if $(SHORT),--short)

screenshots: $(TOOLS)
	@bash tests/prepare.sh
	@$(BIN)/python docs/screenshots.py

# The interface's Dutch catalogue, brought up to date with the texts in code and templates.
texts: $(TOOLS)
	@$(BIN)/pybabel -q extract -F translations/babel.cfg -k lazy_gettext --no-location --sort-output --project Krachtmeting --version 1 -o $(VENV)/messages.pot .
	@$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --no-wrap -l nl -i $(VENV)/messages.pot -d translations
	@echo "Translate what is empty in translations/nl/LC_MESSAGES/messages.po"

# New versions of what the server needs; needs uv.
lock:
	uv pip compile -q --upgrade --generate-hashes --no-header --no-emit-index-url --universal --python-version 3.11 --group build pyproject.toml -o requirements.txt
	uv pip compile -q --upgrade --generate-hashes --no-header --no-emit-index-url --universal --python-version 3.11 --group build --extra oidc --extra stats --extra webauthn -c requirements.txt pyproject.toml -o requirements-extras.txt
	uv pip compile -q --upgrade --generate-hashes --no-header --no-emit-index-url --universal --python-version 3.11 --group build --group dev --extra oidc --extra stats --extra webauthn -c requirements-extras.txt pyproject.toml -o requirements-dev.txt

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Krachtmeting needs Python 3.11 or newer; name one: make run PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV)

$(SERVER): $(BIN)/python
	@echo "Installing what the server needs ..."
	@$(PIP) install -q --require-hashes -r requirements.txt
	@$(PIP) install -q --no-deps --no-build-isolation -e .
	@touch $@

$(TOOLS): $(SERVER)
	@echo "Installing what the tests need ..."
	@$(PIP) install -q --require-hashes -r requirements-dev.txt
	@touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis *.egg-info
