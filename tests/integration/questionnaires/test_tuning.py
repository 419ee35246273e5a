"""The national team's side of the checks: counted, tried, switched on; and reasons from the short list."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import tenancy
from mapping.returns import actions as returns
from mapping.returns.models import Collection
from questionnaires.actions import Given, save_cells
from questionnaires.loading import load_definitions
from questionnaires.models import CheckJob, Explanation, PeerRanges, Reason, Response, ThresholdChange
from questionnaires.queries import context_of, questionnaire_of
from questionnaires.rules import InvalidThresholds
from questionnaires.tuning import actions, peers, rows, settings
from tests.factories import CollectionFactory
from tests.integration.questionnaires.conftest import address
from tests.people import sign_in

pytestmark = pytest.mark.django_db

CHECK = "/checks/2009-10/SVC-F01/F-S1/"
Kind, Status = CheckJob.Kind, CheckJob.Status


def done(job):
    """The job as it stands after a worker had it."""
    actions.work_on(job.pk)
    return CheckJob.objects.get(pk=job.pk)


@pytest.fixture
def staff(client, national):
    return sign_in(client, national)


@pytest.fixture
def grown(response, saved, lead):
    """141 children last year, 300 now: F-S1 wants a reason."""
    return saved(response, {"SVC-F01": 300}, by=lead)


def problem_of(saved_now, rule="F-S1"):
    (problem,) = [problem for problem in saved_now.evaluation.problems if problem.rule == rule]
    return problem


# Reasons


@pytest.mark.parametrize(
    ("given", "is_explained"),
    [
        (Given(reason=Reason.REAL_CHANGE), True),
        (Given("A second team joined.", Reason.REAL_CHANGE), True),
        (Given("A second team joined."), True),
        (Given("A second team joined.", Reason.OTHER), True),
        (Given(reason=Reason.OTHER), False),
    ],
)
def test_a_reason_explains_unless_it_needs_words(response, grown, saved, lead, given, is_explained):
    again = saved(response, {}, by=lead, reasons={problem_of(grown).key: given})

    assert problem_of(again).explained == is_explained
    assert again.explanations[problem_of(grown).key].reason == given.reason


def test_a_reason_holds_while_the_figure_does(response, grown, saved, lead):
    saved(response, {}, by=lead, reasons={problem_of(grown).key: Given(reason=Reason.REAL_CHANGE)})

    assert not problem_of(saved(response, {"SVC-F01": 310}, by=lead)).explained
    assert problem_of(saved(response, {"SVC-F01": 300}, by=lead)).explained


def test_the_page_offers_the_list_and_keeps_what_was_chosen(client, organisation, response, grown, lead):
    sign_in(client, lead)
    sent = {"version": 2, "why:F-S1:SVC-F01": "other", "reason:F-S1:SVC-F01": ""}

    client.post(address(response, "F"), sent)

    page = client.get(address(response, "F")).content.decode()
    assert '<option value="other" selected>Another reason</option>' in page
    assert "Not explained yet: say it in a few words as well." in page
    client.post(address(response, "F"), sent | {"reason:F-S1:SVC-F01": "A second team joined."})
    assert "Explained by Ruth Ashworth" in client.get(address(response, "F")).content.decode()


def test_a_reason_that_is_not_on_the_list_is_none(client, organisation, response, grown, lead):
    sign_in(client, lead)

    client.post(address(response, "F"), {"version": 2, "why:F-S1:SVC-F01": "because"})

    with tenancy.scope(organisation):
        assert not Explanation.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reason": "real_change"}, "A real change in the service"),
        ({"reason": "real_change", "text": "It grew."}, "A real change in the service: It grew."),
        ({"reason": "other", "text": "It grew."}, "It grew."),
        ({"text": "It grew."}, "It grew."),
    ],
)
def test_an_explanation_in_words(fields, words):
    assert Explanation(**fields).words == words


# Counting


def test_what_stands_is_explained_or_was_corrected_is_counted(
    collections, response, grown, saved, lead, national
):
    saved(response, {"SVC-F02": 900}, by=lead)
    saved(response, {"SVC-F02": 125}, by=lead)
    saved(response, {}, by=lead, reasons={problem_of(grown).key: Given(reason=Reason.REAL_CHANGE)})

    job = done(actions.ask(collections[1], Kind.COUNT, by=national))

    assert (job.status, job.done, job.total) == (Status.DONE, 1, 1)
    assert job.state["counts"]["F-S1 SVC-F01"] == [1, 1, 0]
    assert job.state["counts"]["GS1 SVC-F02"] == [1, 0, 1]


def test_counts_follow_an_answer_through_all_that_happens_to_it(
    collections, organisation, response, saved, lead, colleague, national
):
    """F02, 126 last year: GS1 asks for a reason above 157, GS5 where it is not known any more."""
    why = ("GS1", "SVC-F02")

    def count(value, reasons=None, by=lead):
        saved(response, {"SVC-F02": value}, by=by, reasons=reasons)
        counts = done(actions.ask(collections[1], Kind.COUNT, by=national)).state["counts"]
        return counts.get("GS1 SVC-F02", [0, 0, 0])

    def not_known():
        with tenancy.scope(organisation):
            cells = {"SVC-F02": {"s": "NK"}}
            save_cells(response, cells, seen_version=response.version + 100, by=lead)

    steps = [
        count(300),
        count(300, {why: Given(reason=Reason.OTHER)}),  # which wants words as well
        count(300, {why: Given("A second team joined.", Reason.OTHER)}),
        count(310),  # asked again
        count(300, by=colleague),  # the reason was given for this figure
        count(130),
        count(300),
        count(300, {why: Given()}),  # taken back
        count(None),  # a blank corrects nothing
        count(130),
    ]

    assert steps == [
        [1, 0, 0],
        [1, 0, 0],
        [1, 1, 0],
        [1, 0, 0],
        [1, 1, 0],
        [1, 0, 1],
        [1, 1, 0],
        [1, 0, 0],
        [1, 0, 1],
        [1, 0, 1],
    ]
    not_known()
    counts = done(actions.ask(collections[1], Kind.COUNT, by=national)).state["counts"]
    assert counts["GS5 SVC-F02"] == [1, 0, 0]


def test_a_job_goes_on_where_another_worker_left_it(monkeypatch, collections, grown, national):
    job = actions.ask(collections[1], Kind.COUNT, by=national)
    monkeypatch.setattr(actions, "SHIFT_SECONDS", -1)
    monkeypatch.setattr(actions, "queue", lambda job_id: None)
    half = done(job)
    assert (half.status, half.done, half.claim) == (Status.WAITING, 1, None)
    monkeypatch.undo()

    whole = done(job)

    assert (whole.status, whole.state["responses"]) == (Status.DONE, 1)
    assert whole.finished_at


def test_a_job_that_fails_says_so_and_is_tried_again(monkeypatch, collections, grown, national):
    job = actions.ask(collections[1], Kind.COUNT, by=national)

    def fail(*arguments):
        raise ZeroDivisionError

    monkeypatch.setattr(actions.counting, "step", fail)
    with pytest.raises(ZeroDivisionError):
        actions.work_on(job.pk)
    failed = CheckJob.objects.get(pk=job.pk)
    assert (failed.status, failed.claim, failed.finished_at) == (Status.FAILED, None, None)
    CheckJob.objects.update(heartbeat_at="2009-01-01T00:00Z")

    assert actions.jobs_due() == [job.pk]


def test_asking_twice_gives_the_same_job(collections, national):
    first = actions.ask(collections[1], Kind.COUNT, by=national)

    assert actions.ask(collections[1], Kind.COUNT, by=national) == first


# Peers


@pytest.fixture
def few_are_enough(monkeypatch):
    monkeypatch.setattr(peers, "FEWEST_SERVICES", 1)


def test_peers_are_read_from_what_was_signed_off(organisation, collections, response, lead, few_are_enough):
    with tenancy.scope(organisation):
        Response.objects.filter(part__collection=collections[0]).update(version=1)
    peers_of_last_year(collections[0])
    assert PeerRanges.objects.get(category="08").ranges == {}
    with tenancy.scope(organisation):
        parts = collections[0].annual_returns.get().parts
        parts.update(decision="signed_off")

    peers_of_last_year(collections[0])

    assert PeerRanges.objects.get(category="08").ranges["SVC-F02"]["1"] == ["126", "126"]
    with tenancy.scope(organisation):
        assert context_of(response).percentiles["SVC-F02"][1] == (126, 126)


def peers_of_last_year(collection):
    return done(actions.ask(collection, Kind.PEERS))


def test_a_page_asks_for_peers_once_in_a_while(client, organisation, response, lead):
    sign_in(client, lead)
    cache.clear()
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            client.get(address(response, "F"))
        counts.append(sum("peerranges" in query["sql"] for query in captured.captured_queries))

    assert counts == [1, 0]


def test_only_closed_collections_with_decisions_get_peers(collections, response):
    actions.ask_for_peers()

    assert not CheckJob.objects.exists()


# Pages


def test_all_warnings_are_listed_with_what_they_go_by(staff, collections, grown):
    found = staff.get("/checks/2009-10/?words=SVC-F01+F-S1")

    page = found.content.decode()
    assert "more than 25% from last year" in page
    assert "Nobody has counted yet" in page
    assert found.context["page"].paginator.count == 1
    assert "1 to 1 of 1" not in page  # one line needs no counting


def test_the_page_counts_when_asked_and_tells_from_when_it_is(staff, collections, grown):
    staff.post("/checks/2009-10/count/")
    job = CheckJob.objects.get()
    assert 'hx-trigger="every 1s"' in staff.get("/checks/2009-10/").content.decode()
    done(job)

    page = staff.get("/checks/2009-10/?only=found").content.decode()

    assert "from 1 response." in page
    assert "F-S1" in page
    assert 'hx-trigger="every 1s"' not in page


def test_a_job_is_polled_until_it_is_done(staff, collections, grown, national):
    job = actions.ask(collections[1], Kind.COUNT, by=national)
    url = f"/checks/2009-10/jobs/{job.pk}/"

    waiting = staff.get(url, headers={"HX-Request": "true"})
    assert "HX-Redirect" not in waiting
    done(job)

    assert staff.get(url, headers={"HX-Request": "true"})["HX-Redirect"] == "/checks/2009-10/"
    assert staff.get(url).url == "/checks/2009-10/"


def test_the_list_takes_as_many_queries_whatever_it_shows(staff, collections, grown, national):
    done(actions.ask(collections[1], Kind.COUNT, by=national))

    def queries(url):
        staff.get(url)
        with CaptureQueriesContext(connection) as captured:
            staff.get(url)
        return len(captured)

    assert queries("/checks/2009-10/") == queries("/checks/2009-10/?words=SVC-F01+F-S1") < 25


@pytest.fixture
def last_year_answered(organisation, collections, annual_return):
    """Last year's answers count as answered; a year before there was no figure to compare with."""
    with tenancy.scope(organisation):
        Response.objects.filter(part__collection=collections[0]).update(version=1)


