"""The cost of a forecast against the number of customers: python plot.py RESULTS.json OUT.svg"""

import json
import sys

import matplotlib

matplotlib.use("svg")
# The same results give the same bytes.
matplotlib.rcParams.update({"svg.hashsalt": "clvcast", "font.size": 10})
import matplotlib.pyplot as pyplot

LINES = {
    "forecast csv to parquet": ("clvcast, CSV to Parquet", "#0b5fa5", "o-"),
    "forecast parquet to parquet": ("clvcast, Parquet to Parquet", "#5aa0d8", "o--"),
    "duckdb csv": ("DuckDB, grouping the CSV only", "#c77700", "s-"),
    "polars csv": ("Polars, grouping the CSV only", "#7a7a7a", "^-"),
    "lifetimes": ("lifetimes, the same task", "#a32a2a", "d-"),
    "pymc-marketing": ("pymc-marketing (MAP), the same task", "#6d3fa0", "v-"),
}

results = json.load(open(sys.argv[1]))
bases = sorted({ledger["base"] for ledger in results["ledgers"]}, reverse=True)
figure, panels = pyplot.subplots(
    2, len(bases), figsize=(5.2 * len(bases), 7.4), sharex=True, sharey="row", squeeze=False
)
for column, base in enumerate(bases):
    ledgers = [ledger for ledger in results["ledgers"] if ledger["base"] == base]
    for row, (key, unit) in enumerate([("seconds", 1.0), ("peak_bytes", 1e6)]):
        panel = panels[row][column]
        for name, (label, colour, style) in LINES.items():
            points = [(ledger["customers"], ledger["tasks"][name][key] / unit) for ledger in ledgers
                      if key in ledger["tasks"].get(name, {})]
            if points:
                panel.plot(*zip(*sorted(points)), style, color=colour, label=label, markersize=5)
        panel.set_xscale("log")
        panel.set_yscale("log")
        panel.grid(True, which="major", alpha=0.3)
    panels[0][column].set_title(f"base in which customers {base}")
    panels[1][column].set_xlabel("customers")
panels[0][0].set_ylabel("seconds")
panels[1][0].set_ylabel("peak memory, MB")
figure.tight_layout(rect=(0, 0.07, 1, 1))
figure.legend(*panels[0][0].get_legend_handles_labels(), loc="lower center", ncol=3, fontsize=9, frameon=False)
figure.savefig(sys.argv[2], metadata={"Date": None})
