//! The `sofacal` program: arguments in, exit code out.

fn main() {}
