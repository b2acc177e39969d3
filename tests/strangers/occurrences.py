"""icalendar with recurring-ical-events reads our feeds.

In: a folder of `*/*.ics`. Out: what tests/strangers.rs compares, one JSON object a line. These two
know IANA's zones by name, so each VTIMEZONE is held against the zone that it is named after.
"""

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar

# The last years that are compared, as in published.rs: of a series without an end, and of all else.
LAST_OF_OPEN, LAST = 2031, 2199


def moment(value):
    if not isinstance(value, datetime):
        return value.isoformat()
    if value.tzinfo is None:
        raise ValueError(f"{value} has no zone")
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def text(component, name):
    value = component.get(name)
    return None if value is None else str(value)


def several(component, name):
    value = component.get(name, [])
    return [str(one) for one in (value if isinstance(value, list) else [value])]


def occurrence(event):
    start, end = event["DTSTART"].dt, event["DTEND"].dt
    return {
        "uid": text(event, "UID"),
        "start": moment(start),
        "end": moment(end),
        "all_day": not isinstance(start, datetime),
        "status": text(event, "STATUS"),
        "transparency": text(event, "TRANSP"),
        "summary": text(event, "SUMMARY"),
        "description": text(event, "DESCRIPTION"),
        "location": text(event, "LOCATION"),
        "url": text(event, "URL"),
        "categories": [str(word) for word in event.categories],
        "sequence": event["SEQUENCE"],
        "stamp": moment(event["DTSTAMP"].dt),
        "created": moment(event["CREATED"].dt),
        "modified": moment(event["LAST-MODIFIED"].dt),
        "conferences": several(event, "CONFERENCE"),
        "image": text(event, "IMAGE"),
        "attachments": several(event, "ATTACH"),
    }


def problems(calendar):
    for component in calendar.walk():
        for name, error in component.errors:
            yield f"{component.name}: {name}: {error}"
    for missing in calendar.get_missing_tzids():
        yield f"the VTIMEZONE of {missing} is missing"
    written = {zone.tz_name: zone.to_tz(lookup_tzid=False) for zone in calendar.timezones}
    for event in calendar.events:
        for name in ["DTSTART", "DTEND"]:
            time, zone = event[name].dt, event[name].params.get("TZID")
            if zone in written:
                here, there = (time.replace(tzinfo=one).utcoffset() for one in [written[zone], ZoneInfo(zone)])
                if here != there:
                    yield f"{name} {time}: the VTIMEZONE of {zone} says {here}, IANA says {there}"


def is_open(event):
    return "RRULE" in event and event["RRULE"].keys().isdisjoint({"COUNT", "UNTIL"})


def occurrences(calendar, last, uids):
    some = calendar.copy()
    for event in calendar.events:
        if event["UID"] in uids:
            some.add_component(event)
    for event in recurring_ical_events.of(some).between(date(1970, 1, 1), date(last + 1, 1, 2)):
        if event["DTSTART"].dt.year <= last:
            yield occurrence(event)


def read(ics):
    calendar = Calendar.from_ical(ics)
    yield {"name": text(calendar, "NAME"), "about": text(calendar, "DESCRIPTION")}
    yield from ({"problem": problem} for problem in problems(calendar))
    # A quirk of x-wr-timezone, on which recurring-ical-events leans: it turns UTC times into the
    # calendar's zone and forgets which turn of a repeated hour they were in.
    del calendar["X-WR-TIMEZONE"]
    uids = {event["UID"] for event in calendar.events}
    open_ones = {event["UID"] for event in calendar.events if is_open(event)}
    yield from occurrences(calendar, LAST_OF_OPEN, open_ones)
    yield from occurrences(calendar, LAST, uids - open_ones)


for path in sorted(Path(sys.argv[1]).glob("*/*.ics")):
    feed = f"{path.parent.name}/{path.stem}"
    try:
        for said in read(path.read_bytes()):
            print(json.dumps({"feed": feed} | said))
    except Exception as error:
        print(json.dumps({"feed": feed, "problem": f"{type(error).__name__}: {error}"}))
