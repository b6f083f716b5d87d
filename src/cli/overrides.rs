//! Margins and expenses that people decided, from a CSV file or from a workbook that comes back.

use std::fs::File;
use std::io::{BufReader, Read, Seek};

use anyhow::{Context, Result};

use super::args::RuleArgs;
use super::work::Work;
use crate::panel::Panel;
use crate::report::{ReturnedWorkbook, read_workbook};
use crate::value::Overrides;

/// How every workbook begins, whatever its name.
const ZIP: [u8; 4] = *b"PK\x03\x04";

/// A workbook that came back.
pub(super) struct Returned {
    name: String,
    workbook: ReturnedWorkbook,
}

impl Returned {
    /// What the file decides, if one was given, and the workbook, if it is one.
    pub(super) fn read(
        args: &RuleArgs,
        panel: &Panel,
        work: &Work,
    ) -> Result<(Overrides, Option<Self>)> {
        let Some(path) = &args.overrides else { return Ok((Overrides::default(), None)) };
        let _stage = work.stage("reading overrides");
        let shown = path.display().to_string();
        let missing = || format!("the overrides file `{shown}` cannot be read");
        let mut file = File::open(path).with_context(missing)?;
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
        // What comes through a pipe cannot be read twice.
        let mut start = Vec::new();
        (&mut file).take(ZIP.len() as u64).read_to_end(&mut start).with_context(missing)?;
        let within = || format!("in the overrides file `{shown}`");
        if !(extension.eq_ignore_ascii_case("xlsx") || start == ZIP) {
            let file = start.chain(file);
            let overrides = Overrides::for_panel(file, panel, args.horizon).with_context(within)?;
            return Ok((overrides, None));
        }
        file.rewind().with_context(missing)?;
        let workbook = read_workbook(BufReader::new(file)).with_context(within)?;
        let overrides = Overrides::decided(&workbook.decisions, panel, args.horizon);
        let overrides = overrides.with_context(within)?;
        Ok((overrides, Some(Self { name: shown, workbook })))
    }

    /// What there is to say about it in a run with these settings.
    pub(super) fn warnings(&self, run: &[(&'static str, String)]) -> Vec<String> {
        let Self { name, workbook } = self;
        let earlier = workbook.decisions.len() - workbook.changed;
        let mut warnings = Vec::new();
        if workbook.decisions.is_empty() {
            warnings.push(format!(
                "no margin and no expense of `{name}` was changed: nothing is overridden"
            ));
        } else if workbook.changed == 0 {
            warnings.push(format!(
                "no margin and no expense of `{name}` was changed; the {earlier} that were overridden when it was written are overridden again"
            ));
        }
        if workbook.elsewhere > 0 {
            warnings.push(format!(
                "{} customer(s) without a row in `{name}` had overrides when it was written, which it does not hold: write it without --top to keep them",
                workbook.elsewhere
            ));
        }
        let differences = workbook.differences(run);
        if !differences.is_empty() && !workbook.decisions.is_empty() {
            warnings.push(format!(
                "`{name}` was made in another way than this forecast ({}): its changed cells are taken, and all other numbers are those of this forecast",
                differences.join("; ")
            ));
        }
        warnings
    }
}
