//! A picture as a list of shapes, before it is SVG or PNG.

/// A colour with its opacity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Colour {
    pub(super) rgb: (u8, u8, u8),
    pub(super) alpha: f64,
}

impl Colour {
    pub(super) const fn new(r: u8, g: u8, b: u8) -> Self {
        Self { rgb: (r, g, b), alpha: 1.0 }
    }

    pub(super) const fn faded(self, alpha: f64) -> Self {
        Self { alpha, ..self }
    }
}

/// A point: units to the right, units down.
pub(super) type Point = (f64, f64);

/// Which part of a text lies at its point; across, texts are centred on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A text and how it looks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Label {
    pub(super) text: String,
    pub(super) size: f64,
    pub(super) bold: bool,
    pub(super) colour: Colour,
    pub(super) anchor: Anchor,
    /// Read from below to above.
    pub(super) upwards: bool,
}

impl Label {
    pub(super) fn new(text: impl Into<String>, size: f64, colour: Colour, anchor: Anchor) -> Self {
        Self { text: text.into(), size, bold: false, colour, anchor, upwards: false }
    }
}

/// One shape.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    Line { points: Vec<Point>, colour: Colour, width: f64 },
    Area { points: Vec<Point>, colour: Colour },
    Box { from: Point, to: Point, colour: Colour },
    Dot { at: Point, radius: f64, colour: Colour },
    Text { at: Point, label: Label },
}

/// A picture that is ready to be written: its texts, size and shapes.
///
/// ```
/// use clvcast::plots::{Histogram, Style, draw_histogram};
/// let (actual, expected) = (vec![60, 30, 10], vec![58.0, 31.0, 11.0]);
/// let histogram = Histogram { actual, expected, from: 0, repeats: true };
/// let drawing = draw_histogram(&histogram, &Style::default());
/// assert_eq!(drawing.title(), "Customers by number of repeat purchases");
/// assert!(drawing.to_svg()?.starts_with("<svg"));
/// assert!(drawing.to_png()?.starts_with(b"\x89PNG"));
/// # Ok::<(), clvcast::plots::DrawError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    pub(super) name: &'static str,
    pub(super) title: String,
    /// What to read from it.
    pub(super) caption: String,
    /// Width and height in units.
    pub(super) size: (f64, f64),
    pub(super) shapes: Vec<Shape>,
}

impl Drawing {
    /// Name of its files, without extension.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What it shows.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The sentence that says what to read from it.
    #[must_use]
    pub fn caption(&self) -> &str {
        &self.caption
    }

    pub(super) fn line(&mut self, points: Vec<Point>, colour: Colour, width: f64) {
        if points.len() > 1 {
            self.shapes.push(Shape::Line { points, colour, width });
        }
    }

    /// A line in dashes of 6 units with gaps of 4.
    pub(super) fn dashed(&mut self, points: &[Point], colour: Colour, width: f64) {
        const DASH: f64 = 6.0;
        const GAP: f64 = 4.0;
        // How far into a dash and its gap the pen is.
        let mut phase = 0.0;
        let mut dash: Vec<Point> = Vec::new();
        for pair in points.windows(2) {
            let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
            let length = (x1 - x0).hypot(y1 - y0);
            let at = |s: f64| (x0 + (x1 - x0) * s / length, y0 + (y1 - y0) * s / length);
            let mut gone = 0.0;
            while gone < length {
                let drawn = phase < DASH;
                let step =
                    (if drawn { DASH - phase } else { DASH + GAP - phase }).min(length - gone);
                if drawn {
                    if dash.is_empty() {
                        dash.push(at(gone));
                    }
                    dash.push(at(gone + step));
                }
                gone += step;
                phase += step;
                // A rounding error short of an end would make steps of no length.
                if drawn && phase > DASH - 1e-9 {
                    phase = DASH;
                    self.line(std::mem::take(&mut dash), colour, width);
                } else if phase > DASH + GAP - 1e-9 {
                    phase = 0.0;
                }
            }
        }
        self.line(dash, colour, width);
    }

    pub(super) fn area(&mut self, points: Vec<Point>, colour: Colour) {
        self.shapes.push(Shape::Area { points, colour });
    }

    pub(super) fn rect(&mut self, from: Point, to: Point, colour: Colour) {
        self.shapes.push(Shape::Box { from, to, colour });
    }

    pub(super) fn dot(&mut self, at: Point, radius: f64, colour: Colour) {
        self.shapes.push(Shape::Dot { at, radius, colour });
    }

    pub(super) fn text(&mut self, at: Point, label: Label) {
        self.shapes.push(Shape::Text { at, label });
    }
}
