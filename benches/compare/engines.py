"""What the other engines do, each in a process of its own.

    python engines.py TASK FILE

TASK is a name of `TASKS` below. Printed is one line of JSON: `seconds` of each step, and numbers
that show that the work was done. Libraries are imported inside the tasks, since each lives in an
environment of its own; importing them is not timed as a step, but is in the time of the process.
"""

import json
import sys
import time
import warnings

THREADS = 2
# Three quarters, the horizon of a forecast, in days from the last day of the data.
HORIZON = (91, 182, 273)


class Steps:
    """Seconds by step."""

    def __init__(self):
        self.seconds, self.since = {}, time.perf_counter()

    def done(self, name):
        now = time.perf_counter()
        self.seconds[name] = now - self.since
        self.since = now


def duckdb_group(file):
    import duckdb

    steps = Steps()
    connection = duckdb.connect()
    connection.execute(f"SET threads TO {THREADS}")
    read = "read_parquet" if file.endswith(".parquet") else "read_csv"
    connection.execute(
        "CREATE TEMP TABLE grouped AS SELECT customer, date_trunc('quarter', date) AS quarter, "
        f"count(*) AS purchases, sum(amount) AS amount FROM {read}('{file}') GROUP BY ALL"
    )
    steps.done("group")
    rows, total = connection.execute("SELECT count(*), sum(amount) FROM grouped").fetchone()
    return steps, {"groups": rows, "amount": float(total)}


def to_parquet(file):
    """The same rows as Parquet, beside the CSV."""
    import duckdb

    steps = Steps()
    target = file.removesuffix(".csv") + ".parquet"
    connection = duckdb.connect()
    connection.execute(f"COPY (SELECT * FROM read_csv('{file}')) TO '{target}' (FORMAT parquet)")
    steps.done("convert")
    rows = connection.execute(f"SELECT count(*) FROM read_parquet('{target}')").fetchone()[0]
    return steps, {"rows": rows}


def polars_group(file):
    import polars

    steps = Steps()
    if file.endswith(".parquet"):
        rows = polars.scan_parquet(file)
    else:
        rows = polars.scan_csv(file, try_parse_dates=True)
    quarter = polars.col("date").dt.truncate("1q").alias("quarter")
    grouped = rows.group_by("customer", quarter).agg(
        polars.len().alias("purchases"), polars.col("amount").sum()
    )
    grouped = grouped.collect(engine="streaming")
    steps.done("group")
    return steps, {"groups": grouped.height, "amount": float(grouped["amount"].sum())}


def lifetimes(file):
    import numpy
    import pandas
    from lifetimes import BetaGeoFitter, GammaGammaFitter
    from lifetimes.utils import ConvergenceError, summary_data_from_transaction_data

    steps = Steps()
    rows = pandas.read_csv(file, parse_dates=["date"])
    steps.done("read")
    summary = summary_data_from_transaction_data(
        rows, "customer", "date", monetary_value_col="amount"
    )
    steps.done("summary")
    columns = summary["frequency"], summary["recency"], summary["T"]
    # Where nobody leaves, its likelihood has no maximum inside; a penalty is its authors' remedy.
    for penalty in (0.0, 0.001, 0.01, 0.1):
        try:
            purchases = BetaGeoFitter(penalizer_coef=penalty).fit(*columns)
            break
        except ConvergenceError:
            continue
    else:
        raise SystemExit("lifetimes: BG/NBD does not converge")
    steps.done("fit BG/NBD")
    repeat = summary[(summary["frequency"] > 0) & (summary["monetary_value"] > 0)]
    values = GammaGammaFitter().fit(repeat["frequency"], repeat["monetary_value"])
    steps.done("fit Gamma-Gamma")
    expected = [
        purchases.conditional_expected_number_of_purchases_up_to_time(days, *columns)
        for days in HORIZON
    ]
    value = values.conditional_expected_average_profit(
        summary["frequency"], summary["monetary_value"]
    )
    steps.done("predict")
    amount = float(numpy.nansum(expected[-1] * value))
    result = {"customers": len(summary), "purchases": float(expected[-1].sum())}
    return steps, {**result, "amount": amount, "penalty": penalty}


def pymc_marketing(file):
    import pandas
    from pymc_marketing import clv

    steps = Steps()
    rows = pandas.read_csv(file, parse_dates=["date"])
    steps.done("read")
    summary = clv.utils.rfm_summary(
        rows, customer_id_col="customer", datetime_col="date", monetary_value_col="amount",
        include_first_transaction=False,
    )
    steps.done("summary")
    purchases = clv.BetaGeoModel(data=summary)
    purchases.fit(method="map")
    steps.done("fit BG/NBD")
    repeat = summary[(summary["frequency"] > 0) & (summary["monetary_value"] > 0)]
    values = clv.GammaGammaModel(data=repeat)
    values.fit(method="map")
    steps.done("fit Gamma-Gamma")
    expected = [
        purchases.expected_purchases(data=summary, future_t=days) for days in HORIZON
    ]
    values.expected_customer_spend(data=repeat)
    steps.done("predict")
    return steps, {"customers": len(summary), "purchases": float(expected[-1].sum())}


def package(file):
    """From a Polars frame to a Polars frame of forecasts; reading the file is not timed."""
    import clvcast
    import polars

    transactions = polars.read_parquet(file)
    steps = Steps()
    panel = clvcast.Panel.from_transactions(transactions)
    steps.done("panel")
    forecaster = clvcast.Forecaster(method="chain", frequency="nbd").fit(panel)
    steps.done("fit")
    forecast = forecaster.forecast()
    steps.done("forecast")
    rows = forecast.to_polars()
    steps.done("frame")
    return steps, {"customers": rows.height, "amount": forecast.totals().to_dict()["amount"][-1]}


TASKS = {
    "package": package,
    "duckdb-group": duckdb_group,
    "to-parquet": to_parquet,
    "polars-group": polars_group,
    "lifetimes": lifetimes,
    "pymc-marketing": pymc_marketing,
}

if __name__ == "__main__":
    warnings.simplefilter("ignore")
    task, file = sys.argv[1:3]
    steps, result = TASKS[task](file)
    print(json.dumps({"seconds": steps.seconds, "result": result}))
