//! Whether two texts are the same formula: programs write them in their own way.

/// Whether they are.
pub(super) fn same_formula(a: &str, b: &str) -> bool {
    a == b || plain(a) == plain(b)
}

/// Without what programs add or drop: an equals sign, spaces, dollar signs, quotes around names of
/// sheets, prefixes of functions, small letters. Text in quotes stays as it is.
fn plain(formula: &str) -> String {
    let mut plain = String::with_capacity(formula.len());
    let mut in_text = false;
    for letter in formula.trim_start_matches('=').chars() {
        in_text ^= letter == '"';
        match letter {
            letter if in_text => plain.push(letter),
            ' ' | '$' | '\'' | '\n' => {}
            letter => plain.extend(letter.to_uppercase()),
        }
    }
    plain.replace("_XLFN.", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_formula_in_other_words() {
        assert!(same_formula("SUM(Forecast!$A$5:$A$9)", "=sum('Forecast'!A5:A9)"));
        assert!(same_formula("IF(A1>0, \"a b\", 1)", "IF(A1>0,\"a b\",1)"));
        assert!(!same_formula("IF(A1>0,\"a b\",1)", "IF(A1>0,\"ab\",1)"));
        assert!(!same_formula("F4*(1-G4)", "F4*(1-G5)"));
    }
}
