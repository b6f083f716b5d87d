//! Models in which customers leave: likelihoods, their derivatives, and what a fit ends in.

mod support;

mod derivatives;
mod limits;
mod published;
mod recovery;
