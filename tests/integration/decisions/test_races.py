"""Two people at the same moment, on real transactions: one of them wins, and the other is told."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from accounts import tenancy
from accounts.models import Message
from mapping.returns import actions
from mapping.returns.models import ReturnEvent
from mapping.returns.workflow import WrongStatus
from questionnaires.actions import save_cells
from tests.factories import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def at_the_same_moment(organisation, *attempts):
    """Run each attempt in a transaction of its own, none before all are ready; returns what each gave or raised."""
    ready = threading.Barrier(len(attempts))
    results = [None] * len(attempts)

    def run(number, attempt):
        try:
            with tenancy.scope(organisation):
                ready.wait(timeout=20)
                results[number] = attempt()
        except WrongStatus as problem:
            results[number] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(attempts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def refused(results):
    return [str(result) for result in results if isinstance(result, WrongStatus)]


def count_events(this_year, *kinds):
    with tenancy.scope(this_year.organisation):
        return ReturnEvent.objects.filter(part=this_year.part(), kind__in=kinds).count()


@pytest.fixture
def second_director(organisation):
    user = UserFactory(name="Amir Khan", email="second@trafford.example")
    MembershipFactory(user=user, organisation=organisation, role="director", confirmed_at=timezone.now())
    return user


@pytest.mark.parametrize("attempt", range(3))
def test_two_directors_decide_and_one_wins(this_year, director, second_director, attempt):
    this_year.complete().submit()
    part = this_year.part()

    results = at_the_same_moment(
        this_year.organisation,
        lambda: actions.sign_off(part, by=director),
        lambda: actions.send_back(part, by=second_director, note="Count again."),
    )

    decision = this_year.part().decision
    losing = {"signed_off": "sent back", "sent_back": "signed off"}[decision]
    assert refused(results) == [f"A part that is {decision.replace('_', ' ')} cannot be {losing}."]
    assert count_events(this_year, "signed_off", "sent_back") == 1


def test_submitting_twice_at_once_writes_one_event_and_one_message(this_year, director):
    this_year.complete()
    part = this_year.part()

    results = at_the_same_moment(
        this_year.organisation,
        lambda: actions.submit(part, by=this_year.lead),
        lambda: actions.submit(part, by=this_year.lead),
    )

    assert refused(results) == ["A part that is submitted cannot be submitted."]
    assert count_events(this_year, "submitted") == 1
    with tenancy.scope(this_year.organisation):
        assert Message.objects.filter(recipient=director).count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_nothing_is_both_declined_and_submitted(this_year, attempt):
    this_year.complete()
    part = this_year.part()

    results = at_the_same_moment(
        this_year.organisation,
        lambda: actions.submit(part, by=this_year.lead),
        lambda: actions.decline(this_year.annual_return, by=this_year.lead, reason="Too few staff"),
    )

    assert len(refused(results)) == 1
    part = this_year.part()
    assert part.annual_return.is_declined != (part.decision == "submitted")


def test_save_that_races_a_submission_is_in_it_or_refused(this_year):
    """Never is something saved into a part after it was handed over, nor lost when it was said to be saved."""
    this_year.complete()
    with tenancy.scope(this_year.organisation):
        entry = this_year.annual_return.service_entries.get()
    response, part = this_year.response(entry), this_year.part()

    saved, submitted = at_the_same_moment(
        this_year.organisation,
        lambda: save_cells(
            response, {"SVC-F01": {"v": 101}}, seen_version=response.version, by=this_year.lead
        ),
        lambda: actions.submit(part, by=this_year.lead),
    )

    assert submitted.decision == "submitted"
    figure = this_year.response(entry).cells["SVC-F01"]["v"]
    if isinstance(saved, WrongStatus):
        assert str(saved) == "The services part is submitted. You can read the answers but not change them."
        assert figure == 100
    else:
        assert figure == 101
    with tenancy.scope(this_year.organisation):
        submission = ReturnEvent.objects.get(kind="submitted")
        last = this_year.response(entry).revisions.first()
    assert last.recorded_at <= submission.recorded_at or isinstance(saved, WrongStatus)


def test_save_that_empties_an_answer_and_a_submission_exclude_each_other(this_year):
    """A submitted part is complete: either the gap comes first and nothing is submitted, or it is refused."""
    this_year.complete()
    with tenancy.scope(this_year.organisation):
        entry = this_year.annual_return.service_entries.get()
    response, part = this_year.response(entry), this_year.part()

    results = at_the_same_moment(
        this_year.organisation,
        lambda: save_cells(response, {"SVC-F01": None}, seen_version=response.version, by=this_year.lead),
        lambda: actions.submit(part, by=this_year.lead),
    )

    assert len(refused(results)) == 1
    assert this_year.part().decision == (
        "submitted" if "SVC-F01" in this_year.response(entry).cells else "open"
    )


def test_save_waits_for_the_decision_that_holds_the_part(this_year):
    """A save that comes while a submission is being written sees it once it is there."""
    this_year.complete()
    with tenancy.scope(this_year.organisation):
        entry = this_year.annual_return.service_entries.get()
    response = this_year.response(entry)
    problems = []

    def save():
        try:
            with tenancy.scope(this_year.organisation):
                save_cells(response, {"SVC-F01": {"v": 7}}, seen_version=response.version, by=this_year.lead)
        except WrongStatus as problem:
            problems.append(str(problem))
        finally:
            connection.close()

    saver = threading.Thread(target=save)
    with tenancy.scope(this_year.organisation):
        actions.submit(this_year.part(), by=this_year.lead)
        saver.start()
        saver.join(timeout=1)
        assert saver.is_alive()  # it waits for this transaction
    saver.join(timeout=30)

    assert problems == ["The services part is submitted. You can read the answers but not change them."]
    assert this_year.response(entry).cells["SVC-F01"]["v"] == 100


def test_change_of_the_list_waits_for_the_decision_that_holds_the_part(this_year):
    """What a director signs off is the list that was submitted, so a change that comes meanwhile is refused."""
    this_year.complete()
    with tenancy.scope(this_year.organisation):
        entry = this_year.annual_return.service_entries.get()
    problems = []

    def rename():
        try:
            with tenancy.scope(this_year.organisation):
                actions.edit_entry(entry, {"name": "Another name"}, by=this_year.lead)
        except WrongStatus as problem:
            problems.append(str(problem))
        finally:
            connection.close()

    editor = threading.Thread(target=rename)
    with tenancy.scope(this_year.organisation):
        actions.submit(this_year.part(), by=this_year.lead)
        editor.start()
        editor.join(timeout=1)
        assert editor.is_alive()  # it waits for this transaction
    editor.join(timeout=30)

    assert problems == ["The services part is submitted; its list cannot change."]
    with tenancy.scope(this_year.organisation):
        assert this_year.annual_return.service_entries.get().name != "Another name"
