# Two commands do all the set-up: `make demo` and `make test`.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint pages bench clean

demo: $(VENV)/.ready
	$(BIN)/python scripts/demo.py

test: $(VENV)/.ready
	$(BIN)/python -m pytest

lint: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The pages of the finding codes, after a change of their table, the corpus or the profile.
pages: $(VENV)/.ready
	$(BIN)/python scripts/code_pages

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis dist report

$(VENV)/.ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	# As an installation from a wheel does; else each start compiles the package again where
	# PYTHONDONTWRITEBYTECODE is set.
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m compileall -q nonce_migrate codemods
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -c \
		"from nonce_migrate.profile import load_profile; load_profile('kraken')"
	touch $@
