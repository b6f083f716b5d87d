"""From the results of run.py to tables in Markdown, and into docs/performance.md."""

import json
import re
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent

# Work, what it is compared with, and the largest ratio of times that is the goal. The figures of
# the goals were set before the work on speed began.
GOALS = [
    ("forecast csv to parquet", "duckdb csv", 0.8),
    ("forecast csv to parquet", "polars csv", None),
    ("forecast csv to csv", "duckdb csv", 1.6),
    ("forecast parquet to parquet", "duckdb parquet", 1.2),
    ("forecast parquet to parquet", "polars parquet", None),
    ("forecast csv to parquet", "lifetimes", 1 / 15),
]
# Largest seconds of a fit to a million customers, the Gamma-Gamma of their values included.
FITS = {"nbd": 0.3, "bg-nbd": 1.0, "mbg-nbd": None, "pareto-nbd": 15.0, "pdo": 1.0}
MILLION = 1_000_000


def table(header, rows):
    """Markdown, the first column to the left and the others to the right."""
    lines = ["| " + " | ".join(header) + " |", "|---" + "|--:" * (len(header) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def seconds(value):
    return "–" if value is None else f"{value:.3f}" if value < 1 else f"{value:.2f}"


def megabytes(value):
    return "–" if value is None else f"{value / 1e6:,.0f}"


def done(ledger, name):
    """The result of a task that was run and did not fail."""
    found = ledger["tasks"].get(name)
    return found if found and "error" not in found else None


def shown(ledger):
    return f"{ledger['base']}, {ledger['customers']:,} customers"


def main_size(results):
    """The size that the goals are about, or the largest below it."""
    sizes = [ledger["customers"] for ledger in results["ledgers"]]
    return max((size for size in sizes if size <= MILLION), default=max(sizes))


def chosen(results):
    size = main_size(results)
    return [ledger for ledger in results["ledgers"] if ledger["customers"] == size]


def about(results):
    machine = results["machine"]
    engines = ", ".join(f"{name} {version}" for name, version in sorted(machine["versions"].items()))
    ledgers = "; ".join(
        f"{shown(ledger)}: {ledger['rows']:,} rows, {megabytes(ledger['csv_bytes'])} MB of CSV"
        for ledger in results["ledgers"]
    )
    made = "; ".join(f"{base}: `clvcast simulate {' '.join(made)}`" for base, made in results["bases"].items())
    return (
        f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_bytes'] / 2**30:.0f} GiB of memory, "
        f"{machine['system']}; {machine['threads']} threads. {machine['program']} at {machine['commit']}, "
        f"{engines}, Python {machine['python']}. {machine['date']}, medians of up to "
        f"{results['repeat']} rounds.\n\nBases: {made}. Ledgers: {ledgers}.\n\nCommand: `{results['command']}`"
    )


def goals(results):
    rows = []
    for ledger in chosen(results):
        for name, other, goal in GOALS:
            ours, theirs = done(ledger, name), done(ledger, other)
            if not ours or not theirs:
                continue
            ratio = ours["seconds"] / theirs["seconds"]
            rows.append([
                f"{shown(ledger)}: {name}", other, seconds(ours["seconds"]), seconds(theirs["seconds"]),
                f"{ratio:.3f}", "–" if goal is None else f"≤ {goal:.3f}",
                megabytes(ours["peak_bytes"]), megabytes(theirs["peak_bytes"]),
            ])
    return table(["work", "compared with", "clvcast, s", "theirs, s", "ratio", "goal",
                  "clvcast, MB", "theirs, MB"], rows)


def fits(results):
    threads, rows = results["machine"]["threads"], []
    for ledger in chosen(results):
        for model, goal in FITS.items():
            found = done(ledger, f"fit {model}")
            if not found:
                continue
            scoring = found["stages"].get("forecasting")
            rate = ledger["customers"] / scoring / threads / 1e6 if scoring else None
            rows.append([
                f"{shown(ledger)}: {model}", seconds(found["stages"].get("fitting")),
                "–" if goal is None else f"≤ {goal}", seconds(scoring),
                "–" if rate is None else f"{rate:.3g}", seconds(found["seconds"]),
            ])
        automatic = done(ledger, "auto")
        if automatic:
            stages = automatic["stages"]
            choosing = stages.get("comparing", 0.0) + stages.get("fitting", 0.0)
            rows.append([f"{shown(ledger)}: auto, comparing and fitting", seconds(choosing), "≤ 15",
                         seconds(stages.get("forecasting")), "–", seconds(automatic["seconds"])])
        drawn = done(ledger, "quantiles")
        if drawn:
            drawing = drawn["stages"].get("drawing futures")
            rate = ledger["customers"] / drawing / threads / 1e3 if drawing else None
            rows.append([f"{shown(ledger)}: quantiles, drawing futures", seconds(drawing), "–", "–",
                         "–" if rate is None else f"{rate / 1e3:.3g}", seconds(drawn["seconds"])])
    return table(["model", "stage, s", "goal", "forecast and profit, s",
                  "million customers/s/core", "whole run, s"], rows)


def stages(results):
    names = ["reading", "panel", "fitting", "forecasting", "drawing futures", "writing"]
    rows = []
    for ledger in chosen(results):
        for name in ("forecast csv to parquet", "forecast csv to csv", "forecast parquet to parquet"):
            found = done(ledger, name)
            if found:
                cells = [seconds(found["stages"].get(stage)) for stage in names]
                rows.append([f"{shown(ledger)}: {name}", *cells, seconds(found["seconds"])])
    return table(["work", *(f"{name}, s" for name in names), "whole run, s"], rows)


def growth(results):
    rows = []
    for ledger in results["ledgers"]:
        for name in ("forecast csv to parquet", "forecast parquet to parquet", "duckdb csv",
                     "duckdb parquet", "polars csv", "polars parquet"):
            found = done(ledger, name)
            if found:
                rows.append([
                    f"{shown(ledger)}: {name}", f"{ledger['rows']:,}", seconds(found["seconds"]),
                    f"{found['seconds'] / ledger['rows'] * 1e6:.3f}", megabytes(found["peak_bytes"]),
                ])
    picture = "![Seconds and peak memory against customers](performance.svg)"
    shown_rows = table(["work", "rows", "seconds", "µs per row", "peak, MB"], rows)
    return f"{picture}\n\n{shown_rows}"


def engines(results):
    rows = []
    for ledger in results["ledgers"]:
        for name in ("forecast csv to parquet", "fit bg-nbd", "lifetimes", "pymc-marketing"):
            found = ledger["tasks"].get(name)
            if not found:
                continue
            if "error" in found:
                rows.append([f"{shown(ledger)}: {name}", "failed", "–", "–", "–"])
                continue
            steps = found["stages"]
            fit = sum(s for step, s in steps.items() if step.startswith("fit"))
            predict = steps.get("predict", steps.get("forecasting"))
            rows.append([f"{shown(ledger)}: {name}", seconds(found["seconds"]), seconds(fit),
                         seconds(predict), megabytes(found["peak_bytes"])])
    return table(["work", "whole, s", "fits, s", "prediction, s", "peak, MB"], rows)


SECTIONS = {"about": about, "goals": goals, "stages": stages, "fits": fits, "growth": growth,
            "engines": engines}


def text(results):
    """Everything, for the terminal."""
    return "\n\n".join(f"## {name}\n\n{section(results)}" for name, section in SECTIONS.items())


def write(docs, results, python):
    """Puts each table between its marks in performance.md, and the picture and the results beside it."""
    document = docs / "performance.md"
    page = document.read_text()
    for name, section in SECTIONS.items():
        marked = re.compile(rf"(<!-- table {name} -->\n).*?(<!-- end {name} -->)", re.DOTALL)
        page, count = marked.subn(lambda found: f"{found[1]}{section(results)}\n{found[2]}", page)
        if count != 1:
            raise SystemExit(f"{document}: expected one pair of marks for `{name}`, found {count}")
    document.write_text(page)
    target = docs / "performance.json"
    target.write_text(json.dumps(results, indent=1) + "\n")
    if python:
        subprocess.run([python, HERE / "plot.py", target, docs / "performance.svg"], check=True)
