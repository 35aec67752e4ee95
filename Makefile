# Two commands do all set-up on a fresh machine: `make demo` and `make test`.
# Needs Rust 1.95 (rustup or a distribution), Python 3.11 with venv and pip, gcc and g++. Everything else goes below build/ and target/.

PYTHON ?= python3
BUILD  := build
VENV   := $(BUILD)/venv
PY     := $(VENV)/bin/python
TRITON := $(BUILD)/venv-triton
SUITE  := $(BUILD)/suite
PEERS  := $(BUILD)/venv-peers
EXPORT := $(BUILD)/venv-export
CORPUS := $(BUILD)/corpus
WHEELS := $(BUILD)/wheels

# pinned: what the tests and the demo are known to pass with
MATURIN     := maturin==1.16.0
ONNXRUNTIME := onnxruntime==1.32.0

RUST_SOURCES   := $(shell find modelium-core/src modelium-worker/src modelium-py/src modelium-capi/src backends -name '*.rs' -o -name Cargo.toml 2>/dev/null)
PYTHON_SOURCES := $(shell find python -name '*.py' -o -name '*.pyi')

# where the tests find ONNX Runtime's library: inside the wheel
ORT = $(shell ls $(CURDIR)/$(VENV)/lib/python3*/site-packages/onnxruntime/capi/libonnxruntime.so.* 2>/dev/null | head -n 1)

export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help demo test test-rust test-python test-c check lint bench opsets header bless fuzz suite corpus clean

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

# ---- set-up -----------------------------------------------------------------------------------------------------

$(VENV)/.created:
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install -q $(MATURIN) $(ONNXRUNTIME)
	@touch $@

$(VENV)/.wheel: $(VENV)/.created $(RUST_SOURCES) $(PYTHON_SOURCES) Cargo.toml Cargo.lock pyproject.toml
	rm -rf $(WHEELS)
	$(PY) -m maturin build --release --locked --quiet --out $(WHEELS)
	$(PY) -m pip install -q --force-reinstall --no-deps $(WHEELS)/modelium-*.whl
	@touch $@

$(VENV)/.test: $(VENV)/.wheel tests/python/requirements.txt
	$(PY) -m pip install -q -r tests/python/requirements.txt
	@touch $@

$(TRITON)/.created: tests/triton/requirements.txt
	$(PYTHON) -m venv $(TRITON)
	$(TRITON)/bin/python -m pip install -q -r tests/triton/requirements.txt
	@touch $@

$(PEERS)/.created: benches/requirements-peers.txt
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install -q -r benches/requirements-peers.txt
	@touch $@

$(EXPORT)/.created: tests/generate/requirements-exports.txt
	$(PYTHON) -m venv $(EXPORT)
	$(EXPORT)/bin/python -m pip install -q -r tests/generate/requirements-exports.txt
	@touch $@

$(SUITE)/.created: $(VENV)/.test tests/generate/onnx_suite.py tests/generate/onnx_suite_types.py tests/generate/onnx_suite_checks.py
	$(PY) tests/generate/onnx_suite.py $(SUITE)
	$(PY) tests/generate/onnx_suite_types.py $(SUITE)
	$(PY) tests/generate/onnx_suite_checks.py $(SUITE)
	@touch $@

suite: $(SUITE)/.created ## lay out the official ONNX test suite below build/

# ---- the main job -------------------------------------------------------------------------------------------------

demo: $(VENV)/.wheel ## a trained model from file to a Triton repository, with the plan, the proof and the tree
	$(PY) examples/python/demo.py

# ---- proof --------------------------------------------------------------------------------------------------------

test: test-rust test-python test-c ## every test of every language
	@echo "all tests passed"

test-rust: $(SUITE)/.created
	ORT_DYLIB_PATH=$(ORT) MODELIUM_SUITE=$(CURDIR)/$(SUITE) cargo test --workspace --exclude modelium-py --locked --quiet

test-python: $(VENV)/.test $(TRITON)/.created
	$(PY) -m pytest

test-c: $(VENV)/.created
	ORT_DYLIB_PATH=$(ORT) $(MAKE) -C tests/c

check: lint ## what a commit has to pass before the tests
	cargo check --workspace --all-targets --locked

lint: $(VENV)/.test ## formatting, clippy, ruff, mypy
	cargo fmt --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	$(PY) -m ruff check python tests/python examples benches
	$(PY) -m ruff format --check python tests/python examples benches
	$(PY) -m mypy --strict python/modelium

corpus: $(SUITE)/.created $(EXPORT)/.created ## real exports and the official suite: simplified, run, compared with PyTorch and the peers; hours
	$(EXPORT)/bin/python tests/generate/onnx_exports.py $(CORPUS)
	$(PY) tests/exports/suite.py $(SUITE)
	$(EXPORT)/bin/python tests/exports/compare.py $(CORPUS) --modelium $(VENV)/bin/modelium
	$(PY) tests/exports/large.py $(BUILD)/large --modelium $(VENV)/bin/modelium

bench: $(VENV)/.test $(PEERS)/.created $(EXPORT)/.created ## the figures of the README, beside the peers, in one run
	cargo build --release --locked --quiet -p modelium-benches
	$(EXPORT)/bin/python tests/generate/onnx_exports.py $(BUILD)/corpus --only bert-base swin-t resnet-tiny --forms legacy legacy-raw
	$(PY) benches/run.py

# ---- generated and committed --------------------------------------------------------------------------------------

opsets: $(SUITE)/.created ## convert the official suite to other opsets, run it, compare with its outputs and with onnx's converter
	rm -rf $(BUILD)/opsets && mkdir -p $(BUILD)/opsets
	MODELIUM_OPSETS=$(CURDIR)/$(BUILD)/opsets cargo test -p modelium-core --locked --test it opsets::what_converts
	$(PY) tests/opsets.py $(BUILD)/opsets $(SUITE) --peer

header: ## write include/modelium.h from the C ABI
	BLESS=1 cargo test -p modelium-capi --test it header

bless: ## write every golden; read the change before committing it
	BLESS=1 cargo test --workspace --exclude modelium-py --test it

fuzz: ## ten minutes of coverage-guided fuzzing for each target; needs a nightly toolchain and cargo-fuzz
	cd fuzz && for target in $$(cargo fuzz list); do cargo fuzz run $$target -- -max_total_time=600 || exit 1; done

clean: ## remove everything that was built or downloaded
	rm -rf $(BUILD) target
