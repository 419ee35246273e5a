"""Which organisations' rows the current transaction may see.

Every table of organisations' rows has a row-level security policy (``ProtectByOrganisation``). A transaction opens
``scope(...)`` for the organisations it works for, or ``staff_reading(...)`` to read all and write none. With
neither, reading such a table raises, so that no job silently finds nothing.
"""

import logging
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, models, transaction
from psycopg.pq import TransactionStatus

log = logging.getLogger(__name__)

# Tables with an ``organisation`` column that stand outside the wall, and why.
OUTSIDE_THE_WALL = {
    "accounts_membership": "sign-in reads a person's memberships before any scope is known",
    "accounts_organisationyear": "a public register",
    "accounts_partnershipmember": "a public register",
    "accounts_emaildomain": "a register that registration reads before any scope is known",
    "reports_areafigure": "figures of an area; ``readable_by`` keeps unpublished ones to staff",
}


@dataclass(frozen=True)
class _Declared:
    """What the transaction has said: ids in scope (None: nothing said), and whether it reads as staff."""

    organisations: tuple[int, ...] | None = None
    staff: bool = False

    def tell(self):
        """Say it to the database, for the rest of the transaction."""
        ids = "" if self.organisations is None else ",".join(map(str, self.organisations)) or "nobody"
        role = "app_reader" if self.staff else "none"
        with connection.cursor() as cursor:
            cursor.execute(
                f"SET LOCAL ROLE {role}; SELECT set_config('mapping.organisations', '{ids}', true)"
            )


def scope(*organisations):
    """Open a transaction (or go on in the one that is open) that sees the rows of ``organisations`` only.

    Takes organisations or their ids. Scopes nest; the inner one counts until it ends.
    """
    ids = sorted({o if isinstance(o, int) else o.pk for o in organisations})
    return _declare(_Declared(organisations=tuple(ids)))


def staff_reading(reason):
    """Open a transaction that reads the rows of every organisation and can write nothing at all.

    ``reason`` says in the log why somebody read across organisations.
    """
    log.info("reading across organisations: %s", reason)
    return _declare(_Declared(staff=True))


def current():
    """What the current transaction has declared; ``organisations`` is None where it has declared nothing."""
    return getattr(connection, "tenancy", _Declared())


@contextmanager
def _declare(declared):
    if not connection.in_atomic_block:
        with transaction.atomic(), _declared_in_transaction(declared):
            yield
    else:
        with _declared_in_transaction(declared):
            yield


@contextmanager
def _declared_in_transaction(declared):
    before = current()
    declared.tell()
    connection.tenancy = declared
    try:
        yield
    finally:
        connection.tenancy = before
        # After an error the transaction takes no more statements; its rollback restores the setting by itself.
        status = connection.connection.info.transaction_status
        if status == TransactionStatus.INTRANS and not connection.needs_rollback:
            before.tell()


def organisation_of_invitation(token_hash):
    """The id of the organisation that an invitation comes from, or None; readable before any scope is known."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT invitation_organisation(%s)", [token_hash])
        return cursor.fetchone()[0]


class OrganisationRowsQuerySet(models.QuerySet):
    """Rows that belong to an organisation; every read of them starts with ``visible_to``."""

    def visible_to(self, user):
        """Rows of the organisations that ``user`` may see: own ones, those of their regions, or all for staff."""
        if not user.is_authenticated:
            return self.none()
        if user.sees_all_organisations:
            return self
        if user.is_support_worker:
            return self.filter(organisation__region__in=user.region_ids)
        return self.filter(organisation__in=user.organisation_ids)
