# Everything this project does from a terminal. `make` alone lists it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
BIN := .venv/bin
FLASK := $(BIN)/flask --app wsgi
PIP := $(BIN)/pip --disable-pip-version-check --quiet install --require-hashes
# Both files must agree, or the checks would run with other versions than the customer's.
COMPILE := $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11
# Babel would pass over templates/_macros/, as over every folder whose name begins with "_".
EXTRACT := $(BIN)/pybabel --quiet extract -F babel.cfg --ignore-dirs=".*" -k _l -k lazy_gettext -k lazy_ngettext:1,2 -k lazy_pgettext:1c,2 \
	--no-location --sort-output --project "Ba Rõ" .
CATALOGUES := $(wildcard translations/*/LC_MESSAGES/*.po)
WORKERS ?= 2

.PHONY: help
help: ## List what can be typed
	@echo "Ba Rõ: theo dõi nhiệm vụ. Type: make WHAT"
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | \
		while IFS=$$'\t' read -r what does; do printf '  make %-13s %s\n' "$$what" "$$does"; done

# ---- Setting up ----------------------------------------------------------------------------------

.PHONY: setup
setup: .venv/installed.txt $(CATALOGUES:.po=.mo) ## Make .venv with what the program needs (does nothing the second time)
	@:

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Ba Rõ needs Python 3.11 or newer. Type: sudo apt-get install python3 (or PYTHON=/path/to/python3.11 make setup)"; exit 1; }
	@if ! $(PYTHON) -c 'import ensurepip' 2>/dev/null; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "Installing Debian's python3-venv ..."; \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null; \
		else echo "Python cannot make a virtual environment yet. Type: sudo apt-get install -y python3-venv"; exit 1; fi; \
	fi
	@rm -rf .venv
	@$(PYTHON) -m venv .venv || { echo "The folder .venv could not be made here: is this folder writable, is the disk full?"; exit 1; }

# The stamp holds what was installed, so a checkout that only touches the file's time installs nothing.
.venv/installed.txt: requirements.txt .venv/bin/pip
	@if cmp -s requirements.txt $@; then touch $@; else \
		echo "Installing what requirements.txt names ..."; \
		$(PIP) -r requirements.txt || { echo "The packages could not be installed (see the line above). Is the package index reachable? Then type: make setup"; exit 1; }; \
		cp requirements.txt $@; fi

.venv/installed-dev.txt: requirements-dev.txt .venv/installed.txt
	@if cmp -s requirements-dev.txt $@; then touch $@; else \
		echo "Installing what requirements-dev.txt names ..."; \
		$(PIP) -r requirements-dev.txt || { echo "The packages for the tests could not be installed (see the line above). Is the package index reachable? Then type: make setup-dev"; exit 1; }; \
		cp requirements-dev.txt $@; fi

%.mo: %.po .venv/installed.txt
	@$(BIN)/pybabel --quiet compile -i $< -o $@

.PHONY: setup-dev
setup-dev: setup .venv/installed-dev.txt chromium ## Also what the tests need, Debian's Chromium included

.PHONY: chromium
chromium:
	@command -v chromium >/dev/null || { \
		if [ "$$(id -u)" = 0 ]; then sudo=; elif sudo -n true 2>/dev/null; then sudo="sudo -n"; else \
			echo "The browser tests need Chromium. Type: sudo apt-get install -y chromium"; exit 1; fi; \
		echo "Installing Debian's chromium ..."; \
		{ $$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; } \
			|| { echo "Chromium could not be installed. Type: sudo apt-get install -y chromium"; exit 1; }; }

# ---- Running -------------------------------------------------------------------------------------

.PHONY: run
run: setup ## Start the program: web pages and reminders in one process
	@$(FLASK) start

.PHONY: demo
demo: setup ## The same with invented people and progress, to try things; a database of its own
	@DEMO=1 $(FLASK) start

.PHONY: zalo
zalo: setup ## The same rehearsal beside a stand-in for Zalo: link, agree, send, see the message arrive
	@$(BIN)/python -m tests.zalo_demo

# ---- Checking ------------------------------------------------------------------------------------

.PHONY: test
test: setup-dev check ## Every check and every test, on SQLite and PostgreSQL, browser included
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

.PHONY: check
check: .venv/installed-dev.txt ## Format, lint, types, templates, translations: a minute, no server
	@$(BIN)/ruff format --check --quiet . || { echo "Some files are not formatted. Type: make format"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@if [ -d templates ]; then $(BIN)/djlint templates --extension=html --lint --quiet; fi
	@if ls translations/*/LC_MESSAGES/messages.po >/dev/null 2>&1; then \
		pot=$$(mktemp); trap 'rm -f "$$pot"' EXIT; $(EXTRACT) -o "$$pot"; \
		$(BIN)/pybabel --quiet update --check --no-fuzzy-matching --ignore-pot-creation-date -i "$$pot" -d translations 2>/dev/null || \
			{ echo "The catalogues lack sentences that the program says. Type: make translations, then translate the empty ones"; exit 1; }; fi
	@echo "Checked: format, lint, types, templates, translations."

.PHONY: format
format: .venv/installed-dev.txt ## Put the code into the house format
	@$(BIN)/ruff check --quiet --fix . || true
	@$(BIN)/ruff format --quiet .

.PHONY: bench
bench: .venv/installed-dev.txt ## Build a large world and measure the pages in it
	@$(BIN)/python -m tests.bench

# ---- Keeping -------------------------------------------------------------------------------------

.PHONY: translations
translations: .venv/installed-dev.txt ## Collect the sentences into the catalogues to translate
	@pot=$$(mktemp); trap 'rm -f "$$pot"' EXIT; $(EXTRACT) -o "$$pot"; \
	if [ -d translations/en ]; then $(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -i "$$pot" -d translations; \
	else $(BIN)/pybabel --quiet init -i "$$pot" -d translations -l en; fi

.PHONY: lock
lock: .venv/installed-dev.txt ## Write requirements*.txt anew from requirements*.in
	@$(COMPILE) requirements.in -o requirements.txt
	@$(COMPILE) requirements-dev.in -o requirements-dev.txt

.PHONY: clean
clean: ## Remove what the tools made; never the database in instance/
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis test-results
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@find . -name '*.mo' -delete
