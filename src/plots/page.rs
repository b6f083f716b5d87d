//! What stands around every chart: title, what is shown, legend, what to read from it.

use super::drawing::{Anchor, Colour, Drawing, Label, Point};
use super::font;
use super::style::{INK, MUTED, SIZE, SMALL, Style, TEXT, TITLE};

/// Space at the sides.
const MARGIN: f64 = 28.0;
/// From line to line.
const LEADING: f64 = 17.0;

/// How a series is shown in the legend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Mark {
    Line,
    Dashes,
    Box,
    Dot,
}

/// Begins a picture: title, subtitle, legend above and caption below. The area left for charts,
/// with their labels, is [`inside`].
pub(super) fn page(
    name: &'static str,
    title: impl Into<String>,
    caption: impl Into<String>,
    legend: &[(Mark, Colour, &str)],
    style: &Style,
) -> Drawing {
    let mut page = Drawing {
        name,
        title: title.into(),
        caption: caption.into(),
        size: SIZE,
        shapes: Vec::new(),
    };
    let mut title = Label::new(&page.title, TITLE, INK, Anchor::Start);
    title.bold = true;
    page.text((MARGIN, 32.0), title);
    page.text((MARGIN, 56.0), Label::new(&style.subtitle, TEXT, MUTED, Anchor::Start));
    let mut x = MARGIN;
    for &(mark, colour, text) in legend {
        x = entry(&mut page, x, mark, colour, text);
    }
    let lines = wrapped(&page.caption, SIZE.0 - 2.0 * MARGIN);
    for (above, line) in (1_u32..).map(f64::from).zip(lines.iter().rev()) {
        page.text((MARGIN, SIZE.1 - above * LEADING), Label::new(line, TEXT, INK, Anchor::Start));
    }
    page
}

/// Upper left and lower right corner of the area for charts and their labels.
pub(super) fn inside() -> (Point, Point) {
    ((MARGIN, 104.0), (SIZE.0 - MARGIN, SIZE.1 - 3.0 * LEADING - 14.0))
}

/// Where a single chart lies: inside, with room for its labels.
pub(super) fn chart_area() -> (Point, Point) {
    let ((left, top), (right, bottom)) = inside();
    ((left + 74.0, top), (right - 6.0, bottom - 44.0))
}

/// Where two charts lie side by side.
pub(super) fn halves() -> [(Point, Point); 2] {
    let ((left, top), (right, bottom)) = chart_area();
    let wide = (right - left - 86.0) / 2.0;
    [((left, top), (left + wide, bottom)), ((right - wide, top), (right, bottom))]
}

/// One series of the legend; the place of the next one.
fn entry(page: &mut Drawing, x: f64, mark: Mark, colour: Colour, text: &str) -> f64 {
    const Y: f64 = 84.0;
    const WIDE: f64 = 26.0;
    match mark {
        Mark::Line => page.line(vec![(x, Y), (x + WIDE, Y)], colour, 2.5),
        Mark::Dashes => page.dashed(&[(x, Y), (x + WIDE, Y)], colour, 2.0),
        Mark::Box => page.rect((x + 4.0, Y - 6.0), (x + WIDE - 4.0, Y + 6.0), colour),
        Mark::Dot => page.dot((x + WIDE / 2.0, Y), 5.0, colour),
    }
    page.text((x + WIDE + 6.0, Y), Label::new(text, TEXT, INK, Anchor::Start));
    x + WIDE + 6.0 + font::width(text, TEXT, false) + 24.0
}

/// A text in lines of at most that width.
fn wrapped(text: &str, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if font::width(&format!("{line} {word}"), TEXT, false) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// A small text beside data.
pub(super) fn note(page: &mut Drawing, at: Point, text: &str, anchor: Anchor) {
    page.text(at, Label::new(text, SMALL, MUTED, anchor));
}
