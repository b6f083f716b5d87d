//! One way to put customers into groups, and the label each customer gets from it.

use std::collections::BTreeSet;

use crate::panel::Panel;

/// Customers in groups: one label, or none, for each customer of a panel.
///
/// ```
/// use clvcast::segment::Grouping;
/// let groups = ["small", "big"].map(str::to_owned).to_vec();
/// let size = Grouping { column: "size".into(), groups, of: vec![Some(1), None, Some(1)] };
/// assert_eq!((size.label(0), size.label(1)), (Some("big"), None));
/// assert_eq!(size.members(Some(1)).collect::<Vec<_>>(), [0, 2]);
/// assert!(size.has_unlabelled());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grouping {
    /// Column of the labels in files.
    pub column: String,
    /// The labels, in the order in which people read them; groups may be empty.
    pub groups: Vec<String>,
    /// The group of each customer, by position in [`groups`](Self::groups); `None` where the
    /// history says nothing about it.
    pub of: Vec<Option<u32>>,
}

impl Grouping {
    /// The segments of the ledger, in alphabetical order; `None` where it has none. Customers whose
    /// segment is empty have no label.
    #[must_use]
    pub fn of_ledger(panel: &Panel) -> Option<Self> {
        let segments = panel.segments.as_ref()?;
        let known: BTreeSet<&str> =
            segments.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
        let groups: Vec<String> = known.into_iter().map(str::to_owned).collect();
        let place = |name: &String| groups.binary_search(name).ok();
        let of = segments.iter().map(|name| place(name).and_then(|at| u32::try_from(at).ok()));
        Some(Self { column: "segment".to_owned(), of: of.collect(), groups })
    }

    /// The label of customer `i`.
    #[must_use]
    pub fn label(&self, i: usize) -> Option<&str> {
        self.of[i].map(|group| self.groups[group as usize].as_str())
    }

    /// The customers of a group, ascending; `None` asks for those without a label.
    pub fn members(&self, group: Option<u32>) -> impl Iterator<Item = usize> + '_ {
        (0..self.of.len()).filter(move |&i| self.of[i] == group)
    }

    /// Whether some customers have no label.
    #[must_use]
    pub fn has_unlabelled(&self) -> bool {
        self.of.contains(&None)
    }

    /// The customers of each group, in the order of groups, and at the end those without a label,
    /// where there are some.
    #[must_use]
    pub fn partition(&self) -> Vec<(Option<u32>, Vec<usize>)> {
        let mut parts: Vec<Vec<usize>> = vec![Vec::new(); self.groups.len() + 1];
        for (i, group) in self.of.iter().enumerate() {
            parts[group.map_or(self.groups.len(), |group| group as usize)].push(i);
        }
        let without = parts.pop().filter(|without| !without.is_empty());
        let groups = (0..).map(Some).zip(parts);
        groups.chain(without.map(|without| (None, without))).collect()
    }
}
