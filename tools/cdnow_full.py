#!/usr/bin/env python3
"""Make tests/data/cdnow-full.csv and tests/data/cdnow-full-spend.csv: the full CDNOW file as counts.

    python3 tools/cdnow_full.py
    python3 tools/cdnow_full.py --ledger cdnow-full.csv

The second form writes the transactions themselves, as clvcast reads them, and nothing else.

Needs Python 3.9 or later with pip and a network; the package is fetched into a temporary
directory and none of its code runs. The source file is checked by SHA-256, so the same
command always writes the same bytes. tests/data/README.md says what the columns mean.
"""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / "tests" / "data"
PACKAGE = "lifetimes==0.11.3"
MEMBER = "lifetimes/datasets/CDNOW_master.txt"
SHA = "eff6889ed364c5199d6eacbbeb7a6d559971df4406ac876f322c373f00a072ef"
END = datetime(1997, 9, 30)
HEAD = [
    "CDNOW, all customers; data set compiled by Peter Fader and Bruce Hardie, taken from the PyPI package",
    "lifetimes 0.11.3 (lifetimes/datasets/CDNOW_master.txt). Calibration to 1997-09-30; made by tools/cdnow_full.py.",
]


def source():
    with tempfile.TemporaryDirectory() as tmp:
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
                        "--no-deps", "--only-binary", ":all:", PACKAGE], cwd=tmp, check=True)
        with zipfile.ZipFile(next(Path(tmp).glob("*.whl"))) as archive:
            data = archive.read(MEMBER)
    found = hashlib.sha256(data).hexdigest()
    if found != SHA:
        sys.exit(f"{MEMBER}: SHA-256 is {found}, expected {SHA}")
    return data.decode("ascii").splitlines()[1:]


def cents(text):
    whole, fraction = text.split(".")
    assert len(fraction) == 2
    return int(whole) * 100 + int(fraction)


def write(name, notes, columns, table):
    lines = [f"# {line}" for line in HEAD + notes] + [",".join(columns)]
    lines += [",".join(map(str, (*key, n))) for key, n in sorted(table.items())]
    data = "\n".join(lines) + "\n"
    (OUT / name).write_bytes(data.encode("ascii"))
    print(f"tests/data/{name}: {len(table)} rows, SHA-256 {hashlib.sha256(data.encode()).hexdigest()}")


def ledger(path):
    rows = ["customer,date,cds,amount"]
    for line in source():
        customer, day, cds, dollars = line.split()
        rows.append(f"{customer},{day[:4]}-{day[4:6]}-{day[6:]},{cds},{dollars}")
    Path(path).write_text("\n".join(rows) + "\n", encoding="ascii")
    print(f"{path}: {len(rows) - 1} rows")


def main():
    if sys.argv[1:2] == ["--ledger"]:
        return ledger(sys.argv[2])
    days = defaultdict(lambda: defaultdict(int))  # customer, day: cents
    rows = 0
    for line in source():
        customer, day, _cds, dollars = line.split()
        rows += 1
        if (date := datetime.strptime(day, "%Y%m%d")) <= END:
            days[customer][date] += cents(dollars)
    histories, spend = Counter(), Counter()
    zero = 0
    for bought in days.values():
        dates = sorted(bought)
        x = len(dates) - 1
        histories[x, (dates[-1] - dates[0]).days, (END - dates[0]).days] += 1
        total = sum(bought[d] for d in dates[1:])
        if total > 0:
            spend[x, total] += 1
        zero += x > 0 and total == 0
    OUT.mkdir(parents=True, exist_ok=True)
    write("cdnow-full.csv", [
        "x: days with a purchase after the first one ($0 orders count); t_x, T in days from the first purchase."],
        ["x", "t_x", "T", "customers"], histories)
    write("cdnow-full-spend.csv", [
        "x as there, $0 days included; cents: their total; customers with a positive total."],
        ["x", "cents", "customers"], spend)
    customers, sum_x = sum(histories.values()), sum(k[0] * n for k, n in histories.items())
    print(f"  rows {rows}, customers {customers}, x = 0: {sum(n for k, n in histories.items() if k[0] == 0)}, sum of x {sum_x}, "
          f"max x {max(k[0] for k in histories)}, T {min(k[2] for k in histories)} to {max(k[2] for k in histories)} days")
    print(f"  repeat buyers with a positive total {sum(spend.values())}, sum of cents {sum(k[1] * n for k, n in spend.items())}, "
          f"repeat buyers with total 0: {zero}")
    assert (rows, customers) == (69659, 23570)


if __name__ == "__main__":
    main()
