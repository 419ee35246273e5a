"""Definitions are refused where they are wrong, and where a code would change its meaning."""

import json
from pathlib import Path

import pytest

from questionnaires.answer_types import TYPES
from questionnaires.definition import NotAsked
from questionnaires.integrity import (
    compare_with_lock,
    faults,
    faults_of_file,
    lock_path,
    meaning,
    write_lock,
)
from questionnaires.rules import CHECKS
from questionnaires.sources import FOLDER, LISTS, read

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "definitions.md"
REAL = [FOLDER / "service.yaml", FOLDER / "childrens_trust.yaml"]


def question(key="T1", kind="whole_number", **more):
    return {"key": key, "label": "A question", "type": kind, **more}


def definition(*questions, **more):
    return {
        "key": "small",
        "code": "T",
        "title": "Small",
        "part": "services",
        "respondents": ["LA"],
        "sections": [{"key": "A", "title": "A", "questions": list(questions)}],
    } | more


def table(**more):
    columns = [{"key": "n", "label": "N", "type": "whole_number"}]
    return question(kind="table", columns=columns, rows=[{"key": "a", "label": "A"}]) | more


def rule(**more):
    return {"id": "R1", "severity": "hard", "check": "at_most", "of": "T1"} | more


OPTIONS = [{"key": "a", "label": "A"}, {"key": "b", "label": "B"}]


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_real_definitions_have_no_faults(path):
    assert [str(fault) for fault in faults_of_file(path)] == []


@pytest.mark.parametrize("year", ["2007/08", "2008/09", "2009/10"])
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_real_definitions_mean_what_they_meant(path, year):
    assert compare_with_lock(read(path), year) == []


def test_reference_names_every_check_and_every_type():
    text = REFERENCE.read_text(encoding="utf-8")

    assert [name for name in (*CHECKS, *TYPES) if f"`{name}`" not in text] == []


def test_each_collection_is_locked():
    locked = {year: json.loads(lock_path(year).read_text()) for year in ("2007/08", "2008/09", "2009/10")}

    everything = sorted(path.stem for path in FOLDER.glob("*.yaml") if path.name != LISTS)
    assert {year: sorted(lock) for year, lock in locked.items()} == {
        "2007/08": ["service"],
        "2008/09": everything,
        "2009/10": everything,
    }


def test_good_small_definition_has_no_faults():
    assert faults(definition(question(), question("T2", when={"question": "T1", "more_than": 0}))) == []


@pytest.mark.parametrize(
    ("source", "code", "message"),
    [
        (definition(question(), question()), "T1", "T1 stands twice"),
        (
            definition(question(when={"question": "T2", "is": 1}), question("T2")),
            "T1",
            "its condition refers to T2, which comes later or is not there",
        ),
        (
            definition(question(when={"question": "T1", "is": 1})),
            "T1",
            "its condition refers to T1, which comes later or is not there",
        ),
        (
            definition(
                question(kind="one", options=OPTIONS), question("T2", when={"question": "T1", "is": "c"})
            ),
            "T2",
            "its condition looks for 'c', which is no answer of T1",
        ),
        (
            definition(
                question(kind="one", options=OPTIONS),
                question("T2", when={"any": [{"question": "T1", "in": ["a", "d"]}]}),
            ),
            "T2",
            "its condition looks for 'd', which is no answer of T1",
        ),
        (
            definition(table(), question("T2", when={"question": "T1", "column": "m", "is": 1})),
            "T2",
            "its condition refers to column m of T1, which is not there",
        ),
        (definition(question(when={"question": "T9"})), "T1", "cannot read the condition {'question': 'T9'}"),
        (definition(question(kind="one", options=OPTIONS + OPTIONS[:1])), "T1", "options: a stands twice"),
        (definition(table(rows=[{"key": "a", "label": "A"}] * 2)), "T1", "rows: a stands twice"),
        (
            definition(table(columns=[{"key": "n", "label": "N", "type": "text", "only": ["z"]}])),
            "T1",
            "column n names the row z, which is not there",
        ),
        (definition(question(kind="one")), "T1", "T1 is a choice without options"),
        (definition(question(options=OPTIONS)), "T1", "T1 has options but is no choice"),
        (definition(question(multiple="yes")), "T1", "T1 takes several answers: make it many"),
        (definition(question(kind="computed")), "T1", "T1 is computed without a formula or ratio"),
        (
            definition(question(kind="computed", formula="T2|*|n")),
            "T1",
            "its formula refers to T2|*|n, which is not there",
        ),
        (
            definition(question(), question("T2", "computed", ratio={"of": "T1", "per": "T9"})),
            "T2",
            "its formula refers to T9, which is not there",
        ),
        (
            definition(question(), question("T2", rules=[rule(check="guess")])),
            "T2",
            "rule R1: there is no check guess",
        ),
        (
            definition(question(rules=[{"id": "R1", "severity": "hard", "check": "at_most"}])),
            "T1",
            "rule R1: at_most needs of",
        ),
        (
            definition(question(), question("T2", rules=[rule(by=2)])),
            "T2",
            "rule R1: at_most does not take by",
        ),
        (
            definition(question(), question("T2", rules=[rule(of="T3")])),
            "T2",
            "rule R1 refers to T3, which is not there",
        ),
        (
            definition(question(), question("T2", rules=[rule(of="T1|*|*")])),
            "T2",
            "rule R1 refers to T1|*|*, which is not there",
        ),
        (
            definition(table(rules=[rule(check="each_at_most", of="T1", column="m")])),
            "T1",
            "rule R1 names the column m, which is not there",
        ),
        (
            definition(question(), question("T2", rules=[rule(severity="soft")] * 2)),
            "T2",
            "rule R1 stands twice: reasons given for one would count for the other",
        ),
        (definition(question(label="On {day}")), "T1", "label: an unknown placeholder in “On {day}”"),
        (
            definition(question(), relaxed={"when": {"question": "T1", "is": 1}, "except": ["T5"]}),
            "T5",
            "relaxed names T5, which is not there",
        ),
    ],
)
def test_fault_is_found_and_named(source, code, message):
    assert (code, message) in faults(source)


