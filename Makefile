# make run    everything on this machine, until Ctrl-C
# make test   all tests but the slow ones (make test-slow), those on a real vLLM (make test-vllm) and on a cluster
# make cluster  Compose's processes thrice on PostgreSQL, Redis and Sentinels that fail over; make test-cluster breaks it
# make check  format, lint, types, imports, migrations, system checks, manifests, secrets, known holes of packages
# make prompts  the prompt files changed since BASE, evaluated (part of make test); reports in build/
# make messages  texts of the code into the catalogues below locale/, which are compiled
# make mutants  mistakes put into the modules of tests/mutants.toml, each of which must fail a test
# make sbom   a bill of materials of a release, build/sbom.json (CycloneDX)
# make fuzz   files of every container broken at random, FUZZ_EXAMPLES of each kind; a few seconds of it in make test
# make bench  all benchmarks   make fmt    format and fix what can be fixed

PYTHON ?= python3
BIN := .venv/bin
APPS := dresscode monitoring feedback styling wardrobe registry stores telemetry
SPREAD := -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
# What takes minutes in one process begins first, and files without a slow test are not read.
LONGEST := tests/browser tests/monitoring/test_alarm_benchmark.py tests/faults
SLOW = $(LONGEST) $(filter-out $(addsuffix %,$(LONGEST)), \
	$(sort $(shell grep -rl --include='test_*.py' 'pytest\.mark\.slow' tests)))
