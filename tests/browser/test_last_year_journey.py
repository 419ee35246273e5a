"""Last year's answers as a starting point, with the keyboard alone."""

import pytest

from tests.browser.keyboard import ways
from tests.browser.pages import PHONE, WIDE
from tests.browser.prepared import Office
from tests.people import PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("registers")]


@ways((True, PHONE), (False, WIDE))
def test_last_years_section_is_confirmed_and_one_answer_changed(typist, scripts, size):
    office = Office("trafford")
    response = office.carried_response("08")
    carried = {
        cell for cell, kept in response.cells.items() if cell.startswith("SVC-B") and kept["o"] == "carried"
    }
    assert len(carried) > 5
    manager = typist(scripts=scripts, size=size)
    manager.sign_in_by_key(office.manager.email, PASSWORD)
    manager.open(f"/trafford/returns/2009-10/responses/{response.pk}/B/")

    manager.confirm_all_by_key()
    manager.take_all_back_by_key()
    assert {office.kept(response).cells[cell]["o"] for cell in carried} == {"carried"}
    manager.confirm_all_by_key()
    manager.answer_by_key({"SVC-B03": "6"})

    kept = office.kept(response)
    assert kept.cells["SVC-B03"] == {"v": 6, "o": "typed"}
    assert {kept.cells[cell]["o"] for cell in carried - {"SVC-B03"}} == {"confirmed"}
    assert kept.sections["B"]["progress"] == "complete"
