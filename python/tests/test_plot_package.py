"""Pictures of models, forecasts and backtests of the package."""

import json
import subprocess

import clvcast
import numpy as np
import pytest
from clvcast import plot
from drawn import (
    CHECKS,
    OF_BACKTEST,
    band,
    bars,
    draw,
    heights,
    holds,
    labels,
    line,
    mesh,
    names,
    table,
)
from matplotlib.collections import QuadMesh
from numpy.testing import assert_array_equal


@pytest.fixture(scope="module")
def panel(superstore):
    return clvcast.Panel.from_transactions(superstore)


@pytest.fixture(scope="module")
def model(panel):
    return clvcast.NBD().fit(panel)


@pytest.fixture(scope="module")
def forecast(panel):
    forecaster = clvcast.Forecaster(method="chain", frequency="nbd").fit(panel)
    return forecaster.forecast(quantiles=[0.025, 0.25, 0.5, 0.75, 0.975])


@pytest.fixture(scope="module")
def tested(panel):
    return clvcast.backtest(panel, only=["nbd", "none", "season+trend", "posterior"])


def all_drawn(source):
    pictures = source.pictures()
    for name in pictures:
        CHECKS[name](draw(name, source), table(source, name))
    return set(pictures)


def test_models(model, panel):
    assert "tracking" in all_drawn(model)
    with pytest.raises(clvcast.OptionError, match="customers never leave"):
        plot.alive_heatmap(model)
    with pytest.raises(clvcast.OptionError, match="calibration of this NBD: .* needs a Backtest"):
        plot.calibration(model)


def test_models_on_other_panels(model, superstore):
    earlier = clvcast.Panel.from_transactions(superstore, as_of="2016-12-31")
    ax = plot.tracking(model, panel=earlier)
    assert len(line(ax, "actual")) == 12 < len(line(plot.tracking(model), "actual"))
    of = plot.frequency_histogram(model, panel=earlier)
    assert heights(of, "actual").sum() == len(earlier)


def test_models_that_are_not_fitted():
    for function in (plot.tracking, plot.transitions):
        with pytest.raises(clvcast.NotFittedError):
            function(clvcast.NBD())


def test_forecasts_and_forecasters(forecast, panel):
    assert "tracking" in all_drawn(forecast)
    with pytest.raises(clvcast.OptionError, match="needs a Backtest"):
        plot.leaderboard(forecast)
    forecaster = clvcast.Forecaster(frequency="pdo", season="quarter").fit(panel)
    assert "calendar" in all_drawn(forecaster)


def test_customers_who_leave(root):
    panel = clvcast.Panel.from_transactions(
        root / "data" / "cdnow-sample.csv", period="91d", as_of="1997-09-30", zero_orders="count"
    )
    assert "alive-heatmap" in all_drawn(clvcast.BGNBD().fit(panel))


def test_backtests(tested):
    drawn = all_drawn(tested)
    assert drawn >= OF_BACKTEST


def transitions_of(model, binary, path):
    """Shares by the model and counted, from the command line."""
    model.save(path)
    command = [binary, "transitions", "--model", path, "--format", "json"]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    money = json.loads(run.stdout)["monetary"]
    rows = zip(money["below"], money["matrix"], strict=True)
    fitted = np.array([[below, *row] for below, row in rows])
    shares = money["empirical"]["shares"][1:-1]
    nothing = [np.nan] * fitted.shape[1]
    return fitted, np.array([nothing if row is None else row for row in shares])


def test_transitions(model, binary, tmp_path):
    fitted, counted = transitions_of(model, binary, tmp_path / "model.json")
    assert_array_equal(mesh(plot.transitions(model)), fitted)
    np.testing.assert_allclose(fitted.sum(axis=1), 1.0, atol=1e-9)
    assert_array_equal(mesh(plot.transitions(model, kind="empirical")), counted)
    ax = plot.transitions(model, kind="difference", currency="USD")
    assert_array_equal(mesh(ax), counted - fitted)
    (found,) = [of for of in ax.collections if isinstance(of, QuadMesh)]
    assert found.norm.vmin == -found.norm.vmax == -np.nanmax(np.abs(counted - fitted))
    assert "USD" in ax.get_xlabel()
    texts = names(ax.texts)
    assert len(texts) == fitted.size and "−0.00" not in texts
    rows, columns = names(ax.get_yticklabels()), names(ax.get_xticklabels())
    assert columns[1:-1] == rows and columns[0].startswith("below ")


