//! Estimates and expectations against simulation of the model itself.

#[path = "simulation/calendar.rs"]
mod calendar;
#[path = "simulation/estimates.rs"]
mod estimates;
#[path = "simulation/expectations.rs"]
mod expectations;
mod support;
