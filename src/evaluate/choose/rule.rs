//! Which candidate is taken when scores are close.

use super::losses::Losses;

/// Share of the best score that a difference has to exceed. A score is measured on the customers
/// and the periods that were held out; its standard error knows the customers only. Periods differ
/// from each other, too, and with one to three origins that cannot be measured.
pub(super) const MATERIAL: f64 = 0.01;

/// A difference in AIC that leaves the worse of two models no support (Burnham & Anderson 2002,
/// section 2.6: more than 10).
const DECISIVE: f64 = 10.0;

/// A candidate as the rule sees it.
pub(super) struct Tried<'a> {
    pub(super) losses: &'a Losses,
    /// AIC on the history before the held-out periods, and which candidates' it compares with:
    /// those of the same frequency model and method.
    pub(super) evidence: Option<([&'static str; 2], f64)>,
    /// Number of parameters, then the place in the stated order: the lower, the simpler.
    pub(super) complexity: (u32, u32),
}

/// Whether a score is no more above the best one than noise explains: one standard error of the
/// paired difference over customers, or 1 % of the score.
pub(super) fn is_within_noise(losses: &Losses, best: &Losses) -> bool {
    let (above, error) = losses.above(best);
    above <= error.max(MATERIAL * best.score())
}

/// The simplest of those that are as good as the best one within noise, and whose own history does
/// not speak decisively for another of them.
///
/// One or two held-out periods tell little about a trend; years of history before them may tell a
/// lot. Without the second condition a trend that AIC asks for would be dropped whenever the
/// held-out periods are too few to see it.
pub(super) fn pick(tried: &[Tried<'_>]) -> Option<usize> {
    let best = tried.iter().min_by(|a, b| a.losses.score().total_cmp(&b.losses.score()))?;
    let near: Vec<usize> =
        (0..tried.len()).filter(|&i| is_within_noise(tried[i].losses, best.losses)).collect();
    let refuted = |i: &&usize| {
        tried[**i].evidence.is_some_and(|(kind, aic)| {
            near.iter()
                .filter_map(|&j| tried[j].evidence)
                .any(|(other, better)| other == kind && aic - better > DECISIVE)
        })
    };
    near.iter().filter(|i| !refuted(i)).min_by_key(|&&i| tried[i].complexity).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn losses(predicted: f64, customers: u32) -> Losses {
        let rows: Vec<u32> = (0..customers).collect();
        let actual: Vec<f64> = rows.iter().map(|i| f64::from(i % 3)).collect();
        let mut losses = Losses::new(rows.len());
        losses.add(&rows, &actual, &vec![predicted; rows.len()], 1);
        losses
    }

    #[test]
    fn the_simpler_is_taken_unless_the_other_is_clearly_better() {
        let (far, near, best) = (losses(3.0, 300), losses(1.02, 300), losses(1.0, 300));
        let pick = |simple: &Losses, rich: &Losses| {
            let tried =
                |losses, parameters| Tried { losses, evidence: None, complexity: (parameters, 0) };
            super::pick(&[tried(rich, 4), tried(simple, 2)]).map(|i| [4, 2][i])
        };
        assert_eq!(pick(&near, &best), Some(2));
        assert_eq!(pick(&far, &best), Some(4));
        assert_eq!(pick(&best, &far), Some(2));
        assert_eq!(super::pick(&[]), None);
    }

    #[test]
    fn decisive_evidence_of_the_history_settles_what_the_held_out_periods_cannot() {
        const NBD: [&str; 2] = ["nbd", "posterior"];
        const PDO: [&str; 2] = ["pdo", "posterior"];
        let (near, best) = (losses(1.02, 300), losses(1.0, 300));
        let pick = |of_simple, of_rich| {
            let tried = |losses, evidence, parameters| Tried {
                losses,
                evidence,
                complexity: (parameters, 0),
            };
            super::pick(&[tried(&near, of_simple, 2), tried(&best, of_rich, 3)])
        };
        assert_eq!(pick(Some((NBD, 120.0)), Some((NBD, 109.0))), Some(1));
        assert_eq!(pick(Some((NBD, 120.0)), Some((NBD, 111.0))), Some(0));
        assert_eq!(pick(Some((NBD, 120.0)), Some((PDO, 90.0))), Some(0)); // another model
    }
}