def test_transitions_without_counts(model, tmp_path):
    with pytest.raises(clvcast.OptionError, match="fitted, empirical, difference"):
        plot.transitions(model, kind="counted")
    model.save(tmp_path / "model.json")
    file = json.loads((tmp_path / "model.json").read_text())
    del file["fit"]
    (tmp_path / "bare.json").write_text(json.dumps(file))
    bare = clvcast.load(tmp_path / "bare.json")
    assert_array_equal(mesh(plot.transitions(bare)), mesh(plot.transitions(model)))
    for kind in ("empirical", "difference"):
        with pytest.raises(clvcast.DataError, match="no counted moves"):
            plot.transitions(bare, kind=kind)


def test_transitions_without_amounts(superstore):
    panel = clvcast.Panel.from_transactions(superstore, amount=False, cost=False)
    with pytest.raises(clvcast.DataError, match="no value bands"):
        plot.transitions(clvcast.NBD().fit(panel))


QUANTITIES = ["gross_profit", "amount", "purchases"]


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_fans(quantity, forecast, panel):
    customer = "AA-10315"
    ax = plot.fan(forecast, customer, quantity=quantity)
    history = panel.history(customer).to_dict()
    rows = forecast.frame(layout="long", customers=[customer]).to_dict()
    assert_array_equal(heights(ax, "past"), np.array(history[quantity], dtype=float))
    assert bars(ax, "past")[-1].get_center()[0] == 0
    assert_array_equal(line(ax, "expectation"), rows[quantity])
    assert_array_equal(line(ax, "median"), rows[f"{quantity}_p50"])
    for low, high, label in (("025", "975", "95 % interval"), ("25", "75", "50 % interval")):
        low, high = (rows[f"{quantity}_p{level}"] for level in (low, high))
        assert holds(band(ax, label), [1, 2, 3], low, high)
    assert ("money" in ax.get_ylabel()) == (quantity != "purchases")
    assert customer in ax.get_title() and "as-of date" in labels(ax)


def test_fans_without_pairs_of_quantiles(panel):
    forecaster = clvcast.Forecaster(method="chain", frequency="nbd").fit(panel)
    for quantiles in ((), (0.05, 0.9)):
        ax = plot.fan(forecaster.forecast(1, quantiles=quantiles), "AA-10315")
        assert any("no bands" in label for label in labels(ax))
        assert not [label for label in labels(ax) if "interval" in label]


def test_fans_of_one_period_have_some_width(panel):
    forecaster = clvcast.Forecaster(method="chain", frequency="nbd").fit(panel)
    forecast = forecaster.forecast(1, quantiles=[0.1, 0.9])
    ax = plot.fan(forecast, "AA-10315", quantity="amount", currency="USD")
    rows = forecast.frame(layout="long", customers=["AA-10315"]).to_dict()
    corners = band(ax, "80 % interval")
    assert holds(corners, [0.6, 1.4], rows["amount_p10"] * 2, rows["amount_p90"] * 2)
    assert ax.get_ylabel() == "Amount per period, USD"


def test_sources_of_another_kind(forecast, model):
    with pytest.raises(clvcast.OptionError, match="found NBD, expected a Forecast"):
        plot.fan(model, "AA-10315")
    with pytest.raises(clvcast.OptionError, match="found Forecast, expected a fitted model"):
        plot.transitions(forecast)


def test_fans_that_cannot_be_drawn(forecast, superstore):
    with pytest.raises(clvcast.OptionError, match="XX-1"):
        plot.fan(forecast, "XX-1")
    with pytest.raises(clvcast.OptionError, match="expected one of gross_profit, amount, purch"):
        plot.fan(forecast, "AA-10315", quantity="profit")
    panel = clvcast.Panel.from_transactions(superstore, cost=False)
    forecaster = clvcast.Forecaster(method="chain", frequency="nbd").fit(panel)
    bare = forecaster.forecast()
    with pytest.raises(clvcast.OptionError, match="no gross profit .* only: amount, purchases"):
        plot.fan(bare, "AA-10315")
    assert plot.fan(bare, "AA-10315", quantity="amount").has_data()
    # With a margin of one's own the future has a profit, the past has none.
    ax = plot.fan(forecaster.forecast(margin=0.3), "AA-10315")
    assert "past: not known" in labels(ax)
