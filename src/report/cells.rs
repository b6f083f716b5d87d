//! Numbers, money and days as the text of a file, millions of them.

use std::io::Write;

use super::frame::Values;
use crate::units::{Money, Scale};

/// Appends a number, a day or nothing; text is quoted by each format in its own way.
pub(super) fn number(out: &mut Vec<u8>, values: &Values<'_>, row: usize, scale: Scale) {
    match values {
        Values::Float(numbers) => numbers[row].into_iter().for_each(|number| float(out, number)),
        Values::Integer(numbers) => {
            numbers[row].into_iter().for_each(|number| integer(out, number));
        }
        Values::Money(amounts) => {
            amounts[row].into_iter().for_each(|amount| money(out, amount, scale));
        }
        Values::Date(days) => days[row].into_iter().for_each(|day| match day.iso() {
            Some(text) => out.extend_from_slice(&text),
            None => display(out, day),
        }),
        Values::Text(_) => {}
    }
}

/// Appends the shortest decimal that reads back to the same bits, as `{}` writes it: without an
/// exponent, which some readers would take for text.
fn float(out: &mut Vec<u8>, number: f64) {
    /// Whole numbers up to here are written as such: 2^53.
    const WHOLE: f64 = 9_007_199_254_740_992.0;
    if number.abs() <= WHOLE {
        #[expect(clippy::cast_possible_truncation, reason = "within ±2^53")]
        let whole = number as i64;
        // −0 keeps its sign.
        if (whole as f64).to_bits() == number.to_bits() {
            return integer(out, whole);
        }
    }
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format_finite(number);
    // Exponents have four characters at most behind the `e`.
    if !text.as_bytes()[text.len().saturating_sub(5)..].contains(&b'e') {
        out.extend_from_slice(text.strip_suffix(".0").unwrap_or(text).as_bytes());
        return;
    }
    let Some((digits, exponent)) = text.split_once('e') else { return };
    let Some(zeros) = exponent.strip_prefix('-').and_then(|e| e.parse::<usize>().ok()) else {
        return display(out, number);
    };
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    out.extend_from_slice(sign.as_bytes());
    out.extend_from_slice(b"0.");
    out.resize(out.len() + zeros - 1, b'0');
    out.extend(digits.bytes().filter(|byte| *byte != b'.'));
}

/// Appends what `{}` writes.
fn display(out: &mut Vec<u8>, value: impl std::fmt::Display) {
    // Writing to memory cannot fail.
    let _ = write!(out, "{value}");
}

fn integer(out: &mut Vec<u8>, number: i64) {
    if number < 0 {
        out.push(b'-');
    }
    digits(out, number.unsigned_abs());
}

/// Digits of the largest `u64`.
const DIGITS: usize = 20;

fn digits(out: &mut Vec<u8>, mut number: u64) {
    let mut text = [b'0'; DIGITS];
    let mut at = DIGITS;
    while at == DIGITS || number > 0 {
        at -= 1;
        text[at] = digit(number % 10);
        number /= 10;
    }
    out.extend_from_slice(&text[at..]);
}

#[expect(clippy::cast_possible_truncation, reason = "one decimal digit")]
const fn digit(number: u64) -> u8 {
    b'0' + number as u8
}

/// Appends money as [`Money::display`] writes it.
fn money(out: &mut Vec<u8>, money: Money, scale: Scale) {
    let (Ok(units), one) =
        (u64::try_from(money.units().unsigned_abs()), scale.units().unsigned_abs())
    else {
        return display(out, money.display(scale));
    };
    if money.units() < 0 {
        out.push(b'-');
    }
    digits(out, units / one);
    let mut fraction = units % one;
    if fraction > 0 {
        out.push(b'.');
        let mut place = one;
        while fraction > 0 {
            place /= 10;
            out.push(digit(fraction / place));
            fraction %= place;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn floats_are_written_like_display_or_as_short_and_as_near() {
        let mut number = 1.0e-12_f64;
        let some = [
            0.0,
            1.0,
            9_007_199_254_740_992.0,
            1e14,
            0.1,
            1e-4,
            1e15,
            1e16,
            1e21,
            5e-324,
            f64::MAX,
            123_456_789.125,
        ];
        let grid = std::iter::repeat_with(|| {
            // A factor that shares no digits with decimals.
            number *= 1.000_37;
            number
        });
        // Up to about 1e20.
        for number in some.into_iter().chain(grid.take(200_000)) {
            for number in [number, -number, number.round()] {
                let (own, display) = (text(|out| float(out, number)), number.to_string());
                // Half-way between two shortest texts either will do.
                let alike = own.len() == display.len() && own.parse() == Ok(number);
                assert!(own == display || alike, "{own} {display}");
            }
        }
    }

    #[test]
    fn money_and_whole_numbers_are_written_as_display_writes_them() {
        for places in [0, 2, 4, 9] {
            let scale = Scale::new(places).unwrap();
            let units = (0..40).map(|k| 7_i128.pow(k)).chain([0, 10, 100, 1_000_000, 50, 1_005]);
            for units in units.flat_map(|units| [units, -units]) {
                let amount = Money::from_units(units);
                assert_eq!(
                    text(|out| money(out, amount, scale)),
                    amount.display(scale).to_string()
                );
            }
        }
        for number in [0, 7, -10, i64::MAX, i64::MIN] {
            assert_eq!(text(|out| integer(out, number)), number.to_string());
        }
    }
}
