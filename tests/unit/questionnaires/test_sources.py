"""Definitions that take sections from modules: reading them, what is wrong with them, their codes."""

import os
import re

import pytest

from questionnaires.definition import load
from questionnaires.integrity import codes_of, faults_of_file, faults_of_module, meaning, unnamed_modules
from questionnaires.sources import read

CORE = """\
key: small
code: T
title: Small
part: services
respondents: [LA]
sections:
  - key: A
    title: Core
    questions:
      - {key: T1, label: First, type: yn}
  - {from: small/beds.yaml}
"""
MODULE = """\
sections:
  - key: BED
    title: Beds
    when: {question: T1, is: yes}
    questions:
      - key: BED01
        label: Which kinds?
        type: many
        options: {list: kinds}
"""


@pytest.fixture
def path(tmp_path):
    """A definition that names its one module, and a list that the module uses."""
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "beds.yaml").write_text(MODULE)
    (tmp_path / "lists.yaml").write_text("kinds: {day: Day, night: Night}\n")
    path = tmp_path / "small.yaml"
    path.write_text(CORE)
    return path


def texts(faults):
    return [str(fault) for fault in faults]


def test_sections_of_a_module_stand_in_the_definition_in_full(path):
    content = read(path)

    assert [section["key"] for section in content["sections"]] == ["A", "BED"]
    assert [option["key"] for option in content["sections"][1]["questions"][0]["options"]] == ["day", "night"]


def test_changed_module_is_read_anew(path):
    assert "BED02" not in load(path, "2009/10").questions

    module = path.parent / "small" / "beds.yaml"
    module.write_text(MODULE + "      - {key: BED02, label: Beds, type: whole_number}\n")
    os.utime(module, ns=(1, 1))

    assert "BED02" in load(path, "2009/10").questions


def test_good_definition_with_a_module_has_no_faults(path):
    assert faults_of_file(path) == []
    assert unnamed_modules(path) == []


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("label: Which kinds?", "label: On {day}?", "small/beds.yaml:6: label: an unknown placeholder"),
        ("key: BED01", "key: T1", "small/beds.yaml:6: T1 stands twice"),
        ("question: T1", "question: BED01", "small/beds.yaml:2: its condition refers to BED01, which comes"),
        ("question: T1", "word: T1", "small/beds.yaml:2: sections.1.when"),
        ("    title: Beds\n", "", "small/beds.yaml:2: sections.1: 'title' is a required property"),
        ("        type: many", "        key: BED02", "small/beds.yaml:8: is not YAML"),
        ("sections:", "parts:", "small/beds.yaml: a module holds a list of sections"),
    ],
)
def test_fault_in_a_module_names_its_file_and_line(path, before, after, fault):
    module = path.parent / "small" / "beds.yaml"
    module.write_text(MODULE.replace(before, after, 1))

    assert any(text.startswith(fault) for text in texts(faults_of_file(path)))


def test_module_outside_the_folder_of_the_definition_is_refused(path):
    path.write_text(CORE.replace("small/beds.yaml", "../beds.yaml"))

    assert texts(faults_of_file(path)) == [
        "small.yaml: ../beds.yaml is no module: those of small.yaml stand in small/"
    ]


def test_module_that_is_not_named_yet_is_checked_as_if_it_were(path):
    module = path.parent / "small" / "wards.yaml"
    module.write_text(MODULE.replace("BED", "WARD").replace("Which kinds?", "On {day}?"))

    assert faults_of_file(path) == []
    assert unnamed_modules(path) == [module]
    (fault,) = faults_of_module(path, module)
    assert re.match("small/wards.yaml:6: label: an unknown placeholder", str(fault))


def test_codes_are_those_of_the_definition_and_all_its_modules(path):
    (path.parent / "small" / "wards.yaml").write_text(MODULE.replace("BED", "WARD"))

    assert codes_of(path) == ["T T1", "T BED01", "T WARD01"]


def test_condition_of_a_section_is_part_of_what_its_questions_mean(path):
    before = meaning(read(path), "2009/10")
    path.with_suffix("").joinpath("beds.yaml").write_text(MODULE.replace("is: yes", "is: no"))
    after = meaning(read(path), "2009/10")

    assert [code for code in before if before[code] != after[code]] == ["BED01"]
