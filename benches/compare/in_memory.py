"""Measures the Python package on a data frame beside the program on the same rows as a file, and
writes the table of docs/performance.md.

    python3 benches/compare/in_memory.py
    python3 benches/compare/in_memory.py --customers 100000 --repeat 1 --no-docs

The package is built and installed from the folder of the repository into an environment of its own
under target/, with Polars. Both take turns, on two threads; medians are taken over the rounds.
"""

import argparse
import re
import subprocess
import sys

import run
from report import megabytes, seconds, table

# The package may take this many times the time that the program takes from rows to forecasts in
# memory.
GOAL = 1.3
IN_MEMORY = ("reading", "panel", "fitting", "forecasting")


def package(work):
    """The Python of an environment with the package as it is here."""
    python = work / "venv-package" / "bin" / "python"
    if not python.is_file():
        subprocess.run([sys.executable, "-m", "venv", work / "venv-package"], check=True)
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, "./python", "-r", run.HERE / "requirements-tables.txt"],
                   cwd=run.ROOT, check=True)
    return python


def rows(results):
    for base, customers, (program, frame) in results:
        theirs = sum(program["stages"][name] for name in IN_MEMORY)
        ours = sum(frame["stages"][name] for name in ("panel", "fit", "forecast"))
        yield [f"{base}, {customers:,} customers", seconds(theirs), seconds(ours),
               f"{ours / theirs:.3f}", f"≤ {GOAL:.3f}", seconds(frame["stages"]["frame"]),
               seconds(program["seconds"]), seconds(frame["seconds"]),
               megabytes(program["peak_bytes"]), megabytes(frame["peak_bytes"])]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=5, help="rounds (default 5)")
    parser.add_argument("--no-docs", action="store_true", help="leave docs/ as it is")
    options = parser.parse_args()
    work = run.ROOT / "target" / "compare"
    work.mkdir(parents=True, exist_ok=True)
    clvcast, python = run.program(), package(work)
    results = []
    for base in run.BASES:
        _, parquet, _ = run.ledger(work, clvcast, python, base, options.customers)
        out = work / "forecast.parquet"
        found = run.rounds({
            "program": [clvcast, "forecast", "--quiet", "--threads", str(run.THREADS), "--timings",
                        parquet, "--method", "chain", "--frequency", "nbd", "-o", out],
            "package": [python, run.HERE / "engines.py", "package", parquet],
        }, options.repeat)
        if failed := [of["error"] for of in found.values() if "error" in of]:
            raise SystemExit("\n".join(failed))
        amounts = [of["result"]["amount"] for of in found.values()]
        if amounts[0] != amounts[1]:
            raise SystemExit(f"{base}: the amounts forecast differ: {amounts}")
        results.append((base, options.customers, list(found.values())))
    shown = table(["base", "program in memory, s", "package, s", "ratio", "goal",
                   "to a Polars frame, s", "program, whole, s", "package, whole, s",
                   "program, MB", "package, MB"], rows(results))
    print(shown)
    if not options.no_docs:
        document = run.ROOT / "docs" / "performance.md"
        marked = re.compile(r"(<!-- table memory -->\n).*?(<!-- end memory -->)", re.DOTALL)
        text, count = marked.subn(lambda found: f"{found[1]}{shown}\n{found[2]}", document.read_text())
        if count != 1:
            raise SystemExit(f"{document}: expected one pair of marks for `memory`, found {count}")
        document.write_text(text)


if __name__ == "__main__":
    main()
