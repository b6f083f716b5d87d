"""What is drawn are the numbers of the CSV files that the program writes beside its pictures."""

import builtins
import importlib
import re
import subprocess
import sys
from itertools import pairwise

import clvcast
import matplotlib.pyplot as plt
import numpy as np
import pytest
from clvcast import plot
from clvcast.picture import Picture
from drawn import (
    CHECKS,
    NAMES,
    OF_BACKTEST,
    band,
    draw,
    holds,
    labels,
    line,
    mesh,
    names,
    numbers,
    table,
)
from numpy.testing import assert_array_equal

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
        assert all(a.x1 < b.x0 for a, b in pairwise(boxes))


def test_periods_are_text():
    years = Picture(
        "tracking", "", "", "period,start,actual\n2017,2017-01-01,3\n2018,2018-01-01,\n"
    )
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
