//! The `sofacal` program: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    sofacal::cli::run()
}
