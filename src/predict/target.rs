//! Of what, and over which time, a distribution is.

/// What is forecast, and scored when the future has come.
///
/// ```
/// use clvcast::predict::Target;
/// assert_eq!(Target::ALL.map(Target::name), ["purchases", "amount", "gross_profit"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// Number of purchases.
    Purchases,
    /// Purchase amount, money.
    Amount,
    /// CRM gross profit, money.
    GrossProfit,
}

impl Target {
    /// All of them, in the order of the output.
    pub const ALL: [Self; 3] = [Self::Purchases, Self::Amount, Self::GrossProfit];

    /// The name in columns and keys.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Purchases => "purchases",
            Self::Amount => "amount",
            Self::GrossProfit => "gross_profit",
        }
    }
}

/// One coming period, or all of the horizon together.
///
/// ```
/// use clvcast::predict::Window;
/// let names: Vec<String> = Window::all(2).map(|window| window.to_string()).collect();
/// assert_eq!(names, ["1", "2", "total"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Window {
    /// The coming period at this place, from 0.
    Period(usize),
    /// The whole horizon.
    Total,
}

impl Window {
    /// Every period of the horizon, then the total.
    pub fn all(horizon: usize) -> impl Iterator<Item = Self> {
        (0..horizon).map(Self::Period).chain([Self::Total])
    }
}

impl std::fmt::Display for Window {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Period(h) => write!(f, "{}", h + 1),
            Self::Total => f.write_str("total"),
        }
    }
}
