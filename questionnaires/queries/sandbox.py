"""The sandbox: every questionnaire of the coming collection as anybody may try it, about nobody.

What the visitor typed comes from their desk; reading this opens no organisation's rows. What stands where a
Response and a ServiceEntry stand on a section page are plain dataclasses, so that nothing here can be saved.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import ClassVar

from django.urls import reverse

from accounts.models import OrganisationKind
from mapping.core import clock
from mapping.returns.classification import classification
from mapping.returns.models import Collection
from mapping.returns.roles import POSSIBLE
from questionnaires import desk
from questionnaires.cells import split_cell_id
from questionnaires.desk import Paper
from questionnaires.evaluation import Context, evaluate
from questionnaires.models import Explanation, Pin
from questionnaires.queries.reading import dates_of, definition_of, outcodes, questionnaire_of
from questionnaires.queries.registers import registers_of
from questionnaires.queries.section import Opened
from questionnaires.rules import read_thresholds

SERVICE = "service"  # the key of the questionnaire that is answered once for each service
EXAMPLE = "EXAMPLE"  # the key of the invented organisation where registers hold codes
EXAMPLE_AREA = "E08000009"  # Trafford: a real area, so that postcodes and areas can be checked


@dataclass(frozen=True)
class Guise:
    """A type of organisation that a visitor may be. authority_type: as the register says it of an authority."""

    key: str
    label: str
    organisation: str
    roles: tuple[str, ...]
    authority_type: str = ""


GUISES = {
    guise.key: guise
    for guise in (
        Guise(
            "local-authority",
            "Local authority",
            "Example Council",
            tuple(POSSIBLE[OrganisationKind.LOCAL_AUTHORITY]),
            "county",
        ),
        Guise(
            "primary-care-trust",
            "Primary care trust",
            "Example Primary Care Trust",
            tuple(POSSIBLE[OrganisationKind.PCT]),
        ),
        Guise("nhs-trust", "NHS trust", "Example NHS Trust", tuple(POSSIBLE[OrganisationKind.NHS_TRUST])),
        Guise(
            "voluntary-organisation",
            "Voluntary organisation",
            "Example Charity",
            tuple(POSSIBLE[OrganisationKind.VOLUNTARY]),
        ),
    )
}


@dataclass(frozen=True)
class Service:
    """Stands where a service entry stands: an invented service of a category."""

    category: str
    name: str = "Example service"
    is_gone: ClassVar[bool] = False
    service_id: ClassVar[None] = None

    def __str__(self):
        return self.name

    @property
    def category_label(self):
        return str(classification().categories[self.category])


@dataclass(frozen=True)
class Part:
    """Stands where the part of a return stands: it knows its collection and nothing else."""

    collection: Collection
    organisation_id: ClassVar[None] = None


@dataclass(frozen=True)
class Answers:
    """Stands where a Response stands: the answers on a visitor's desk."""

    pin: Pin
    part: Part
    service_entry: Service | None
    paper: Paper

    organisation: ClassVar[None] = None
    pk: ClassVar[None] = None
    checked_version_id: ClassVar[None] = None
    earlier_rows: ClassVar[tuple] = ()  # nobody has answered before, and nothing is read to know it

    def __str__(self):
        return str(self.service_entry or self.pin.title)

    @property
    def service_entry_id(self):
        return self.service_entry and self.service_entry.category

    @property
    def cells(self):
        return self.paper.cells

    @property
    def version(self):
        return self.paper.version

    @property
    def saved_at(self):
        return datetime.fromisoformat(self.paper.at) if self.paper.at else None


@dataclass(frozen=True)
class Explained:
    """Stands where an Explanation stands: who says it is the visitor."""

    text: str
    reason: str
    given_for: str
    at: datetime
    by: str = "you"

    @property
    def words(self):
        """The reason, and what was written beside it, as an Explanation says them."""
        return Explanation(reason=self.reason, text=self.text).words


@dataclass
class Tried(Opened):
    """A questionnaire as a visitor has opened it in the sandbox. ``name``: of the sheet, as in addresses."""

    guise: Guise = field(kw_only=True)
    name: str = field(kw_only=True)

    is_sandbox: ClassVar[bool] = True
    history_url: ClassVar[str] = ""

    @cached_property
    def context(self):
        """The Context of the answers: no last year, no other services, nothing of any organisation's."""
        collection, service = self.response.part.collection, self.response.service_entry
        return Context(
            year=collection.name,
            dates=dates_of(collection),
            today=clock.today(),
            organisation_types=frozenset(self.guise.roles),
            authority_type=self.guise.authority_type,
            category=classification().categories[service.category] if service else None,
            last_year={},
            entry=self.kept,
            outcodes=outcodes(),
            thresholds=read_thresholds(collection.thresholds),
        )

    @cached_property
    def evaluation(self):
        given = {key: reason.given_for for key, reason in self.response.paper.reasons.items()}
        return evaluate(self.questionnaire, self.response.cells, self.context, given)

    @property
    def explanations(self):
        """The visitor's reasons as a section page shows explanations."""
        reasons = self.response.paper.reasons.items()
        return {
            key: Explained(said.text, said.reason, said.given_for, datetime.fromisoformat(said.at))
            for key, said in reasons
        }

    @property
    def kept(self):
        """What models would keep of the service or the organisation, invented."""
        if self.response.service_entry:
            return _fields_of_service(self.response.service_entry)
        return _fields_of_organisation(self.guise)

    @cached_property
    def visible(self):
        """The sections that are asked, as the answers stand."""
        return [section for section in self.questionnaire.sections if section.key in self.evaluation.sections]

    def change_urls(self, section):
        return {}

    @property
    def sheet_url(self):
        return reverse("questionnaires:sandbox_sheet", kwargs={"guise": self.guise.key, "sheet": self.name})

    @property
    def leave_url(self):
        return self.sheet_url

    def section_url(self, key):
        return reverse(
            "questionnaires:sandbox_section",
            kwargs={"guise": self.guise.key, "sheet": self.name, "section": key},
        )

    def with_paper(self, paper):
        """The same questionnaire with other answers on it."""
        return _tried(self.guise, self.name, replace(self.response, paper=paper))


