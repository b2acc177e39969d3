/* libical, the library of GNOME Calendar, Evolution and KOrganizer, reads our feeds.
 *
 * In: a folder that holds folders of feeds. Out: what tests/strangers.rs compares, one JSON object a line.
 * Build: cc occurrences.c -lical. Times go through the feed's own VTIMEZONE.
 */

#include <glob.h>
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The last years that are compared, as in published.rs: of a series without an end, and of all else. */
enum { LAST_OF_OPEN = 2031, LAST = 2199 };

static char feed[256];

static void put_string(const char *text)
{
    if (!text) {
        fputs("null", stdout);
        return;
    }
    putchar('"');
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c == '"' || *c == '\\')
            printf("\\%c", *c);
        else if (*c < 0x20)
            printf("\\u%04x", *c);
        else
            putchar(*c);
    }
    putchar('"');
}

static void put_text(const char *name, const char *text)
{
    printf(", \"%s\": ", name);
    put_string(text);
}

static void put_moment(const char *name, time_t moment, int is_date)
{
    char text[32];
    strftime(text, sizeof text, is_date ? "%Y-%m-%d" : "%Y-%m-%dT%H:%M:%SZ", gmtime(&moment));
    put_text(name, text);
}

static void begin(void)
{
    fputs("{\"feed\": ", stdout);
    put_string(feed);
}

static void put_problem(const char *problem)
{
    begin();
    put_text("problem", problem);
    puts("}");
}

static icalproperty *first(icalcomponent *component, icalproperty_kind kind)
{
    return icalcomponent_get_first_property(component, kind);
}

/* The value of a text, a link or a word, with escapes taken out. */
static const char *value_of(icalproperty *property)
{
    static char number[16];
    icalvalue *value = property ? icalproperty_get_value(property) : NULL;
    if (!value)
        return NULL;
    switch (icalvalue_isa(value)) {
    case ICAL_TEXT_VALUE:
        return icalvalue_get_text(value);
    case ICAL_URI_VALUE:
        return icalvalue_get_uri(value);
    case ICAL_ATTACH_VALUE:
        return icalattach_get_url(icalvalue_get_attach(value));
    case ICAL_INTEGER_VALUE:
        snprintf(number, sizeof number, "%d", icalvalue_get_integer(value));
        return number;
    default:
        return icalvalue_as_ical_string(value);
    }
}

static void put_first(const char *name, icalcomponent *component, icalproperty_kind kind)
{
    put_text(name, value_of(first(component, kind)));
}

static void put_all(const char *name, icalcomponent *component, icalproperty_kind kind)
{
    const char *comma = "";
    printf(", \"%s\": [", name);
    for (icalproperty *one = first(component, kind); one; one = icalcomponent_get_next_property(component, kind)) {
        fputs(comma, stdout);
        put_string(value_of(one));
        comma = ", ";
    }
    putchar(']');
}

static void put_stamp(const char *name, icalcomponent *component, icalproperty_kind kind)
{
    icalproperty *property = first(component, kind);
    put_moment(name, property ? icaltime_as_timet(icalvalue_get_datetime(icalproperty_get_value(property))) : -1, 0);
}

static void put_occurrence(icalcomponent *event, time_t start, time_t end)
{
    int is_date = icalcomponent_get_dtstart(event).is_date;
    begin();
    put_first("uid", event, ICAL_UID_PROPERTY);
    put_moment("start", start, is_date);
    put_moment("end", end, is_date);
    printf(", \"all_day\": %s", is_date ? "true" : "false");
    put_first("status", event, ICAL_STATUS_PROPERTY);
    put_first("transparency", event, ICAL_TRANSP_PROPERTY);
    put_first("summary", event, ICAL_SUMMARY_PROPERTY);
    put_first("description", event, ICAL_DESCRIPTION_PROPERTY);
    put_first("location", event, ICAL_LOCATION_PROPERTY);
    put_first("url", event, ICAL_URL_PROPERTY);
    put_all("categories", event, ICAL_CATEGORIES_PROPERTY);
    printf(", \"sequence\": %s", value_of(first(event, ICAL_SEQUENCE_PROPERTY)));
    put_stamp("stamp", event, ICAL_DTSTAMP_PROPERTY);
    put_stamp("created", event, ICAL_CREATED_PROPERTY);
    put_stamp("modified", event, ICAL_LASTMODIFIED_PROPERTY);
    put_all("conferences", event, ICAL_CONFERENCE_PROPERTY);
    put_first("image", event, ICAL_IMAGE_PROPERTY);
    put_all("attachments", event, ICAL_ATTACH_PROPERTY);
    puts("}");
}

static int is_of_uid(icalcomponent *event, icalcomponent *other)
{
    return !strcmp(icalcomponent_get_uid(other), icalcomponent_get_uid(event));
}

