"""What is drawn are the numbers of the CSV files that the program writes beside its pictures."""

import builtins
import csv
import importlib
import io
import json
import re
import subprocess
import sys

import matplotlib

matplotlib.use("Agg")

import clvcast
import matplotlib.pyplot as plt
import numpy as np
import pytest
from clvcast import plot
from clvcast.picture import Picture
from matplotlib.collections import PolyCollection, QuadMesh
from matplotlib.colors import to_hex
from numpy.testing import assert_array_equal

NAMES = [
    "tracking",
    "frequency-histogram",
    "expectation-by-frequency",
    "expectation-by-recency",
    "rate-heatmap",
    "alive-heatmap",
    "spend-density",
    "calendar",
    "migration",
    "calibration",
    "leaderboard",
]
RUNS = {
    "forecast": "forecast data/superstore.csv --method chain --frequency nbd --season quarter "
    "--trend damped --value-season quarter",
    "fit": "fit data/superstore.csv --frequency nbd --season quarter",
    "leaving": "forecast data/cdnow-sample.csv --frequency pdo --period 91d --as-of 1997-09-30 "
    "--zero-orders count",
    "backtest": "backtest data/cdnow-sample.csv --period 91d --as-of 1998-06-30 "
    "--zero-orders count --only nbd --only bg-nbd --only posterior --draws 100",
    "years": "backtest data/superstore.csv --period year --holdout 1 --only nbd --only posterior "
    "--draws 100",
}
TAGS = ("title", "desc")
OF_BACKTEST = {"expectation-by-frequency", "expectation-by-recency", "calibration", "leaderboard"}


class Written:
    """Stands for what wrote pictures into a folder."""

    def __init__(self, folder):
        self.drawn = {}
        for name in NAMES:
            if (folder / f"{name}.csv").exists():
                svg, text = ((folder / f"{name}{end}").read_text() for end in (".svg", ".csv"))
                title, caption = (re.search(f"<{tag}>(.*?)</{tag}>", svg)[1] for tag in TAGS)
                self.drawn[name] = Picture(name, title, caption, text)

    def pictures(self, panel=None):
        return self.drawn

    def skipped_pictures(self, panel=None):
        return {"calendar": "the model has no calendar"}


@pytest.fixture(scope="module")
def written(binary, root, tmp_path_factory):
    """What each run of the program draws."""
    sources = {}
    for name, command in RUNS.items():
        folder = tmp_path_factory.mktemp(name)
        arguments = [*command.split(), "--quiet", "--plots", folder]
        if not command.startswith("backtest"):
            end = "json" if name == "fit" else "csv"
            arguments += ["-o", folder / f"out.{end}"]
        subprocess.run([binary, *arguments], cwd=root, check=True, capture_output=True)
        sources[name] = Written(folder)
    return sources


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def draw(name, *arguments, **options):
    return getattr(plot, name.replace("-", "_"))(*arguments, **options)


def table(source, name):
    """The columns, read by other means than those of the package."""
    rows = list(csv.DictReader(io.StringIO(source.pictures()[name].csv)))
    return {key: [row[key] for row in rows] for key in rows[0]}


def numbers(fields):
    return np.array([float(text) if text else np.nan for text in fields])


def line(ax, label):
    """Heights of the line of that label."""
    (found,) = [line for line in ax.get_lines() if line.get_label() == label]
    return np.asarray(found.get_ydata(), dtype=float)


