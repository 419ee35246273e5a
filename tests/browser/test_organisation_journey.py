"""What an authority says about itself, answered with the keyboard alone."""

import pytest

from tests.browser.keyboard import ways
from tests.browser.pages import PHONE, WIDE
from tests.browser.prepared import Office
from tests.people import PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("registers")]


@ways((True, WIDE), (False, PHONE))
@pytest.mark.parametrize("key", ["organisation", "local_authority"])
def test_an_authority_answers_about_itself(typist, key, scripts, size):
    office = Office("trafford")
    response = office.response_of_organisation(key)
    answers = office.to_type(response)
    lead = typist(scripts=scripts, size=size)
    lead.sign_in_by_key(office.lead.email, PASSWORD)
    lead.follow_by_key("Organisation")
    lead.follow_by_key(str(response))
    while f"/responses/{response.pk}/" in (here := lead.path()):
        lead.answer_by_key(answers)
        assert lead.path() != here

    kept = office.kept(response)
    assert set(answers) <= set(kept.cells)
    assert kept.progress == "complete"
