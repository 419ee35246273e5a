"""Checks across organisations: what the job reads, whom it tells, and that it may run at any time."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import tenancy
from accounts.models import (
    Coverage,
    MemberBasis,
    Partnership,
    PartnershipKind,
    PartnershipMember,
    PCTCoverage,
    Role,
)  # fmt: skip
from mapping.returns.models import JointAnswer, JointRequest, Part, ReturnEvent
from questionnaires.actions.crosschecks import check_across, check_stale_collections, explain_finding
from questionnaires.models import CrossCheck, DefinitionVersion, Finding, Pin, Response
from questionnaires.queries.across import scene_of
from questionnaires.tasks import check_across as task
from tests.factories import (
    AnnualReturnFactory,
    CollectionFactory,
    NHSTrustFactory,
    OrganisationFactory,
    PartFactory,
    PCTFactory,
    ServiceEntryFactory,
)
from tests.people import member, sign_in

pytestmark = pytest.mark.django_db

RATINGS = {"options": [{"key": key, "label": key} for key in "1234"], "mandatory": "no"}
ABOUT = {
    "ni51": ("NI51a", "one", RATINGS),
    "service": ("SVC-A01", "text", {"stored_in": "entry.name", "mandatory": "no"}),
}
# What rules find something at, beside that.
OTHERS = {
    "ni51": ("NI51b", "NI51c", "NI51d"),
    "service": ("SVC-A09",),
    "pct_commissioner": ("PCTC05", "PCTC14"),
}


def definition(key, others=OTHERS):
    code, kind, more = ABOUT.get(key, ("XYZ01", "text", {"mandatory": "no"}))
    question = {"key": code, "label": f"About {code}", "type": kind, **more}
    texts = [
        {"key": other, "label": f"About {other}", "type": "text", "mandatory": "no"}
        for other in others.get(key, ())
    ]
    part = "services" if key == "service" else "organisation"
    return {
        "key": key, "code": code[:3], "title": f"The {key} questionnaire", "part": part, "respondents": ["LA"],
        "sections": [{"key": "A", "title": "All", "questions": [question, *texts]}],
    }  # fmt: skip


@pytest.fixture
def collection(db):
    collection = CollectionFactory(year=2009)
    for key in ("service", "ni51", "pct_commissioner", "nhs_provider", "childrens_trust"):
        content = definition(key)
        version = DefinitionVersion.objects.create(key=key, number=1, sha256=key, content=content)
        fields = {"part_kind": content["part"], "respondents": ["LA"]}
        Pin.objects.create(collection=collection, key=key, definition_version=version, **fields)
    return collection


@pytest.fixture
def submitted(collection):
    """``submitted(organisation, "ni51", NI51a="4")`` is a response of a part with a decision; an entry makes it a
    service's."""

    def make(organisation, questionnaire, answers=None, *, decision="submitted", **entry):
        with tenancy.scope(organisation):
            annual_return = organisation.annual_returns.filter(collection=collection).first()
        annual_return = annual_return or AnnualReturnFactory(organisation=organisation, collection=collection)
        kind = "services" if questionnaire == "service" else "organisation"
        with tenancy.scope(organisation):
            part = annual_return.parts.filter(kind=kind).first()
        part = part or PartFactory(annual_return=annual_return, kind=kind, decision=decision)
        service_entry = (
            ServiceEntryFactory(annual_return=annual_return, **entry) if questionnaire == "service" else None
        )
        with tenancy.scope(organisation):
            return Response.objects.create(
                organisation=organisation,
                part=part,
                pin=collection.pins.get(key=questionnaire),
                service_entry=service_entry,
                cells={cell: {"v": value, "o": "typed"} for cell, value in (answers or {}).items()},
            )

    return make


@pytest.fixture
def rated(submitted, organisation):
    """Trafford rates itself 4 on learning disabilities, which nothing that is mapped supports."""
    return submitted(organisation, "ni51", {"NI51a": "4"})


def findings_of(organisation):
    with tenancy.scope(organisation):
        return [(f.rule, f.cell, f.gone_at is None) for f in Finding.objects.order_by("pk")]


def finding_of(organisation):
    with tenancy.scope(organisation):
        return Finding.objects.get()


def decide(organisation, decision):
    with tenancy.scope(organisation):
        Part.objects.filter(organisation=organisation).update(decision=decision)


# -- The job --------------------------------------------------------------------------------------------------


def test_a_finding_is_left_with_the_organisation_whose_answer_it_is(
    collection, rated, organisation, foreign_organisation
):
    assert check_across(collection) == 1

    assert findings_of(organisation) == [("NI-S1", "NI51a", True)]
    assert findings_of(foreign_organisation) == []


