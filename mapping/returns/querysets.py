"""Chainable conditions over collections, parts, events, service entries and imports."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, Func, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce

from accounts.models import Succession
from accounts.tenancy import OrganisationRowsQuerySet
from mapping.core import clock
from mapping.returns.roles import roles

GONE = ["closed", "merged"]  # statuses of an entry whose service has ended
HEARTBEAT_LOST = timedelta(seconds=60)  # a worker that reads a list says something every second
WAIT_AFTER_FAILURE = timedelta(seconds=60)
MOST_ATTEMPTS = 5


def was_of_predecessor(organisation, collection):
    """That a row is of an organisation which ``organisation`` took over from, and of a collection before that.

    organisation: one, its id, or a reference to an outer query. collection: the way from a row to its collection.
    The policies of the tables say the same (``ShowToSuccessors``); here it is said so that a query means it.
    """
    return Exists(
        Succession.objects.filter(
            predecessor=OuterRef("organisation"),
            successor=organisation,
            year__gt=OuterRef(f"{collection}__year"),
        )
    )


class CollectionQuerySet(models.QuerySet):
    def current(self):
        """The collection whose registration has opened last, or the first one before any has; None without any."""
        begun = self.filter(registration_opens__lte=clock.today()).order_by("-year").first()
        return begun or self.order_by("year").first()

    def before(self, collection):
        """The collection of the year before ``collection``, or None."""
        return self.filter(year=collection.year - 1).first()

    def published(self):
        return self.filter(published_on__lte=clock.today())


class PartQuerySet(OrganisationRowsQuerySet):
    def with_progress(self):
        """Annotate ``listed``, ``started`` and ``complete``: what a part owes and how far that is.

        The services part owes a response for each service entry (one is made when first opened, so an entry
        without one is not started), but none for a service that has closed or merged: the list says when and into
        which. The others owe one for each questionnaire that the collection asks of the organisation in its roles.
        Counted by the database each time, so no saver waits for a counter.
        """
        responses = self._owed_responses()
        entries = self._rows_of("annual_return", "service_entries").filter(
            annual_return=OuterRef("annual_return")
        )
        entries = entries.exclude(status__in=GONE)
        pins = self._rows_of("collection", "pins").filter(
            collection=OuterRef("collection"),
            part_kind=OuterRef("kind"),
            respondents__overlap=OuterRef("roles"),
        )
        return self._with_roles().annotate(
            listed=Case(When(kind="services", then=_count(entries)), default=_count(pins)),
            started=_count(responses.exclude(progress="not_started")),
            complete=_count(responses.filter(progress="complete")),
        )

    def with_problems(self):
        """Annotate ``errors``, ``unusual`` and ``missing``: what stands in the way, over all responses of a part.

        ``unconfirmed`` of the missing are answers of last year that nobody has confirmed, of all that are ``filled``.
        """
        responses = self._owed_responses()
        in_sections = responses.alias(
            waiting_here=_over_sections("unconfirmed"), filled_here=_over_sections("filled")
        )
        return self._with_roles().annotate(
            errors=_sum(responses, "hard_count"),
            unusual=_sum(responses, "soft_open_count"),
            missing=_sum(responses, "missing_count"),
            unconfirmed=_sum(in_sections, "waiting_here"),
            filled=_sum(in_sections, "filled_here"),
        )

    def signed_off(self):
        return self.filter(decision="signed_off")

    def held_for_decision(self, pk):
        """The part with its progress, held so that nobody saves into it until the transaction ends."""
        self.select_for_update().get(pk=pk)
        return self.with_progress().select_related("annual_return", "collection", "organisation").get(pk=pk)

    def _with_roles(self):
        """Annotate ``roles``: those in which the organisation answers, as an array."""
        year = OuterRef("collection__year")
        return self.alias(roles=roles("organisation__kind", organisation=OuterRef("organisation"), year=year))

    def _owed_responses(self):
        """The responses of a part that it owes now: not those about services that have ended, nor of other roles."""
        owed = {"part": OuterRef("pk"), "pin__respondents__overlap": OuterRef("roles")}
        return self._rows_of("responses").filter(**owed).exclude(service_entry__status__in=GONE)

    def _rows_of(self, *path):
        """All rows of the model at the end of ``path``, a way along relations from a part."""
        model = self.model
        for name in path:
            model = model._meta.get_field(name).related_model
        return model._default_manager.all()


def _count(rows):
    """``rows`` of the outer row, counted in a subquery."""
    counted = rows.order_by().values(one=models.Value(1)).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=models.IntegerField()), 0)


def _sum(rows, field):
    """``field`` summed over ``rows`` of the outer row, in a subquery."""
    summed = rows.order_by().values(one=models.Value(1)).annotate(n=Sum(field)).values("n")
    return Coalesce(Subquery(summed, output_field=models.IntegerField()), 0)


def _over_sections(count):
    """One count that a response keeps of each of its sections, summed over them."""
    return Func(
        F("sections"),
        template="(SELECT SUM((kept.value->>'%(count)s')::int) FROM jsonb_each(%(expressions)s) kept)",
        count=count,
        output_field=models.IntegerField(),
    )


class EventQuerySet(OrganisationRowsQuerySet):
    def undelivered(self):
        """Events that some consumer of ``RETURN_EVENT_TASKS`` has not handled."""
        handled = Count(
            "receipts", filter=Q(receipts__consumer__in=settings.RETURN_EVENT_TASKS), distinct=True
        )
        return self.annotate(handled=handled).filter(handled__lt=len(settings.RETURN_EVENT_TASKS))


LONG_LIST = 50  # services; above it the short form is offered


class ServiceEntryQuerySet(OrganisationRowsQuerySet):
    def open(self):
        """Entries of services that took people on the census date, or may again."""
        return self.exclude(status__in=GONE)

    def is_long(self):
        """Whether there are so many that they may be asked the short form: what is mandatory, and nothing else."""
        return self.count() > LONG_LIST

    def to_carry_into(self, annual_return):
        """Open entries of the organisation's last list before ``annual_return`` whose service is not on its list."""
        listed = self.model.objects.filter(annual_return=annual_return)
        return self.of_last_list(annual_return).open().exclude(service__in=listed.values("service"))

    def of_last_list(self, annual_return):
        """Entries of the organisation's own last list before ``annual_return``, whatever year that was."""
        last_list = self._earlier_lists(annual_return).values("collection")[:1]
        return self.filter(organisation=annual_return.organisation_id, collection=Subquery(last_list))

    def _earlier_lists(self, annual_return):
        """Entries of the organisation's own lists before ``annual_return``, the newest first."""
        own = self.model.objects.filter(organisation=annual_return.organisation_id)
        return own.filter(collection__year__lt=annual_return.collection.year).order_by("-collection__year")

    def inherited_by(self, organisation):
        """Entries of the predecessors of an organisation, from the collections before it took over."""
        return self.filter(was_of_predecessor(organisation, "collection"))

    def to_inherit_into(self, annual_return):
        """Open entries of the last list of each predecessor that no service on the list of ``annual_return`` continues.

        They are offered until the successor has a list of an earlier collection itself.
        """
        own_lists = self._earlier_lists(annual_return).values("collection__year")[:1]
        successions = Succession.objects.filter(
            predecessor=OuterRef("organisation"),
            successor=annual_return.organisation_id,
            year__lte=annual_return.collection.year,
            year__gt=Coalesce(Subquery(own_lists), 0),
        )
        inherited = self.inherited_by(annual_return.organisation_id)
        last = inherited.filter(organisation=OuterRef("organisation")).order_by("-collection__year")
        continued = self.model.objects.filter(annual_return=annual_return, service__continues__isnull=False)
        return (
            inherited.filter(Exists(successions), collection=Subquery(last.values("collection")[:1]))
            .open()
            .exclude(service__in=continued.values("service__continues"))
        )

    def with_since(self):
        """Annotate ``since``: the first year in which the service was mapped."""
        return self.annotate(since=models.Min("service__entries__collection__year"))