MANIFESTS = $$(ls deploy/kubernetes/base/*.yaml deploy/kubernetes/vllm/*.yaml | grep -v kustomization)
TEMPLATES = $$(find templates -name '*.html')

# Settings as on a real server, to be judged by Django's deployment checks.
PRODUCTION := DRESSCODE_ENV_FILE=/dev/null SITE_URL=https://dresscode.example.org \
	DATABASE_URL=postgres://dresscode:secret@db.example.org/dresscode \
	REDIS_URL=rediss://redis.example.org:6379/0 \
	SECRET_KEY=only-for-the-checks-c1c2a5f0b94d4d7f8a6b3e2f1d0c9b8a7

# Tokens and keys by their shape everywhere; whatever is called a password in the product.
SECRETS := .venv/bin/detect-secrets-hook --no-verify \
	--disable-plugin HexHighEntropyString --disable-plugin Base64HighEntropyString \
	--exclude-lines '://[a-z]*:(password|secret)@|try-before-you-wear|whsec_'
NO_TEXT := \.(avif|heic|jpe?g|json|jsonl|npz|onnx|png|webp)$$

.PHONY: run test test-slow test-vllm cluster test-cluster cluster-packages prompts messages mutants fuzz check secrets audit sbom bench fmt browser
.DEFAULT_GOAL := run

run: .venv/run.stamp
	@$(BIN)/python manage.py up

test: .venv/dev.stamp
	@$(BIN)/pytest -m "not (slow or browser or vllm or cluster)" $(SPREAD)

# Whole products that are started, killed and clicked through.
test-slow: .venv/dev.stamp browser
	@$(BIN)/pytest -m "(slow or browser) and not (vllm or cluster)" $(SPREAD) $(SLOW)

prompts: .venv/dev.stamp
	@PROMPT_BASE=$(BASE) PROMPT_REPORTS=build $(BIN)/pytest -q -s -n 0 tests/dresscode/test_changed_prompts.py

messages: .venv/dev.stamp
	@$(BIN)/python -m tests.messages

# One module alone: make mutants MODULES=registry/evaluation/gate.py
mutants: .venv/dev.stamp
	@$(BIN)/python -m tests.mutants $(MODULES)

fuzz: export FUZZ_EXAMPLES ?= 5000
fuzz: .venv/dev.stamp
	@$(BIN)/pytest -n auto --maxprocesses 4 tests/wardrobe/test_fuzz.py

# A real vLLM on this machine's CPU, in an environment of its own that is kept between runs.
test-vllm: .venv/dev.stamp
	@$(BIN)/python -m tests.vllm.environment
	@$(BIN)/pytest -m vllm tests/vllm

cluster: .venv/dev.stamp cluster-packages
	@$(BIN)/python -m tests.cluster

# One cluster for all of them, so in one process. Times to recover are in build/cluster.txt.
test-cluster: .venv/dev.stamp cluster-packages
	@$(BIN)/pytest -m cluster -n 0 tests/cluster && cat build/cluster.txt

# Debian's programs, of which none is started as a service: a policy says no for as long as apt-get runs.
cluster-packages: .venv/dev.stamp
	@missing=$$($(BIN)/python -m tests.cluster.programs); policy=/usr/sbin/policy-rc.d; \
	if [ -z "$$missing" ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
		echo "Installing for the cluster: $$missing"; \
		if [ ! -e $$policy ]; then printf '#!/bin/sh\nexit 101\n' > $$policy; chmod +x $$policy; own=1; fi; \
		export DEBIAN_FRONTEND=noninteractive; \
		{ apt-get update -qq && apt-get install -y -qq --no-install-recommends $$missing; } \
			< /dev/null > /dev/null 2>&1 || echo "They could not be installed: the cluster is skipped."; \
		if [ "$$own" = 1 ]; then rm $$policy; fi; \
	else echo "Missing for the cluster, which is skipped: apt-get install $$missing"; fi

# Known holes of packages are told and fail only `make audit`: they come without a change of ours.
check: .venv/dev.stamp secrets
	@$(MAKE) --no-print-directory audit || echo "Known holes: see above."
	@$(BIN)/ruff format --check --quiet . > /dev/null || \
		{ $(BIN)/ruff format --diff --quiet . | grep '^+++'; echo "make fmt formats these."; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/djade --check --target-version 5.2 $(TEMPLATES)
	@$(BIN)/lint-imports --no-cache > /dev/null || $(BIN)/lint-imports --no-cache
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.compose-spec deploy/compose/compose.yaml
	@$(BIN)/kubernetes-validate --quiet --strict -k 1.37 $(MANIFESTS)
	@$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@$(BIN)/python manage.py check
	@$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

secrets: .venv/dev.stamp
	@git ls-files | grep -vE '^tests/|$(NO_TEXT)' | xargs $(SECRETS)
	@git ls-files tests | grep -E '\.py$$' | \
		xargs $(SECRETS) --disable-plugin KeywordDetector --disable-plugin BasicAuthDetector

audit: .venv/dev.stamp
	@if $(BIN)/python -m tests.network; then \
		$(BIN)/pip-audit --progress-spinner off --no-deps --disable-pip -r requirements.txt; \
	else echo "No way to pypi.org: pip-audit is skipped."; fi

sbom: .venv/run.stamp .venv/dev.stamp
	@mkdir -p build
	@$(BIN)/cyclonedx-py environment .venv --pyproject pyproject.toml --mc-type application \
		--output-reproducible --of JSON -o build/sbom.json

bench: .venv/dev.stamp
	@for file in benchmarks/[a-z]*.py; do $(BIN)/python -m benchmarks.$$(basename $$file .py) || exit 1; done

fmt: .venv/dev.stamp
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/djade --target-version 5.2 $(TEMPLATES) || true

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' || \
		{ echo "Dresscode needs Python 3.11, 3.12 or 3.13; make PYTHON=/path/to/python3.11 uses another one."; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

.venv/run.stamp: requirements.txt | .venv/bin/python
	@echo "Installing what Dresscode needs into .venv; this takes a minute the first time."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt .venv/run.stamp
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

# The browser tests drive Debian's Chromium; without one they are skipped, each by its name.
browser:
	@if command -v chromium > /dev/null && command -v chromedriver > /dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
		echo "Installing Chromium for the browser tests."; \
		export DEBIAN_FRONTEND=noninteractive; \
		{ apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium chromium-driver; } \
			< /dev/null > /dev/null 2>&1 || echo "Chromium could not be installed: the browser tests are skipped."; \
	else echo "No Chromium: the browser tests are skipped. apt-get install chromium chromium-driver"; fi