def test_a_threshold_is_tried_on_last_years_answers(staff, collections, last_year_answered):
    response = staff.post("/checks/2009-10/SVC-F01/GS6/", {"peer_percent": "5"})
    job = CheckJob.objects.get()
    assert response.url == f"/checks/2009-10/trials/{job.pk}/"
    assert "Your" not in staff.get(response.url).content.decode()
    ranges = {"SVC-F01": {"1": ["0", "200"], "5": ["0", "100"]}}
    PeerRanges.objects.create(collection=collections[0], category="08", ranges=ranges)

    job = done(job)

    wanted = {"asked": 1, "checkable": 1, "today": 0, "tried": 1}
    assert {name: job.state[name] for name in wanted} == wanted
    assert job.state["values"] == [["08", "141", "", False, True, "SVC-F01"]]
    page = staff.get(response.url).content.decode()
    assert "141" in page
    assert "Switch it on for 2009/10" in page
    assert "Trafford" not in page


def test_a_threshold_that_makes_no_sense_is_refused(staff, collections, grown):
    page = staff.post(CHECK, {"change_share": "400", "change_least": "x"}).content.decode()

    assert "That is not a number" in page
    assert not CheckJob.objects.exists()
    assert (
        "give more than 0 and at most 100"
        in staff.post(CHECK, {"change_share": "400", "change_least": "5"}).content.decode()
    )


