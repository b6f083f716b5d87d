"""Measures clvcast beside DuckDB, Polars, lifetimes and pymc-marketing, and writes the tables and
the picture of docs/performance.md.

    python3 benches/compare/run.py                       # what the document shows; takes an hour or two
    python3 benches/compare/run.py --sizes 10000 --repeat 1 --no-docs

Needs Rust, Python 3.11 and the package index PyPI, nothing else: it builds the program, makes the
ledgers with `clvcast simulate`, and installs the other engines, with the versions of the
requirements files beside it, into environments of its own under target/. Every task is a process of
its own on two threads. Tasks take turns, so that a slow minute of the machine meets all of them;
medians are taken over the rounds. See `--help` for less or more.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import report

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
THREADS = 2
ENGINES = ("tables", "lifetimes", "pymc")
# Ledgers of seven to ten rows a customer: of a base whose customers stay, and of one whose customers
# leave; periods are quarters.
BASES = {
    "stay": ["--periods", "8"],
    "leave": ["--periods", "16", "--frequency", "pareto-nbd"],
}
MODELS = ("nbd", "bg-nbd", "mbg-nbd", "pareto-nbd", "pdo")
# Customers beyond which a task is left out: it would take minutes, or more memory than there is.
MOST = {
    "lifetimes": 1_000_000,
    "pymc-marketing": 100_000,
    "auto": 1_000_000,
    "quantiles": 1_000_000,
    "fit pareto-nbd": 1_000_000,
}
# A task that takes more seconds than this is measured as often at most.
LONG = {120.0: 2, 600.0: 1}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--sizes", default="10000,100000,1000000", help="customers, comma-separated")
    parser.add_argument("--bases", default="stay,leave", help="of " + ", ".join(BASES))
    parser.add_argument("--repeat", type=int, default=5, help="rounds (default 5)")
    parser.add_argument(
        "--engines", default=",".join(ENGINES),
        help="other engines to run, of tables (DuckDB, Polars), lifetimes, pymc (default all)",
    )
    parser.add_argument("--only", help="only tasks whose name holds one of these words, comma-separated")
    parser.add_argument("--work", type=Path, default=ROOT / "target" / "compare",
                        help="folder for environments and ledgers (default target/compare)")
    parser.add_argument("--no-docs", action="store_true", help="leave docs/ as it is")
    parser.add_argument("--report", type=Path, metavar="RESULTS.json",
                        help="measure nothing; write the document from these results")
    return parser.parse_args()


def say(text):
    print(text, flush=True)


# Environments


def environment(work, name):
    """The Python of the environment `name`, made on the first call; None where it cannot be made."""
    folder = work / f"venv-{name}"
    python = folder / "bin" / "python"
    requirements = HERE / f"requirements-{name}.txt"
    mark = folder / "requirements.txt"
    if mark.is_file() and mark.read_text() == requirements.read_text():
        return python
    say(f"installing {requirements.name}")
    shutil.rmtree(folder, ignore_errors=True)
    try:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, "-r", requirements], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        say(f"left out: {name} cannot be installed ({error})")
        return None
    shutil.copy(requirements, mark)
    return python


def program():
    say("building clvcast")
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet"], cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / "release" / "clvcast"


# Ledgers


def ledger(work, clvcast, tables, base, size):
    """The CSV and, where DuckDB is there, the Parquet file of a base; made once."""
    folder = work / "ledgers"
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{base}-{size}"
    csv, parquet = folder / f"{name}.csv", folder / f"{name}.parquet"
    if not csv.is_file():
        say(f"simulating {name}")
        command = [clvcast, "simulate", "--customers", str(size), "--seed", "5", "-o", csv]
        subprocess.run([*command, *BASES[base]], check=True, stderr=subprocess.DEVNULL)
        (folder / f"{name}.csv.truth.json").unlink(missing_ok=True)
    if tables and not parquet.is_file():
        subprocess.run([tables, HERE / "engines.py", "to-parquet", csv], check=True,
                       stdout=subprocess.DEVNULL)
    with csv.open("rb") as file:
        pieces = iter(lambda: file.read(1 << 24), b"")
        rows = sum(piece.count(b"\n") for piece in pieces) - 1
    sizes = {"csv_bytes": csv.stat().st_size, "rows": rows}
    if parquet.is_file():
        sizes["parquet_bytes"] = parquet.stat().st_size
    return csv, parquet if parquet.is_file() else None, sizes


# Tasks


def tasks(clvcast, pythons, csv, parquet, size, out):
    """Name and command of everything that is measured on one ledger."""
    forecast = [clvcast, "forecast", "--quiet", "--threads", str(THREADS), "--timings"]
    nbd = ["--method", "chain", "--frequency", "nbd"]
    few = ["--columns", "customer,purchases_1", "-o", f"{out}.parquet"]
    found = {"forecast csv to parquet": [*forecast, csv, *nbd, "-o", f"{out}.parquet"]}
    found["forecast csv to csv"] = [*forecast, csv, *nbd, "-o", f"{out}.csv"]
    if parquet:
        found["forecast parquet to parquet"] = [*forecast, parquet, *nbd, "-o", f"{out}.parquet"]
    for model in MODELS:
        method = ["--frequency", model, "--method", "posterior"]
        found[f"fit {model}"] = [*forecast, csv, *method, *few]
    found["auto"] = [*forecast, csv, "--method", "auto", *few]
    found["quantiles"] = [*forecast, csv, *nbd, "--quantiles", "0.05,0.5,0.95", "-o", f"{out}.parquet"]
    engine = lambda name, task, file: [pythons[name], HERE / "engines.py", task, file]
    if pythons.get("tables"):
        found["duckdb csv"] = engine("tables", "duckdb-group", csv)
        found["duckdb parquet"] = engine("tables", "duckdb-group", parquet)
        found["polars csv"] = engine("tables", "polars-group", csv)
        found["polars parquet"] = engine("tables", "polars-group", parquet)
    if pythons.get("lifetimes"):
        found["lifetimes"] = engine("lifetimes", "lifetimes", csv)
    if pythons.get("pymc"):
        found["pymc-marketing"] = engine("pymc", "pymc-marketing", csv)
    return {name: command for name, command in found.items() if size <= MOST.get(name, size)}


def measured(command):
    """One run: seconds, CPU seconds, peak memory in bytes, and what the process says of itself."""
    few = {name: str(THREADS) for name in (
        "POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
        "NUMBA_NUM_THREADS")}
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as errors:
        since = time.perf_counter()
        process = subprocess.Popen([str(part) for part in command], stdout=said, stderr=errors,
                                   env={**os.environ, **few})
        # wait4 alone tells what this one child used. Its peak is at least what this script itself
        # takes, some 20 MB.
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - since
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        errors.seek(0)
        if process.returncode != 0:
            text = errors.read().decode(errors="replace").strip().splitlines()
            return {"error": f"status {process.returncode}: {text[-1] if text else ''}"}
        lines = said.read().decode().strip().splitlines()
    run = {
        "seconds": seconds,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_bytes": usage.ru_maxrss * 1024,
    }
    if "-o" in command:
        output = Path(command[command.index("-o") + 1])
        manifest = json.loads(Path(f"{output}.run.json").read_text())
        run["stages"] = {s["stage"]: s["seconds"] for s in manifest["times"]["stages"]}
        run["output_bytes"] = output.stat().st_size
        run["result"] = {"customers": manifest["customers"]["forecast"],
                         "amount": manifest["totals"]["amount"]}
    elif lines:
        told = json.loads(lines[-1])
        run["stages"], run["result"] = told["seconds"], told["result"]
    return run


def summary(runs):
    """Medians of the runs of one task, with the range of their times."""
    good = [run for run in runs if "error" not in run]
    if not good:
        return {"error": runs[-1]["error"]}
    median = lambda key: statistics.median(run[key] for run in good)
    names = good[0].get("stages", {})
    return {
        "runs": len(good),
        "seconds": median("seconds"),
        "fastest": min(run["seconds"] for run in good),
        "slowest": max(run["seconds"] for run in good),
        "cpu_seconds": median("cpu_seconds"),
        "peak_bytes": median("peak_bytes"),
        "stages": {n: statistics.median(run["stages"].get(n, 0.0) for run in good) for n in names},
        "output_bytes": good[0].get("output_bytes"),
        "result": good[0].get("result"),
    }


def rounds(found, repeat):
    """All tasks in turn, again and again: results by task."""
    runs = {name: [] for name in found}
    for number in range(repeat):
        for name, command in found.items():
            before = runs[name]
            taken = before[0].get("seconds", 0.0) if before else 0.0
            too_long = any(taken > long and len(before) >= most for long, most in LONG.items())
            if too_long or any("error" in run for run in before):
                continue
            before.append(run := measured(command))
            shown = run.get("error", "")[:200] or f"{run['seconds']:.2f} s, {run['peak_bytes'] / 1e6:.0f} MB"
            say(f"  {number + 1}/{repeat} {name}: {shown}")
    return {name: summary(of) for name, of in runs.items()}


def machine(clvcast, pythons):
    """What the figures were measured on, and with."""
    cpu = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                if line.startswith("model name")), platform.processor())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    versions = {}
    for name, python in pythons.items():
        if python:
            listed = subprocess.run([python, "-m", "pip", "list", "--format", "json"],
                                    capture_output=True, check=True, text=True).stdout
            wanted = {"duckdb", "polars", "lifetimes", "pymc-marketing"}
            versions |= {p["name"].lower(): p["version"] for p in json.loads(listed)
                         if p["name"].lower() in wanted}
    told = subprocess.run([clvcast, "--version"], capture_output=True, check=True, text=True).stdout
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True,
                            text=True).stdout.strip()
    return {
        "cpu": cpu, "cores": os.cpu_count(), "memory_bytes": memory, "threads": THREADS,
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "date": time.strftime("%Y-%m-%d"), "program": told.strip(), "commit": commit,
        "python": platform.python_version(), "versions": versions,
    }


def main():
    options = arguments()
    if options.report:
        report.write(ROOT / "docs", json.loads(options.report.read_text()),
                     environment(options.work, "tables"))
        return
    options.work = options.work.resolve()
    options.work.mkdir(parents=True, exist_ok=True)
    clvcast = program()
    wanted = options.engines.split(",")
    pythons = {name: environment(options.work, name) for name in ENGINES if name in wanted}
    results = {"command": " ".join(["python3", "benches/compare/run.py", *sys.argv[1:]]),
               "repeat": options.repeat, "bases": BASES, "machine": machine(clvcast, pythons), "ledgers": []}
    target = options.work / "results.json"
    for size in map(int, options.sizes.split(",")):
        for base in options.bases.split(","):
            csv, parquet, sizes = ledger(options.work, clvcast, pythons.get("tables"), base, size)
            say(f"{base}: {size} customers, {sizes['rows']} rows")
            found = tasks(clvcast, pythons, csv, parquet, size, options.work / "forecast")
            if options.only:
                words = options.only.split(",")
                found = {name: command for name, command in found.items()
                         if any(word in name for word in words)}
            measurements = rounds(found, options.repeat)
            results["ledgers"].append({"base": base, "customers": size, **sizes, "tasks": measurements})
            # Written after every ledger, so that a run that is stopped is not lost.
            target.write_text(json.dumps(results, indent=1) + "\n")
    say(f"results in {target}")
    print(report.text(results))
    if not options.no_docs:
        report.write(ROOT / "docs", results, pythons.get("tables"))


if __name__ == "__main__":
    main()
