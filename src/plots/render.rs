//! From shapes to SVG and PNG, with the backends of plotters.

use plotters::backend::{BitMapBackend, SVGBackend};
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Polygon, Rectangle, Text};
use plotters::prelude::DrawingBackend;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontTransform, RGBAColor, ShapeStyle, TextStyle};

use super::drawing::{Anchor, Colour, Drawing, Label, Point, Shape};
use super::font::{self, Metrics};

/// Points of the raster per unit. Backends know whole points only, so that a fine raster makes
/// smooth lines: SVG is shown, and PNG averaged, down to size.
const FINE: u32 = 4;
/// Raster points along one side of a pixel of the PNG, which has two pixels per unit.
const AVERAGED: u32 = 2;
/// Bytes of a pixel.
const RGB: usize = 3;

/// A picture that cannot be drawn; drawing to memory does not fail otherwise.
///
/// ```
/// let error = clvcast::plots::DrawError::new("no font");
/// assert_eq!(error.to_string(), "the picture cannot be drawn: no font");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the picture cannot be drawn: {0}")]
pub struct DrawError(String);

impl DrawError {
    /// With the backend's reason.
    #[must_use]
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

impl Drawing {
    /// The picture as SVG, 960 × 600 units, with its title and caption for readers that cannot see
    /// it.
    ///
    /// # Errors
    /// When the backend fails, which in memory it does not.
    pub fn to_svg(&self) -> Result<String, DrawError> {
        let (width, height) = self.raster();
        let mut text = String::new();
        let area = SVGBackend::with_string(&mut text, (width, height)).into_drawing_area();
        self.draw(&area, font::SVG)?;
        drop(area);
        // The backend writes the raster's size; a viewer shows that of the picture.
        let body = text.split_once('>').map_or("", |(_, body)| body);
        Ok(format!(
            "<svg width=\"{}\" height=\"{}\" viewBox=\"0 0 {width} {height}\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\">\n<title>{}</title>\n<desc>{}</desc>{body}",
            self.size.0,
            self.size.1,
            escaped(&self.title),
            escaped(&self.caption),
        ))
    }

    /// The picture as PNG, two pixels per unit.
    ///
    /// # Errors
    /// When the backend fails, which in memory it does not.
    pub fn to_png(&self) -> Result<Vec<u8>, DrawError> {
        let (width, height) = self.raster();
        let mut fine = vec![0; width as usize * height as usize * RGB];
        let area = BitMapBackend::with_buffer(&mut fine, (width, height)).into_drawing_area();
        self.draw(&area, font::BITMAP)?;
        drop(area);
        let pixels = averaged(&fine, width as usize);
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width / AVERAGED, height / AVERAGED);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Default);
        // Two pixels per unit of 1/96 inch.
        let per_metre = 2 * 3780;
        encoder.set_pixel_dims(Some(png::PixelDimensions {
            xppu: per_metre,
            yppu: per_metre,
            unit: png::Unit::Meter,
        }));
        let mut writer = encoder.write_header().map_err(failed)?;
        writer.write_image_data(&pixels).map_err(failed)?;
        writer.finish().map_err(failed)?;
        Ok(bytes)
    }

    fn raster(&self) -> (u32, u32) {
        let (x, y) = point(self.size);
        (x.unsigned_abs(), y.unsigned_abs())
    }

    fn draw<B: DrawingBackend>(
        &self,
        area: &DrawingArea<B, Shift>,
        metrics: Metrics,
    ) -> Result<(), DrawError> {
        area.fill(&plotters::style::WHITE).map_err(failed)?;
        for shape in &self.shapes {
            match shape {
                Shape::Line { points, colour, width } => {
                    let (width, _) = point((*width, 0.0));
                    let style =
                        ShapeStyle { stroke_width: width.unsigned_abs(), ..filled(*colour) };
                    // Piece by piece: the joins of a backend reach far out at sharp turns.
                    let points = raster(points);
                    points
                        .windows(2)
                        .try_for_each(|pair| area.draw(&PathElement::new(pair.to_vec(), style)))
                }
                Shape::Area { points, colour } => {
                    area.draw(&Polygon::new(raster(points), filled(*colour)))
                }
                Shape::Box { from, to, colour } => {
                    area.draw(&Rectangle::new([point(*from), point(*to)], filled(*colour)))
                }
                Shape::Dot { at, radius, colour } => {
                    let (radius, _) = point((*radius, 0.0));
                    area.draw(&Circle::new(point(*at), radius, filled(*colour)))
                }
                Shape::Text { at, label } => {
                    let down = label.size * (font::CENTRED - metrics.baseline);
                    let (x, y) = if label.upwards { (down, 0.0) } else { (0.0, down) };
                    let at = point((at.0 + x, at.1 + y));
                    let size = metrics.size * label.size * f64::from(FINE);
                    area.draw(&Text::new(label.text.as_str(), at, style(label, size)))
                }
            }
            .map_err(failed)?;
        }
        area.present().map_err(failed)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to `map_err`")]
fn failed(error: impl ToString) -> DrawError {
    DrawError(error.to_string())
}

/// The nearest point of the raster.
#[expect(clippy::cast_possible_truncation, reason = "a picture has some thousand points a side")]
fn point((x, y): Point) -> (i32, i32) {
    let fine = f64::from(FINE);
    ((x * fine).round() as i32, (y * fine).round() as i32)
}

fn raster(points: &[Point]) -> Vec<(i32, i32)> {
    points.iter().map(|&at| point(at)).collect()
}

fn filled(colour: Colour) -> ShapeStyle {
    let (r, g, b) = colour.rgb;
    ShapeStyle { color: RGBAColor(r, g, b, colour.alpha), filled: true, stroke_width: 0 }
}

fn style(label: &Label, size: f64) -> TextStyle<'static> {
    let across = match label.anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    let font = font::font(size, label.bold);
    let turned = if label.upwards { FontTransform::Rotate270 } else { FontTransform::None };
    let style = font.transform(turned).color(&filled(label.colour).color);
    TextStyle { pos: Pos::new(across, VPos::Center), ..style }
}

/// Every pixel the mean of its raster points.
fn averaged(fine: &[u8], width: usize) -> Vec<u8> {
    let (row, side) = (width * RGB, AVERAGED as usize);
    let points = AVERAGED * AVERAGED;
    let mut pixels = Vec::with_capacity(fine.len() / (side * side));
    for rows in fine.chunks_exact(row * side) {
        for x in (0..width).step_by(side) {
            for channel in 0..RGB {
                let mut sum = points / 2;
                for line in rows.chunks_exact(row) {
                    for near in x..x + side {
                        sum += u32::from(line[near * RGB + channel]);
                    }
                }
                pixels.push(u8::try_from(sum / points).unwrap_or(u8::MAX));
            }
        }
    }
    pixels
}

/// A text as XML has it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
