"""The small demonstration: what is signed off holds together, every sign-off has its facts, nothing is loaded twice."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.test import override_settings

from accounts import tenancy
from accounts.models import Message, Organisation, Population, User
from mapping.returns.models import JointRequest, Part, Service, ServiceEntry
from questionnaires.actions import record_summary
from questionnaires.evaluation import evaluate
from questionnaires.models import CheckJob, Delegation, Explanation, Finding, Response
from questionnaires.queries import context_of, earlier_of, explanations_of, questionnaire_of, responses
from questionnaires.tuning.actions import jobs_due, work_on
from reports.models import AreaFigure, FactSet

pytestmark = pytest.mark.django_db
SMALL = ["trafford", "gateshead", "southend-on-sea", "cheshire", "cheshire-east"]
ROWS = (Part, Service, ServiceEntry, Response, Delegation, Message, FactSet, AreaFigure, User)


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The demonstration of a few authorities, loaded once for this module."""
    with django_db_blocker.unblock():
        with override_settings(DEMONSTRATION=True, DEMONSTRATION_TODAY=date(2010, 1, 14)):
            call_command("load_demo", "--only", *SMALL, verbosity=0)
            for job in jobs_due():
                work_on(job)
        yield
        call_command("flush", interactive=False, reset_sequences=False, verbosity=0)


@pytest.fixture
def organisations(demo):
    """All organisations in scope, in the demonstration's own time."""
    with tenancy.scope(*Organisation.objects.all()):
        yield {organisation.slug: organisation for organisation in Organisation.objects.all()}


@pytest.fixture
def demonstration(settings):
    settings.DEMONSTRATION, settings.DEMONSTRATION_TODAY = True, date(2010, 1, 14)


def part_of(organisations, slug, year, kind="services"):
    rows = Part.objects.with_progress().select_related("annual_return", "collection", "organisation")
    return rows.get(organisation=organisations[slug], collection__year=year, kind=kind)


def test_signed_off_responses_evaluate_as_complete(organisations, demonstration):
    signed_off = responses().filter(part__decision="signed_off")
    assert signed_off.count() > 120

    for response in signed_off:
        evaluation = evaluate(
            questionnaire_of(response),
            response.cells,
            context_of(response),
            explanations_of(response),
        )
        assert [problem for problem in evaluation.problems if problem.is_open] == []
        assert (evaluation.missing, evaluation.progress) == ((), "complete")


def test_stored_summaries_are_those_of_an_evaluation(organisations, demonstration):
    fields = ("progress", "hard_count", "soft_open_count", "missing_count", "sections")
    open_ones = responses().filter(organisation=organisations["trafford"], part__collection__year=2009)
    for response in open_ones:
        stored = [getattr(response, name) for name in fields]
        explained = explanations_of(response)
        record_summary(
            response, evaluate(questionnaire_of(response), response.cells, context_of(response), explained)
        )
        assert [getattr(response, name) for name in fields] == stored


def test_every_sign_off_has_its_facts(organisations):
    signed_off = set(Part.objects.filter(decision="signed_off").values_list("pk", flat=True))
    current = FactSet.objects.filter(superseded_at=None)

    assert set(current.values_list("part", flat=True)) == signed_off
    assert not current.filter(facts=None).exists()


def test_the_show_case_is_half_done_with_errors_warnings_and_late_colleagues(organisations):
    part = part_of(organisations, "trafford", 2009)
    standing = Response.objects.filter(part=part)

    assert (part.progress, part.decision, part.takes_answers) == ("in_progress", "open", True)
    assert part.listed // 3 < part.complete < part.listed
    assert standing.filter(hard_count__gt=0).count() == 3
    assert standing.filter(hard_count=0, soft_open_count__gt=0).exists()
    assert standing.filter(progress="not_started").count() == 6
    assert Delegation.objects.filter(response__in=standing, due_on__lt=date(2010, 1, 14)).exists()
    assert Delegation.objects.filter(response__in=standing, to=None).count() == 2
    assert part_of(organisations, "trafford", 2009, "organisation").decision == "sent_back"


@pytest.mark.parametrize(
    ("slug", "decision", "declined"), [("gateshead", "signed_off", False), ("southend-on-sea", "open", True)]
)
def test_other_authorities_show_other_states(organisations, slug, decision, declined):
    part = part_of(organisations, slug, 2009)

    assert (part.decision, part.annual_return.is_declined) == (decision, declined)


def test_services_keep_their_identity_through_the_years(organisations):
    entries = ServiceEntry.objects.filter(organisation=organisations["trafford"])
    carried = entries.filter(collection__year=2009, carried_from__isnull=False)

    assert carried.count() > 30
    assert all(entry.service_id == entry.carried_from.service_id for entry in carried)
    assert set(entries.values_list("status", flat=True)) == {
        "open",
        "opened",
        "closed",
        "merged",
        "suspended",
    }


def test_larger_areas_have_larger_caseloads(organisations):
    figures = AreaFigure.objects.filter(collection__year=2008, measure="caseload", item="", level="authority")
    caseloads = dict(figures.values_list("area_name", "value"))
    children = {
        row.authority.name: row.persons
        for row in Population.objects.newest("0-17")
        .filter(authority__slug__in=SMALL)
        .select_related("authority")
    }

    assert caseloads["Trafford"] > caseloads["Southend-on-Sea"]
    assert children["Trafford"] > children["Southend-on-Sea"]


def test_a_list_names_every_service_once(organisations):
    for entries in (
        ServiceEntry.objects.filter(organisation=organisation, collection__year=year)
        for organisation in organisations.values()
        for year in (2007, 2008, 2009)
    ):
        names = [entry.name for entry in entries]
        assert len(set(names)) == len(names)