/* Tells whether another VEVENT of the UID takes the place of the occurrence. */
static int is_overridden(icalcomponent *event, time_t start)
{
    icalcomponent *calendar = icalcomponent_get_parent(event);
    icalcompiter all = icalcomponent_begin_component(calendar, ICAL_VEVENT_COMPONENT);
    for (icalcomponent *other; (other = icalcompiter_deref(&all)); icalcompiter_next(&all)) {
        icalproperty *replaced = first(other, ICAL_RECURRENCEID_PROPERTY);
        if (!replaced || !is_of_uid(event, other))
            continue;
        struct icaltimetype time = icalproperty_get_datetime_with_component(replaced, other);
        if (icaltime_as_timet_with_zone(time, time.zone) == start)
            return 1;
    }
    return 0;
}

static int is_open(icalcomponent *event)
{
    icalproperty *property = first(event, ICAL_RRULE_PROPERTY);
    if (!property)
        return 0;
    struct icalrecurrencetype rule = icalproperty_get_rrule(property);
    return !rule.count && icaltime_is_null_time(rule.until);
}

/* Gives the last year that is compared of an event, or of the series that it belongs to. */
static int last_year(icalcomponent *event)
{
    icalcomponent *calendar = icalcomponent_get_parent(event);
    icalcompiter all = icalcomponent_begin_component(calendar, ICAL_VEVENT_COMPONENT);
    for (icalcomponent *other; (other = icalcompiter_deref(&all)); icalcompiter_next(&all))
        if (is_open(other) && is_of_uid(event, other))
            return LAST_OF_OPEN;
    return LAST;
}

static void on_occurrence(icalcomponent *event, struct icaltime_span *span, void *last)
{
    struct icaltimetype dtstart = icalcomponent_get_dtstart(event);
    int year = icaltime_from_timet_with_zone(span->start, dtstart.is_date, dtstart.zone).year;
    int is_override = first(event, ICAL_RECURRENCEID_PROPERTY) != NULL;
    if (year <= *(int *)last && (is_override || !is_overridden(event, span->start)))
        put_occurrence(event, span->start, span->end);
}

static void check_zone(icalcomponent *calendar, icalproperty *property)
{
    icalparameter *zone = property ? icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER) : NULL;
    if (zone && !icalcomponent_get_timezone(calendar, icalparameter_get_tzid(zone)))
        put_problem("a VTIMEZONE is missing");
}

static void check(icalcomponent *component)
{
    for (icalproperty *error = first(component, ICAL_XLICERROR_PROPERTY); error;
         error = icalcomponent_get_next_property(component, ICAL_XLICERROR_PROPERTY))
        put_problem(icalproperty_as_ical_string(error));
    icalcompiter all = icalcomponent_begin_component(component, ICAL_ANY_COMPONENT);
    for (icalcomponent *inner; (inner = icalcompiter_deref(&all)); icalcompiter_next(&all))
        check(inner);
}

static void read_feed(const char *text)
{
    icalcomponent *calendar = icalparser_parse_string(text);
    if (!calendar || icalcomponent_isa(calendar) != ICAL_VCALENDAR_COMPONENT) {
        put_problem("it is no VCALENDAR");
        return;
    }
    /* Only iTIP's restrictions need a METHOD; those of RFC 5545 hold without. */
    icalrestriction_check(calendar);
    check(calendar);
    begin();
    put_first("name", calendar, ICAL_NAME_PROPERTY);
    put_first("about", calendar, ICAL_DESCRIPTION_PROPERTY);
    puts("}");
    struct icaltimetype from = icaltime_from_string("19700101T000000Z");
    icalcompiter all = icalcomponent_begin_component(calendar, ICAL_VEVENT_COMPONENT);
    for (icalcomponent *event; (event = icalcompiter_deref(&all)); icalcompiter_next(&all)) {
        check_zone(calendar, first(event, ICAL_DTSTART_PROPERTY));
        check_zone(calendar, first(event, ICAL_DTEND_PROPERTY));
        int last = last_year(event);
        struct icaltimetype to = {.year = last + 1, .month = 1, .day = 2, .zone = icaltimezone_get_utc_timezone()};
        icalcomponent_foreach_recurrence(event, from, to, on_occurrence, &last);
    }
    icalcomponent_free(calendar);
}

static char *whole(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END)) {
        perror(path);
        exit(1);
    }
    long size = ftell(file);
    char *text = calloc(size + 1, 1);
    rewind(file);
    if (!text || fread(text, 1, size, file) != (size_t)size) {
        perror(path);
        exit(1);
    }
    fclose(file);
    return text;
}

int main(int count, char **arguments)
{
    char pattern[4096];
    glob_t found = {0};
    icalerror_set_errors_are_fatal(0);
    snprintf(pattern, sizeof pattern, "%s/*/*.ics", count > 1 ? arguments[1] : ".");
    glob(pattern, 0, NULL, &found);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *path = found.gl_pathv[i];
        const char *name = strrchr(path, '/');
        while (name[-1] != '/')
            name--;
        snprintf(feed, sizeof feed, "%.*s", (int)(strlen(name) - strlen(".ics")), name);
        char *text = whole(path);
        read_feed(text);
        free(text);
    }
    globfree(&found);
    return 0;
}
