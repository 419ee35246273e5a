"""Section 3, workforce: staff in post, vacant posts, agency staff, and staff for every 100,000 children."""

from reports.charts import BarRow, bars_against_comparators
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
from reports.profiles.figures import ONE_DECIMAL, PERCENT, WHOLE, Lacking
from reports.profiles.sections.shared import (
    census_day,
    compared_cells,
    compared_columns,
    comparison_names,
    lacking_section,
    marks_of_chart,
    shown,
    value_cell,
    who_is_compared,
)
from reports.wording import (
    compared_in_words,
    counted,
    figure,
    percent,
    rounded,
    sentence,
    share_in_words,
    words_for,
)

FEWEST_ROWS = 2


def workforce_section(figures):
    head = {
        "key": "workforce",
        "number": "3",
        "title": "Workforce",
        "answers": "staff in post, vacant posts, agency",
    }
    if isinstance(figures.workforce, Lacking):
        return lacking_section(figures, figures.workforce, **head)
    blocks = [staff_table(figures), *per_child_blocks(figures), agency_and_reading(figures)]
    return Section(lead=lead(figures), blocks=tuple(blocks), **head)


def lead(figures):
    total = figures.workforce.total
    if not total.wte.is_shown:
        return "The figures on staff are held back, because they would reveal single people."
    wte = shown(total.wte, ONE_DECIMAL)
    who = services_answering(figures.workforce)
    first = f"{who} {wte} whole-time equivalent staff{since_last_year(figures)}."
    if not total.vacancy_rate.is_shown:
        return first
    second = f"{sentence(share_in_words(total.vacancy_rate.number))} of funded posts are vacant"
    if total.vacancy_rate_last_year.is_shown:
        second += last_years_rate(total)
    return f"{first} {second}."


def services_answering(workforce):
    """Who has the staff: all mapped services, or those of them that answered."""
    if workforce.answered == workforce.listed:
        return "The mapped services have"
    verb = "has" if workforce.answered == 1 else "have"
    whole = counted(workforce.listed, "service")
    return f"The {words_for(workforce.answered)} of {whole} that answered {verb}"


def last_years_rate(total):
    before = total.vacancy_rate_last_year.number
    if percent(before) == percent(total.vacancy_rate.number):
        return ", the same share as last year"
    return f"; last year it was {share_in_words(before)}"


def since_last_year(figures):
    before = figures.workforce.wte_last_year
    if figures.has_little_data or not before.is_shown:
        return ""
    words = compared_in_words(rounded(before.number, 1), rounded(figures.workforce.total.wte.number, 1))
    ending = {"unchanged": "the same as last year"}.get(words, "")
    if words.startswith("similar"):
        ending = words.replace("similar", "similar to last year")
    return f", {ending or f'which {words} since last year'}"


def staff_table(figures):
    workforce = figures.workforce
    collection = figures.collection
    rows = [Row(staff_cells(group)) for group in workforce.groups]
    rows.append(Row(staff_cells(workforce.total), kind="total"))
    return Table(
        key="staff",
        title="Staff in post and vacant posts by staff group",
        basis=f"WTE unless stated · {census_day(figures)} · base: {figure(workforce.answered)} of "
        f"{figure(workforce.listed)} services answered · W01 W04",
        columns=(
            Column("Staff group", 64),
            Column("In post", 21),
            Column("People", 20),
            Column("Vacant", 20),
            Column(f"Vacancy rate, {collection.last_year or 'last year'}", 26),
            Column("Vacancy rate", 23),
        ),
        rows=tuple(rows),
        note="Vacancy rate: vacant of all funded posts, in post and vacant. Source: service "
        "questionnaire E01.",
    )


def staff_cells(group):
    return (
        Cell(group.name),
        value_cell(group.wte, ONE_DECIMAL),
        value_cell(group.people),
        value_cell(group.vacant, ONE_DECIMAL),
        value_cell(group.vacancy_rate_last_year, PERCENT, "quiet"),
        value_cell(group.vacancy_rate, PERCENT),
    )


def per_child_blocks(figures):
    """Staff for every 100,000 children: a chart of the groups that can be shown."""
    if not has_chart(figures):
        return ()
    groups = groups_with_rate(figures)
    title = "Staff for every 100,000 children"
    rows = [BarRow(group.name, *numbers(group.per_100k), shown=texts(group.per_100k)) for group in groups]
    left_out = len(figures.workforce.groups) - len(groups)
    notes = [marks_of_chart(figures)]
    if left_out:
        verb = "is" if left_out == 1 else "are"
        notes.append(f"{sentence(counted(left_out, 'group'))} {verb} left out: no figure, or held back.")
    notes.append(f"Population: mid-{figures.authority.population_year}.")
    return (
        Figure(
            key="per-child",
            title=title,
            basis=f"WTE in post per 100,000 aged 0 to 17 · {census_day(figures)} · "
            f"{who_is_compared(figures, 'all authorities together')} · W02",
            chart=bars_against_comparators(rows, names=comparison_names(figures), title=title, label_mm=44),
            note=" ".join(filter(None, notes)),
        ),
    )


def groups_with_rate(figures):
    return [group for group in figures.workforce.groups if group.per_100k.own.is_shown]


def has_chart(figures):
    return not figures.has_little_data and len(groups_with_rate(figures)) >= FEWEST_ROWS


def numbers(compared):
    values = (compared.own, compared.region, compared.england)
    return tuple(float(value.number) if value.is_shown else None for value in values)


def texts(compared):
    return tuple(shown(value, WHOLE) for value in (compared.own, compared.region, compared.england))


def agency_table(figures):
    workforce = figures.workforce
    lines = (
        ("Agency or locum staff, WTE", workforce.agency_wte, ONE_DECIMAL),
        ("Agency share of WTE in post", workforce.agency_share, PERCENT),
        ("Posts vacant for over three months, WTE", workforce.vacant_long, ONE_DECIMAL),
    )
    return Table(
        key="agency",
        title="Agency staff and long vacancies",
        basis=f"{census_day(figures)} · {who_is_compared(figures, 'median WTE, pooled share')} · W05",
        columns=(Column("Figure", 41.4), *compared_columns(figures, width_mm=16.0, own_mm=25.0)),
        rows=tuple(Row((Cell(name), *compared_cells(values, form))) for name, values, form in lines),
        note="Source: service questionnaire E02 to E04.",
    )


def agency_and_reading(figures):
    """The small table, and beside it who answered and the question to ask."""
    workforce = figures.workforce
    notes = [SideNote("Who answered", (who_answered(workforce),))]
    if workforce.question:
        notes.append(SideNote("Question to ask", (workforce.question,)))
    return TwoColumns(left=(agency_table(figures),), right=tuple(notes))


def who_answered(workforce):
    missing = workforce.listed - workforce.answered
    if not missing:
        return "All listed services give staff figures."
    verb = "gives" if missing == 1 else "give"
    first = f"{sentence(counted(missing, 'service'))} {verb} no staff figures."
    return f"{first} {workforce.without_figures}".strip()
