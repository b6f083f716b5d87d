//! Which column plays which role.

use std::fmt;

use super::error::LedgerError;
use super::types::{ColumnChoice, Columns, ReadOptions};

/// What a column is for.
///
/// ```
/// use clvcast::ledger::Role;
/// assert_eq!(Role::ALL.len(), 7);
/// assert_eq!(Role::Segment.option(), "--segment");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Customer id.
    Customer,
    /// Transaction date.
    Date,
    /// Net amount.
    Amount,
    /// Product cost.
    Cost,
    /// Relationship-marketing expense.
    Expense,
    /// Order id.
    Order,
    /// Customer segment.
    Segment,
}

impl Role {
    /// All roles, in the order in which a row is checked.
    pub const ALL: [Self; 7] = [
        Self::Customer,
        Self::Date,
        Self::Amount,
        Self::Cost,
        Self::Expense,
        Self::Order,
        Self::Segment,
    ];

    /// The option that names the column.
    #[must_use]
    pub const fn option(self) -> &'static str {
        match self {
            Self::Customer => "--customer",
            Self::Date => "--date",
            Self::Amount => "--amount",
            Self::Cost => "--cost",
            Self::Expense => "--expense",
            Self::Order => "--order",
            Self::Segment => "--segment",
        }
    }

    /// The names it is known by, in lower case and without punctuation: a name of an earlier
    /// group wins over those of later ones; within a group they are equals.
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Customer => &[
                "customer",
                "customerid cust custid customerno customernumber customerkey \
                 customercode custno customeridentifier",
                "client clientid clientno user userid member memberid memberno account \
                 accountid accountno accountnumber buyer buyerid shopper shopperid \
                 consumer consumerid household householdid householdkey donor donorid \
                 subscriberid",
            ],
            Self::Date => &[
                "date",
                "orderdate invoicedate transactiondate purchasedate saledate salesdate \
                 txndate transdate trandate bookingdate orderedat purchasedat \
                 ordertimestamp orderpurchasetimestamp transactiontime purchasetime \
                 ordertime orderdatetime transactiontimestamp",
                "timestamp datetime day createdat eventtime",
            ],
            Self::Amount => &[
                "amount",
                "netamount sales revenue netsales netrevenue total value spend dollars \
                 salesamount saleamount totalamount orderamount ordervalue ordertotal \
                 invoiceamount transactionamount purchaseamount amt turnover salesvalue \
                 totalprice totalspend",
            ],
            Self::Cost => &[
                "cost",
                "productcost cogs costs costofgoods costofgoodssold costofsales totalcost \
                 productcosts costamount",
            ],
            Self::Expense => &[
                "expense",
                "expenses marketingexpense crmexpense marketingexpenses crmexpenses \
                 marketingcost marketingcosts crmcost crmcosts marketingspend \
                 relationshipexpense relationshipmarketingexpense",
            ],
            Self::Order => &[
                "order",
                "orderid orderno ordernumber orderkey",
                "invoice invoiceid invoiceno invoicenumber transaction transactionid \
                 transactionno transactionnumber txnid receipt receiptid receiptno \
                 receiptnumber basket basketid ticket ticketid ticketno",
            ],
            Self::Segment => {
                &["segment", "customersegment custsegment segmentname customergroup segmentation"]
            }
        }
    }

    const fn choice(self, options: &ReadOptions) -> &ColumnChoice {
        match self {
            Self::Customer => &options.customer,
            Self::Date => &options.date,
            Self::Amount => &options.amount,
            Self::Cost => &options.cost,
            Self::Expense => &options.expense,
            Self::Order => &options.order,
            Self::Segment => &options.segment,
        }
    }

    const fn required(self) -> bool {
        matches!(self, Self::Customer | Self::Date)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.option().trim_start_matches('-'))
    }
}

/// Position of each role's column, `None` where the input has none.
pub(super) type Positions = [Option<usize>; Role::ALL.len()];

/// Finds the column of every role in a file's header.
pub(super) fn choose(
    file: &str,
    header: &[String],
    options: &ReadOptions,
) -> Result<Positions, LedgerError> {
    refuse_repeated(file, header)?;
    let mut positions = Positions::default();
    let mut taken: Vec<(usize, Role)> = Vec::new();
    for role in Role::ALL {
        let ColumnChoice::Named(name) = role.choice(options) else { continue };
        let at = position(file, header, role, name)?;
        if let Some((_, first)) = taken.iter().find(|(other, _)| *other == at) {
            return Err(LedgerError::ColumnTwice {
                column: name.clone(),
                first: *first,
                second: role,
            });
        }
        taken.push((at, role));
        positions[role as usize] = Some(at);
    }
    for role in Role::ALL {
        if *role.choice(options) == ColumnChoice::Find {
            let free = |at: &usize| taken.iter().all(|(other, _)| other != at);
            positions[role as usize] = find(file, header, role, free)?;
        }
        if role.required() && positions[role as usize].is_none() {
            let header = header.to_vec();
            return Err(LedgerError::ColumnMissing { file: file.to_owned(), role, header });
        }
    }
    Ok(positions)
}

