"""The collection of 2009/10 on the day of the demonstration: one function for each state that a return can be in."""

from datetime import date

from mapping.returns.actions import confirm_list, decline, extend, reopen, send_back, sign_off, submit
from mapping.returns.models import PartKind
from questionnaires.actions import Asked, delegate
from questionnaires.filling.draw import lot
from questionnaires.queries import responses
from reports.demo.days import moment, on
from reports.demo.showcase import SLUG, Showcase
from reports.demo.together import list_together, place_of
from reports.demo.writing import Answered

SECTIONS = "ABCDEFGHZ"
SERVICES, ORGANISATION = PartKind.SERVICES, PartKind.ORGANISATION


class Present:
    """Tells the open collection for the members."""

    def __init__(self, seed, collection, lists, filling, staff):
        self.seed, self.collection, self.lists, self.filling, self.staff = (
            seed,
            collection,
            lists,
            filling,
            staff,
        )
        self.showcase = Showcase(seed, collection, lists, filling)

    def tell(self, member):
        """Answer what has been answered; decisions follow in ``decide``."""
        if member.now in ("none", "gone", "not_registered"):
            return
        rng = lot(self.seed, member.slug, "now")
        _, parts = self.lists.open(member, self.collection, date(2009, 10, rng.randint(5, 30)))
        if member.now in ("empty", "declined"):
            return
        self.lists.set_up(member, self.collection, date(2009, 11, rng.randint(2, 20)))
        list_together(member, self.collection, self.lists)
        if member.slug == SLUG:
            self.showcase.answer(member, parts)
            return
        done, begun = SHARES.get(member.now, (1, 0))
        self._answer_services(member, parts[SERVICES], rng, done, begun)
        if ORGANISATION in parts:
            self._answer_own(member, parts[ORGANISATION], done)

    def _answer_services(self, member, part, rng, done, begun):
        """The first share of the list is complete, the next one has been begun, some of the rest was only opened."""
        entries = self.lists.open_entries(member, self.collection.year)
        rng.shuffle(entries)
        complete, started = round(len(entries) * done), round(len(entries) * begun)
        for place, entry in enumerate(entries):
            sections = None
            if place >= complete:
                sections = (
                    frozenset(SECTIONS[: rng.randint(2, 7)]) if place < complete + started else frozenset()
                )
            if sections == frozenset() and rng.random() < 0.5:
                continue
            answered, spoil = self._answered(member, rng, sections), place_of(member, entry)
            self.filling.service(member, entry, part, answered, spoil=spoil)

    def _answered(self, member, rng, sections):
        day = rng.choice([date(2009, 12, rng.randint(1, 11)), date(2010, 1, rng.randint(5, 13))])
        day = min(day, ANSWERED_BY.get(member.now, day))
        by = rng.choice([*member.cast.contributors, member.cast.lead])
        return Answered(by=by, at=moment(day, rng.randint(9, 16), rng.randint(0, 59)), sections=sections)

    def _answer_own(self, member, part, done):
        """What is asked about the organisation itself: complete, begun, or not opened."""
        if not done:
            return
        sections = None if done == 1 else frozenset("AB")
        day = min(date(2010, 1, 6), ANSWERED_BY.get(member.now, date(2010, 1, 6)))
        answered = Answered(by=member.cast.lead, at=moment(day, 14, 20), sections=sections, anew=True)
        self.filling.own(member.organisation, part, answered, member.area.children, member.area.code)

    def decide(self, member):
        """Who was asked, and what has been decided about the parts so far."""
        annual_return, parts = self.lists.returns.get((member.slug, self.collection.year), (None, None))
        if member.slug == SLUG:
            self.showcase.delegate(member, parts)
            self.showcase.decide(member, parts)
        elif annual_return and member.organisation.is_local_authority:
            self._delegate(member, parts[SERVICES])
        if decision := DECISIONS.get(member.now):
            decision(self, member, annual_return, parts)

    def _delegate(self, member, part):
        """Each contributor was asked for what they saved; what is not begun waits for the last of them."""
        by_person = {}
        for response in responses().filter(part=part).order_by("pk"):
            by_person.setdefault(response.saved_by or member.cast.contributors[-1], []).append(response)
        with on(date(2009, 11, 26)):
            for person, asked in by_person.items():
                if person != member.cast.lead:
                    delegate(asked, Asked(to=person, due_on=date(2010, 1, 22)), by=member.cast.lead)

    def _confirmed(self, member, annual_return, parts):
        with on(date(2009, 12, 3)):
            confirm_list(parts[SERVICES], by=member.cast.lead)

    def _declined(self, member, annual_return, parts):
        reason = "The team that did the mapping was disbanded in September."
        with on(date(2009, 12, 9)):
            decline(annual_return, by=member.cast.lead, reason=reason)

    def _extended(self, member, annual_return, parts):
        reason = "The new case system goes live in February, so the activity figures come late."
        with on(date(2010, 1, 12)):
            extend(annual_return, until=date(2010, 3, 19), reason=reason, by=self.staff["helpdesk"])

    def _submitted(self, member, annual_return, parts, day=date(2010, 1, 11)):
        self._confirmed(member, annual_return, parts)
        with on(day):
            for part in parts.values():
                submit(part, by=member.cast.lead)

    def _sent_back(self, member, annual_return, parts):
        self._submitted(member, annual_return, parts, date(2010, 1, 7))
        note = "The caseload of the fostering team looks too high to me. Please check F01 with the team."
        with on(date(2010, 1, 12)):
            send_back(parts[SERVICES], by=member.cast.director, note=note)

    def _signed_off(self, member, annual_return, parts):
        self._submitted(member, annual_return, parts, date(2009, 12, 14))
        with on(date(2009, 12, 17)):
            for part in parts.values():
                sign_off(part, by=member.cast.director)

    def _reopened(self, member, annual_return, parts):
        self._signed_off(member, annual_return, parts)
        note = "Asked for by telephone: the school counselling figures were those of the wrong month."
        with on(date(2010, 1, 11)):
            reopen(parts[SERVICES], by=self.staff["helpdesk"], note=note)


# Share of the services that is complete, and that has been begun, by the state of the return; 1 and 0 elsewhere.
SHARES = {
    "in_progress": (0.35, 0.3),
    "extended": (0.1, 0.3),
    "list_carried": (0, 0),
    "not_started": (0, 0),
}
# The last day on which anything was answered, where the lead has submitted since.
ANSWERED_BY = {
    "submitted": date(2010, 1, 10),
    "sent_back": date(2010, 1, 6),
    "signed_off": date(2009, 12, 11),
    "reopened": date(2009, 12, 11),
}
DECISIONS = {
    "complete": Present._confirmed,
    "not_started": Present._confirmed,
    "declined": Present._declined,
    "extended": Present._extended,
    "submitted": Present._submitted,
    "sent_back": Present._sent_back,
    "signed_off": Present._signed_off,
    "reopened": Present._reopened,
}
