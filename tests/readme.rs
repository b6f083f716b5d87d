//! The documents speak the truth: the README shows what the program prints, and the commands that
//! `docs/` gives run.

use std::path::Path;
use std::process::Command;

const README: &str = include_str!("../README.md");

/// Blocks announced by `<!-- output: ARGUMENTS -->`, with what they show.
fn shown_outputs() -> Vec<(Vec<&'static str>, &'static str)> {
    let mut outputs = Vec::new();
    for part in README.split("<!-- output: ").skip(1) {
        let (arguments, rest) = part.split_once(" -->\n```text\n").expect("a text block follows");
        let (output, _) = rest.split_once("```").expect("the block ends");
        outputs.push((arguments.split(' ').collect(), output));
    }
    outputs
}

#[test]
fn the_readme_shows_what_the_program_prints() {
    let outputs = shown_outputs();
    assert!(!outputs.is_empty());
    for (arguments, shown) in outputs {
        let output = Command::new(env!("CARGO_BIN_EXE_clvcast"))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(&arguments)
            .output()
            .expect("the program runs");
        assert!(output.status.success(), "{arguments:?}");
        let printed = String::from_utf8(output.stdout).expect("text");
        // Set README=write to bring the README up to date.
        if std::env::var_os("README").is_some_and(|value| value == "write") {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
            let announced = format!("<!-- output: {} -->\n```text\n", arguments.join(" "));
            let old = format!("{announced}{shown}```");
            let new = format!("{announced}{printed}```");
            std::fs::write(path, README.replace(&old, &new)).expect("the README is writable");
        } else {
            assert_eq!(
                shown, printed,
                "run again with README=write to bring the README up to date"
            );
        }
    }
}

#[test]
fn files_that_the_readme_links_to_exist() {
    for link in README.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        if !link.starts_with("http") {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(link);
            assert!(path.exists(), "{link}");
        }
    }
}

#[test]
fn the_commands_of_the_documents_run() {
    let mut commands = 0;
    for document in ["docs/method.md", "docs/files.md", "docs/segments.md"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(document);
        let text = std::fs::read_to_string(path).expect("the document ships");
        // Commands on files that ship; those that write a file are shown with a name of the user's.
        let shipped = |line: &&str| {
            line.starts_with("clvcast ")
                && ["data/", "docs/", "models/"].iter().any(|folder| line.contains(folder))
                && !line.contains(" -o ")
        };
        for line in text.lines().filter(shipped) {
            let line = line.split(" #").next().unwrap_or(line);
            let output = Command::new(env!("CARGO_BIN_EXE_clvcast"))
                .current_dir(env!("CARGO_MANIFEST_DIR"))
                .args(line.split_whitespace().skip(1))
                .output()
                .expect("the program runs");
            let message = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success(), "{document}: {line}\n{message}");
            commands += 1;
        }
    }
    assert!(commands >= 5, "{commands}");
}

#[test]
fn models_written_by_hand_as_the_documents_show_are_read() {
    let text = include_str!("../models/README.md");
    let calendar = text.split("```json\n\"calendar\": ").nth(1).expect("a calendar is shown");
    let calendar = calendar.split("```").next().expect("the block ends");
    let mut models = 0;
    for frequency in text.lines().filter(|line| line.starts_with("{\"model\": ")) {
        let file = format!(
            r#"{{"format": "clvcast-model", "version": 1, "period": "7d", "frequency": {frequency},
            "calendar": {calendar}, "states": {{"max_frequency": 3}}}}"#
        );
        let model = clvcast::fit::FittedModel::from_json(&file).expect("a model file");
        assert!(frequency.contains(&format!("\"{}\"", model.frequency.name())));
        assert!(!model.calendar.expect("a calendar").is_flat());
        models += 1;
    }
    assert_eq!(models, 5);
}
