"""What the helpdesk does to a return: each opens the scope of the one organisation that it is about."""

from django.db import transaction

from accounts import tenancy
from accounts.actions import Refused, record
from mapping.returns import actions as returns
from mapping.returns.models import Collection, Part
from mapping.returns.workflow import WrongStatus


@transaction.atomic
def extend(organisation, *, until, reason, by):
    """Let an organisation enter data of the current collection for longer; Refused for a day too early."""
    with tenancy.scope(organisation):
        annual_return = returns.open_return(organisation, Collection.objects.current())
        try:
            returns.extend(annual_return, until=until, reason=reason, by=by)
        except WrongStatus as problem:
            raise Refused(str(problem)) from problem
        record("data entry extended", user=by, organisation=organisation, until=until.isoformat())


@transaction.atomic
def reopen(organisation, kind, *, reason, by):
    """Open a signed-off part of the current collection again. Refused if it is not signed off."""
    with tenancy.scope(organisation):
        part = Part.objects.filter(
            organisation=organisation, collection=Collection.objects.current(), kind=kind
        ).first()
        if part is None:
            raise Refused("The organisation has no such part yet.")
        try:
            returns.reopen(part, by=by, note=reason)
        except WrongStatus as problem:
            raise Refused(str(problem)) from problem
        record("part reopened", user=by, organisation=organisation, part=kind)
