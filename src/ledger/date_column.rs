//! Which way of writing dates a whole column follows.
//!
//! Rows are read once. Each keeps its date as written, a tally counts what the column's dates
//! look like, and at the end the tally settles how all of them are read.

use jiff::fmt::strtime;
use jiff::tz::TimeZone;

use crate::units::Day;

use super::date_text::{self, NotADate, in_range};
use super::error::{LedgerError, Place};
use super::types::Reason;
use super::written::{Class, Written};

/// Reads date cells, by a given format or by the forms that are known.
#[derive(Debug, Clone)]
pub(super) struct DateReader {
    format: Option<String>,
}

impl DateReader {
    /// Checks a given format by writing a date with it and reading that back.
    pub(super) fn new(format: Option<&str>) -> Result<Self, LedgerError> {
        if let Some(format) = format {
            let sample = jiff::Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
            let text = strtime::format(format, &sample)
                .and_then(|text| strtime::parse(format, &text))
                .and_then(|read| read.to_date());
            if let Err(error) = text {
                return Err(LedgerError::DateFormat {
                    format: format.to_owned(),
                    detail: error.to_string(),
                });
            }
        }
        Ok(Self { format: format.map(str::to_owned) })
    }

    /// Reads one cell of the most usual form, if no format is given.
    pub(super) fn iso(&self, text: &[u8]) -> Option<Written> {
        if self.format.is_none() { date_text::iso(text) } else { None }
    }

    /// The same of a cell that holds a count of days since 1970-01-01.
    pub(super) fn stored(&self, day: i32) -> Option<Written> {
        if self.format.is_none() { date_text::stored(day) } else { None }
    }

    /// Reads one trimmed cell.
    pub(super) fn read(&self, text: &str) -> Result<Written, NotADate> {
        let Some(format) = &self.format else {
            return date_text::parse(text);
        };
        let date = strtime::parse(format, text).and_then(|read| read.to_date()).map_err(|_| {
            NotADate {
                reason: Reason::BadDate,
                expected: "a date of the form given by --date-format; correct the date or the format",
            }
        })?;
        in_range(date.year()).map(|()| Written::plain(Class::Given, Day::from_date(date)))
    }
}

/// Number of [`Kind`]s.
pub(super) const KINDS: usize = 4 * Class::ALL.len();

/// A class and which readings a date of it allows: one index for tallies and samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind(usize);

impl Kind {
    const SAME: usize = 0;
    const EITHER: usize = 1;
    const DAY_FIRST: usize = 2;
    const MONTH_FIRST: usize = 3;

    pub(super) fn of(written: Written) -> Self {
        let side = match (written.day_first(), written.month_first()) {
            (Some(day), Some(month)) if day == month => Self::SAME,
            (Some(_), Some(_)) => Self::EITHER,
            (Some(_), None) => Self::DAY_FIRST,
            (None, _) => Self::MONTH_FIRST,
        };
        Self::at(written.class, side)
    }

    const fn at(class: Class, side: usize) -> Self {
        Self(4 * class as usize + side)
    }

    pub(super) const fn index(self) -> usize {
        self.0
    }
}

/// How many dates of each kind a column holds, and where the first of each stands.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    kinds: [(u64, Option<Place>); KINDS],
}

impl Tally {
    /// Counts one date; `place` is asked for the first of its kind only.
    pub(super) fn count(&mut self, kind: Kind, place: impl FnOnce() -> Place) {
        let (rows, first) = &mut self.kinds[kind.index()];
        *rows += 1;
        if first.is_none() {
            *first = Some(place());
        }
    }

    /// Counts one date of a kind that has occurred before; whether it has.
    pub(super) fn count_known(&mut self, kind: Kind) -> bool {
        let (rows, first) = &mut self.kinds[kind.index()];
        *rows += u64::from(first.is_some());
        first.is_some()
    }

    /// Adds the tally of later rows.
    pub(super) fn merge(&mut self, later: Self) {
        for ((rows, first), (more, place)) in self.kinds.iter_mut().zip(later.kinds) {
            *rows += more;
            if first.is_none() {
                *first = place;
            }
        }
    }

    fn rows(&self, class: Class, side: usize) -> u64 {
        self.kinds[Kind::at(class, side).index()].0
    }

    fn place(&self, class: Class, side: usize) -> Option<&Place> {
        self.kinds[Kind::at(class, side).index()].1.as_ref()
    }

    fn total(&self, class: Class) -> u64 {
        (0..4).map(|side| self.rows(class, side)).sum()
    }

    /// Whether all dates are read that way.
    pub(super) fn is_read(&self, settled: &Settled) -> bool {
        let other = if settled.day_first { Kind::MONTH_FIRST } else { Kind::DAY_FIRST };
        let read = |class, side| class == settled.class && side != other;
        let mut kinds =
            Class::ALL.into_iter().flat_map(|class| (0..4).map(move |side| (class, side)));
        kinds.all(|(class, side)| read(class, side) || self.rows(class, side) == 0)
    }