def test_what_was_tried_is_switched_on_after_a_confirmation_and_written_down(
    staff, organisation, collections, response, grown, national
):
    job = actions.ask(
        collections[1],
        Kind.TRIAL,
        by=national,
        question="SVC-F01",
        rule="F-S1",
        tried={"change_share": 1, "change_least": 200},
    )
    url = f"/checks/2009-10/trials/{job.pk}/switch-on/"
    assert staff.post(url).url == f"/checks/2009-10/trials/{job.pk}/"
    done(job)
    assert "Switch it on" in staff.get(url).content.decode()

    assert staff.post(url).url == CHECK

    own = {"change_share": 1, "change_least": 200}
    assert Collection.objects.get(year=2009).thresholds == {"questions": {"SVC-F01": {"F-S1": own}}}
    change = ThresholdChange.objects.get()
    assert (change.before, change.after, change.by) == ({}, own, national)
    assert "Changed before" in staff.get(CHECK).content.decode()


def test_open_responses_are_checked_again_after_a_change(
    organisation, collections, response, grown, national
):
    def warnings():
        with tenancy.scope(organisation):
            return Response.objects.get(pk=response.pk).soft_open_count

    before = warnings()
    place = rows.place_of(collections[1], "SVC-F01", "F-S1")
    settings.switch_off(collections[1], *place, by=national)

    applied = done(CheckJob.objects.get(kind=Kind.APPLY))

    assert applied.state["changed"] == 1
    assert warnings() == before - 1


