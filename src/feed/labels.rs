//! Labels: the fixed words of an entry, and of what is told of entries, in Chinese and English.

use crate::event::calendar::Language;
use crate::event::when::{Moment, Tz};
use crate::event::{Kind, Status};
use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};
use std::collections::BTreeMap;

/// The fixed words of one language.
#[derive(Debug)]
pub(crate) struct Labels {
    language: Language,
    pub(crate) cancelled_mark: &'static str,
    pub(crate) colon: &'static str,
    pub(crate) comma: &'static str,
    pub(crate) brackets: [&'static str; 2],
    pub(crate) within_brackets: &'static str,
    pub(crate) cancelled: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) moved_from: &'static str,
    pub(crate) skipped: &'static str,
    pub(crate) join: &'static str,
    pub(crate) dingtalk_code: &'static str,
    pub(crate) meeting_code: &'static str,
    pub(crate) password: &'static str,
    pub(crate) phones: &'static str,
    pub(crate) stream: &'static str,
    pub(crate) room: &'static str,
    pub(crate) location: &'static str,
    pub(crate) register: &'static str,
    pub(crate) dingtalk_group: &'static str,
    pub(crate) agenda: &'static str,
    pub(crate) speakers: &'static str,
    pub(crate) hosts: &'static str,
    pub(crate) partners: &'static str,
    pub(crate) review: &'static str,
    pub(crate) replay: &'static str,
    pub(crate) minutes: &'static str,
    pub(crate) materials: &'static str,
    pub(crate) tracking: &'static str,
    pub(crate) page: &'static str,
    pub(crate) links: &'static str,
    assumed_end: [&'static str; 2],
    tentative_mark: &'static str,
    pub(crate) all_day: &'static str,
    /// What stands behind the first time of what takes place again.
    pub(crate) series: &'static str,
    /// The heads of a list's columns.
    pub(crate) listing: [&'static str; 4],
}

const ZH: Labels = Labels {
    language: Language::Zh,
    cancelled_mark: "【已取消】",
    colon: "：",
    comma: "、",
    brackets: ["（", "）"],
    within_brackets: "，",
    cancelled: "本次活动已取消",
    reason: "原因",
    moved_from: "原定",
    skipped: "停办",
    join: "加入会议",
    dingtalk_code: "钉钉会议号",
    meeting_code: "会议号",
    password: "会议密码",
    phones: "电话呼入",
    stream: "观看直播",
    room: "直播间",
    location: "地点",
    register: "报名",
    dingtalk_group: "钉钉群",
    agenda: "议程",
    speakers: "讲师",
    hosts: "主持",
    partners: "合作方",
    review: "回顾",
    replay: "回放",
    minutes: "纪要",
    materials: "资料",
    tracking: "跟踪 issue",
    page: "活动页面",
    links: "相关链接",
    assumed_end: ["（未公布结束时间，暂按 ", "）"],
    tentative_mark: "【待定】",
    all_day: "全天",
    series: "（系列）",
    listing: ["时间", "项目", "活动", "地点或链接"],
};

const EN: Labels = Labels {
    language: Language::En,
    cancelled_mark: "[Cancelled] ",
    colon: ": ",
    comma: ", ",
    brackets: [" (", ")"],
    within_brackets: ", ",
    cancelled: "This event is cancelled",
    reason: "Reason",
    moved_from: "Moved from",
    skipped: "Not on",
    join: "Join",
    dingtalk_code: "DingTalk code",
    meeting_code: "Meeting code",
    password: "Password",
    phones: "Dial in",
    stream: "Watch",
    room: "Room",
    location: "Place",
    register: "Register",
    dingtalk_group: "DingTalk group",
    agenda: "Agenda",
    speakers: "Speakers",
    hosts: "Hosts",
    partners: "Partners",
    review: "Review",
    replay: "Replay",
    minutes: "Minutes",
    materials: "Materials",
    tracking: "Tracking issue",
    page: "Page",
    links: "Links",
    assumed_end: ["(No end was announced; ", " is assumed.)"],
    tentative_mark: "[Tentative] ",
    all_day: "all day",
    series: " (series)",
    listing: ["When", "Project", "Event", "Where"],
};

impl Labels {
    /// The words of a language.
    pub(crate) fn of(language: Language) -> &'static Labels {
        match language {
            Language::Zh => &ZH,
            Language::En => &EN,
        }
    }

    /// Names a kind of event.
    pub(crate) fn kind(&self, kind: Kind) -> &'static str {
        let [zh, en] = match kind {
            Kind::Meeting => ["会议", "Meeting"],
            Kind::Livestream => ["直播", "Livestream"],
            Kind::Meetup => ["线下聚会", "Meetup"],
            Kind::Talk => ["演讲", "Talk"],
            Kind::Other => ["活动", "Event"],
        };
        self.pick(zh, en)
    }

