"""The book of questions: on screen, as workbook, as PDF."""

import io

import pytest
from django.conf import settings
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from questionnaires.across_examples import across_examples
from questionnaires.examples import examples_of
from questionnaires.loading import load_definitions
from questionnaires.models import Pin
from questionnaires.queries import definition_of
from reports.book import files
from reports.book.checks import KNOWN, checks_of
from reports.book.contents import book_of
from reports.tasks import make_missing_books
from tests.factories import CollectionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def collection():
    found = CollectionFactory()
    load_definitions()
    return found


@pytest.fixture(autouse=True)
def files_of_its_own(tmp_path, settings):
    settings.FILES_DIR = tmp_path


def questions_of(collection):
    pins = Pin.objects.filter(collection=collection)
    return {
        code for pin in pins for code in definition_of(pin.definition_version_id, collection.name).questions
    }


def test_the_book_holds_each_question_of_the_collection_once(collection):
    entries = [
        question.key
        for questionnaire in book_of(collection).questionnaires
        for section in questionnaire.sections
        for question in section.questions
    ]
    assert sorted(entries) == sorted(questions_of(collection))


def test_a_page_shows_questions_with_their_conditions_and_checks(client, collection):
    address = reverse("reports:book_questionnaire", kwargs={"collection": collection, "key": "service"})
    page = client.get(address).content.decode()
    assert "Asked if A10 is Merged into another service" in page
    assert "A-H1" in page and "30 November 2009" in page and "{census_date}" not in page
    assert client.get(address.replace("service", "nothing")).status_code == 404


def test_the_workbook_has_a_sheet_for_each_questionnaire(client, collection):
    content = client.get(reverse("reports:book_workbook", kwargs={"collection": collection})).content
    workbook = load_workbook(io.BytesIO(content))
    assert len(workbook.sheetnames) == 1 + Pin.objects.filter(collection=collection).count()
    lines = [
        row
        for name in workbook.sheetnames[1:]
        for row in workbook[name].iter_rows(min_row=2, values_only=True)
    ]
    assert len(lines) == len(questions_of(collection))
    assert not [value for line in lines for value in line if str(value).startswith("=")]


def test_the_pdf_is_made_once_by_a_worker_and_then_given(client, collection, monkeypatch):
    asked = []
    monkeypatch.setattr(files, "ask_for", asked.append)
    address = reverse("reports:book_pdf", kwargs={"collection": collection})
    assert client.get(address).status_code == 202
    assert asked == [collection]
    make_missing_books()
    content = client.get(address).content
    assert content.startswith(b"%PDF")
    assert f"the questions of {collection.name}" in PdfReader(io.BytesIO(content)).metadata.title
    assert files.make(collection) is False, "it is there already"
    assert settings.FILES_DIR in files.store._path(files.key_of(book_of(collection))).parents


def test_the_catalogue_shows_each_rule_with_what_the_site_says(client, collection):
    address = reverse("reports:book_checks", kwargs={"collection": collection})
    page = client.get(address, {"q": "B-H2"}).content.decode()
    assert "An example at B03" in page and "Must be put right" in page
    assert client.get(address, {"severity": "soft"}).content.decode().count("Asks for a reason") > 30
    assert "No check like that" in client.get(address, {"q": "xyzzy"}).content.decode()


def test_every_rule_of_the_collection_is_in_the_catalogue(collection):
    carried = {
        rule.id
        for pin in Pin.objects.filter(collection=collection)
        for question in definition_of(pin.definition_version_id, collection.name).questions.values()
        for rule in question.rules
    }
    entries = checks_of(collection)
    assert {entry.id for entry in entries} >= carried
    others = {example.rule for example in across_examples()} | {"GS4"}  # which no single question carries
    assert {entry.id for entry in entries} - carried <= others
    assert [entry.id for entry in entries if not (entry.example and entry.example.passes)] == []
    assert [entry.id for entry in entries if not (entry.example.fails and entry.example.message)] == []


def test_an_example_tells_what_is_known_beside_the_answers(collection):
    examples = {entry.anchor: entry.example for entry in checks_of(collection)}

    last = [(label, text) for label, text in examples["F-S1"].same if label.startswith("Last year")]
    assert last == [("Last year, F01 Children on the caseload", "100")]
    assert [text for _, text in examples["GS7"].passes] == ["2 years"]
    assert [text for _, text in examples["GS7"].fails] == ["3 years"]
    assert {name for example in examples_of() for name in example.fails.known} <= set(KNOWN)


def test_every_rule_has_an_address_of_its_own_on_one_page(client, collection):
    address = reverse("reports:book_checks", kwargs={"collection": collection})
    anchors = [entry.anchor for entry in checks_of(collection)]
    page = client.get(address).content.decode()

    assert len(anchors) == len(set(anchors)) > 100
    assert [anchor for anchor in anchors if f'id="{anchor}"' not in page] == []
    assert 'id="F-S1"' in client.get(address, {"q": "caseload"}).content.decode()


def test_the_catalogue_says_by_what_a_rule_speaks_in_this_collection(client, collection):
    collection.thresholds = {
        "change_share": 0.4,
        "questions": {"SVC-F02": {"GS1": {"change_least": 9}}},
        "off": ["GS7", "GS1 SVC-F03"],
    }
    collection.save()
    limits = {entry.anchor: entry.limits for entry in checks_of(collection)}

    assert limits["GS1"] == (
        "In this collection: more than 40% from last year and more than 5 from last year.",
        "At F02: more than 9 from last year.",
        "Switched off at F03.",
    )
    assert limits["GS7"] == ("Switched off.",)
    assert limits["A-H1"] == ()
    page = client.get(reverse("reports:book_checks", kwargs={"collection": collection})).content.decode()
    assert "At F02: more than 9 from last year." in page
