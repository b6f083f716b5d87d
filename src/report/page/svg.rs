//! Drawings as SVG text, in which every text is escaped. Colours are classes of the style sheet, so
//! that they follow light, dark and print.

use crate::report::numbers::decimal;

/// Width of every chart in its own units; with text of 12 units it is readable on a phone.
pub(super) const WIDTH: f64 = 400.0;

/// Where a text begins, or ends.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// Lines of an SVG.
pub(super) struct Svg {
    /// What is drawn so far.
    text: String,
    /// Height in its own units.
    height: f64,
}

/// Text in markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#x27;"),
            c => out.push(c),
        }
    }
    out
}

/// A coordinate: a tenth of a unit is finer than what is seen.
fn at(value: f64) -> String {
    decimal(value, 1).replace(',', "").replace(".0", "")
}

impl Svg {
    /// An empty drawing.
    pub(super) const fn new(height: f64) -> Self {
        Self { text: String::new(), height }
    }

    /// A rectangle between two corners, with what a mouse over it tells.
    pub(super) fn rect(
        &mut self,
        class: &str,
        (x0, y0): (f64, f64),
        (x1, y1): (f64, f64),
        tip: &str,
    ) {
        let (x, y) = (x0.min(x1), y0.min(y1));
        let (w, h) = ((x1 - x0).abs(), (y1 - y0).abs());
        let title =
            if tip.is_empty() { String::new() } else { format!("<title>{}</title>", escaped(tip)) };
        self.text.push_str(&format!(
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\">{title}</rect>",
            at(x),
            at(y),
            at(w),
            at(h)
        ));
    }

    /// A line through points.
    pub(super) fn line(&mut self, class: &str, points: &[(f64, f64)]) {
        let points: Vec<String> =
            points.iter().map(|(x, y)| format!("{},{}", at(*x), at(*y))).collect();
        self.text
            .push_str(&format!("<polyline class=\"{class}\" points=\"{}\"/>", points.join(" ")));
    }

    /// A dot, with what a mouse over it tells.
    pub(super) fn dot(&mut self, class: &str, (x, y): (f64, f64), tip: &str) {
        self.text.push_str(&format!(
            "<circle class=\"{class}\" cx=\"{}\" cy=\"{}\" r=\"3.5\"><title>{}</title></circle>",
            at(x),
            at(y),
            escaped(tip)
        ));
    }

    /// A text.
    pub(super) fn text(&mut self, class: &str, (x, y): (f64, f64), anchor: Anchor, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        self.text.push_str(&format!(
            "<text class=\"{class}\" x=\"{}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>",
            at(x),
            at(y),
            escaped(text)
        ));
    }

    /// The drawing, with its text alternative.
    pub(super) fn finish(self, alternative: &str) -> String {
        format!(
            "<svg role=\"img\" aria-label=\"{}\" viewBox=\"0 0 {} {}\">{}</svg>",
            escaped(alternative),
            at(WIDTH),
            at(self.height),
            self.text
        )
    }
}

/// How wide a text is about, in units: wide characters of East Asia count twice.
pub(super) fn width(text: &str) -> f64 {
    text.chars().map(|c| if u32::from(c) >= 0x1100 { 12.0 } else { 7.4 }).sum()
}

/// A text cut to a width.
pub(super) fn cut(text: &str, most: f64) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        if width(&kept) + 20.0 > most {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_no_markup() {
        let mut svg = Svg::new(10.0);
        svg.text("t", (1.0, 2.25), Anchor::Start, "</text><script>\"'&");
        svg.rect("r", (3.0, 4.0), (1.0, 2.0), "<b>");
        let text = svg.finish("\"><script>");
        assert!(!text.contains("<script") && !text.contains("<b>"), "{text}");
        assert!(text.contains("x=\"1\" y=\"2\" width=\"2\" height=\"2\""), "{text}");
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(cut("short", 100.0), "short");
        assert!(width(&cut(&"x".repeat(80), 100.0)) <= 100.0);
    }
}
