# Everyday commands. Each installs what it needs first (scripts/setup), and says so.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo demo-reset test test-stack test-long lint lock clean
.PHONY: bench-engines bench-delivery bench-media bench-pages bench-search bench-uploads bench-words
.PHONY: messages screenshots
.PHONY: stack stack-stop tools-ready demo-ready test-ready stack-ready
BIN := .venv/bin
# Where it is set, each of the many processes that a test starts would compile all of it anew.
unexport PYTHONDONTWRITEBYTECODE
# For pytest, as in: make test ARGS="tests/search -x"
ARGS ?=
# Where nginx listens, as in: make stack PORT=8090
PORT ?= 8080

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: demo-ready ## Serve the site with its demonstration stories; Ctrl-C stops everything
	@exec $(BIN)/python manage.py demo

demo-reset: demo-ready ## Throw the demonstration away, stories and all, and start over
	@exec $(BIN)/python manage.py demo --reset

stack: stack-ready ## Serve the site on PostgreSQL, Redis, Elasticsearch, S3 and nginx, in the background
	@$(BIN)/python -m archive.stack up --port $(PORT)

stack-stop: ## End what `make stack` started
	@$(BIN)/python -m archive.stack down

test: lint ## Check everything: lint, then all tests. ARGS="…" goes to pytest
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not long" $(ARGS)

test-stack: test-ready stack-ready ## The same tests on the real servers, started for them
	@scripts/test-stack -m "not long" $(ARGS)

bench-media: test-ready ## What preparing a film costs, beside ffmpeg commands written by hand
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r requirements/bench.txt
	@$(BIN)/python -m benchmarks.media

bench-engines: test-ready stack-ready ## What the flow costs, embedded and on the real servers, side by side
	@$(BIN)/python -m benchmarks.engines

bench-delivery: test-ready stack-ready ## A recording through the gate, beside nginx serving the same file
	@$(BIN)/python -m benchmarks.delivery

bench-uploads: test-ready ## What taking in 5 GB costs the web server (it needs 15 GB of disk)
	@UPLOAD_BYTES=$(or $(UPLOAD_BYTES),5000000000) $(BIN)/python -m benchmarks.uploads

bench-search: test-ready stack-ready ## How well and how fast search finds, on both engines, beside plain ones
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r requirements/bench.txt
	@$(BIN)/python -m benchmarks.search

bench-words: test-ready ## What recognition costs beside bare faster-whisper
	@$(BIN)/python -m benchmarks.words

bench-pages: test-ready stack-ready ## What visitors' pages cost, and what Lighthouse and the HTML checker say
	@npm --prefix benchmarks/pages ci --ignore-scripts --no-audit --no-fund --silent
	@$(BIN)/python -m benchmarks.pages

screenshots: test-ready ## Every kind of page as a picture, on a phone and at a desk, light and dark
	@$(BIN)/python -m benchmarks.pages.screenshots $(ARGS)

test-long: test-ready stack-ready ## What is too long for every day, on both ways of running
	$(BIN)/python -m pytest -n auto --dist worksteal -m long $(ARGS)
	@scripts/test-stack -m long $(ARGS)

lint: test-ready ## Check style, types, imports and migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run & $(BIN)/mypy . && wait $$!

messages: test-ready ## Write the sentences that are new into locale/. ARGS=cy begins another language
	@$(BIN)/python -m archive.languages refresh $(ARGS)

lock: tools-ready ## Write requirements/*.txt from pyproject.toml. ARGS=--upgrade for newer versions
	@scripts/lock $(ARGS)

clean: ## Remove what was installed and built here; the data in var/ stays
	rm -rf .venv frontend/node_modules frontend/dist staticfiles test-results
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

tools-ready demo-ready test-ready stack-ready: %-ready:
	@scripts/setup $*
