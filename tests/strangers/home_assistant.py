"""ical, the library of Home Assistant, reads our feeds.

In: a folder of `*/*.ics`. Out: what tests/strangers.rs compares, one JSON object a line. It is the
strictest of them: one malformed property and it gives up the whole feed.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from ical.calendar_stream import IcsCalendarStream
from ical.timeline import calendar_timeline

# The last years that are compared, as in published.rs: of a series without an end, and of all else.
LAST_OF_OPEN, LAST = 2031, 2199


def moment(value):
    if not isinstance(value, datetime):
        return value.isoformat()
    if value.tzinfo is None:
        raise ValueError(f"{value} has no zone")
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def occurrence(event):
    return {
        "uid": event.uid,
        "start": moment(event.dtstart),
        "end": moment(event.dtend),
        "all_day": not isinstance(event.dtstart, datetime),
        "status": event.status.value,
        "transparency": event.transparency,
        "summary": event.summary,
        "description": event.description,
        "location": event.location,
        "url": event.url and str(event.url),
        "categories": event.categories,
        "sequence": event.sequence,
        "stamp": moment(event.dtstamp),
        "created": moment(event.created),
        "modified": moment(event.last_modified),
        "conferences": [str(conference.uri) for conference in event.conference],
        "image": str(event.image[0].uri) if event.image else None,
        "attachments": [str(attachment.uri) for attachment in event.attach],
    }


def is_open(event):
    return event.rrule and event.rrule.count is None and event.rrule.until is None


def occurrences(events, last):
    window = datetime(1970, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 2, tzinfo=UTC)
    for event in calendar_timeline(events, UTC).overlapping(*window):
        if event.dtstart.year <= last:
            yield occurrence(event)


def read(ics):
    calendar = IcsCalendarStream.calendar_from_ics(ics)
    yield {"name": "".join(calendar.name), "about": "".join(calendar.description) or None}
    open_ones = {event.uid for event in calendar.events if is_open(event)}
    yield from occurrences([event for event in calendar.events if event.uid in open_ones], LAST_OF_OPEN)
    yield from occurrences([event for event in calendar.events if event.uid not in open_ones], LAST)


for path in sorted(Path(sys.argv[1]).glob("*/*.ics")):
    feed = f"{path.parent.name}/{path.stem}"
    try:
        for said in read(path.read_bytes().decode()):
            print(json.dumps({"feed": feed} | said))
    except Exception as error:
        print(json.dumps({"feed": feed, "problem": f"{type(error).__name__}: {error}"}))
