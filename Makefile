# The commands that people, hooks and CI share; `make help` lists them.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
SHELL := /bin/bash

PYTHON ?= python3
export PORT ?= 8000

VENV_PYTHON := .venv/bin/python
# Named after what is locked: another lock file or another Python means installing again, the same one means nothing to do.
INSTALLED := .venv/.installed-$(shell cat requirements-dev.txt <($(PYTHON) --version 2>&1) | sha256sum | cut -c -16)
CATALOGUES := $(wildcard locale/*/LC_MESSAGES/django.po)
PYBABEL := $(VENV_PYTHON) -m babel.messages.frontend --quiet

step = @printf '\n\033[1m== %s\033[0m\n' "$(1)"

.PHONY: help
help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(INSTALLED) $(CATALOGUES:.po=.mo) ## Virtual environment in .venv with the locked dependencies

$(INSTALLED):
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
		|| { echo "PRIMA Portal needs Python 3.11, 3.12 or 3.13: make setup PYTHON=python3.12" >&2; exit 1; }
	@echo "Installing the locked dependencies into .venv"
	@$(VENV_PYTHON) -m pip --version > /dev/null 2>&1 && [ "$$($(VENV_PYTHON) --version)" = "$$($(PYTHON) --version)" ] \
		|| $(PYTHON) -m venv --clear .venv
	@$(VENV_PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@rm -f .venv/.installed-*
	@touch $@

%.mo: %.po $(INSTALLED)
	@$(PYBABEL) compile --input-file $< --output-file $@ --locale $(word 2,$(subst /, ,$<))

.PHONY: demo
demo: setup ## The portal with demo data on http://localhost:$PORT; Ctrl-C stops it, the data stays
	@exec bin/env python bin/demo

.PHONY: test
test: setup ## The whole suite on real PostgreSQL, Redis, Celery worker and Chromium
	@exec bin/test

.PHONY: chaos
chaos: setup ## Break Redis, PostgreSQL, workers and web processes under load; every receipt must be kept
	@bin/env python -m pytest tests/chaos -p no:randomly $(ARGUMENTS)

.PHONY: bench
bench: setup ## What requests, scoring, dashboards and imports cost beside their floors; SCALE=10k|100k|1m|5m
	@bin/env python -m bench.run $(SCALE)

.PHONY: check
check: setup ## Format, lint, import contracts, types, messages, migrations, deployment settings, guards
	$(call step,format)
	@$(VENV_PYTHON) -m ruff format --check
	$(call step,lint)
	@$(VENV_PYTHON) -m ruff check
	$(call step,unsafe calls)
	@$(VENV_PYTHON) -m bandit --quiet --recursive .
	$(call step,templates)
	@$(VENV_PYTHON) -m djlint templates --lint --quiet
	$(call step,vendored files)
	@$(VENV_PYTHON) bin/vendor --check
	$(call step,import contracts)
	@.venv/bin/lint-imports
	$(call step,messages)
	@$(MAKE) locale/django.pot
	@for catalogue in $(CATALOGUES); do \
		$(PYBABEL) update --check $(UPDATE_OPTIONS) --output-file $$catalogue --locale $$(echo $$catalogue | cut -d / -f 2) \
			2> /dev/null || { echo "$$catalogue lacks messages of the source: run make messages" >&2; exit 1; }; \
	done
	$(call step,types)
	@bin/env python -m mypy
	$(call step,migrations)
	@bin/env python manage.py makemigrations --check --dry-run
	$(call step,deployment settings)
	@DEBUG=0 ALLOWED_HOSTS=prima.example.go.id bin/env python manage.py check --deploy --fail-level WARNING
	$(call step,guards)
	@bin/env python -m pytest tests/architecture -q

.PHONY: fix
fix: setup ## Repair what can be repaired by machine: format, lint
	@$(VENV_PYTHON) -m ruff check --fix
	@$(VENV_PYTHON) -m ruff format

UPDATE_OPTIONS := --input-file locale/django.pot --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap

.PHONY: messages
messages: setup locale/django.pot ## Gather the messages of the source into the catalogues and compile them
	@for catalogue in $(CATALOGUES); do \
		$(PYBABEL) update $(UPDATE_OPTIONS) --output-file $$catalogue --locale $$(echo $$catalogue | cut -d / -f 2); \
	done
	@$(VENV_PYTHON) bin/identity_messages.py locale/id/LC_MESSAGES/django.po
	@$(MAKE) setup

.PHONY: locale/django.pot
locale/django.pot: setup
	@$(PYBABEL) extract --mapping pyproject.toml --output-file $@ --add-location file --sort-by-file --no-wrap \
		--keyword pgettext_lazy:1c,2 --keyword gettext_lazy --keyword gettext_noop --keyword ngettext_lazy:1,2 --keyword npgettext_lazy:1c,2,3 \
		--add-comments Translators --project "PRIMA Portal" --version 1 .

.PHONY: openapi
openapi: setup ## Write docs/openapi.json from the code
	@bin/env python bin/openapi.py

.PHONY: screenshots
screenshots: setup ## Remake the pictures of README.md
	@exec bin/env python bin/screenshots

.PHONY: lock
lock: setup ## Resolve requirements*.in into the hashed lock files; UPGRADE=1 takes newer versions
	@for name in requirements requirements-analysis requirements-dev; do \
		$(VENV_PYTHON) -m uv pip compile --quiet --generate-hashes --no-strip-extras --python-version 3.11 $(if $(UPGRADE),--upgrade) \
			$$name.in -o $$name.txt || exit 1; \
	done

.PHONY: sbom
sbom: setup ## What is installed, from the lock file with its hashes, as CycloneDX: build/sbom.json
	@mkdir -p build
	@$(VENV_PYTHON) -m cyclonedx_py requirements requirements.txt --output-reproducible --of JSON -o build/sbom.json
	@echo "build/sbom.json"

.PHONY: reset
reset: ## Stop the services of this checkout and drop their data
	@bin/services reset
