//! Margin, cost, expense, profit and totals.

use super::{Context, Writer, shown};
use crate::units::Money;
use crate::value::{CompanyMargins, ExpenseRule, MarginRule, PeriodForecast, PooledMargins};

impl Context<'_> {
    pub(super) fn money(&self, out: &mut Writer, labels: &[String]) {
        let rule = match self.rules.expense_rate {
            Some(rate) => ExpenseRule { rate, floor: 0.0 },
            None => ExpenseRule::of_customer(self.panel, self.i).unwrap_or_default(),
        };
        for (h, (label, period)) in (1..).zip(labels.iter().zip(&self.row.periods)) {
            out.part(label.clone());
            let (formula, inputs) = self.margin(h, period);
            out.add(format!("margin_{h}"), formula, inputs, period.margin);
            let Some(amount) = period.step.amount else { continue };
            let inputs = format!("{amount} · (1 − {})", shown(period.margin));
            out.add(format!("cost_{h}"), "amount · (1 − margin)", inputs, period.cost);
            let (formula, inputs) = if period.expense_overridden {
                ("overridden", String::new())
            } else {
                (
                    "X = amount · rate; X if X > floor or amount < floor, else floor",
                    format!(
                        "X = {amount} · {} = {}, floor = {}",
                        rule.rate,
                        amount * rule.rate,
                        rule.floor
                    ),
                )
            };
            out.add(format!("expense_{h}"), formula, inputs, period.expense);
            let inputs = format!("{amount} − {} − {}", shown(period.cost), shown(period.expense));
            out.add(
                format!("gross_profit_{h}"),
                "amount − cost − expense",
                inputs,
                period.gross_profit,
            );
        }
        if self.row.periods.is_empty() {
            return;
        }
        out.part("Totals");
        let d = self.rules.discount;
        let formula = if d == 0.0 {
            "Σ over the horizon".to_owned()
        } else {
            format!("Σ_h x_h/(1 + {d})^h")
        };
        out.add("amount_total", formula.clone(), "", self.row.amount_total);
        out.add("gross_profit_total", formula, "", self.row.gross_profit_total);
    }

    fn margin(&self, h: u32, period: &PeriodForecast) -> (String, String) {
        let text = |s: &str| s.to_owned();
        if period.margin_overridden {
            return (text("overridden"), String::new());
        }
        if self.rules.margin.is_some() {
            return (text("given with --margin"), String::new());
        }
        if !self.panel.has_cost {
            return (text("no cost column and no --margin"), String::new());
        }
        if self.rules.margin_rule == MarginRule::Pooled {
            let pooled = PooledMargins::new(self.panel);
            let (weight, own, z) = pooled.credibility(self.i);
            return (
                text("Z M_i + (1 − Z) M, Z = w_i/(w_i + s²/a): margin over the history, shrunk"),
                format!(
                    "{z} · {own} + (1 − {z}) · {}, w_i = {weight}, s² = {}, a = {}",
                    shown(pooled.overall),
                    pooled.within,
                    pooled.between
                ),
            );
        }
        let Some(state) = &self.panel.state(self.i) else {
            return (text("no active period, so no last margin"), String::new());
        };
        let empty = state.r + h - 1;
        let company = CompanyMargins::new(self.panel);
        let slope = company.slope(state.last_active);
        let last = self.panel.active_cells(self.i).next_back().map_or(f64::NAN, |cell| {
            let money = |value: Money| value.to_f64(self.panel.scale);
            money(cell.amount() - cell.cost()) / money(cell.amount())
        });
        if empty == 0 {
            return (text("last margin"), last.to_string());
        }
        (
            text("last margin · (1 + slope · r'/2), r' = r + h − 1"),
            format!("{last} · (1 + {slope} · {empty}/2)"),
        )
    }
}
