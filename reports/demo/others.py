"""Authorities that are in no story: answers about themselves, so that tables and maps of the regions have figures."""

from datetime import date

from accounts.models import Organisation, Population
from mapping.returns.actions import open_return
from mapping.returns.models import PartKind
from questionnaires.filling.draw import lot
from reports.demo.days import moment, on
from reports.demo.writing import Answered

SHARE_2008, SHARE_2009 = 0.62, 0.75
TYPICAL = (
    60_000  # children of an authority that the population register does not know (abolished, or too small)
)


def other_authorities(members, collection, share, seed):
    """Authorities on the register that are no members, drawn by lot."""
    taken = {member.organisation.pk for member in members}
    listed = Organisation.objects.local_authorities().on_register(collection.year).exclude(pk__in=taken)
    return [
        o for o in listed.order_by("pk") if lot(seed, o.slug, collection.year, "takes part").random() < share
    ]


def back_loaded_trusts(organisations, collection, filling, by):
    """Fill the Children's Trust questionnaire of each authority; returns the parts to be signed off."""
    parts = []
    children = dict(Population.objects.newest("0-17").values_list("authority", "persons"))
    answered = Answered(by=by, at=moment(date(2009, 3, 2), 10))
    for organisation in organisations:
        with on(date(2008, 10, 20)):
            annual_return = open_return(organisation, collection)
        part = annual_return.parts.get(kind=PartKind.ORGANISATION)
        part.organisation, part.collection, part.annual_return = organisation, collection, annual_return
        filling.own(organisation, part, answered, children.get(organisation.pk, TYPICAL), organisation.code)
        parts.append(part)
    return parts


def register(organisations, collection):
    """They have registered for the open collection and not begun yet."""
    with on(date(2009, 11, 16)):
        for organisation in organisations:
            open_return(organisation, collection)
