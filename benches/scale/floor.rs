//! The floor: what no program that reads these files and writes these bytes can do without.
//!
//! Flows in: the folders. Flows out: the time of walking, opening and reading every file, and of
//! bringing the same bytes to the disk in the same safe way: a temporary file for each, synced, all of
//! them before the first rename, the folder synced after the first and after the last.
//! Deliberately absent: looking at what was read, and more than one thread.

use crate::measure::{Cost, Stopwatch};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Reads every file below the events folder, and writes what lies in `published` to `output`.
pub fn read_and_write(events: &Path, published: &Path, output: &Path) -> io::Result<Cost> {
    // What shall be written is at hand before the clock runs, as if it cost nothing to make.
    let files = contents(published)?;
    let watch = Stopwatch::start()?;
    read_all(events)?;
    write_all(output, &files)?;
    watch.stop()
}

/// Reads every file below the events folder, and those in `published`, as if to compare them.
pub fn read_only(events: &Path, published: &Path) -> io::Result<Cost> {
    let watch = Stopwatch::start()?;
    read_all(events)?;
    read_all(published)?;
    watch.stop()
}

/// Gives the files of an output folder, the ledger first.
fn contents(folder: &Path) -> io::Result<Vec<(PathBuf, Vec<u8>)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = PathBuf::from(entry?.file_name());
        if name.extension().is_some() {
            let bytes = fs::read(folder.join(&name))?;
            files.push((name, bytes));
        }
    }
    files.sort_by_key(|(name, _)| (name != Path::new("ledger.json"), name.clone()));
    Ok(files)
}

fn read_all(root: &Path) -> io::Result<u64> {
    let mut buffer = vec![0; 1 << 16];
    let mut folders = vec![root.to_owned()];
    let mut bytes = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                bytes += read_one(&entry.path(), &mut buffer)?;
            }
        }
    }
    Ok(bytes)
}

fn read_one(path: &Path, buffer: &mut [u8]) -> io::Result<u64> {
    let mut file = File::open(path)?;
    let mut bytes = 0;
    loop {
        match file.read(buffer)? {
            0 => return Ok(bytes),
            read => bytes += read as u64,
        }
    }
}

fn write_all(output: &Path, files: &[(PathBuf, Vec<u8>)]) -> io::Result<()> {
    fs::create_dir_all(output)?;
    let temporary = |name: &Path| output.join(format!(".floor-{}.tmp", name.display()));
    for (name, bytes) in files {
        let mut options = OpenOptions::new();
        let mut file = options.write(true).create_new(true).open(temporary(name))?;
        file.write_all(bytes)?;
        file.sync_all()?;
    }
    for (index, (name, _)) in files.iter().enumerate() {
        fs::rename(temporary(name), output.join(name))?;
        if index == 0 || index + 1 == files.len() {
            File::open(output)?.sync_all()?;
        }
    }
    Ok(())
}
