//! What was read, what was left out and why, and what a reader of the numbers should know.

use super::blocks::{Block, Cell, Item, Section, Table, head};
use super::view::View;
use crate::ledger::Role;
use crate::report::Lang;
use crate::report::numbers::{count, money};
use crate::report::visible::visible;

/// The section.
pub(super) fn section(view: &View<'_>) -> Section {
    let summary = &view.findings.summary;
    let rows = &view.findings.manifest.rows;
    let left: u64 = rows.left_out.values().sum();
    let (read, used, out) = (count(rows.read), count(rows.used), count(left));
    let mut blocks = vec![Block::text(match view.lang {
        Lang::En => format!("{read} rows were read: {used} are used, {out} are left out."),
        Lang::Zh => format!("共读取 {read} 行：使用 {used} 行，剔除 {out} 行。"),
    })];
    let mut warnings: Vec<&String> = summary.warnings.iter().collect();
    warnings.extend(&view.findings.segmentation.warnings);
    if warnings.is_empty() {
        blocks.push(Block::text(view.say("Nothing calls for a warning.", "没有需要警示的问题。")));
    } else {
        blocks.push(Block::heading(view.say("Warnings", "警告")));
        let items = warnings.iter().map(|text| Item { text: visible(text), english: true });
        blocks.push(Block::List { items: items.collect() });
    }
    blocks.push(Block::Table { table: accounts(view) });
    blocks.push(Block::Table { table: columns(view) });
    blocks.push(Block::Table { table: files(view) });
    Section { id: "quality", title: view.say("Data quality", "数据质量").to_owned(), blocks }
}

/// A reason for leaving a row out, in words.
fn reason(view: &View<'_>, name: &str) -> String {
    let (en, zh) = match name {
        "missing-customer" => ("no customer", "缺少客户编号"),
        "bad-date" => ("date not readable", "日期无法识别"),
        "date-out-of-range" => ("date out of range", "日期超出范围"),
        "bad-amount" => ("amount not readable", "金额无法识别"),
        "bad-cost" => ("cost not readable", "成本无法识别"),
        "bad-expense" => ("expense not readable", "费用无法识别"),
        "ragged-row" => ("wrong number of fields", "字段数目不符"),
        "bad-text" => ("text not valid UTF-8", "文本不是有效的 UTF-8"),
        "refund" => ("refund", "退款"),
        "duplicate" => ("exact duplicate", "完全重复的行"),
        "after-as-of" => ("after the as-of date", "晚于截止日期"),
        other => return other.to_owned(),
    };
    view.say(en, zh).to_owned()
}

/// Rows and customers by what became of them.
fn accounts(view: &View<'_>) -> Table {
    let summary = &view.findings.summary;
    let (manifest, audit) = (view.findings.manifest, &summary.ledger.audit);
    let line = |name: String, n: u64| vec![Cell::text(name), Cell::number(n as f64, count(n))];
    let said = |en: &str, zh: &str, n: u64| line(view.say(en, zh).to_owned(), n);
    let mut rows = vec![
        said("Rows read", "读取行数", manifest.rows.read),
        said("Rows used", "使用行数", manifest.rows.used),
    ];
    for (name, n) in &manifest.rows.left_out {
        let why = reason(view, name);
        rows.push(line(format!("{}{why}", view.say("Rows left out: ", "剔除：")), *n));
    }
    let late = &summary.panel.audit;
    if summary.panel.has_amount && late.rows_after_as_of > 0 {
        let amount = late.amount_after_as_of.to_f64(summary.panel.scale);
        let name = format!(
            "{}{}",
            view.say("Amount after the as-of date", "截止日期之后的金额"),
            view.unit(super::view::Measure::Amount)
        );
        rows.push(vec![Cell::text(name), Cell::number(amount, money(amount))]);
    }
    rows.extend([
        said("Rows that repeat another row exactly", "与其他行完全重复的行", audit.duplicate_rows),
        said("Rows with a negative amount (refunds)", "金额为负的行（退款）", audit.refund_rows),
        said("Purchases worth nothing", "金额为零的购买", manifest.rows.zero_orders),
        said(
            "Order ids in more than one file",
            "出现在多个文件中的订单号",
            audit.orders_in_several_files,
        ),
        said(
            "Customers with more than one segment (the latest counts)",
            "有多个分类的客户（以最新为准）",
            audit.customers_with_several_segments,
        ),
        said("Customers", "客户数", summary.panel.customers.len() as u64),
        said("Customers without a purchase", "没有购买的客户", late.customers_without_purchase),
        said(
            "Customers without an active period",
            "没有活跃期的客户",
            late.customers_without_active_period,
        ),
        said(
            "Customers first seen after the as-of date",
            "截止日期之后才出现的客户",
            late.customers_after_as_of,
        ),
    ]);
    let columns = [(view.say("What", "项目"), false), (view.say("Number", "数量"), true)];
    let caption = view.say("Rows and customers", "行与客户").to_owned();
    Table {
        id: "accounts".to_owned(),
        caption,
        head: head(columns),
        rows,
        foot: vec![],
        live: false,
    }
}

/// Which column of the data was taken for what.
fn columns(view: &View<'_>) -> Table {
    let own = &view.findings.summary.ledger.columns;
    let name = |role: Role| match role {
        Role::Customer => view.say("Customer", "客户"),
        Role::Date => view.say("Date", "日期"),
        Role::Amount => view.say("Amount", "销售额"),
        Role::Cost => view.say("Product cost", "产品成本"),
        Role::Expense => view.say("Marketing expense", "营销费用"),
        Role::Order => view.say("Order", "订单"),
        Role::Segment => view.say("Segment", "客户分类"),
    };
    let rows = Role::ALL.into_iter().map(|role| {
        let column = own
            .of(role)
            .map_or_else(|| Cell::text(view.say("not in the data", "数据中没有")), Cell::data);
        vec![Cell::text(name(role)), column]
    });
    let columns =
        [(view.say("Meaning", "含义"), false), (view.say("Column of the data", "数据列"), false)];
    let format = visible(&view.findings.manifest.rows.date_format);
    let caption = match view.lang {
        Lang::En => format!("Columns used; dates read as {format}"),
        Lang::Zh => format!("使用的列；日期格式 {format}"),
    };
    Table {
        id: "columns".to_owned(),
        caption,
        head: head(columns),
        rows: rows.collect(),
        foot: vec![],
        live: false,
    }
}

/// The files, so that anybody can tell whether theirs are the same.
fn files(view: &View<'_>) -> Table {
    let manifest = view.findings.manifest;
    let mut rows: Vec<Vec<Cell>> = manifest
        .inputs
        .iter()
        .map(|file| {
            vec![
                Cell::data(&file.path),
                Cell::number(file.rows as f64, count(file.rows)),
                Cell::number(file.bytes as f64, count(file.bytes)),
                Cell::text(file.sha256.clone()),
            ]
        })
        .collect();
    let beside = manifest.overrides.iter().map(|own| (&own.path, &own.sha256));
    let beside = beside.chain(manifest.calendar.iter().map(|own| (&own.path, &own.sha256)));
    rows.extend(beside.map(|(path, sha256)| {
        vec![Cell::data(path), Cell::text("–"), Cell::text("–"), Cell::text(sha256.clone())]
    }));
    let columns = [
        (view.say("File", "文件"), false),
        (view.say("Rows", "行数"), true),
        (view.say("Bytes", "字节"), true),
        ("SHA-256", false),
    ];
    let caption = view.say("Files read", "读取的文件").to_owned();
    Table { id: "files".to_owned(), caption, head: head(columns), rows, foot: vec![], live: false }
}
