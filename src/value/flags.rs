//! What a person should look at in a row.

use std::fmt;
use std::sync::OnceLock;

/// One reason to look at a row; the order here is the order in the output.
///
/// ```
/// use clvcast::value::Flag;
/// assert_eq!(Flag::OneTimeBuyer.name(), "one-time-buyer");
/// assert_eq!(Flag::OneTimeBuyer.meaning(), "exactly one purchase so far");
/// assert_eq!(Flag::ALL[0], Flag::NoActivePeriod);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Flag {
    /// No period with a purchase and a positive net amount.
    NoActivePeriod,
    /// Exactly one purchase so far.
    OneTimeBuyer,
    /// First purchase less than three periods before the as-of date.
    ShortHistory,
    /// The last value lies outside the bands.
    OutsideBands,
    /// The last count lies above the largest of the model.
    AboveMaxFrequency,
    /// The expected value is infinite under the model.
    InfiniteMean,
    /// The last margin is negative.
    NegativeMargin,
    /// A forecast margin is above 100 %.
    MarginOver100,
    /// The last active period has a cost of 0 in a file that has costs.
    Margin100,
    /// The customer has no expense in a file that has expenses.
    NoExpense,
    /// No past sales: the expense rate is undefined and taken as 0.
    NoSales,
    /// The forecast gross profit is negative.
    NegativeForecast,
    /// A margin or an expense was overridden.
    Overridden,
}

impl Flag {
    /// All flags, in order.
    pub const ALL: [Self; 13] = [
        Self::NoActivePeriod,
        Self::OneTimeBuyer,
        Self::ShortHistory,
        Self::OutsideBands,
        Self::AboveMaxFrequency,
        Self::InfiniteMean,
        Self::NegativeMargin,
        Self::MarginOver100,
        Self::Margin100,
        Self::NoExpense,
        Self::NoSales,
        Self::NegativeForecast,
        Self::Overridden,
    ];

    /// The name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoActivePeriod => "no-active-period",
            Self::OneTimeBuyer => "one-time-buyer",
            Self::ShortHistory => "short-history",
            Self::OutsideBands => "outside-bands",
            Self::AboveMaxFrequency => "above-max-frequency",
            Self::InfiniteMean => "infinite-mean",
            Self::NegativeMargin => "negative-margin",
            Self::MarginOver100 => "margin-over-100",
            Self::Margin100 => "margin-100",
            Self::NoExpense => "no-expense",
            Self::NoSales => "no-sales",
            Self::NegativeForecast => "negative-forecast",
            Self::Overridden => "overridden",
        }
    }

    /// What it means, for people.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::NoActivePeriod => "no period with a purchase and a positive net amount",
            Self::OneTimeBuyer => "exactly one purchase so far",
            Self::ShortHistory => "first purchase less than three periods ago",
            Self::OutsideBands => "the last value lies outside the model's bands",
            Self::AboveMaxFrequency => "the last count lies above the model's largest",
            Self::InfiniteMean => "the expected value is infinite under the model",
            Self::NegativeMargin => "the last margin is negative",
            Self::MarginOver100 => "a forecast margin is above 100 %",
            Self::Margin100 => "the last active period has no cost",
            Self::NoExpense => "no expense so far",
            Self::NoSales => "no net sales so far: the expense rate is taken as 0",
            Self::NegativeForecast => "the forecast gross profit is negative",
            Self::Overridden => "a margin or an expense was overridden",
        }
    }
}

/// A set of flags; displays as names joined by `;`, in fixed order.
///
/// ```
/// use clvcast::value::{Flag, Flags};
/// let mut flags = Flags::default();
/// flags.set(Flag::NoExpense, true);
/// flags.set(Flag::OneTimeBuyer, true);
/// assert_eq!(flags.to_string(), "one-time-buyer;no-expense");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags(u16);

impl Flags {
    /// No flag.
    pub const NONE: Self = Self(0);

    /// Adds a flag when `condition` holds.
    pub fn set(&mut self, flag: Flag, condition: bool) {
        if condition {
            self.0 |= 1 << flag as u8;
        }
    }

    /// Whether a flag is set.
    #[must_use]
    pub const fn has(self, flag: Flag) -> bool {
        self.0 & (1 << flag as u8) != 0
    }
}

impl Flags {
    /// The names of the flags, joined by `;`, in fixed order.
    #[must_use]
    pub fn text(self) -> &'static str {
        // Millions of rows have few distinct sets: each is put together once.
        static TEXTS: [OnceLock<String>; 1 << Flag::ALL.len()] =
            [const { OnceLock::new() }; 1 << Flag::ALL.len()];
        TEXTS[usize::from(self.0)].get_or_init(|| {
            let set = Flag::ALL.into_iter().filter(|&flag| self.has(flag));
            set.map(Flag::name).collect::<Vec<_>>().join(";")
        })
    }
}

impl fmt::Display for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}
