//! A calendar of any size: one-event files of about 570 bytes with Chinese titles, in ten projects.
//!
//! Flows in: a folder and a number. Flows out: an events folder, the same for the same number.

use std::fs;
use std::io;
use std::path::Path;

/// How many projects there are, each with a feed of its own beside `all.ics`.
const PROJECTS: usize = 10;

/// Writes a calendar with so many event files; gives how many bytes they have together.
pub fn write_calendar(events: &Path, files: usize) -> io::Result<u64> {
    for project in 0..PROJECTS {
        fs::create_dir_all(events.join(format!("project-{project}")))?;
    }
    fs::write(events.join("calendar.yaml"), calendar_yaml())?;
    let mut bytes = 0;
    for number in 0..files {
        let path = format!("project-{}/{number:06}.yaml", number % PROJECTS);
        let text = event_yaml(number);
        bytes += text.len() as u64;
        fs::write(events.join(path), text)?;
    }
    Ok(bytes)
}

fn calendar_yaml() -> String {
    let mut text = String::from("name: 开源社区日历\ndomain: example.org\nprojects:\n");
    for project in 0..PROJECTS {
        let repo = format!("https://github.com/example/project-{project}");
        let lines = format!("  project-{project}:\n    name: 项目{project}\n    repo: {repo}\n");
        text.push_str(&lines);
    }
    text
}

/// Writes one meeting as maintainers do: times, links, phones, an agenda, who speaks.
fn event_yaml(number: usize) -> String {
    let (year, month, day) = (
        2018 + number % 9,
        1 + number / 9 % 12,
        1 + number / 108 % 28,
    );
    let hour = 9 + number % 11;
    let (code, issue) = (number % 1000, 100 + number);
    format!(
        r#"title: 社区会议第 {number} 期：云原生运行时的设计与实践
start: {year}-{month:02}-{day:02} {hour:02}:00
duration: 1h30m
join:
  url: https://meeting.dingtalk.com/j/{number:08x}Sx
  code: "688 {code:03} {number:05}"
  phones: ["+862759771621", "+8657128356288"]
agenda:
  - {{text: 开源之夏课题汇总与进展, issue: {issue}}}
  - {{text: 支持可插拔组件，以及下一个版本的计划, issue: 1{number}}}
  - text: 自由讨论：大家关心的问题，欢迎带着自己的例子来
speakers:
  - {{name: 王小明, role: 核心贡献者}}
tracking: {issue}
tags: [云原生, 社区, 开源]
"#
    )
}
