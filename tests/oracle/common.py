"""What the oracle scripts share: inputs, number format, file headers.

Inputs are doubles: a number written in a table is read as the nearest 64-bit number and
then used exactly, so a program in doubles and the oracle start from the same values.
Results are written with 20 significant digits.
"""

import json
from pathlib import Path

import mpmath
from mpmath import mp, mpf

HERE = Path(__file__).resolve().parent
DATE = "2026-11-21"


def num(x):
    """The exact value of the double nearest to `x`."""
    return mpf(float(x))


def s20(x):
    """20 significant digits; an empty field where there is no number."""
    return "" if x is None else mp.nstr(x, 20, min_fixed=-3, max_fixed=7)


def header(script, claims):
    first = f"{script}, mpmath {mpmath.__version__}, {mp.dps} digits, {DATE}"
    return "".join(f"# {line}\n" for line in [first, *claims])


def write_csv(name, script, claims, columns, rows):
    with open(HERE / name, "w", encoding="utf-8", newline="") as file:
        file.write(header(script, claims) + ",".join(columns) + "\n")
        file.writelines(",".join(map(str, row)) + "\n" for row in rows)
    print(f"{name}: {len(rows)} rows")


def write_jsonl(name, script, claims, records):
    """One JSON object per line after the comment lines; results are strings of 20 digits."""
    def plain(value):
        if isinstance(value, mpf):
            return s20(value)
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value

    with open(HERE / name, "w", encoding="utf-8", newline="") as file:
        file.write(header(script, claims))
        file.writelines(json.dumps(plain(record)) + "\n" for record in records)
    print(f"{name}: {len(records)} records")