def _fields_of_service(service):
    """As ``fields_of`` gives them of a service entry."""
    own = dict.fromkeys(("provider", "organisation", "lead_organisation"), EXAMPLE)
    empty = dict.fromkeys(("category_last_year", "provider_sector", "merged_into", "status_date"), "")
    return {
        "name": service.name,
        "category": service.category,
        "sector": "inhouse",
        "joint_with": [],
        "status": "open",
        "is_zero_cost": "no",
        **own,
        **empty,
    }


def _fields_of_organisation(guise):
    """As ``fields_of_organisation`` gives them of one on the register."""
    return {
        "name_and_code": guise.organisation,
        "areas": [EXAMPLE_AREA],
        "type": guise.label,
        "leads": "Alex Example, mapping lead, alex@sandbox.example",
        "lead_emails": ["alex@sandbox.example"],
    }


def sandbox_collection():
    """The collection to try: the first whose data entry has not opened yet, else the newest; None without any."""
    coming = Collection.objects.filter(entry_opens__gt=clock.today()).order_by("year").first()
    return coming or Collection.objects.order_by("-year").first()


def pins_for(collection, guise):
    """What a collection asks of a type of organisation: the Pins, those about services first."""
    asked = collection.pins.filter(respondents__overlap=list(guise.roles)).select_related("collection")
    return sorted(asked, key=_services_first)


def _services_first(pin):
    return pin.key != SERVICE, pin.title


def guises_of(collection):
    """Whom a visitor may be: (Guise, titles of what is asked of them, number of categories of service)."""
    pins = sorted(collection.pins.select_related("collection"), key=_services_first)
    for guise in GUISES.values():
        titles = [pin.title for pin in pins if set(guise.roles) & set(pin.respondents)]
        groups = classification().by_group(set(guise.roles))
        yield guise, titles, sum(len(categories) for _, categories in groups)


def sheet_names(collection, guise):
    """The names of all that a type of organisation can try: ``childrens_trust``, ``service-08``."""
    names = []
    for pin in pins_for(collection, guise):
        names += _service_names(guise) if pin.key == SERVICE else [pin.key]
    return names


def _service_names(guise):
    return [f"{SERVICE}-{category.code}" for category in classification().open_to(set(guise.roles))]


def tried(collection, guise, name, token):
    """The questionnaire of that name as it lies on the desk of ``token`` (None: no desk yet); None if not asked."""
    key, _, category = name.partition("-")
    pin = next((pin for pin in pins_for(collection, guise) if pin.key == key), None)
    if pin is None or (key == SERVICE) != bool(category) or name not in sheet_names(collection, guise):
        return None
    paper = desk.read(token, paper_name(collection, guise, name))
    service = Service(category) if category else None
    return _tried(guise, name, Answers(pin, Part(collection), service, paper))


def paper_name(collection, guise, name):
    """What a questionnaire is called on a desk."""
    return f"{collection.slug}.{guise.key}.{name}"


def _tried(guise, name, answers):
    registers = registers_of(answers)
    names = {EXAMPLE: guise.organisation, **(registers.organisations or {})}
    return Tried(
        response=answers,
        user=None,
        questionnaire=questionnaire_of(answers),
        registers=replace(registers, organisations=names),
        asked=[],
        sections=None,
        can_answer=True,
        guise=guise,
        name=name,
    )


def number_of_questions(pin):
    """How many questions a questionnaire has, whatever is answered."""
    return len(definition_of(pin.definition_version_id, pin.collection.name).questions)


def papers_of_desk(collection):
    """The names of everything that may lie on a desk."""
    return [
        paper_name(collection, guise, name)
        for guise in GUISES.values()
        for name in sheet_names(collection, guise)
    ]


@dataclass(frozen=True)
class Left:
    """One thing between here and a complete questionnaire. ``kind``: error, unusual or missing; url of its place."""

    kind: str
    words: str
    url: str


def left_of(tried):
    """What is left to do, section by section: list of (Section, its state, [Left])."""
    return [
        (section, tried.evaluation.sections[section.key], _left_in(tried, section))
        for section in tried.visible
    ]


def _left_in(tried, section):
    url, evaluation = tried.section_url(section.key), tried.evaluation
    left = [
        Left("error" if p.severity == "hard" else "unusual", _words_of(p), f"{url}#q-{p.question}")
        for p in evaluation.problems
        if p.section == section.key and p.is_open
    ]
    own = {question.key for question in section.questions}
    missing = [cell for cell in evaluation.missing if split_cell_id(cell)[0] in own]
    if missing:
        words = f"{len(missing)} answer{'s' if len(missing) > 1 else ''} missing"
        left.append(Left("missing", words, f"{url}#q-{split_cell_id(missing[0])[0]}"))
    return left


def _words_of(problem):
    return f"{problem.where}: {problem.message}" if problem.where else problem.message
