//! Lengths of time in words.

/// Several periods of that name: `quarters`, `periods of 91 days`.
pub(crate) fn several(period: &str) -> String {
    match period.strip_suffix('d') {
        Some(days) => format!("periods of {days} days"),
        None => format!("{period}s"),
    }
}

/// A number of periods: `quarter` for one, `3 quarters`, `3 periods of 91 days`.
pub(crate) fn number_of(periods: u32, period: &str) -> String {
    match (periods, period.strip_suffix('d')) {
        (1, Some(days)) => format!("period of {days} days"),
        (1, None) => period.to_owned(),
        _ => format!("{periods} {}", several(period)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_called_by_their_names() {
        assert_eq!(number_of(3, "quarter"), "3 quarters");
        assert_eq!(number_of(1, "week"), "week");
        assert_eq!(number_of(2, "91d"), "2 periods of 91 days");
        assert_eq!(number_of(1, "91d"), "period of 91 days");
    }
}
