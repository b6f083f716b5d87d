//! How all pictures look.

use super::drawing::Colour;
use crate::fit::FittedModel;
use crate::panel::{Panel, Period};
use crate::report::numbers::count;

/// Colours of Okabe & Ito (2008), told apart by every kind of colour vision; what was observed is
/// dark, what a model says is blue.
pub(super) const INK: Colour = Colour::new(0x22, 0x22, 0x22);
pub(super) const ACTUAL: Colour = Colour::new(0x33, 0x33, 0x33);
pub(super) const MODEL: Colour = Colour::new(0x00, 0x72, 0xB2);
pub(super) const SECOND: Colour = Colour::new(0xD5, 0x5E, 0x00);
pub(super) const THIRD: Colour = Colour::new(0x00, 0x9E, 0x73);
pub(super) const MUTED: Colour = Colour::new(0x66, 0x66, 0x66);
pub(super) const BARS: Colour = Colour::new(0xB8, 0xB8, 0xB8);
pub(super) const GRID: Colour = Colour::new(0xE6, 0xE6, 0xE6);
pub(super) const AXIS: Colour = Colour::new(0x99, 0x99, 0x99);
pub(super) const WHITE: Colour = Colour::new(0xFF, 0xFF, 0xFF);
/// Behind the periods that are still to come.
pub(super) const COMING: Colour = Colour::new(0xF4, 0xF6, 0xF8);

/// Sizes of letters, in units.
pub(super) const TITLE: f64 = 20.0;
pub(super) const TEXT: f64 = 13.0;
pub(super) const SMALL: f64 = 11.5;

/// Width and height of a picture, in units.
pub(super) const SIZE: (f64, f64) = (960.0, 600.0);

/// What a caller decides about a picture.
///
/// ```
/// use clvcast::plots::Style;
/// let style = Style { currency: Some("EUR".into()), ..Style::default() };
/// assert_eq!(style.money("Value per purchase"), "Value per purchase, EUR");
/// assert_eq!(Style::default().money("Value per purchase"), "Value per purchase, money");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Style {
    /// Unit of money on labels.
    pub currency: Option<String>,
    /// A line under the title: which data and which model.
    pub subtitle: String,
}

impl Style {
    /// The style of pictures of a panel and its model: the subtitle names customers, time and law.
    ///
    /// ```
    /// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
    /// # let files = ["data/superstore.csv".to_owned()];
    /// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
    /// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
    /// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
    /// # let model = clvcast::fit::FittedModel::from_json(&text)?;
    /// let style = clvcast::plots::Style::of(&panel, &model, Some("USD"));
    /// assert_eq!(style.subtitle, "793 customers up to 2017-12-31, by quarter; model nbd");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of(panel: &Panel, model: &FittedModel, currency: Option<&str>) -> Self {
        let calendar = if model.calendar.is_some() { " with a calendar" } else { "" };
        let subtitle = format!("{}; model {}{calendar}", base(panel), model.frequency.name());
        Self { currency: currency.map(str::to_owned), subtitle }
    }

    /// A label with the unit of money.
    #[must_use]
    pub fn money(&self, what: &str) -> String {
        format!("{what}, {}", self.currency.as_deref().unwrap_or("money"))
    }
}

/// Customers and time of a panel, in words.
pub(super) fn base(panel: &Panel) -> String {
    let period = match panel.grid.period() {
        Period::Days(days) => format!("{days} days"),
        period => period.to_string(),
    };
    let customers = count(panel.customers.len() as u64);
    format!("{customers} customers up to {}, by {period}", panel.grid.as_of())
}

/// Lightest to darkest of one hue (ColorBrewer's Blues): more is darker, in grey prints too.
const RAMP: [(u8, u8, u8); 6] = [
    (0xF7, 0xFB, 0xFF),
    (0xD6, 0xE6, 0xF4),
    (0xA9, 0xCF, 0xE5),
    (0x5B, 0xA3, 0xCF),
    (0x21, 0x71, 0xB5),
    (0x08, 0x30, 0x6B),
];

/// The colour of a share of the largest value, 0 to 1.
pub(super) fn heat(share: f64) -> Colour {
    let steps = RAMP.len() - 1;
    let place = share.clamp(0.0, 1.0) * steps as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 5")]
    let below = (place.floor() as usize).min(steps - 1);
    let part = place - below as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 255")]
    let mix = |a: u8, b: u8| (f64::from(a) + part * (f64::from(b) - f64::from(a))).round() as u8;
    let ((r0, g0, b0), (r1, g1, b1)) = (RAMP[below], RAMP[below + 1]);
    Colour::new(mix(r0, r1), mix(g0, g1), mix(b0, b1))
}

/// The colour of letters on [`heat`].
pub(super) fn on_heat(share: f64) -> Colour {
    if share > 0.55 { WHITE } else { INK }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_is_darker() {
        let grey = |colour: Colour| {
            let (r, g, b) = colour.rgb;
            0.299 * f64::from(r) + 0.587 * f64::from(g) + 0.114 * f64::from(b)
        };
        for step in 0..20_u32 {
            let share = f64::from(step) / 20.0;
            assert!(grey(heat(share)) > grey(heat(share + 0.05)), "{share}");
        }
        assert_eq!((heat(-1.0), heat(2.0)), (heat(0.0), heat(1.0)));
    }
}
