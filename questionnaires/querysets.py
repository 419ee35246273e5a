"""Chainable conditions over responses and what hangs on them."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import Role
from accounts.tenancy import OrganisationRowsQuerySet
from mapping.returns.querysets import HEARTBEAT_LOST, MOST_ATTEMPTS, WAIT_AFTER_FAILURE
from mapping.returns.roles import roles_of


def reads_everything(user):
    """Ids of the organisations of which ``user`` may read every answer: as lead, deputy or director."""
    return [m.organisation_id for m in user.active_memberships if m.role != Role.CONTRIBUTOR]


class PinQuerySet(models.QuerySet):
    def owed(self, annual_return):
        """What a return owes as its list stands: the questionnaires asked of the roles of its organisation."""
        roles = roles_of(annual_return.organisation, annual_return.collection)
        return self.filter(collection=annual_return.collection_id, respondents__overlap=sorted(roles))


class ResponseQuerySet(OrganisationRowsQuerySet):
    def visible_to(self, user):
        """As for every organisation's rows, but a contributor sees only responses delegated to them."""
        rows = super().visible_to(user)
        if not user.is_authenticated or user.staff_role:
            return rows
        return rows.filter(Q(organisation__in=reads_everything(user)) | self._delegated(user))

    def _delegated(self, user):
        delegations = self.model._meta.get_field("delegations").related_model.objects
        return Exists(delegations.standing().filter(response=OuterRef("pk"), to=user))


class OfResponseQuerySet(OrganisationRowsQuerySet):
    """Rows that hang on a response: revisions and explanations.

    To a contributor they are visible with their response; ``queries.visible_sections`` says which of their cells are.
    """

    def visible_to(self, user):
        rows = super().visible_to(user)
        if not user.is_authenticated or user.staff_role:
            return rows
        responses = self.model._meta.get_field("response").related_model.objects.visible_to(user)
        return rows.filter(response__in=responses.values("pk"))


class CheckJobQuerySet(models.QuerySet):
    def due(self, now):
        """Jobs that a worker should take up: waiting, left by a worker that died, or to be tried again."""
        lost = Q(status="running", heartbeat_at__lt=now - HEARTBEAT_LOST)
        again = Q(status="failed", attempts__lt=MOST_ATTEMPTS, heartbeat_at__lt=now - WAIT_AFTER_FAILURE)
        return self.filter(Q(status="waiting") | lost | again)


class DelegationQuerySet(OrganisationRowsQuerySet):
    def visible_to(self, user):
        """As for every organisation's rows, but a contributor sees only what they are asked themselves."""
        rows = super().visible_to(user)
        if not user.is_authenticated or user.staff_role:
            return rows
        return rows.filter(Q(organisation__in=reads_everything(user)) | Q(to=user))

    def standing(self):
        """Delegations that have not been taken back."""
        return self.filter(taken_back_at=None)


class FindingQuerySet(OfResponseQuerySet):
    """Findings of rules across organisations; to contributors they are visible with their response."""

    def standing(self):
        """Findings that still hold."""
        return self.filter(gone_at=None)

    def gone(self):
        """Findings that held once and do not hold any more."""
        return self.exclude(gone_at=None)

    def open(self):
        """Those that nobody has explained."""
        return self.standing().filter(explanation="")
