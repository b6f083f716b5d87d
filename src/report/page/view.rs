//! What all sections read: the findings, and the one number by which customers are valued.

use crate::panel::{CompanyPeriod, PeriodIndex};
use crate::predict::Target;
use crate::report::visible::visible;
use crate::report::words::number_of;
use crate::report::{Findings, Lang};
use crate::segment::Past;
use crate::units::Money;
use crate::value::{PeriodTotals, Totals};

/// What a customer is worth by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Measure {
    /// Gross profit.
    Profit,
    /// Amount.
    Amount,
    /// Purchases.
    Purchases,
}

/// The findings in a language.
pub(super) struct View<'a> {
    /// All there is.
    pub(super) findings: &'a Findings<'a>,
    /// The language of the page.
    pub(super) lang: Lang,
    /// What most tables show: gross profit where it is forecast, otherwise the amount, otherwise
    /// purchases.
    pub(super) lead: Measure,
}

impl Measure {
    /// What its intervals are of.
    pub(super) const fn target(self) -> Target {
        match self {
            Self::Profit => Target::GrossProfit,
            Self::Amount => Target::Amount,
            Self::Purchases => Target::Purchases,
        }
    }

    /// In one coming period.
    pub(super) fn of_period(self, period: &PeriodTotals) -> Option<f64> {
        match self {
            Self::Profit => period.gross_profit,
            Self::Amount => period.amount,
            Self::Purchases => Some(period.purchases),
        }
    }

    /// In all coming periods; discounted where the run discounts.
    pub(super) fn of_totals(self, totals: &Totals) -> Option<f64> {
        match self {
            Self::Profit => totals.gross_profit,
            Self::Amount => totals.amount,
            Self::Purchases => Some(totals.periods.iter().map(|period| period.purchases).sum()),
        }
    }

    /// Whether it is money; purchases otherwise.
    pub(super) const fn is_money(self) -> bool {
        !matches!(self, Self::Purchases)
    }
}

impl<'a> View<'a> {
    /// The findings in their language.
    pub(super) fn new(findings: &'a Findings<'a>) -> Self {
        let totals = findings.summary.totals;
        let lead = if totals.gross_profit.is_some() {
            Measure::Profit
        } else if totals.amount.is_some() {
            Measure::Amount
        } else {
            Measure::Purchases
        };
        Self { findings, lang: findings.lang, lead }
    }

    /// One of two texts.
    pub(super) const fn say<'t>(&self, en: &'t str, zh: &'t str) -> &'t str {
        self.lang.say(en, zh)
    }

    /// Coming periods.
    pub(super) fn horizon(&self) -> usize {
        self.findings.summary.forecast.labels.len()
    }

    /// So many periods in words: `3 quarters`, `3 个季度`.
    pub(super) fn periods(&self, n: usize) -> String {
        let period = self.findings.summary.panel.grid.period().to_string();
        let n = u32::try_from(n).unwrap_or(u32::MAX);
        match (self.lang, period.as_str()) {
            (Lang::En, _) => number_of(n, &period),
            (Lang::Zh, "month") => format!("{n} 个月"),
            (Lang::Zh, "quarter") => format!("{n} 个季度"),
            (Lang::Zh, "year") => format!("{n} 年"),
            (Lang::Zh, "week") => format!("{n} 周"),
            (Lang::Zh, days) => format!("{n} 期（每期 {} 天）", days.trim_end_matches('d')),
        }
    }

    /// One period in words.
    pub(super) fn period(&self) -> String {
        match (self.lang, self.findings.summary.panel.grid.period().to_string().as_str()) {
            (Lang::En, period) => number_of(1, period),
            (Lang::Zh, "month") => "月".to_owned(),
            (Lang::Zh, "quarter") => "季度".to_owned(),
            (Lang::Zh, "year") => "年".to_owned(),
            (Lang::Zh, "week") => "周".to_owned(),
            (Lang::Zh, days) => format!("{} 天", days.trim_end_matches('d')),
        }
    }

