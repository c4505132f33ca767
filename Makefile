# Everything here is also `uv run wardlight …`; see README.md.
UV ?= $(shell command -v uv 2>/dev/null || echo python3 -m uv)
export WARDLIGHT_DEMO_HOME ?= ./var/demo

.PHONY: demo test lint test-sqlite test-postgres bench uv system screenshots

uv:
	@command -v uv >/dev/null 2>&1 || python3 -m uv --version >/dev/null 2>&1 || python3 -m pip install --quiet uv

demo: uv
	WARDLIGHT_HOME=$(WARDLIGHT_DEMO_HOME) $(UV) run --no-dev wardlight demo

lint: uv
	$(UV) run ruff check .
	$(UV) run ruff format --check .
	$(UV) run mypy
	$(UV) run lint-imports

test: lint system test-sqlite test-postgres

# A browser for the journeys, where the machine has none and lets us install one.
system:
	@command -v chromium >/dev/null 2>&1 || { apt-get update -qq && apt-get install -y -qq chromium; }

test-sqlite: uv system
	$(UV) run wardlight frontend
	$(UV) run pytest -n 2

test-postgres: uv
	DATABASE_URL=$${DATABASE_URL:-postgres://postgres@127.0.0.1:5432/postgres} $(UV) run python -m tests.postgres
	DATABASE_URL=$${DATABASE_URL:-postgres://postgres@127.0.0.1:5432/postgres} $(UV) run pytest -n 2

bench: uv
	$(UV) run --group bench python -m bench
