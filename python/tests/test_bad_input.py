"""A DataError names the column, the row and the fix."""

import datetime
import decimal

import clvcast
import pandas
import polars
import pytest

GOOD = {
    "customer": ["a", "a", "b"],
    "date": pandas.to_datetime(["2017-01-31", "2017-05-02", "2017-06-30"]),
    "amount": [10.0, 12.5, 8.0],
}


def panel_of(lenient=False, **columns):
    frame = pandas.DataFrame({**GOOD, **columns})
    return clvcast.Panel.from_transactions(frame, period="month", lenient=lenient)


def panel(**columns):
    return panel_of(**columns)


def error(kind=clvcast.DataError, **columns):
    with pytest.raises(kind) as caught:
        panel(**columns)
    return caught.value


def test_good():
    assert len(panel()) == 2


def test_wrong_types():
    found = error(customer=[1.0, 2.0, None])
    assert found.column == "customer" and "cast" in str(found) and "Float64" in str(found)
    found = error(amount=[True, False, True])
    assert found.column == "amount" and "decimal, float" in str(found)


def test_missing_columns():
    with pytest.raises(clvcast.DataError, match="date=") as caught:
        clvcast.Panel.from_transactions(pandas.DataFrame({"customer": ["a"], "amount": [1.0]}))
    assert "--" not in str(caught.value)
    with pytest.raises(clvcast.DataError) as caught:
        clvcast.Panel.from_transactions(pandas.DataFrame(GOOD), amount="amuont")
    assert caught.value.column == "amuont" and "`amount`" in str(caught.value)


def test_missing_dates_are_rows_by_position():
    found = error(date=pandas.to_datetime(["2017-01-31", None, "2017-06-30"]))
    assert (found.row, found.column) == (1, "date")
    assert found.rows[0]["reason"] == "bad-date"


EASTERN = datetime.timezone(datetime.timedelta(hours=-5))
LATE = datetime.datetime(2017, 1, 31, 23, 30)


@pytest.mark.parametrize(
    "mixed",
    [
        [LATE.replace(tzinfo=EASTERN), LATE, LATE],
        [LATE, LATE.replace(tzinfo=EASTERN), None],
        [LATE.replace(tzinfo=EASTERN), LATE.replace(tzinfo=datetime.timezone.utc), pandas.NaT],
    ],
)
def test_mixed_time_zones(mixed):
    """Left to Arrow, some of these purchases would fall on another day."""
    found = error(date=pandas.Series(mixed, dtype=object))
    assert (found.column, found.row) == ("date", 1)
    assert "UTC-05:00" in str(found) and "pandas.to_datetime" in str(found)


class Sales(pandas.DataFrame):
    """As libraries on pandas have them."""


def test_mixed_time_zones_in_any_frame():
    mixed = pandas.Series([LATE.replace(tzinfo=EASTERN), LATE, LATE], dtype=object)
    frame = pandas.DataFrame({**GOOD, "date": mixed})
    dates = [LATE.date(), LATE.replace(tzinfo=EASTERN), LATE.date()]
    for data, named in (
        (frame.set_index("date"), None),
        (Sales(frame), None),
        (frame.rename(columns={"date": " date "}), "date"),
        (frame.assign(date=pandas.Series(dates, dtype=object)), None),
    ):
        with pytest.raises(clvcast.DataError, match="mixes") as caught:
            clvcast.Panel.from_transactions(data, date=named, period="month")
        assert caught.value.column.strip() == "date"


def test_rows_of_files_have_lines_and_no_position(tmp_path):
    path = tmp_path / "sales.csv"
    path.write_text("customer~date~amount\na~2017-01-31~1\na~2017-13-01~2\n")
    with pytest.raises(clvcast.DataError) as caught:
        clvcast.Panel.from_transactions(path, delimiter="~")
    assert caught.value.row is None and caught.value.column == "date"
    assert caught.value.rows[0]["line"] == 3 and caught.value.rows[0]["row"] is None
    with pytest.raises(clvcast.OptionError, match="one ASCII character"):
        clvcast.Panel.from_transactions(path, delimiter="~~")


def test_rows_of_nulls_are_rows(tmp_path):
    frame = polars.DataFrame(
        {
            "customer": ["a", None, "b"],
            "date": ["2017-01-31", None, "2017-05-02"],
            "amount": [1.0, None, 2.0],
        }
    )
    path = tmp_path / "sales.parquet"
    frame.write_parquet(path)
    for data, position in ((frame, 1), (path, None)):
        with pytest.raises(clvcast.DataError) as caught:
            clvcast.Panel.from_transactions(data, period="month")
        assert caught.value.row == position and caught.value.rows[0]["line"] == 2
        found = clvcast.Panel.from_transactions(data, period="month", lenient=True)
        assert found.audit["rows_read"] == 3 and sum(found.audit["left_out"].values()) == 1


def test_columns_whose_names_are_no_text():
    frame = pandas.DataFrame([["a", "2017-01-31", 1.0], ["a", "2017-05-02", 2.0]])
    found = clvcast.Panel.from_transactions(frame, customer=0, date=1, amount=2, period="month")
    assert len(found) == 1


def test_objects_of_one_zone_are_dates():
    dates = [date.replace(tzinfo=EASTERN) for date in GOOD["date"].to_pydatetime()]
    found = panel(date=pandas.Series(dates, dtype=object))
    assert found.customers().to_polars().equals(panel().customers().to_polars())


def test_zones_are_noted():
    dates = pandas.to_datetime(["2017-01-31", "2017-05-02", "2017-06-30"]).tz_localize("UTC")
    with pytest.warns(clvcast.ClvWarning, match="days are taken in UTC"):
        assert panel(date=dates).audit["notes"]


