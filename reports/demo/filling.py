"""Filling responses: services, and what organisations answer about themselves; this year from last year's."""

from accounts.models import OrganisationKind
from mapping.returns.classification import classification
from mapping.returns.models import PartKind
from questionnaires.filling import Surroundings, fill
from questionnaires.filling.draw import lot
from questionnaires.models import Pin, Response
from questionnaires.queries import context_of, earlier_of, key_of, questionnaire_of
from questionnaires.queries.earlier import earlier_of_many
from questionnaires.queries.reading import listed_peers
from reports.demo.answers import Situation, answers_of
from reports.demo.figures import figures_of
from reports.demo.lists import LAST
from reports.demo.together import partners_in, said_by
from reports.demo.trust import trust_answers
from reports.demo.writing import started_from

SPECIALS = (("SVC-F12", "NK"), ("SVC-E08", "NC"), ("SVC-G05", "NC"), ("SVC-G07", "NC"), ("SVC-E07", "NK"))
GAPS = ("SVC-A15", "SVC-F11", "SVC-F13", "SVC-H05", "SVC-E04", "SVC-F16", "SVC-C09")
CORE = frozenset("ABCDEFGHZ")  # the sections that every service answers
TRUST = "childrens_trust"
NO_CHANGE = {"ORG-ORG07||change": {"v": "no"}}
CARED_FOR = 0.006  # of all children of an area: those that most figures about an organisation are of


class Filling:
    """Makes the answers of responses, each year's from those that were written for the year before."""

    def __init__(self, seed, desk, lists, pins):
        self.seed, self.desk, self.lists, self.pins = seed, desk, lists, pins
        self.earlier, self.listed = {}, {}

    # services

    def service(self, member, entry, part, answered, spoil=None):
        """A response about a service entry; spoil changes the answers, to show what checks find."""
        response = self._response(part, "service", entry)
        questionnaire, year = questionnaire_of(response), part.collection.year
        earlier = self._earlier_of(member, entry, part, response, questionnaire)
        situation = self._situation(member, entry, questionnaire, year, earlier.own)
        names = self.seed, member.slug, entry.service.reference, year
        fresh = _with_gaps(answers_of(situation), lot(*names, "gaps"))
        given = started_from(questionnaire, fresh, earlier.own)
        if answered.reaches(questionnaire, beyond=CORE):
            given = self._with_modules(response, given, earlier, situation, lot(*names, "modules"))
        if spoil:
            spoil(given)
        self.desk.answer(response, given, earlier, answered, listed=self._listed(part))
        return response

    def _listed(self, part):
        """The services of the list, read once, as rules compare a service with the others."""
        if part.pk not in self.listed:
            self.listed[part.pk] = listed_peers(part.annual_return_id)
        return self.listed[part.pk]

    def _earlier_of(self, member, entry, part, response, questionnaire):
        """The answers that a service starts from; those of a whole list are read at once."""
        if part.pk not in self.earlier:
            entries = self.lists.open_entries(member, part.collection.year)
            self.earlier[part.pk] = earlier_of_many(part, response.pin, entries)
        return self.earlier[part.pk](entry, questionnaire)

    def _situation(self, member, entry, questionnaire, year, last):
        names = self.seed, member.slug, entry.service.reference
        kind = self.lists.kind_of(entry)
        return Situation(
            questionnaire=questionnaire,
            entry=entry,
            kind=kind,
            category=classification().categories[entry.category],
            area=member.area,
            year=year,
            figures=figures_of(entry.category, member.area.children, year, *names),
            last=last,
            rng=lot(*names, year, "answers"),
            habit=lot(*names, "habit"),
            payer=_payer(member, kind),
        )

    def _with_modules(self, response, given, earlier, situation, rng):
        """The answers with those to the modules of the category beside them."""
        around = Surroundings(
            children=situation.figures.caseload,
            staff=situation.figures.wte,
            areas=(situation.area.code,),
            organisations=(situation.payer, situation.area.code),
        )
        context = context_of(response, earlier=earlier, listed=())
        return fill(
            situation.questionnaire,
            context,
            rng,
            given=given,
            around=around,
            leave=codes_of(situation.questionnaire, CORE),
        ).answers

    # about organisations

    def own(self, organisation, part, answered, children, area, spoil=None):
        """The responses about an organisation itself, to each questionnaire that it owes.

        children: under 18 in its area. area: the GSS code of that. spoil: key of a questionnaire -> what changes its
        answers.
        """
        if not organisation.is_local_authority:
            self.desk.write()  # what the services add up to is compared with what the organisation says of itself
        for pin in (
            Pin.objects.owed(part.annual_return).filter(part_kind=PartKind.ORGANISATION).order_by("key")
        ):
            self._own(organisation, part, pin.key, answered, children, area, (spoil or {}).get(pin.key))

    def _own(self, organisation, part, key, answered, children, area, spoil):
        response = self._response(part, key, None)
        questionnaire, earlier = questionnaire_of(response), earlier_of(response)
        given = self._given(response, key, organisation, {} if answered.anew else earlier.own)
        others = partners_in(organisation) if organisation.is_local_authority else [area]
        around = Surroundings(
            children=round(children * CARED_FOR),
            staff=4,
            areas=(area,),
            organisations=(key_of(organisation), *others),
        )
        context = context_of(response, earlier=earlier)
        rng = lot(self.seed, organisation.slug, part.collection.year, key)
        leave = questionnaire.questions if key == TRUST else ()
        given = fill(questionnaire, context, rng, given=given, around=around, leave=leave).answers
        if spoil:
            spoil(given)
        self.desk.answer(response, given, earlier, answered)

    def _given(self, response, key, organisation, last):
        """What is not left to the filler: last year's, the Children's Trust, whose shares were published, and what
        an organisation is to answer so that it does not agree with others.
        """
        questionnaire, year = questionnaire_of(response), response.part.collection.year
        fresh = NO_CHANGE
        if key == TRUST:
            partners = partners_in(organisation)
            fresh = trust_answers(questionnaire, year, partners, self.seed, organisation.slug)
        asked = {c: stored for c, stored in fresh.items() if c.partition("|")[0] in questionnaire.questions}
        said = said_by(organisation).get(key, {}) if year == LAST else {}
        return {**started_from(questionnaire, asked, last), **said}

    def _response(self, part, key, entry):
        pin = self.pins[part.collection.year, key]
        return Response(organisation=part.organisation, part=part, pin=pin, service_entry=entry)


def codes_of(questionnaire, sections):
    """The codes of the questions in some sections."""
    return {code for code, question in questionnaire.questions.items() if question.section in sections}


def _payer(member, kind):
    """Who pays: the area's PCT for trusts, its authority for voluntary providers, others for themselves."""
    if member.organisation.is_nhs_trust and member.area.pct:
        return key_of(member.area.pct)
    is_voluntary = member.organisation.kind == OrganisationKind.VOLUNTARY
    return member.area.code if is_voluntary else key_of(member.organisation)


def _with_gaps(fresh, rng):
    """Now and then a figure is not known, and an expected answer is left out."""
    for cell, special in SPECIALS:
        if cell in fresh and rng.random() < 0.03:
            fresh[cell] = {"s": special}
    for question in GAPS:
        if rng.random() < 0.04:
            fresh = {cell: stored for cell, stored in fresh.items() if cell.partition("|")[0] != question}
    return fresh
