# Everything a developer does here. Needs Python 3.11 and make; the rest is installed into .venv.

PYTHON ?= python3
PORT ?= 8000
# One process more than there are processors: tests wait for PostgreSQL, Chromium and the provider.
PROCESSES = $(shell $(PYTHON) -c "import os; print((os.cpu_count() or 1) + 1)")
PYTEST_ARGS ?= -n $(PROCESSES) --dist worksteal

PY := .venv/bin/python
export PORT
# Where templates are. E-mails as text (*.txt) are not indented: their whitespace is sent.
TEMPLATES := oscar_subscriptions/templates sandbox/shop/templates
# Even where Python is told to write no bytecode: without it pytest compiles every test file anew in
# each of its processes, half a minute of a run.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help migrations environment shop-environment docs-environment bench-environment sandbox sandbox-reset demo soak bench bench-data test test-all test-newest coverage mutation lock screenshots lint format messages docs clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

environment: ## Make .venv or bring it up to date (every other target does it too)
	@$(PYTHON) tools/environment.py stripe receipts celery sandbox test

# The shop alone needs half of that, so that its first start is quick.
shop-environment:
	@$(PYTHON) tools/environment.py stripe receipts sandbox

mutation-environment:
	@$(PYTHON) tools/environment.py stripe receipts celery sandbox test mutation

docs-environment:
	@$(PYTHON) tools/environment.py stripe receipts sandbox docs

sandbox: shop-environment ## Serve the sandbox shop on http://127.0.0.1:8000 (other port: PORT=9000)
	@$(PY) sandbox/serve.py

sandbox-reset: ## Throw the sandbox's data away; the next `make sandbox` starts over
	@rm -rf sandbox/var
	@echo "sandbox: data removed"

demo: environment ## Walk all 14 steps of the journey over HTTP and check every promise (DEMO_ARGS="--provider busy")
	@PYTHONPATH=sandbox $(PY) -m demo $(DEMO_ARGS)

soak: environment ## Sell 200 subscriptions, 20 at a time, on PostgreSQL while the server is killed again and again
	@PYTHONPATH=sandbox $(PY) -m tests.soak $(SOAK_ARGS)

bench-environment:
	@$(PYTHON) tools/environment.py stripe receipts sandbox test bench

bench: bench-environment ## Measure the extension beside its peers, on PostgreSQL (QUICK=1, BENCH_ARGS="--only run")
	@$(PY) -m benchmarks $(if $(QUICK),--quick) $(BENCH_ARGS)

bench-data: bench-environment ## Write the shops that `make bench` measures; it keeps them (a million takes minutes)
	@$(PY) -m benchmarks --seed $(BENCH_ARGS)

# Each case runs once: on SQLite, and those of tests/faults on PostgreSQL. Of a story about money the
# quick variant runs on SQLite, and the others on PostgreSQL.
ON_POSTGRESQL := --ds=tests.settings_postgresql --migrations tests/faults
MONEY := $(addprefix tests/functional/,checkout doors/test_numbers.py payments renewals)

test: environment ## Run the tests: every behaviour once, on the database that can tell (PostgreSQL where only it can)
	@$(PY) -m pytest $(PYTEST_ARGS) -m "not slow"
	@$(PY) -m pytest $(PYTEST_ARGS) -m "not slow" $(ON_POSTGRESQL)

test-all: test ## Run `test`, then what is slow: the variants of stories about money on PostgreSQL
	@$(PY) -m pytest $(PYTEST_ARGS) -m slow $(addprefix --ignore=,$(MONEY))
	@$(PY) -m pytest $(PYTEST_ARGS) -m slow $(ON_POSTGRESQL) $(MONEY)

test-newest: ## Run the tests with the newest packages that setup.cfg allows, not the locked (NEWEST_ARGS="tests/unit")
	@$(PYTHON) tools/environment.py --newest stripe receipts celery sandbox test
	@.venv-newest/bin/python -m pytest $(PYTEST_ARGS) -m "not slow" $(NEWEST_ARGS)

coverage: environment ## Measure lines and branches that the quick tests reach on SQLite; fail under 95 %
	@$(PY) -m pytest $(PYTEST_ARGS) -m "not slow and not browser" --cov

mutation: mutation-environment ## Break the code in hundreds of places and list what no unit test notices (MUTATION_ARGS="--seed 2")
	@$(PY) tools/mutation.py $(MUTATION_ARGS)

lock: ## Write constraints.txt anew: the newest packages that setup.cfg allows, for each Python
	@$(PYTHON) tools/lock.py

screenshots: environment ## Walk the shop with Chromium and renew the pictures of the README
	@$(PY) -m pytest $(PYTEST_ARGS) tests/browser/test_journey.py -k "en-1280 or fr-390"
	@$(PY) -m tests.browser.pictures

lint: environment ## Check style, formatting, layers and types
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@.venv/bin/djhtml --check --tabwidth 4 $(TEMPLATES)
	@.venv/bin/lint-imports --config setup.cfg
	@$(PY) -m mypy

format: environment ## Let ruff format the code and sort the imports, and djhtml indent the templates
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .
	@.venv/bin/djhtml --tabwidth 4 $(TEMPLATES)

migrations: environment ## Write our migrations anew from the models (until 0.1.0)
	@$(PY) tools/migrations.py

messages: environment ## Collect translatable texts and compile the catalogues (needs GNU gettext)
	@command -v msgfmt > /dev/null || { echo "GNU gettext is needed (Debian: apt-get install gettext)"; exit 2; }
	@for app in oscar_subscriptions sandbox/shop; do \
		(cd $$app && $(CURDIR)/.venv/bin/django-admin makemessages --all --no-location --no-wrap -v 0 \
		          && $(CURDIR)/.venv/bin/django-admin compilemessages -v 0) || exit 1; \
	done

docs: docs-environment ## Build the documentation into docs/_build/html
	@$(PY) -m sphinx -q -W -b html docs docs/_build/html
	@echo "docs: docs/_build/html/index.html"

clean: ## Remove everything that can be made again, except the sandbox's data
	@rm -rf .venv .venv-newest .tox build dist docs/_build .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage* htmlcov *.egg-info
	@find benchmarks oscar_subscriptions sandbox tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