class ServiceImportQuerySet(OrganisationRowsQuerySet):
    def due(self, now):
        """Imports that a worker should take up: waiting, left by a worker that died, or to be tried again."""
        lost = Q(status="reading", heartbeat_at__lt=now - HEARTBEAT_LOST)
        again = Q(status="failed", attempts__lt=MOST_ATTEMPTS, heartbeat_at__lt=now - WAIT_AFTER_FAILURE)
        return self.filter(Q(status="waiting") | lost | again)


class JointRequestQuerySet(OrganisationRowsQuerySet):
    """Requests to confirm a joint service: rows of whoever asks, which the partner reads too."""

    def visible_to(self, user):
        rows = super().visible_to(user)
        if not user.is_authenticated or user.staff_role:
            return rows
        return rows | self.filter(partner__in=user.organisation_ids)

    def standing(self):
        """Requests of services that are still listed as joint."""
        return self.filter(withdrawn_at=None, service_entry__isnull=False)

    def unanswered(self):
        return self.filter(answer=None)


class JointAnswerQuerySet(OrganisationRowsQuerySet):
    """Answers to such requests: rows of the partner, which whoever asked reads too."""

    def visible_to(self, user):
        rows = super().visible_to(user)
        if not user.is_authenticated or user.staff_role:
            return rows
        return rows | self.filter(request__organisation__in=user.organisation_ids)
