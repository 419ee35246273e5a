"""Figures of areas and tables from answers: bases, rounding, marks, changes."""

from dataclasses import replace
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from reports.charts import Hexagon
from reports.figures import Amount, Answers, Place, Returns, area_figures
from reports.tables import ITEMS, TABLES
from reports.tables.files import as_csv, as_json, as_xlsx
from reports.tables.lines import Area, Figures, Item, Value, change, share
from reports.tables.pages import Choice, Lines, answer_map, bars, drawing, finding, page_table, shown

ENGLAND = Area("E92000001", "England")


def authority(number, region="North"):
    areas = {
        "england": (ENGLAND.code, ENGLAND.name),
        "region": (region, region),
        "authority": (f"E{number}", f"A{number}"),
    }
    return Place(number, "local_authority", areas, under_18s=1000 * number)


def trust_figures(choices, respondents, places, asked=None):
    answers = Answers(
        choices=choices,
        asked=asked or {"board_on": ("b01",), "board_level": ("b01",), "joint_on": ("j01",)},
        trust_respondents=frozenset(respondents),
    )
    figures = area_figures(places, answers, Returns())
    return {key: (amount.value, amount.base, amount.respondents) for key, (_, amount) in figures.items()}


def test_blank_and_not_known_are_no_response_and_not_a_no():
    choices = {
        (1, "board_on", "b01"): {"yes": 1},
        (2, "board_on", "b01"): {"": 1},
        (3, "board_on", "b01"): {"no": 1},
    }

    figures = trust_figures(choices, {1, 2, 3}, [authority(n) for n in (1, 2, 3, 4)])

    assert figures["board_on", "b01", "england", ENGLAND.code] == (1, 2, 3)


def test_authority_without_a_board_counts_as_a_no_for_each_agency():
    choices = {(1, "board_chair", ""): {"no_board": 1}}

    figures = trust_figures(choices, {1}, [authority(1)])

    assert figures["board_on", "b01", "england", ENGLAND.code] == (0, 1, 1)


def test_agency_that_an_authority_is_not_asked_about_is_not_in_its_base():
    figures = trust_figures({(1, "board_on", "b01"): {"yes": 1}}, {1, 2}, [authority(1), authority(2)])

    assert figures["board_on", "b01", "england", ENGLAND.code] == (1, 1, 1)


def test_levels_are_of_those_on_the_board_that_state_one():
    choices = {
        (1, "board_on", "b01"): {"yes": 1}, (1, "board_level", "b01"): {"head": 1},
        (2, "board_on", "b01"): {"yes": 1},
        (3, "board_on", "b01"): {"no": 1}, (3, "board_level", "b01"): {"head": 1},
    }  # fmt: skip

    figures = trust_figures(choices, {1, 2, 3}, [authority(n) for n in (1, 2, 3)])

    assert figures["board_head", "b01", "england", ENGLAND.code] == (1, 1, 3)


def test_joint_commissioning_is_of_all_that_answered_the_questionnaire():
    choices = {(1, "joint_on", "j01"): {"yes": 1}, (2, "joint_on", "j01"): {"": 1}}

    figures = trust_figures(choices, {1, 2}, [authority(1), authority(2), authority(3)])

    assert figures["joint_on", "j01", "england", ENGLAND.code] == (1, 2, 2)


def test_figures_add_up_from_authorities_to_regions_and_england():
    choices = {(n, "joint_on", "j01"): {"yes": 1} for n in (1, 2)}
    places = [authority(1, "North"), authority(2, "South")]

    figures = trust_figures(choices, {1, 2}, places)

    assert figures["joint_on", "j01", "region", "North"] == (1, 1, 1)
    assert figures["joint_on", "j01", "england", ENGLAND.code] == (2, 2, 2)


def test_services_are_counted_and_rated_by_the_children_of_those_that_answered():
    answers = Answers(
        choices={(1, "category", ""): {"08": 2, "15": 1}, (1, "tier", ""): {"targeted": 2, "": 1}},
        numbers={(1, "wte", "nu_hv"): (Decimal("2.5"), 1), (1, "wte", "sc_sw"): (Decimal("1.5"), 1)},
        categories={(1, "wte", "08"): Decimal(4)},
    )

    found = area_figures([authority(1), authority(2)], answers, Returns())
    figures = {
        key[:2]: (amount.value, amount.base) for key, (_, amount) in found.items() if key[2] == "england"
    }

    assert figures["services", ""] == (3, 1000)
    assert figures["services_by_category", "08"] == (2, 3)
    assert figures["services_by_tier", "targeted"] == (2, 2)
    assert figures["wte", ""] == (4, 1000)
    assert figures["wte", "nu_hv"] == (Decimal("2.5"), 1000)
    assert figures["wte_by_category", "08"] == (4, 1000)


