# The front door. Everything here is a line of CMake, ctest or the `reclaim` command; `make help` lists it.
BUILD ?= build
RUN ?= $(patsubst %/,%,$(dir $(shell ls -t results/*/samples.csv results/*/claims.csv 2>/dev/null | head -n 1)))
SECONDS ?= 60
JOBS := $(shell nproc 2>/dev/null || echo 2)
RECLAIM := $(BUILD)/bin/reclaim

.DEFAULT_GOAL := build
.PHONY: help deps build bench claims reproduce tour plots report test kill-test fuzz faults tax peers check format clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

deps: ## install what is missing (Debian and Ubuntu)
	@scripts/deps build bench test check peer

build: ## the command, and a measuring process per strategy
	@scripts/deps build
	@scripts/build $(BUILD) $(JOBS)

bench: ## measure experiments/quick.yaml; prints a table, the plots' paths and the report's
	@scripts/deps build bench peer
	@scripts/build $(BUILD) $(JOBS)
	@$(RECLAIM) run experiments/quick.yaml

claims: ## what the documents claim, measured: holds, does not hold, depends; ten minutes or so
	@scripts/deps build bench peer
	@scripts/build $(BUILD) $(JOBS)
	@$(RECLAIM) claims

reproduce: ## known results of the literature: are they the same here? five minutes or so
	@scripts/deps build bench peer
	@scripts/build $(BUILD) $(JOBS)
	@$(RECLAIM) claims --rules experiments/reproduce --out results/reproduce-$$(date +%Y%m%d-%H%M%S)

tour: ## every command of docs/tour.md, from first to last, and whether it shows what the tour says
	@scripts/deps build bench
	@scripts/build $(BUILD) $(JOBS)
	@sh tests/tour/walk.sh $(CURDIR) $(abspath $(BUILD))

plots: build ## draw the figures of RUN=results/... (default: the newest) again, from its CSV
	@scripts/deps bench
	@$(RECLAIM) plot $(RUN)

report: build ## write the report of RUN=results/... (default: the newest) again, from its CSV
	@scripts/deps bench
	@$(RECLAIM) report $(RUN)

test: ## all tests
	@scripts/deps build bench test peer
	@scripts/build $(BUILD) $(JOBS) tests
	@cd $(BUILD) && ctest --output-on-failure -j $(JOBS)

kill-test: ## runs that are killed, or whose disk is full, at 20 random moments each, and resumed: all rows, once each
	@scripts/deps build test
	@scripts/build $(BUILD) $(JOBS) tests
	@cd $(BUILD) && KILLS=20 DISKS=20 ctest -R command.never-lost --verbose

fuzz: ## every strategy against a model of the object graph, SECONDS=60 in all
	@scripts/deps build test peer
	@scripts/build $(BUILD) $(JOBS) tests
	@tests/fuzz/run-all $(BUILD) $(SECONDS)

faults: ## every planted fault, found from five seeds: in how many operations
	@scripts/deps build test peer
	@scripts/build $(BUILD) $(JOBS) tests
	@cd $(BUILD) && FAULT_SEEDS=5 ctest -L fault -j $(JOBS) -V | sed -n 's/^[0-9]*: \(.*: found in.*\)/\1/p; /tests passed/p; /Failed/p'

tax: ## what the contract costs over plain C
	@scripts/deps build bench test
	@scripts/build $(BUILD) $(JOBS)
	@benchmarks/tax/run $(BUILD)

peers: ## ours beside the others': allocators, Boehm's collector, CPython, code by hand; six minutes or so
	@scripts/deps build bench peer
	@scripts/build $(BUILD) $(JOBS)
	@$(BUILD)/bin/peers

check: ## format, lints, and a build without warnings by gcc and by clang
	@scripts/deps build bench test check peer
	@scripts/check $(JOBS)

format: ## format all C in place
	@scripts/deps check
	@git ls-files '*.c' '*.h' '*.cc' | xargs clang-format -i

clean: ## remove what was built; results stay
	rm -rf $(BUILD) build-*/
