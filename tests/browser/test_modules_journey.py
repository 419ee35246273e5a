"""Modules of a service, answered with the keyboard alone."""

import pytest

from tests.browser.keyboard import ways
from tests.browser.pages import PHONE, WIDE
from tests.browser.prepared import TEAM, Office
from tests.people import PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("registers")]


@ways((True, WIDE), (False, PHONE))
def test_a_camhs_team_answers_its_module(typist, scripts, size):
    answer_module(typist(scripts=scripts, size=size), Office("trafford"), "08", "CAM")


@ways((False, WIDE), (True, PHONE))
def test_a_maternity_unit_answers_its_module(typist, scripts, size):
    office = Office("trafford-healthcare-nhs-trust")
    answer_module(typist(scripts=scripts, size=size), office, "01", "MAT")


def answer_module(manager, office, category, module):
    """The manager of a service answers what only its category is asked, the last that was left."""
    response = office.response_of_service(category)
    answers = office.left_to_type(response, module)
    assert len(answers) > 20
    manager.sign_in_by_key(office.manager.email, PASSWORD)
    manager.follow_by_key(TEAM)
    assert manager.path().endswith(f"/responses/{response.pk}/{module}/")

    manager.answer_by_key(answers)

    kept = office.kept(response)
    assert set(answers) <= set(kept.cells)
    assert kept.progress == "complete"
