//! The font of the pictures: shipped, so that a picture has the same bytes on every machine.

use std::sync::Once;

use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};

static REGULAR: &[u8] = include_bytes!("../../assets/fonts/DejaVuSans.ttf");
static BOLD: &[u8] = include_bytes!("../../assets/fonts/DejaVuSans-Bold.ttf");

/// The name under which the font is registered: a list as SVG has it, so that a viewer without
/// DejaVu takes Verdana, whose letters are as wide.
const FAMILY: &str = "DejaVu Sans, Verdana, sans-serif";

/// Height of a line of DejaVu Sans, ascent to descent, in em. Bitmaps measure a font by it.
const LINE: f64 = 1.164;

/// By this plotters divides a font's size for SVG.
const SVG_LINE: f64 = 1.24;

/// Width of a letter in em where the font gives none; it always does.
const TYPICAL: f64 = 0.6;

/// The registered family.
fn family() -> FontFamily<'static> {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
        // Both are part of the program: a test draws with each.
        let _ = register_font(FAMILY, FontStyle::Normal, REGULAR);
        let _ = register_font(FAMILY, FontStyle::Bold, BOLD);
    });
    FontFamily::Name(FAMILY)
}

/// The font in one of its weights. A weight chosen afterwards would keep the letters of the first.
pub(super) fn font(size: f64, bold: bool) -> FontDesc<'static> {
    FontDesc::new(family(), size, if bold { FontStyle::Bold } else { FontStyle::Normal })
}

/// Where a backend puts letters: the size that makes their em 1, and how far below its point it
/// puts the baseline of a centred text, in em. Capitals and digits reach 0.73 em above it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Metrics {
    pub(super) size: f64,
    pub(super) baseline: f64,
}

/// The centre of a bitmap's text is that of a box of size/1.24; its baseline lies size/2 below the
/// top.
pub(super) const BITMAP: Metrics = Metrics { size: LINE, baseline: LINE * (0.5 - 0.5 / SVG_LINE) };

/// SVG centres by 0.5 ex, an ex being 0.547 em.
pub(super) const SVG: Metrics = Metrics { size: SVG_LINE, baseline: 0.547 / 2.0 };

/// The baseline that centres digits and capitals, in em below the point.
pub(super) const CENTRED: f64 = 0.73 / 2.0;

fn bitmap_size(em: f64) -> f64 {
    em * LINE
}

/// Width of a text whose em is `em`.
pub(super) fn width(text: &str, em: f64, bold: bool) -> f64 {
    // Widths come in whole pixels: measured large, they are exact enough.
    const LARGE: f64 = 100.0;
    font(bitmap_size(LARGE), bold).box_size(text).map_or_else(
        |_| text.chars().count() as f64 * TYPICAL * em,
        |(pixels, _)| f64::from(pixels) / LARGE * em,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_weights_are_there_and_bold_is_wider() {
        // DejaVu Sans: advance of `m` is 1995 of 2048 units, in bold 2134.
        const PIXEL: f64 = 0.01;
        assert!((width("m", 1.0, false) - 1995.0 / 2048.0).abs() <= PIXEL);
        assert!((width("m", 1.0, true) - 2134.0 / 2048.0).abs() <= PIXEL);
    }
}
