"""Section 4, children and activity: caseload, seen, new, waiting, waits and ages, over up to three years."""

from reports.charts import Panel, Point, ShareRow, stacked_shares, trend
from reports.profiles.document import (
    Cell,
    Column,
    Figure,
    Row,
    Section,
    SideNote,
    Table,
    TwoColumns,
)
from reports.profiles.figures import Lacking, Value
from reports.profiles.findings import chance_of, limits_of
from reports.profiles.sections.shared import (
    census_day,
    census_month,
    comparison_names,
    count_cell,
    lacking_section,
    shown,
    value_cell,
    who_is_compared,
)
from reports.wording import compared_in_words, counted, figure, percent, rounded, sentence, signed, words_for

FEWEST_CHILDREN = 10
MEASURES = (
    ("Caseload", "on the census day", "caseload"),
    ("Seen", "in the month", "seen"),
    ("New", "in the month", "new"),
    ("Waiting", "on the census day", "waiting"),
)
CHANCE_WORDS = {"lower": "Lower than chance", "within": "Within chance", "higher": "Higher than chance"}


def activity_section(figures):
    head = {
        "key": "activity",
        "number": "4",
        "title": "Children and activity",
        "answers": "caseload, seen, new and waiting; waits and ages",
    }
    if isinstance(figures.activity, Lacking):
        return lacking_section(figures, figures.activity, **head)
    blocks = [*trend_blocks(figures), years_table(figures), *wait_blocks(figures)]
    blocks += [*category_blocks(figures), *age_blocks(figures), *rate_blocks(figures)]
    return Section(lead=lead(figures), blocks=tuple(blocks), **head)


def lead(figures):
    this_year, last_year = last_two(figures.activity)
    if not this_year.caseload.is_shown:
        return "The number of children on caseloads is held back or not known."
    count = sentence(counted(this_year.caseload.number, "child", "children"))
    verb = "was" if this_year.caseload.number == 1 else "were"
    before = "" if figures.has_little_data else since(this_year, last_year)
    first = f"{count} {verb} on the caseloads of {services_answering(figures.activity)}{before}."
    if not this_year.waiting.is_shown:
        return first
    waiting = this_year.waiting.number
    return f"{first} {sentence(counted(waiting, 'child', 'children'))} waited for a first appointment."


def services_answering(activity):
    """The services behind the numbers: all that hold cases, or those of them that answered."""
    whole = counted(activity.holding, "service")
    if activity.answered == activity.holding:
        return whole
    return f"the {words_for(activity.answered)} of {whole} that answered"


def last_two(activity):
    """This year and the one before it, or None where there is only one or they cannot be compared."""
    this_year = activity.years[-1]
    if len(activity.years) < 2 or this_year.break_before:
        return this_year, None
    return this_year, activity.years[-2]


def since(this_year, last_year):
    if last_year is None or not last_year.caseload.is_shown:
        return ""
    words = compared_in_words(last_year.caseload.number, this_year.caseload.number)
    if words.startswith("similar"):
        return f", {words.replace('similar', 'similar to last year')}"
    return (
        ", the same number as last year" if words == "unchanged" else f"; the number {words} since last year"
    )


def trend_blocks(figures):
    """The trend of up to three collections, where there are two and enough children for a chart."""
    activity = figures.activity
    this_year = activity.years[-1]
    few = not this_year.caseload.is_shown or this_year.caseload.number < FEWEST_CHILDREN
    if figures.has_little_data or few or len(activity.years) < 2:
        return ()
    title = "Children on caseloads, seen, new and waiting"
    panels = [Panel(name, unit, points_of(activity, field)) for name, unit, field in MEASURES]
    has_break = any(year.break_before for year in activity.years)
    cut = " No change is worked out across the break." if has_break else ""
    return (
        Figure(
            key="trend",
            title=title,
            basis=f"Children · {census_day(figures)} and the years before · all services that hold cases · "
            "A01i to A05i",
            chart=trend(panels, title=title),
            note=f"Each panel has its own scale from zero.{cut} Figures: {{table:years}}.",
        ),
    )


def points_of(activity, field):
    points = []
    for year in activity.years:
        value = getattr(year, field)
        number = float(value.number) if value.is_shown else None
        points.append(Point(year.year, number, shown(value), year.break_before))
    return tuple(points)


