//! What a column of a forecast file means, by its name.

use crate::predict::{Target, Window};

/// A column that a comparison uses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Meaning {
    Customer,
    Segment,
    /// Number of the row's period, from 1, in the long layout.
    H,
    /// Label of the row's period, in the long layout.
    Label,
    PastPurchases,
    PastAmount,
    /// A forecast number, or with a level a quantile of it; in the long layout the window is the
    /// row's, `None`.
    Number {
        target: Target,
        window: Option<Window>,
        level: Option<f64>,
    },
}

impl Meaning {
    /// `purchases`, `purchases_2`, `amount_total`, `gross_profit_total_p05`, …; `None` for a column
    /// that says nothing here.
    pub(super) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "customer" => Self::Customer,
            "segment" => Self::Segment,
            "h" => Self::H,
            "period" => Self::Label,
            "past_purchases" => Self::PastPurchases,
            "past_amount" => Self::PastAmount,
            _ => {
                let find = |&target: &Target| Some((target, name.strip_prefix(target.name())?));
                let (target, rest) = Target::ALL.iter().find_map(find)?;
                let (rest, level) = split_level(rest)?;
                let window = match rest.strip_prefix('_') {
                    None if rest.is_empty() => None,
                    Some("total") => Some(Window::Total),
                    Some(h) => Some(Window::Period(h.parse::<usize>().ok()?.checked_sub(1)?)),
                    None => return None,
                };
                Self::Number { target, window, level }
            }
        })
    }

    pub(super) const fn is_text(self) -> bool {
        matches!(self, Self::Customer | Self::Segment | Self::Label)
    }
}

/// The level that an ending such as `_p05` (0.05) or `_p975` (0.975) stands for, and what is before
/// it; `None` for another ending that begins so.
fn split_level(rest: &str) -> Option<(&str, Option<f64>)> {
    let Some((before, digits)) = rest.rsplit_once("_p") else { return Some((rest, None)) };
    let is_level = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let level = is_level.then(|| format!("0.{digits}").parse().ok()).flatten()?;
    Some((before, Some(level)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_all_layouts_are_understood() {
        let number = |target, window, level| Some(Meaning::Number { target, window, level });
        let (first, total) = (Some(Window::Period(0)), Some(Window::Total));
        assert_eq!(Meaning::of("purchases_1"), number(Target::Purchases, first, None));
        assert_eq!(Meaning::of("amount"), number(Target::Amount, None, None));
        assert_eq!(Meaning::of("amount_total"), number(Target::Amount, total, None));
        assert_eq!(
            Meaning::of("gross_profit_total_p05"),
            number(Target::GrossProfit, total, Some(0.05))
        );
        assert_eq!(Meaning::of("purchases_p975"), number(Target::Purchases, None, Some(0.975)));
        for other in ["p_active_1", "value_1", "amounts", "purchases_0", "purchases_x", "flags"] {
            assert_eq!(Meaning::of(other), None, "{other}");
        }
    }
}
