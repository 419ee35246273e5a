"""Conditions on the registers, named as they read."""

from django.db import models

from mapping.core.names import Named, called, nearest


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The organisations whose rows ``user`` may meet: all for staff, their regions' for
        support workers, their own for everyone else."""
        if not user.is_authenticated:
            return self.none()
        if user.sees_all_organisations:
            return self.all()
        own = models.Q(pk__in=user.organisation_ids)
        return self.filter(own | models.Q(region__in=user.region_ids) if user.is_support_worker else own)

    def named(self, text):
        """Those that a text means as people write it: by code, by full or short name, or by kind and place."""
        return self.filter(pk__in=[one.key for one in called(text, self._called())])

    def names_near(self, text):
        """Full names of the few that are called most like a text, the likest first."""
        return [one.name for one in nearest(text, self._called())]

    def _called(self):
        rows = self.values_list("pk", "name", "official_name", "kind", "code", "slug")
        return [
            Named(pk, official_name or name, kind, code or "", (name, slug))
            for pk, name, official_name, kind, code, slug in rows
        ]

    def on_register(self, year):
        """Those eligible in the collection that starts in ``year`` (2008 is 2008/09)."""
        return self.filter(years__year=year, years__on_register=True)

    def local_authorities(self):
        return self.filter(kind="local_authority")

    def nhs_trusts(self):
        return self.filter(kind="nhs_trust")

    def voluntary_providers(self):
        return self.filter(kind="voluntary")

    def covering(self, authority):
        """The PCTs that cover ``authority`` or a part of it."""
        return self.filter(authorities_covered__authority=authority)


class PopulationQuerySet(models.QuerySet):
    def newest(self, age_band):
        """One row an authority: the newest year of ``age_band``."""
        return self.filter(age_band=age_band).order_by("authority_id", "-year").distinct("authority_id")


class EmailDomainQuerySet(models.QuerySet):
    def owned_by(self, organisation, address):
        """The registered domain of ``address`` if it is the organisation's own and not a shared one."""
        domain = address.rpartition("@")[2].lower()
        return self.filter(domain=domain, organisation=organisation, shared=False)
