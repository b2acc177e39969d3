//! Git: whether it is in the middle of changing the files that we read.
//!
//! Flows in: a folder. Flows out: its lock. Deliberately absent: git itself, and what it does.

use super::stamp::Stamp;
use std::fs;
use std::path::{Path, PathBuf};

/// Finds the lock with which git holds the index of the repository around a folder: how it looks, if it is there.
pub fn index_lock(folder: &Path) -> Option<Stamp> {
    let folder = fs::canonicalize(folder).unwrap_or_default();
    let git = folder.ancestors().find_map(git_folder)?;
    Stamp::of(&git.join("index.lock")).ok()
}

/// Finds what git knows of a folder that is a working tree.
fn git_folder(tree: &Path) -> Option<PathBuf> {
    let git = tree.join(".git");
    if git.is_dir() {
        return Some(git);
    }
    // In a worktree and in a submodule it is a file that leads elsewhere.
    let text = fs::read_to_string(&git).ok()?;
    let elsewhere = text.strip_prefix("gitdir:")?;
    Some(tree.join(elsewhere.trim()))
}
