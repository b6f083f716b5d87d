//! Charts with two axes: columns, intervals and lines.

use super::show::short;
use super::svg::{Anchor, Svg, WIDTH, width};
use crate::report::Lang;
use crate::report::numbers::{decimal, percent};

/// Height of a chart in its own units.
const HEIGHT: f64 = 250.0;
/// Room for the name of the vertical axis.
const TOP: f64 = 26.0;
/// Room for names of ticks and of the horizontal axis.
const BOTTOM: f64 = 44.0;
/// Ticks of a vertical axis, about.
const TICKS: f64 = 4.0;

/// The horizontal axis.
pub(super) enum Across {
    /// Named places, from 0.
    Names(Vec<String>),
    /// A range of numbers, from 0.
    Range { to: f64, unit: Unit },
}

/// How numbers on an axis are written.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Unit {
    /// Shortened.
    Plain,
    /// Shares as percentages.
    Share,
}

/// What is drawn over the axes.
pub(super) enum Layer {
    /// One column for each place that has a value: class, its position among so many columns of a
    /// place, values.
    Columns(&'static str, (usize, usize), Vec<Option<f64>>),
    /// One interval for each place that has one.
    Intervals(Vec<Option<(f64, f64)>>),
    /// A line, and whether it has dots.
    Line(&'static str, bool, Vec<(f64, f64)>),
}

/// A chart.
pub(super) struct Chart {
    /// The horizontal axis and its name.
    pub(super) across: (Across, String),
    /// Name of the vertical axis and how its numbers are written.
    pub(super) up: (String, Unit),
    /// From behind to the front.
    pub(super) layers: Vec<Layer>,
}

/// A round step that makes about so many of a range.
fn step(range: f64, about: f64) -> f64 {
    let raw = (range / about).max(f64::MIN_POSITIVE);
    let size = 10_f64.powf(raw.log10().floor());
    let round = [1.0, 2.0, 2.5, 5.0].into_iter().find(|round| round * size >= raw * 0.999);
    round.unwrap_or(10.0) * size
}

/// From the smallest to the largest tick; counts have no ticks between whole numbers.
fn ticks(low: f64, high: f64) -> Vec<f64> {
    let range = if high > low { high - low } else { 1.0 };
    let step = step(range, TICKS);
    let (from, to) = ((low / step + 1e-9).floor(), ((low + range) / step - 1e-9).ceil());
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "few ticks")]
    let count = (to - from).clamp(1.0, 20.0) as u32;
    (0..=count).map(|k| (from + f64::from(k)) * step).collect()
}

impl Unit {
    /// A tick in words.
    fn tick(self, lang: Lang, value: f64) -> String {
        match self {
            Self::Plain => short(lang, value),
            Self::Share => format!("{} %", decimal(100.0 * value, 0)),
        }
    }

    /// A value in words.
    fn tip(self, value: f64) -> String {
        match self {
            Self::Plain => decimal(value, if value.abs() < 100.0 { 2 } else { 0 }),
            Self::Share => percent(value),
        }
    }
}

/// From values to units of the drawing.
struct Frame {
    left: f64,
    right: f64,
    from: (f64, f64),
    to: (f64, f64),
}

impl Frame {
    /// The place of a value on both axes.
    fn at(&self, x: f64, y: f64) -> (f64, f64) {
        let across = (x - self.from.0) / (self.to.0 - self.from.0);
        let up = (y - self.from.1) / (self.to.1 - self.from.1);
        let bottom = HEIGHT - BOTTOM;
        (self.left + across * (self.right - self.left), bottom - up * (bottom - TOP))
    }
}

impl Chart {
    /// The smallest and the largest value; zero is always there.
    fn range(&self) -> (f64, f64) {
        let mut all = vec![0.0];
        for layer in &self.layers {
            match layer {
                Layer::Columns(_, _, values) => all.extend(values.iter().flatten()),
                Layer::Intervals(ranges) => {
                    all.extend(ranges.iter().flatten().flat_map(|(low, high)| [low, high]));
                }
                Layer::Line(_, _, points) => all.extend(points.iter().map(|point| point.1)),
            }
        }
        let finite = || all.iter().copied().filter(|value| value.is_finite());
        (finite().fold(0.0, f64::min), finite().fold(0.0, f64::max))
    }

    /// The chart as SVG; `alternative` says it in words.
    pub(super) fn draw(&self, lang: Lang, alternative: &str) -> String {
        let mut svg = Svg::new(HEIGHT);
        let (low, high) = self.range();
        let ticks = ticks(low, high);
        let names: Vec<String> = ticks.iter().map(|tick| self.up.1.tick(lang, *tick)).collect();
        let widest = names.iter().map(|name| width(name)).fold(0.0, f64::max);
        let (first, last) =
            (ticks.first().copied().unwrap_or(0.0), ticks.last().copied().unwrap_or(1.0));
        let (x0, x1) = match &self.across.0 {
            Across::Names(names) => (-0.5, names.len().max(1) as f64 - 0.5),
            Across::Range { to, .. } => (0.0, if *to > 0.0 { *to } else { 1.0 }),
        };
        let frame =
            Frame { left: widest + 10.0, right: WIDTH - 12.0, from: (x0, first), to: (x1, last) };
        svg.text("axis-name", (0.0, 12.0), Anchor::Start, &self.up.0);
        for (tick, name) in ticks.iter().zip(&names) {
            let (x, y) = frame.at(x0, *tick);
            let class = if *tick == 0.0 { "zero" } else { "grid" };
            svg.line(class, &[(x, y), (frame.right, y)]);
            svg.text("tick", (x - 6.0, y + 4.0), Anchor::End, name);
        }
        self.names_across(lang, &frame, &mut svg);
        for layer in &self.layers {
            self.layer(&frame, layer, &mut svg);
        }
        svg.finish(alternative)
    }

