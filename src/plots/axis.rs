//! Scales with their ticks, and the frame around a chart.

use super::drawing::{Anchor, Drawing, Label, Point};
use super::font;
use super::style::{AXIS, GRID, INK, MUTED, SMALL, TEXT};
use crate::report::numbers::decimal;

/// A place on an axis and what stands there.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    pub(super) at: f64,
    pub(super) text: String,
}

/// One direction of a chart: from the value at its start to that at its end.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Axis {
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) label: String,
    pub(super) ticks: Vec<Tick>,
    /// Ticks as lines across the chart.
    pub(super) grid: bool,
}

impl Axis {
    /// Round ticks from `from` to at least `to`.
    pub(super) fn new(from: f64, to: f64, label: impl Into<String>) -> Self {
        let to = if to > from { to } else { from + 1.0 };
        let step = round_step((to - from) / 6.0);
        let places = places(step);
        let (first, last) = ((from / step + 1e-9).floor(), (to / step - 1e-9).ceil());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some ticks")]
        let count = (last - first).round().max(1.0) as u32;
        let at = |i: u32| (first + f64::from(i)) * step;
        let ticks = (0..=count).map(|i| Tick { at: at(i), text: signed(at(i), places) }).collect();
        Self { from: first * step, to: last * step, label: label.into(), ticks, grid: true }
    }

    /// With ticks of the caller's, and no lines.
    pub(super) fn with_ticks(
        from: f64,
        to: f64,
        label: impl Into<String>,
        ticks: Vec<Tick>,
    ) -> Self {
        Self { from, to, label: label.into(), ticks, grid: false }
    }

    /// Where a value lies, 0 at the start and 1 at the end.
    fn share(&self, value: f64) -> f64 {
        (value - self.from) / (self.to - self.from)
    }
}

/// The round number (1, 2 or 5 times a power of ten) next to `step`, not below it.
pub(super) fn round_step(step: f64) -> f64 {
    let power = 10_f64.powf(step.log10().floor());
    [1.0, 2.0, 5.0]
        .map(|m| m * power)
        .into_iter()
        .find(|s| *s >= step * 0.999)
        .unwrap_or(10.0 * power)
}

/// A number with a minus sign as wide as the digits.
fn signed(value: f64, places: usize) -> String {
    decimal(value, places).replace('-', "−")
}

/// Round values for a logarithmic axis: powers of ten, with 2 and 5 times them where there is room.
pub(super) fn log_ticks(from: f64, to: f64) -> Vec<f64> {
    let decades = (to / from).log10();
    let steps: &[f64] = if decades > 3.5 { &[1.0] } else { &[1.0, 2.0, 5.0] };
    #[expect(clippy::cast_possible_truncation, reason = "powers of ten of a float")]
    let powers = (from.log10().floor() as i32)..=(to.log10().ceil() as i32);
    powers
        .flat_map(|power| steps.iter().map(move |step| step * 10_f64.powi(power)))
        .filter(|value| (from..=to).contains(value))
        .collect()
}

/// As many labels of periods, each at its place on an axis, as fit into a chart of that width.
pub(super) fn period_ticks(periods: impl Iterator<Item = (f64, String)>, wide: f64) -> Vec<Tick> {
    let all: Vec<Tick> = periods.map(|(at, text)| Tick { at, text }).collect();
    let widest = all.iter().map(|tick| font::width(&tick.text, SMALL, false)).fold(1.0, f64::max);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some labels")]
    let fit = (wide / (widest + 14.0)).floor().max(1.0) as usize;
    let every = all.len().div_ceil(fit).max(1);
    all.into_iter().step_by(every).collect()
}

/// Decimal places that tell steps of this size apart.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 12")]
fn places(step: f64) -> usize {
    (-step.log10().floor()).clamp(0.0, 12.0) as usize
}

/// A chart's place and its two axes.
#[derive(Debug, Clone)]
pub(super) struct Chart {
    /// Upper left and lower right corner.
    pub(super) area: (Point, Point),
    pub(super) x: Axis,
    pub(super) y: Axis,
}

/// Space for a letter beside its neighbour.
const GAP: f64 = 8.0;

impl Chart {
    /// Where a pair of values lies.
    pub(super) fn at(&self, x: f64, y: f64) -> Point {
        let ((left, top), (right, bottom)) = self.area;
        (left + self.x.share(x) * (right - left), bottom - self.y.share(y) * (bottom - top))
    }

    /// Lines and labels behind the data.
    pub(super) fn frame(&self, drawing: &mut Drawing) {
        let ((left, top), (right, bottom)) = self.area;
        for tick in &self.y.ticks {
            let (_, y) = self.at(self.x.from, tick.at);
            if self.y.grid {
                drawing.line(vec![(left, y), (right, y)], GRID, 1.0);
            }
            let label = Label::new(&tick.text, SMALL, MUTED, Anchor::End);
            drawing.text((left - GAP, y), label);
        }
        let widest = |label: &str| font::width(label, SMALL, false);
        let wide = self.y.ticks.iter().map(|tick| widest(&tick.text)).fold(0.0, f64::max);
        for tick in &self.x.ticks {
            let (x, _) = self.at(tick.at, self.y.from);
            if self.x.grid {
                drawing.line(vec![(x, top), (x, bottom)], GRID, 1.0);
            }
            drawing.line(vec![(x, bottom), (x, bottom + 4.0)], AXIS, 1.0);
            let label = Label::new(&tick.text, SMALL, MUTED, Anchor::Middle);
            drawing.text((x, bottom + 14.0), label);
        }
        drawing.line(vec![(left, bottom), (right, bottom)], AXIS, 1.0);
        let middle = f64::midpoint(left, right);
        drawing.text((middle, bottom + 34.0), Label::new(&self.x.label, TEXT, INK, Anchor::Middle));
        let mut label = Label::new(&self.y.label, TEXT, INK, Anchor::Middle);
        label.upwards = true;
        drawing.text((left - GAP - wide - 16.0, f64::midpoint(top, bottom)), label);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_hold_the_values() {
        let texts = |axis: &Axis| axis.ticks.iter().map(|t| t.text.clone()).collect::<Vec<_>>();
        assert_eq!(texts(&Axis::new(0.0, 1.0, "")), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(texts(&Axis::new(0.0, 4_217.0, "")).last().unwrap(), "5,000");
        assert_eq!(texts(&Axis::new(-0.42, 0.3, ""))[..2], ["−0.6", "−0.4"]);
        for to in [1e-7, 0.3, 1.0, 7.0, 99.0, 1e9] {
            let axis = Axis::new(0.0, to, "");
            assert!(axis.to >= to && axis.to <= 2.0 * to && axis.ticks.len() <= 8, "{axis:?}");
        }
        assert!(Axis::new(0.0, 0.0, "").to > 0.0);
    }
}
