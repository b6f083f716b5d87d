//! How cells look.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

/// What a cell is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// A value of a table.
    Plain,
    /// The title of a sheet.
    Title,
    /// The one sentence that a reader takes away.
    Headline,
    /// The title of a table.
    Heading,
    /// The head of a column.
    Header,
    /// The head of a column whose cells are inputs.
    InputHeader,
    /// A remark below or beside a table.
    Note,
    /// A remark on one line.
    Hint,
    /// Something that a reader should not miss.
    Warning,
    /// A value that the reader may change.
    Input,
    /// A sum.
    Total,
}

/// How a number is shown; its value is never rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Show {
    /// Text, or a number as it is.
    Text,
    /// A whole number.
    Count,
    /// An expected number, which is not whole.
    Quantity,
    /// An expected number of one customer, which is small.
    Expected,
    /// Money with cents.
    Money,
    /// A share as a percentage.
    Share,
    /// A change as a percentage with its sign.
    Change,
    /// A probability, a factor, a score.
    Decimal,
    /// A day.
    Date,
    /// A parameter, large or small.
    Figure,
}

/// Every look.
const LOOKS: [Look; 11] = [
    Look::Plain,
    Look::Title,
    Look::Headline,
    Look::Heading,
    Look::Header,
    Look::InputHeader,
    Look::Note,
    Look::Hint,
    Look::Warning,
    Look::Input,
    Look::Total,
];

/// Every way to show a number.
const SHOWS: [Show; 10] = [
    Show::Text,
    Show::Count,
    Show::Quantity,
    Show::Expected,
    Show::Money,
    Show::Share,
    Show::Change,
    Show::Decimal,
    Show::Date,
    Show::Figure,
];

/// What the model says; what is past; what is bad; what may be changed.
pub(super) const BLUE: Color = Color::RGB(0x00_72B2);
/// What was observed.
pub(super) const GREY: Color = Color::RGB(0x80_8080);
/// Below zero.
pub(super) const RED: Color = Color::RGB(0xC0_392B);
/// Bars of numbers below zero.
pub(super) const PALE_RED: Color = Color::RGB(0xE8_B4AE);
/// Bars beside numbers.
pub(super) const PALE: Color = Color::RGB(0x9E_C5E3);
/// Behind inputs.
const YELLOW: Color = Color::RGB(0xFF_F8DC);
/// Behind headers.
const SHADE: Color = Color::RGB(0xE8_EEF4);
/// Lines.
const LINE: Color = Color::RGB(0xB8_C4D0);

impl Show {
    /// The number format.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Text => "General",
            Self::Figure => "[>=1000]#,##0.0;[>=1]0.0000;0.000000",
            Self::Count => "#,##0",
            Self::Quantity => "#,##0.0",
            Self::Expected | Self::Money => "#,##0.00",
            Self::Share => "0.0%",
            Self::Change => "+0.0%;-0.0%;0.0%",
            Self::Decimal => "0.0000",
            Self::Date => "yyyy-mm-dd",
        }
    }

    /// Whether it is at home at the left.
    const fn is_text(self) -> bool {
        matches!(self, Self::Text)
    }
}

/// All formats of a workbook.
#[derive(Debug)]
pub(super) struct Styles(Vec<Format>);

impl Styles {
    pub(super) fn new() -> Self {
        let pairs = LOOKS.into_iter().flat_map(|look| SHOWS.map(|show| (look, show)));
        Self(pairs.map(|(look, show)| format(look, show)).collect())
    }

    pub(super) fn get(&self, look: Look, show: Show) -> &Format {
        &self.0[look as usize * SHOWS.len() + show as usize]
    }
}

fn format(look: Look, show: Show) -> Format {
    let format = Format::new().set_num_format(show.code());
    let format = if show.is_text() { format } else { format.set_align(FormatAlign::Right) };
    match look {
        Look::Plain => format,
        Look::Title => format.set_bold().set_font_size(16),
        Look::Headline => {
            format.set_font_size(12).set_text_wrap().set_bold().set_align(FormatAlign::Top)
        }
        Look::Heading => format.set_bold().set_font_size(12).set_font_color(BLUE),
        Look::Header => header(format, SHADE),
        Look::InputHeader => header(format, YELLOW),
        Look::Note => {
            format.set_text_wrap().set_align(FormatAlign::Top).set_font_color(Color::RGB(0x59_5959))
        }
        Look::Hint => format.set_font_color(Color::RGB(0x59_5959)),
        Look::Warning => format.set_text_wrap().set_align(FormatAlign::Top).set_font_color(RED),
        Look::Input => format.set_background_color(YELLOW).set_font_color(Color::RGB(0x00_00CC)),
        Look::Total => {
            format.set_bold().set_border_top(FormatBorder::Thin).set_border_top_color(LINE)
        }
    }
}

fn header(format: Format, behind: Color) -> Format {
    format
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_background_color(behind)
        .set_border_bottom(FormatBorder::Thin)
        .set_border_bottom_color(LINE)
}
