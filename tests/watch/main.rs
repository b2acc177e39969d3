//! `sofacal watch` as a process: whatever editors, git, sync tools and disks do, the feeds are what `export` writes.
//!
//! Each test is a story at a `Desk`: files change by the means of real life, an observed state is waited for, and at the
//! end the watcher is stopped and a fresh export must have nothing to add. What needs foreign software, rights or a
//! long time is ignored here; `.ci/run` runs it.

#![cfg(unix)]
#![expect(
    clippy::disallowed_methods,
    reason = "a test reads, writes and runs the program"
)]

mod clocks;
mod crashes;
mod desk;
mod edits;
mod faults;
mod folders;
mod git;
mod long;
mod mistakes;
mod reader;
mod said;
