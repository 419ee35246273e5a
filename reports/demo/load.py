"""Loading the demonstration: people, three collections and their figures, all or nothing."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import tenancy
from accounts.demonstration import load_people
from accounts.models import Message, Organisation
from mapping.returns.models import AnnualReturn, Collection, Part, ReturnEvent, ServiceEntry
from questionnaires.models import Pin, Response
from questionnaires.tuning.peers import make_ranges
from reports.actions import compute_area_figures, handle_return_event
from reports.demo import others
from reports.demo.coming import plan_next_collection
from reports.demo.days import moment
from reports.demo.filling import Filling
from reports.demo.lists import Lists
from reports.demo.past import Past, back_load
from reports.demo.people import load_cast
from reports.demo.places import members
from reports.demo.present import Present
from reports.demo.together import check_and_explain, reply
from reports.demo.tuned import ask_for_counts
from reports.demo.writing import Desk
from reports.models import AreaFigure, Fact

SEED = 2010
YEARS = (2007, 2008, 2009)


@dataclass(frozen=True)
class Loaded:
    """What was made: a name and how many of it."""

    counts: tuple[tuple[str, int], ...]


def is_loaded():
    """Whether there are returns already, of the demonstration or of anybody else."""
    with tenancy.staff_reading("whether the demonstration is loaded"):
        return AnnualReturn.objects.exists()


@transaction.atomic
def load_demo(*, seed=SEED, only=None):
    """Make the demonstration and return what was made; needs the registers, collections and definitions.

    only: slugs of authorities, for a small demonstration without the authorities that are in no story.
    """
    accounts = load_people()
    taking_part = members(only)
    load_cast(taking_part, seed)
    with tenancy.scope(*Organisation.objects.all()):
        story = _Story(seed, taking_part, accounts, with_others=only is None)
        story.tell()
        _settle_messages()
        counts = _counts()
    for collection in story.collections.values():
        compute_area_figures(collection)
    check_and_explain(taking_part, story.collections[YEARS[-1]])
    ask_for_counts(story.collections[YEARS[-1]], by=story.staff["national"])
    plan_next_collection()
    return Loaded((*counts, ("figures of areas", AreaFigure.objects.count())))


class _Story:
    """The three collections, one after the other."""

    def __init__(self, seed, taking_part, accounts, with_others):
        self.seed, self.members, self.with_others = seed, taking_part, with_others
        self.staff = {user.staff_role: user for user in accounts.values() if user.staff_role}
        self.collections = {c.year: c for c in Collection.objects.filter(year__in=YEARS)}
        pins = Pin.objects.filter(collection__in=self.collections.values()).select_related("collection")
        self.desk, self.lists = Desk(seed), Lists()
        keyed = {(pin.collection.year, pin.key): pin for pin in pins}
        self.filling = Filling(seed, self.desk, self.lists, keyed)

    def tell(self):
        for year in YEARS[:-1]:
            self._tell_past(self.collections[year])
            make_ranges(self.collections[year])
        self._tell_present(self.collections[YEARS[-1]])

    def _tell_past(self, collection):
        past = Past(self.seed, collection, self.lists, self.filling, self.staff)
        for member in self.members:
            past.answered_by(member)
        back_loaded = self._back_loaded(collection)
        self.desk.write()
        for member in self.members:
            past.sign_off(member)
        back_load(back_loaded, date(2009, 3, 2), by=self.staff["national"])
        handle_events(collection)

    def _back_loaded(self, collection):
        """The Children's Trust parts of other authorities, where the collection asks for them."""
        if not self.with_others or (collection.year, "childrens_trust") not in self.filling.pins:
            return []
        taking_part = others.other_authorities(self.members, collection, others.SHARE_2008, self.seed)
        return others.back_loaded_trusts(taking_part, collection, self.filling, self.staff["national"])

    def _tell_present(self, collection):
        present = Present(self.seed, collection, self.lists, self.filling, self.staff)
        for member in self.members:
            present.tell(member)
        self.desk.write()
        for member in self.members:
            present.decide(member)
        reply(self.members, collection)
        if self.with_others:
            taking_part = others.other_authorities(self.members, collection, others.SHARE_2009, self.seed)
            others.register(taking_part, collection)
        handle_events(collection)


def handle_events(collection):
    """Do at once what a worker would do after each event; the queue then finds it done."""
    events = ReturnEvent.objects.filter(annual_return__collection=collection).order_by("recorded_at", "pk")
    for event in events.select_related("part"):
        handle_return_event(event)


def _settle_messages():
    """The mails of the story were sent when they were written; what was told before the new year has been read."""
    now = timezone.now()
    told = Message.objects.all()
    told.update(mail_status=Message.MailStatus.SENT, mailed_at=now, created_at=F("at"))
    told.filter(at__lt=moment(date(2010, 1, 1), 0)).update(read_at=now)


def _counts():
    return tuple(
        (name, rows.count())
        for name, rows in (
            ("returns", AnnualReturn.objects),
            ("parts signed off", Part.objects.filter(decision="signed_off")),
            ("services in a year's list", ServiceEntry.objects),
            ("responses", Response.objects),
            ("facts", Fact.objects),
        )
    )