def test_a_finding_goes_with_its_question(client, collection, rated, organisation, lead):
    check_across(collection)
    finding = finding_of(organisation)
    content = definition("ni51")
    content["sections"][0]["questions"].pop(0)
    other = DefinitionVersion.objects.create(key="ni51", number=2, sha256="other", content=content)
    Pin.objects.filter(key="ni51").update(definition_version=other)
    sign_in(client, lead)
    here = "/trafford/returns/2009-10"

    assert client.get(f"{here}/check/").context["findings"] == []
    assert client.get(f"{here}/findings/{finding.pk}/").status_code == 404
    assert check_across(collection) == 0

    assert findings_of(organisation) == [("NI-S1", "NI51a", False)]


def test_a_second_run_changes_nothing(collection, rated, organisation, at):
    check_across(collection)
    before = finding_of(organisation)
    at(timezone.now() + timedelta(days=1))

    check_across(collection)

    after = finding_of(organisation)
    assert (after.pk, after.first_seen, after.gone_at) == (before.pk, before.first_seen, None)


def test_a_finding_goes_when_a_partner_submits_what_supports_it_and_comes_back_with_its_withdrawal(
    collection, rated, submitted, organisation, foreign_organisation
):
    check_across(collection)
    answers = {"SVC-D03": [organisation.code], "CAM03": ["learning_disability"]}
    submitted(foreign_organisation, "service", answers, category="09")

    check_across(collection)
    assert findings_of(organisation) == [("NI-S1", "NI51a", False)]
    decide(foreign_organisation, "sent_back")
    check_across(collection)

    assert findings_of(organisation) == [("NI-S1", "NI51a", True)]


@pytest.mark.parametrize("decision", ["open", "sent_back"])
def test_what_is_not_submitted_is_not_looked_at(collection, submitted, organisation, decision):
    submitted(organisation, "ni51", {"NI51a": "4"}, decision=decision)

    assert check_across(collection) == 0


def test_a_finding_stays_while_its_part_is_sent_back(collection, rated, organisation):
    check_across(collection)
    decide(organisation, "sent_back")

    check_across(collection)

    assert findings_of(organisation) == [("NI-S1", "NI51a", True)]


def test_a_finding_changes_neither_response_nor_part(collection, rated, organisation):
    with tenancy.scope(organisation):
        before = (Response.objects.values().get(), Part.objects.values().get())

    check_across(collection)

    with tenancy.scope(organisation):
        assert (Response.objects.values().get(), Part.objects.values().get()) == before


def test_services_that_two_organisations_list_are_found_with_both(
    collection, submitted, organisation, foreign_organisation
):
    trust = NHSTrustFactory(code="RW3")
    place = {"SVC-D01|r2|postcode": "M33 7ZF", "SVC-D01|r10|postcode": "M1 1AA"}
    for one, name in ((organisation, "Night team"), (foreign_organisation, "Night Team")):
        submitted(one, "service", place, name=name, provider=trust)
    submitted(foreign_organisation, "service", place, name="Day team", provider=trust)

    check_across(collection)

    assert findings_of(organisation) == [("A-H5", "SVC-A01", True)]
    assert findings_of(foreign_organisation) == [("A-H5", "SVC-A01", True)]


def test_closed_services_are_not_compared(collection, submitted, organisation, foreign_organisation):
    trust = NHSTrustFactory(code="RW3")
    for one, status in ((organisation, "open"), (foreign_organisation, "closed")):
        submitted(
            one, "service", {"SVC-D01|r1|postcode": "M33 7ZF"}, name="Night", provider=trust, status=status
        )

    assert check_across(collection) == 0


def test_the_area_is_that_of_partnerships_and_of_pcts_that_cover_it(collection, organisation):
    pct, trust = PCTFactory(code="5NR"), NHSTrustFactory(code="RW3")
    partnership = Partnership.objects.create(
        kind=PartnershipKind.CAMHS, authority=organisation, name="Trafford", year=2009
    )
    PartnershipMember.objects.create(
        partnership=partnership, organisation=trust, basis=MemberBasis.HEADQUARTERS
    )
    PCTCoverage.objects.create(pct=pct, authority=organisation, coverage=Coverage.WHOLE, basis="Test")

    with tenancy.staff_reading("test"):
        members = scene_of(collection).members

    assert members == {organisation.code: frozenset({organisation.code, "5NR", "RW3"})}


