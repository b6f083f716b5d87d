//! The last and the coming periods as a table.

use super::blocks::{Cell, Table, head};
use super::view::{Measure, View};
use crate::panel::PeriodIndex;
use crate::report::Lang;
use crate::report::numbers::{count, decimal, money};
use crate::segment::Past;
use crate::units::Money;
use crate::value::PeriodTotals;

/// The periods in numbers.
pub(super) fn table(view: &View<'_>) -> Table {
    let summary = &view.findings.summary;
    let panel = summary.panel;
    let horizon = i32::try_from(view.horizon()).unwrap_or(i32::MAX);
    let first = panel.first_period().0.max(1_i32.saturating_sub(horizon));
    let columns = [
        (view.say("Period", "期间"), false),
        (view.say("Active customers", "活跃客户数"), true),
        (view.say("Purchases", "购买次数"), true),
        (view.say("Amount", "销售额"), true),
        (view.say("Product cost", "产品成本"), true),
        (view.say("Expense", "营销费用"), true),
        (view.say("Gross profit", "毛利"), true),
    ];
    let shown =
        |has: bool, value: Money| Cell::maybe(has.then(|| value.to_f64(panel.scale)), money);
    let (amount, cost) = (panel.has_amount, panel.has_cost);
    let past = |name: String, active: Option<f64>, own: &Past| {
        vec![
            Cell::text(name),
            Cell::maybe(active, |n| decimal(n, 0)),
            Cell::number(own.purchases as f64, count(own.purchases)),
            shown(amount, own.amount),
            shown(cost, own.cost),
            shown(panel.has_expense, own.expense),
            shown(amount && cost, own.gross_profit()),
        ]
    };
    let mut rows = Vec::new();
    for index in first..=0 {
        let label = panel.grid.label(PeriodIndex(index));
        let active = f64::from(view.company(index).active_customers);
        rows.extend(view.between(index, index).map(|own| past(label, Some(active), &own)));
    }
    if let Some(own) = view.between(first, 0).filter(|_| first < 0) {
        let n = usize::try_from(1 - first).unwrap_or(0);
        let name = match view.lang {
            Lang::En => format!("Last {} together", view.periods(n)),
            Lang::Zh => format!("过去 {}合计", view.periods(n)),
        };
        rows.push(past(name, None, &own));
    }
    let coming = |name: String, active: Option<f64>, values: [Option<f64>; 5]| {
        let [purchases, amount, cost, expense, profit] = values;
        let mut cells = vec![
            Cell::text(name),
            Cell::maybe(active, |n| decimal(n, 1)),
            Cell::maybe(purchases, |n| decimal(n, 1)),
        ];
        cells.extend([amount, cost, expense, profit].map(|value| Cell::maybe(value, money)));
        cells
    };
    let of = |p: &PeriodTotals| [Some(p.purchases), p.amount, p.cost, p.expense, p.gross_profit];
    for (label, period) in summary.forecast.labels.iter().zip(&summary.totals.periods) {
        let name = format!("{label} {}", view.say("forecast", "预测"));
        rows.push(coming(name, Some(period.active_customers), of(period)));
    }
    let periods = &summary.totals.periods;
    let all =
        [0, 1, 2, 3, 4].map(|k| periods.iter().map(|period| of(period)[k]).sum::<Option<f64>>());
    let foot = vec![coming(view.say("Forecast together", "预测合计").to_owned(), None, all)];
    Table {
        id: "periods".to_owned(),
        caption: match view.lang {
            Lang::En => format!("Past and coming periods{}", view.unit(Measure::Profit)),
            Lang::Zh => format!("历史与未来各期{}", view.unit(Measure::Profit)),
        },
        head: head(columns),
        rows,
        foot,
        live: false,
    }
}