/// The names of the chosen columns.
pub(super) fn names(header: &[String], positions: &Positions) -> Columns {
    let name = |role: Role| positions[role as usize].and_then(|at| header.get(at).cloned());
    Columns {
        customer: name(Role::Customer).unwrap_or_default(),
        date: name(Role::Date).unwrap_or_default(),
        amount: name(Role::Amount),
        cost: name(Role::Cost),
        expense: name(Role::Expense),
        order: name(Role::Order),
        segment: name(Role::Segment),
    }
}

/// The column that names a currency, unless it is chosen for a role.
pub(super) fn currency(header: &[String], positions: &Positions) -> Option<usize> {
    let named = |name: &String| matches!(plain(name).as_str(), "currency" | "currencycode");
    header.iter().position(named).filter(|at| !positions.contains(&Some(*at)))
}

impl Columns {
    /// The column of a role, if there is one.
    #[must_use]
    pub fn of(&self, role: Role) -> Option<&str> {
        match role {
            Role::Customer => Some(&self.customer),
            Role::Date => Some(&self.date),
            Role::Amount => self.amount.as_deref(),
            Role::Cost => self.cost.as_deref(),
            Role::Expense => self.expense.as_deref(),
            Role::Order => self.order.as_deref(),
            Role::Segment => self.segment.as_deref(),
        }
    }
}

fn refuse_repeated(file: &str, header: &[String]) -> Result<(), LedgerError> {
    for (second, name) in header.iter().enumerate() {
        // Unnamed columns, such as a row number's, cannot be asked for and do no harm.
        let first = header[..second].iter().position(|earlier| earlier == name);
        if let (Some(first), false) = (first, name.is_empty()) {
            return Err(LedgerError::DuplicateHeader {
                file: file.to_owned(),
                name: name.clone(),
                first: first + 1,
                second: second + 1,
            });
        }
    }
    Ok(())
}

fn position(file: &str, header: &[String], role: Role, name: &str) -> Result<usize, LedgerError> {
    header.iter().position(|column| column == name).ok_or_else(|| LedgerError::ColumnUnknown {
        file: file.to_owned(),
        role,
        name: name.to_owned(),
        nearest: nearest(name, header.iter().map(String::as_str)),
        header: header.to_vec(),
    })
}

fn find(
    file: &str,
    header: &[String],
    role: Role,
    free: impl Fn(&usize) -> bool,
) -> Result<Option<usize>, LedgerError> {
    for group in role.names() {
        let known = |name: &str| group.split_whitespace().any(|other| other == name);
        let mut found = (0..header.len()).filter(|at| free(at) && known(&plain(&header[*at])));
        match (found.next(), found.next()) {
            (Some(first), Some(second)) => {
                return Err(LedgerError::ColumnAmbiguous {
                    file: file.to_owned(),
                    role,
                    first: header[first].clone(),
                    second: header[second].clone(),
                });
            }
            (Some(only), None) => return Ok(Some(only)),
            _ => {}
        }
    }
    Ok(None)
}

/// A name in lower case, letters and digits only.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The most similar of some names, if one is similar at all.
pub(super) fn nearest<'a>(name: &str, among: impl Iterator<Item = &'a str>) -> Option<String> {
    let wanted = name.to_lowercase();
    let scored = among.map(|other| (strsim::jaro_winkler(&wanted, &other.to_lowercase()), other));
    let best = scored.filter(|(score, _)| *score > 0.7).max_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|(_, other)| other.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(header: &[&str], options: &ReadOptions) -> Result<Columns, LedgerError> {
        let header: Vec<_> = header.iter().map(|name| (*name).to_owned()).collect();
        choose("a.csv", &header, options).map(|positions| names(&header, &positions))
    }

    #[test]
    fn obvious_names_are_found_whatever_their_case_and_punctuation() {
        let header = ["Order ID", "Order Date", "Ship Date", "Customer ID", "Segment", "Sales"];
        let columns = found(&header, &ReadOptions::default()).unwrap();
        assert_eq!(columns.customer, "Customer ID");
        assert_eq!(columns.date, "Order Date");
        assert_eq!(columns.amount.as_deref(), Some("Sales"));
        assert_eq!(columns.order.as_deref(), Some("Order ID"));
        assert_eq!(columns.segment.as_deref(), Some("Segment"));
        assert_eq!(columns.cost, None);
    }

    #[test]
    fn an_exact_name_wins_and_equals_are_refused() {
        let columns = found(&["cust", "date", "total", "amount"], &ReadOptions::default());
        assert_eq!(columns.unwrap().amount.as_deref(), Some("amount"));
        let error = found(&["cust", "date", "total", "revenue"], &ReadOptions::default());
        let error = error.unwrap_err().to_string();
        assert!(error.contains("`total` and `revenue` both look like the amount"), "{error}");
        assert!(error.contains("--amount"), "{error}");
    }

    #[test]
    fn a_named_column_is_not_found_for_another_role() {
        let named = |name: &str| ColumnChoice::Named(name.to_owned());
        let options = ReadOptions { segment: named("account"), ..ReadOptions::default() };
        let error = found(&["account", "date"], &options).unwrap_err();
        assert!(matches!(error, LedgerError::ColumnMissing { role: Role::Customer, .. }));
        let options =
            ReadOptions { cost: named("x"), amount: named("x"), ..ReadOptions::default() };
        let error = found(&["cust", "date", "x"], &options).unwrap_err();
        assert!(matches!(error, LedgerError::ColumnTwice { .. }));
    }
}
