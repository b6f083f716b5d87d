//! Maximum likelihood: from sufficient statistics to fitted laws with a report.
//!
//! Each part has its likelihood with gradient and Hessian in one file; Newton's method climbs
//! it within argmin's executor; a likelihood without interior maximum ends in a [`Limit`], not in a number
//! that happens to be where the optimiser stopped.
//!
//! ```
//! use clvcast::fit::{NbdData, fit_nbd};
//! // (x, T, customers): half of them purchased five times in one period, half not at all.
//! let fit = fit_nbd(&NbdData::new([(0, 1.0, 50), (5, 1.0, 50)], false))?;
//! assert!((fit.law.mean() - 2.5).abs() < 1e-6);
//! assert!(fit.report.limit.is_none());
//! # Ok::<(), clvcast::fit::FitError>(())
//! ```

mod again;
mod attrition;
mod attrition_limits;
mod attrition_sample;
mod bg_nbd;
mod calendar;
mod calendar_plan;
mod calendar_problem;
mod choice;
mod chosen;
mod covariance;
mod data_section;
mod day_histories;
mod dependence_warning;
mod error;
mod file;
mod frequency;
mod frozen;
mod gamma_gamma;
mod histories;
mod joint;
mod law_shape;
mod leaving;
mod log_sum;
mod model;
mod moved;
mod nbd;
mod newton;
mod objective;
mod option_error;
mod pareto_nbd;
mod pdo;
mod penalty;
mod rates;
mod report;
mod run;
mod section;
mod shrinkage;
mod spend_classes;
mod spend_data;
mod spend_design;
mod spend_level;
mod spend_likelihood;
mod spend_parts;
mod spend_points;
mod spend_regression;
mod spend_sums;
mod timed;
mod value_limits;

pub use attrition::{Attrition, AttritionFit, fit_attrition};
pub use bg_nbd::BgNbdLikelihood;
pub use choice::{DAMPING, DependenceChoice, FrequencyKind, SeasonChoice, Spend, TrendChoice};
pub use chosen::{ChoiceSection, Compared, HeldOut, MemberSection};
pub use covariance::Covariance;
pub(crate) use data_section::data_section;
pub use error::FitError;
pub use file::ModelFileError;
pub use gamma_gamma::{GammaGammaLikelihood, MonetaryFit, fit_gamma_gamma};
pub use histories::{Histories, History, Start};
pub use model::{Dependence, FittedModel, Form, Monetary, States};
pub use nbd::{FrequencyFit, NbdData, NbdLikelihood, PoissonLikelihood, fit_nbd};
pub use objective::{Evaluation, LogLikelihood};
pub use option_error::FitOptionError;
pub use pareto_nbd::ParetoNbdLikelihood;
pub use pdo::PdoLikelihood;
pub use penalty::{Penalised, fit_nbd_penalised};
pub use rates::expected_rate;
pub use report::{Estimate, FitReport, Limit, StopReason};
pub use run::{FitOptions, fit};
pub use section::{
    CalendarFitSection, Coefficient, ComparedCalendar, DataSection, EmpiricalSection, FitSection,
    PartSection,
};
pub use spend_classes::{SpendClass, spend_classes};
pub use spend_data::GammaGammaData;
pub use spend_regression::{SpendRegression, fit_spend};
pub use timed::{NbdTimed, TimeGradient, TimedLikelihood};
pub use value_limits::{OwnConstantLikelihood, SameForAllLikelihood};
