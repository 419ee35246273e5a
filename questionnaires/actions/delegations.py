"""Asking others to answer: delegating, taking back, handing over, nudging."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from accounts.actions import Refused, invite, send_again, tell
from accounts.models import Invitation, Role, User
from mapping.core import clock
from questionnaires import emails
from questionnaires.models import Delegation
from questionnaires.queries.reading import sections_of
from questionnaires.queries.status import why_not_asked


@dataclass(frozen=True)
class Asked:
    """Who is asked: a member, or an address (and perhaps a name) to invite; until when; with which words."""

    to: User | None = None
    email: str = ""
    name: str = ""
    due_on: date | None = None
    note: str = ""


@transaction.atomic
def delegate(responses, asked, *, sections=("",), by):
    """Ask somebody to answer responses of one organisation, whole or only some sections; returns Delegations.

    sections: their keys; "" stands for all, and one that a response is not asked is left out of it. What the person
    has been asked already is kept, with the new date. They are told once for all responses. Raises Refused for
    somebody who cannot answer, or who may not be invited, and where none of the sections is asked.
    """
    wanted = _asked_pairs(responses, sections)
    if not wanted:
        raise Refused("None of these sections is asked any more.")
    to, invitation = asked.to or _member(responses[0].organisation, asked.email), None
    if to is None:
        invitation = _invited(responses, asked, by)
    else:
        _refuse_who_cannot_answer(responses[0].organisation, to)
    given = _given(wanted, asked.due_on, to=to, invitation=invitation, by=by)
    if to and to != by:
        tell(responses[0].organisation, [to], **emails.delegated(given, note=asked.note, by=by))
    return given


def _asked_pairs(responses, sections):
    """Pairs of response and section, each section only where the response is asked it."""
    pairs = []
    for response in responses:
        asked = {section.key for section in sections_of(response)} if any(sections) else set()
        pairs += [(response, section) for section in sections if section in asked or not section]
    return pairs


def _member(organisation, email):
    """The active member with that address, or None."""
    members = organisation.memberships.active().filter(user__email__iexact=email.strip())
    membership = members.select_related("user").first() if email else None
    return membership and membership.user


def _refuse_who_cannot_answer(organisation, user):
    membership = user.membership_of(organisation)
    if membership is None:
        raise Refused(f"{user} does not belong to {organisation}. Invite them by e-mail.")
    if membership.role == Role.DIRECTOR:
        raise Refused(f"{user} signs the return off, so somebody else has to answer.")


def _invited(responses, asked, by):
    """The invitation of an address: an open one sent again, or a new one that says what is asked."""
    organisation, email = responses[0].organisation, asked.email.strip().lower()
    waiting = Invitation.objects.filter(organisation=organisation, email=email, provider_name="")
    open_ones = waiting.filter(accepted_at=None, withdrawn_at=None).exclude(role=Role.DIRECTOR)
    if earlier := open_ones.first():
        return send_again(earlier, by=by)
    words = emails.asked_words(responses, due_on=asked.due_on)
    note = f"{asked.note.strip()}\n\n{words}".strip()
    return invite(organisation, email=email, role=Role.CONTRIBUTOR, by=by, name=asked.name, note=note)


def _given(wanted, due_on, *, to, invitation, by):
    """The Delegations of what is ``wanted``, pairs of response and section; those that stand get the new date."""
    standing = _standing(wanted, to, invitation)
    given = [
        standing.get((response.pk, section))
        or Delegation(
            organisation_id=response.organisation_id,
            annual_return_id=response.part.annual_return_id,
            response=response,
            section=section,
            to=to,
            invitation=invitation,
            by=by,
        )
        for response, section in wanted
    ]
    for delegation in given:
        delegation.due_on = due_on
    Delegation.objects.filter(pk__in=[one.pk for one in given if one.pk]).update(due_on=due_on)
    Delegation.objects.bulk_create([one for one in given if one.pk is None])
    return given


def _standing(wanted, to, invitation):
    """What the person is asked already: (id of the response, section) -> Delegation."""
    of_these = {response.pk: response for response, _ in wanted}
    rows = Delegation.objects.standing().filter(response__in=of_these)
    rows = rows.filter(to=to) if to else rows.filter(invitation=invitation)
    standing = {(row.response_id, row.section): row for row in rows}
    for row in standing.values():
        row.response = of_these[row.response_id]
    return standing


@transaction.atomic
def take_back(delegation, *, by):
    """Ask the person no longer; what they have answered stays. They are told."""
    held = _held(delegation)
    held.taken_back_at = clock.now()
    held.save(update_fields=["taken_back_at"])
    if held.to and held.to != by:
        tell(held.organisation, [held.to], **emails.taken_back(held, by=by))
    return held


@transaction.atomic
def hand_over(delegation, asked, *, by):
    """Ask somebody else instead, by the date of ``asked`` or else the same; returns the new Delegation."""
    held = take_back(delegation, by=by)
    due_on = asked.due_on or held.due_on
    asked = Asked(asked.to, asked.email, asked.name, due_on, asked.note)
    return delegate([held.response], asked, sections=[held.section], by=by)[0]


@transaction.atomic
def nudge(delegation, *, by):
    """Remind somebody of what they are asked. Raises Refused if that was done today, or it is not asked any more."""
    held = _held(delegation)
    if reason := why_not_asked(held):
        raise Refused(reason)
    if held.nudged_at and held.nudged_at.date() == clock.today():
        raise Refused(f"{held.person} has been nudged today. Wait until tomorrow, or call.")
    held.nudged_at = clock.now()
    held.save(update_fields=["nudged_at"])
    if held.to:
        tell(held.organisation, [held.to], **emails.nudged([held], by=by))
    else:
        send_again(held.invitation, by=by)
    return held


@transaction.atomic
def nudge_all(delegations, *, by):
    """Remind everybody whom these delegations of one organisation ask, each in one message about all of them.

    What is not asked any more is left out.

    Returns the names of those reminded, and of those left in peace since they have been reminded today.
    """
    reminded, left_in_peace = [], []
    for given in _held_by_person(delegations):
        asked = [row for row in given if not why_not_asked(row)]
        if not asked:
            continue
        person = asked[0].person
        if _nudged_today(asked[0]):
            left_in_peace.append(person)
            continue
        Delegation.objects.filter(pk__in=[row.pk for row in asked]).update(nudged_at=clock.now())
        if asked[0].to:
            tell(asked[0].organisation, [asked[0].to], **emails.nudged(asked, by=by))
        else:
            send_again(asked[0].invitation, by=by)
        reminded.append(person)
    return reminded, left_in_peace


def _nudged_today(delegation):
    """Whether the person has been reminded today of anything of this return."""
    rows = Delegation.objects.filter(annual_return=delegation.annual_return_id, nudged_at__date=clock.today())
    same = {"to": delegation.to_id} if delegation.to_id else {"invitation": delegation.invitation_id}
    return rows.filter(**same).exists()


@transaction.atomic
def set_due_date(delegations, due_on, *, by):
    """Give delegations of one organisation another date; each person is told once. Returns how many changed."""
    changed = 0
    for asked in _held_by_person(delegations):
        others = [row for row in asked if row.due_on != due_on]
        Delegation.objects.filter(pk__in=[row.pk for row in others]).update(due_on=due_on)
        changed += len(others)
        if others and others[0].to and others[0].to != by:
            tell(others[0].organisation, [others[0].to], **emails.due(others, due_on=due_on, by=by))
    return changed


def _held_by_person(delegations):
    """Those that stand, held until the transaction ends: a list for each person who is asked."""
    rows = (
        Delegation.objects.standing().select_for_update(of=("self",)).select_related(*Delegation.WITH_NAMES)
    )
    people = {}
    for row in rows.filter(pk__in=[delegation.pk for delegation in delegations]).order_by("pk"):
        people.setdefault((row.to_id, not row.to_id and row.invitation_id), []).append(row)
    return people.values()


def _held(delegation):
    """The delegation, held until the transaction ends; raises Refused if it has been taken back."""
    rows = Delegation.objects.select_for_update(of=("self",)).select_related(*Delegation.WITH_NAMES)
    held = rows.get(pk=delegation.pk)
    if held.taken_back_at:
        raise Refused("This has been taken back already.")
    return held


def note_opened(delegations):
    """Note the first time that somebody opened what they are asked to answer."""
    unopened = [delegation.pk for delegation in delegations if delegation.opened_at is None]
    if unopened:
        Delegation.objects.filter(pk__in=unopened).update(opened_at=clock.now())


def settle_invitation(invitation):
    """Give what an invited address was asked to the person who accepted; take it back if it was withdrawn."""
    waiting = Delegation.objects.standing().filter(invitation=invitation, to=None)
    if invitation.accepted_by_id:
        waiting.update(to=invitation.accepted_by_id)
    elif invitation.withdrawn_at:
        waiting.update(taken_back_at=clock.now())
