"""A collection asks a new version of a questionnaire while people answer: nothing is lost, lists tell the truth."""

from copy import deepcopy

import pytest
import yaml

from accounts import tenancy
from mapping.returns import actions as returns
from mapping.returns.actions import NewService
from mapping.returns.models import Part
from mapping.returns.workflow import WrongStatus
from questionnaires import actions
from questionnaires.loading import load_definitions
from questionnaires.models import CheckJob, Pin, Response
from questionnaires.tuning.actions import work_on
from tests.factories import CollectionFactory

FIRST = {
    "key": "service",
    "code": "SVC",
    "title": "Service questionnaire",
    "part": "services",
    "respondents": ["LA"],
    "sections": [
        {
            "key": "A",
            "title": "Activity",
            "questions": [
                {"key": "T1", "label": "Children", "type": "whole_number", "mandatory": "yes"},
                {"key": "T2", "label": "Visits", "type": "whole_number", "mandatory": "yes"},
                {
                    "key": "T3",
                    "label": "Setting",
                    "type": "one",
                    "options": {"home": "At home", "clinic": "At a clinic"},
                    "mandatory": "yes",
                },
            ],
        },
        {
            "key": "B",
            "title": "Staff",
            "questions": [{"key": "T4", "label": "People", "type": "whole_number", "mandatory": "yes"}],
        },
    ],
}
ANSWERS = {"T1": {"v": 12}, "T2": {"v": 40}, "T3": {"v": "home"}, "T4": {"v": 3}}


def second():
    """T2 and section B are gone, T3 offers schools, section C asks for money."""
    version = deepcopy(FIRST)
    activity, _ = version["sections"]
    del activity["questions"][1]
    activity["questions"][1]["options"]["school"] = "At school"
    money = {"key": "T5", "label": "Cost", "type": "money", "mandatory": "yes"}
    version["sections"] = [{"key": "C", "title": "Money", "questions": [money]}, activity]
    return version


@pytest.fixture
def load(tmp_path):
    """``load(content)`` loads a folder with that one definition, and gives the Pin of 2009/10."""
    (tmp_path / "lists.yaml").write_text("{}")

    def write(content):
        (tmp_path / "service.yaml").write_text(yaml.safe_dump(content, sort_keys=False))
        load_definitions(tmp_path)
        return Pin.objects.get(collection__year=2009)

    return write


@pytest.fixture
def answered(organisation, lead, load):
    """Two services of Trafford, one answered in full and one only opened."""
    collection = CollectionFactory(year=2009)
    pin = load(FIRST)
    with tenancy.scope(organisation):
        annual_return = returns.open_return(organisation, collection)
        news = [NewService("Full", "08", {}), NewService("Only opened", "08", {})]
        entries = returns.add_services(annual_return, news, by=lead)
        part = annual_return.parts.get()
        made = actions.open_responses(part, pin, entries, by=lead)
        actions.save_cells(made[0], ANSWERS, seen_version=0, by=lead)
        returns.confirm_list(part, by=lead)
    return made


@pytest.fixture
def state(organisation):
    """``state(response)``: its answers, progress, the sections of its summary and how much is missing."""

    def read(response):
        with tenancy.scope(organisation):
            kept = Response.objects.get(pk=response.pk)
        values = {cell: stored["v"] for cell, stored in kept.cells.items()}
        return values, kept.progress, sorted(kept.sections), kept.missing_count

    return read


def applied():
    """The job that was asked for, after a worker had it."""
    job = CheckJob.objects.get(kind=CheckJob.Kind.APPLY, finished_at=None)
    work_on(job.pk)
    return CheckJob.objects.get(pk=job.pk)


GIVEN = {"T1": 12, "T2": 40, "T3": "home", "T4": 3}


def test_open_responses_are_checked_again_by_a_job(answered, load, state):
    full, opened = answered
    assert state(full) == (GIVEN, "complete", ["A", "B"], 0)
    load(second())

    job = applied()

    assert (job.status, job.done, job.state["changed"]) == ("done", 2, 2)
    assert state(full) == (GIVEN, "in_progress", ["A", "C"], 1)
    assert state(opened) == ({}, "not_started", ["A", "C"], 3)


def test_answers_come_back_with_the_version_that_asks_for_them(answered, load, state):
    load(second())
    applied()
    load(FIRST)

    applied()

    assert state(answered[0]) == (GIVEN, "complete", ["A", "B"], 0)