def test_pct_answers_are_compared_with_those_of_the_authority(collection, submitted, organisation):
    pct = PCTFactory(code="5NR")
    PCTCoverage.objects.create(pct=pct, authority=organisation, coverage=Coverage.WHOLE, basis="Test")
    submitted(pct, "pct_commissioner", {"PCTC05": "yes", "PCTC14|a|score": "3"})
    submitted(organisation, "ni51", {"NI51a": "2"})
    submitted(organisation, "childrens_trust", {"CTQC4": ["la"]})

    check_across(collection)

    assert findings_of(pct) == [("PCTC05", "PCTC05", True), ("PCTC14", "PCTC14", True)]
    assert findings_of(organisation) == []


def test_under_18s_on_adult_wards_are_read_from_pcts_and_trusts(collection, submitted, organisation):
    trust = NHSTrustFactory(code="RXV")
    submitted(organisation, "ni51", {"NI51b": "4"})
    submitted(trust, "nhs_provider", {"NHST-C08||age_16_17": 2})
    submitted(trust, "service", {"SVC-D03": [organisation.code]}, category="10")

    check_across(collection)

    assert findings_of(organisation) == [("NI-S2", "NI51b", True)]


# -- Joint services -------------------------------------------------------------------------------------------


@pytest.fixture
def asked(submitted, organisation, foreign_organisation, collection):
    """Barnet is asked to confirm a service of Trafford."""
    response = submitted(organisation, "service", name="Night team")
    with tenancy.scope(organisation):
        return JointRequest.objects.create(
            organisation=organisation,
            partner=foreign_organisation,
            collection=collection,
            service_entry=response.service_entry,
            name="Night team",
            category="08",
            lead_organisation=organisation,
            asked_at=timezone.now(),
        )


def reply(asked, by, takes_part):
    with tenancy.scope(asked.partner):
        JointAnswer.objects.create(
            organisation=asked.partner, request=asked, takes_part=takes_part, by=by, at=timezone.now()
        )


def test_a_partner_that_refuses_is_found(collection, asked, organisation, foreign_organisation):
    reply(asked, member(foreign_organisation, Role.LEAD, "Nora Whitby"), False)

    check_across(collection)

    assert finding_of(organisation).message == "Not taking part, by their own word: Barnet."


def test_a_partner_that_confirms_is_not_found(collection, asked, foreign_organisation):
    reply(asked, member(foreign_organisation, Role.LEAD, "Nora Whitby"), True)

    assert check_across(collection) == 0


def test_a_partner_is_expected_to_answer_once_somebody_has_registered(
    collection, asked, organisation, foreign_organisation
):
    assert check_across(collection) == 0
    member(foreign_organisation, Role.LEAD, "Nora Whitby")

    check_across(collection)

    assert finding_of(organisation).message == "Not confirmed yet: Barnet."


# -- When it runs ---------------------------------------------------------------------------------------------


def test_it_runs_after_a_decision_and_not_again_without_one(collection, rated, lead, organisation, at):
    task()
    assert findings_of(organisation) == [("NI-S1", "NI51a", True)]
    at(timezone.now() + timedelta(hours=1))
    assert check_stale_collections() == []

    with tenancy.scope(organisation):
        ReturnEvent.objects.create(
            organisation=organisation,
            annual_return=rated.part.annual_return,
            kind=ReturnEvent.Kind.SUBMITTED,
            by=lead,
            at=timezone.now(),
            recorded_at=timezone.now(),
        )

    assert check_stale_collections() == [collection]


def test_it_runs_after_an_answer_about_a_joint_service(collection, asked, foreign_organisation, at):
    by = member(foreign_organisation, Role.LEAD, "Nora Whitby")
    check_stale_collections()
    at(timezone.now() + timedelta(hours=1))
    reply(asked, by, False)

    assert check_stale_collections() == [collection]


def test_it_runs_once_a_day_for_the_registers(collection, at):
    check_stale_collections()
    at(timezone.now() + timedelta(hours=25))

    assert check_stale_collections() == [collection]


def test_a_published_collection_is_left_alone(collection):
    collection.published_on = collection.entry_opens
    collection.save()

    assert check_stale_collections() == []
    assert not CrossCheck.objects.exists()


def test_it_takes_as_many_queries_for_many_services(collection, submitted):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            check_across(collection)
        return len(captured)

    submitted(OrganisationFactory(), "service", name="One")
    check_across(collection)
    one = queries()
    for number in range(3):
        submitted(OrganisationFactory(), "service", name=f"Service {number}")

    assert queries() == one


# -- Explaining, and where it shows ---------------------------------------------------------------------------


@pytest.fixture
def found(collection, rated, organisation):
    check_across(collection)
    return finding_of(organisation)


