//! Which columns the sheet of the forecast has, what stands in them, and what may be changed.

use super::address::letters;
use super::styles::Show;
use crate::value::Field;

/// What a column of the forecast holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Customer,
    /// Label of a grouping, by its position.
    Label(usize),
    R,
    LastValue,
    PAlive,
    Purchases(usize),
    Amount(usize),
    Margin(usize),
    Cost(usize),
    Expense(usize),
    GrossProfit(usize),
    AmountTotal,
    GrossProfitTotal,
    PastPurchases,
    PastAmount,
    PastGrossProfit,
    FirstPurchase,
    LastPurchase,
    Flags,
    /// Number of the group in a grouping, from 1; 0 without a label. Hidden.
    Group(usize),
    /// Number of the row when it was written, from 1; below zero for all others. Hidden.
    Key,
}

/// What a reader may do with the cells of a column.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// The customer's id.
    Id,
    /// Numbers and texts that are given.
    Given,
    /// Inputs: a field of a coming period, from 0.
    Input(Field, usize),
    /// A formula, in which `{r}` stands for the number of the row.
    Formula(String),
    /// Number of the row.
    Key,
}

/// What is known of the customers, which decides about columns.
#[expect(clippy::struct_excessive_bools, reason = "each decides about columns of its own")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) groupings: usize,
    pub(super) horizon: usize,
    /// Some customer has a forecast amount.
    pub(super) amount: bool,
    /// Some customer has a forecast gross profit.
    pub(super) profit: bool,
    pub(super) past_amount: bool,
    pub(super) past_profit: bool,
    /// Some customer may have left.
    pub(super) leaving: bool,
}

/// The columns in order.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) known: Known,
    pub(super) columns: Vec<Of>,
}

impl Layout {
    pub(super) fn new(known: Known) -> Self {
        let mut columns = vec![Of::Customer];
        columns.extend((0..known.groupings).map(Of::Label));
        columns.push(Of::R);
        columns.extend(known.past_amount.then_some(Of::LastValue));
        columns.extend(known.leaving.then_some(Of::PAlive));
        for h in 0..known.horizon {
            columns.push(Of::Purchases(h));
            columns.extend(known.amount.then_some(Of::Amount(h)));
            if known.profit {
                columns.extend([Of::Margin(h), Of::Cost(h), Of::Expense(h), Of::GrossProfit(h)]);
            }
        }
        columns.extend(known.amount.then_some(Of::AmountTotal));
        columns.extend(known.profit.then_some(Of::GrossProfitTotal));
        columns.push(Of::PastPurchases);
        columns.extend(known.past_amount.then_some(Of::PastAmount));
        columns.extend(known.past_profit.then_some(Of::PastGrossProfit));
        columns.extend([Of::FirstPurchase, Of::LastPurchase, Of::Flags]);
        columns.extend((0..known.groupings).map(Of::Group));
        columns.push(Of::Key);
        Self { known, columns }
    }

    /// Where a column is; `None` where there is none.
    pub(super) fn at(&self, of: Of) -> Option<u16> {
        let place = self.columns.iter().position(|column| *column == of)?;
        u16::try_from(place).ok()
    }

    /// What a reader may do with a column; `discount` is the cell of the discount rate, where the
    /// totals are discounted.
    pub(super) fn kind(&self, of: Of, discount: Option<&str>) -> Kind {
        let cell = |of: Of| self.at(of).map(|at| format!("{}{{r}}", letters(at)));
        let formula = match of {
            Of::Customer => return Kind::Id,
            Of::Margin(h) => return Kind::Input(Field::Margin, h),
            Of::Expense(h) => return Kind::Input(Field::Expense, h),
            Of::Key => return Kind::Key,
            Of::Cost(h) => cell(Of::Amount(h))
                .zip(cell(Of::Margin(h)))
                .map(|(amount, margin)| format!("{amount}*(1-{margin})")),
            Of::GrossProfit(h) => {
                let parts = [Of::Amount(h), Of::Cost(h), Of::Expense(h)];
                parts.into_iter().map(cell).collect::<Option<Vec<_>>>().map(|cells| cells.join("-"))
            }
            Of::AmountTotal => self.total(Of::Amount, discount),
            Of::GrossProfitTotal => self.total(Of::GrossProfit, discount),
            _ => None,
        };
        formula.map_or(Kind::Given, Kind::Formula)
    }

