// ical.js, the library of Thunderbird, reads our feeds.
//
// In: a folder of `*/*.ics`; ical.js lies in `node_modules` of the working directory. Out: what
// tests/strangers.rs compares, one JSON object a line. It knows no zone but those in the feed.

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const ICAL = createRequire(join(process.cwd(), "here"))("ical.js");
// The last years that are compared, as in published.rs: of a series without an end, and of all else.
const [LAST_OF_OPEN, LAST] = [2031, 2199];
ICAL.design.strict = true;

function moment(time) {
  if (time.isDate) return time.toString();
  if (time.zone === ICAL.Timezone.localTimezone) throw new Error(`${time} has no zone`);
  return `${time.convertToZone(ICAL.Timezone.utcTimezone)}`;
}

function occurrence(event, start, end) {
  const text = (name) => event.component.getFirstPropertyValue(name);
  const several = (name) => event.component.getAllProperties(name).flatMap((one) => one.getValues());
  return {
    uid: event.uid,
    start: moment(start),
    end: moment(end),
    all_day: start.isDate,
    status: text("status"),
    transparency: text("transp"),
    summary: text("summary"),
    description: text("description"),
    location: text("location"),
    url: text("url"),
    categories: several("categories"),
    sequence: text("sequence"),
    stamp: moment(text("dtstamp")),
    created: moment(text("created")),
    modified: moment(text("last-modified")),
    conferences: several("conference"),
    image: text("image"),
    attachments: several("attach"),
  };
}

// Overrides come out of their series, in place of what they replace.
function* occurrences(event) {
  if (!event.isRecurring()) {
    yield occurrence(event, event.startDate, event.endDate);
    return;
  }
  const last = event.component.getFirstPropertyValue("rrule").isFinite() ? LAST : LAST_OF_OPEN;
  const starts = event.iterator();
  for (let start = starts.next(); start && start.year <= last; start = starts.next()) {
    const { item, startDate, endDate } = event.getOccurrenceDetails(start);
    yield occurrence(item, startDate, endDate);
  }
}

function* read(ics) {
  const calendar = new ICAL.Component(ICAL.parse(ics));
  const text = (name) => calendar.getFirstPropertyValue(name);
  yield { name: text("name"), about: text("description") };
  const [series, overrides] = [[], []];
  for (const component of calendar.getAllSubcomponents("vevent")) {
    (component.hasProperty("recurrence-id") ? overrides : series).push(component);
  }
  for (const component of series) {
    // Left alone, it takes every override of the feed, whatever its UID.
    const uid = component.getFirstPropertyValue("uid");
    const exceptions = overrides.filter((one) => one.getFirstPropertyValue("uid") === uid);
    const event = new ICAL.Event(component, { exceptions });
    try {
      yield* occurrences(event);
    } catch (error) {
      yield { uid: event.uid, problem: String(error) };
    }
  }
}

const folder = process.argv[2];
for (const path of readdirSync(folder, { recursive: true }).filter((path) => path.endsWith(".ics")).sort()) {
  const feed = path.slice(0, -".ics".length);
  const say = (said) => console.log(JSON.stringify({ feed, ...said }));
  try {
    for (const said of read(readFileSync(join(folder, path), "utf8"))) say(said);
  } catch (error) {
    say({ problem: String(error) });
  }
}
