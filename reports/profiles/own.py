"""What an authority says itself, collection by collection: its services, and sums of their facts. Pure."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from reports.facts import ANSWERED, RESPONSE

TIERS = ("universal", "targeted", "specialist")
SECTOR_GROUPS = (("inhouse",), ("la", "nhs", "other_public"), ("voluntary", "social_ent"), ("private",))
WAITS = ("w1", "w2", "w3", "w4", "w5")
WAIT_NOT_KNOWN = "wNK"
AGES = ("a0", "a1_4", "a5_9", "a10_14", "a15", "a16_17", "a18_24")
AGE_NOT_KNOWN = "aNK"


@dataclass(frozen=True)
class OwnFact:
    """One fact; ``entry``: id of the service entry that it speaks of, or None."""

    entry: int | None
    measure: str
    item: str
    state: str
    number: Decimal | None
    choice: str


@dataclass(frozen=True)
class ListedService:
    """A service of the list that took people; ``provider`` in words."""

    id: int
    reference: str
    name: str
    category: str
    provider: str


@dataclass(frozen=True)
class SignOff:
    """When a part was signed off, by the clock of the exercise, and by whom: a post, not a name."""

    day: date
    post: str = ""


@dataclass(frozen=True)
class OwnYear:
    """One collection. ``is_asked``: the authority was on its register. services: those that took people.

    signed_off: part -> SignOff, for parts whose facts are here.
    """

    name: str
    is_asked: bool = False
    services: tuple[ListedService, ...] = ()
    facts: tuple[OwnFact, ...] = ()
    signed_off: Mapping[str, SignOff] = field(default_factory=dict)

    @cached_property
    def numbers(self):
        """(measure, item) -> sum over services of what was answered."""
        sums = defaultdict(Decimal)
        for fact in self.facts:
            if fact.entry is not None and fact.state == ANSWERED and fact.number is not None:
                sums[fact.measure, fact.item] += fact.number
        sums["services", ""] = Decimal(len(self.services))
        for measure in ("wte", "heads", "vacancies"):
            parts = [total for (name, item), total in sums.items() if name == measure and item]
            if parts:
                sums[measure, ""] = sum(parts)
        return dict(sums)

    def number(self, measure, item=""):
        """The sum over services, or None where no service answered."""
        return self.numbers.get((measure, item))

    @cached_property
    def _by_entry(self):
        found = defaultdict(dict)
        for fact in self.facts:
            if fact.entry is not None:
                found[fact.entry][fact.measure, fact.item] = fact
        return found

    def fact(self, service, measure, item=""):
        """What a service says to one measure, or None."""
        return self._by_entry.get(service.id, {}).get((measure, item))

    def choice(self, service, measure):
        fact = self.fact(service, measure)
        return fact.choice if fact else ""

    def answered(self, service, measure):
        """Whether the service gives a number for any item of a measure."""
        facts = self._by_entry.get(service.id, {}).values()
        return any(fact.measure == measure and fact.number is not None for fact in facts)

    def holds_cases(self, service):
        return self.choice(service, "holds_cases") == "yes" or self.answered(service, "caseload")

    @cached_property
    def holding(self):
        """The services that hold individual cases."""
        return [service for service in self.services if self.holds_cases(service)]

    @cached_property
    def services_by_category(self):
        """category -> its services, in the order of the classification."""
        found = defaultdict(list)
        for service in sorted(self.services, key=lambda service: service.category):
            found[service.category].append(service)
        return dict(found)

    def sum_of(self, services, measure, item=""):
        """The sum over some services, or None where none of them answered."""
        facts = (self.fact(service, measure, item) for service in services)
        numbers = [fact.number for fact in facts if fact and fact.number is not None]
        return sum(numbers) if numbers else None

    def count_by(self, measure, services=None):
        """Counter of what services choose, blanks under the empty choice."""
        services = self.services if services is None else services
        return Counter(self.choice(service, measure) for service in services)

    @cached_property
    def statements(self):
        """(measure, item) -> fact, of the organisation's own answers."""
        return {(fact.measure, fact.item): fact for fact in self.facts if fact.entry is None}

    def statement(self, measure, item=""):
        """The choice of the organisation, or "" for a blank or special answer; None where it was not asked."""
        fact = self.statements.get((measure, item))
        return fact.choice if fact else None

    def response_facts(self, questionnaire):
        """One fact for each response to a questionnaire: percent answered, and its progress as choice."""
        return [fact for fact in self.facts if fact.measure == RESPONSE and fact.item == questionnaire]

    @property
    def has_services(self):
        return bool(self.services)

    @property
    def has_staff(self):
        return self.number("wte") is not None

    @property
    def has_activity(self):
        return self.number("caseload") is not None

    @property
    def has_trust(self):
        return bool(self.response_facts("childrens_trust"))

    @property
    def share_complete(self):
        """Percent of the services listed whose response is complete (R07)."""
        complete = sum(fact.choice == "complete" for fact in self.response_facts("service"))
        return Decimal(complete * 100) / len(self.services) if self.services else Decimal(0)

    @property
    def share_answered(self):
        """Of what was owed about services, the percentage answered (R06), as the mean over the services listed."""
        shares = [fact.number for fact in self.response_facts("service")]
        return sum(shares) / max(len(shares), len(self.services)) if shares else Decimal(0)
