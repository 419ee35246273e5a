"""Chainable conditions over facts, area figures and documents."""

from django.db import models
from django.db.models import Q

from accounts.permissions import Permission, may
from accounts.tenancy import OrganisationRowsQuerySet
from mapping.core import clock


class FactQuerySet(OrganisationRowsQuerySet):
    def latest(self):
        """Facts of the set that counts now: the newest of each part."""
        return self.filter(fact_set__superseded_at=None)


class AreaFigureQuerySet(models.QuerySet):
    def readable_by(self, user):
        """Figures of published collections; all of them for those who may read tables before publication."""
        if may(user, Permission.TABLES_UNPUBLISHED):
            return self
        return self.filter(collection__published_on__lte=clock.today())


class DocumentQuerySet(OrganisationRowsQuerySet):
    def openable_by(self, user):
        """Documents that an organisation of ``user`` may open."""
        return self.filter(readers__organisation__in=user.organisation_ids).distinct()

    def waiting(self):
        return self.filter(Q(status="waiting") | Q(status="failed", attempts__lt=5))
