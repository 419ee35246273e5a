"""What stands out, which words are used, and what is left unsaid."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from reports.charts import Chart
from reports.funnel import binomial_limits, poisson_limits, standing
from reports.profiles import figures as f
from reports.profiles.document import (
    Cell,
    Column,
    Row,
    Table,
    TwoColumns,
    marks_note,
    numbered,
    without_empty_columns,
)
from reports.profiles.findings import questions_of, standing_out
from reports.profiles.outline import local_authority_document
from tests.unit.reports import sample

FORBIDDEN = re.compile(r"\b(because of|due to|despite|only|worrying|good|poor|improved|worsened)\b", re.I)


def bolds(figures):
    return [candidate.finding.bold for candidate in standing_out(figures)]


def texts(item):
    """All texts of a document, drawings apart."""
    if isinstance(item, str):
        yield item
    elif isinstance(item, tuple):
        for part in item:
            yield from texts(part)
    elif hasattr(item, "__dataclass_fields__") and not isinstance(item, Chart):
        for name in item.__dataclass_fields__:
            yield from texts(getattr(item, name))


def test_findings_go_from_chance_to_ended_to_changed_to_answers():
    assert bolds(sample.full()) == [
        "Seen within 13 weeks: 79%, against 85% in all of England together.",
        "Joint commissioning has ended: Youth offending.",
        "Services mapped rose by 6%, from 24.2 to 25.7.",
        "Vacancy rate rose from 8% to 10%, by 2 points.",
        "Jobcentre Plus had no seat on the Children’s Trust Board.",
    ]


def test_questions_are_at_most_three():
    assert len(questions_of(standing_out(sample.full()))) == 3


def with_first(**changes):
    """The full sample with its first key figure changed and no Trust answers."""
    figures = sample.full()
    first = replace(figures.key_figures[0], **changes)
    return replace(figures, key_figures=(first,), trust=sample.none().trust)


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({}, 1),
        ({"people": 9}, 0),
        ({"is_comparable": False}, 0),
        ({"figures": f.Compared(f.HELD_BACK, f.Value(20))}, 0),
        ({"figures": f.Compared(f.Value(Decimal("25.0")), f.Value(Decimal("24.2")))}, 0),
    ],
)
def test_change_is_named_only_if_it_may_be(changes, count):
    assert len(standing_out(with_first(**changes))) == count


def test_little_data_names_no_figure():
    assert standing_out(sample.little()) == []


def test_no_lead_finding_or_question_gives_a_cause_or_a_grade():
    for make in (sample.full, sample.provisional, sample.little):
        candidates = standing_out(make())
        said = [section.lead for section in local_authority_document(make()).sections]
        said += [f"{c.finding.bold} {c.finding.plain} {c.question}" for c in candidates]
        assert not [text for text in said if FORBIDDEN.search(text)]


def test_every_reference_finds_its_table():
    for make in (sample.full, sample.provisional, sample.little, sample.none):
        document = numbered(local_authority_document(make()))
        assert not [text for text in texts(document) if "{table:" in text or "{figure:" in text]


def test_reference_to_a_missing_table_is_an_error():
    document = local_authority_document(sample.full())
    broken = replace(document.sections[0], lead="See {table:nowhere}.")
    with pytest.raises(KeyError):
        numbered(replace(document, sections=(broken,)))


def test_little_data_has_no_charts_but_the_cover():
    document = local_authority_document(sample.little())
    assert "Figure" not in {type(block).__name__ for section in document.sections for block in section.blocks}


def test_section_without_data_keeps_its_number_and_says_why():
    document = local_authority_document(sample.none())
    services = document.sections[1]
    assert (services.number, services.title) == ("2", "Services")
    assert services.blocks[0].rows[0] == (
        "Why",
        "Submitted on 20 February 2009, sent back on 3 March, not signed off.",
    )


def test_title_says_demonstration_only_there():
    figures = sample.full()
    real = replace(figures, collection=replace(figures.collection, demonstration=""))
    assert local_authority_document(figures).title.endswith("(demonstration)")
    assert local_authority_document(real).title == "Trafford: Local authority profile 2008/09"


def test_status_is_final_or_provisional():
    assert local_authority_document(sample.full()).status == "Final, release 1, 29 May 2009"
    assert local_authority_document(sample.full()).band == ""
    assert local_authority_document(sample.provisional()).status == "Provisional, 15 January 2009"
    assert local_authority_document(sample.provisional()).band.startswith("PROVISIONAL · 15 January 2009")


def test_widths_of_columns_fill_the_page_or_its_main_column():
    def tables(item):
        if isinstance(item, Table):
            yield item
        elif isinstance(item, tuple):
            for part in item:
                yield from tables(part)
        elif hasattr(item, "__dataclass_fields__"):
            for name in item.__dataclass_fields__:
                yield from tables(getattr(item, name))

    for table in tables(local_authority_document(sample.full())):
        width = round(sum(column.width_mm for column in table.columns), 1)
        assert width in (174.0, 114.4, 84.6), table.key
        assert {len(row.cells) for row in table.rows if row.kind != "group"} == {len(table.columns)}, (
            table.key
        )
        assert all(cell.text or cell.chart for row in table.rows for cell in row.cells), table.key


def tables_of(document):
    """All tables of a document as they are printed, by key."""
    blocks = [block for section in document.sections for block in section.blocks]
    pairs = [block.left + block.right for block in blocks if isinstance(block, TwoColumns)]
    every = [*blocks, *(inner for pair in pairs for inner in pair)]
    return {block.key: without_empty_columns(block) for block in every if isinstance(block, Table)}


def heads(table):
    return [column.head for column in table.columns]


def without_comparison(figures):
    """The figures of a profile before five authorities have signed off services."""
    nobody = {"region": f.NOT_ASKED, "england": f.NOT_ASKED}
    workforce = figures.workforce
    alone = {
        name: replace(getattr(workforce, name), **nobody)
        for name in ("agency_wte", "agency_share", "vacant_long")
    }
    return replace(
        figures,
        comparators=(replace(figures.comparators[0], region=1, england=4),),
        key_figures=tuple(
            replace(key_figure, figures=replace(key_figure.figures, **nobody), spread=None, funnel=None)
            for key_figure in figures.key_figures
        ),
        workforce=replace(workforce, **alone),
    )


def test_columns_of_a_comparison_that_is_not_there_are_left_out_and_it_is_said_why():
    compared = tables_of(local_authority_document(sample.full()))
    alone = tables_of(local_authority_document(without_comparison(sample.full())))

    assert heads(compared["agency"]) == ["Figure", "Last year", "Trafford", "North West", "England"]
    assert heads(alone["agency"]) == ["Figure", "Last year", "Trafford"]
    assert heads(alone["key-figures"]) == ["Key figure", "Last year", "Trafford"]
    assert all(
        "fewer than five authorities have signed off" in alone[key].basis for key in ("agency", "key-figures")
    )


def test_left_out_columns_give_their_width_to_the_others():
    columns = (Column("x", 20), Column("y", 20, is_optional=True), Column("z", 40, is_optional=True))
    rows = (Row((Cell("Group"),), kind="group"), Row((Cell("a"), Cell("N/A"), Cell("3"))))
    table = without_empty_columns(Table("t", "T", "", columns, rows))

    assert heads(table) == ["x", "z"]
    assert sum(column.width_mm for column in table.columns) == pytest.approx(80)
    assert [len(row.cells) for row in table.rows] == [1, 2]


def test_provisional_profile_says_how_many_services_its_figures_come_from():
    figures = sample.provisional()
    summary, _, workforce = local_authority_document(figures).sections[:3]
    answered = f"{figures.workforce.answered} of {figures.workforce.listed} services"

    assert f"So far {answered} give figures on staff" in summary.lead
    assert workforce.lead.startswith(f"The {answered} that answered have")


def test_note_explains_the_marks_of_its_table_and_no_others():
    rows = (Row((Cell("a"), Cell("<5"))), Row((Cell("b"), Cell("3", flag="e"))))
    table = Table("t", "T", "", (Column("x", 20), Column("y", 20)), rows)
    assert marks_note(table) == "<5 one to four people. e estimate."


# -- Limits of chance ----------------------------------------------------------------------------------------


def test_binomial_limits_are_exact():
    # 10 tosses of a fair coin: P(0) = 1/1024 is under 0.001, P(0 or 1) = 11/1024 is over it.
    assert binomial_limits(10, 0.5) == (1, 9)
    assert binomial_limits(20, 0) == (0, 0)
    assert binomial_limits(20, 1) == (20, 20)


def test_poisson_limits_are_exact():
    # With 2 expected P(0) = 0.135 is over 0.001; P(up to 7) = 0.9989, P(up to 8) = 0.9998.
    assert poisson_limits(2) == (0, 8)
    assert poisson_limits(0) == (0, 0)


def test_large_numbers_have_limits_too():
    low, high = poisson_limits(5132)
    assert 4900 < low < 5132 < high < 5365


@pytest.mark.parametrize(("count", "place"), [(0, "lower"), (1, "within"), (9, "within"), (10, "higher")])
def test_standing_counts_the_limits_as_within(count, place):
    assert standing(count, 1, 9) == place


def test_first_year_says_nothing_of_what_it_lacks():
    document = local_authority_document(sample.first_year())
    services, trust = document.sections[1], document.sections[4]
    total = next(row for row in services.blocks[0].rows if row.kind == "total")

    assert document.sections[0].lead == (
        "Trafford mapped 139 services, 25.7 for every 10,000 children; the median authority of England has 21.4."
    )
    assert total.cells[4].text == "N/A"
    assert "components are not stated" in trust.blocks[-1].text
