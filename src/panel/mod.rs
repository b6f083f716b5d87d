//! From rows to one history per customer and period.
//!
//! [`Panel::build`] cuts time into periods ([`Grid`]), groups rows into purchases, and adds up per
//! customer and period what the models, the chain and the money rules need.
//!
//! ```
//! use clvcast::ledger::{Audit, Columns, Ledger, Row};
//! use clvcast::panel::{Clock, Panel, PanelOptions, Period, ZeroOrders};
//! use clvcast::progress::Silent;
//! use clvcast::units::{Day, Scale};
//!
//! // Two purchases of 40 and 60 in 2017, of a ledger in whole units of money.
//! let row = |month, amount| Row {
//!     customer: 0,
//!     day: Day::from_ymd(2017, month, 1).unwrap(),
//!     order: None,
//!     amount: Some(amount),
//!     cost: 0,
//!     expense: 0,
//! };
//! let ledger = Ledger {
//!     customers: ["ada".into()].into(),
//!     segment_changes: Vec::new(),
//!     segments: None,
//!     rows: vec![row(1, 40), row(7, 60)].into(),
//!     scale: Scale::new(0).unwrap(),
//!     columns: Columns { amount: Some("amount".into()), ..Columns::default() },
//!     audit: Audit::default(),
//! };
//! let options = PanelOptions {
//!     period: Period::Quarter,
//!     as_of: Day::from_ymd(2017, 12, 31),
//!     clock: Clock::FirstPurchase,
//!     zero_orders: ZeroOrders::Drop,
//! };
//! let panel = Panel::build(&ledger, &options, &Silent)?;
//!
//! // Since the first purchase, one more, two quarters later; since then one empty quarter.
//! let exposure = panel.exposure(0).unwrap();
//! assert_eq!((exposure.x, exposure.t_x), (1, 2.0));
//! let state = panel.state(0).unwrap();
//! assert_eq!((state.r, state.f1, state.m1), (1, 1, Some(60.0)));
//! assert_eq!(panel.grid.label(state.last_active), "2017-Q3");
//! # Ok::<(), clvcast::panel::PanelError>(())
//! ```

mod as_of;
mod build;
mod calendar;
mod correlation;
mod error;
mod grid;
mod history;
mod monetary;
mod orders;
mod partial;
mod period;
mod statistics;
mod types;

pub use as_of::default_as_of;
pub use correlation::Correlation;
pub use error::{NotPeriodEnd, PanelError};
pub use grid::{Grid, GridError};
pub use monetary::{PeriodValues, PurchaseValues, RepeatMean};
pub use period::PeriodParseError;
pub use statistics::{ExposureKey, FrequencyStatistics};
pub use types::*;
