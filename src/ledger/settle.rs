//! From drafts to entries: with the dates of the whole column settled and the scale known, each
//! draft becomes a row or is left out.

use crate::units::{MoneyError, Scale};

use super::columns::Role;
use super::date_column::{Kind, Settled};
use super::draft::Draft;
use super::entry::{Content, Entry};
use super::part::DateTexts;
use super::rejects::{Rejects, shorten};
use super::rows::money_advice;
use super::shard::{Piece, Shard};
use super::types::{Columns, Reason, Refunds, Reject};

/// What holds for all parts.
pub(super) struct Rules<'a> {
    pub(super) dates: &'a Settled,
    pub(super) refunds: Refunds,
    pub(super) columns: &'a Columns,
    /// Names of the files, by index.
    pub(super) files: &'a [String],
    /// For each part, from its numbering of segments to the common one.
    pub(super) segments_of: &'a [Vec<u32>],
    pub(super) texts: &'a DateTexts,
    pub(super) keep_rejects: bool,
}

/// The settled rows of a shard.
pub(super) struct Entries<C> {
    /// Those of each customer together, in the order of files and lines, with room behind them for
    /// rows that were left out.
    all: Vec<Entry<C>>,
    /// For each customer the start and the end of its entries.
    ranges: Vec<(usize, usize)>,
}

impl<C: Content> Entries<C> {
    pub(super) const fn new() -> Self {
        Self { all: Vec::new(), ranges: Vec::new() }
    }

    /// The entries of each customer.
    pub(super) fn customers(&mut self) -> impl Iterator<Item = &mut [Entry<C>]> {
        let mut rest = &mut self.all[..];
        let mut at = 0;
        self.ranges.iter().map(move |&(start, end)| {
            let behind = std::mem::take(&mut rest).split_at_mut(start - at).1;
            let (own, later) = behind.split_at_mut(end - start);
            (rest, at) = (later, end);
            own
        })
    }

    /// Makes room for the entries of all drafts of a shard.
    fn make_room(&mut self, shard: &Shard) {
        self.ranges.clear();
        self.ranges.resize(shard.customers(), (0, 0));
        for draft in shard.pieces.iter().flat_map(|piece| &piece.drafts) {
            self.ranges[draft.customer as usize].1 += 1;
        }
        let mut next = 0;
        for (start, end) in &mut self.ranges {
            let drafts = *end;
            (*start, *end) = (next, next);
            next += drafts;
        }
        if self.all.len() < next {
            self.all.resize(next, Entry::empty());
        }
    }
}

impl Rules<'_> {
    /// The most decimal places of the rows of a shard that will be used.
    pub(super) fn places(&self, shard: &Shard) -> u8 {
        let rows = shard.pieces.iter().flat_map(Piece::rows);
        let used = rows.filter(|(draft, _)| {
            self.dates.read(draft.date).is_some()
                && (self.refunds == Refunds::Net || !draft.is_refund())
        });
        used.map(|(draft, extra)| draft.most_places(Some(&extra))).max().unwrap_or(0)
    }

    /// Settles the rows of a shard at a scale; returns those that cannot be used, and the refunds
    /// that are not wanted.
    pub(super) fn settle<C: Content>(
        &self,
        shard: &Shard,
        scale: Scale,
        entries: &mut Entries<C>,
    ) -> (Rejects, Rejects) {
        let mut bad = Rejects::new(self.keep_rejects);
        let mut refunds = Rejects::new(self.keep_rejects);
        entries.make_room(shard);
        for piece in &shard.pieces {
            let segments = &self.segments_of[piece.part];
            for (position, (draft, extra)) in (piece.first..).zip(piece.rows()) {
                let Some(day) = self.dates.read(draft.date) else {
                    let reject = || self.bad_date(piece, draft);
                    bad.push(piece.file, Reason::BadDate, reject);
                    continue;
                };
                if self.refunds != Refunds::Net && draft.is_refund() {
                    refunds.push(piece.file, Reason::Refund, || self.refund(piece, draft));
                    continue;
                }
                let segment = segments[extra.segment as usize];
                match C::new(draft, &extra, segment, scale) {
                    Ok(content) => {
                        let next = &mut entries.ranges[draft.customer as usize].1;
                        let fingerprint = draft.fingerprint;
                        entries.all[*next] = Entry { day, content, fingerprint, position };
                        *next += 1;
                    }
                    Err((role, reason, money)) => bad.push(piece.file, reason, || {
                        let advice = money_advice(MoneyError::TooLarge);
                        self.reject(piece, draft, reason, role, money.to_string(), advice)
                    }),
                }
            }
        }
        (bad, refunds)
    }

    fn bad_date(&self, piece: &Piece, draft: &Draft) -> Reject {
        let kept = self.texts.get(Kind::of(draft.date), (piece.file, piece.line(draft)));
        let found = match (kept, draft.date.day_first()) {
            (Some(text), _) => shorten(text.as_bytes()),
            (None, Some(day)) => draft.date.class.canonical(day),
            (None, None) => String::new(),
        };
        let expected = self.dates.expected(draft.date);
        self.reject(piece, draft, Reason::BadDate, Role::Date, found, &expected)
    }

    fn refund(&self, piece: &Piece, draft: &Draft) -> Reject {
        let found = draft.amount().map(|amount| amount.to_string()).unwrap_or_default();
        let expected = "an amount of zero or more under the policy for refunds (--refunds)";
        self.reject(piece, draft, Reason::Refund, Role::Amount, found, expected)
    }

    fn reject(
        &self,
        piece: &Piece,
        draft: &Draft,
        reason: Reason,
        role: Role,
        found: String,
        expected: &str,
    ) -> Reject {
        Reject {
            file: self.files[piece.file as usize].clone(),
            line: piece.line(draft),
            reason,
            column: self.columns.of(role).map(str::to_owned),
            found,
            expected: expected.to_owned(),
        }
    }
}
