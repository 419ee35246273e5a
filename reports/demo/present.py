"""The collection of 2009/10 on the day of the demonstration: one function for each state that a return can be in."""

from datetime import date

from mapping.returns.actions import confirm_list, decline, extend, reopen, send_back, sign_off, submit
from mapping.returns.models import PartKind
from reports.demo.days import moment, on
from reports.demo.draw import lot
from reports.demo.writing import Answered

SECTIONS = "ABCDEFGHZ"
SERVICES, ORGANISATION = PartKind.SERVICES, PartKind.ORGANISATION


class Present:
    """Tells the open collection for the members."""

    def __init__(self, seed, collection, lists, filling, staff):
        self.seed, self.collection, self.lists, self.filling, self.staff = seed, collection, lists, filling, staff

    def tell(self, member):
        """Answer what has been answered; decisions follow in ``decide``."""
        if member.now in ("none", "gone", "not_registered"):
            return
        rng = lot(self.seed, member.slug, "now")
        _, parts = self.lists.open(member, self.collection, date(2009, 10, rng.randint(5, 30)))
        if member.now in ("empty", "declined"):
            return
        self.lists.set_up(member, self.collection, date(2009, 11, rng.randint(2, 20)))
        done, begun = SHARES.get(member.now, (1, 0))
        self._answer_services(member, parts[SERVICES], rng, done, begun)
        if ORGANISATION in parts:
            self._answer_trust(member, parts[ORGANISATION], done)

    def _answer_services(self, member, part, rng, done, begun):
        """The first share of the list is complete, the next one has been begun, some of the rest was only opened."""
        entries = self.lists.open_entries(member, self.collection.year)
        rng.shuffle(entries)
        complete, started = round(len(entries) * done), round(len(entries) * begun)
        for place, entry in enumerate(entries):
            sections = None
            if place >= complete:
                sections = frozenset(SECTIONS[: rng.randint(2, 7)]) if place < complete + started else frozenset()
            if sections == frozenset() and rng.random() < 0.5:
                continue
            self.filling.service(member, entry, part, self._answered(member, rng, sections))

    def _answered(self, member, rng, sections, explains=True):
        day = rng.choice([date(2009, 12, rng.randint(1, 18)), date(2010, 1, rng.randint(5, 13))])
        by = rng.choice([*member.cast.contributors, member.cast.lead])
        return Answered(by=by, at=moment(day, rng.randint(9, 16), rng.randint(0, 59)), sections=sections, explains=explains)

    def _answer_trust(self, member, part, done):
        if not done:
            return
        sections = None if done == 1 else frozenset("AB")
        answered = Answered(by=member.cast.lead, at=moment(date(2010, 1, 6), 14, 20), sections=sections, anew=True)
        self.filling.trust(member.organisation, part, answered)

    def decide(self, member):
        """What has been decided about the parts so far."""
        if decision := DECISIONS.get(member.now):
            annual_return, parts = self.lists.returns[member.slug, self.collection.year]
            decision(self, member, annual_return, parts)

    def _confirmed(self, member, annual_return, parts):
        with on(date(2009, 12, 3)):
            confirm_list(parts[SERVICES], by=member.cast.lead)

    def _declined(self, member, annual_return, parts):
        with on(date(2009, 12, 9)):
            decline(annual_return, by=member.cast.lead, reason="The team that did the mapping was disbanded in September.")

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
    "half_done": (0.58, 0.26),
    "in_progress": (0.35, 0.3),
    "extended": (0.1, 0.3),
    "list_carried": (0, 0),
    "not_started": (0, 0),
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