@pytest.mark.parametrize(
    ("source", "code", "part"),
    [
        (definition(question(kind="number")), "T1", "'number' is not one of"),
        (definition(question(colour="red")), "T1", "'colour' was unexpected"),
        (definition(question(kind="table")), "T1", "'columns' is a required property"),
        (definition(question(columns=[])), "T1", "should not be valid"),
        (definition(question(), part="sports"), "", "'sports' is not one of"),
    ],
)
def test_shape_that_the_schema_refuses_is_named(source, code, part):
    found = faults(source)

    assert any(where == code and part in message for where, message in found)


def test_fault_in_a_file_names_its_line(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(
        "key: small\ncode: T\ntitle: Small\npart: services\nrespondents: [LA]\nsections:\n"
        "  - key: A\n    title: A\n    questions:\n"
        "      - key: T1\n        label: On {day}\n        type: text\n"
    )

    assert [str(fault) for fault in faults_of_file(path)] == [
        "small.yaml:10: label: an unknown placeholder in “On {day}”"
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("key: [", "small.yaml:2: is not YAML"),
        ("key: a\nkey: b\n", "'key' stands twice in one mapping"),
        ("key: a\noptions: {list: nowhere}\n", "small.yaml: no shared list is called 'nowhere'"),
    ],
)
def test_file_that_cannot_be_read_is_a_fault(tmp_path, text, message):
    path = tmp_path / "small.yaml"
    path.write_text(text)

    (fault,) = faults_of_file(path)

    assert message in str(fault)


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({"type": "dec2"}, "type"),
        ({"unit": "beds"}, "unit"),
        ({"at": "month"}, "at"),
        ({"when": {"question": "T1", "is": 2}}, "when"),
        ({"rows": OPTIONS}, "rows"),
        ({"options": OPTIONS[:1]}, "options"),
        ({"columns": [{"key": "n", "label": "N", "type": "text"}]}, "columns"),
    ],
)
def test_changed_meaning_is_refused_and_the_code_named(tmp_path, changed, names):
    old = question("T2", at="census_date", unit="children", when={"question": "T1", "is": 1}, options=OPTIONS)
    write_lock([definition(question(), old)], "2009/10", tmp_path)

    differences = compare_with_lock(definition(question(), old | changed), "2009/10", tmp_path)

    assert differences == [f"T2 meant something else in 2009/10 ({names}). Give the question a new code."]


def test_corrected_wording_keeps_its_meaning(tmp_path):
    write_lock([definition(question())], "2009/10", tmp_path)

    assert (
        compare_with_lock(definition(question(label="Better words", help="Help")), "2009/10", tmp_path) == []
    )


def test_question_that_appears_or_vanishes_is_refused(tmp_path):
    write_lock([definition(question())], "2009/10", tmp_path)

    assert compare_with_lock(definition(question("T2")), "2009/10", tmp_path) == [
        "T1 was asked in 2009/10 and is gone. Give it asked_to instead.",
        "T2 was not asked in 2009/10. Give it asked_from.",
    ]
    later = definition(question(), question("T2", asked_from="2010/11"))
    assert compare_with_lock(later, "2009/10", tmp_path) == []


def test_collection_without_a_lock_takes_anything(tmp_path):
    assert compare_with_lock(definition(question()), "2010/11", tmp_path) == []


def test_meaning_of_a_questionnaire_outside_its_years_is_not_there():
    with pytest.raises(NotAsked):
        meaning(definition(question(), asked_from="2010/11"), "2009/10")
