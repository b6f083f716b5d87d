//! Numbers and names as the page shows them.

use crate::report::Lang;
use crate::report::numbers::{decimal, percent};

/// A number of the given decimals with its sign, also where it is positive.
pub(super) fn signed_percent(share: f64) -> String {
    let text = percent(share);
    if share > 0.0 && text != percent(0.0) { format!("+{text}") } else { text }
}

/// A number in few characters, for axes: 1.5k, 20M; 1.5万, 2000万 in Chinese.
pub(super) fn short(lang: Lang, value: f64) -> String {
    let units: &[(f64, &str)] = match lang {
        Lang::En => &[(1e9, "bn"), (1e6, "M"), (1e3, "k")],
        Lang::Zh => &[(1e8, "亿"), (1e4, "万")],
    };
    let unit = units.iter().find(|(size, _)| value.abs() >= *size);
    let (size, name) = unit.copied().unwrap_or((1.0, ""));
    let digits = format!("{:.2}", value / size);
    let digits = digits.trim_end_matches('0').trim_end_matches('.');
    if digits == "-0" { "0".to_owned() } else { format!("{digits}{name}") }
}

/// A name within a sentence: `Value layer` is `value layer`, `RFM class` stays.
pub(super) fn within(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            let rest = &name[first.len_utf8()..];
            first.to_lowercase().chain(rest.chars()).collect()
        }
        _ => name.to_owned(),
    }
}

/// Parts and their sum with so many decimals, such that the parts as shown add up to the sum as
/// shown: those that rounding moved furthest take the last unit. Parts that are not those of the sum
/// are rounded one by one.
pub(super) fn adding_up(parts: &[f64], sum: f64, places: usize) -> (Vec<String>, String) {
    let unit = [1.0, 10.0, 100.0][places.min(2)];
    let units = |value: f64| (value * unit).round();
    let mut rounded: Vec<f64> = parts.iter().map(|part| units(*part)).collect();
    let off = units(sum) - rounded.iter().sum::<f64>();
    // Beyond half a unit each it is no rounding.
    if off != 0.0 && off.abs() <= 0.5 * parts.len() as f64 + 1.0 {
        let mut order: Vec<usize> = (0..parts.len()).collect();
        let error = |i: usize| (parts[i] * unit - units(parts[i])) * off.signum();
        order.sort_by(|&a, &b| error(b).total_cmp(&error(a)).then(a.cmp(&b)));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "few units")]
        for &i in order.iter().take(off.abs() as usize) {
            rounded[i] += off.signum();
        }
    }
    let shown = |units: &f64| decimal(units / unit, places.min(2));
    (rounded.iter().map(shown).collect(), shown(&units(sum)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_numbers_keep_what_tells_ticks_apart() {
        let of = |value| (short(Lang::En, value), short(Lang::Zh, value));
        assert_eq!(of(0.0), ("0".into(), "0".into()));
        assert_eq!(of(-12_500.0), ("-12.5k".into(), "-1.25万".into()));
        assert_eq!(of(2e8), ("200M".into(), "2亿".into()));
        assert_eq!(of(0.25), ("0.25".into(), "0.25".into()));
    }

    #[test]
    fn names_within_a_sentence_keep_their_capitals() {
        assert_eq!(within("Value layer"), "value layer");
        assert_eq!(within("RFM class"), "RFM class");
        assert_eq!((within("价值"), within("")), ("价值".to_owned(), String::new()));
    }

    #[test]
    fn parts_as_shown_add_up() {
        let third = 1.0 / 3.0;
        let (parts, sum) = adding_up(&[third, third, third], 1.0, 2);
        assert_eq!((parts.join(" ").as_str(), sum.as_str()), ("0.34 0.33 0.33", "1.00"));
        let (parts, sum) = adding_up(&[2.0 * third, 2.0 * third, 2.0 * third], 2.0, 2);
        assert_eq!((parts.join(" ").as_str(), sum.as_str()), ("0.66 0.67 0.67", "2.00"));
        let (parts, sum) = adding_up(&[0.25, 0.25, 0.25, 0.25], 1.0, 1);
        assert_eq!((parts.join(" ").as_str(), sum.as_str()), ("0.2 0.2 0.3 0.3", "1.0"));
        // What is missing is not hidden.
        assert_eq!(adding_up(&[1.0], 5.0, 2), (vec!["1.00".to_owned()], "5.00".to_owned()));
    }
}
