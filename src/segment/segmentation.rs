//! All groupings of a run, and how groups change.

use super::{
    Ahead, Attributes, Dormancy, Grouping, LifeCycle, Lorenz, Migration, Moves, Rfm, SegmentError,
    SegmentOptions, ladder, loyalty_grid, worth,
};
use crate::fit::FittedModel;
use crate::panel::{Panel, PeriodIndex};
use crate::value::Forecast;

/// What customers are grouped from. [`Segmentation`] has an example.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// Their histories.
    pub panel: &'a Panel,
    /// The same histories as they were as many periods ago as are forecast; `None` where the
    /// ledger does not reach back so far.
    pub then: Option<&'a Panel>,
    /// The model of the forecast.
    pub model: &'a FittedModel,
    /// The forecast.
    pub forecast: &'a Forecast,
    /// What the company knows beside the transactions.
    pub attributes: Option<&'a Attributes>,
}

/// The customers of a panel in groups, and how groups change.
///
/// ```
/// # use clvcast::{ledger::{ReadOptions, read}, panel::*, progress::Silent};
/// # let files = ["data/superstore.csv".to_owned()];
/// # let ledger = read(&files, &ReadOptions::default(), &Silent)?;
/// # let panel = Panel::build(&ledger, &PanelOptions::new(Period::Quarter), &Silent)?;
/// # let text = std::fs::read_to_string("models/synlead-2008.json")?;
/// # let model = clvcast::fit::FittedModel::from_json(&text)?;
/// # use clvcast::{forecast::{ForecastOptions, forecast}, value::*};
/// # let options = ForecastOptions::default();
/// # let purchases = forecast(&panel, &model, &options);
/// # let forecast = evaluate(&panel, &model, &purchases, options.horizon, &MoneyRules::default());
/// use clvcast::segment::{Material, SegmentOptions, Segmentation};
/// let material = Material { panel: &panel, then: None, model: &model, forecast: &forecast, attributes: None };
/// let found = Segmentation::new(&material, &SegmentOptions::default())?;
/// let columns: Vec<&str> = found.groupings.iter().map(|g| g.column.as_str()).collect();
/// assert_eq!(columns, ["segment", "cell", "layer", "worth", "dormancy", "rfm_score", "rfm"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Segmentation {
    /// One after another: the ledger's own segment, the eight cells, layers, customers around zero,
    /// dormancy, what attributes give, RFM scores and all RFM cells.
    pub groupings: Vec<Grouping>,
    /// Cuts of RFM; `None` where customers cannot be told apart, as a warning says.
    pub rfm: Option<Rfm>,
    /// How they were made, the default filled in.
    pub options: SegmentOptions,
    /// Concentration of the forecast gross profit (of the amount, where there is no profit).
    pub lorenz: Option<Lorenz>,
    /// Value bands: now, next, at the horizon; as counted in the data.
    pub bands: Option<Migration>,
    /// Where groups moved over as many past periods as are forecast.
    pub moves: Vec<Moves>,
    /// Where their customers are expected.
    pub ahead: Vec<Ahead>,
    /// Cumulative value by age.
    pub life_cycle: Option<LifeCycle>,
    /// What a user should know.
    pub warnings: Vec<String>,
}

impl Segmentation {
    /// All groupings that the material allows; without amounts there is no RFM, and a warning says
    /// so.
    ///
    /// # Errors
    /// Options that cannot be meant, classes that the customers do not fill, attributes that
    /// are no words or numbers of the kind expected.
    pub fn new(material: &Material<'_>, options: &SegmentOptions) -> Result<Self, SegmentError> {
        options.check()?;
        if !material.panel.has_amount {
            return Self::without_rfm(material, options, "there are no amounts");
        }
        let rfm = Rfm::new(material.panel, &options.rfm)?;
        Self::with(material, options, Some(rfm))
    }

    /// The same without RFM where its classes cannot be made, with a warning: for a report, whose
    /// other parts are still worth having.
    ///
    /// # Errors
    /// As [`new`](Self::new), but for customers that cannot be cut into classes.
    pub fn where_possible(
        material: &Material<'_>,
        options: &SegmentOptions,
    ) -> Result<Self, SegmentError> {
        match Self::new(material, options) {
            Err(error @ (SegmentError::FewCustomers { .. } | SegmentError::AllEqual { .. })) => {
                Self::without_rfm(material, options, &error.to_string())
            }
            found => found,
        }
    }

    fn without_rfm(
        material: &Material<'_>,
        options: &SegmentOptions,
        why: &str,
    ) -> Result<Self, SegmentError> {
        let mut found = Self::with(material, options, None)?;
        found.warnings.insert(0, format!("RFM classes are left out: {why}"));
        Ok(found)
    }