def test_switching_off_and_back_leaves_nothing_behind(staff, collections, grown):
    staff.post(f"{CHECK}off/")
    assert Collection.objects.get(year=2009).thresholds == {"off": ["F-S1 SVC-F01"]}
    assert "switched off" in staff.get(CHECK).content.decode()

    staff.post(f"{CHECK}general/")

    assert Collection.objects.get(year=2009).thresholds == {}
    assert ThresholdChange.objects.count() == 2


def test_only_what_a_rule_goes_by_can_be_set(collections, national):
    place = rows.place_of(collections[1], "SVC-F01", "F-S1")

    with pytest.raises(InvalidThresholds):
        settings.set_thresholds(collections[1], *place, {"peer_percent": 5}, by=national)


@pytest.mark.parametrize("path", ["SVC-F01/GH3/", "SVC-X99/GS1/", "SVC-F01/F-S1/away/"])
def test_what_is_no_warning_is_not_found(staff, collections, path):
    assert staff.get(f"/checks/2009-10/{path}").status_code == 404


def test_a_collection_without_questionnaires_has_no_checks(staff, db):
    CollectionFactory(year=2009)

    assert "No checks yet" in staff.get("/checks/2009-10/").content.decode()


def test_questionnaires_know_where_their_thresholds_come_from(organisation, collections, response):
    Collection.objects.filter(year=2009).update(thresholds={"change_share": 0.5})

    with tenancy.scope(organisation):
        fresh = Response.objects.select_related("part__collection").get(pk=response.pk)
        assert context_of(fresh).thresholds.change_share * 2 == 1
        assert questionnaire_of(fresh).year == "2009/10"


# For all questions


ALL = "/checks/2009-10/all/"


