"""Filling responses: services and the Children's Trust questionnaire, this year from last year's."""

from mapping.returns.classification import classification
from questionnaires.models import Response
from questionnaires.queries import key_of, questionnaire_of
from reports.demo.answers import Situation, answers_of
from questionnaires.filling.draw import lot
from reports.demo.figures import figures_of
from reports.demo.trust import trust_answers

SPECIALS = (("SVC-F12", "NK"), ("SVC-E08", "NC"), ("SVC-G05", "NC"), ("SVC-G07", "NC"), ("SVC-E07", "NK"))
GAPS = ("SVC-A15", "SVC-F11", "SVC-F13", "SVC-H05", "SVC-E04", "SVC-F16", "SVC-C09")


class Filling:
    """Makes the answers of responses and remembers them, so that the next year can start from them."""

    def __init__(self, seed, desk, lists, pins):
        self.seed, self.desk, self.lists, self.pins = seed, desk, lists, pins
        self.cells = {}

    def service(self, member, entry, part, answered, spoil=None):
        """A response about a service entry; spoil changes the fresh answers, to show what checks find."""
        response = self._response(part, "service", entry)
        last = self.cells.get((entry.service_id, part.collection.year - 1), {})
        fresh = self._service_answers(member, entry, response, last)
        if spoil:
            spoil(fresh)
        self.desk.answer(response, fresh, last, answered)
        self.cells[entry.service_id, part.collection.year] = response.cells
        return response

    def trust(self, organisation, part, answered, spoil=None):
        """An authority's response to the Children's Trust questionnaire."""
        response = self._response(part, "childrens_trust", None)
        year = part.collection.year
        last = self.cells.get((organisation.slug, year - 1), {})
        fresh = trust_answers(questionnaire_of(response), year, self.seed, organisation.slug)
        if spoil:
            spoil(fresh)
        self.desk.answer(response, fresh, last, answered)
        self.cells[organisation.slug, year] = response.cells
        return response

    def _response(self, part, key, entry):
        pin = self.pins[part.collection.year, key]
        return Response(organisation=part.organisation, part=part, pin=pin, service_entry=entry)

    def _service_answers(self, member, entry, response, last):
        year, reference = response.part.collection.year, entry.service.reference
        names = self.seed, member.slug, reference
        questionnaire = questionnaire_of(response)
        kind = self.lists.kind_of(entry)
        situation = Situation(
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
        return _with_gaps(answers_of(situation), lot(*names, year, "gaps"))


def _payer(member, kind):
    """Who pays: trusts are paid by the area's PCT, all others by the organisation itself."""
    paying = member.area.pct if member.organisation.is_nhs_trust and member.area.pct else member.organisation
    return key_of(paying)


def _with_gaps(fresh, rng):
    """Now and then a figure is not known, and an expected answer is left out."""
    for cell, special in SPECIALS:
        if cell in fresh and rng.random() < 0.03:
            fresh[cell] = {"s": special}
    for question in GAPS:
        if rng.random() < 0.04:
            fresh = {cell: stored for cell, stored in fresh.items() if cell.partition("|")[0] != question}
    return fresh