    /// Gives what stands before the title of an event that does not take place for sure.
    pub(crate) fn mark(&self, status: Status) -> &'static str {
        match status {
            Status::Confirmed => "",
            Status::Tentative => self.tentative_mark,
            Status::Cancelled => self.cancelled_mark,
        }
    }

    /// Writes a day with its weekday.
    pub(crate) fn day(&self, date: NaiveDate) -> String {
        format!("{date} {}", self.weekday(date.weekday()))
    }

    /// Writes a time or a day; a series may be in another zone than its calendar, which is then named.
    pub(crate) fn moment(&self, moment: &Moment, calendar_zone: Tz) -> String {
        let day = self.day(moment.date());
        match moment {
            Moment::Day(_) => day,
            Moment::Time(time) if time.timezone() == calendar_zone => {
                format!("{day} {}", time.format("%H:%M"))
            }
            Moment::Time(time) => format!("{day} {} {}", time.format("%H:%M"), time.timezone()),
        }
    }

    /// Says until when something lasts.
    pub(crate) fn until(&self, end: &Moment, calendar_zone: Tz) -> String {
        format!(
            "{}{}",
            self.pick("至 ", "until "),
            self.moment(end, calendar_zone)
        )
    }

    /// Says how far a day is from today, within two weeks.
    pub(crate) fn relative_day(&self, days: i64) -> Option<String> {
        let [zh, en] = match days {
            -2 => ["前天", "2 days ago"],
            -1 => ["昨天", "yesterday"],
            0 => ["今天", "today"],
            1 => ["明天", "tomorrow"],
            2 => ["后天", "in 2 days"],
            3..=13 => return Some(self.counted_days(days, ["天后", "in ", " days"])),
            -13..=-3 => return Some(self.counted_days(-days, ["天前", "", " days ago"])),
            _ => return None,
        };
        Some(self.pick(zh, en).to_owned())
    }

    fn counted_days(&self, days: i64, [zh, before, behind]: [&str; 3]) -> String {
        match self.language {
            Language::Zh => format!("{days} {zh}"),
            Language::En => format!("{before}{days}{behind}"),
        }
    }

    /// Names a weekday.
    fn weekday(&self, weekday: Weekday) -> &'static str {
        let [zh, en] = match weekday {
            Weekday::Mon => ["周一", "Mon"],
            Weekday::Tue => ["周二", "Tue"],
            Weekday::Wed => ["周三", "Wed"],
            Weekday::Thu => ["周四", "Thu"],
            Weekday::Fri => ["周五", "Fri"],
            Weekday::Sat => ["周六", "Sat"],
            Weekday::Sun => ["周日", "Sun"],
        };
        self.pick(zh, en)
    }

    /// Says that nobody announced an end.
    pub(crate) fn assumed_end(&self, length: TimeDelta) -> String {
        let (hours, minutes) = (length.num_hours(), length.num_minutes() % 60);
        let [hour, minute] = [self.pick(" 小时", " h"), self.pick(" 分钟", " min")];
        let length = match (hours, minutes) {
            (0, minutes) => format!("{minutes}{minute}"),
            (hours, 0) => format!("{hours}{hour}"),
            (hours, minutes) => format!("{hours}{hour} {minutes}{minute}"),
        };
        let [before, behind] = self.assumed_end;
        format!("{before}{length}{behind}")
    }

    fn pick(&self, zh: &'static str, en: &'static str) -> &'static str {
        match self.language {
            Language::Zh => zh,
            Language::En => en,
        }
    }
}

