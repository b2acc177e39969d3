//! The table: what was measured, as people read it.
//!
//! Ratios compare runs of one round, which stood next to each other in time; their median is shown.

use crate::measure::Cost;
use std::time::Duration;

/// What was measured with one number of files, a cost for each round.
#[derive(Debug, Default)]
pub struct Runs {
    /// How many event files there are.
    pub files: usize,
    /// Their bytes together.
    pub bytes_read: u64,
    /// How many feeds they make.
    pub feeds: usize,
    /// The bytes of the feeds and the ledger.
    pub bytes_written: u64,
    /// `export` into an empty output.
    pub fresh: Vec<Cost>,
    /// Reading the same and writing the same.
    pub fresh_floor: Vec<Cost>,
    /// `export` when nothing changed.
    pub unchanged: Vec<Cost>,
    /// Reading the same, and what was published.
    pub unchanged_floor: Vec<Cost>,
}

/// Prints what was measured with one number of files.
pub fn print_size(runs: &Runs) {
    let (files, feeds) = (runs.files, runs.feeds);
    let mean = runs.bytes_read / files.max(1) as u64;
    let (read, written) = (runs.bytes_read, runs.bytes_written);
    println!(
        "\n{files} files of {mean} bytes, {read} bytes read; {feeds} feeds and the ledger, {written} bytes written"
    );
    println!(
        "{:34} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "", "wall min", "median", "cpu min", "median", "peak MiB"
    );
    print_row("export into an empty output", &runs.fresh);
    print_row("  floor: read and write", &runs.fresh_floor);
    print_row("export when nothing changed", &runs.unchanged);
    print_row("  floor: read alone", &runs.unchanged_floor);
    let floor = &runs.fresh_floor;
    print_ratio("empty output / read and write", &runs.fresh, floor);
    print_ratio("nothing changed / read and write", &runs.unchanged, floor);
    let floor = &runs.unchanged_floor;
    print_ratio("nothing changed / read alone", &runs.unchanged, floor);
}

/// Prints the time per file of each size, and how it grows.
pub fn print_growth(results: &[Runs]) {
    let Some(least) = results.iter().min_by_key(|runs| runs.files) else {
        return;
    };
    println!(
        "\nmicroseconds per file (least wall, least cpu), and times those of {} files",
        least.files
    );
    for (name, costs) in [
        (
            "empty output",
            (|runs| &runs.fresh) as fn(&Runs) -> &Vec<Cost>,
        ),
        ("nothing changed", |runs| &runs.unchanged),
    ] {
        for runs in results {
            let per_file = |runs: &Runs, time: fn(&Cost) -> Duration| {
                micros(least_of(costs(runs), time)) / runs.files.max(1) as f64
            };
            let [wall, cpu] = [|cost: &Cost| cost.wall, |cost: &Cost| cost.processor];
            println!(
                "{name:16} {:>7} files {:>9.1} {:>9.1}   {:.2} x {:.2} x",
                runs.files,
                per_file(runs, wall),
                per_file(runs, cpu),
                per_file(runs, wall) / per_file(least, wall),
                per_file(runs, cpu) / per_file(least, cpu),
            );
        }
    }
}

fn print_row(name: &str, costs: &[Cost]) {
    let wall = |cost: &Cost| cost.wall;
    let processor = |cost: &Cost| cost.processor;
    let peak = costs.iter().map(|cost| cost.peak).max().unwrap_or(0);
    println!(
        "{name:34} {:>6.1} ms {:>6.1} ms {:>6.1} ms {:>6.1} ms {:>9.1}",
        millis(least_of(costs, wall)),
        millis(median_of(costs, wall)),
        millis(least_of(costs, processor)),
        millis(median_of(costs, processor)),
        peak as f64 / 1024.0,
    );
}

fn print_ratio(name: &str, costs: &[Cost], floor: &[Cost]) {
    let mut ratios: Vec<f64> = costs
        .iter()
        .zip(floor)
        .map(|(cost, floor)| micros(cost.wall) / micros(floor.wall))
        .collect();
    ratios.sort_by(f64::total_cmp);
    let wall = |cost: &Cost| cost.wall;
    let of_least = micros(least_of(costs, wall)) / micros(least_of(floor, wall));
    let median = ratios.get(ratios.len() / 2).copied().unwrap_or(f64::NAN);
    println!("{name:34} {median:>6.2} x in the median of the rounds, {of_least:.2} x of the least");
}

fn least_of(costs: &[Cost], time: impl Fn(&Cost) -> Duration) -> Duration {
    costs.iter().map(time).min().unwrap_or_default()
}

fn median_of(costs: &[Cost], time: impl Fn(&Cost) -> Duration) -> Duration {
    let mut times: Vec<Duration> = costs.iter().map(time).collect();
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
