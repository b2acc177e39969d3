//! `sofacal completions`: the script that lets a shell complete what people type.

use crate::cli::args::{Arguments, CompletionsArguments};
use crate::cli::{Fault, Outcome};
use crate::io::report::data;
use clap_complete::generate;

pub(crate) fn run(arguments: &CompletionsArguments) -> Result<Outcome, Fault> {
    let mut script = Vec::new();
    generate(
        arguments.shell,
        &mut Arguments::all(),
        "sofacal",
        &mut script,
    );
    data(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Fine)
}
