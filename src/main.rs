//! The `sofacal` program: arguments in, exit code out.

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// Thousands of small texts come and go on all processors at once, which the usual allocators are slow at.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    sofacal::cli::run()
}
