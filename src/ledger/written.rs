//! A date as it was written, before the column settles how its dates are read.

use crate::units::Day;

/// Ways of writing a date; a column holds one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// `2017-01-31`, with or without a time.
    Iso,
    /// `20170131`.
    Basic,
    /// `2017/01/31`.
    YearFirst,
    /// `31 Jan 2017`, `Jan 31, 2017`.
    MonthName,
    /// `31/1/2017` or `1/31/2017`.
    Slash,
    /// `31.1.2017` or `1.31.2017`.
    Dot,
    /// `31-1-2017` or `1-31-2017`.
    Dash,
    /// As the given `strptime` format says.
    Given,
}

impl Class {
    pub(super) const ALL: [Self; 8] = [
        Self::Iso,
        Self::Basic,
        Self::YearFirst,
        Self::MonthName,
        Self::Slash,
        Self::Dot,
        Self::Dash,
        Self::Given,
    ];

    /// The class in words, for the classes that need no decision.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Iso => "ISO (2017-01-31)",
            Self::Basic => "yyyymmdd (20170131)",
            Self::YearFirst => "year first (2017/01/31)",
            Self::MonthName => "month names (31 Jan 2017)",
            Self::Slash => "numbers with slashes (31/1/2017)",
            Self::Dot => "numbers with points (31.1.2017)",
            Self::Dash => "numbers with dashes (31-1-2017)",
            Self::Given => "as given",
        }
    }

    /// A day written plainly in this class; only the classes whose plain text is not kept.
    pub(super) fn canonical(self, day: Day) -> String {
        let text = day.to_string();
        if self == Self::Basic { text.replace('-', "") } else { text }
    }

    /// The separator of a class that may be day first or month first.
    pub(super) const fn separator(self) -> Option<char> {
        match self {
            Self::Slash => Some('/'),
            Self::Dot => Some('.'),
            Self::Dash => Some('-'),
            _ => None,
        }
    }
}

/// A date as written: its class, and the day under either order of day and month. Where the
/// class leaves no choice both are the same. One is held for each row, in 8 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) class: Class,
    /// For the use of the row that holds it.
    note: u8,
    /// Days from `day` to the day under the order of month first; [`DAY_ONLY`] where there is no
    /// such day, [`MONTH_ONLY`] where `day` is that day and there is no other.
    to_month_first: i16,
    day: i32,
}

const DAY_ONLY: i16 = i16::MIN;
const MONTH_ONLY: i16 = i16::MAX;

impl Written {
    pub(super) const fn plain(class: Class, day: Day) -> Self {
        Self { class, note: 0, to_month_first: 0, day: day.number() }
    }

    /// A date that can be read in one order or in both.
    pub(super) fn either(
        class: Class,
        day_first: Option<Day>,
        month_first: Option<Day>,
    ) -> Option<Self> {
        let (day, to_month_first) = match (day_first, month_first) {
            // Days of one year: less than 366 apart.
            (Some(day), Some(other)) => (day, i16::try_from(other.since(day)).ok()?),
            (Some(day), None) => (day, DAY_ONLY),
            (None, Some(other)) => (other, MONTH_ONLY),
            (None, None) => return None,
        };
        Some(Self { class, note: 0, to_month_first, day: day.number() })
    }

    /// The same date with a note.
    pub(super) const fn with_note(self, note: u8) -> Self {
        Self { note, ..self }
    }

    pub(super) const fn note(self) -> u8 {
        self.note
    }

    /// The day when the day of the month stands before the month.
    pub(super) fn day_first(self) -> Option<Day> {
        (self.to_month_first != MONTH_ONLY).then(|| Day::from_number(self.day))
    }

    /// The day when the month stands before the day of the month.
    pub(super) fn month_first(self) -> Option<Day> {
        match self.to_month_first {
            DAY_ONLY => None,
            MONTH_ONLY => Some(Day::from_number(self.day)),
            days => Some(Day::from_number(self.day + i32::from(days))),
        }
    }
}
