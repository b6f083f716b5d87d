//! A model with other parameters: what the data might as well have said.

use super::covariance::Covariance;
use super::model::{Dependence, FittedModel, Monetary};
use super::spend_design::{DEPENDENCE, SEASON, TREND};
use crate::calendar::{Calendar, Season, SeasonKind, Trend};
use crate::models::{Dropout, FrequencyLaw, Lifetime, Positive, RateLaw, ValueLaw};
use crate::panel::{Grid, PeriodIndex};
use crate::units::Day;

/// Deviations from the estimates by name, on the scale of a [`Covariance`]; 0 for names that are
/// not there.
struct Moves<'a> {
    names: &'a [String],
    by: &'a [f64],
}

impl Moves<'_> {
    fn of(&self, name: &str) -> f64 {
        let place = self.names.iter().position(|own| own == name);
        place.and_then(|j| self.by.get(j)).copied().unwrap_or(0.0)
    }

    /// A positive parameter times e^deviation, if that still is one.
    fn positive(&self, name: &'static str, value: f64) -> Option<f64> {
        let by = self.names.iter().position(|own| own.strip_prefix("ln ") == Some(name));
        let by = by.and_then(|j| self.by.get(j)).copied().unwrap_or(0.0);
        Some(Positive::new(name, value * by.exp()).ok()?.get())
    }
}

impl FittedModel {
    /// Covariance of the estimates of the frequency part and of the monetary part; `None` in a
    /// model written by hand, where a fit could not tell it, and where a file's is not one.
    ///
    /// ```
    /// # use clvcast::{fit::*, panel::*, progress::Silent, simulate::{Scenario, simulate}};
    /// # let ledger = simulate(&Scenario { customers: 200, ..Scenario::default() })?.to_ledger();
    /// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
    /// let model = fit(&panel, &FitOptions::default())?;
    /// let (frequency, monetary) = model.covariances();
    /// assert_eq!(frequency.unwrap().names, ["ln a", "ln b"]);
    /// assert_eq!(monetary.unwrap().names, ["ln p", "ln q", "ln k"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn covariances(&self) -> (Option<&Covariance>, Option<&Covariance>) {
        let fit = self.fit.as_ref();
        let frequency = fit.and_then(|fit| fit.frequency.covariance.as_ref());
        let monetary = fit.and_then(|fit| fit.monetary.as_ref()?.covariance.as_ref());
        (frequency.filter(|c| c.is_valid()), monetary.filter(|c| c.is_valid()))
    }

    /// The model with its estimates moved by these deviations, in the order of the rows of
    /// [`FittedModel::covariances`]: positive parameters are multiplied by e^deviation, and
    /// coefficients of calendars and of the dependence added to. Calendars keep their mean of 1
    /// over the fitted periods. It has no `fit`; `None` where a parameter would leave the numbers.
    ///
    /// ```
    /// # use clvcast::{fit::*, models::*, panel::*, progress::Silent, simulate::{Scenario, simulate}};
    /// # let ledger = simulate(&Scenario { customers: 200, ..Scenario::default() })?.to_ledger();
    /// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
    /// let model = fit(&panel, &FitOptions::default())?;
    /// let moved = model.moved(&[2_f64.ln(), 0.0], &[]).unwrap(); // (ln a, ln b)
    /// assert!((moved.frequency.rate().mean() / model.frequency.rate().mean() - 0.5).abs() < 1e-12);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn moved(&self, frequency: &[f64], monetary: &[f64]) -> Option<Self> {
        let (of_frequency, of_money) = self.covariances();
        let names = |covariance: Option<&'_ Covariance>| -> Vec<String> {
            covariance.map(|c| c.names.clone()).unwrap_or_default()
        };
        let (names_f, names_m) = (names(of_frequency), names(of_money));
        let f = Moves { names: &names_f, by: frequency };
        let m = Moves { names: &names_m, by: monetary };
        Some(Self {
            source: self.source.clone(),
            period: self.period,
            clock: self.clock,
            frequency: law(&self.frequency, &f)?,
            calendar: self.calendar(self.calendar.as_ref(), ("", "trend per year"), &f),
            monetary: match self.monetary {
                Some(monetary) => Some(spending(monetary, &m)?),
                None => None,
            },
            value_calendar: self.calendar(self.value_calendar.as_ref(), (SEASON, TREND), &m),
            states: self.states.clone(),
            fit: None,
        })
    }

    fn calendar(
        &self,
        calendar: Option<&Calendar>,
        (season, trend): (&str, &str),
        moves: &Moves<'_>,
    ) -> Option<Calendar> {
        let calendar = calendar?;
        let mut moved = calendar.clone();
        match &mut moved.season {
            Season::None => {}
            Season::Harmonics { cos, sin } => {
                for (j, c) in (1..).zip(cos) {
                    *c += moves.of(&format!("{season}cos {j}"));
                }
                for (j, s) in (1..).zip(sin) {
                    *s += moves.of(&format!("{season}sin {j}"));
                }
            }
            Season::Factors { cycle, ln } => {
                for (name, ln) in SeasonKind::Factors(*cycle).names().iter().zip(ln) {
                    *ln += moves.of(&format!("{season}{name}"));
                }
            }
        }
        match &mut moved.trend {
            Trend::None => {}
            Trend::Linear { per_year } | Trend::Damped { per_year, .. } => {
                *per_year += moves.of(trend);
            }
        }
        if moved != *calendar
            && let Some((grid, first)) = self.fitted_grid(calendar.origin)
        {
            moved.normalise(&grid, first);
        }
        Some(moved)
    }

    /// The periods of the fit, over which a calendar has the mean 1.
    fn fitted_grid(&self, origin: Option<Day>) -> Option<(Grid, PeriodIndex)> {
        let grid = Grid::new(self.period, origin?).ok()?;
        let periods = self.fit.as_ref()?.data.periods;
        Some((grid, PeriodIndex(1_i32.saturating_sub_unsigned(periods))))
    }
}

