# Needs Python 3.11 or newer and make; everything else is set up in this folder.
PYTHON ?= python3
PORT ?= 8000
UV ?= uv
export PORT

# Recipes are single commands, without a shell between make and the program: signals reach it.
bin = .venv/bin
compile = $(UV) pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --python-version 3.11 pyproject.toml

.PHONY: help demo test lint bench bench-fleet acceptance screenshots locks messages clean local dev

help:
	@echo "make demo    the whole platform on this machine, at http://greenwood.localhost:$(PORT)/"
	@echo "make test    set-up, linters and all tests"
	@echo "make lint    linters and types only"
	@echo "make bench   measurements, one JSON object a line"
	@echo "make bench-fleet   the same of a thousand schools (SCHOOLS=200 for fewer)"
	@echo "make acceptance   what the guide promises: number, sentence, tests, result"
	@echo "make screenshots  every screen, in .run/screenshots/"
	@echo "make locks   pin packages after a change of pyproject.toml (needs uv)"
	@echo "make messages  the words of the sources into platform/locale, and what is left to translate"
	@echo "make clean   remove all that make made"

demo: local
	@$(bin)/python -m infra.embedded.demo

test: lint
	@$(bin)/python infra/browser.py
	@$(bin)/python -m pytest --numprocesses 2 --dist loadgroup --no-loadscope-reorder

lint: dev
	@$(bin)/python -m ruff check --quiet
	@$(bin)/python -m ruff format --check --quiet
	@$(bin)/lint-imports
	@$(bin)/python -m mypy

bench: dev
	@$(bin)/python -m tests.benchmarks

bench-fleet: dev
	@$(bin)/python -m tests.benchmarks.fleet

acceptance: dev
	@$(bin)/python infra/browser.py
	@$(bin)/python -m tests.acceptance

screenshots: dev
	@$(bin)/python infra/browser.py
	@$(bin)/python -m tests.screenshots

local dev:
	@$(PYTHON) infra/bootstrap.py $@

locks:
	$(compile) -o infra/locks/runtime.txt
	$(compile) --group local -c infra/locks/runtime.txt -o infra/locks/local.txt
	$(compile) --group dev -c infra/locks/local.txt -o infra/locks/dev.txt

messages: dev
	@$(bin)/python -m infra.messages update

clean:
	@$(PYTHON) infra/clean.py
