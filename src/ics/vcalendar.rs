//! VCALENDAR: a whole feed (RFC 5545, 3.4; RFC 7986).
//!
//! All properties stand before the first component, and the VTIMEZONE is in every feed, so that an
//! empty one holds a component too. No METHOD: a subscribed feed is no invitation.

use crate::event::calendar::Calendar;
use crate::feed::plan::Feed;
use crate::ics::content_line::{text, valued, write_properties};
use crate::ics::css_color::nearest_css_name;
use crate::ics::timezone::{KnownClocks, Zones};
use icalendar::Property;

/// Who wrote a feed (RFC 5545, 3.7.3); without a version, so that an update changes no feed.
pub const PRODID: &str = "-//sofacal//sofacal//EN";

/// What stands in a feed after its last VEVENT.
pub const FOOT: &str = "END:VCALENDAR\r\n";

/// Writes what stands in a feed before its first VEVENT, with the zones that its events follow.
pub fn write_head(
    feed: &Feed,
    calendar: &Calendar,
    zones: &Zones,
    known: &mut KnownClocks,
) -> String {
    let mut out = String::with_capacity(1024);
    out.push_str("BEGIN:VCALENDAR\r\n");
    write_properties(&mut out, &properties(feed, calendar));
    zones.write(&mut out, known);
    out
}

fn properties(feed: &Feed, calendar: &Calendar) -> Vec<Property> {
    let plain = |key: &str, value: &str| Property::new(key, value);
    let mut properties = vec![
        plain("VERSION", "2.0"),
        plain("PRODID", PRODID),
        plain("CALSCALE", "GREGORIAN"),
        plain("NAME", &text(&feed.name)),
        plain("X-WR-CALNAME", &text(&feed.name)),
    ];
    if let Some(description) = &feed.description {
        properties.push(plain("DESCRIPTION", &text(description)));
        properties.push(plain("X-WR-CALDESC", &text(description)));
    }
    properties.push(plain("X-WR-TIMEZONE", calendar.zone.name()));
    properties.push(valued("REFRESH-INTERVAL", "DURATION", &calendar.refresh));
    properties.push(plain("X-PUBLISHED-TTL", &calendar.refresh));
    if let Some(color) = feed.color {
        properties.push(plain("COLOR", nearest_css_name(color)));
        properties.push(plain("X-APPLE-CALENDAR-COLOR", &color.to_string()));
    }
    if let Some(base) = &calendar.base_url {
        properties.push(valued(
            "SOURCE",
            "URI",
            &format!("{}/{}.ics", base.as_str().trim_end_matches('/'), feed.slug),
        ));
        properties.push(valued("URL", "URI", base.as_str()));
    }
    properties
}
