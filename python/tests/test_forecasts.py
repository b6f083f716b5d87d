"""What comes with a forecast and a backtest."""

import json
import subprocess
import warnings

import clvcast
import numpy
import polars
import pytest


@pytest.fixture(scope="module")
def panel(superstore):
    return clvcast.Panel.from_transactions(superstore)


@pytest.fixture(scope="module")
def forecast(panel):
    forecaster = clvcast.Forecaster(method="chain", frequency="nbd", season="month").fit(panel)
    return forecaster.forecast(quantiles=[0.05, 0.5, 0.95])


def test_totals_are_the_sums_of_the_rows(forecast):
    """To the rounding of 793 additions in another order."""
    rows, totals = forecast.to_polars(), forecast.totals().to_polars()
    assert totals["period"].to_list() == [*forecast.periods, "total"]
    for name in ("purchases", "amount", "cost", "expense", "gross_profit"):
        for place in range(3):
            total = rows[f"{name}_{place + 1}"].sum()
            assert totals[name][place] == pytest.approx(total, rel=1e-12)
        assert totals[name][3] == pytest.approx(totals[name][:3].sum(), rel=1e-12)
    assert (totals["gross_profit_p05"] < totals["gross_profit"]).all()
    assert (totals["gross_profit_p95"] > totals["gross_profit"]).all()
    assert forecast.quantiles == [0.05, 0.5, 0.95]


def test_the_summary_is_that_of_the_program(binary, superstore, forecast):
    options = "--method chain --frequency nbd --season month --quantiles 0.05,0.5,0.95".split()
    command = [binary, "forecast", superstore, *options]
    theirs = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    ours = clvcast.errors.in_words_of_python(theirs)
    assert forecast.summary() == ours


def test_pictures_have_the_numbers_of_the_program(binary, superstore, forecast, tmp_path):
    options = "--method chain --frequency nbd --season month --quantiles 0.05,0.5,0.95".split()
    command = [binary, "forecast", superstore, *options, "--plots", tmp_path, "--quiet"]
    subprocess.run(command, check=True, capture_output=True)
    pictures = forecast.pictures()
    assert {path.stem for path in tmp_path.glob("*.csv")} == set(pictures)
    for name, picture in pictures.items():
        assert picture.csv == (tmp_path / f"{name}.csv").read_text(), name
    assert "alive-heatmap" in forecast.skipped_pictures()


def test_subsets_and_columns(forecast):
    frame = forecast.frame(
        layout="long", columns=["customer", "period", "amount"], customers=["TC-20980", "AA-10315"]
    ).to_polars()
    assert frame.columns == ["customer", "period", "amount"]
    assert frame["customer"].unique(maintain_order=True).to_list() == ["AA-10315", "TC-20980"]
    with pytest.raises(clvcast.OptionError, match="nobody"):
        forecast.frame(customers=["nobody"])
    with pytest.raises(clvcast.OptionError, match="amuont"):
        forecast.frame(columns=["amuont"])


def test_overrides_are_obeyed(panel, forecast, tmp_path):
    path = tmp_path / "decided.csv"
    path.write_text("customer,segment,period,field,op,value\nTC-20980,,,margin,set,0.25\n")
    forecaster = clvcast.Forecaster(method="chain", frequency="nbd", season="month").fit(panel)
    decided = forecaster.forecast(overrides=path).to_polars()
    row = decided.filter(polars.col("customer") == "TC-20980").row(0, named=True)
    assert row["cost_1"] == pytest.approx(0.75 * row["amount_1"], rel=1e-12)
    path.write_text("customer,segment,period,field,op,value\nnobody,,,margin,set,0.25\n")
    with pytest.raises(clvcast.DataError, match="nobody"):
        forecaster.forecast(overrides=path)


def test_numbers_that_cannot_be_meant(panel):
    forecaster = clvcast.Forecaster(method="chain", frequency="nbd").fit(panel)
    for wrong in (
        dict(horizon=0),
        dict(horizon=2.5),
        dict(seed=-1),
        dict(margin=35),
        dict(margin=float("nan")),
        dict(expense_rate=-0.1),
        dict(discount=-1.0),
        dict(quantiles=[1.5]),
        dict(quantiles=[0.00001]),
        dict(quantiles=[0.5], draws=10),
        dict(margin_rule="first"),
        dict(recalibrate=True),
    ):
        with pytest.raises(clvcast.OptionError) as caught:
            forecaster.forecast(**wrong)
        assert "--" not in str(caught.value)
    for wrong in (
        dict(frequency="nbd", penalty=-1.0),
        dict(frequency="nbd", trend="damped", damping=1.5),
        dict(frequency="nbd", damping=0.5),
        dict(frequency="nbd", max_frequency=-1),
        dict(frequency="nbd", tau="7d"),
        dict(frequency="bg-nbd", method="chain"),
        dict(frequency="mbd"),
        dict(frequency="auto", method="point"),
    ):
        with pytest.raises(clvcast.OptionError):
            clvcast.Forecaster(**wrong).fit(panel)
    with pytest.raises(TypeError, match="sesaon"):
        clvcast.NBD(sesaon="auto")


