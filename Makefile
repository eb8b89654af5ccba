# Needs Python 3.11 or newer and make, nothing else. Every target goes through `setup`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
SHIPPED := bot storage sources recommender
REPLAYS ?= ../shared/data/replay
FUZZ_SECONDS ?= 60
CHAOS_SECONDS ?= 60
CHAOS_SEED ?= 1

.PHONY: setup run test lint audit fuzz chaos format texts settings bench clean

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Paperboy needs Python 3.11 or newer; name one: make PYTHON=python3.12")'
	$(PYTHON) -m venv --upgrade-deps $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev --editable '.[embedding,postgres]'
	@touch $(STAMP)

# The bot where a token is set, else the playground on your own desk.
run: setup
	@if [ -n "$$TELEGRAM_BOT_TOKEN" ] || grep -qsE '^(export +)?TELEGRAM_BOT_TOKEN *= *.?[0-9]' .env; \
	then exec $(BIN)/paperboy run; else exec $(BIN)/paperboy playground; fi

# One BLAS thread a process, as the bot itself has it: more would only wait for each other.
test: setup
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses 3 --dist worksteal

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --recursive $(SHIPPED)

# What is known of weaknesses of our own code, and of what it depends on; the latter asks the package index.
audit: setup
	$(BIN)/bandit --quiet --recursive $(SHIPPED)
	@$(BIN)/python -m pip_audit --version >/dev/null 2>&1 || $(BIN)/python -m pip install --quiet pip-audit || true
	@found=$$($(BIN)/python -m pip_audit --local --skip-editable --progress-spinner off 2>&1); echo "$$found"; \
	case "$$found" in \
	*"Found "*"known vulnerabilit"*) exit 1 ;; \
	*"No known vulnerabilities found"*) ;; \
	*) echo "audit: the package index could not be asked, so the dependencies were not looked at" ;; \
	esac

# Mutants of dumps through the parsers; an input that breaks a promise is saved in fuzz-failures/.
fuzz: setup
	$(BIN)/python -m benchmarks.fuzz --seconds $(FUZZ_SECONDS)

# All faults in random mixtures over the real bot; a promise that is broken is printed with its seed.
chaos: setup
	$(BIN)/python -m benchmarks.chaos --seconds $(CHAOS_SECONDS) --seed $(CHAOS_SEED)

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Bring the catalogues up to date with what the code says; what is new then waits for its translation.
texts: setup
	$(BIN)/pybabel --quiet extract -k say -k html -k noop -k count:1,2 --no-location --no-wrap --sort-output -o bot/locales/messages.pot bot
	$(BIN)/pybabel --quiet update -i bot/locales/messages.pot -d bot/locales --no-wrap --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	@rm bot/locales/messages.pot

# Write the page on the settings anew from their model.
settings: setup
	$(BIN)/paperboy settings > docs/settings.md

bench: setup
	@for bench in sources storage thumb commands vectors scale; do $(BIN)/python -m benchmarks.$$bench; done
	@if [ -d "$(REPLAYS)" ]; \
	then $(BIN)/python -m benchmarks.ranking "$(REPLAYS)"/* --max-events 300; \
	else echo "ranking: no replay sets in $(REPLAYS), so none was run (make bench REPLAYS=folder)"; fi

clean:
	rm -rf $(VENV) dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
