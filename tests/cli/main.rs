//! What a user of the program sees: exit status, messages, files.

mod arguments;
mod bad_bases;
mod bad_files;
mod bad_rows;
mod columns;
mod degenerate;
mod determinism;
mod explain;
mod formats;
mod history;
mod inspect;
mod manifest;
mod manual;
mod models;
mod money;
mod overrides;
mod pipes;
mod places;
mod run_options;
mod saved_models;
mod simulate;
mod subsets;
mod support;
mod table;
mod transitions;
mod unnamed;
