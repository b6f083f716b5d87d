"""What models say of customers: against the program, the papers and each other."""

import json
import pickle
import subprocess

import clvcast
import numpy
import polars
import pytest
from polars.testing import assert_frame_equal

KINDS = [clvcast.NBD, clvcast.BGNBD, clvcast.MBGNBD, clvcast.ParetoNBD, clvcast.PDO]


@pytest.fixture(scope="module")
def cdnow(root):
    path = root / "data" / "cdnow-sample.csv"
    return clvcast.Panel.from_transactions(
        path, period="7d", as_of="1997-09-30", zero_orders="count"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_expectations_are_those_of_the_method_posterior(kind, cdnow):
    model = kind().fit(cdnow)
    forecast = clvcast.Forecaster(method="posterior", model=model).fit(cdnow).forecast(3)
    rows = forecast.to_polars()
    expected = model.expected_purchases(periods=3).to_polars()
    assert expected["customer"].equals(rows["customer"])
    of_periods = rows.select(polars.sum_horizontal("purchases_1", "purchases_2", "purchases_3"))
    # Sums of three numbers in different orders.
    assert (expected["expected_purchases"] - of_periods.to_series()).abs().max() < 1e-13
    alive = model.probability_alive().to_polars()["p_alive"]
    assert alive.equals(rows["p_alive"]) if "p_alive" in rows.columns else (alive == 1.0).all()


@pytest.mark.parametrize("kind", KINDS)
def test_distributions_have_the_mean_of_the_expectation(kind, cdnow):
    model = kind().fit(cdnow)
    most = 200
    pmf = model.pmf(periods=10, max_purchases=most).to_polars()
    # Nobody is likely to buy that often: what tables leave out by design, and no more, is left.
    assert pmf["p_more"].max() < 1e-9
    mean = pmf.select(
        polars.sum_horizontal(n * polars.col(f"p_{n}") for n in range(most + 1))
    ).to_series()
    expected = model.expected_purchases(periods=10).to_polars()["expected_purchases"]
    # What is left times the counts it may be: some hundreds of purchases.
    assert (mean - expected).abs().max() < 1e-6


def test_published_numbers(cdnow):
    """Fader, Hardie & Lee (2005): r, alpha, a, b of the BG/NBD, and the customer of their example.

    The data here are dated by days, theirs by weeks: the digits agree as far as they are printed
    there but for the last one.
    """
    model = clvcast.BGNBD().fit(cdnow)
    customer = model.given(x=2, t_x=30.43, T=38.86)
    assert customer.expected_purchases(39) == pytest.approx(1.226, abs=0.0005)
    none = model.given(x=0, t_x=0.0, T=38.86)
    assert none.probability_alive == 1.0  # nobody leaves before a repeat purchase
    assert sum(customer.pmf(39)) == pytest.approx(1.0, abs=1e-9)
    assert customer.pmf(0)[0] == 1.0


@pytest.mark.parametrize("kind", [clvcast.NBD, clvcast.BGNBD, clvcast.MBGNBD, clvcast.ParetoNBD])
def test_a_customer_by_numbers_is_that_of_the_panel(kind, cdnow):
    model = kind().fit(cdnow)
    rows = cdnow.customers().to_polars().head(40).rows(named=True)
    alive = model.probability_alive().to_dict()["p_alive"]
    expected = model.expected_purchases(periods=5).to_dict()["expected_purchases"]
    for place, row in enumerate(rows):
        customer = model.given(x=row["x"], t_x=row["t_x"], T=row["T"])
        assert customer.probability_alive == pytest.approx(alive[place], rel=1e-12)
        # Of five windows and of one: both are sums of terms that are each exact to 1e-15.
        assert customer.expected_purchases(5) == pytest.approx(expected[place], rel=1e-9)


def test_values_are_those_of_the_forecast(cdnow):
    """p (k + S)/(p F + q - 1), with F and S of the values that the law was fitted to."""
    law = clvcast.GammaGamma(spend="purchase").fit(cdnow)
    values = law.expected_values().to_polars()
    forecast = clvcast.Forecaster(method="posterior", model=law).fit(cdnow).forecast(1)
    assert values["expected_value"].equals(forecast.to_polars()["value_1"].rename("expected_value"))
    p, q, k = (law.params_[name] for name in "pqk")
    rows = cdnow.customers().to_polars()
    # Only a day with an amount is a purchase of a value: those with free ones are left aside.
    paid = rows.filter(polars.col("past_amount") > 0).head(50).rows(named=True)
    own = dict(values.iter_rows())
    for row in paid:
        history = cdnow.history(row["customer"]).to_dict()
        active = [
            (n, amount)
            for n, amount in zip(history["purchases"], history["amount"], strict=True)
            if amount > 0
        ]
        weight, total = (sum(of) for of in zip(*active, strict=True))
        by_hand = p * (k + total) / (p * weight + q - 1)
        assert own[row["customer"]] == pytest.approx(by_hand, rel=1e-12)
    with pytest.raises(clvcast.OptionError, match="nothing of purchases"):
        law.expected_purchases()
    assert clvcast.BGNBD(spend="purchase").fit(cdnow).values_.params_ == law.params_


def test_customers_that_cannot_be(cdnow, superstore):
    model = clvcast.BGNBD().fit(cdnow)
    for x, t_x, t in ((0, 1.0, 2.0), (1, 3.0, 2.0), (1, -1.0, 2.0), (1, 1.0, float("nan"))):
        with pytest.raises(clvcast.OptionError, match="t_x"):
            model.given(x=x, t_x=t_x, T=t)
    with pytest.raises(clvcast.OptionError, match="x=-1"):
        model.given(x=-1, t_x=0.0, T=2.0)
    with pytest.raises(clvcast.OptionError, match="t="):
        model.given(x=1, t_x=1.0, T=2.0).expected_purchases(-1.0)
    with pytest.raises(clvcast.OptionError, match="PDO"):
        clvcast.PDO().fit(cdnow).given(x=1, t_x=1.0, T=2.0)
    seasonal = clvcast.NBD(season="harmonics").fit(clvcast.Panel.from_transactions(superstore))
    with pytest.raises(clvcast.OptionError, match="calendar"):
        seasonal.given(x=1, t_x=1.0, T=2.0)


def test_a_panel_in_other_periods_is_refused(cdnow, root):
    quarters = clvcast.Panel.from_transactions(root / "data" / "cdnow-sample.csv", period="month")
    model = clvcast.BGNBD().fit(cdnow)
    for use in (
        lambda: model.probability_alive(quarters),
        lambda: model.pictures(quarters),
        lambda: model.report(panel=quarters),
        lambda: clvcast.Forecaster(model=model).fit(quarters).forecast(),
    ):
        with pytest.raises(clvcast.OptionError, match='period="7d"'):
            use()


def test_customers_who_buy_very_often_keep_their_probability():
    """Tables of counts end at 65,536: what lies beyond is more, not nothing."""
    random = numpy.random.default_rng(1)
    days = numpy.datetime64("2015-01-01") + numpy.arange(731)
    orders = numpy.concatenate([random.integers(100_000, 110_000, 1), random.integers(1, 9, 30)])
    ids = numpy.repeat([f"c{n:02}" for n in range(len(orders))], orders)
    frame = polars.DataFrame(
        {
            "customer": ids,
            "date": random.choice(days, len(ids)),
            "order": [f"o{n}" for n in range(len(ids))],
        }
    )
    panel = clvcast.Panel.from_transactions(frame, period="year")
    model = clvcast.NBD().fit(panel)
    pmf = model.pmf(periods=2, max_purchases=2).to_polars()
    assert pmf.row(0, named=True)["p_more"] == pytest.approx(1.0, abs=1e-9)
    expected = model.expected_purchases(periods=2).to_dict()["expected_purchases"]
    assert expected[0] > 65_536
    with pytest.raises(clvcast.OptionError, match="ask for less time"):
        model.given(x=200_000, t_x=1.9, T=2.0).pmf(2.0)


def test_models_whose_options_are_not_known_are_not_fitted_again(cdnow, tmp_path):
    path = tmp_path / "model.json"
    model = clvcast.PDO(tau="28d").fit(cdnow)
    model.save(path)
    forecaster = clvcast.Forecaster(frequency="bg-nbd", penalty=5.0).fit(cdnow)
    for other in (clvcast.load(path), forecaster.model_, model.values_):
        with pytest.raises(clvcast.OptionError, match="make a new one"):
            other.fit(cdnow)
    assert model.fit(cdnow).params_["tau"] == clvcast.load(path).params_["tau"]


def test_values_without_amounts(superstore):
    panel = clvcast.Panel.from_transactions(superstore, amount=False, cost=False)
    law = clvcast.GammaGamma()
    with pytest.raises(clvcast.FitError, match="no amounts"):
        law.fit(panel)
    assert repr(law) == "GammaGamma()"
    assert repr(clvcast.NBD().fit(panel).values_) == "GammaGamma()"


def test_models_can_be_pickled(cdnow):
    model = pickle.loads(pickle.dumps(clvcast.BGNBD().fit(cdnow)))
    assert model.params_ == clvcast.BGNBD().fit(cdnow).params_
    assert len(model.probability_alive(cdnow)) == len(cdnow)
    with pytest.raises(clvcast.NotFittedError):
        _ = pickle.loads(pickle.dumps(clvcast.PDO(tau="14d"))).params_


def test_estimates_are_told(cdnow):
    model = clvcast.NBD().fit(cdnow)
    assert set(model.params_) == set(model.standard_errors_) == {"a", "b"}
    low, high = model.confidence_intervals()["b"]
    assert low < model.params_["b"] < high
    assert "ln L = -9763.6576" in model.summary()
    assert model.report().startswith("Read ")
    assert repr(model).startswith("NBD(a=12.07")


def test_warnings_are_told_in_words_of_python(superstore):
    panel = clvcast.Panel.from_transactions(superstore)
    with pytest.warns(clvcast.ClvWarning, match="`margin=` replaces"):
        clvcast.Forecaster(method="chain", frequency="nbd").fit(panel).forecast(margin=0.3)


def test_transitions_are_those_of_the_program(binary, root):
    path = root / "models" / "synlead-2008.json"
    command = [binary, "transitions", "--model", path, "--format", "json"]
    theirs = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    model = clvcast.load(path)
    assert model.transitions() == json.loads(theirs)
    with pytest.raises(clvcast.OptionError, match="panel="):
        model.probability_alive()


def test_histories_add_up(superstore):
    panel = clvcast.Panel.from_transactions(superstore)
    rows = polars.read_csv(superstore, try_parse_dates=True)
    of_one = rows.filter(polars.col("customer") == "SM-20320")
    history = panel.history("SM-20320").to_polars()
    assert history.height == panel.periods
    assert history["purchases"].sum() == of_one["order"].n_unique()
    for column in ("amount", "cost"):
        assert history[column].sum() == pytest.approx(of_one[column].sum(), abs=1e-6)
    profit = history["amount"] - history["cost"]
    assert (history["gross_profit"] - profit).abs().max() < 1e-9
    assert history["expense"].null_count() == panel.periods  # the data have none


def test_frames_become_lists(superstore):
    frame = clvcast.Panel.from_transactions(superstore).customers()
    lists = frame.to_dict()
    assert_frame_equal(polars.DataFrame(lists), frame.to_polars(), check_dtypes=False)
