"""Joint services: asking partners whether they take part, and what they answer.

What a partner may know stands in the request (``JointRequest``); the service itself stays behind the wall.
"""

from django.db import transaction
from django.utils import timezone

from accounts import tenancy
from accounts.actions import record, tell
from accounts.models import Membership, Organisation
from mapping.core import clock
from mapping.returns import emails
from mapping.returns.models import JointAnswer, JointRequest, Phase
from mapping.returns.workflow import WrongStatus

KEPT = ("name", "category", "lead_organisation")  # what a request repeats of its service entry


@transaction.atomic
def ask_partners(entries):
    """Bring the requests of service entries in line with their partners, and tell partners who are newly asked.

    Whatever writes entries calls this: adding and changing services, carrying a list forward, a back-load. Of a
    published collection nothing is asked any more.
    A partner that is no longer named, or whose service has closed or merged, has its request withdrawn; one that is
    named again has it back with its answer. Needs the scope of the organisation whose list it is.
    """
    entries = [entry for entry in entries if entry.collection.phase != Phase.PUBLISHED]
    known = {}
    for request in JointRequest.objects.filter(service_entry__in=entries):
        known.setdefault(request.service_entry_id, {})[request.partner_id] = request
    partners = _organisations(entries)
    wanted = [
        _in_line(entry, partner, known.get(entry.pk, {}).get(partner.pk))
        for entry in entries
        for partner in _partners_of(entry, partners)
    ]
    _withdraw(known, wanted)
    _write(wanted)
    tell_partners([request for request in wanted if request.told_at is None])


def _organisations(entries):
    """Code and slug -> Organisation, of all that the entries name as partners; no query without any."""
    named = {row["organisation"] for entry in entries for row in entry.joint_with}
    if not named:
        return {}
    found = Organisation.objects.filter(code__in=named) | Organisation.objects.filter(slug__in=named)
    return {key: one for one in found for key in (one.code, one.slug) if key}


def _partners_of(entry, partners):
    """The other organisations that provide an open service too, each once."""
    if entry.is_gone:
        return []
    named = {partners[row["organisation"]] for row in entry.joint_with if row["organisation"] in partners}
    return sorted((one for one in named if one.pk != entry.organisation_id), key=lambda one: one.pk)


def _in_line(entry, partner, request):
    """The request to a partner as it should be; ``request``: as it is kept, or None."""
    if request is None:
        request = JointRequest(
            organisation_id=entry.organisation_id,
            collection_id=entry.collection_id,
            service_entry=entry,
            asked_at=clock.now(),
        )
    request.partner = partner
    request.name, request.category, request.withdrawn_at = entry.name, entry.category, None
    request.lead_organisation_id = entry.lead_organisation_id or entry.organisation_id
    return request


def _withdraw(known, wanted):
    """Withdraw the requests that are kept and not wanted any more."""
    kept = {request.pk for requests in known.values() for request in requests.values()}
    gone = kept - {request.pk for request in wanted}
    if gone:
        JointRequest.objects.filter(pk__in=gone, withdrawn_at=None).update(withdrawn_at=clock.now())


def _write(requests):
    JointRequest.objects.bulk_create(request for request in requests if request.pk is None)
    JointRequest.objects.bulk_update(requests, [*KEPT, "withdrawn_at"])


def tell_partners(requests):
    """Tell the leads of each partner what they are asked, once for all that the partner is asked together.

    Partners without a lead are told by the sweep once somebody has registered (``partners_to_tell``).
    """
    asked = {}
    for request in requests:
        asked.setdefault(request.partner, []).append(request)
    for partner, group in asked.items():
        if leads := leads_of(partner):
            tell(partner, leads, **emails.asked_to_confirm(partner, group))
            told = JointRequest.objects.filter(pk__in=[request.pk for request in group])
            told.update(told_at=timezone.now())


def leads_of(organisation):
    """The people who answer for an organisation: its lead and deputies."""
    leads = Membership.objects.leads().filter(organisation=organisation).select_related("user")
    return [membership.user for membership in leads]


def partners_to_tell():
    """Organisation id -> ids of its requests whose partner has a lead by now but has not been told."""
    leads = Membership.objects.leads().values("organisation")
    with tenancy.staff_reading("sweep of joint services whose partners were not told"):
        waiting = JointRequest.objects.standing().filter(told_at=None, partner__in=leads)
        found = {}
        for organisation, pk in waiting.values_list("organisation", "pk")[:500]:
            found.setdefault(organisation, []).append(pk)
    return found


def tell_new_leads():
    """Tell partners who have registered since they were asked; safe to run at any time."""
    for organisation, ids in partners_to_tell().items():
        with tenancy.scope(organisation):
            waiting = JointRequest.objects.filter(pk__in=ids, told_at=None).select_for_update(of=("self",))
            tell_partners(waiting.select_related("collection", "partner", "lead_organisation"))


@transaction.atomic
def answer_joint_request(request, *, takes_part, part="", by):
    """Say for the partner whether it takes part in the service, and as what; returns its JointAnswer.

    Needs the scope of the partner. May be said again until the collection is published; raises WrongStatus after
    that, and where the request was withdrawn. The leads who named the partner are told of its first no.
    """
    related = ("organisation", "partner", "collection")
    asked = JointRequest.objects.standing().filter(pk=request.pk).select_related(*related).first()
    if asked is None:
        raise WrongStatus("This service is not listed as joint any more.")
    if asked.collection.phase == Phase.PUBLISHED:
        raise WrongStatus("The figures of this collection are published.")
    said = {"takes_part": takes_part, "part": part.strip() if takes_part else ""}
    answer, _ = JointAnswer.objects.update_or_create(
        request=asked,
        defaults={**said, "by": by, "at": clock.now(), "recorded_at": timezone.now()},
        create_defaults={
            **said, "organisation_id": asked.partner_id, "by": by, "at": clock.now(),
        },
    )  # fmt: skip
    record("joint service answered", user=by, organisation=asked.partner, request=asked.pk, **said)
    if not takes_part:
        tell(asked.organisation, leads_of(asked.organisation), **emails.refused_to_take_part(answer))
    return answer
