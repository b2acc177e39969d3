//! Hostile posts: whatever Markdown comes, there is an answer and never a panic.
//!
//! Flows in: texts that nobody wrote as a post. What is asserted: what is read of them is whole, and stands in them.

use proptest::prelude::{any, prop, proptest};
use sofacal::diagnostic::At;
use sofacal::io::snippet::{Color, render_human};
use sofacal::newsletter::Newsletters;
use sofacal::newsletter::announcement::Announcement;
use sofacal::newsletter::json::announcement_json;
use sofacal::newsletter::vocabulary::Vocabulary;
use sofacal::pipeline::{Sources, read_events};
use sofacal::source::Source;
use std::sync::LazyLock;

const CALENDAR: &str = "name: x
domain: example.org
projects:
  lantern: {name: Lantern, repo: https://git.example/town/lantern}
  talk: {name: LanternTalk}
";

static NEWSLETTERS: LazyLock<Newsletters> = LazyLock::new(|| {
    let sources = Sources {
        root: "events".to_owned(),
        calendar: Some(Source::new("events", "calendar.yaml", CALENDAR)),
        ..Sources::default()
    };
    let contents = read_events(&sources, chrono::DateTime::UNIX_EPOCH);
    let mut found = Vec::new();
    let newsletters = Newsletters::new(
        contents.calendar.as_ref(),
        Vocabulary::read(None, &mut found),
    );
    assert_eq!(found, []);
    newsletters
});

/// Reads a post, and looks at all that is read.
fn read(text: &str) -> Vec<Announcement> {
    let source = Source::new("", "post.md", text);
    let announced = NEWSLETTERS.read(&source);
    for announcement in &announced {
        assert!(!announcement.title.trim().is_empty(), "{text}");
        assert!(
            source.text.get(announcement.line.1.clone()).is_some(),
            "{text}"
        );
        let json = announcement_json(announcement, &source.text);
        serde_json::from_str::<serde_json::Value>(&json).expect("it is JSON");
        let warnings = &announcement.doubts.warnings;
        for warning in warnings {
            let At::Span(span) = &warning.place.at else {
                panic!("a warning has a place: {text}")
            };
            assert!(source.text.get(span.clone()).is_some(), "{text}");
        }
        render_human(warnings, &|_| Some(&*source.text), Color::Never);
    }
    announced
}

#[test]
fn what_is_no_announcement_gives_nothing() {
    for text in [
        "",
        "\u{feff}",
        "---",
        "---\n---",
        "---\ndate: [\n---\n# 标题\n",
        "---\ntitle: a\n",
        "<!-- 时间：2024-03-06 19:00 主题：灯会 -->",
        "```\n主题：灯会\n时间：2024-03-06 19:00\n```\n",
        "Release v1.2 on 2024-03-06 19:00.\n\n- Time: 2024-03-06\n",
        "## Schedule\n\nThe deadline is March 6th, 2024 18:00 UTC.\n",
        "报名截止时间：2024-03-06 18:00\n\n评选时间：2024-03-06 19:00\n",
        "事故时间线\n\n时间：2024-03-06 14:00:01\n\n灯灭了。\n",
    ] {
        assert_eq!(read(text), [], "{text}");
    }
}

#[test]
fn large_and_deep_posts_come_back() {
    let many = |piece: &str, bytes: usize| piece.repeat(bytes / piece.len());
    for piece in [
        "> ",
        "- ",
        "[",
        "](",
        "**",
        "时间：",
        "时间：3 月 6 日 19:00 ",
        "时间：3 月 6 日 19:00\n",
        "主题：灯会\n时间：3 月 6 日 19:00\n",
        "**主题：**灯会\n\n**时间**：3 月 6 日 19:00\n\n## 预告\n\n",
        "每周三 从 3 月 6 日到 2199-12-31 19:00 ",
        "a<br>",
        "://",
        "https://a.example/ ",
        "「Lantern」：[x](https://git.example/issues/1)\n\n",
        "| 时间 | 主题 |\n| --- | --- |\n| 5/6 | 灯 |\n\n",
        "`",
        "<",
        "&amp;",
        "十",
        "（",
        "1:",
    ] {
        read(&many(piece, 200_000));
        read(&format!("## 活动预告\n\n{}", many(piece, 50_000)));
    }
}

proptest! {
    #[test]
    fn survives_any_text(text in any::<String>()) {
        read(&text);
    }

    #[test]
    fn survives_any_mixture_of_its_own_words(words in prop::collection::vec(prop::sample::select(vec![
        "\n", "\n\n", "  \n", "- ", "  - ", "## ", "#", "> ", "**", "*", "_", "[", "](", ")", "(", "|", "\n| --- | --- |\n", "---\n", "`", "```\n",
        "<br>", "<p>", "</p>", "<!--", "-->", "\u{a0}", "\u{200b}", "\u{3000}", "\\", "&lt;", "🏮", "é", "\r\n", "\t", "\0",
        "主题", "时间", "地点", "议题", "会议内容", "会议回放", "入会链接", "直播间", "嘉宾", "日期", "：", ":", "「", "」", "【", "】", "《", "》",
        "预告", "回顾", "概要", "推荐阅读", "Lantern", "LanternTalk#3", "第 3 期", "#12", "灯会", "竹生，工程师", "社区会议",
        "2024", "3 月 6 日", "3/6", "2024-03-06", "（周三）", "下周三", "晚", "19:00", "19:00-20:00", "13:0", "0", "每", "从", "到", "周三、周四",
        "https://a.example/1", "https://git.example/town/lantern/issues/7", "待更新", "截止", "直播", "不见不散", "date: 2024-03-01\n", "title: a\n",
    ]), 0..40)) {
        read(&words.concat());
    }
}