def test_the_same_version_again_asks_for_no_work(answered, load):
    load(FIRST)

    assert not CheckJob.objects.exists()


PAGES = ["check/", "services/", "responses/{}/", "responses/{}/A/", "responses/{}/C/", "responses/{}/full/"]
PAGES += ["responses/{}/history/", "responses/{}/history/compare/", "delegate/?response={}", ""]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("is_checked_again", [False, True])
def test_pages_open_before_and_after_the_job(
    client, lead, answered, load, page, is_checked_again, organisation
):
    client.force_login(lead)
    with tenancy.scope(organisation):
        asked = actions.Asked(to=lead)
        actions.delegate([answered[0]], asked, sections=["A", "B"], by=lead)
    load(second())
    if is_checked_again:
        applied()

    answer = client.get(f"/trafford/returns/2009-10/{page.format(answered[0].pk)}", follow=True)

    assert answer.status_code == 200


def test_what_is_left_is_told_by_the_version_of_now_at_once(client, lead, answered, load):
    client.force_login(lead)
    with_missing = "/trafford/returns/2009-10/check/?only=not_started"
    assert "Staff" in client.get(with_missing).content.decode()
    load(second())

    page = client.get(with_missing).content.decode()

    assert "Money" in page
    assert "Staff" not in page


def test_a_section_of_the_version_before_is_saved_no_more_and_what_is_left_of_another_is(
    client, lead, answered, load, state
):
    client.force_login(lead)
    load(second())
    here = f"/trafford/returns/2009-10/responses/{answered[0].pk}"

    gone = client.post(f"{here}/B/", {"version": 1, "T4": "5"})
    kept = client.post(f"{here}/A/", {"version": 1, "T1": "13", "T2": "41", "T3": "school"})

    assert (gone.status_code, kept.status_code) == (404, 302)
    assert state(answered[0])[0] == GIVEN | {"T1": 13, "T3": "school"}


@pytest.fixture
def completed(answered, organisation, lead):
    """``completed()`` submits the part once both services are answered."""
    with tenancy.scope(organisation):
        actions.save_cells(answered[1], ANSWERS, seen_version=0, by=lead)

    def submit():
        with tenancy.scope(organisation):
            return returns.submit(Part.objects.get(), by=lead)

    return submit


def test_a_part_cannot_be_submitted_on_the_word_of_the_version_before(completed, load):
    load(second())

    with pytest.raises(WrongStatus):
        completed()


def test_what_is_signed_off_stays_as_it_was(client, completed, answered, load, state, organisation, director):
    completed()
    with tenancy.scope(organisation):
        returns.sign_off(Part.objects.get(), by=director)
    load(second())

    job = applied()

    assert (job.status, job.total) == ("done", 0)
    assert state(answered[0]) == (GIVEN, "complete", ["A", "B"], 0)
    client.force_login(director)
    page = client.get(f"/trafford/returns/2009-10/responses/{answered[0].pk}/full/").content.decode()
    assert "A Activity" in page
    assert "Visits" in page
    assert "B Staff" in page
    assert "C Money" not in page


def test_what_is_reopened_is_read_by_the_version_of_now(
    client, completed, answered, load, organisation, director, helpdesk
):
    completed()
    with tenancy.scope(organisation):
        returns.sign_off(Part.objects.get(), by=director)
    load(second())
    with tenancy.scope(organisation):
        returns.reopen(Part.objects.get(), by=helpdesk, note="A figure was wrong.")
    client.force_login(director)

    page = client.get(f"/trafford/returns/2009-10/responses/{answered[0].pk}/full/").content.decode()

    assert "C Money" in page
    assert "B Staff" not in page


@pytest.mark.parametrize("is_job_done", [False, True])
def test_what_is_sent_back_is_checked_again(
    completed, answered, load, state, organisation, director, is_job_done
):
    completed()
    load(second())
    if is_job_done:
        applied()
    assert state(answered[0])[1] == "complete"

    with tenancy.scope(organisation):
        returns.send_back(Part.objects.get(), by=director, note="Look again.")

    assert state(answered[0])[1:] == ("in_progress", ["A", "C"], 1)


def test_what_is_sent_back_is_left_alone_where_nothing_has_changed(
    completed, answered, state, organisation, director
):
    completed()
    with tenancy.scope(organisation):
        Response.objects.filter(pk=answered[0].pk).update(missing_count=7)
        returns.send_back(Part.objects.get(), by=director, note="Look again.")

    assert state(answered[0])[3] == 7
