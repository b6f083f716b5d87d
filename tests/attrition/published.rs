//! Single points of CDNOW (weeks) from Fader, Hardie & Lee (2005b), Fader & Hardie (2005) and the
//! packages `lifetimes` and `BTYD`, or computed independently at published parameters. Each tolerance is half a
//! unit of the last digit given, rounded up.

use super::{absolute, bg, mbg, pareto};
use clvcast::models::{FrequencyLaw, Past, RateLaw};

fn cdnow_bg() -> FrequencyLaw {
    bg(0.242_594_5, 4.413_601_8, 0.792_922_1, 2.425_907_4)
}

fn cdnow_mbg() -> FrequencyLaw {
    mbg(0.524_843_2, 6.183_085_7, 0.891_359_2, 1.614_001_6)
}

fn cdnow_pareto() -> FrequencyLaw {
    pareto(0.553_277, 10.577_683, 0.606_240, 11.668_730)
}

/// Two repeat purchases, the last in week 30.43 of 38.86.
const SOMEBODY: Past<'static> = Past::new(2, 30.43, 38.86);

fn busy() -> Past<'static> {
    Past::new(26, 216.0 / 7.0, 31.0)
}

#[test]
fn bg_nbd_expectations_are_the_published_ones() {
    absolute(cdnow_bg().outlook(&SOMEBODY, &[]).expected(0.0, 39.0), 1.225_907, 5e-7);
    let newcomer = cdnow_bg().newcomer(&[]);
    for (t, expected) in [
        (1.0 / 7.0, 0.0078),
        (1.0, 0.0532),
        (3.0, 0.1506),
        (223.0 / 7.0, 1.0405),
        (32.0, 1.0437),
        (78.0, 1.8580),
    ] {
        absolute(newcomer.expected(0.0, t), expected, 5.1e-5);
    }
    let outlook = cdnow_bg().outlook(&busy(), &[]);
    absolute(outlook.expected(0.0, 52.0), 25.757, 5.1e-4);
    absolute(outlook.p_alive, 0.96885, 5.1e-6);
}

#[test]
fn bg_nbd_probabilities_are_the_published_ones() {
    let newcomer = cdnow_bg().newcomer(&[]);
    absolute(1.0 - newcomer.p_any(0.0, 39.0), 0.574_307_2, 5.1e-8);
    absolute(newcomer.pmf(0.0, 39.0)[0], 0.574_307_2, 5.1e-8);
    absolute(newcomer.pmf(0.0, 2.0)[10], 1.076_710e-7, 5.1e-14);
    let rounded = bg(0.243, 4.414, 0.793, 2.426);
    absolute(rounded.newcomer(&[]).pmf(0.0, 39.0)[0], 0.573_786_4, 5.1e-8);
    absolute(rounded.newcomer(&[]).pmf(0.0, 2.0)[10], 1.078_69e-7, 5.1e-13);
    // 16 digits, of which sums of five logarithms keep 15.
    let past = Past::new(4, 30.7, 38.9);
    absolute(rounded.ln_likelihood(&past), -15.329_352_355_707_09, 2e-14);
}

#[test]
fn mbg_nbd_agrees_with_independent_values() {
    let outlook = cdnow_mbg().outlook(&SOMEBODY, &[]);
    absolute(outlook.p_alive, 0.706_126, 5.1e-7);
    absolute(outlook.expected(0.0, 39.0), 1.262_669, 5.1e-7);
    let past = Past::new(4, 30.7, 38.9);
    let law = mbg(0.243, 4.414, 0.793, 2.426);
    absolute(law.ln_likelihood(&past), -15.487_436_077_892_465, 2e-14);
    absolute(cdnow_mbg().ln_likelihood(&past), -15.259_008, 5.1e-7);
}

#[test]
fn pareto_nbd_agrees_with_published_and_independent_values() {
    let law = cdnow_pareto();
    let outlook = law.outlook(&busy(), &[]);
    absolute(outlook.expected(0.0, 52.0), 25.455, 5.1e-4);
    absolute(outlook.p_alive, 0.997_873, 5.1e-7);
    let outlook = law.outlook(&SOMEBODY, &[]);
    absolute(outlook.p_alive, 0.869_116, 5.1e-7);
    absolute(outlook.expected(0.0, 39.0), 1.455_099, 5.1e-7);
    for (t, expected) in [(1.0, 0.051_006_37), (2.0, 0.099_626_25), (9.0, 0.391_337_04)] {
        // The parameters have six decimals.
        absolute(law.newcomer(&[]).expected(0.0, t), expected, 1e-6);
    }
    let newcomer = pareto(0.55, 10.56, 0.61, 11.64).newcomer(&[]);
    let published = [
        0.0,
        0.050_778_21,
        0.099_160_88,
        0.145_425_07,
        0.189_799_30,
        0.232_474_66,
        0.273_612_74,
        0.313_351_59,
        0.351_810_24,
        0.389_092_11,
    ];
    for (t, expected) in (0_u32..).zip(published) {
        absolute(newcomer.expected(0.0, f64::from(t)), expected, 5.1e-9);
    }
}

#[test]
fn nbd_agrees_with_the_independent_value() {
    let law = FrequencyLaw::Nbd(RateLaw::nbd(12.072_023, 0.384_766).expect("positive"));
    absolute(law.outlook(&SOMEBODY, &[]).expected(0.0, 39.0), 1.826_079, 5.1e-7);
}
