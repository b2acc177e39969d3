//! What `init`, `new` and `fmt` write as processes: never through a link that leads out, never half.

#![cfg(unix)]
#![expect(
    clippy::disallowed_methods,
    reason = "a test reads, writes and runs the program"
)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

const CALENDAR: &str = "name: a\ndomain: example.org\nprojects: {layotto: Layotto}\n";
const UNTIDY: &str = "start:  2023-09-27 14:00-15:00\n# b\ntitle: a\n";
const TIDY: &str = "# b\ntitle: a\nstart: 2023-09-27 14:00-15:00\n";

fn calendar() -> TempDir {
    let folder = TempDir::new().expect("there is room for a folder");
    fs::create_dir(folder.path().join("events")).expect("it can be made");
    write(&folder.path().join("events/calendar.yaml"), CALENDAR);
    folder
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).expect("it can be written");
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).expect("it is text")
}

fn names(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("it is readable");
    let mut names: Vec<PathBuf> = entries
        .map(|entry| entry.expect("it is readable").file_name().into())
        .collect();
    names.sort();
    names
}

fn sofacal(folder: &Path, arguments: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_sofacal"));
    let output = program.args(arguments).current_dir(folder).output();
    output.expect("it runs")
}

#[test]
fn nothing_is_written_through_a_folder_that_leads_out() {
    let (community, outside) = (calendar(), TempDir::new().expect("there is room"));
    symlink(outside.path(), community.path().join("events/layotto")).expect("it can be made");
    let told = sofacal(community.path(), &["new", "layotto"]);
    assert_eq!(told.status.code(), Some(2));
    let told = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(
        told.contains("a symbolic link leads out of the folder"),
        "{told}"
    );
    let other = TempDir::new().expect("there is room");
    symlink(outside.path(), other.path().join("events")).expect("it can be made");
    assert_eq!(sofacal(other.path(), &["init"]).status.code(), Some(2));
    assert_eq!(names(outside.path()), [""; 0].map(PathBuf::from));
}

#[test]
fn a_file_in_form_is_as_private_as_before_and_a_link_stays_one() {
    let community = calendar();
    let folder = community.path().join("events/layotto");
    fs::create_dir(&folder).expect("it can be made");
    let file = folder.join("a.yaml");
    write(&file, UNTIDY);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("it can be set");
    symlink("a.yaml", folder.join("b.yaml")).expect("it can be made");
    let told = sofacal(community.path(), &["fmt"]);
    assert_eq!(told.status.code(), Some(0));
    assert_eq!(told.stdout, b"events/layotto/a.yaml\n");
    assert_eq!(text(&file), TIDY);
    let mode = fs::metadata(&file)
        .expect("it is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let link = fs::symlink_metadata(folder.join("b.yaml")).expect("it is there");
    assert!(link.is_symlink());
    assert_eq!(names(&folder), ["a.yaml", "b.yaml"].map(PathBuf::from));
}

#[test]
fn a_check_of_the_form_writes_nothing() {
    let community = calendar();
    let folder = community.path().join("events/layotto");
    fs::create_dir(&folder).expect("it can be made");
    write(&folder.join("a.yaml"), UNTIDY);
    let told = sofacal(community.path(), &["fmt", "--check"]);
    assert_eq!(told.status.code(), Some(1));
    assert_eq!(text(&folder.join("a.yaml")), UNTIDY);
    assert_eq!(sofacal(community.path(), &["fmt"]).status.code(), Some(0));
    let told = sofacal(community.path(), &["fmt", "--check"]);
    assert_eq!((told.status.code(), told.stdout), (Some(0), Vec::new()));
}
