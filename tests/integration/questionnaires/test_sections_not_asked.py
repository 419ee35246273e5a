"""A section of another category: nowhere shown, not counted, not delegated."""

import shutil

import pytest

from accounts import tenancy
from accounts.actions import Refused
from mapping.returns import actions as returns
from mapping.returns.models import ServiceEntry
from mapping.returns.queries.asked import asked_of as what_is_asked
from questionnaires import actions
from questionnaires.loading import load_definitions
from questionnaires.models import Delegation
from questionnaires.queries.lists import asked_about, part_of, sections_to_give
from questionnaires.sources import FOLDER
from tests.integration.questionnaires.conftest import address

SECTION = """\
  - key: EXT
    title: Extra
    when: {question: SVC-A02, is: "20"}
    questions:
      - {key: EXT01, label: "Is there more?", type: yn, mandatory: yes}

  - key: Z
"""


@pytest.fixture
def youth(tmp_path, organisation, annual_return, collections, lead):
    """The youth offending team, opened where its category alone is asked one more section."""
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "service.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("  - key: Z\n", SECTION, 1), encoding="utf-8")
    load_definitions(tmp_path)
    with tenancy.scope(organisation):
        entry = ServiceEntry.objects.get(annual_return=annual_return, category="20")
        part, pin = part_of(annual_return, "services"), collections[1].pins.get(key="service")
        return actions.open_response(part, pin, by=lead, service_entry=entry)


def sections_given(organisation, *responses):
    with tenancy.scope(organisation):
        part, pin = part_of(responses[0].part.annual_return, "services"), responses[0].pin
        return {s.key for s in sections_to_give(part, pin, [one.service_entry for one in responses])}


def test_section_is_shown_to_its_category_only(client, lead, youth, response):
    client.force_login(lead)

    assert address(youth, "EXT") in client.get(address(youth, "A")).content.decode()
    assert address(response, "EXT") not in client.get(address(response, "A")).content.decode()
    assert client.get(address(youth, "EXT")).status_code == 200
    assert client.get(address(response, "EXT")).status_code == 404
    assert "Is there more?" not in client.get(address(response, page="full")).content.decode()


def test_section_counts_for_its_category_only(youth, response, fresh):
    assert fresh(youth).sections["EXT"]["missing"] == 1
    assert "EXT" not in fresh(response).sections


def test_section_is_offered_where_one_of_the_services_has_it(organisation, youth, response):
    assert "EXT" in sections_given(organisation, youth, response)
    assert "EXT" not in sections_given(organisation, response)


def test_section_is_given_for_the_services_that_have_it(organisation, youth, response, contributor, lead):
    with tenancy.scope(organisation):
        actions.delegate([youth, response], actions.Asked(to=contributor), sections=["A", "EXT"], by=lead)
        given = set(Delegation.objects.values_list("response", "section"))

        with pytest.raises(Refused, match="None of these sections is asked"):
            actions.delegate([response], actions.Asked(to=contributor), sections=["EXT"], by=lead)

    assert given == {(youth.pk, "A"), (youth.pk, "EXT"), (response.pk, "A")}


@pytest.fixture
def moved(organisation, youth, contributor, lead):
    """The contributor answered the section of category 20; then the service turned out to be of another category."""
    with tenancy.scope(organisation):
        (given,) = actions.delegate([youth], actions.Asked(to=contributor), sections=["EXT"], by=lead)
        actions.save_cells(youth, {"EXT01": {"v": "yes"}}, seen_version=0, by=contributor)
        returns.edit_entry(ServiceEntry.objects.get(pk=youth.service_entry_id), {"category": "21"}, by=lead)
    return given


def test_who_was_asked_a_section_that_fell_away_reads_that_nothing_is_left(client, contributor, youth, moved):
    client.force_login(contributor)

    pages = [client.get(address(youth, where), follow=True) for where in ("", "EXT")]

    for page in pages:
        assert page.status_code == 200
        assert (
            "You were asked for section EXT. It is not asked of this service any more"
            in page.content.decode()
        )
    assert client.get(address(youth, "A")).status_code == 404


def test_what_is_sent_for_a_section_that_fell_away_is_refused_in_words(
    client, contributor, youth, moved, fresh
):
    client.force_login(contributor)

    answer = client.post(address(youth, "EXT"), {"EXT01": "no"}, headers={"Accept": "application/json"})

    assert (answer.status_code, answer.json()) == (409, {"refused": "Section EXT is not asked any more."})
    assert fresh(youth).cells["EXT01"]["v"] == "yes"


def test_a_section_that_fell_away_is_on_no_list_and_nobody_is_reminded_of_it(
    organisation, annual_return, contributor, lead, youth, moved
):
    with tenancy.scope(organisation):
        entries = [youth.service_entry_id]
        assert what_is_asked(annual_return, contributor) == []
        assert asked_about(annual_return, lead, [str(pk) for pk in entries]) == []
        assert actions.nudge_all([moved], by=lead) == ([], [])
        with pytest.raises(Refused, match="Section EXT of Youth offending team is not asked any more."):
            actions.nudge(moved, by=lead)


def test_a_section_that_is_asked_again_has_its_answers_and_its_person(
    client, organisation, annual_return, contributor, lead, youth, moved
):
    with tenancy.scope(organisation):
        returns.edit_entry(ServiceEntry.objects.get(pk=youth.service_entry_id), {"category": "20"}, by=lead)
        assert [line.progress for line in what_is_asked(annual_return, contributor)] == ["complete"]
    client.force_login(contributor)

    assert client.get(address(youth, "EXT")).status_code == 200
