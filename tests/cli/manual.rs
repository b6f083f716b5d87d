//! Completions, manual pages and help come from one definition.

use crate::support::{Desk, holds};

const COMMANDS: [&str; 7] =
    ["forecast", "fit", "backtest", "transitions", "inspect", "simulate", "explain"];

#[test]
fn completions_are_printed_for_every_shell() {
    let desk = Desk::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let text = desk.done(&["completions", shell]).stdout;
        holds(&text, &["clvcast", "margin-rule", "transitions"]);
    }
    desk.refused(&["completions", "dos"], 2, &["dos", "bash"]);
}

#[test]
fn manual_pages_are_written_for_every_command() {
    let desk = Desk::new();
    desk.done(&["man", "pages"]);
    for command in COMMANDS {
        holds(&desk.text(&format!("pages/clvcast-{command}.1")), &[".TH", "SYNOPSIS"]);
    }
    holds(&desk.text("pages/clvcast.1"), &["Exit status"]);
}

#[test]
fn help_explains_every_option_of_every_command() {
    let desk = Desk::new();
    for command in COMMANDS {
        let text = desk.done(&[command, "--help"]).stdout;
        let mut options = 0;
        let lines: Vec<&str> = text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let option = line.trim_start();
            if !option.starts_with('-') || option.starts_with("- ") {
                continue;
            }
            options += 1;
            // The description stands on the next line, or behind the names.
            let next = lines.get(at + 1).map_or("", |line| line.trim());
            let same = option.split_once("  ").map_or("", |(_, text)| text.trim());
            let words = next.split_whitespace().count().max(same.split_whitespace().count());
            assert!(
                words >= 1 && !(same.is_empty() && next.starts_with("--")),
                "{command}: {line} / {next}"
            );
        }
        assert!(options >= 4, "{command}: {options}");
    }
}

#[test]
fn help_names_the_defaults() {
    let desk = Desk::new();
    let text = desk.done(&["forecast", "--help"]).stdout;
    let defaults = [
        "[default: net]",
        "[default: drop]",
        "[default: keep]",
        "[default: nbd]",
        "[default: period]",
        "[default: chain for nbd, else posterior]",
        "[default: 7d]",
        "[default: none]",
        "[default: 0.9]",
        "[default: 3]",
        "[default: last]",
        "[default: wide]",
        "[default: the model's, else first-purchase]",
        "[default: all cores]",
        "[default: the model's, else quarter]",
        "[default: end of the last complete period",
    ];
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    holds(&flat, &defaults);
    let flat = desk.done(&["simulate", "--help"]).stdout;
    let flat = flat.split_whitespace().collect::<Vec<_>>().join(" ");
    holds(&flat, &["[default: 1]", "[default: 12]", "[default: 2023-12-31]"]);
}

#[test]
fn the_version_is_printed() {
    let text = Desk::new().done(&["--version"]).stdout;
    assert_eq!(text, format!("clvcast {}\n", env!("CARGO_PKG_VERSION")));
}
