//! Customers in groups: against counts made elsewhere, on odd bases, and from the files of a user.

mod attributes;
mod cutting;
mod oracle;
mod portfolio;
mod support;
