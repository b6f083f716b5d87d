//! The words an option can take, and what they mean to the library.

use clap::ValueEnum;

use crate::calendar::{Cycle, SeasonKind};
use crate::fit::{DependenceChoice, SeasonChoice, Spend, TrendChoice};
use crate::forecast::{Acquisition, Method};
use crate::ledger::{Duplicates, Refunds};
use crate::panel::{Clock, ZeroOrders};
use crate::report::Lang;
use crate::segment::Spent;
use crate::value::MarginRule;

/// Declares the words of an option with the library value each stands for.
macro_rules! choices {
    ($(#[$doc:meta])* $name:ident => $target:ty { $($(#[$variant_doc:meta])* $variant:ident => $value:expr,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
        pub(super) enum $name { $($(#[$variant_doc])* $variant,)* }

        impl From<$name> for $target {
            fn from(choice: $name) -> Self {
                match choice { $($name::$variant => $value,)* }
            }
        }
    };
}

choices!(
    /// Negative amounts.
    RefundChoice => Refunds {
        /// Net them into the period they fall in
        Net => Refunds::Net,
        /// Leave them out, and count them
        Drop => Refunds::Drop,
        /// Refuse the input
        Error => Refunds::Error,
    }
);
choices!(
    /// Orders of exactly zero.
    ZeroOrderChoice => ZeroOrders {
        /// Leave them out of frequency and value, and count them
        Drop => ZeroOrders::Drop,
        /// Count them as purchases
        Count => ZeroOrders::Count,
    }
);
choices!(
    /// Exact duplicate rows.
    DuplicateChoice => Duplicates {
        /// Use them all
        Keep => Duplicates::Keep,
        /// Use one of each
        Drop => Duplicates::Drop,
        /// Refuse the input
        Error => Duplicates::Error,
    }
);
choices!(
    /// From when a customer is observed.
    ClockChoice => Clock {
        /// From the first purchase
        FirstPurchase => Clock::FirstPurchase,
        /// From the first period of the panel, for every customer
        Panel => Clock::Panel,
    }
);
choices!(
    /// The acquiring day in the chain.
    AcquisitionChoice => Acquisition {
        /// It says nothing about the purchase rate
        Drop => Acquisition::Drop,
        /// It counts like any other purchase
        Keep => Acquisition::Keep,
    }
);
choices!(
    /// Which values the Gamma-Gamma law is fitted to.
    SpendChoice => Spend {
        /// Average purchase value of each active period
        Period => Spend::Period,
        /// The same, weighted by the period's purchases
        Purchase => Spend::Purchase,
        /// One mean over each customer's repeat purchases
        RepeatMean => Spend::RepeatMean,
    }
);
choices!(
    /// Which rule forecasts purchases, or that it is to be chosen.
    MethodChoice => Option<Method> {
        /// The one that forecasts held-out periods best, with its model and calendar
        Auto => None,
        /// The published rule: a score of potential, not an expectation
        Point => Some(Method::Point),
        /// Expectation over the Markov chain from the last active period
        Chain => Some(Method::Chain),
        /// Expectation given the whole history
        Posterior => Some(Method::Posterior),
    }
);
choices!(
    /// Which margin is carried forward.
    MarginRuleChoice => MarginRule {
        /// The customer's last one, moved by the company's trend
        Last => MarginRule::Last,
        /// The customer's margin over its history, shrunk to the company's
        Pooled => MarginRule::Pooled,
    }
);

/// The frequency model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FrequencyChoice {
    /// Negative binomial: rates differ between customers and stay
    Nbd,
    /// A customer may leave after each repeat purchase
    BgNbd,
    /// A customer may leave after each purchase, the first one included
    MbgNbd,
    /// A customer may leave at any time
    ParetoNbd,
    /// A customer may leave at the end of each sub-period (`--tau`)
    Pdo,
}

choices!(
    /// The frequency model of a fit, or that it is to be chosen.
    FrequencyOption => Option<FrequencyChoice> {
        /// The one that forecasts held-out periods best; for `forecast` and `explain`
        Auto => None,
        /// Negative binomial: rates differ between customers and stay
        Nbd => Some(FrequencyChoice::Nbd),
        /// A customer may leave after each repeat purchase
        BgNbd => Some(FrequencyChoice::BgNbd),
        /// A customer may leave after each purchase, the first one included
        MbgNbd => Some(FrequencyChoice::MbgNbd),
        /// A customer may leave at any time
        ParetoNbd => Some(FrequencyChoice::ParetoNbd),
        /// A customer may leave at the end of each sub-period (`--tau`)
        Pdo => Some(FrequencyChoice::Pdo),
    }
);
choices!(
    /// What comes back every year.
    SeasonOption => SeasonChoice {
        /// The form the data support best, or none
        Auto => SeasonChoice::Auto,
        /// Every day of the year is alike
        None => SeasonChoice::None,
        /// Two smooth waves of the year
        Harmonics => SeasonChoice::Of(SeasonKind::Harmonics),
        /// One factor per calendar quarter
        Quarter => SeasonChoice::Of(SeasonKind::Factors(Cycle::Quarter)),
        /// One factor per month
        Month => SeasonChoice::Of(SeasonKind::Factors(Cycle::Month)),
        /// One factor per ISO week
        Week => SeasonChoice::Of(SeasonKind::Factors(Cycle::Week)),
    }
);
choices!(
    /// What does not come back.
    TrendOption => TrendChoice {
        /// Linear where the data support it
        Auto => TrendChoice::Auto,
        /// No trend
        None => TrendChoice::None,
        /// The same slope in the past and over the horizon
        Linear => TrendChoice::Linear,
        /// The slope fades over the horizon (`--damping`)
        Damped => TrendChoice::Damped,
    }
);
choices!(
    /// How values depend on the purchase rate.
    DependenceOption => DependenceChoice {
        /// Not at all, as the model assumes
        None => DependenceChoice::None,
        /// By an elasticity that is estimated
        Regression => DependenceChoice::Regression,
        /// By an elasticity where it is material
        Auto => DependenceChoice::Auto,
    }
);

/// The form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FormatChoice {
    /// A summary for people
    Table,
    /// One row per customer, exact numbers
    Csv,
    /// One object per customer
    Json,
    /// Columns with types
    Parquet,
}

choices!(
    /// The form of what is no forecast.
    TextFormatChoice => FormatChoice {
        /// Tables for people
        Table => FormatChoice::Table,
        /// The same numbers, exact, for programs
        Json => FormatChoice::Json,
    }
);

choices!(
    /// The form of a comparison.
    ReportFormatChoice => FormatChoice {
        /// Tables for people
        Table => FormatChoice::Table,
        /// The lines of the tables, exact
        Csv => FormatChoice::Csv,
        /// Everything, exact, for programs
        Json => FormatChoice::Json,
    }
);

/// One row per customer, or one per customer and period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LayoutChoice {
    /// One row per customer, periods side by side
    Wide,
    /// One row per customer and period
    Long,
}
choices!(
    /// Monetary value of RFM.
    SpentChoice => Spent {
        /// Net amount of the whole history
        Total => Spent::Total,
        /// Net amount per purchase
        Mean => Spent::Mean,
    }
);
choices!(
    /// Language of workbook and page.
    LangChoice => Lang {
        /// English
        En => Lang::En,
        /// Chinese, simplified
        Zh => Lang::Zh,
    }
);
