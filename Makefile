# Two commands are all it takes: `make serve` opens the knowledge base, `make test` proves it works.
# Both set everything up first, into .venv.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PORT ?= 8000
BIN := .venv/bin
STAMP := .venv/.set-up
BENCH := .venv/.bench-set-up

.PHONY: setup serve test check quality torture bench bench-quick clean

setup: $(STAMP)

# Where there is a C compiler, pip compiles what setup.py names.
$(STAMP): setup.cfg setup.py pyproject.toml constraints.txt $(wildcard index/ranking/*.pyx index/ranking/*.pxd)
	@test -n "$(PYTHON)" || { echo "kb needs Python 3.11 or newer with the venv module (Debian: apt install python3-venv)"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $(STAMP)

serve: setup
	$(BIN)/kb ingest sample
	$(BIN)/kb serve --port $(PORT)

test: setup
	$(BIN)/python -m pytest

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# With DATA other programs read the same documents: they are installed as for the bench.
quality: $(if $(DATA),$(BENCH),setup)
	$(BIN)/python -m tests.quality.measure --table $(if $(RAISE),--raise)
	$(if $(DATA),$(BIN)/python -m tests.quality.office $(DATA) --table)
	$(if $(DATA),$(BIN)/python -m tests.quality.formats $(DATA) --table)
	$(if $(DATA),$(BIN)/python -m tests.quality.renditions $(DATA) --table $(if $(RAISE),--raise))
	$(if $(DATA),$(BIN)/python -m tests.quality.articles $(DATA) --table $(if $(RAISE),--raise))
	$(if $(DATA),$(BIN)/python -m tests.quality.answers $(DATA) --table $(if $(RAISE),--raise))
	$(if $(DATA),$(BIN)/python -m tests.quality.throughput $(DATA) --table)

# Broken off, it goes on with the deeds that it has not been through.
torture: setup
	$(BIN)/python -m tests.torture.kills --results .venv/torture.jsonl --table
	$(BIN)/python -m tests.torture.damage --table
	$(BIN)/python -m tests.torture.crowd --table

# The other engines are installed into .venv beside what setup puts there. DATA is the folder of the measuring
# data, if it is not where it is unpacked by default.
# pip before 24.1 ends with an error of its own where one extra is asked for as html_clean and as html-clean.
$(BENCH): $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=24.1'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[bench]'
	@touch $(BENCH)

bench-quick: $(BENCH)
	$(BIN)/python -m benchmarks.speed $(if $(DATA),"$(DATA)") --quick

bench: $(BENCH)
	$(BIN)/python -m benchmarks.speed $(if $(DATA),"$(DATA)")

clean:
	rm -f index/ranking/*.so index/ranking/*.pyd index/ranking/*.c
	rm -rf .venv build dist *.egg-info .hypothesis .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
