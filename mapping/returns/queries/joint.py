"""Joint services: what others ask of an organisation, and what its own partners have said."""

from dataclasses import dataclass

from accounts.models import Membership
from mapping.returns.models import JointRequest


def requests_to(user, organisation, collection):
    """The requests that an organisation has received in a collection, those without an answer first."""
    rows = (
        JointRequest.objects.visible_to(user).standing().filter(partner=organisation, collection=collection)
    )
    rows = rows.select_related("organisation", "lead_organisation", "answer__by")
    return sorted(rows, key=lambda request: (hasattr(request, "answer"), request.name.lower(), request.pk))


def waiting_count(user, organisation, collection):
    """How many of them have no answer."""
    rows = JointRequest.objects.visible_to(user).standing().unanswered()
    return rows.filter(partner=organisation, collection=collection).count()


@dataclass(frozen=True)
class PartnerState:
    """A partner of a service and what it has said: ``key`` is its code, or slug where it has none.

    sign: that of the state tag; words: ``Confirmed: two nurses``, ``Not yet asked: nobody has registered``.
    """

    key: str
    name: str
    sign: str
    words: str
    is_no: bool = False


def partner_states(entries):
    """Id of a service entry -> PartnerStates of its standing requests; at most three queries for any number."""
    rows = JointRequest.objects.standing().filter(service_entry__in=[entry.pk for entry in entries])
    rows = list(rows.select_related("partner", "answer").order_by("partner__name"))
    registered = _with_leads({request.partner_id for request in rows})
    found = {}
    for request in rows:
        found.setdefault(request.service_entry_id, []).append(_state(request, registered))
    return found


def _with_leads(ids):
    """Those organisations in which somebody has registered as lead or deputy."""
    if not ids:
        return set()
    return set(Membership.objects.leads().filter(organisation__in=ids).values_list("organisation", flat=True))


def _state(request, registered):
    partner, answer = request.partner, getattr(request, "answer", None)
    return PartnerState(
        partner.code or partner.slug,
        partner.full_name,
        *_words(answer, is_registered=request.partner_id in registered),
        is_no=answer is not None and not answer.takes_part,
    )


def _words(answer, *, is_registered):
    if answer is None:
        words = "Asked, no answer yet" if is_registered else "Not yet asked: nobody has registered"
        return ("waiting" if is_registered else "no_one"), words
    if not answer.takes_part:
        return "error", "Says that it does not take part"
    return "complete", f"Confirmed: {answer.part}" if answer.part else "Confirmed"
