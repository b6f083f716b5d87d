//! Which customers have the same futures but for what they spend.

use rayon::prelude::*;

use crate::fit::Form;
use crate::forecast::Method;
use crate::panel::Panel;
use crate::units::Day;

/// What decides the law of a customer's coming purchases.
///
/// Under the chain that is the state: r and f1, and of a customer in its first active period the
/// first day and the purchases after it. Under the posterior it is the first day and x; the last
/// day only says how likely the customer is still there, and does so apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Counting {
    first: Option<Day>,
    x: u32,
    r: u32,
    f1: u32,
}

/// Customers of one law of purchases whose values weigh the same, those of one last day together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    counting: Counting,
    weight: u32,
    last: Option<Day>,
}

impl Counting {
    fn new(panel: &Panel, i: usize, method: Method) -> Option<Self> {
        let customer = &panel.customers[i];
        if method != Method::Chain {
            let first = Some(customer.first_purchase?);
            return Some(Self { first, x: panel.counted(i), r: 0, f1: 0 });
        }
        let state = panel.state(i)?;
        let (first, x) = if state.is_acquisition_period {
            (customer.first_purchase, customer.acquisition_purchases)
        } else {
            (None, 0)
        };
        Some(Self { first, x, r: state.r, f1: state.f1 })
    }

    /// Its name among the streams of random numbers.
    pub(super) fn bytes(&self) -> [u8; 16] {
        let first = self.first.map_or(i32::MIN, Day::number);
        let mut bytes = [0; 16];
        let words = [first.cast_unsigned(), self.x, self.r, self.f1];
        for (bytes, word) in bytes.chunks_mut(4).zip(words) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }
}

/// The customers of one law of purchases.
#[derive(Debug, Clone)]
pub(super) struct Kind {
    pub(super) counting: Counting,
    /// The classes by weight: the weight, and the customers by their last day.
    pub(super) classes: Vec<(u32, Vec<u32>)>,
}

impl Kind {
    /// One of the customers.
    pub(super) fn example(&self) -> usize {
        self.classes[0].1[0] as usize
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.classes.iter().map(|(_, members)| members.len()).sum()
    }
}

/// All customers with a forecast by what they share, in an order that depends on nothing else.
/// Under the posterior values weigh by `form`; under the chain f1 says it.
pub(super) fn kinds(panel: &Panel, method: Method, form: Option<Form>) -> Vec<Kind> {
    let weight = |i: usize| match (method, form) {
        (Method::Chain, _) | (_, None) => 0,
        (_, Some(Form::Period)) => {
            u32::try_from(panel.active_amounts(i).count()).unwrap_or(u32::MAX)
        }
        (_, Some(Form::Purchase)) => {
            panel.active_amounts(i).fold(0, |sum: u32, (f, _)| sum.saturating_add(f))
        }
    };
    let mut keys: Vec<(Key, u32)> = (0..panel.customers.len())
        .into_par_iter()
        .filter_map(|i| {
            let counting = Counting::new(panel, i, method)?;
            let last = panel.customers[i].last_purchase;
            Some((Key { counting, weight: weight(i), last }, u32::try_from(i).ok()?))
        })
        .collect();
    keys.par_sort_unstable();
    keys.chunk_by(|(a, _), (b, _)| a.counting == b.counting)
        .map(|kind| Kind {
            counting: kind[0].0.counting,
            classes: kind
                .chunk_by(|(a, _), (b, _)| a.weight == b.weight)
                .map(|class| (class[0].0.weight, class.iter().map(|(_, i)| *i).collect()))
                .collect(),
        })
        .collect()
}