def test_nothing_is_saved_after_it_was_signed_off(organisations):
    signed_off = Response.objects.filter(part__decision="signed_off", saved_at__isnull=False)

    assert signed_off.exists()
    assert not signed_off.filter(saved_at__gt=F("part__decided_at")).exists()


def test_reasons_speak_of_what_they_explain(organisations):
    about_board = Explanation.objects.filter(response__pin__key="childrens_trust")
    about_services = Explanation.objects.filter(response__pin__key="service")

    assert about_board.exists()
    assert set(about_board.values_list("text", flat=True)).isdisjoint(
        about_services.values_list("text", flat=True)
    )
    assert not about_board.filter(text__contains="service manager").exists()


def test_modules_are_answered(organisations):
    youth_justice = Response.objects.filter(service_entry__category="20", part__decision="signed_off")

    assert youth_justice.exists()
    for response in youth_justice:
        assert any(cell.startswith("YJS") for cell in response.cells)


def test_a_voluntary_provider_takes_part_with_an_account(organisations):
    provider = organisations["bridgewater-young-peoples-trust"]
    part = part_of(organisations, provider.slug, 2009)

    assert provider.kind == "voluntary"
    assert User.objects.get(email="lead@bridgewatertrust.example").has_usable_password()
    assert (part.listed, part.decision) == (4, "open")


def test_it_missed_a_year_and_starts_from_the_one_before(organisations, demonstration):
    own = Response.objects.filter(organisation=organisations["bridgewater-young-peoples-trust"])
    begun = own.filter(part__collection__year=2009, version__gt=0).first()

    assert set(own.values_list("part__collection__year", flat=True)) == {2007, 2009}
    assert earlier_of(begun).named == "2007/08"


def test_a_successor_has_taken_over_some_services_and_may_take_over_others(organisations, demonstration):
    part = part_of(organisations, "cheshire-east", 2009)
    taken_over = Response.objects.filter(part=part, service_entry__service__continues__isnull=False)
    complete = taken_over.filter(progress="complete").first()

    assert User.objects.get(email="lead@cheshireeast.example").has_usable_password()
    assert earlier_of(complete).label == "Cheshire, 2008/09"
    assert ServiceEntry.objects.to_inherit_into(part.annual_return).count() > 5


def test_partners_are_asked_and_answer_yes_no_or_not_yet(organisations):
    asked = JointRequest.objects.standing().filter(organisation=organisations["trafford"])
    said = dict(asked.values_list("name", "answer__takes_part"))

    assert said["Primary mental health team"] is None
    assert said["Teenage pregnancy support"] is True
    assert said["Counselling in schools"] is False


def test_rules_across_organisations_have_found_something_and_some_of_it_is_explained(organisations):
    standing = Finding.objects.filter(gone_at=None)

    assert set(standing.values_list("rule", flat=True)) == {"A-H5", "A09", "NI-S2", "PCTC05", "PCTC14"}
    assert standing.exclude(explanation="").exists()
    assert standing.filter(explanation="").exists()


def test_warnings_were_counted_with_reasons_and_corrections(organisations):
    counts = CheckJob.objects.get(kind="count", status="done").state["counts"]

    assert sum(explained for _, explained, _ in counts.values()) > 5
    assert counts["E-S6 SVC-E07"][2] == 2  # Trafford's two slips
    assert CheckJob.objects.get(kind="trial", status="done").state["values"]


def test_one_section_is_half_confirmed(organisations):
    response = Response.objects.get(service_entry__name="Adoption team", part__collection__year=2009)
    origins = {
        section: {stored["o"] for cell, stored in response.cells.items() if cell.startswith(f"SVC-{section}")}
        for section in "FGH"
    }

    assert {"carried", "confirmed"} in origins.values()
    assert {"carried"} in origins.values()


def test_services_are_answered_in_both_forms(organisations):
    answered = Response.objects.filter(part__decision="signed_off", progress="complete")

    assert answered.filter(service_entry__form="full").exists()
    assert answered.filter(service_entry__form="short").exists()


def test_joint_commissioning_names_partners_and_what_ended(organisations):
    cells = Response.objects.get(
        organisation=organisations["trafford"], pin__key="childrens_trust", part__collection__year=2009
    ).cells

    named = [stored["v"] for cell, stored in cells.items() if cell.endswith("|partners")]
    joint = [cell for cell in cells if cell.endswith("|joint") and cells[cell]["v"] == "yes"]
    assert 0 < len(named) < len(joint)
    assert {"5NR"} <= set().union(*named) <= {"5NR", "RM4"}
    assert any(cell.startswith("CTQE6|") and cell.endswith("|reason") for cell in cells)


def test_no_mail_of_the_story_waits_to_be_sent(organisations):
    assert Message.objects.exists()
    assert not Message.objects.exclude(mail_status="sent").exists()


def test_a_second_load_changes_nothing(demo, demonstration, capsys):
    before = counted()

    call_command("load_demo", verbosity=0)

    assert counted() == before
    assert "nothing was added" in capsys.readouterr().out


def counted():
    with tenancy.staff_reading("test"):
        return {model.__name__: model.objects.count() for model in ROWS}


def test_rows_stand_behind_the_wall(demo, organisations):
    with tenancy.scope(organisations["gateshead"]), connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT organisation_id FROM questionnaires_response")
        assert cursor.fetchall() == [(organisations["gateshead"].pk,)]


def test_it_is_refused_outside_the_demonstration(demo):
    with pytest.raises(CommandError, match="demonstration only"):
        call_command("load_demo")
