//! Rules: how often a random series takes place.
//!
//! Flows in: dice. Flows out: an `every` or the text of a `rule`, of every kind that sofacal promises to
//! write so that all read it alike. Deliberately absent: what ends the series, and the rules that sofacal
//! warns of.

use super::dice::Dice;

/// How an author would say it.
#[derive(Debug, Clone)]
pub enum Repeat {
    /// `every`.
    Every(String),
    /// `rule`.
    Rule(String),
}

const DAYS: &[&str] = &["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
const MONTHS: &[&str] = &[
    "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12",
];
const MONTH_DAYS: &[&str] = &[
    "1", "2", "7", "13", "15", "20", "28", "29", "30", "31", "-1", "-2", "-5", "-15", "-28", "-31",
];

/// Makes a rule.
pub fn repeat(dice: &mut Dice) -> Repeat {
    let kinds: &[fn(&mut Dice) -> Repeat] = &[
        every, every, every, weekly, weekly, weekly, daily, monthly, monthly, monthly, yearly,
        yearly,
    ];
    kinds[dice.index(kinds.len())](dice)
}

fn every(dice: &mut Dice) -> Repeat {
    let unit = dice.pick(&["day", "week", "week", "month", "year"]);
    Repeat::Every(match dice.within(1..=6) {
        1..=3 => unit.to_owned(),
        number => format!("{} {unit}s", number - 2),
    })
}

fn daily(dice: &mut Dice) -> Repeat {
    let parts = match dice.within(1..=5) {
        1..=2 => vec![weekdays(dice, 5)],
        3 => vec![months(dice, 6)],
        4 => vec![months(dice, 6), weekdays(dice, 5)],
        _ => vec![month_days(dice, 4)],
    };
    let largest = if parts.len() == 1 && parts[0].starts_with("BYDAY") {
        4
    } else {
        1
    };
    rule(dice, "DAILY", largest, parts)
}

fn weekly(dice: &mut Dice) -> Repeat {
    match dice.within(1..=8) {
        1 => {
            let parts = vec![weekdays(dice, 5), months(dice, 6)];
            rule(dice, "WEEKLY", 1, parts)
        }
        2 => {
            let parts = vec![
                weekdays(dice, 5),
                format!("BYSETPOS={}", dice.pick(&["1", "-1"])),
            ];
            rule(dice, "WEEKLY", 3, parts)
        }
        _ => {
            let parts = vec![weekdays(dice, 5)];
            rule(dice, "WEEKLY", 3, parts)
        }
    }
}

fn monthly(dice: &mut Dice) -> Repeat {
    let parts = match dice.within(1..=11) {
        1..=3 => vec![nth(dice, 3)],
        4 => vec![weekdays(dice, 2)],
        5..=6 => vec![month_days(dice, 4)],
        7 => vec![weekdays(dice, 3), sure_days(dice)],
        8 => vec![weekdays(dice, 5), set_position(dice)],
        9 => vec![months(dice, 6), nth(dice, 2)],
        10 => vec![months(dice, 6), sure_days(dice)],
        _ => vec![months(dice, 1), weekdays(dice, 5), set_position(dice)],
    };
    let largest = if parts[0].starts_with("BYMONTH=") {
        3
    } else {
        5
    };
    rule(dice, "MONTHLY", largest, parts)
}

fn yearly(dice: &mut Dice) -> Repeat {
    let parts = match dice.within(1..=10) {
        1 => vec![months(dice, 3)],
        2..=3 => vec![months(dice, 3), nth(dice, 2)],
        4 => vec![months(dice, 3), sure_days(dice)],
        5 => vec![
            months(dice, 1),
            format!("BYMONTHDAY={}", dice.pick(&["-1", "28", "1"])),
        ],
        6 => vec![months(dice, 1), weekdays(dice, 3), set_position(dice)],
        7 => vec![months(dice, 3), weekdays(dice, 2), sure_days(dice)],
        8 => vec![sure_days(dice)],
        9 => vec![weekdays(dice, 2)],
        _ => vec![months(dice, 2), weekdays(dice, 1)],
    };
    rule(dice, "YEARLY", 2, parts)
}

fn rule(dice: &mut Dice, frequency: &str, largest: i64, parts: Vec<String>) -> Repeat {
    let mut text = format!("FREQ={frequency}");
    if dice.happens(40) {
        text += &format!(";INTERVAL={}", dice.within(1..=largest));
    }
    for part in parts {
        text += &format!(";{part}");
    }
    if dice.happens(25) {
        text += &format!(";WKST={}", dice.pick(DAYS));
    }
    Repeat::Rule(text)
}

fn months(dice: &mut Dice, most: usize) -> String {
    format!("BYMONTH={}", some(dice, MONTHS, most))
}

fn month_days(dice: &mut Dice, most: usize) -> String {
    format!("BYMONTHDAY={}", some(dice, MONTH_DAYS, most))
}

/// Days that every month has.
fn sure_days(dice: &mut Dice) -> String {
    format!(
        "BYMONTHDAY={}",
        some(dice, &["1", "2", "7", "13", "15", "20", "28"], 4)
    )
}

fn weekdays(dice: &mut Dice, most: usize) -> String {
    format!("BYDAY={}", some(dice, DAYS, most))
}

fn nth(dice: &mut Dice, most: usize) -> String {
    let days = dice.some(DAYS, most);
    let numbers = &["1", "2", "3", "4", "5", "-1", "-2"];
    let numbered = days
        .iter()
        .map(|day| format!("{}{day}", dice.pick(numbers)));
    format!("BYDAY={}", numbered.collect::<Vec<_>>().join(","))
}

fn set_position(dice: &mut Dice) -> String {
    format!("BYSETPOS={}", some(dice, &["1", "2", "3", "-1", "-2"], 2))
}

fn some(dice: &mut Dice, list: &[&str], most: usize) -> String {
    dice.some(list, most).join(",")
}