def test_rate_of_the_eligible_is_unknown_while_one_flag_is_unknown():
    known = Place(1, "pct", {"england": (ENGLAND.code, ENGLAND.name)}, commissioner=True)
    unknown = Place(2, "pct", {"england": (ENGLAND.code, ENGLAND.name)})

    both = area_figures([known, unknown], Answers(), Returns())
    one = area_figures([known], Answers(), Returns(finance=frozenset({1})))

    key = ("finance_signed_off", "pct", "england", ENGLAND.code)
    assert both[key][1].value is None
    assert (one[key][1].value, one[key][1].base) == (1, 1)


# Tables


@pytest.mark.parametrize(
    ("value", "base", "expected"), [(45, 72, 63), (1, 200, 1), (1, 201, 0), (0, 74, 0), (74, 74, 100)]
)
def test_shares_are_rounded_half_up(value, base, expected):
    assert share(Amount(Decimal(value), Decimal(base))) == Value(expected, base)


def test_share_of_nobody_is_a_dash_and_not_a_zero():
    assert share(Amount()).value == "–"


def test_change_is_the_difference_of_the_rounded_shares():
    before, now = share(Amount(Decimal(30), Decimal(74))), share(Amount(Decimal(27), Decimal(74)))

    assert change(before, now) == Value(-5, unit="points")


def test_change_from_a_year_without_the_question_is_not_available():
    assert change(Value("N/A"), Value(42, 74)).value == "N/A"


@pytest.fixture
def joint():
    """Lines of T09 for two collections; j03 is asked in the later one only."""
    items = (
        Item("j01", "CAMHS", frozenset({"2008/09", "2009/10"})),
        Item("j03", "Teenage pregnancy", frozenset({"2009/10"})),
    )
    amounts = {
        ("2008/09", "joint_on", "j01", ENGLAND.code): Amount(Decimal(67), Decimal(74), 74),
        ("2009/10", "joint_on", "j01", ENGLAND.code): Amount(Decimal(30), Decimal(74), 74),
        ("2009/10", "joint_on", "j03", ENGLAND.code): Amount(Decimal(60), Decimal(74), 74),
    }
    areas = {"2008/09": (ENGLAND,), "2009/10": (ENGLAND,)}
    return TABLES["T09"].lines(Figures(("2008/09", "2009/10"), "england", areas, amounts, items))


def test_joint_table_orders_by_the_latest_share_and_marks_what_was_not_asked(joint):
    found = [(line.item, line.collection, line.measure, line.value, line.base) for line in joint]

    assert found == [
        ("j03", "2008/09", "joint", "N/A", ""),
        ("j03", "2009/10", "joint", 81, 74),
        ("j03", "2009/10", "change", "N/A", ""),
        ("j01", "2008/09", "joint", 91, 74),
        ("j01", "2009/10", "joint", 41, 74),
        ("j01", "2009/10", "change", -50, ""),
    ]


def test_board_row_without_a_level_has_na_in_the_level_columns():
    item = Item("b03", "Schools", asked_in=frozenset({"2009/10"}))
    amounts = {("2009/10", "board_on", "b03", ENGLAND.code): Amount(Decimal(72), Decimal(74), 74)}
    figures = Figures(("2009/10",), "england", {"2009/10": (ENGLAND,)}, amounts, (item,))

    lines = TABLES["T01"].lines(figures)

    assert [(line.measure, line.value) for line in lines] == [
        ("on_board", 97), ("no_response", 0), ("head", "N/A"), ("senior", "N/A"), ("other", "N/A"),
        ("level_not_stated", "N/A"),
    ]  # fmt: skip


def test_authority_that_did_not_answer_is_marked_as_without_a_return():
    item = Item("b01", "Police", frozenset({"2009/10"}), frozenset({"2009/10"}))
    figures = Figures(("2009/10",), "authority", {"2009/10": (Area("E1", "A1"),)}, {}, (item,))

    assert {line.value for line in TABLES["T01"].lines(figures)} == {"no return"}


