//! Git: whether it is in the middle of changing the files that we read.
//!
//! Flows in: a folder. Flows out: yes or no. Deliberately absent: git itself, and what it does.

use std::fs;
use std::path::{Path, PathBuf};

/// Tells whether git holds the index of the repository around a folder.
pub fn is_busy(folder: &Path) -> bool {
    let folder = fs::canonicalize(folder).unwrap_or_default();
    let git = folder.ancestors().find_map(git_folder);
    git.is_some_and(|git| git.join("index.lock").exists())
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
