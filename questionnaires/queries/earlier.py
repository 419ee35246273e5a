"""The answers that this year starts from and is compared with: those of the last collection that has any.

That is mostly last year's. It is an older one where a service was not asked or missed a year, and that of a
predecessor where another organisation ran the service then. Docs: decisions/0007.
"""

from dataclasses import dataclass, field

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, ExpressionWrapper, F, Func, OuterRef, Q, Value
from django.db.models.functions import JSONObject

from accounts.models import Succession
from mapping.returns.models import EntryStatus, Service, ServiceEntry, name_of
from mapping.returns.querysets import GONE, was_of_predecessor
from questionnaires.cells import split_cell_id
from questionnaires.models import Origin, Response

# What a number counts in; figures of other units (hours, weeks, %) are not added where services merged.
ADDED_UNITS = {
    "",
    "children",
    "people",
    "WTE",
    "posts",
    "staff",
    "£",
    "beds",
    "contacts",
    "sessions",
    "births",
}
ADDED_TYPES = {"whole_number", "dec2", "money"}


@dataclass(frozen=True)
class Earlier:
    """Answers to the same questionnaire from an earlier collection.

    own: cell to JSON, what this year starts from. shown: the same with the counts of merged services added, what
    this year is shown beside. year: "2008/09", "" where nobody has answered before. is_last_year: whether that is
    the collection before. predecessor: who answered, if another organisation did. merged: names of the services
    whose counts are in ``shown``; inherited: whether a predecessor ran one of those.
    """

    own: dict = field(default_factory=dict)
    shown: dict = field(default_factory=dict)
    year: str = ""
    is_last_year: bool = True
    predecessor: str = ""
    merged: tuple[str, ...] = ()
    inherited: bool = False

    @property
    def compared(self):
        """What rules compare with: not a predecessor's figures, whose services may have been divided."""
        if self.predecessor:
            return {}
        if self.inherited:
            return {cell: kept for cell, kept in self.shown.items() if kept == self.own.get(cell)}
        return self.shown

    @property
    def when(self):
        """Which answers they are, by the name of their collection: ``2008/09``, ``Cheshire, 2008/09``; "" for none."""
        return ", ".join(filter(None, [self.predecessor, self.year]))

    @property
    def label(self):
        """What its answers stand under: ``Last year``, ``2006/07``, ``Cheshire, 2008/09``."""
        return "Last year" if self.is_last_year and not self.predecessor else self.when

    @property
    def then(self):
        """The same where a sentence says when something was so: ``last year``, ``in 2006/07``."""
        return "last year" if self.is_last_year else f"in {self.year}"

    @property
    def named(self):
        """The same in the middle of a sentence: ``last year``, ``2006/07``, ``Cheshire, 2008/09``."""
        return "last year" if self.label == "Last year" else self.label


NOTHING = Earlier()


def with_earlier(rows, organisation, year):
    """Responses of one organisation and year, each with earlier answers in the same statement for ``earlier_of``."""
    of_key, service = Q(pin__key=OuterRef("pin__key")), OuterRef("service_entry__service")
    # A questionnaire about services is never answered without one, so what has none is of the others.
    before = _answered_before(organisation, year, of_key, service, or_else=Q(service_entry=None))
    return rows.annotate(earlier_rows=ArraySubquery(before.values(row=AS_JSON)))


def earlier_of(response, questionnaire):
    """The Earlier of a response; questionnaire: the one that it answers, as this year asks it."""
    part, pin, entry = response.part, response.pin, response.service_entry
    rows = getattr(response, "earlier_rows", None)
    if rows is None:
        service = entry.service_id if entry else None
        before = _answered_before(part.organisation_id, part.collection.year, Q(pin__key=pin.key), service)
        rows = [row for (row,) in before.values_list(AS_JSON)]
    return _earlier(rows, part, questionnaire)


def earlier_of_many(part, pin, entries):
    """A function from a service entry of ``part`` (or None: the organisation itself) and its questionnaire to Earlier.

    Reads the answers of all ``entries`` in one statement, whatever their number.
    """
    organisation, year, of_key = part.organisation_id, part.collection.year, Q(pin__key=pin.key)
    if None in entries:
        found = {
            None: [row for (row,) in _answered_before(organisation, year, of_key, None).values_list(AS_JSON)]
        }
    else:
        before = _answered_before(organisation, year, of_key, OuterRef("service"))
        rows = ServiceEntry.objects.filter(pk__in=[entry.pk for entry in entries])
        found = dict(rows.values_list("pk", ArraySubquery(before.values(row=AS_JSON))))
    return lambda entry, questionnaire: _earlier(found.get(entry and entry.pk, []), part, questionnaire)


AS_JSON = JSONObject(
    name="service_entry__name",
    organisation="organisation",
    organisation_name="organisation__name",
    year="pin__collection__year",
    is_own="is_own",
    cells="cells",
)

# A response that was only opened holds what was carried into it, which nobody has said of that year.
IS_ANSWERED = Func(
    F("cells"),
    Value(f'$.* ? (!(@.o == "{Origin.CARRIED.value}"))'),
    function="jsonb_path_exists",
    template="%(function)s(%(expressions)s::jsonpath)",
    output_field=BooleanField(),
)