    /// Decides how the column is read. `column` is its name; `several` says that places need
    /// their file named.
    pub(super) fn settle(
        &self,
        column: &str,
        format: Option<&str>,
        lenient: bool,
        several: bool,
    ) -> Result<Settled, LedgerError> {
        let mut class = Class::Iso;
        for other in Class::ALL {
            // The first of equals wins, and ISO is the first of all.
            if self.total(other) > self.total(class) {
                class = other;
            }
        }
        let settled = |day_first, words: String| Settled { class, day_first, words };
        let Some(separator) = class.separator() else {
            let words = match format {
                Some(format) => format!("as given ({format})"),
                None => class.words().to_owned(),
            };
            return Ok(settled(true, words));
        };
        let by_line = |place: Option<&Place>| match place {
            Some(place) if several => format!(", settled by line {} of {}", place.line, place.file),
            Some(place) => format!(", settled by line {}", place.line),
            None => String::new(),
        };
        let day_first = self.place(class, Kind::DAY_FIRST);
        let month_first = self.place(class, Kind::MONTH_FIRST);
        match (day_first, month_first) {
            (Some(day), Some(month)) => {
                let rows = [Kind::DAY_FIRST, Kind::MONTH_FIRST].map(|side| self.rows(class, side));
                if lenient {
                    return Err(LedgerError::MixedDateOrders {
                        column: column.to_owned(),
                        day_first: rows[0],
                        first_day_first: Box::new(day.clone()),
                        month_first: rows[1],
                        first_month_first: Box::new(month.clone()),
                        separator,
                    });
                }
                // The rarer order is reported row by row.
                Ok(settled(rows[0] >= rows[1], "day first and month first, mixed".to_owned()))
            }
            (Some(place), None) => {
                let form = format!("day first (31{separator}1{separator}2017)");
                Ok(settled(true, form + &by_line(Some(place))))
            }
            (None, Some(place)) => {
                let form = format!("month first (1{separator}31{separator}2017)");
                Ok(settled(false, form + &by_line(Some(place))))
            }
            (None, None) => match self.place(class, Kind::EITHER) {
                Some(place) => Err(LedgerError::AmbiguousDates {
                    column: column.to_owned(),
                    example: place.clone(),
                    rows: self.rows(class, Kind::EITHER),
                    separator,
                }),
                None => Ok(settled(true, "numbers, day and month alike in every row".to_owned())),
            },
        }
    }
}

/// How a column's dates are read.
#[derive(Debug, Clone)]
pub(super) struct Settled {
    class: Class,
    day_first: bool,
    words: String,
}

impl Settled {
    /// The decision, for people.
    pub(super) fn words(&self) -> &str {
        &self.words
    }

    /// The day of a date, unless it is not of the column's kind.
    pub(super) fn read(&self, written: Written) -> Option<Day> {
        if written.class != self.class {
            return None;
        }
        if self.day_first { written.day_first() } else { written.month_first() }
    }

    /// What was expected of a date that [`Settled::read`] does not take.
    pub(super) fn expected(&self, written: Written) -> String {
        if written.class == self.class {
            let order = if self.day_first { "day" } else { "month" };
            format!(
                "a date written like the others, {order} first, as more rows of this column have \
                 it (mixed date formats); correct the date, or give the order with --date-format"
            )
        } else {
            format!(
                "a date written like the others of this column, {} (mixed date formats); write \
                 all dates alike",
                self.class.words()
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settle(texts: &[&str]) -> Result<Settled, LedgerError> {
        let mut tally = Tally::default();
        for (line, text) in (2..).zip(texts) {
            let written = date_text::parse(text).expect("a date");
            let place = || Place { file: "a.csv".into(), line, found: (*text).to_owned() };
            tally.count(Kind::of(written), place);
        }
        tally.settle("date", None, true, false)
    }

    #[test]
    fn one_row_settles_the_order_of_day_and_month() {
        let settled = settle(&["11/8/2017", "1/2/2017", "31/1/2017"]).unwrap();
        assert_eq!(settled.words(), "day first (31/1/2017), settled by line 4");
        let day = settled.read(date_text::parse("11/8/2017").unwrap());
        assert_eq!(day.unwrap().to_string(), "2017-08-11");
        let settled = settle(&["1.13.2017", "11.8.2017"]).unwrap();
        assert_eq!(settled.words(), "month first (1.31.2017), settled by line 2");
    }

    #[test]
    fn an_unsettled_or_twice_settled_order_is_refused() {
        let error = settle(&["11/8/2017", "1/2/2017"]).unwrap_err();
        assert!(matches!(error, LedgerError::AmbiguousDates { rows: 2, .. }));
        let error = settle(&["31/1/2017", "1/31/2017"]).unwrap_err();
        assert!(matches!(error, LedgerError::MixedDateOrders { day_first: 1, month_first: 1, .. }));
        assert!(settle(&["1/1/2017", "2/2/2017"]).is_ok());
    }

    #[test]
    fn the_majority_class_wins_and_iso_wins_a_tie() {
        let settled = settle(&["20170131", "2017-01-31"]).unwrap();
        assert_eq!(settled.words(), "ISO (2017-01-31)");
        let other = date_text::parse("20170131").unwrap();
        assert_eq!(settled.read(other), None);
        assert!(settled.expected(other).contains("mixed date formats"));
        assert_eq!(
            settle(&["20170131", "20170131", "2017-01-31"]).unwrap().words(),
            "yyyymmdd (20170131)"
        );
    }

    #[test]
    fn a_given_format_is_checked_before_any_row() {
        assert!(DateReader::new(Some("%d/%m/%y %H:%M")).is_ok());
        for format in ["%d/%m", "%!", "day"] {
            let error = DateReader::new(Some(format)).unwrap_err();
            assert!(matches!(error, LedgerError::DateFormat { .. }), "{format}");
        }
        let reader = DateReader::new(Some("%d/%m/%y")).unwrap();
        assert_eq!(reader.read("11/8/17").unwrap().day_first().unwrap().to_string(), "2017-08-11");
        assert_eq!(reader.read("2017-08-11").unwrap_err().reason, Reason::BadDate);
    }
}