    /// Names along the horizontal axis, as many as have room, the last one always.
    fn names_across(&self, lang: Lang, frame: &Frame, svg: &mut Svg) {
        let y = HEIGHT - BOTTOM + 16.0;
        // Those at the ends stay within the drawing.
        let write = |svg: &mut Svg, at: f64, name: &str| {
            let half = width(name) / 2.0;
            let x = frame.at(at, 0.0).0.clamp(half, WIDTH - half);
            svg.text("tick", (x, y), Anchor::Middle, name);
        };
        match &self.across.0 {
            Across::Names(names) => {
                let room = (frame.right - frame.left) / names.len().max(1) as f64;
                let widest = names.iter().map(|name| width(name)).fold(0.0, f64::max) + 8.0;
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "small"
                )]
                let every = (widest / room).ceil().max(1.0) as usize;
                for (i, name) in names.iter().enumerate() {
                    if (names.len() - 1 - i).is_multiple_of(every) {
                        write(svg, i as f64, name);
                    }
                }
            }
            Across::Range { to, unit } => {
                for tick in ticks(0.0, *to).into_iter().filter(|tick| *tick <= to * 1.001) {
                    write(svg, tick, &unit.tick(lang, tick));
                }
            }
        }
        let middle = f64::midpoint(frame.left, frame.right);
        svg.text("axis-name", (middle, HEIGHT - 8.0), Anchor::Middle, &self.across.1);
    }

    /// The name of a place.
    fn place(&self, i: usize) -> &str {
        match &self.across.0 {
            Across::Names(names) => names.get(i).map_or("", String::as_str),
            Across::Range { .. } => "",
        }
    }

    fn layer(&self, frame: &Frame, layer: &Layer, svg: &mut Svg) {
        match layer {
            Layer::Columns(class, (k, of), values) => {
                let slot = 0.8 / *of as f64;
                for (i, value) in values.iter().enumerate() {
                    let Some(value) = value.filter(|value| value.is_finite()) else { continue };
                    let from = i as f64 - 0.4 + slot * *k as f64;
                    let tip = format!("{}: {}", self.place(i), self.up.1.tip(value));
                    svg.rect(class, frame.at(from, 0.0), frame.at(from + slot * 0.94, value), &tip);
                }
            }
            Layer::Intervals(ranges) => {
                for (i, range) in ranges.iter().enumerate() {
                    let Some((low, high)) = *range else { continue };
                    let x = i as f64;
                    let ends = [frame.at(x, low), frame.at(x, high)];
                    svg.line("interval", &ends);
                    for (x, y) in ends {
                        svg.line("interval", &[(x - 4.0, y), (x + 4.0, y)]);
                    }
                }
            }
            Layer::Line(class, dots, points) => {
                let places: Vec<(f64, f64)> =
                    points.iter().map(|(x, y)| frame.at(*x, *y)).collect();
                svg.line(class, &places);
                for ((x, value), place) in points.iter().zip(&places).filter(|_| *dots) {
                    #[expect(
                        clippy::cast_possible_truncation,
                        clippy::cast_sign_loss,
                        reason = "a place"
                    )]
                    let name = self.place(x.round().max(0.0) as usize);
                    svg.dot(class, *place, &format!("{name}: {}", self.up.1.tip(*value)));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_hold_the_range() {
        assert_eq!(ticks(0.0, 95.0), [0.0, 25.0, 50.0, 75.0, 100.0]);
        assert_eq!(ticks(-3.0, 1.0), [-3.0, -2.0, -1.0, 0.0, 1.0]);
        assert_eq!(ticks(0.0, 0.0).first(), Some(&0.0));
        let all = ticks(-812.0, 31_000.0);
        assert!(
            all[0] <= -812.0 && all[all.len() - 1] >= 31_000.0 && all.contains(&0.0),
            "{all:?}"
        );
    }

    #[test]
    fn a_chart_says_its_values_and_its_names() {
        let chart = Chart {
            across: (Across::Names(vec!["<a>".into(), "b".into()]), "period".into()),
            up: ("money".into(), Unit::Plain),
            layers: vec![
                Layer::Columns("past", (0, 1), vec![Some(4.0), None]),
                Layer::Intervals(vec![None, Some((1.0, 3.0))]),
                Layer::Line("ahead", true, vec![(0.0, 4.0), (1.0, 2.0)]),
            ],
        };
        let svg = chart.draw(Lang::En, "in words");
        for part in ["&lt;a&gt;: 4.00", "b: 2.00", "aria-label=\"in words\"", "period", "money"] {
            assert!(svg.contains(part), "{part} in {svg}");
        }
    }
}
