# Needs Python 3.11 or newer and make, nothing else. Every target goes through `setup`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
REPLAYS ?= ../shared/data/replay
FUZZ_SECONDS ?= 60

.PHONY: setup run test lint fuzz format texts bench clean

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

test: setup
	$(BIN)/python -m pytest --numprocesses 2

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Mutants of dumps through the parsers; an input that breaks a promise is saved in fuzz-failures/.
fuzz: setup
	$(BIN)/python -m benchmarks.fuzz --seconds $(FUZZ_SECONDS)

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Bring the catalogues up to date with what the code says; what is new then waits for its translation.
texts: setup
	$(BIN)/pybabel --quiet extract -k say -k html -k noop -k count:1,2 --no-location --no-wrap --sort-output -o bot/locales/messages.pot bot
	$(BIN)/pybabel --quiet update -i bot/locales/messages.pot -d bot/locales --no-wrap --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	@rm bot/locales/messages.pot

bench: setup
	@for bench in sources storage thumb commands vectors scale; do $(BIN)/python -m benchmarks.$$bench; done
	@if [ -d "$(REPLAYS)" ]; \
	then $(BIN)/python -m benchmarks.ranking "$(REPLAYS)"/* --max-events 300; \
	else echo "ranking: no replay sets in $(REPLAYS), so none was run (make bench REPLAYS=folder)"; fi

clean:
	rm -rf $(VENV) dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
