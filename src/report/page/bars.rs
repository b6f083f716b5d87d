//! Bars that lie, one or two for each name, for names of any length.

use super::svg::{Anchor, Svg, WIDTH, cut, width};

/// Height of one bar.
const BAR: f64 = 12.0;
/// Height of the line with name and value above the bars.
const LINE: f64 = 18.0;
/// Room between names.
const GAP: f64 = 8.0;

/// A name and its bars.
pub(super) struct Bar {
    /// The name.
    pub(super) name: String,
    /// Class, value, and value in words of each bar.
    pub(super) values: Vec<(&'static str, f64, String)>,
}

/// The bars as SVG, from one zero for all; `alternative` says it in words.
pub(super) fn bars(bars: &[Bar], alternative: &str) -> String {
    let rows = bars.iter().map(|bar| LINE + BAR * bar.values.len() as f64 + GAP);
    let mut svg = Svg::new(rows.sum::<f64>() + 2.0);
    let all = || bars.iter().flat_map(|bar| bar.values.iter().map(|value| value.1));
    let low = all().filter(|value| value.is_finite()).fold(0.0, f64::min);
    let high = all().filter(|value| value.is_finite()).fold(0.0, f64::max);
    let range = if high > low { high - low } else { 1.0 };
    let place = |value: f64| 2.0 + (WIDTH - 4.0) * (value - low) / range;
    let mut y = 0.0;
    for bar in bars {
        let texts: Vec<&str> = bar.values.iter().map(|value| value.2.as_str()).collect();
        let value = texts.join(" | ");
        let room = WIDTH - width(&value) - 12.0;
        svg.text("label", (2.0, y + 13.0), Anchor::Start, &cut(&bar.name, room));
        svg.text("value", (WIDTH - 2.0, y + 13.0), Anchor::End, &value);
        y += LINE;
        for (class, value, text) in &bar.values {
            let tip = format!("{}: {text}", bar.name);
            let value = if value.is_finite() { *value } else { 0.0 };
            svg.rect(class, (place(0.0), y), (place(value), y + BAR - 2.0), &tip);
            y += BAR;
        }
        svg.line("zero", &[(place(0.0), y - BAR * bar.values.len() as f64 - 2.0), (place(0.0), y)]);
        y += GAP;
    }
    svg.finish(alternative)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_below_zero_go_to_the_other_side() {
        let bar = |name: &str, value: f64| Bar {
            name: name.into(),
            values: vec![("ahead", value, format!("{value}"))],
        };
        let svg = bars(&[bar("up", 30.0), bar("down", -10.0)], "both");
        // Zero lies at a quarter of the width.
        assert!(svg.contains("x=\"101\" y=\"18\" width=\"297\""), "{svg}");
        assert!(svg.contains("x=\"2\" y=\"56\" width=\"99\""), "{svg}");
    }
}
