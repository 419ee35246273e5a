"""Chainable conditions over facts, area figures and documents."""

from datetime import timedelta

from django.db import models
from django.db.models import Q

from accounts.permissions import Permission, may
from accounts.tenancy import OrganisationRowsQuerySet
from mapping.core import clock

HEARTBEAT_LOST = timedelta(
    seconds=120
)  # a profile takes seconds; a worker that says nothing for so long is gone
WAIT_AFTER_FAILURE = timedelta(seconds=60)
MOST_ATTEMPTS = 5


def _counting_at(moment, path=""):
    """Condition that a fact set counted at ``moment`` (real time); path: the way to the set."""
    replaced = Q(**{f"{path}superseded_at": None}) | Q(**{f"{path}superseded_at__gt": moment})
    return Q(**{f"{path}made_at__lte": moment}) & replaced


class FactSetQuerySet(OrganisationRowsQuerySet):
    def counting_at(self, moment):
        """Sets that were the newest of their part at ``moment`` (real time)."""
        return self.filter(_counting_at(moment))


class FactQuerySet(OrganisationRowsQuerySet):
    def as_of(self, moment):
        """Facts of the sets that counted at ``moment`` (real time): they are the same whenever one asks."""
        return self.filter(_counting_at(moment, "fact_set__"))

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

    def due(self, now):
        """Documents that a worker should take up: waiting, left by a worker that died, or to be tried again."""
        lost = Q(status="making", heartbeat_at__lt=now - HEARTBEAT_LOST)
        again = Q(status="failed", attempts__lt=MOST_ATTEMPTS, heartbeat_at__lt=now - WAIT_AFTER_FAILURE)
        return self.filter(Q(status="waiting") | lost | again)
