//! `sofacal man`: a man page for the program and for each of its commands.

use crate::cli::args::{Arguments, ManArguments};
use crate::cli::{Fault, Outcome};
use crate::io::files::{TextFile, replace};
use crate::io::report::say;
use crate::io::shown;
use clap_mangen::Man;

pub(crate) fn run(arguments: &ManArguments) -> Result<Outcome, Fault> {
    let mut program = Arguments::all().disable_help_subcommand(true);
    program.build();
    let commands: Vec<_> = program.get_subcommands().cloned().collect();
    let all = [program].into_iter().chain(commands);
    let pages: Vec<TextFile> = all.map(|command| page(Man::new(command))).collect();
    replace(&arguments.folder, &pages)?;
    let (count, folder) = (pages.len(), shown(&arguments.folder));
    say(&format!("{count} pages written to `{folder}`"));
    Ok(Outcome::Fine)
}

fn page(man: Man) -> TextFile {
    let mut roff = Vec::new();
    // A `Vec` takes whatever is written to it.
    let _ = man.render(&mut roff);
    TextFile {
        name: man.get_filename(),
        text: String::from_utf8_lossy(&roff).into_owned(),
    }
}