def test_trusts_have_no_row_by_type_of_authority():
    area = Area("county", "County council")
    amounts = {("2009/10", "responded", "local_authority", "county"): Amount(Decimal(1), Decimal(2), 2)}
    items = tuple(Item(item.key, item.label, frozenset({"2009/10"})) for item in ITEMS["R02"])
    figures = Figures(("2009/10",), "la_type", {"2009/10": (area,)}, amounts, items)

    assert [(line.item, line.value, line.base) for line in TABLES["R02"].lines(figures)] == [
        ("local_authority", 50, 2)
    ]


# Files and pages


def test_csv_is_tidy(joint):
    rows = as_csv(TABLES["T09"], joint).decode().splitlines()

    assert (
        rows[0] == "table,item,item_label,collection,level,area_code,area_name,measure,value,base,unit,note"
    )
    assert rows[2] == "T09,j03,Teenage pregnancy,2009/10,england,E92000001,England,joint,81,74,percent,"


def test_workbook_has_numbers_as_numbers_and_a_sheet_of_notes(joint, tmp_path):
    path = tmp_path / "t09.xlsx"
    path.write_bytes(as_xlsx(TABLES["T09"], joint))

    book = load_workbook(path)

    assert book.sheetnames == ["Figures", "How to read"]
    assert book["Figures"]["I3"].value == 81
    assert book["Figures"]["I2"].value == "N/A"


def test_json_explains_its_marks(joint):
    assert b'"no return"' in as_json(TABLES["T09"], joint)


def test_page_has_a_column_for_each_year_and_the_change(joint):
    page = page_table(
        TABLES["T09"], Lines(joint), Choice("2009/10", "2008/09"), caption="Joint", head="Area of work"
    )

    assert page.heads == ["Area of work", "2008/09", "2009/10", "Change, points", "Base"]
    assert [row["cells"] for row in page.rows] == [
        ["N/A", "81%", "N/A", "74"],
        ["91%", "41%", "\N{MINUS SIGN}50", "74"],
    ]
    assert [mark["mark"] for mark in page.marks] == ["N/A"]


def test_row_that_no_shown_year_asks_is_not_on_the_page(joint):
    earlier = [line for line in joint if line.collection == "2008/09"]

    page = page_table(TABLES["T09"], Lines(earlier), Choice("2008/09", ""), caption="", head="")

    assert [row["label"] for row in page.rows] == ["CAMHS"]


def test_finding_names_the_largest_and_the_smallest_share(joint):
    table, choice = TABLES["T09"], Choice("2009/10", "2008/09")

    words = finding(table, bars(table, Lines(joint), choice), choice, where="England")

    assert words == "England, 2009/10: from 81% of authorities (Teenage pregnancy) to 41% (CAMHS)."


def test_drawing_puts_full_shares_at_the_end_of_the_axis(joint):
    table = TABLES["T09"]
    drawn = drawing(bars(table, Lines(joint), Choice("2009/10", "2008/09")), width=740, label_width=420)

    assert drawn.ticks[0]["x"] == 428
    assert drawn.rows[0]["before"] is None
    assert drawn.rows[1]["now"] == 428 + round((740 - 420 - 72) * 0.41, 1)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Value(76, 74), "76%"), (Value(1204, unit="count"), "1,204"), (Value(3, unit="points"), "+3"),
        (Value(0, unit="points"), "0"), (Value("yes", unit="answer"), "Yes"),
        (Value("no return", unit="answer"), "no return"),
    ],
)  # fmt: skip
def test_values_are_shown_in_words_of_the_page(value, words):
    assert shown(value) == words


def test_map_hatches_authorities_without_an_answer():
    hexagons = [Hexagon("E1", "One", 1, 1, "North"), Hexagon("E2", "Two", 2, 2, "North")]

    found = answer_map(hexagons, {"E1": "no return", "E2": "yes"}, item="CAMHS", collection="2008/09")

    assert [(cell.kind, cell.words) for cell in found.cells] == [
        ("5", "Two: yes"),
        ("none", "One: no return"),
    ]
    assert found.key == [("5", "Yes"), ("none", "No return or no answer")]


def test_map_draws_no_border_between_neighbours_of_one_region():
    north = [Hexagon("E1", "One", 1, 2, "North"), Hexagon("E2", "Two", 2, 2, "North")]
    divided = [north[0], replace(north[1], region="South")]

    def sides(hexagons):
        return answer_map(hexagons, {}, item="", collection="").border.count("M")

    assert (sides(north), sides(divided)) == (10, 12)
