//! What sections are made of; the template writes one kind of block at a time.

use serde::Serialize;

/// A section with a heading of its own.
#[derive(Debug, Serialize)]
pub(super) struct Section {
    /// Where links go.
    pub(super) id: &'static str,
    /// The heading.
    pub(super) title: String,
    /// What it says, in order.
    pub(super) blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(super) enum Block {
    /// A sentence or some.
    Text { text: String },
    /// What a reader must not miss.
    Alert { text: String },
    /// What explains the block before.
    Note { text: String },
    /// A heading within the section.
    Heading { text: String },
    /// Few big numbers.
    Cards { cards: Vec<Card> },
    /// Charts beside each other.
    Figures { figures: Vec<Figure> },
    /// A table.
    Table { table: Table },
    /// Points.
    List { items: Vec<Item> },
    /// Words and what they mean.
    Terms { terms: Vec<(String, String)> },
}

impl Block {
    /// A text.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text { text: whole_percentages(&text.into()) }
    }

    /// A note.
    pub(super) fn note(text: impl Into<String>) -> Self {
        Self::Note { text: whole_percentages(&text.into()) }
    }

    /// A heading.
    pub(super) fn heading(text: impl Into<String>) -> Self {
        Self::Heading { text: text.into() }
    }
}

/// Text in which a number and its percent sign stay on one line.
fn whole_percentages(text: &str) -> String {
    text.replace(" %", "\u{a0}%")
}

/// A point of a list.
#[derive(Debug, Serialize)]
pub(super) struct Item {
    /// The text.
    pub(super) text: String,
    /// Whether it is English on a page of another language: messages of the program.
    pub(super) english: bool,
}

/// A number with what it is compared with.
#[derive(Debug, Serialize)]
pub(super) struct Card {
    /// What it is.
    pub(super) name: String,
    /// The number.
    pub(super) value: String,
    /// Its change.
    pub(super) change: Option<String>,
    /// `up`, `down` or nothing.
    pub(super) trend: &'static str,
    /// Lines below it.
    pub(super) lines: Vec<String>,
}

/// A chart.
#[derive(Debug, Serialize)]
pub(super) struct Figure {
    /// What it shows, with units.
    pub(super) title: String,
    /// Class and meaning of each colour.
    pub(super) legend: Vec<(&'static str, String)>,
    /// The drawing, in which all text is escaped.
    pub(super) svg: String,
    /// What to read from it.
    pub(super) caption: String,
}

/// A table.
#[derive(Debug, Default, Serialize)]
pub(super) struct Table {
    /// Unique in the page.
    pub(super) id: String,
    /// What it holds, with units.
    pub(super) caption: String,
    /// Columns; the first one names the rows.
    pub(super) head: Vec<Head>,
    /// Rows.
    pub(super) rows: Vec<Vec<Cell>>,
    /// Sums below.
    pub(super) foot: Vec<Vec<Cell>>,
    /// Whether the script sorts, searches and pages it.
    pub(super) live: bool,
}

impl Table {
    /// Colours as deep as they can be: the largest share of the table is the deepest.
    pub(super) fn deepened(mut self) -> Self {
        let cells = || self.rows.iter().flatten();
        let most = cells().filter_map(|cell| cell.heat).max().unwrap_or(0).max(1);
        for heat in self.rows.iter_mut().flatten().filter_map(|cell| cell.heat.as_mut()) {
            *heat = *heat * 100 / most;
        }
        self
    }
}

/// A column of a table.
#[derive(Debug, Serialize)]
pub(super) struct Head {
    /// Its name.
    pub(super) text: String,
    /// Whether it holds numbers.
    pub(super) number: bool,
}

/// Columns of text and of numbers (`true`).
pub(super) fn head<'a>(columns: impl IntoIterator<Item = (&'a str, bool)>) -> Vec<Head> {
    let head = |(text, number): (&str, bool)| Head { text: text.to_owned(), number };
    columns.into_iter().map(head).collect()
}

/// A cell of a table.
#[derive(Debug, Default, Serialize)]
pub(super) struct Cell {
    /// What is shown.
    pub(super) text: String,
    /// The number behind it, unrounded; for sorting and for those who read the page by a program.
    pub(super) value: Option<String>,
    /// Whether it stands at the right, as numbers and missing numbers do.
    pub(super) number: bool,
    /// Depth of its colour, from 0 to 100.
    pub(super) heat: Option<u32>,
    /// Whether it is text from the data, whose direction of writing is its own.
    pub(super) data: bool,
}

impl Cell {
    /// A text of ours.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A text from the data.
    pub(super) fn data(text: &str) -> Self {
        Self { text: crate::report::visible::visible(text), data: true, ..Self::default() }
    }

    /// A number as shown.
    pub(super) fn number(value: f64, text: impl Into<String>) -> Self {
        // Never in exponents, and without a sign of nothing.
        let exact = (value.is_finite()).then(|| format!("{}", value + 0.0));
        Self { text: text.into(), value: exact, number: true, ..Self::default() }
    }

    /// A number as shown, or a dash.
    pub(super) fn maybe(value: Option<f64>, show: impl Fn(f64) -> String) -> Self {
        match value {
            Some(value) => Self::number(value, show(value)),
            None => Self::right(crate::report::numbers::MISSING),
        }
    }

    /// Text that stands where numbers do.
    pub(super) fn right(text: impl Into<String>) -> Self {
        Self { number: true, ..Self::text(text) }
    }

    /// A share of a row, the deeper the larger.
    pub(super) fn share(share: f64, text: String) -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
        let heat = (share.clamp(0.0, 1.0) * 100.0).round() as u32;
        Self { heat: Some(heat), ..Self::number(share, text) }
    }
}