def years_table(figures):
    activity = figures.activity
    years = activity.years
    width = 80 / len(years)
    rows = []
    for name, unit, field in MEASURES:
        values = [getattr(year, field) for year in years]
        cells = [
            value_cell(flagged(value, year), tone="quiet")
            for value, year in zip(values[:-1], years[:-1], strict=True)
        ]
        last = value_cell(flagged(values[-1], years[-1]), tone="own")
        rows.append(Row((Cell(f"{name} {unit}"), *cells, last, Cell(change(figures, field)))))
    return Table(
        key="years",
        title="Children in this collection and before",
        basis=f"Children · base: {figure(activity.answered)} of {figure(activity.holding)} services that hold "
        "cases answered · A01i to A05i",
        columns=(
            Column("Measure", 62),
            *(Column(year.year, width) for year in years),
            Column("Change since last year", 32, is_optional=True),
        ),
        rows=tuple(rows),
        note=f"{breaks_in_words(years)}A child seen by two services is counted twice. Similar: at most 5% "
        "either way. Source: service questionnaire F01 to F05.",
    )


def breaks_in_words(years):
    """For the note: which year cannot be compared with the one before, and why."""
    return "".join(f"{year.year}: {year.break_before}. " for year in years if year.break_before)


def flagged(value, year):
    return Value(value.number, value.mark, "b") if year.break_before and value.is_shown else value


def change(figures, field):
    """The change since last year in percent; as a number of children where they are few."""
    this_year, last_year = last_two(figures.activity)
    if last_year is None:
        return "not compared" if figures.activity.years[-1].break_before else "N/A"
    now, before = getattr(this_year, field), getattr(last_year, field)
    if not (now.is_shown and before.is_shown):
        return "N/A"
    if figures.has_little_data or before.number < FEWEST_CHILDREN:
        return signed(now.number - before.number)
    exact = (now.number - before.number) * 100 / before.number
    return "similar" if abs(exact) <= 5 else f"{signed(exact)}%"


def category_blocks(figures):
    """Children by category, this year."""
    if isinstance(figures.categories, Lacking):
        return ()
    lines = [line for line in figures.categories if line.holding]
    if not lines:
        return ()
    rows = [
        Row(
            (Cell(line.name), count_cell(line.holding), *(value_cell(v) for v in children(line))),
            code=line.code,
        )
        for line in lines
    ]
    year = figures.activity.years[-1]
    total = (year.caseload, year.seen, year.new, year.waiting)
    holding = sum(line.holding for line in lines)
    rows.append(
        Row(
            (Cell("All services that hold cases"), count_cell(holding), *map(value_cell, total)), kind="total"
        )
    )
    return (
        Table(
            key="children",
            title="Children by category",
            basis=f"Children · caseload and waiting {census_day(figures)}, seen and new in "
            f"{census_month(figures)} · "
            "A01i to A04i",
            columns=(
                Column("Category", 94),
                Column("Services", 16),
                Column("Caseload", 16),
                Column("Seen", 16),
                Column("New", 16),
                Column("Waiting", 16),
            ),
            rows=tuple(rows),
            note="Services: those that hold cases. A child seen by two services is counted twice.",
        ),
    )


def children(line):
    return line.caseload, line.seen, line.new, line.waiting


def wait_blocks(figures):
    table = TwoColumns(left=(waits_table(figures.activity, figures),), right=waiting_notes(figures))
    return (*wait_chart(figures), table)


def wait_chart(figures):
    shares = figures.activity.new_wait_shares
    if figures.has_little_data or shares.own is None:
        return ()
    title = "How long new cases had waited"
    bands = [band.name for band in figures.activity.new_waits]
    own = [band.own.number for band in figures.activity.new_waits if band.own.is_shown]
    base = f" · {figures.authority.name}: {figure(sum(own))} children" if len(own) == len(bands) else ""
    unknown = unknown_words(figures, figures.activity.new_wait_unknown_shares)
    return (
        Figure(
            key="waits",
            title=title,
            basis=f"Share of new cases with a known wait, % · {census_month(figures)}{base} · A08i",
            chart=stacked_shares(share_rows(figures, shares), bands, title=title),
            note=f"New cases with an unknown wait are left out{f' ({unknown})' if unknown else ''}. "
            "Rounded shares may not add to 100.",
        ),
    )


def share_rows(figures, shares):
    return [
        ShareRow(name, tuple(float(part) for part in parts))
        for name, parts in zip(
            comparison_names(figures), (shares.own, shares.region, shares.england), strict=True
        )
        if parts
    ]


def unknown_words(figures, unknown):
    """The shares left out, of those areas for which they are known."""
    pairs = zip(comparison_names(figures), unknown, strict=True)
    return ", ".join(f"{name} {percent(share)}" for name, share in pairs if share is not None)


