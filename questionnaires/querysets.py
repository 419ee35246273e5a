"""Chainable conditions over responses and what hangs on them."""

from django.db.models import Q

from accounts.models import Role
from accounts.tenancy import OrganisationRowsQuerySet


def _reads_everything(user):
    """Organisations of which ``user`` may read every answer: leads, deputies and directors."""
    return [m.organisation_id for m in user.active_memberships if m.role != Role.CONTRIBUTOR]


class ResponseQuerySet(OrganisationRowsQuerySet):
    def visible_to(self, user):
        """As for every organisation's rows, but a contributor sees only responses delegated to them."""
        rows = super().visible_to(user)
        if not user.is_authenticated or user.staff_role:
            return rows
        delegated = Q(delegations__to=user, delegations__taken_back_at=None)
        return rows.filter(Q(organisation__in=_reads_everything(user)) | delegated).distinct()


class OfResponseQuerySet(OrganisationRowsQuerySet):
    """Rows that hang on a response: revisions, explanations, delegations."""

    def visible_to(self, user):
        rows = super().visible_to(user)
        if not user.is_authenticated or user.staff_role:
            return rows
        delegated = Q(response__delegations__to=user, response__delegations__taken_back_at=None)
        return rows.filter(Q(organisation__in=_reads_everything(user)) | delegated).distinct()


class DelegationQuerySet(OrganisationRowsQuerySet):
    def standing(self):
        """Delegations that have not been taken back."""
        return self.filter(taken_back_at=None)
