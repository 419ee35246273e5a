"""The operator's check of definition files."""

import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from questionnaires.sources import FOLDER

CODES = (Path(__file__).parents[2] / "data" / "question_codes.txt").read_text(encoding="utf-8").splitlines()


def test_definitions_of_the_site_are_sound(capsys):
    call_command("check_definitions")

    assert "definitions are sound" in capsys.readouterr().out


def test_fault_is_named_with_its_file_and_code(tmp_path):
    folder = tmp_path / "definitions"
    shutil.copytree(FOLDER, folder)
    path = folder / "childrens_trust.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("key: CTQB4", "key: CTQB3", 1), encoding="utf-8")

    with pytest.raises(CommandError, match=r"childrens_trust.yaml.*CTQB3 stands twice"):
        call_command("check_definitions", "--directory", folder)


def test_change_of_meaning_is_named_with_the_locked_collection(tmp_path):
    folder = tmp_path / "definitions"
    shutil.copytree(FOLDER, folder)
    path = folder / "childrens_trust.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("          lead_member: ", "          elected_member: ", 1), encoding="utf-8"
    )

    with pytest.raises(CommandError, match="CTQB1 meant something else in 2008/09"):
        call_command("check_definitions", "--directory", folder)


def test_folder_without_definitions_is_an_error(tmp_path):
    with pytest.raises(CommandError, match="holds no definition files"):
        call_command("check_definitions", "--directory", tmp_path)


def codes_printed(capsys):
    call_command("check_definitions", "--codes")
    return sorted(capsys.readouterr().out.split("\n")[:-1])


def test_codes_of_a_questionnaire_are_those_of_the_instruments(capsys):
    printed = codes_printed(capsys)
    present = {line.split()[0] for line in printed}

    assert printed == sorted(line for line in CODES if line.split()[0] in present)


def test_codes_of_all_questionnaires_are_those_of_the_instruments(capsys):
    assert codes_printed(capsys) == sorted(CODES)