def waits_table(activity, figures):
    """New and waiting cases by band of waiting time, last year quiet."""
    rows = [
        Row(
            (
                Cell(sentence(new.name)),
                value_cell(new.last_year, tone="quiet"),
                value_cell(new.own, tone="own"),
                value_cell(waiting.last_year, tone="quiet"),
                value_cell(waiting.own, tone="own"),
            )
        )
        for new, waiting in zip(activity.new_waits, activity.waiting_waits, strict=True)
    ]
    rows.append(
        Row(
            (
                Cell("Not known"),
                value_cell(activity.new_waits_unknown.last_year, tone="quiet"),
                value_cell(activity.new_waits_unknown.own, tone="own"),
                value_cell(activity.waiting_waits_unknown.last_year, tone="quiet"),
                value_cell(activity.waiting_waits_unknown.own, tone="own"),
            )
        )
    )
    collection = figures.collection
    before = collection.last_year or "Last year"
    return Table(
        key="wait-counts",
        title="Waiting time of new cases and of those still waiting",
        basis=f"Children · new in {census_month(figures)}, waiting on {census_day(figures)} · A08i A09i",
        columns=(
            Column("Time since the referral", 42.4),
            Column(before, 18, above="New cases"),
            Column(collection.year, 18, above="New cases"),
            Column(before, 18, above="Still waiting"),
            Column(collection.year, 18, above="Still waiting"),
        ),
        rows=tuple(rows),
        note="Source: service questionnaire F06, F07.",
    )


def age_blocks(figures):
    activity = figures.activity
    shares = activity.age_shares
    own = shares.own or [None] * len(activity.ages)
    region = shares.region or [None] * len(activity.ages)
    england = shares.england or [None] * len(activity.ages)
    rows = []
    for index, band in enumerate(activity.ages):
        rows.append(
            Row(
                (
                    Cell(sentence(band.name)),
                    value_cell(band.last_year, tone="quiet"),
                    value_cell(band.own, tone="own"),
                    share_cell(own[index], "own"),
                    share_cell(region[index]),
                    share_cell(england[index]),
                )
            )
        )
    rows.append(
        Row(
            (
                Cell("Not known"),
                value_cell(activity.ages_unknown.last_year, tone="quiet"),
                value_cell(activity.ages_unknown.own, tone="own"),
                *(Cell("N/A"),) * 3,
            )
        )
    )
    return (
        Table(
            key="ages",
            title="Age of the children on caseloads",
            basis=f"Children, shares of known ages · {census_day(figures)} · "
            f"{who_is_compared(figures, 'all together')} · A12i",
            columns=(
                Column("Age", 48),
                Column(figures.collection.last_year or "Last year", 22, above="Children"),
                Column(figures.collection.year, 22, above="Children"),
                Column(figures.authority.name, 30, above="Share of caseload"),
                Column(figures.authority.region_name, 28, above="Share of caseload", is_optional=True),
                Column("England", 24, above="Share of caseload", is_optional=True),
            ),
            rows=tuple(rows),
            note="Source: service questionnaire F09.",
        ),
    )


def share_cell(share, tone=""):
    return (
        Cell("*" if share is None and tone else "N/A") if share is None else Cell(percent(share), tone=tone)
    )


def rate_blocks(figures):
    """Rates with their limits of chance, in words."""
    if figures.has_little_data or not figures.activity.rates:
        return ()
    rows = []
    for rate in figures.activity.rates:
        funnel = rate.funnel
        low, high = (bound * funnel.per / funnel.base for bound in limits_of(funnel))
        sign = "%" if funnel.per == 100 else ""
        rows.append(
            Row(
                (
                    Cell(rate.name),
                    count_cell(funnel.count),
                    count_cell(funnel.base),
                    Cell(f"{figure(funnel.count * funnel.per / funnel.base)}{sign}", tone="own"),
                    Cell(f"{figure(rounded(funnel.england))}{sign}"),
                    Cell(f"{figure(low)}{sign} to {figure(high)}{sign}"),
                    Cell(CHANCE_WORDS[chance_of(funnel)]),
                )
            )
        )
    return (
        Table(
            key="chance",
            title="Rates, and what chance explains",
            basis=f"{census_day(figures)} and {census_month(figures)} · England: all authorities "
            "together · V02 V03",
            columns=(
                Column("Rate", 46),
                Column("Count", 15),
                Column("Out of", 17),
                Column(figures.authority.name, 24),
                Column("England", 15),
                Column("99.8% limits", 22),
                Column("What can be said", 35, is_number=False),
            ),
            rows=tuple(rows),
            note="Exact limits around England’s value: inside them a difference from England may "
            "be chance, outside them "
            "chance is a poor explanation (2 times in 1,000). The fewer the children, the wider the limits. "
            f"Population: mid-{figures.authority.population_year}.",
        ),
    )


def waiting_notes(figures):
    """How waits are read, and the question to ask."""
    notes = [
        SideNote(
            "Reading the waits",
            (
                "The time runs from the receipt of the referral. A team that begins to see its "
                "longest waiters "
                "first shows longer waits of new cases.",
            ),
        )
    ]
    if figures.activity.question:
        notes.append(SideNote("Question to ask", (figures.activity.question,)))
    return tuple(notes)