fn law(law: &FrequencyLaw, moves: &Moves<'_>) -> Option<FrequencyLaw> {
    let (a, b) = if matches!(law, FrequencyLaw::Nbd(_)) { ("a", "b") } else { ("alpha", "r") };
    let rate = match law.rate() {
        RateLaw::Gamma { shape, rate } => {
            RateLaw::Gamma { shape: moves.positive(b, shape)?, rate: moves.positive(a, rate)? }
        }
        RateLaw::Equal(rate) => RateLaw::Equal(moves.positive("rate", rate)?),
    };
    let leaving = |dropout: Dropout| -> Option<Dropout> {
        Some(match dropout {
            Dropout::Beta { a, b } => {
                Dropout::Beta { a: moves.positive("a", a)?, b: moves.positive("b", b)? }
            }
            // Everybody leaves at once: there are no odds to be moved.
            Dropout::Equal(p) if p >= 1.0 => dropout,
            Dropout::Equal(p) => {
                let odds = moves.positive("odds", p / (1.0 - p))?;
                Dropout::Equal(odds / (1.0 + odds))
            }
            Dropout::Never => dropout,
        })
    };
    Some(match *law {
        FrequencyLaw::Nbd(_) => FrequencyLaw::Nbd(rate),
        FrequencyLaw::BgNbd { dropout, .. } => {
            FrequencyLaw::BgNbd { rate, dropout: leaving(dropout)? }
        }
        FrequencyLaw::MbgNbd { dropout, .. } => {
            FrequencyLaw::MbgNbd { rate, dropout: leaving(dropout)? }
        }
        FrequencyLaw::Pdo { dropout, tau, .. } => {
            FrequencyLaw::Pdo { rate, dropout: leaving(dropout)?, tau }
        }
        FrequencyLaw::ParetoNbd { lifetime, .. } => FrequencyLaw::ParetoNbd {
            rate,
            lifetime: match lifetime {
                Lifetime::Gamma { shape, rate } => Lifetime::Gamma {
                    shape: moves.positive("s", shape)?,
                    rate: moves.positive("beta", rate)?,
                },
                Lifetime::Equal(mu) => Lifetime::Equal(moves.positive("mu", mu)?),
                Lifetime::Never => Lifetime::Never,
            },
        },
    })
}

fn spending(monetary: Monetary, moves: &Moves<'_>) -> Option<Monetary> {
    let law = match monetary.law {
        ValueLaw::GammaGamma { p, q, k } => ValueLaw::GammaGamma {
            p: moves.positive("p", p)?,
            q: moves.positive("q", q)?,
            k: moves.positive("k", k)?,
        },
        ValueLaw::SameForAll { p, rate } => {
            ValueLaw::SameForAll { p: moves.positive("p", p)?, rate: moves.positive("rate", rate)? }
        }
        ValueLaw::OwnConstant { q, scale } => ValueLaw::OwnConstant {
            q: moves.positive("q", q)?,
            scale: moves.positive("scale", scale)?,
        },
        ValueLaw::Constant(value) => ValueLaw::Constant(value),
    };
    let dependence =
        monetary.dependence.map(|d| Dependence { slope: d.slope + moves.of(DEPENDENCE), ..d });
    Some(Monetary { law, dependence, ..monetary })
}
