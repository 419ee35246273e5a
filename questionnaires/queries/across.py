"""What the rules across organisations look at, read for a whole collection; needs a reading as staff."""

from collections import Counter

from django.db.models.fields.json import KeyTransform

from accounts.models import Membership, Partnership, PCTCoverage
from mapping.returns.models import JointAnswer, JointRequest, ReturnEvent
from mapping.returns.querysets import GONE
from mapping.returns.workflow import Decision
from questionnaires.models import Response
from questionnaires.queries.reading import definition_of
from questionnaires.rules.across import ADULT_WARDS, QUESTIONS_OF_NI51, Reply, Scene, Submitted

# The cells that the rules look at, by questionnaire: answers are read no further than that.
CELLS = {
    "service": ("SVC-D03", "CAM03", "CAM12"),
    "ni51": tuple(QUESTIONS_OF_NI51.values()),
    "childrens_trust": ("CTQC4",),
    "pct_commissioner": ("PCTC05", *(f"PCTC14|{row}|score" for row in QUESTIONS_OF_NI51), *ADULT_WARDS),
    "nhs_provider": ADULT_WARDS,
}
FIRST_PLACE = "SVC-D01"
COUNTED = (Decision.SUBMITTED, Decision.SIGNED_OFF)


def scene_of(collection):
    """The Scene of a collection: what is submitted or signed off, the registers and the partners' replies."""
    submitted = [one for key in CELLS if key != "service" for one in _of_organisations(collection, key)]
    return Scene(
        submitted=(*submitted, *_services(collection)),
        members=_members(collection),
        replies=tuple(_replies(collection)),
    )


def questions_of(collection):
    """Questionnaire -> the codes of the questions that the collection asks now."""
    pins = collection.pins.values_list("key", "definition_version_id")
    return {key: definition_of(version, collection.name).questions.keys() for key, version in pins}


def _responses(collection, questionnaire):
    rows = Response.objects.filter(
        part__collection=collection,
        part__decision__in=[decision.value for decision in COUNTED],
        pin__key=questionnaire,
    )
    cells = {_alias(n): KeyTransform(cell, "cells") for n, cell in enumerate(CELLS[questionnaire])}
    return rows.annotate(**cells).order_by("pk"), list(cells)


def _alias(number):
    return f"cell_{number}"


def _answers(questionnaire, values):
    return {cell: stored for cell, stored in zip(CELLS[questionnaire], values, strict=True) if stored}


def _of_organisations(collection, questionnaire):
    rows, cells = _responses(collection, questionnaire)
    for pk, code, slug, *values in rows.values_list("pk", "organisation__code", "organisation__slug", *cells):
        yield Submitted(pk, code or slug, questionnaire, _answers(questionnaire, values))


SERVICE = (
    "pk", "organisation__code", "organisation__slug", "service_entry__name", "service_entry__category",
    "service_entry__provider__code", "service_entry__provider__slug", "service_entry__provider_name",
)  # fmt: skip


def _services(collection):
    rows, cells = _responses(collection, "service")
    rows = rows.exclude(service_entry__status__in=GONE)
    found = [
        _service(row[: len(SERVICE)], _answers("service", row[len(SERVICE) :]))
        for row in rows.values_list(*SERVICE, *cells)
    ]
    places = _first_postcodes(_alike(found))
    return [Submitted(**{**fields, "postcode": places.get(fields["response"], "")}) for fields in found]


def _service(row, answers):
    """The fields of a Submitted service, all but its first place."""
    pk, code, slug, name, category, provider_code, provider_slug, provider_name = row
    return {
        "response": pk,
        "organisation": code or slug,
        "questionnaire": "service",
        "answers": answers,
        "name": name,
        "category": category,
        "provider": provider_code or provider_slug or provider_name,
        "areas": frozenset(answers.get("SVC-D03", {}).get("v") or ()),
    }


def _alike(services):
    """Ids of the responses whose service has the name and the provider of another one: few, of thousands."""
    keys = {one["response"]: (one["name"].casefold(), one["provider"].casefold()) for one in services}
    times = Counter(keys.values())
    return [pk for pk, key in keys.items() if times[key] > 1]


def _first_postcodes(ids):
    """Response id -> postcode of the first place of its service, for those that have one."""
    rows = Response.objects.filter(pk__in=ids).values_list("pk", "cells")
    found = {pk: _first_postcode(cells) for pk, cells in rows}
    return {pk: postcode for pk, postcode in found.items() if postcode}


def _first_postcode(cells):
    rows = {cell.split("|")[1] for cell in cells if cell.startswith(f"{FIRST_PLACE}|")}
    first = min(rows, key=lambda row: (len(row), row), default="")
    return cells.get(f"{FIRST_PLACE}|{first}|postcode", {}).get("v", "")


def _members(collection):
    """GSS code of an authority -> keys of the organisations that the registers count to its area."""
    found = {}
    partnerships = Partnership.objects.filter(year=collection.year).exclude(members=None)
    names = ("authority__code", "members__organisation__code", "members__organisation__slug")
    for authority, code, slug in partnerships.values_list(*names):
        found.setdefault(authority, {authority}).add(code or slug)
    for authority, pct in PCTCoverage.objects.values_list("authority__code", "pct__code"):
        found.setdefault(authority, {authority}).add(pct)
    return {authority: frozenset(members) for authority, members in found.items()}


def _replies(collection):
    """What partners say of joint services. One in which nobody has registered cannot be asked, so it is left out."""
    requests = JointRequest.objects.standing().filter(
        collection=collection,
        partner__in=Membership.objects.leads().values("organisation"),
        service_entry__responses__part__decision__in=[decision.value for decision in COUNTED],
    )
    names = ("service_entry__responses", "partner__name", "answer__takes_part")
    return [Reply(*row) for row in requests.values_list(*names)]


def newest_change(collection):
    """The real time of the latest decision about a return and of the latest answer about a joint service, or None."""
    event = ReturnEvent.objects.filter(annual_return__collection=collection).order_by("-recorded_at").first()
    answer = JointAnswer.objects.filter(request__collection=collection).order_by("-recorded_at").first()
    return max((one.recorded_at for one in (event, answer) if one), default=None)
