//! Random calendars: series x exceptions x zones, as authors may write them.
//!
//! Flows in: a seed, and how many series are wanted. Flows out: feeds that the whole pipeline made of
//! YAML, what we mean by them, and each series' file to show when somebody reads something else.

mod dice;
mod rules;
mod series;

use super::published::{Published, of_sources};
use dice::Dice;
pub use series::Written;
use sofacal::diagnostic::{Code, Diagnostic, Severity};
use sofacal::pipeline::{Sources, read_events};
use sofacal::source::Source;
use std::collections::BTreeMap;

/// How many series share a calendar, and so its zone, its policy and its VTIMEZONEs.
const IN_A_CALENDAR: usize = 20;

/// Calendars, and the files that they are made of.
pub struct Random {
    pub published: Vec<Published>,
    /// The series by UID, each with its calendar's file.
    pub series: BTreeMap<String, (String, Written)>,
    /// What sofacal said to the series that it refused.
    pub refused: Vec<String>,
}

/// Makes calendars with as many series.
pub fn random(seed: u64, wanted: usize) -> Random {
    let mut dice = Dice::new(seed);
    let mut random = Random {
        published: Vec::new(),
        series: BTreeMap::new(),
        refused: Vec::new(),
    };
    while random.series.len() < wanted {
        random.add_calendar(&mut dice);
    }
    random
}

impl Random {
    fn add_calendar(&mut self, dice: &mut Dice) {
        let zone = dice.pick(series::ZONES);
        let text = calendar(dice, zone);
        let mut sources = sources(&text, Vec::new());
        while sources.events.len() < IN_A_CALENDAR {
            let number = self.series.len() + self.refused.len();
            let Some(series) = series::series(dice, number, zone) else {
                continue;
            };
            let file = Source::new(
                "events",
                &format!("team/series-{number}.yaml"),
                &*series.text,
            );
            match complaints(&text, &file) {
                None => {
                    let uid = format!("team-series-{number}@example.org");
                    self.series.insert(uid, (text.clone(), series));
                    sources.events.push(file);
                }
                Some(complaints) => self.refused.push(format!("{complaints}\n{}", series.text)),
            }
        }
        let name = format!("random-{}", self.published.len());
        // `team.ics` holds the same bytes as `all.ics`.
        self.published
            .push(of_sources(&name, &sources).named(&name));
    }
}

fn calendar(dice: &mut Dice, zone: &str) -> String {
    let policy = dice.pick(&["mark", "strict", "drop"]);
    let language = dice.pick(&["zh", "en"]);
    format!(
        "name: Random\ndomain: example.org\ntimezone: {zone}\nlanguage: {language}\ncancelled: {policy}\nprojects: {{team: Team}}\n"
    )
}

fn sources(calendar: &str, events: Vec<Source>) -> Sources {
    Sources {
        root: "events".to_owned(),
        calendar: Some(Source::new("events", "calendar.yaml", calendar)),
        events,
        diagnostics: Vec::new(),
    }
}

/// Gives what sofacal says to a series, if it is an error, or a warning that some will not read it so.
fn complaints(calendar: &str, file: &Source) -> Option<String> {
    let contents = read_events(&sources(calendar, vec![file.clone()]), Default::default());
    let is_unsure = |one: &&Diagnostic| {
        one.severity() == Severity::Error || one.code() == Code::RuleReadDifferently
    };
    let errors = contents.diagnostics.iter().filter(is_unsure);
    let said = |one: &Diagnostic| format!("{}: {}", one.code().as_str(), one.complaint.message);
    let errors: Vec<String> = errors.map(said).collect();
    (!errors.is_empty()).then(|| errors.join("\n"))
}
