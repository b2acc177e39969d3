//! `sofacal schema`: what editors need to complete keys and to underline mistakes.

use crate::cli::args::{SchemaArgument, SchemaArguments};
use crate::cli::{Fault, Outcome};
use crate::io::report::data;
use crate::pipeline::{calendar_schema, event_schema};

pub(crate) fn run(arguments: &SchemaArguments) -> Result<Outcome, Fault> {
    data(&match arguments.of {
        SchemaArgument::Event => event_schema(),
        SchemaArgument::Calendar => calendar_schema(),
    })?;
    Ok(Outcome::Fine)
}