def _answered_before(organisation, year, of_key, service, or_else=None):
    """Responses of earlier collections to start from or to add, the newest of each service.

    They are of the service itself, of the one that it continues, and of those that merged into it; for a
    questionnaire of the organisation, its own and its predecessors'. service: an id, None, or a reference to one that
    there is; or_else: whose they may be where it refers to none.
    """
    about = own = Q(service_entry=None)
    if service is not None:
        about, own = Q(_about(service, year)), _itself(service)
    if or_else:
        about, own = about | or_else, own | or_else
    rows = Response.objects.filter(_of_one_or_predecessors(organisation), of_key, about, IS_ANSWERED)
    rows = rows.filter(Q(organisation=organisation) | was_of_predecessor(organisation, "pin__collection"))
    rows = rows.filter(pin__collection__year__lt=year).exclude(service_entry__status__in=GONE)
    rows = rows.annotate(is_own=ExpressionWrapper(own, output_field=BooleanField()))
    newest = ("organisation_id", "service_entry__service_id")
    return rows.order_by(*newest, "-pin__collection__year").distinct(*newest)


def _of_one_or_predecessors(organisation):
    """That a row is of an organisation or of one that it took over from, said so that an index finds them."""
    predecessors = Succession.objects.filter(successor=organisation).values("predecessor")
    return _is_any(F("organisation"), _array("array_prepend", _id(organisation), ArraySubquery(predecessors)))


def _about(service, year):
    """That a response is about a service, one that merged into it, or one that either continues; an index finds it."""
    merged = ServiceEntry.objects.filter(
        merged_into=_nested(service), status=EntryStatus.MERGED, collection__year__lte=year
    )
    before = merged.filter(service__continues__isnull=False).values("service__continues")
    merged_then = _array("array_cat", ArraySubquery(merged.values("service")), ArraySubquery(before))
    others = _array("array_cat", ArraySubquery(_continued(service)), merged_then)
    return _is_any(F("service_entry__service"), _array("array_prepend", _id(service), others))


def _itself(service):
    """The condition that a response is about a service or the one that it continues."""
    return Q(service_entry__service=service) | Q(service_entry__service__in=_continued(service))


def _continued(service):
    """The service of a predecessor that a service continues, as a query; nothing where it is none."""
    return Service.objects.filter(pk=_nested(service), continues__isnull=False).values("continues")


def _nested(service):
    """A service as a query inside the query refers to it."""
    return OuterRef(service) if isinstance(service, OuterRef) else service


def _id(number):
    return number if isinstance(number, OuterRef) else Value(number, output_field=BigIntegerField())


def _array(function, *parts):
    return Func(*parts, function=function, output_field=ArrayField(BigIntegerField()))


def _is_any(field, array):
    """The condition that a field has one of the values of an array."""
    return Func(field, array, arg_joiner=" = ANY(", template="%(expressions)s)", output_field=BooleanField())


def _earlier(rows, part, questionnaire):
    """The Earlier that rows of ``AS_JSON`` amount to."""
    here = part.organisation_id
    own = [row for row in rows if row["is_own"]]
    others = [row for row in rows if not row["is_own"]]
    if not rows:
        return NOTHING
    newest = max(own or others, key=lambda row: (row["year"], row["organisation"] == here))
    merged = [row for row in others if row["year"] == newest["year"]]
    answers = _said(newest) if own else {}
    return Earlier(
        own=answers,
        shown=_added(questionnaire, answers, [_said(row) for row in merged]) if merged else answers,
        year=name_of(newest["year"]),
        is_last_year=newest["year"] == part.collection.year - 1,
        predecessor=_ran_by(newest, here),
        merged=tuple(sorted(_name_of(row, here) for row in merged)),
        inherited=any(_ran_by(row, here) for row in merged),
    )


def _ran_by(row, here):
    """The name of the predecessor that ran a service then; "" for the organisation ``here`` itself."""
    return "" if row["organisation"] == here else row["organisation_name"]


def _name_of(row, here):
    """A service by its name then, with the predecessor that ran it: ``Crewe team (Cheshire)``."""
    predecessor = _ran_by(row, here)
    return f"{row['name']} ({predecessor})" if predecessor else row["name"]


def _said(row):
    """The answers of a row, without what nobody has confirmed in that year."""
    return {cell: stored for cell, stored in row["cells"].items() if stored.get("o") != Origin.CARRIED}


def _added(questionnaire, own, others):
    """Answers with the counts of services that merged into this one added to its own.

    A count that is not known of one of them is not known of all, and left out.
    """
    shown = dict(own)
    for cell in {cell for cells in others for cell in cells}:
        answer_field = _count_in(questionnaire, cell)
        if answer_field is None:
            continue
        parts = [cells[cell] for cells in (own, *others) if cell in cells]
        if any("s" in stored for stored in parts):
            shown.pop(cell, None)
        else:
            kind = answer_field.kind
            shown[cell] = kind.stored(sum(kind.value(stored) for stored in parts))
    return shown


def _count_in(questionnaire, cell):
    """The field of a cell whose figures can be added over services; None for any other cell."""
    code, row, column = split_cell_id(cell)
    question = questionnaire.questions.get(code)
    if question is None or question.is_repeatable or question.last_year != "shown":
        return None
    found = questionnaire.cell(code, row, column)
    is_count = found and found.field.type in ADDED_TYPES and found.field.unit in ADDED_UNITS
    return found.field if is_count else None
