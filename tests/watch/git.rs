//! Git: branches change under the watcher.

use crate::desk::{Desk, meeting, wait_until};

/// A desk whose folder is a repository with a second branch, `other`, that has one file changed, one gone, one new.
fn repository() -> Desk {
    let desk = Desk::new();
    let git = |arguments: &[&str]| git(&desk, arguments);
    desk.write(".gitignore", "output/\n");
    git(&["init", "--quiet", "--initial-branch", "main"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "first"]);
    git(&["checkout", "--quiet", "-b", "other"]);
    desk.write("events/layotto/a.yaml", &meeting("anders"));
    desk.delete("events/mosn/b.yaml");
    desk.write("events/mosn/deep/er/c.yaml", &meeting("neu"));
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "second"]);
    git(&["checkout", "--quiet", "main"]);
    desk
}

fn git(desk: &Desk, arguments: &[&str]) {
    let who = ["-c", "user.name=x", "-c", "user.email=x@example.org"];
    desk.run("git", &[&who, arguments].concat());
}

#[test]
#[ignore = "needs git"]
fn a_checkout_of_another_branch_and_back() {
    let desk = repository();
    let watcher = desk.watch();
    for _ in 0..3 {
        git(&desk, &["checkout", "--quiet", "other"]);
        desk.wait_for("all.ics", "SUMMARY:anders");
        desk.wait_for("mosn.ics", "SUMMARY:neu");
        desk.wait_without("mosn.ics", "MOSN 例会");
        git(&desk, &["checkout", "--quiet", "main"]);
        desk.wait_for("layotto.ics", "Layotto 例会");
        desk.wait_for("mosn.ics", "MOSN 例会");
        desk.wait_without("mosn.ics", "SUMMARY:neu");
    }
    watcher.finish();
}

#[test]
#[ignore = "needs git"]
fn a_stash_and_its_return() {
    let desk = repository();
    let watcher = desk.watch();
    desk.write("events/layotto/a.yaml", &meeting("unfertig"));
    desk.write("events/layotto/d.yaml", &meeting("angefangen"));
    desk.wait_for("layotto.ics", "unfertig");
    desk.wait_for("layotto.ics", "angefangen");
    git(&desk, &["stash", "--quiet", "--include-untracked"]);
    desk.wait_for("layotto.ics", "Layotto 例会");
    desk.wait_without("layotto.ics", "angefangen");
    git(&desk, &["stash", "pop", "--quiet"]);
    desk.wait_for("layotto.ics", "unfertig");
    desk.wait_for("layotto.ics", "angefangen");
    watcher.finish();
}

#[test]
#[ignore = "needs git"]
fn a_checkout_that_brings_another_output_goes_on_with_its_ledger() {
    let desk = Desk::new();
    desk.write(".gitignore", ".lock\n");
    git(&desk, &["init", "--quiet", "--initial-branch", "main"]);
    for (branch, title) in [("main", "eins"), ("other", "zwei")] {
        git(&desk, &["checkout", "--quiet", "-B", branch]);
        desk.write("events/layotto/a.yaml", &meeting(title));
        assert!(desk.export().status.success());
        git(&desk, &["add", "."]);
        git(&desk, &["commit", "--quiet", "--message", title]);
    }
    let watcher = desk.watch();
    for (branch, title) in [("main", "eins"), ("other", "zwei")] {
        git(&desk, &["checkout", "--quiet", branch]);
        watcher.batch("the checkout", |batch| {
            !batch["files"].as_array().expect("a list").is_empty()
        });
        desk.wait_for("layotto.ics", title);
        // What is committed is right as it is.
        git(&desk, &["diff", "--exit-code"]);
    }
    watcher.finish();
}

#[test]
fn while_the_index_is_locked_the_watcher_waits() {
    let desk = Desk::new();
    desk.write(".git/HEAD", "ref: refs/heads/main\n");
    check_lock(&desk, ".git/index.lock");
}

#[test]
fn while_the_index_of_a_worktree_is_locked_the_watcher_waits() {
    let desk = Desk::new();
    desk.write("elsewhere/worktrees/x/HEAD", "ref: refs/heads/main\n");
    desk.write(".git", "gitdir: elsewhere/worktrees/x\n");
    check_lock(&desk, "elsewhere/worktrees/x/index.lock");
}

fn check_lock(desk: &Desk, lock: &str) {
    let watcher = desk.watch();
    desk.write(lock, "");
    desk.write("events/layotto/a.yaml", &meeting("halb"));
    watcher.wait_for_words("git is in the middle of its work");
    assert!(!desk.feed("layotto.ics").contains("halb"));
    desk.write("events/layotto/a.yaml", &meeting("ganz"));
    desk.delete(lock);
    desk.wait_for("layotto.ics", "ganz");
    let sequences = desk.feed("layotto.ics");
    assert!(
        sequences.contains("SEQUENCE:1\r\n"),
        "half was published: {sequences}"
    );
    watcher.finish();
}

#[test]
fn a_stop_while_git_is_busy_publishes_nothing() {
    let desk = Desk::new();
    let watcher = desk.watch();
    let before = desk.published();
    desk.write(".git/index.lock", "");
    desk.delete("events/mosn/b.yaml");
    watcher.wait_for_words("git is in the middle of its work");
    watcher.stop();
    assert_eq!(desk.published(), before);
}

#[test]
#[ignore = "takes its time"]
fn a_lock_that_git_left_holds_a_batch_for_a_minute() {
    let desk = Desk::new();
    let watcher = desk.watch();
    desk.write(".git/index.lock", "");
    desk.write("events/layotto/a.yaml", &meeting("trotzdem"));
    watcher.wait_for_words("goes on all the same: git");
    desk.wait_for("layotto.ics", "trotzdem");
    // Whoever took that lock is gone: it is not waited for again, and nothing is said of it again.
    desk.write("events/layotto/a.yaml", &meeting("sofort"));
    desk.wait_for("layotto.ics", "sofort");
    assert_eq!(watcher.words().matches("git is").count(), 2);
    desk.delete(".git/index.lock");
    desk.write(".git/index.lock", "another one");
    desk.write("events/layotto/a.yaml", &meeting("später"));
    wait_until("it waits again", || {
        watcher.words().matches("git is").count() == 3
    });
    desk.delete(".git/index.lock");
    desk.wait_for("layotto.ics", "später");
    watcher.finish();
}
