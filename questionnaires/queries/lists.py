"""Lists about answering: an organisation's own questionnaires, and who may be asked."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import Role
from mapping.returns.addresses import page as address_of
from mapping.returns.models import Part, PartKind, ServiceEntry
from mapping.returns.queries.lists import to_confirm_words
from mapping.returns.workflow import Progress
from questionnaires.models import Delegation, Pin, Response
from questionnaires.queries.reading import (
    RELATED,
    RELATED_TO_ENTRY,
    definition_of,
    responses,
    sections_of,
)

OF_ALL = "organisation"  # the questionnaire that every organisation answers about itself


@dataclass(frozen=True)
class QuestionnaireLine:
    """A questionnaire that the organisation itself owes: how far it is and who was asked."""

    title: str
    url: str
    response: Any
    progress: str
    errors: int = 0
    unusual: int = 0
    people: tuple = ()
    due_on: date | None = None
    delegate_url: str = ""
    sections: tuple = ()
    to_confirm: str = ""


def questionnaires_of(annual_return, user):
    """The questionnaires that the organisation part owes now: the one asked of all first, the others by key."""
    owed = Pin.objects.owed(annual_return).filter(part_kind=PartKind.ORGANISATION)
    owed = sorted(owed, key=lambda pin: (pin.key != OF_ALL, pin.key))
    rows = Response.objects.visible_to(user).filter(part__annual_return=annual_return, service_entry=None)
    by_pin = {response.pin_id: response for response in rows.defer("cells")}
    asked = Delegation.objects.standing().visible_to(user).filter(response__in=by_pin.values())
    people = {}
    for delegation in asked.select_related("to", "invitation"):
        people.setdefault(delegation.response_id, []).append(delegation)
    return [_line(annual_return, pin, by_pin.get(pin.pk), people) for pin in owed]


def _line(annual_return, pin, response, people):
    questionnaire = definition_of(pin.definition_version_id, annual_return.collection.name)
    delegate = f"{address_of('questionnaires:delegate', annual_return)}?questionnaire={pin.key}"
    start = address_of("questionnaires:start_questionnaire", annual_return, key=pin.key)
    if response is None:
        return QuestionnaireLine(
            questionnaire.title, start, None, Progress.NOT_STARTED.value, delegate_url=delegate
        )
    asked = people.get(response.pk, [])
    states = response.sections
    return QuestionnaireLine(
        title=questionnaire.title,
        url=address_of("questionnaires:response", annual_return, response=response.pk),
        response=response,
        progress=response.progress,
        errors=response.hard_count,
        unusual=response.soft_open_count,
        to_confirm=to_confirm_words(states.values()),
        people=tuple(dict.fromkeys(row.person for row in asked)),
        due_on=min((row.due_on for row in asked if row.due_on), default=None),
        delegate_url=delegate,
        sections=tuple(
            {
                "code": section.key,
                "label": section.title,
                "progress": states.get(section.key, {}).get("progress", Progress.NOT_STARTED.value),
                "unconfirmed": states.get(section.key, {}).get("unconfirmed", 0),
                "url": address_of(
                    "questionnaires:section", annual_return, response=response.pk, section=section.key
                ),
            }
            for section in questionnaire.sections
            if section.when is None or section.key in states
        ),
    )


def part_of(annual_return, kind):
    """The part of a return with all that opening a response needs, or None where none is owed."""
    parts = Part.objects.select_related("annual_return", "collection", "organisation")
    return parts.filter(annual_return=annual_return, kind=kind).first()


def pin_of(annual_return, key):
    """The questionnaire ``key`` as the collection asks it of the organisation now, or None where it does not."""
    return Pin.objects.owed(annual_return).filter(key=key).first()


def entries_chosen(annual_return, user, chosen):
    """The entries of the list with these ids, in the order of their names."""
    ids = [int(pk) for pk in chosen if pk.isascii() and pk.isdigit() and len(pk) < 12]
    entries = ServiceEntry.objects.visible_to(user).filter(annual_return=annual_return, pk__in=ids)
    return list(entries.select_related("service"))


def sections_to_give(part, pin, entries):
    """The sections that are asked of at least one of some services (or of the organisation, without any), in order."""
    rows = responses().filter(part=part, pin=pin)
    present = list(rows.filter(service_entry__in=entries) if entries else rows)
    known = {response.service_entry_id for response in present}
    # Of services that nobody has opened, the category alone decides.
    unopened = {entry.category: entry.pk for entry in entries if entry.pk not in known}
    full = ServiceEntry.objects.filter(pk__in=unopened.values()).select_related(*RELATED_TO_ENTRY)
    about = list(full) if entries else [None] * (not present)
    new = [
        Response(organisation=part.organisation, part=part, pin=pin, service_entry=entry) for entry in about
    ]
    asked = {section.key for response in [*present, *new] for section in sections_of(response)}
    questionnaire = definition_of(pin.definition_version_id, part.collection.name)
    return [section for section in questionnaire.sections if section.key in asked]


def response_of(user, annual_return, pk):
    """One response of a return, or None."""
    if not (pk.isascii() and pk.isdigit() and len(pk) < 12):
        return None
    rows = Response.objects.visible_to(user).select_related(*RELATED)
    return rows.filter(pk=pk, part__annual_return=annual_return).first()


def those_who_answer(organisation):
    """Members who may be asked to answer: all but directors, by name."""
    active = organisation.memberships.active().exclude(role=Role.DIRECTOR)
    return [membership.user for membership in active.select_related("user").order_by("user__name", "pk")]


def delegations_of(annual_return, user, responses=None):
    """Standing delegations of a return (or of some responses), each with what it is about and who is asked.

    ``to_confirm`` of each says how many of the answers asked for are still last year's.
    """
    rows = Delegation.objects.standing().visible_to(user).filter(annual_return=annual_return)
    if responses is not None:
        rows = rows.filter(response__in=responses)
    found = list(rows.select_related(*Delegation.WITH_NAMES).defer("response__cells"))
    for row in found:
        kept = row.response.sections
        row.to_confirm = to_confirm_words([kept.get(row.section, {})] if row.section else kept.values())
    return found


def asked_about(annual_return, user, chosen):
    """Standing delegations about the services of the list with these ids, by person, as far as they are asked."""
    responses = Response.objects.visible_to(user).filter(
        service_entry__in=entries_chosen(annual_return, user, chosen)
    )
    rows = (row for row in delegations_of(annual_return, user, responses) if row.is_asked)
    return sorted(rows, key=lambda row: (row.person, str(row.response)))