def test_nullable_categorical_decimal_columns_and_repeated_indices():
    frame = pandas.DataFrame(
        {
            "customer": pandas.Categorical(GOOD["customer"]),
            "date": GOOD["date"],
            "amount": [decimal.Decimal("10.00"), decimal.Decimal("12.50"), decimal.Decimal("8")],
        },
        index=[7, 7, 7],
    )
    plain = panel().customers().to_polars()
    for changed in (frame, frame.assign(amount=pandas.array([10.0, 12.5, 8.0], dtype="Float64"))):
        found = clvcast.Panel.from_transactions(changed, period="month")
        assert found.customers().to_polars().equals(plain)
        assert found.audit["duplicate_rows"] == 0


def test_missing_amounts_and_infinities():
    found = error(amount=[1.0, float("inf"), None])
    assert (found.row, found.column) == (1, "amount")
    assert [row["row"] for row in found.rows] == [1, 2]


def test_rows_left_out_are_told():
    with pytest.warns(clvcast.ClvWarning, match="1 of 3 rows left out"):
        found = panel_of(amount=[1.0, float("nan"), 8.0], lenient=True)
    assert found.audit["left_out"] == {"bad-amount": 1}
    assert [(row["row"], row["column"]) for row in found.rejects] == [(1, "amount")]
    assert panel().rejects == []
    assert "panel.rejects lists them all" in str(error(amount=[1.0, float("nan"), 8.0]))


def test_empty_frames():
    for frame in (polars.DataFrame(), pandas.DataFrame()):
        with pytest.raises(clvcast.DataError, match="no columns.*customer="):
            clvcast.Panel.from_transactions(frame)
    with pytest.raises(clvcast.DataError, match="no rows"):
        clvcast.Panel.from_transactions(polars.DataFrame(schema=polars.DataFrame(GOOD).schema))


def test_what_no_column_can_hold():
    """Each names the column and what to do."""
    spans = pandas.to_timedelta([1, 2, 3], unit="D")
    for column, values in (
        ("date", pandas.Series(spans)),
        ("date", [True, False, True]),
        ("date", pandas.Series([{"a": 1}] * 3)),
        ("amount", pandas.Series(spans)),
        ("amount", [[1.0], [2.0], [3.0]]),
        ("amount", ["ten", "12", "8"]),
        ("customer", GOOD["date"]),
    ):
        found = error(**{column: values})
        assert column in str(found), (column, values, str(found))
        assert "must be" in str(found) or "expected" in str(found), str(found)


def test_two_columns_of_one_name():
    frame = pandas.DataFrame([["a", "2017-01-31", 1.0, 2.0]])
    frame.columns = ["customer", "date", "amount", "amount"]
    with pytest.raises(clvcast.DataError, match="amount"):
        clvcast.Panel.from_transactions(frame, period="month")


def test_categories_and_periods_as_dates():
    texts = pandas.Categorical(GOOD["date"].strftime("%Y-%m-%d"))
    plain = panel().customers().to_polars()
    assert panel(date=texts).customers().to_polars().equals(plain)
    error(date=GOOD["date"].to_period("M"))


def test_what_is_no_frame():
    for data in (7, {"customer": ["a"]}, None):
        with pytest.raises(clvcast.DataError, match="PyCapsule"):
            clvcast.Panel.from_transactions(data)
    with pytest.raises(clvcast.DataError, match=r"data\.collect\(\)"):
        clvcast.Panel.from_transactions(polars.DataFrame(GOOD).lazy())
    for column in (pandas.Series([1.0]), polars.Series([1.0])):
        with pytest.raises(clvcast.DataError, match="a single column"):
            clvcast.Panel.from_transactions(column)
    with pytest.raises(clvcast.DataError, match="no such file"):
        clvcast.Panel.from_transactions("nowhere.csv")


def test_wrong_options():
    frame = pandas.DataFrame(GOOD)
    for options in (
        dict(period="fortnight"),
        dict(refunds="maybe"),
        dict(as_of="2017-13-01"),
        dict(as_of="2017-01-31 or so"),
        dict(base=-1),
        dict(as_of="2017-06-29", period="month"),
        dict(customer=False),
        dict(amount=True),
    ):
        with pytest.raises(clvcast.OptionError):
            clvcast.Panel.from_transactions(frame, **options)


def test_models_that_are_not_fitted():
    for ask in (lambda: clvcast.NBD().params_, lambda: clvcast.Forecaster().forecast()):
        with pytest.raises(clvcast.NotFittedError, match="fit"):
            ask()


def test_frames_in_place_of_panels(superstore):
    """As in other libraries, whose models are fitted to frames."""
    frame = pandas.DataFrame(GOOD)
    fitted = clvcast.NBD().fit(clvcast.Panel.from_transactions(superstore))
    for use in (
        clvcast.NBD().fit,
        clvcast.Forecaster(frequency="nbd").fit,
        clvcast.backtest,
        fitted.expected_purchases,
    ):
        with pytest.raises(clvcast.OptionError, match=r"DataFrame, expected a Panel: make one"):
            use(frame)


def test_too_little_to_fit():
    one = pandas.DataFrame({name: values[:1] for name, values in GOOD.items()})
    few = clvcast.Panel.from_transactions(one, period="month", as_of="2017-01-31")
    with pytest.raises(clvcast.ClvError):
        clvcast.Forecaster(frequency="nbd").fit(few)


def test_model_files_that_cannot_be_used(tmp_path):
    path = tmp_path / "model.json"
    path.write_text('{"format": "other"}')
    for name in (path, tmp_path / "none.json"):
        with pytest.raises(clvcast.ModelError):
            clvcast.load(name)
