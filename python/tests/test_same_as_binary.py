"""Frames have the columns and the numbers of the command line, to the bit."""

import subprocess

import clvcast
import polars
import pytest
from polars.testing import assert_frame_equal

FORECASTS = [
    (dict(method="chain", frequency="nbd"), {}, ["--method", "chain", "--frequency", "nbd"]),
    (
        dict(frequency="pdo", season="harmonics", trend="damped", tau="14d"),
        dict(horizon=2, margin_rule="pooled", quantiles=[0.05, 0.95]),
        "--frequency pdo --season harmonics --trend damped --tau 14d --horizon 2 "
        "--margin-rule pooled --quantiles 0.05,0.95".split(),
    ),
    (
        dict(method="posterior", frequency="bg-nbd", spend="purchase"),
        dict(margin=0.3, expense_rate=0.05, discount=0.02),
        "--method posterior --frequency bg-nbd --spend purchase --margin 0.3 "
        "--expense-rate 0.05 --discount 0.02".split(),
    ),
    ({}, {}, []),
]


@pytest.mark.parametrize(("model", "rules", "options"), FORECASTS)
def test_forecasts(model, rules, options, binary, superstore, tmp_path):
    out = tmp_path / "forecast.parquet"
    command = [binary, "forecast", superstore, "--quiet", "-o", out, *options]
    subprocess.run(command, check=True, capture_output=True)
    panel = clvcast.Panel.from_transactions(superstore)
    forecast = clvcast.Forecaster(**model).fit(panel).forecast(**rules)
    assert_frame_equal(forecast.to_polars(), polars.read_parquet(out), check_exact=True)


@pytest.mark.parametrize("kind", [clvcast.NBD, clvcast.BGNBD, clvcast.MBGNBD, clvcast.ParetoNBD])
def test_model_files(kind, binary, superstore, tmp_path):
    theirs = tmp_path / "model.json"
    command = [binary, "fit", superstore, "--frequency", kind.frequency, "-o", theirs, "--quiet"]
    subprocess.run(command, check=True, capture_output=True)
    model = kind().fit(clvcast.Panel.from_transactions(superstore))
    ours = tmp_path / "ours.json"
    model.save(ours)
    assert ours.read_text() == theirs.read_text()
    assert clvcast.load(theirs).params_ == model.params_


def test_frames_are_read_like_the_file(superstore):
    file = clvcast.Panel.from_transactions(superstore)
    rows = polars.read_csv(superstore, try_parse_dates=True, infer_schema_length=None)
    frames = [rows, rows.to_arrow(), rows.to_pandas(), rows.rechunk().slice(0)]
    for frame in frames:
        panel = clvcast.Panel.from_transactions(frame)
        assert_frame_equal(panel.customers().to_polars(), file.customers().to_polars())


def test_duckdb_relations(superstore):
    duckdb = pytest.importorskip("duckdb")
    relation = duckdb.sql(f"SELECT customer, date, amount FROM read_csv('{superstore}')")
    panel = clvcast.Panel.from_transactions(relation)
    assert len(panel) == 793