def thresholds():
    return Collection.objects.get(year=2009).thresholds


def test_what_holds_for_all_questions_is_listed_by_rule(staff, collections, grown, national):
    done(actions.ask(collections[1], Kind.COUNT, by=national))
    lines = {line.id: line for line in staff.get(ALL).context["lines"]}

    assert lines["GS1"].goes_by == ["more than 25% from last year", "more than 5 from last year"]
    assert lines["GS1"].questions > 40
    assert lines["F-S1"].counts == (1, 0, 0)
    assert lines["GS2"].goes_by == []
    assert lines["GS4"].goes_by == ["3 figures or more, all as last year"]
    assert "A-S3" not in lines


def test_the_page_of_a_rule_names_the_others_that_go_by_the_same(staff, collections, grown):
    page = staff.get(f"{ALL}GS1/")

    assert "F-S1" in page.context["sharing"]
    assert "GS6" not in page.context["sharing"]


@pytest.fixture
def doubled(organisation, collections, annual_return, lead):
    """Answers of 2008/09 beside those of 2007/08: F01 went from 100 to 141, F02 from 121 to 126."""
    before = CollectionFactory(year=2007)
    load_definitions()
    with tenancy.scope(organisation):
        last = Response.objects.get(part__collection=collections[0])
        entry = last.service_entry
        first = returns.open_return(organisation, before)
        older = first.service_entries.create(
            organisation=organisation,
            collection=before,
            service=entry.service,
            name=entry.name,
            category=entry.category,
            provider=organisation,
            lead_organisation=organisation,
        )
        cells = {"SVC-F00": {"v": "yes"}, "SVC-F01": {"v": 100}, "SVC-F02": {"v": 121}}
        Response.objects.create(
            organisation=organisation,
            part=first.parts.get(kind="services"),
            pin=before.pins.get(key="service"),
            service_entry=older,
            version=1,
            cells={cell: {**stored, "o": "typed"} for cell, stored in cells.items()},
        )
        entry.carried_from = older
        entry.save()
        Response.objects.filter(pk=last.pk).update(version=1)


def test_a_setting_of_all_questions_is_tried_at_every_question_that_goes_by_it(staff, collections, doubled):
    answer = staff.post(f"{ALL}GS1/", {"change_share": "3", "change_least": "2"})
    job = CheckJob.objects.get()
    assert answer.url == f"/checks/2009-10/trials/{job.pk}/"

    job = done(job)

    assert (job.state["today"], job.state["tried"]) == (1, 1)
    assert job.state["questions"] == {"SVC-F01": [1, 1], "SVC-F02": [0, 1]}
    assert job.state["categories"] == {"08": [1, 2]}
    assert ["08", "126", "121", False, True, "SVC-F02"] in job.state["values"]
    page = staff.get(answer.url).content.decode()
    assert "By question" in page
    assert "F02 " in page
    assert "Trafford" not in page


def test_what_is_set_for_one_question_is_left_alone_by_a_trial_for_all(staff, collections, doubled):
    own = {"SVC-F02": {"GS1": {"change_least": 50}}}
    Collection.objects.filter(year=2009).update(thresholds={"questions": own})
    staff.post(f"{ALL}GS1/", {"change_share": "3", "change_least": "2"})

    job = done(CheckJob.objects.get())

    assert job.state["questions"] == {"SVC-F01": [1, 1]}


def test_the_rule_about_whole_sections_is_tried_too(staff, organisation, collections, doubled):
    with tenancy.scope(organisation):
        older = Response.objects.get(part__collection__year=2007)
        last = Response.objects.get(part__collection__year=2008)
        same = {cell: last.cells[cell] for cell in ("SVC-F01", "SVC-F02", "SVC-F03")}
        Response.objects.filter(pk=older.pk).update(cells={**older.cells, **same})
    staff.post(f"{ALL}GS4/", {"same_figures_least": "4"})

    job = done(CheckJob.objects.get())

    assert (job.state["today"], job.state["tried"]) == (1, 0)


