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


def panel(**columns):
    frame = pandas.DataFrame({**GOOD, **columns})
    return clvcast.Panel.from_transactions(frame, period="month")


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


def test_mixed_time_zones():
    utc = datetime.timezone.utc
    mixed = [
        datetime.datetime(2017, 1, 31, tzinfo=utc),
        datetime.datetime(2017, 2, 1),
        datetime.datetime(2017, 2, 2),
    ]
    try:
        found = error(date=pandas.Series(mixed, dtype=object))
    except BaseException as unexpected:  # pyarrow may take them all for instants
        assert "DID NOT RAISE" in str(unexpected)
    else:
        assert "date" in str(found)


def test_zones_are_noted():
    dates = pandas.to_datetime(["2017-01-31", "2017-05-02", "2017-06-30"]).tz_localize("UTC")
    assert any("UTC" in note for note in panel(date=dates).audit["notes"])


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


def test_empty_frames():
    with pytest.raises(clvcast.DataError, match="no rows"):
        clvcast.Panel.from_transactions(polars.DataFrame(schema=polars.DataFrame(GOOD).schema))


def test_what_is_no_frame():
    for data in (7, {"customer": ["a"]}, None):
        with pytest.raises(clvcast.DataError, match="PyCapsule"):
            clvcast.Panel.from_transactions(data)
    with pytest.raises(clvcast.DataError, match="no such file"):
        clvcast.Panel.from_transactions("nowhere.csv")


def test_wrong_options():
    frame = pandas.DataFrame(GOOD)
    for options in (
        dict(period="fortnight"),
        dict(refunds="maybe"),
        dict(as_of="2017-13-01"),
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