/// Takes the mark off the title of an event that is called off; nothing where there is none.
pub(crate) fn without_mark(title: &str) -> Option<&str> {
    [&ZH, &EN]
        .into_iter()
        .find_map(|labels| title.strip_prefix(labels.cancelled_mark))
}

/// The labels of one language, with the part of a description that each begins.
fn parts_of(labels: &Labels) -> [(&'static str, &'static str); 24] {
    [
        (labels.moved_from, "original time"),
        (labels.reason, "reason"),
        (labels.join, "link"),
        (labels.dingtalk_code, "code"),
        (labels.meeting_code, "code"),
        (labels.password, "password"),
        (labels.phones, "phones"),
        (labels.stream, "stream"),
        (labels.location, "place"),
        (labels.register, "registration"),
        (labels.dingtalk_group, "group"),
        (labels.agenda, "agenda"),
        (labels.speakers, "speakers"),
        (labels.hosts, "hosts"),
        (labels.partners, "partners"),
        (labels.review, "review"),
        (labels.replay, "replay"),
        (labels.minutes, "minutes"),
        (labels.materials, "materials"),
        (labels.tracking, "tracking"),
        (labels.page, "page"),
        (labels.links, "links"),
        (labels.skipped, "reasons for skipped days"),
        (labels.assumed_end[0], "assumed end"),
    ]
}

/// Takes a description apart by the labels that its lines begin with, in whichever language; what has none is free text.
pub(crate) fn described_parts(description: &str) -> BTreeMap<&'static str, String> {
    const FREE_TEXT: &str = "description";
    let labelled = |line: &str| {
        [&ZH, &EN].into_iter().find_map(|labels| {
            parts_of(labels).into_iter().find_map(|(label, part)| {
                let rest = line.strip_prefix(label)?;
                let value = rest.strip_prefix(labels.colon.trim_end());
                let is_whole = label == labels.assumed_end[0];
                Some((
                    part,
                    value.or(is_whole.then_some(rest))?.trim_start().to_owned(),
                ))
            })
        })
    };
    let is_notice = |line: &str| [&ZH, &EN].iter().any(|labels| labels.cancelled == line);
    let mut parts: BTreeMap<&'static str, String> = BTreeMap::new();
    let mut current = FREE_TEXT;
    for line in description.lines().filter(|line| !is_notice(line)) {
        if line.is_empty() {
            current = FREE_TEXT;
            continue;
        }
        let (part, text) = labelled(line).unwrap_or((current, line.to_owned()));
        current = part;
        let written = parts.entry(part).or_default();
        written.push_str(&text);
        written.push('\n');
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::described_parts;

    #[test]
    fn a_description_comes_apart_at_its_labels() {
        let text = "本次活动已取消\n原因：出差\n\n加入会议：https://a.example/\n钉钉会议号：688\n\n欢迎。\n时间：下午\n\n议程：\n1. 甲\n   - 乙\n\n（未公布结束时间，暂按 1 小时）";
        let parts = described_parts(text);
        let told: Vec<(&str, &str)> = parts
            .iter()
            .map(|(part, text)| (*part, text.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("agenda", "\n1. 甲\n   - 乙\n"),
                ("assumed end", "1 小时）\n"),
                ("code", "688\n"),
                ("description", "欢迎。\n时间：下午\n"),
                ("link", "https://a.example/\n"),
                ("reason", "出差\n"),
            ]
        );
        assert_eq!(
            described_parts("Join: https://a.example/")["link"],
            "https://a.example/\n"
        );
    }
}
