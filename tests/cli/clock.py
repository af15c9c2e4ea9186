#!/usr/bin/env python3
"""Due times against code of others: Python's calendar and time zones, dateutil, flagrante, cra-scope.

The last two are `pip install flagrante cra-scope`; their cases are skipped where they are absent."""
import calendar
import csv
import datetime
import importlib
import json
import pathlib
import random
import sys
import zoneinfo

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tap import ROOT, Skip, assay, case, equal, holds, lacks, main  # noqa: E402

UTC = datetime.timezone.utc
FIRST, LAST = datetime.datetime(2026, 1, 1, tzinfo=UTC), datetime.datetime(2040, 12, 31, 23, 59, 59, tzinfo=UTC)
ZONES = ["Europe/Berlin", "Europe/Lisbon", "Europe/Dublin", "Europe/Athens", "America/New_York", "America/Sao_Paulo", "Asia/Kolkata",
         "Asia/Shanghai", "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Apia", "Africa/Casablanca", "+05:45", "-03:30"]
# Hours, days, months of every clock that has a number.
LENGTHS = {
    "cra.vulnerability.early-warning": (24, 0, 0), "cra.vulnerability.notification": (72, 0, 0),
    "cra.vulnerability.final-report": (0, 14, 0), "cra.incident.early-warning": (24, 0, 0), "cra.incident.notification": (72, 0, 0),
    "cra.incident.final-report": (0, 0, 1), "cra.delay.measure": (72, 0, 0), "gdpr.breach.authority": (72, 0, 0),
    "nis2.early-warning": (24, 0, 0), "nis2.notification": (72, 0, 0), "nis2.trust-service.notification": (24, 0, 0),
    "nis2.final-report": (0, 0, 1), "nis2.final-report.ongoing": (0, 0, 1), "promise.answer": (48, 0, 0),
    "promise.fix.critical": (0, 14, 0), "promise.fix.high": (0, 28, 0), "promise.fix.medium": (0, 42, 0),
    "promise.fix.low": (0, 175, 0)}
# Of the other clocks: hours after which assay reminds, or None where somebody names the time.
WITHOUT_NUMBER = {
    "cra.vulnerability.users": 72, "cra.incident.users": 72, "cra.interim-report": None, "gdpr.breach.controller": 24,
    "gdpr.breach.people": 72, "nis2.interim-report": None, "nis2.recipients": 72, "nis2.threat": 72, "disclosure.embargo": None}


def written(moment):
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def wanted(module):
    try:
        return importlib.import_module(module)
    except ImportError as missing:
        raise Skip(f"{module} is not installed here (pip install flagrante cra-scope python-dateutil)") from missing


def due(clocks, since, *words):
    """What the program says of each clock."""
    run = assay("clock", "due", *clocks, "--from", since if isinstance(since, str) else written(since), "--format", "json", *words)
    equal(run.status, 0, run.err)
    return {row["clock"]: row for row in json.loads(run.out)}


def zone_of(name):
    if name[0] in "+-":
        sign = 1 if name[0] == "+" else -1
        return datetime.timezone(sign * datetime.timedelta(hours=int(name[1:3]), minutes=int(name[4:6])))
    try:
        return zoneinfo.ZoneInfo(name)
    except zoneinfo.ZoneInfoNotFoundError as missing:
        raise Skip("there is no database of time zones here (tzdata)") from missing


def random_times(count, seed):
    """Some of them in the hours around changes of clocks, ends of months and leap days."""
    source = random.Random(seed)
    edges = [datetime.datetime(year, month, calendar.monthrange(year, month)[1], 23, tzinfo=UTC)
             for year in range(2026, 2041) for month in range(1, 13)]
    for number in range(count):
        if number % 3 == 0:
            yield source.choice(edges) + datetime.timedelta(seconds=source.randrange(-90000, 90000))
        else:
            yield FIRST + datetime.timedelta(seconds=source.randrange(int((LAST - FIRST).total_seconds())))


