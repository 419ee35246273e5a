"""The append-only log: sign-ins, decisions about people, downloads of unpublished data."""

from accounts import tenancy
from accounts.models import AuditEntry


def record(what, *, user, organisation=None, **detail):
    """Write one line of the log, also while reading as staff.

    A line that belongs to no organisation is taken but shown to staff alone, so the database is not asked to
    give it back (``ignore_conflicts`` leaves out RETURNING).
    """
    own = [organisation] if organisation else []
    with tenancy.scope(*own):
        entry = AuditEntry(organisation=organisation, user=user, what=what, detail=detail)
        AuditEntry.objects.bulk_create([entry], ignore_conflicts=True)
