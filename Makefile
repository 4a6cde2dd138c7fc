# For GNU make, from 3.81 (which macOS has) on. Type `make` to see what there is.

# The virtual environment, and the Python to make it with (empty: look for one).
VENV ?= .venv
PYTHON ?=
# Given on to pytest, to the attacks, to some benches and to JupyterLab. As root, JupyterLab wants
# to be told that it may.
PYTEST_ARGS ?= -n auto
ATTACK_ARGS ?=
BENCH_ARGS ?=
LOCK_ARGS ?= --upgrade
LAB_FLAGS ?= $(if $(filter 0,$(shell id -u)),--allow-root)

# At the sizes of this course several BLAS threads are five to ten times slower than one.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1
export MKL_NUM_THREADS := 1
# Packages of another project's environment must not show through.
unexport PYTHONHOME
unexport PYTHONPATH
# Tests start hundreds of Pythons. Each would compile all of the course's modules anew, and each of
# pytest's workers all tests.
unexport PYTHONDONTWRITEBYTECODE

# nbgrader calls other programs of its environment by name, hence PATH.
bin = $(if $(filter /%,$(VENV)),,$(CURDIR)/)$(VENV)/bin
python = PATH="$(bin):$$PATH" "$(VENV)/bin/python"
# All extras but `bench`, whose packages are large and compared with, not used.
extras = $(foreach extra,lab instructor lecture cluster engine postgresql test,--extra $(extra))
# The tests with this mark, and the modules that have such tests: to import all others takes longer
# than some tests do.
marked = -m $(1) $(shell grep --recursive --files-with-matches --no-messages --include="test_*.py" "mark\.$(1)" tests)

.PHONY: help venv lab demo test test-quick test-long test-versions test-lowest lint attack notebooks bench bench-checks bench-grading
.PHONY: bench-engine bench-load bench-stress bench-widgets test-browser pictures
.PHONY: lock environment clean

help:
	@echo "make lab          open the notebooks in JupyterLab"
	@echo "make demo         see the course work: train, grade a sample class, show the scores"
	@echo "make test         run the tests (test-quick: without the slow ones; test-long: what takes"
	@echo "                  minutes, such as a class run on PostgreSQL or on a cluster)"
	@echo "make lint         check types, format and what ruff finds (before each commit:"
	@echo "                  $(VENV)/bin/pre-commit install)"
	@echo "make test-versions  run those that depend on the version of Python or of a package"
	@echo "                  (OTHER=python3.13: on that one)"
	@echo "make test-lowest  run them with the oldest packages that pyproject.toml allows"
	@echo "make test-browser run the notebooks, the widgets and nbgrader in Chromium"
	@echo "make attack       run every attack on the grader, against stock nbgrader and ours"
	@echo "make notebooks    build the notebooks from solutions/"
	@echo "make pictures     make README's pictures: a training, and what the last make test-browser has seen"
	@echo "make bench        say which benchmarks there are"
	@echo "make lock         renew requirements.lock"
	@echo "make environment  renew environment.yml"
	@echo "make clean        remove what make can make again, except $(VENV)"
	@echo "Each sets up $(VENV) first, where it is missing or old."

venv:
	@sh tools/set_up.sh "$(VENV)" "$(PYTHON)"

lab: venv
	@$(python) -m tools.lab $(LAB_FLAGS)

demo: venv
	@$(python) -m autograder.demo

test: venv
	@$(python) -m pytest -m "not long and not browser" $(PYTEST_ARGS)

test-quick: venv
	@$(python) -m pytest -m "not slow and not long and not browser" $(PYTEST_ARGS)

test-long: venv
	@$(python) -m pytest $(call marked,long) $(PYTEST_ARGS)

# $(call in_another,FOLDER,PYTHON,LOCK): the tests that depend on versions, in an environment that
# uv makes: in a third of pip's time, but it takes packages from where its own settings say
# (UV_DEFAULT_INDEX, uv.toml), not from where pip's do.
define in_another
	@$(python) -m uv venv --quiet --clear --no-python-downloads --python "$(2)" "$(1)"
	@$(python) -m uv pip install --quiet --no-deps --compile-bytecode --python "$(1)/bin/python" -r $(3)
	@$(python) -m uv pip install --quiet --no-deps --no-build-isolation --python "$(1)/bin/python" -e .
	@PATH="$(CURDIR)/$(1)/bin:$$PATH" "$(1)/bin/python" -m pytest $(call marked,versions) $(PYTEST_ARGS)