def labels(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def bars(ax, label):
    (found,) = [bars for bars in ax.containers if bars.get_label() == label]
    return found


def heights(ax, label):
    return np.array([bar.get_height() for bar in bars(ax, label)])


def band(ax, label):
    """Corners of the area of that label."""
    areas = [of for of in ax.collections if isinstance(of, PolyCollection)]
    (found,) = [of for of in areas if of.get_label() == label]
    return found.get_paths()[0].vertices


def holds(corners, x, low, high):
    """Whether an area has these ends, at these places."""
    found = {(round(a, 9), round(b, 9)) for a, b in corners}
    ends = [*zip(x, low, strict=True), *zip(x, high, strict=True)]
    return all((round(float(a), 9), round(float(b), 9)) in found for a, b in ends)


def mesh(ax):
    (found,) = [of for of in ax.collections if isinstance(of, QuadMesh)]
    return np.ma.filled(found.get_array(), np.nan)


def names(ticks):
    return [text.get_text() for text in ticks]


def of_tracking(ax, of):
    actual, expected = numbers(of["actual"]), numbers(of["expected"])
    assert_array_equal(line(ax, "actual"), actual)
    past = len(line(ax, "model, past"))
    assert_array_equal(line(ax, "model, past"), expected[:past])
    if past < len(actual):
        assert_array_equal(line(ax, "forecast"), expected[past:])
        low, high = (numbers(of[name])[past:] for name in ("p05", "p95"))
        corners = band(ax, "90 % interval of the total")
        x = np.arange(1, len(low) + 1) if len(low) > 1 else [0.6, 1.4]
        assert holds(corners, x, np.resize(low, len(x)), np.resize(high, len(x)))
        assert "as-of date" in labels(ax)


def of_histogram(ax, of):
    assert_array_equal(heights(ax, "actual"), numbers(of["customers"]))
    assert_array_equal(line(ax, "expected by the model"), numbers(of["expected"]))
    assert names(ax.get_xticklabels()) == of["purchases"]


def of_expectation(ax, of):
    assert_array_equal(line(ax, "actual mean"), numbers(of["mean_actual"]))
    assert_array_equal(line(ax, "forecast mean"), numbers(of["mean_predicted"]))
    shown = [name.split("\n")[1].replace(",", "") for name in names(ax.get_xticklabels())]
    assert shown == of["customers"]


def of_map(ax, of):
    value = numbers(of["p_alive" if "p_alive" in of else "expected_purchases"])
    values = mesh(ax)
    assert np.isfinite(values).sum() == len(value)
    columns = names(ax.get_xticklabels())
    ages = sorted({float(age) for age in of["periods_since_last_purchase"]})
    for x, age, number in zip(of["frequency"], of["periods_since_last_purchase"], value):
        assert values[ages.index(float(age)), columns.index(x)] == number
    assert names(ax.get_yticklabels()) == [f"{age:.1f}" for age in ages]
    assert ax.yaxis_inverted()
    assert sorted(names(ax.texts)) == sorted(f"{number:.2f}" for number in value)


def of_spend(ax, of):
    lower, upper = numbers(of["lower"]), numbers(of["upper"])
    assert_array_equal(heights(ax, "actual"), numbers(of["values"]))
    left = [bar.get_x() for bar in bars(ax, "actual")]
    right = [bar.get_x() + bar.get_width() for bar in bars(ax, "actual")]
    np.testing.assert_allclose(left, lower, rtol=1e-12)
    np.testing.assert_allclose(right, upper, rtol=1e-12)
    expected = numbers(of["expected"])
    first = 1 if lower[0] > 0 else 0
    assert ax.get_xscale() == ("log" if first else "linear")
    assert_array_equal(line(ax, "expected by the fitted law"), expected[first:-1])
    assert_array_equal(line(ax, "expected beyond"), expected[[0, -1] if first else [-1]])


def of_calendar(ax, of):
    lines = {"purchases": "purchases", "values": "purchase values"}
    for column, label in {**lines, "purchases_trend": "trend of purchases alone"}.items():
        factors = numbers(of[column])
        if (np.abs(factors - 1) > 1e-9).any():
            assert_array_equal(line(ax, label), factors)
        else:
            assert label not in labels(ax)


def of_migration(ax, of):
    n = int(len(of["from"]) ** 0.5)
    shares = numbers(of["next"]).reshape(n, n)
    now = numbers(of["customers_now"])[::n]
    rows = [i for i in range(n) if now[i] > 0 or 0 < i < n - 1]
    assert_array_equal(mesh(ax), shares[rows])
    assert names(ax.get_xticklabels()) == of["to"][:n]
    shown = names(ax.get_yticklabels())
    assert shown == [f"{of['from'][i * n]} ({now[i]:,.0f})" for i in rows]


def of_calibration(ax, of):
    assert_array_equal(heights(ax, "customers"), numbers(of["customers"]))
    assert_array_equal(line(ax, "if all intervals held"), numbers(of["expected"])[:2])
    low, high = numbers(of["chance_p05"])[:2], numbers(of["chance_p95"])[:2]
    assert holds(band(ax, "what chance allows (90 %)"), [0, 1], low, high)


def of_leaderboard(ax, of):
    deviance, bias = numbers(of["deviance"])[:18], numbers(of["bias"])[:18]
    drawn = [bar.get_width() for bar in ax.containers[0]]
    assert_array_equal(drawn, np.nan_to_num(deviance))
    shown = names(ax.get_yticklabels())
    assert [name.removesuffix(" (chosen)") for name in shown] == of["candidate"][:18]
    best = of["chosen"].index("true")
    assert shown[best].endswith(" (chosen)")
    assert to_hex(ax.containers[0][best].get_facecolor()) == "#0072b2"
    texts = [text.replace("−", "-") for text in names(ax.texts)]
    for deviation, percent in zip(deviance, bias, strict=True):
        assert (f"{deviation:.3f}" if np.isfinite(deviation) else "infinite") in texts
        assert f"{100 * percent:+.1f} %" in texts


CHECKS = dict(
    zip(
        NAMES,
        [
            of_tracking,
            of_histogram,
            of_expectation,
            of_expectation,
            of_map,
            of_map,
            of_spend,
            of_calendar,
            of_migration,
            of_calibration,
            of_leaderboard,
        ],
        strict=True,
    )
)


@pytest.mark.parametrize("name", NAMES)
def test_numbers_are_those_of_the_csv_file(name, written):
    sources = [source for source in written.values() if name in source.pictures()]
    assert sources
    for source in sources:
        ax = draw(name, source)
        CHECKS[name](ax, table(source, name))
        title = source.pictures()[name].title
        assert ax.get_title() == title or name == "migration"
        assert ax.get_xlabel() and (ax.get_ylabel() or name == "leaderboard")
        ax.figure.canvas.draw()


@pytest.mark.parametrize("name", NAMES)
def test_an_axis_is_used_and_a_new_one_made(name, written, monkeypatch):
    source = next(source for source in written.values() if name in source.pictures())
    monkeypatch.setattr(plt, "show", lambda: pytest.fail("shown"))
    _, (left, right) = plt.subplots(1, 2)
    assert draw(name, source, left) is left
    assert not right.has_data() and len(plt.get_fignums()) == 1
    assert draw(name, source) is not left
    assert len(plt.get_fignums()) == 2
    left.figure.canvas.draw()


def test_running_sums_go_on_from_what_happened(written):
    for source in (written["forecast"], written["backtest"], written["fit"], written["years"]):
        of = table(source, "tracking")
        ax = plot.tracking(source, cumulative=True)
        assert_array_equal(line(ax, "actual"), numbers(of["cumulative_actual"]))
        expected = numbers(of["cumulative_expected"])
        past = len(line(ax, "model, past"))
        assert_array_equal(line(ax, "model, past"), expected[:past])
        if past == len(expected):
            assert source is written["fit"]
            continue
        made = numbers(of["cumulative_actual"])[past - 1]
        assert_array_equal(line(ax, "forecast"), [made, *expected[past:]])
        low, high = (numbers(of[f"cumulative_{name}"])[past:] for name in ("p05", "p95"))
        x = 0.5 + np.arange(len(low) + 1)
        corners = band(ax, "90 % interval of the total")
        assert holds(corners, x, [made, *low], [made, *high])
        assert ax.get_ylabel() == "Cumulative repeat purchases"


def test_coming_periods_are_told_from_past_ones(written):
    """Three ahead in a forecast; in a backtest although what happened is known."""
    for name, ahead in {"forecast": 3, "fit": 0, "backtest": 3, "years": 1}.items():
        ax = plot.tracking(written[name])
        at = ax.get_lines()[0].get_xdata()
        assert at[-1] == ahead, name
        assert len(line(ax, "model, past")) == len(at) - ahead


def test_point_backtests_without_interval_know_the_as_of_date():
    text = """period,start,end,actual,expected,p05,p95,cumulative_actual,cumulative_expected,cumulative_p05,cumulative_p95
2014,2014-01-01,2014-12-31,10,12,,,10,12,,
2015,2015-01-01,2015-12-31,20,18,,,30,30.5,,
2016,2016-01-01,2016-12-31,25,30,,,55,60,,
"""
    source = Written.__new__(Written)
    source.drawn = {"tracking": Picture("tracking", "Purchases: actual and model", "", text)}
    ax = plot.tracking(source)
    # 12 + 18 is not 30.5: the sum does not go on.
    assert_array_equal(line(ax, "forecast"), [18, 30])
    assert ax.get_ylabel() == "Purchases per period"


def test_a_calendar_has_the_as_of_date_of_the_tracking(written):
    for name in ("forecast", "fit"):
        ax = plot.calendar(written[name])
        assert ax.get_lines()[0].get_xdata()[-1] == 3
        assert "as-of date" in labels(ax)
    assert "purchase values" in labels(plot.calendar(written["forecast"]))


def test_what_periods_are_called(written):
    assert plot.rate_heatmap(written["forecast"]).get_ylabel().endswith("purchase, quarters")
    assert "periods of 91 days" in plot.expectation_by_recency(written["backtest"]).get_xlabel()
    assert names(plot.tracking(written["years"]).get_xticklabels()) == "2014 2015 2016 2017".split()


def test_names_of_classes(written):
    of = table(written["backtest"], "expectation-by-frequency")
    ax = plot.expectation_by_frequency(written["backtest"])
    shown = [name.split("\n")[0] for name in names(ax.get_xticklabels())]
    assert shown[0] == "0" and shown[-1] == f"{of['purchases_from'][-1]}+"


def test_kinds_of_migration(written):
    of = table(written["forecast"], "migration")
    n = int(len(of["from"]) ** 0.5)
    shares = numbers(of["at_horizon"]).reshape(n, n)
    drawn = mesh(plot.migration(written["forecast"], kind="at_horizon", currency="USD"))
    assert_array_equal(drawn, shares[1 : 1 + len(drawn)])
    counted = numbers(of["counted"]).reshape(n, n)
    drawn = mesh(plot.migration(written["forecast"], kind="counted"))
    assert_array_equal(drawn, counted[1 : 1 + len(drawn)])
    with pytest.raises(clvcast.OptionError, match="it is for the NBD"):
        plot.migration(written["leaving"], kind="at_horizon")
    bare = Written.__new__(Written)
    picture = written["leaving"].pictures()["migration"]
    text = "".join(line[: line.rindex(",") + 1] + "\n" for line in picture.csv.splitlines()[1:])
    text = picture.csv.splitlines()[0] + "\n" + text
    bare.drawn = {"migration": Picture("migration", "", "", text)}
    with pytest.raises(clvcast.OptionError, match="counts are not stored"):
        plot.migration(bare, kind="counted")
    with pytest.raises(clvcast.OptionError, match='kind="then": expected one of next'):
        plot.migration(written["forecast"], kind="then")
    ax = plot.migration(written["forecast"], currency="USD")
    assert "USD" in ax.get_xlabel() and "USD" in ax.get_ylabel()
    assert "USD" in plot.spend_density(written["forecast"], currency="USD").get_xlabel()


def test_few_candidates(written):
    ax = plot.leaderboard(written["years"], most=2)
    assert len(ax.containers[0]) == 2


def test_pictures_that_do_not_apply_say_why(written):
    with pytest.raises(clvcast.OptionError, match="calendar of this Written: the model has no"):
        plot.calendar(written["leaving"])
    for name in sorted(OF_BACKTEST):
        with pytest.raises(clvcast.OptionError, match="needs a Backtest"):
            draw(name, written["forecast"])
    with pytest.raises(clvcast.OptionError, match="found list, expected a fitted model"):
        plot.tracking([])


def test_labels_do_not_overlap(written):
    """Names below an axis are as many as fit."""
    for width in (4, 8, 16):
        figure, ax = plt.subplots(figsize=(width, 4))
        plot.calendar(written["forecast"], ax)
        figure.canvas.draw()
        boxes = [label.get_window_extent() for label in ax.get_xticklabels()]
        assert all(a.x1 < b.x0 for a, b in zip(boxes, boxes[1:]))


def test_periods_are_text():
    years = Picture("tracking", "", "", "period,start,actual\n2017,2017-01-01,3\n2018,2018-01-01,\n")
    columns = years.columns()
    assert columns["period"] == ["2017", "2018"]
    assert columns["actual"][0] == 3.0 and np.isnan(columns["actual"][1])


def test_without_matplotlib(monkeypatch):
    real = builtins.__import__

    def missing(name, *arguments, **options):
        if name.split(".")[0] == "matplotlib":
            raise ModuleNotFoundError("No module named 'matplotlib'")
        return real(name, *arguments, **options)

    for name in [name for name in sys.modules if name.startswith("clvcast.plot")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(ImportError, match=re.escape('pip install "clvcast[plot]"')):
        importlib.import_module("clvcast.plot")


# With the package itself.


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