def test_other_panels_than_that_of_the_fit_are_told(panel, superstore):
    earlier = clvcast.Panel.from_transactions(superstore, as_of="2016-12-31")
    forecaster = clvcast.Forecaster(method="chain", frequency="nbd").fit(panel)
    with pytest.warns(clvcast.ClvWarning, match="it knows what it forecasts"):
        forecaster.forecast(panel=earlier)
    with pytest.warns(clvcast.ClvWarning, match="it knows what it forecasts"):
        forecaster.model_.expected_purchases(earlier)
    with pytest.raises(clvcast.OptionError, match="recalibrate=True"):
        forecaster.forecast(panel=earlier, quantiles=[0.5], recalibrate=True)


def test_horizons_follow_the_fit(panel):
    forecaster = clvcast.Forecaster(frequency="nbd", method="auto").fit(panel, horizon=2)
    assert len(forecaster.forecast().periods) == 2
    with pytest.warns(clvcast.ClvWarning, match="compared 2 periods ahead, and 4 are forecast"):
        forecaster.forecast(4)
    # A model that was chosen earlier is used as it is.
    given = clvcast.Forecaster(model=forecaster.model_).fit(panel)
    with warnings.catch_warnings():
        warnings.simplefilter("error", clvcast.ClvWarning)
        assert len(given.forecast(4).periods) == 4


def test_quantiles_of_any_kind(panel):
    forecaster = clvcast.Forecaster(method="chain", frequency="nbd").fit(panel)
    for levels in (numpy.array([0.9, 0.1]), (level for level in (0.1, 0.9, 0.1)), [0.1, 0.9]):
        assert forecaster.forecast(1, quantiles=levels).quantiles == [0.1, 0.9]
    assert forecaster.forecast(1, quantiles=numpy.float64(0.5)).quantiles == [0.5]
    assert forecaster.forecast(1, quantiles=None).quantiles == []
    for wrong in ("0.05,0.95", ["low"], [n / 100 for n in range(1, 40)]):
        with pytest.raises(clvcast.OptionError, match="quantiles"):
            forecaster.forecast(1, quantiles=wrong)


def test_models_that_are_none():
    for wrong in ("model.json", clvcast.NBD, clvcast.Forecaster()):
        with pytest.raises(clvcast.OptionError, match="clvcast.load"):
            clvcast.Forecaster(model=wrong)


def test_points_have_no_quantiles(panel):
    forecaster = clvcast.Forecaster(method="point", frequency="nbd").fit(panel)
    assert forecaster.method_ == "point"
    for options in (dict(quantiles=[0.5]), dict(draws=200)):
        with pytest.raises(clvcast.OptionError, match="scores"):
            forecaster.forecast(**options)


def test_a_model_of_a_file_forecasts_as_in_the_program(binary, superstore, panel, tmp_path):
    model, out = tmp_path / "model.json", tmp_path / "out.parquet"
    clvcast.BGNBD().fit(panel).save(model)
    command = [binary, "forecast", superstore, "--model", model, "-o", out, "--quiet"]
    subprocess.run(command, check=True, capture_output=True)
    forecast = clvcast.Forecaster(model=clvcast.load(model)).fit(panel).forecast()
    assert forecast.to_polars().equals(polars.read_parquet(out))
    with pytest.raises(clvcast.OptionError, match="season"):
        clvcast.Forecaster(model=clvcast.load(model), season="auto")


def test_backtests_are_those_of_the_program(binary, superstore, panel):
    only = ["nbd", "bg-nbd", "none", "season+trend", "posterior"]
    command = [binary, "backtest", superstore, "--only", ",".join(only), "--format", "json"]
    theirs = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = clvcast.backtest(panel, only=only)
    assert found.to_dict() == json.loads(theirs)
    assert found.to_polars().height == len(found.scores) > 0
    assert found.chosen["calendar"] == "season+trend"
    assert "leaderboard" in found.pictures()
    with pytest.raises(clvcast.OptionError, match="only=.mbd"):
        clvcast.backtest(panel, only="mbd")
    with pytest.raises(clvcast.OptionError, match="add nbd, or posterior"):
        clvcast.backtest(panel, only=["pdo", "point"])
    with pytest.raises(clvcast.DataError, match="holdout"):
        clvcast.backtest(panel, holdout=20)


def test_quantiles_by_bootstrap_and_recalibrated(panel, binary, superstore, tmp_path):
    forecaster = clvcast.Forecaster(method="chain", frequency="nbd").fit(panel)
    for options, arguments in (
        (dict(bootstrap=20), ["--bootstrap", "20"]),
        (dict(recalibrate=True), ["--recalibrate"]),
    ):
        out = tmp_path / "out.parquet"
        command = [binary, "forecast", superstore, "--method", "chain", "--frequency", "nbd"]
        command += ["--quantiles", "0.1,0.9", "--draws", "200", "-o", out, "--quiet", *arguments]
        subprocess.run(command, check=True, capture_output=True)
        forecast = forecaster.forecast(quantiles=[0.9, 0.1], draws=200, **options)
        assert forecast.to_polars().equals(polars.read_parquet(out))