    fn with(
        material: &Material<'_>,
        options: &SegmentOptions,
        rfm: Option<Rfm>,
    ) -> Result<Self, SegmentError> {
        let Material { panel, model, forecast, attributes, .. } = *material;
        let dormancy = options.dormancy.unwrap_or_else(|| Dormancy::of_period(panel.grid.period()));
        let options = SegmentOptions { dormancy: Some(dormancy), ..options.clone() };
        let values = values(forecast);
        let mut groupings: Vec<Grouping> = Grouping::of_ledger(panel).into_iter().collect();
        groupings.extend(rfm.as_ref().map(|rfm| rfm.cells(panel)));
        groupings.push(options.layers.group(&values));
        if values_are_profit(forecast) {
            groupings.push(worth(&values, options.near_zero));
        }
        groupings.push(dormancy.group(panel, forecast));
        let none = Attributes::default();
        let known = attributes.unwrap_or(&none);
        let mut grid_warning = None;
        match loyalty_grid(panel, known) {
            Err(error @ (SegmentError::FewCustomers { .. } | SegmentError::AllEqual { .. })) => {
                grid_warning = Some(format!("the loyalty × volume grid is left out: {error}"));
            }
            grid => groupings.extend(grid?),
        }
        groupings.extend(ladder(known)?);
        if let Some(table) = &options.score {
            groupings.push(table.group(panel, forecast, known)?);
        }
        let mut warnings = rfm.as_ref().map_or_else(Vec::new, Rfm::warnings);
        warnings.extend(grid_warning);
        if let Some(rfm) = &rfm {
            groupings.extend([rfm.scores(panel), rfm.cube(panel)]);
        }
        if known.elsewhere > 0 {
            warnings.push(format!(
                "{} row(s) of the attributes file are about customers without a transaction up to {}: they are in no group",
                known.elsewhere, panel.grid.as_of()
            ));
        }
        let bands = u32::try_from(forecast.labels.len())
            .ok()
            .and_then(|horizon| Migration::new(panel, model, horizon));
        let costs = known.numbers.get("acquisition_cost").map(Vec::as_slice);
        warnings.extend(without_cost(costs));
        let ahead = groupings.iter().filter(|grouping| grouping.groups.len() <= MOST_MOVES);
        Ok(Self {
            lorenz: Lorenz::new(values.iter().copied().flatten()),
            moves: moves(material, rfm.as_ref(), dormancy),
            ahead: ahead
                .filter_map(|grouping| Ahead::new(panel, forecast, bands.as_ref(), grouping))
                .collect(),
            life_cycle: LifeCycle::new(panel, forecast, costs),
            groupings,
            rfm,
            options,
            bands,
            warnings,
        })
    }

    /// The grouping of that column.
    #[must_use]
    pub fn grouping(&self, column: &str) -> Option<&Grouping> {
        self.groupings.iter().find(|grouping| grouping.column == column)
    }
}

/// Groupings with more groups have no table of moves that anybody could read.
const MOST_MOVES: usize = 30;

/// Whether [`values`] are gross profit.
fn values_are_profit(forecast: &Forecast) -> bool {
    (0..forecast.len()).any(|i| forecast.gross_profit_total(i).is_some())
}

/// What customers are layered by: gross profit over the horizon, or the amount where nobody has a
/// profit, or purchases where nobody has an amount.
fn values(forecast: &Forecast) -> Vec<Option<f64>> {
    let all = 0..forecast.len();
    if values_are_profit(forecast) {
        return all.map(|i| forecast.gross_profit_total(i)).collect();
    }
    if all.clone().any(|i| forecast.amount_total(i).is_some()) {
        return all.map(|i| forecast.amount_total(i)).collect();
    }
    let purchases = |i| Some(forecast.periods(i)?.map(|period| period.step.purchases).sum());
    all.map(purchases).collect()
}

/// Groups that histories alone decide, then and now.
fn moves(material: &Material<'_>, rfm: Option<&Rfm>, dormancy: Dormancy) -> Vec<Moves> {
    let Some(then) = material.then else { return Vec::new() };
    let now = material.panel;
    let pairs = [
        rfm.map(|rfm| (rfm.cells(then), rfm.cells(now))),
        dormancy.of_history(then).zip(dormancy.of_history(now)),
    ];
    let label = |panel: &Panel| panel.grid.label(PeriodIndex(0));
    let count = |(before, after): (Grouping, Grouping)| {
        Moves::count((&then.ids, &before), (&now.ids, &after), &label(then), &label(now))
    };
    pairs.into_iter().flatten().map(count).collect()
}

fn without_cost(costs: Option<&[Option<f64>]>) -> Option<String> {
    let without = costs?.iter().filter(|cost| cost.is_none()).count();
    (without > 0).then(|| {
        format!("{without} customer(s) have no acquisition cost in the attributes file and are left out of the life-cycle curve")
    })
}
