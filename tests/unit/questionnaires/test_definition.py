"""Reading definitions: files, years, wording, and what survives the database."""

import json

import pytest

from questionnaires.definition import Column, NotAsked, load, next_row, repeated_rows
from questionnaires.sources import FOLDER, read
from questionnaires.wording import Dates, worded
from tests.unit.questionnaires.helpers import service, small, trust

# Questions of sections A to H and Z of the core, and of A to E of the Children's Trust questionnaire.
CORE = {"A": 23, "B": 11, "C": 11, "D": 7, "E": 10, "F": 21, "G": 9, "H": 12, "Z": 4}
TRUST = {"A": 8, "B": 10, "C": 6, "D": 5, "E": 6}


@pytest.mark.parametrize("year", ["2007/08", "2008/09", "2009/10"])
def test_service_questionnaire_has_every_question_of_the_core(year):
    core = [section for section in service(year).sections if section.when is None]

    assert {section.key: len(section.questions) for section in core} == CORE


@pytest.mark.parametrize("year", ["2008/09", "2009/10"])
def test_trust_questionnaire_has_every_question(year):
    assert {section.key: len(section.questions) for section in trust(year).sections} == TRUST
    assert len(trust(year).question("CTQC3").rows) == 31


def test_trust_questionnaire_is_not_asked_in_2007():
    with pytest.raises(NotAsked):
        trust("2007/08")


@pytest.mark.parametrize("name", ["service", "childrens_trust"])
def test_definition_survives_storage_that_keeps_no_order_of_keys(name):
    path = FOLDER / f"{name}.yaml"
    stored = json.loads(json.dumps(read(path), sort_keys=True))

    ours, theirs = load(path, "2009/10"), load(stored, "2009/10")

    for code, question in ours.questions.items():
        other = theirs.question(code)
        assert [option.key for option in question.options] == [option.key for option in other.options]
        assert [cell.id for cell in ours.cells(code)] == [cell.id for cell in theirs.cells(code)]
        assert question.rules == other.rules


def test_file_is_loaded_once():
    assert service() is service()


def test_cell_is_found_by_its_place():
    questionnaire = service()

    assert questionnaire.cell("SVC-F01").id == "SVC-F01"
    assert questionnaire.cell("SVC-F08", "", "n").id == "SVC-F08||n"
    assert questionnaire.cell("SVC-D01", "1", "name").id == "SVC-D01|r1|name"
    assert questionnaire.cell("SVC-F14", "NK", "n").id == "SVC-F14|NK|n"


@pytest.mark.parametrize(
    "place",
    [
        ("SVC-X99",),
        ("SVC-F01", "a0"),
        ("SVC-F09",),
        ("SVC-F09", "a0"),
        ("SVC-F09", "a99", "n"),
        ("SVC-D01", "", "name"),
        ("SVC-E01", "sc_fc", "wte"),
        ("SVC-F14", "NK", "area"),
    ],
)
def test_cell_that_is_not_there_is_none(place):
    assert service().cell(*place) is None


@pytest.mark.parametrize(
    ("words", "unit", "head"),
    [
        ("Spent", "£", "Spent (£)"),
        ("In post", "WTE", "In post (WTE)"),
        ("WTE in post", "WTE", "WTE in post"),
        ("Bed days", "days", "Bed days"),
        ("Chair", "", "Chair"),
    ],
)
def test_a_head_says_the_unit_once(words, unit, head):
    column = Column(key="n", label=words, unit=unit)

    assert (column.head, column.short_head) == (head, head)


def test_zeros_are_put_only_where_every_row_is_asked_for_a_figure():
    of_trust, of_service = trust(), service()

    assert of_service.question("SVC-F09").column("n").takes_zeros
    assert not of_trust.question("CTQE2").column("pooled_amount").takes_zeros
    assert not of_trust.question("CTQB2").column("seats").takes_zeros
    assert not of_trust.question("CTQB2").column("on").takes_zeros


def test_repeatable_rows_come_in_the_order_they_were_added():
    question = service().question("SVC-D01")
    answers = {f"SVC-D01|{row}|name": {"v": "x"} for row in ("r10", "r2")} | {"SVC-D01|r3|name": {}}

    assert repeated_rows(question, answers) == ["r2", "r10"]
    assert next_row(question, answers) == "r11"
    assert next_row(question, {}) == "r1"


def test_wording_prints_the_dates_of_the_collection():
    words = worded(service(), Dates.of("2009/10"))

    assert words.question("SVC-A10").label == "Did the service take people on 30 November 2009?"
    assert words.question("SVC-F02").label == "How many different children were seen during November 2009?"
    assert words.question("SVC-E05").label == "How many staff left and joined in 2008/09?"
    assert words.question("SVC-E06").column("hours").label == "Hours given in November 2009"
    assert words.question("SVC-G05").label == "Budgeted pay cost of the team in 2009/10"


def test_wording_of_a_service_counted_over_the_half_year():
    words = worded(service(), Dates.of("2009/10"), "half_year")

    assert (
        words.question("SVC-F02").label
        == "How many different children were seen during June to November 2009?"
    )


def test_no_placeholder_is_left_in_any_text():
    for questionnaire in (service(), trust()):
        words = worded(questionnaire, Dates.of("2009/10"))
        texts = [
            text
            for q in words.questions.values()
            for part in (q, *q.columns)
            for text in (part.label, part.help)
        ]
        assert [text for text in texts if "{" in text] == []


def test_options_rows_and_questions_follow_the_years_they_are_asked():
    question = {
        "key": "T1",
        "label": "T",
        "type": "one",
        "asked_from": "2009/10",
        "options": {"a": "A", "b": {"label": "B", "asked_to": "2008/09"}},
    }
    gone = {"key": "T2", "label": "T", "type": "text", "asked_to": "2008/09"}

    questionnaire = small(question, gone)

    assert list(questionnaire.questions) == ["T1"]
    assert [option.key for option in questionnaire.question("T1").options] == ["a"]


def test_figures_of_people_staff_and_money_are_suppressed():
    core = [question for code, question in service().questions.items() if code.startswith("SVC-")]
    suppressed = {question.code for question in core if question.suppress}

    activity = {f"F{number:02}" for number in range(1, 20)} - {"F15"}
    others = {"C07", "C08", "C09", "C10", "E01", "E03", "E05", "G05", "G06", "G07", "H03", "H09"}
    assert suppressed == activity | others
    assert not any(question.suppress for question in trust().questions.values())


def test_an_earlier_answer_keeps_the_name_of_an_option_that_has_gone():
    options = {"a": "A", "b": {"label": "B", "asked_to": "2008/09"}, "c": "C"}
    questionnaire = small(
        {"key": "T1", "label": "T", "type": "one", "options": options},
        {"key": "T2", "label": "T", "type": "many", "options": options},
    )
    one, many = questionnaire.questions.values()

    assert [option.key for option in one.options] == ["a", "c"]
    assert one.kind.shown({"v": "b"}, one) == "B (no longer asked)"
    assert many.kind.shown({"v": ["c", "b", "a"]}, many) == "A; C; B (no longer asked)"
