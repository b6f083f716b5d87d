//! Arguments that cannot be used: exit status 2, before anything is written.

use crate::support::{Desk, SMALL, SYNLEAD};

#[track_caller]
fn refuses(args: &[&str], parts: &[&str]) {
    Desk::with(SMALL).refuses(&[&["sales.csv"], args].concat(), 2, parts);
}

#[test]
fn a_horizon_of_zero_is_refused() {
    refuses(&["--horizon", "0"], &["--horizon", "1..="]);
}

#[test]
fn bands_that_do_not_increase_are_refused() {
    refuses(&["--bands", "1,5,3"], &["`--bands`", "band edge 3 is 3", "increasing order"]);
    refuses(&["--bands", "1,1"], &["`--bands`", "band edge 2"]);
    refuses(&["--bands", "nan,1"], &["`--bands`", "finite"]);
    refuses(&["--bands=-1,1"], &["`--bands`", "at least 0"]);
    refuses(&["--bands", "5"], &["`--bands`", "at least 2"]);
}

#[test]
fn an_as_of_date_inside_a_period_names_the_two_nearest_ends() {
    refuses(&["--as-of", "2020-11-15"], &["2020-11-15", "2020-09-30 and 2020-12-31"]);
    refuses(&["--period", "month", "--as-of", "2020-11-15"], &["2020-10-31 and 2020-11-30"]);
}

#[test]
fn an_as_of_date_that_is_no_date_is_refused() {
    for text in ["yesterday", "2020-13-01", "31.12.2020", ""] {
        refuses(&["--as-of", text], &["--as-of", "YYYY-MM-DD"]);
    }
}

#[test]
fn another_period_than_the_models_is_refused() {
    let parts = ["`--period month`", "the model's period, quarter", "leave the option out"];
    refuses(&["--model", SYNLEAD, "--period", "month"], &parts);
}

#[test]
fn unknown_periods_are_refused_with_the_known_ones() {
    refuses(&["--period", "fortnight"], &["`--period fortnight`", "`quarter`", "`7d`"]);
    refuses(&["--period", "0d"], &["`--period 0d`", "at least `1d`"]);
}

#[test]
fn shares_are_not_percentages() {
    refuses(&["--margin", "35"], &["`--margin 35`", "35 % is 0.35"]);
    refuses(&["--expense-rate", "5"], &["`--expense-rate 5`", "5 % is 0.05"]);
    refuses(&["--margin", "nan"], &["--margin"]);
    refuses(&["--discount", "-1"], &["`--discount -1`", "0.02"]);
}

#[test]
fn columns_a_forecast_does_not_have_are_refused_with_the_nearest_name() {
    refuses(
        &["--columns", "customer,amount_tot"],
        &["`amount_tot`", "did you mean `amount_total`?"],
    );
    refuses(&["--columns", "customer,customer"], &["`customer`", "twice"]);
    refuses(&["--columns", "amount_4"], &["`amount_4`"]);
}

#[test]
fn a_date_format_that_is_none_is_refused() {
    refuses(&["--date-format", "%Q"], &["`%Q` is not a date format", "%d/%m/%Y"]);
}

#[test]
fn one_column_for_two_roles_is_refused() {
    refuses(&["--amount", "amount", "--cost", "amount"], &["`amount`", "--amount", "--cost"]);
}

#[test]
fn needed_columns_cannot_be_switched_off() {
    refuses(&["--customer", "none"], &["`--customer none`", "cannot be switched off"]);
    refuses(&["--date", "none"], &["`--date none`"]);
}

#[test]
fn a_largest_frequency_out_of_range_is_refused_with_and_without_a_model() {
    refuses(&["--max-frequency", "0"], &["`--max-frequency 0`", "1 to"]);
    refuses(&["--max-frequency", "0", "--model", SYNLEAD], &["`--max-frequency 0`"]);
    refuses(&["--max-frequency", "4000000000"], &["`--max-frequency 4000000000`"]);
}

#[test]
fn a_base_needs_the_panel_clock() {
    refuses(&["--base", "10"], &["`--base` needs `--clock panel`"]);
}

#[test]
fn rejects_need_lenient() {
    refuses(&["--rejects", "bad.csv"], &["--lenient"]);
}

#[test]
fn a_delimiter_of_two_characters_is_refused() {
    refuses(&["--delimiter", "||"], &["`--delimiter ||`", "one ASCII character or `tab`"]);
}

#[test]
fn a_misspelt_option_is_named_with_the_nearest_one() {
    refuses(&["--horizn", "2"], &["--horizn", "--horizon"]);
}

#[test]
fn no_input_is_refused() {
    Desk::new().refused(&["forecast", "-o", "out.csv"], 2, &["<TRANSACTIONS>"]);
}