def test_a_setting_of_all_questions_is_switched_on_after_a_confirmation(
    staff, organisation, collections, response, grown, national, fresh
):
    Collection.objects.filter(year=2009).update(thresholds={"text_years": 3})
    staff.post(f"{ALL}GS1/", {"change_share": "100", "change_least": "200"})
    job = done(CheckJob.objects.get())
    url = f"/checks/2009-10/trials/{job.pk}/switch-on/"
    before = fresh(response).soft_open_count
    assert "GS1 at all questions will go by this" in staff.get(url).content.decode()

    assert staff.post(url).url == f"{ALL}GS1/"
    done(CheckJob.objects.get(kind=Kind.APPLY))

    assert thresholds() == {"text_years": 3, "change_share": 1, "change_least": 200}
    change = ThresholdChange.objects.get()
    assert (change.question, change.rule, change.by) == ("", "GS1", national)
    assert (change.before, change.after) == ({}, {"change_share": 1, "change_least": 200})
    assert fresh(response).soft_open_count == before - 1  # F-S1 goes by the same
    assert "as a collection starts" in staff.get(f"{ALL}GS1/").content.decode()


def test_a_rule_is_switched_off_and_on_at_all_questions_and_keeps_what_is_set(
    staff, organisation, collections, response, grown, fresh
):
    Collection.objects.filter(year=2009).update(thresholds={"change_least": 6, "off": ["GS7"]})
    before = fresh(response).soft_open_count
    assert "Switch it off everywhere?" in staff.get(f"{ALL}F-S1/off/").content.decode()

    staff.post(f"{ALL}F-S1/off/")
    done(CheckJob.objects.get())

    assert thresholds() == {"change_least": 6, "off": ["GS7", "F-S1"]}
    assert fresh(response).soft_open_count == before - 1
    page = staff.get(CHECK).content.decode()
    assert "It is switched off at all questions." in page
    assert "Try it" not in page
    staff.post(f"{ALL}F-S1/on/")
    assert thresholds() == {"change_least": 6, "off": ["GS7"]}
    staff.post(f"{ALL}F-S1/start/")
    assert thresholds() == {"off": ["GS7"]}
    assert [change.after for change in ThresholdChange.objects.all()] == [
        {},
        {"change_least": 6},
        {"change_least": 6, "off": True},
    ]


def test_a_rule_that_is_off_everywhere_is_not_tried_at_one_question(staff, collections, grown):
    Collection.objects.filter(year=2009).update(thresholds={"off": ["F-S1"]})

    staff.post(CHECK, {"change_share": "40", "change_least": "5"})

    assert not CheckJob.objects.exists()


def test_what_was_tried_at_one_question_is_not_switched_on_where_the_rule_is_off(
    staff, collections, grown, national
):
    place = {"question": "SVC-F01", "rule": "F-S1", "tried": {"change_share": 1}}
    job = done(actions.ask(collections[1], Kind.TRIAL, by=national, **place))
    Collection.objects.filter(year=2009).update(thresholds={"off": ["F-S1"]})

    page = staff.post(f"/checks/2009-10/trials/{job.pk}/switch-on/", follow=True)

    assert "F-S1 is switched off at all questions: switch it on there first." in page.content.decode()
    assert thresholds() == {"off": ["F-S1"]}


@pytest.mark.parametrize("path", ["A-S3/", "XX9/", "GS1/away/"])
def test_what_is_no_rule_of_several_questions_is_not_found(staff, collections, path):
    assert staff.get(f"{ALL}{path}").status_code == 404


def test_the_list_of_rules_takes_as_many_queries_whatever_was_counted(staff, collections, grown, national):
    def queries():
        staff.get(ALL)
        with CaptureQueriesContext(connection) as captured:
            staff.get(ALL)
        return len(captured)

    before = queries()
    done(actions.ask(collections[1], Kind.COUNT, by=national))

    assert queries() == before < 25