    /// Σ x_h/(1 + d)^h over the coming periods.
    fn total(&self, of: impl Fn(usize) -> Of, discount: Option<&str>) -> Option<String> {
        let term = |h: usize| {
            let cell = format!("{}{{r}}", letters(self.at(of(h))?));
            Some(match discount {
                Some(rate) => format!("{cell}/(1+{rate})^{}", h + 1),
                None => cell,
            })
        };
        let terms: Option<Vec<String>> = (0..self.known.horizon).map(term).collect();
        terms.map(|terms| terms.join("+"))
    }
}

impl Of {
    /// How its numbers are shown.
    pub(super) const fn show(self) -> Show {
        match self {
            Self::Customer | Self::Label(_) | Self::Flags => Show::Text,
            Self::R | Self::PastPurchases | Self::Group(_) | Self::Key => Show::Count,
            Self::PAlive | Self::Margin(_) => Show::Share,
            Self::Purchases(_) => Show::Expected,
            Self::FirstPurchase | Self::LastPurchase => Show::Date,
            Self::LastValue
            | Self::Amount(_)
            | Self::Cost(_)
            | Self::Expense(_)
            | Self::GrossProfit(_)
            | Self::AmountTotal
            | Self::GrossProfitTotal
            | Self::PastAmount
            | Self::PastGrossProfit => Show::Money,
        }
    }

    /// Width in letters.
    pub(super) const fn width(self) -> f64 {
        match self {
            Self::Customer => 18.0,
            Self::Label(_) => 15.0,
            Self::R | Self::PAlive | Self::Margin(_) | Self::Purchases(_) => 10.5,
            Self::PastPurchases => 11.0,
            Self::Flags => 38.0,
            _ => 13.5,
        }
    }

    /// Whether it stands above the header as a sum.
    pub(super) const fn is_summed(self) -> bool {
        matches!(
            self,
            Self::Purchases(_)
                | Self::Amount(_)
                | Self::Cost(_)
                | Self::Expense(_)
                | Self::GrossProfit(_)
                | Self::AmountTotal
                | Self::GrossProfitTotal
                | Self::PastPurchases
                | Self::PastAmount
                | Self::PastGrossProfit
        )
    }

    /// Whether it is for formulas and for reading the workbook back, not for people.
    pub(super) const fn is_hidden(self) -> bool {
        matches!(self, Self::Group(_) | Self::Key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Known = Known {
        groupings: 1,
        horizon: 2,
        amount: true,
        profit: true,
        past_amount: true,
        past_profit: true,
        leaving: true,
    };

    #[test]
    fn formulas_follow_the_columns() {
        let layout = Layout::new(ALL);
        let formula = |of, discount| match layout.kind(of, discount) {
            Kind::Formula(text) => text,
            other => panic!("{other:?}"),
        };
        assert_eq!(layout.at(Of::Amount(0)), Some(6)); // G
        assert_eq!(formula(Of::Cost(0), None), "G{r}*(1-H{r})");
        assert_eq!(formula(Of::GrossProfit(0), None), "G{r}-I{r}-J{r}");
        assert_eq!(formula(Of::AmountTotal, None), "G{r}+M{r}");
        assert_eq!(formula(Of::AmountTotal, Some("$B$4")), "G{r}/(1+$B$4)^1+M{r}/(1+$B$4)^2");
        assert_eq!(layout.kind(Of::Margin(1), None), Kind::Input(Field::Margin, 1));
    }

    #[test]
    fn without_costs_there_is_nothing_to_change() {
        let layout = Layout::new(Known { profit: false, past_profit: false, ..ALL });
        let kinds = layout.columns.iter().map(|of| layout.kind(*of, None));
        assert!(!kinds.into_iter().any(|kind| matches!(kind, Kind::Input(..))));
        assert!(layout.at(Of::AmountTotal).is_some() && layout.at(Of::GrossProfitTotal).is_none());
    }
}
