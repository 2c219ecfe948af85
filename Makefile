# Two commands are enough for a newcomer: `make demo` and `make test`. The same names serve people and CI.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
STATION := node dist/cli/bin.js
OUT := out

typescript_sources := $(shell find cli src -name '*.ts' -o -name '*.proto' 2>/dev/null)
function_sources := $(shell find jobs/udf -path '*/target' -prune -o -path jobs/udf/dist -prune -o -type f -print 2>/dev/null)

.PHONY: help
help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'

# ── installing and building ─────────────────────────────────────────────────────

node_modules/.installed: package.json package-lock.json
	@echo "── installing Node packages (npm ci)"
	@npm ci --no-fund --no-audit --loglevel=error
	@touch $@

dist/.built: node_modules/.installed tsconfig.json tsconfig.build.json package.json $(typescript_sources)
	@echo "── building TypeScript"
	@npm run --silent build
	@touch $@

jobs/udf/dist/.built: $(function_sources)
	@echo "── building the SQL functions (Maven)"
	@mkdir -p jobs/udf/dist
	@mvn -q -B -f jobs/udf/pom.xml -DskipTests package
	@touch $@

.PHONY: build
build: dist/.built jobs/udf/dist/.built ## Build the command line and the SQL functions

# ── the two commands ────────────────────────────────────────────────────────────

.PHONY: demo
demo: build ## Real engines, real grid: outages and capacity, summary and report (KEEP=1 leaves the engines running)
	@bash examples/demo/run.sh

.PHONY: test
test: build ## Everything that proves it: checks, unit tests, functions, integration on real engines
	@bash test/run.sh

# ── parts ───────────────────────────────────────────────────────────────────────

.PHONY: check
check: node_modules/.installed ## Types, lint, room walls and unit tests; no engine
	@npm run --silent check
	@npm run --silent test:unit

.PHONY: engines-up engines-down
engines-up: build ## Start the local engines
	@$(STATION) engines up
engines-down: build ## Take them down again
	@$(STATION) engines down

.PHONY: fuzz
fuzz: node_modules/.installed ## Mutated and random frames against the four codecs, full counts
	@npx tsx test/fuzz/protocols.ts

.PHONY: test-differential
test-differential: build ## The 15 indicators against an independent calculator: random cases, ENWL, a year of SimBench
	@npx tsx test/differential/capacity.ts

.PHONY: bench bench-outage bench-latency bench-capacity bench-protocols
bench: bench-protocols bench-outage bench-latency bench-capacity ## All benchmarks
bench-protocols: build ## Frames per second and core of the four codecs
	@npx tsx test/bench/protocols.ts
bench-outage: build ## The real-time table: accuracy, recall, events per second
	@npx tsx test/bench/outage.ts
bench-latency: build ## Delay from the deciding event to the published record
	@npx tsx test/bench/latency.ts
bench-capacity: build ## The offline table: rows per second and core, beside scanning and beside DuckDB (73 M rows: AREAS=18,180,540,1800, three rounds: ROUNDS=3)
	@KEEP=1 npx tsx test/bench/capacity-rival.ts
	@npx tsx test/bench/capacity.ts --from-nothing --areas $${AREAS:-18,180,540} --rounds $${ROUNDS:-5}

.PHONY: clean
clean: ## Remove everything that was built here; the cache of installed engines stays
	@if [ -f dist/cli/bin.js ]; then $(STATION) engines down || true; fi
	@rm -rf dist out node_modules jobs/udf/dist jobs/udf/target jobs/udf/*/target