endef

# What depends on the version of Python or of a package; on another Python by
# `make test-versions OTHER=python3.13`.
OTHER ?=
test-versions: venv
ifeq ($(OTHER),)
	@$(python) -m pytest $(call marked,versions) $(PYTEST_ARGS)
else
	$(call in_another,build/venv-other,$(OTHER),requirements.lock)
endif

# The same on the oldest Python, with the oldest packages that pyproject.toml allows.
test-lowest: venv
	@mkdir -p build
	@$(python) -m uv pip compile pyproject.toml --quiet --resolution lowest-direct \
	    --python-version 3.11 $(extras) --output-file build/lowest.txt
	$(call in_another,build/venv-lowest,3.11,build/lowest.txt)

lint: venv
	@$(python) -m ruff check
	@$(python) -m ruff format --check
	@$(python) -m mypy

# axe-core, which looks for what is inaccessible, comes from npm. Without npm its tests are skipped.
test-browser: venv
	@if command -v npm >/dev/null; then \
	    mkdir -p build/browser && cp tests/browser/package*.json build/browser && \
	    npm ci --prefix build/browser --loglevel=error --no-audit --no-fund; fi
	@$(python) -m pytest tests/browser -m browser $(PYTEST_ARGS)

pictures: venv
	@$(python) -m tests.browser.pictures
	@$(python) -m tools.moving_picture
	@$(python) -m tools.still_picture

attack: venv
	@$(python) -m tests.attacks $(ATTACK_ARGS)

notebooks: venv
	@$(python) -m autograder build

bench:
	@echo "make bench-checks   how strong the checks are: what they catch, name and let pass (minutes)"
	@echo "make bench-engine   cost and gradient at the limit of the machine, against PyTorch and JAX, which it"
	@echo "                    installs (a quarter of an hour)"
	@echo "make bench-grading  the time of grading a class, ours and nbgrader's as it comes (ten minutes)"
	@echo "make bench-load     the same class graded again and again, idle and on a busy machine (ten minutes)"
	@echo "make bench-stress   a class of 300, some of it hostile, killed three times (half an hour)"
	@echo "make bench-widgets  how fast the explorers of the notebooks answer (half a minute)"

# BENCH_ARGS, for instance: BENCH_ARGS="sigmoid --kinds mistake pair".
bench-checks: venv
	@$(python) -m tools.bench.checks $(BENCH_ARGS)

# PyTorch and JAX stay in $(VENV), beside what the lock file has.
bench-engine: venv
	@$(python) -m pip install --quiet --no-build-isolation --constraint requirements.lock -e ".[bench]"
	@$(python) -m tools.bench.engine

bench-grading: venv
	@$(python) -m tools.bench.grading

# BENCH_ARGS, for instance: BENCH_ARGS="--students 60 --kills 1".
bench-stress: venv
	@$(python) -m tools.bench.stress $(BENCH_ARGS)

# BENCH_ARGS, for instance: BENCH_ARGS="--times 1 --busy 40".
bench-load: venv
	@$(python) -m tools.bench.load $(BENCH_ARGS)

# BENCH_ARGS, for instance: BENCH_ARGS="kl_explorer --changes 100".
bench-widgets: venv
	@$(python) -m tools.bench.widgets $(BENCH_ARGS)

# LOCK_ARGS= changes only what pyproject.toml asks for. The lines of comment at the top of the lock
# file are kept as they are. uv's settings count here too.
lock: venv
	@mkdir -p build && cp requirements.lock build/requirements.lock
	@$(python) -m uv pip compile pyproject.toml --quiet $(LOCK_ARGS) --universal \
	    --python-version 3.11 $(extras) --no-header --no-emit-index-url \
	    --no-emit-find-links --output-file build/requirements.lock
	@sed '/^[^#]/,$$d' requirements.lock | cat - build/requirements.lock > build/new.lock
	@mv build/new.lock requirements.lock

environment: venv
	@$(python) -m pyproject2conda project --overwrite force

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache *.egg-info
	find autograder saelab solutions tests tools -name __pycache__ -prune -exec rm -rf {} +
