# Two commands do everything on a machine with python3 and make: `make run` and `make test`.
PYTHON ?= python3
PORT ?= 8000
V := .venv
PY := $(V)/bin/python
STAMP := $(V)/installed
STATIC := var/static/staticfiles.json
# Of Bootstrap we load one sheet: compressing the others would take half of the first start.
UNUSED := --ignore '*.rtl.*' --ignore 'bootstrap-*' --ignore 'bootstrap.css*' --ignore 'bootstrap*.js*'
STATIC_SOURCES := $(shell find apps -path '*/static/*' -type f)
TEST_DATABASE_URL ?= postgres://postgres@127.0.0.1:5432/postgres
CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

.PHONY: run install setup test check test-sqlite test-postgresql test-browser bench lock shots

install: $(STAMP)

$(STAMP): requirements.lock
	$(PYTHON) -m venv $(V)
	$(V)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	touch $@

$(STATIC): $(STAMP) $(STATIC_SOURCES)
	$(PY) manage.py collectstatic --noinput --clear --verbosity 0 $(UNUSED)

# Migrations, cache table, static files; the demo fills an empty database only.
setup: $(STAMP) $(STATIC)
	DEMO=1 $(PY) manage.py migrate --verbosity 0
	DEMO=1 $(PY) manage.py createcachetable
	DEMO=1 $(PY) manage.py demo

run: setup
	@echo "地址: http://127.0.0.1:$(PORT)"
	DEMO=1 DEBUG=0 PORT=$(PORT) $(V)/bin/honcho start --no-prefix -p $(PORT)

# Everything that must hold before a change lands.
test: check test-sqlite test-postgresql test-browser

check: $(STAMP)
	$(V)/bin/ruff check apps benchmarks config docs tests manage.py
	$(V)/bin/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	$(V)/bin/lint-imports
	$(V)/bin/mypy
	$(V)/bin/bandit -q -r apps config -c pyproject.toml
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py check

test-sqlite: $(STAMP)
	env -u DATABASE_URL $(PY) -m pytest -n 2 --dist loadfile -m "not postgresql and not browser"

# Runs whenever a server answers; REQUIRE_ALL=1 (.ci/run) makes a missing one an error.
test-postgresql: $(STAMP)
	@if $(PY) -c "import psycopg2, sys; psycopg2.connect(sys.argv[1], connect_timeout=3)" "$(TEST_DATABASE_URL)" 2>/dev/null; then \
		DATABASE_URL="$(TEST_DATABASE_URL)" $(PY) -m pytest -n 2 --dist loadfile -m "not browser"; \
	elif [ -n "$(REQUIRE_ALL)" ]; then echo "no PostgreSQL at $(TEST_DATABASE_URL)"; exit 1; \
	else echo "no PostgreSQL at $(TEST_DATABASE_URL): its tests are left out"; fi

test-browser: $(STAMP)
	@if [ -n "$(CHROMIUM)" ]; then \
		env -u DATABASE_URL CHROMIUM="$(CHROMIUM)" DJANGO_ALLOW_ASYNC_UNSAFE=1 $(PY) -m pytest -m browser; \
	elif [ -n "$(REQUIRE_ALL)" ]; then echo "no Chromium"; exit 1; \
	else echo "no Chromium: browser tests are left out"; fi

# Ratios against baselines taken in the same run; results in benchmarks/results/.
bench: $(STAMP)
	env -u DATABASE_URL TEST_DATABASE_URL="$(TEST_DATABASE_URL)" $(PY) benchmarks/run.py

# For maintainers: pins every dependency with hashes and without any host name.
lock:
	$(PYTHON) -m venv $(V)-lock && $(V)-lock/bin/pip install --quiet uv
	$(V)-lock/bin/uv pip compile --quiet --universal --all-extras --generate-hashes --no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.lock
	rm -r $(V)-lock

# Screenshots of every main page at 390x844 and 1440x900.
shots: $(STAMP)
	env -u DATABASE_URL CHROMIUM="$(CHROMIUM)" PORT=$(PORT) $(PY) docs/make_shots.py