    /// The coming periods in words: `2018-Q1 to 2018-Q3`.
    pub(super) fn coming(&self) -> String {
        self.span(&self.findings.summary.forecast.labels)
    }

    /// From the first to the last of some labels: days, where periods are named by days.
    pub(super) fn span(&self, labels: &[String]) -> String {
        let (Some(first), Some(last)) = (labels.first(), labels.last()) else {
            return String::new();
        };
        let from = short_label(first);
        let until = last.split_once('/').map_or(last.as_str(), |(_, end)| end);
        if from == until {
            from.to_owned()
        } else {
            format!("{from} {} {until}", self.say("to", "至"))
        }
    }

    /// Each period, at the head of a Chinese title: `各季度`, `每 91 天`.
    pub(super) fn each(&self) -> String {
        let own = self.period();
        if own.starts_with(|c: char| c.is_ascii_digit()) {
            format!("每 {own}")
        } else {
            format!("各{own}")
        }
    }

    /// ` (USD)` after what is money, where the currency is known.
    pub(super) fn unit(&self, measure: Measure) -> String {
        match self.findings.summary.currency.filter(|_| measure.is_money()) {
            Some(currency) => format!(" ({})", visible(currency)),
            None => String::new(),
        }
    }

    /// The name of a measure.
    pub(super) fn name(&self, measure: Measure) -> &'static str {
        match measure {
            Measure::Profit => self.say("Gross profit", "毛利"),
            Measure::Amount => self.say("Amount", "销售额"),
            Measure::Purchases => self.say("Purchases", "购买次数"),
        }
    }

    /// The same within a sentence.
    pub(super) fn lower(&self, measure: Measure) -> &'static str {
        match measure {
            Measure::Profit => self.say("gross profit", "毛利"),
            Measure::Amount => self.say("sales", "销售额"),
            Measure::Purchases => self.say("purchases", "购买次数"),
        }
    }

    /// What is forecast is a score of potential and no expectation.
    pub(super) fn is_score(&self) -> bool {
        self.findings.summary.forecast.is_score()
    }

    /// What all customers did in a past period, also where nobody did anything.
    pub(super) fn company(&self, index: i32) -> CompanyPeriod {
        let period = PeriodIndex(index);
        let found = self.findings.summary.panel.company.iter().find(|own| own.period == period);
        found.copied().unwrap_or(CompanyPeriod {
            period,
            active_customers: 0,
            purchases: 0,
            amount: Money::ZERO,
            cost: Money::ZERO,
            expense: Money::ZERO,
        })
    }

    /// A measure of the past; `None` where the data do not say it.
    pub(super) fn past(&self, measure: Measure, past: &Past) -> Option<f64> {
        let panel = self.findings.summary.panel;
        let money = |money: Money| money.to_f64(panel.scale);
        match measure {
            Measure::Profit => {
                (panel.has_amount && panel.has_cost).then(|| money(past.gross_profit()))
            }
            Measure::Amount => panel.has_amount.then(|| money(past.amount)),
            Measure::Purchases => Some(past.purchases as f64),
        }
    }

    /// The past of all customers from one period to another, both included; `None` where it begins
    /// before the history.
    pub(super) fn between(&self, from: i32, to: i32) -> Option<Past> {
        (from >= self.findings.summary.panel.first_period().0 && from <= to).then(|| {
            let mut sum = Past::default();
            for index in from..=to {
                let own = self.company(index);
                sum.purchases += own.purchases;
                sum.amount += own.amount;
                sum.cost += own.cost;
                sum.expense += own.expense;
            }
            sum
        })
    }
}

/// The label of a period where there is little room: the first day of one that is named by days.
pub(super) fn short_label(label: &str) -> &str {
    label.split_once('/').map_or(label, |(first, _)| first)
}