def months_later(moment, months):
    """The calendar of the standard library, and no other."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, calendar.monthrange(year, month + 1)[1]))


def earliest(shown, zone):
    """The moment that clocks show: the first where they show it twice, the earlier of two where never."""
    return min(shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))


def expected(clock, since, zone):
    hours, days, months = LENGTHS[clock]
    if hours:
        return since + datetime.timedelta(hours=hours)

    def later(shown):
        return months_later(shown, months) if months else shown + datetime.timedelta(days=days)

    plain = later(since)
    return plain if zone is None else min(plain, earliest(later(since.astimezone(zone).replace(tzinfo=None)), zone))


@case
def every_clock_is_listed_with_its_article_and_trigger():
    run = assay("clock", "list", "--format", "json")
    equal(run.status, 0, run.err)
    clocks = json.loads(run.out)
    equal(sorted(clock["clock"] for clock in clocks), sorted({**LENGTHS, **WITHOUT_NUMBER}))
    for clock in clocks:
        for member in ("law", "article", "binds", "rule", "starts", "what", "to", "source"):
            equal(bool(clock.get(member)), True, (clock["clock"], member))
    text = assay("clock", "list").out
    for clock in clocks:
        holds(text, clock["clock"])
    table = assay("clock", "list", "--format", "tsv").out.splitlines()
    equal([len(line.split("\t")) for line in table], [8] * (len(clocks) + 1))


@case
def a_thousand_times_agree_with_pythons_calendar_and_zones():
    source = random.Random(3)
    for since in random_times(1000, 1):
        name = source.choice([None, *ZONES])
        zone = zone_of(name) if name else None
        found = due(LENGTHS, since, *(["--zone", name] if name else []))
        equal(sorted(found), sorted(LENGTHS))
        for clock, row in found.items():
            want = expected(clock, since, zone)
            equal((row["state"], row["due"]), ("due", written(want)), (clock, written(since), name))
            if zone:
                equal(datetime.datetime.fromisoformat(row["due_local"]).utcoffset(), want.astimezone(zone).utcoffset())
                equal(written(datetime.datetime.fromisoformat(row["due_local"])), row["due"])


@case
def months_agree_with_dateutil():
    relativedelta = wanted("dateutil.relativedelta").relativedelta
    for since in [*random_times(60, 2), datetime.datetime(2028, 1, 31, 8, tzinfo=UTC), datetime.datetime(2028, 2, 29, 8, tzinfo=UTC)]:
        equal(due(["cra.incident.final-report"], since)["cra.incident.final-report"]["due"],
              written(since + relativedelta(months=1)), written(since))


@case
def leap_days_and_ends_of_months():
    for since, want in [("2027-01-31T09:00Z", "2027-02-28T09:00:00Z"), ("2028-01-31T09:00Z", "2028-02-29T09:00:00Z"),
                        ("2028-02-29T09:00Z", "2028-03-29T09:00:00Z"), ("2027-01-28T09:00Z", "2027-02-28T09:00:00Z"),
                        ("2026-12-31T23:59:59Z", "2027-01-31T23:59:59Z"), ("2040-02-29T00:00Z", "2040-03-29T00:00:00Z")]:
        equal(due(["nis2.final-report"], since)["nis2.final-report"]["due"], want, since)
    equal(due(["cra.vulnerability.early-warning"], "2028-02-28T12:00Z")["cra.vulnerability.early-warning"]["due"], "2028-02-29T12:00:00Z")
    equal(due(["cra.vulnerability.final-report"], "2028-02-20T12:00Z")["cra.vulnerability.final-report"]["due"], "2028-03-05T12:00:00Z")


@case
def fifty_times_agree_with_flagrante():
    """It counts all three from one moment; ours is asked for the final report from the measure, as the law has it."""
    classify = wanted("flagrante.classify")
    names = {"early_warning": "cra.vulnerability.early-warning", "notification": "cra.vulnerability.notification",
             "final_report": "cra.vulnerability.final-report"}
    for since in random_times(50, 4):
        since = since.replace(microsecond=0)
        theirs = classify.Assessment(document=None, scanned_at=since).deadlines
        equal({names[name]: written(moment) for name, moment in theirs.items()},
              {clock: row["due"] for clock, row in due(names.values(), since).items()}, written(since))


@case
def articles_and_lengths_agree_with_cra_scope():
    reports = wanted("cra_scope_core.srp")
    who = dict(manufacturer_name="Example", manufacturer_country="DE", manufacturer_contact="psirt@example.com", product_name="Router",
               product_version="1", product_category="default")
    what = dict(vulnerability_id="CVE-2026-1", detection_timestamp="2026-11-28T09:10:00Z")
    listed = {row["clock"]: row for row in json.loads(assay("clock", "list", "--format", "json").out)}
    made = {
        "cra.vulnerability.early-warning": reports.build_early_warning(**who, **what),
        "cra.vulnerability.notification": reports.build_vulnerability_notification(**who, **what),
        "cra.vulnerability.final-report": reports.build_final_report(**who, **what),
        "cra.incident.early-warning": reports.build_early_warning(**who, **what, report_subject_type="severe_incident")}
    for clock, report in made.items():
        hours, days, _ = LENGTHS[clock]
        equal(listed[clock]["article"], "Art. " + report["cra_article"], clock)
        equal(report.get("deadline_hours", 0), hours, clock)
        equal(report.get("deadline_days", 0), days, clock)


@case
def triggers_agree_with_the_table_of_articles():
    path = ROOT / ".." / "shared" / "standards" / "cra_art13_14.csv"
    if not path.exists():
        raise Skip("the table of articles is not here")
    with path.open(encoding="utf-8") as file:
        rows = {row["paragraph"]: row for row in csv.DictReader(file)}
    listed = json.loads(assay("clock", "list", "--format", "json").out)
    seen = 0
    for clock in listed:
        row = rows.get(clock["article"].removeprefix("Art. ").strip())
        if not clock["clock"].startswith("cra.") or not row or not row["clock"][:1].isdigit():
            continue
        number, unit = row["clock"].split()[:2]
        unit = {"h": "hours"}.get(unit, unit)
        holds(clock["rule"], f"{number} {unit} after ")
        seen += 1
        triggers = {"submission": "the submission of the incident notification", "measure": "a corrective or mitigating measure is available",
                    "becoming aware": "becoming aware of a"}  # the table says of a submission that it is not awareness
        holds(clock["rule"], next(text for word, text in triggers.items() if word in row["clock_trigger"]))
    equal(seen, 6)


@case
def clocks_without_a_number_only_remind():
    since = datetime.datetime(2026, 11, 28, 9, 10, tzinfo=UTC)
    for clock, hours in WITHOUT_NUMBER.items():
        row = due([clock], since)[clock]
        equal("due" in row, False, clock)
        equal(row["state"], "waiting" if hours is None else "at once", clock)
        if hours is not None:
            equal(row["reminder"], written(since + datetime.timedelta(hours=hours)), clock)
            holds(row["rule"], "the text gives no number")
            holds(assay("clock", "due", clock, "--from", "2026-11-28T09:10Z").out, "at once: the text gives no number")
        else:
            text = assay("clock", "due", clock, "--from", "2026-11-28T09:10Z").out
            holds(text, "no due time yet")
            holds(text, "waiting since 2026-11-28T09:10:00Z")
            lacks(text, "1970")


@case
def people_are_shown_article_trigger_and_both_times():
    run = assay("clock", "due", "cra.vulnerability.final-report", "--from", "2026-11-28 10:10", "--zone", "Europe/Berlin")
    if run.status != 0 and "there is no zone" in run.err:
        raise Skip("there is no database of time zones here (tzdata)")
    for part in ("due 2026-12-12T09:10:00Z", "2026-12-12T10:10:00+01:00 Saturday CET", "Art. 14(2)(c)",
                 "14 days after a corrective or mitigating measure is available", "counted from 2026-11-28T09:10:00Z (measure.available)",
                 "2026-12-15T00:00:00+01:00 Tuesday CET"):
        holds(run.out, part)
    lacks(run.out, "before the law")
    lacks(run.out, "counted in UTC alone")
    holds(assay("clock", "due", "cra.vulnerability.final-report", "--from", "2026-11-28T09:10Z").out, "counted in UTC alone")
    lacks(assay("clock", "due", "cra.vulnerability.early-warning", "--from", "2026-11-28T09:10Z").out, "counted in UTC alone")
    holds(assay("clock", "due", "cra.incident.early-warning", "--from", "2026-09-10T10:00Z").out, "it began before the law applied (2026-09-11)")
    several = due(["aware.exploited-vulnerability"], "2026-11-28T09:10Z")
    equal(sorted(several), ["cra.vulnerability.early-warning", "cra.vulnerability.notification", "cra.vulnerability.users"])


@case
def the_machines_own_zone_has_no_say():
    for zone in ("UTC0", "Pacific/Auckland", "EST5EDT"):
        run = assay("clock", "due", "nis2.final-report", "--from", "2026-10-31T12:30Z", "--zone", "+00:00", TZ=zone)
        holds(run.out, "due 2026-11-30T12:30:00Z")


@case
def what_cannot_be_is_refused():
    for words, what in [(["due"], "usage"), (["due", "cra.nothing", "--from", "2026-11-28T09:10Z"], "no clock or event 'cra.nothing'"),
                        (["due", "nis2.threat"], "--from is missing"), (["due", "nis2.threat", "--from", "yesterday"], "wants a time"),
                        (["due", "nis2.threat", "--from", "2026-02-29T00:00Z"], "wants a time"),
                        (["due", "nis2.threat", "--from", "2026-11-28T09:10"], "names no zone"),
                        (["due", "nis2.threat", "--from", "2026-11-28T09:10Z", "--zone", "../../etc/passwd"], "neither a zone's name"),
                        (["due", "nis2.threat", "--from", "2026-11-28T09:10Z", "--zone", "Nowhere/Here"], "no zone 'Nowhere/Here'"),
                        (["due", "nis2.threat", "--from", "2026-11-28T09:10Z", "--from", "2026-11-28T09:10Z"], "given twice"),
                        (["list", "cra"], "usage"), (["list", "--from", "2026-11-28T09:10Z"], "does not use --from"), (["pause"], "usage"),
                        ([], "usage")]:
        run = assay("clock", *words)
        equal((run.status, run.out), (2, ""), words)
        holds(run.err, what)


main()