def page_of(organisation, name, **kwargs):
    return reverse(name, kwargs={"organisation": organisation.slug, "collection": "2009-10", **kwargs})


def test_a_lead_explains_what_is_submitted(client, found, lead, organisation):
    url = page_of(organisation, "questionnaires:finding", finding=found.pk)

    sign_in(client, lead).post(url, {"explanation": "It is run by the voluntary sector."})

    kept = finding_of(organisation)
    assert (kept.explanation, kept.explained_by) == ("It is run by the voluntary sector.", lead)
    with tenancy.scope(organisation):
        assert Part.objects.get().decision == "submitted"


def test_an_explanation_is_taken_back(found, lead, organisation):
    with tenancy.scope(organisation):
        explain_finding(found, "It is run elsewhere.", by=lead)
        explain_finding(found, "  ", by=lead)

    kept = finding_of(organisation)
    assert (kept.explanation, kept.explained_by, kept.explained_at) == ("", None, None)


def test_an_explanation_holds_while_the_own_answer_does(
    collection, asked, lead, organisation, foreign_organisation
):
    by = member(foreign_organisation, Role.LEAD, "Nora Whitby")
    check_across(collection)
    with tenancy.scope(organisation):
        explain_finding(Finding.objects.get(), "They will answer next week.", by=lead)

    check_across(collection)
    assert finding_of(organisation).explanation == "They will answer next week."
    reply(asked, by, True)
    check_across(collection)
    with tenancy.scope(foreign_organisation):
        JointAnswer.objects.update(takes_part=False)
    check_across(collection)

    assert finding_of(organisation).explanation == ""


@pytest.mark.parametrize("name", ["reports:check", "reports:sign_off"])
def test_leads_and_directors_read_it_where_they_check_and_decide(
    client, found, lead, director, organisation, name
):
    kind = {"kind": "organisation"} if name == "reports:sign_off" else {}
    for user in (lead, director):
        page = sign_in(client, user).get(page_of(organisation, name, **kind)).content.decode()
        assert found.message in page


def test_it_shows_at_the_answer_and_counts_for_nothing_there(client, found, lead, organisation):
    url = page_of(organisation, "questionnaires:section", response=found.response_id, section="A")

    response = sign_in(client, lead).get(url)

    assert found.message in response.content.decode()
    assert page_of(organisation, "questionnaires:finding", finding=found.pk) in response.content.decode()
    assert response.context["page"].left == ""


def test_what_holds_no_longer_is_told_and_needs_no_explanation(
    client, found, lead, submitted, collection, organisation, foreign_organisation
):
    with tenancy.scope(organisation):
        explain_finding(found, "It is run by the voluntary sector.", by=lead)
    answers = {"SVC-D03": [organisation.code], "CAM03": ["learning_disability"]}
    submitted(foreign_organisation, "service", answers, category="09")
    check_across(collection)
    sign_in(client, lead)
    url = page_of(organisation, "questionnaires:finding", finding=found.pk)

    page = client.post(url, {"explanation": "Too late."}, follow=True)

    text = page.content.decode()
    assert "this does not hold any more. Nothing is left to explain." in text
    assert "1 does not hold any more" in text
    assert "It is run by the voluntary sector." in text
    assert "Barnet" not in text
    assert finding_of(organisation).explanation == "It is run by the voluntary sector."


def test_what_comes_back_for_the_same_answer_is_explained_still(
    found, lead, submitted, collection, organisation, foreign_organisation
):
    with tenancy.scope(organisation):
        explain_finding(found, "It is run by the voluntary sector.", by=lead)
    answers = {"SVC-D03": [organisation.code], "CAM03": ["learning_disability"]}
    submitted(foreign_organisation, "service", answers, category="09")
    check_across(collection)
    decide(foreign_organisation, "sent_back")

    check_across(collection)

    kept = finding_of(organisation)
    assert (kept.gone_at, kept.explanation) == (None, "It is run by the voluntary sector.")


def test_an_outsider_finds_nothing(client, found, outsider, organisation, foreign_organisation):
    sign_in(client, outsider)

    for one in (organisation, foreign_organisation):
        url = page_of(one, "questionnaires:finding", finding=found.pk)
        assert client.get(url).status_code in {403, 404}
    with tenancy.scope(foreign_organisation):
        assert list(Finding.objects.all()) == []


def test_the_helpdesk_reads_how_many(client, found, helpdesk, organisation):
    page = sign_in(client, helpdesk).get(reverse("helpdesk:return", kwargs={"slug": organisation.slug}))

    assert "1 finding, 0 explained" in page.content.decode()
