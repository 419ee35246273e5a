"""The collections of 2007/08 and 2008/09: registered, answered, submitted, signed off, and what went wrong."""

from datetime import date, timedelta

from mapping.returns.actions import confirm_list, extend, record_event, sign_off, submit
from mapping.returns.models import PartKind, ReturnEvent
from mapping.returns.workflow import Decision
from questionnaires.filling.draw import lot
from reports.demo.days import moment, on
from reports.demo.writing import Answered

NOTE = "Taken over from the papers of the year."


class Past:
    """Tells a closed collection for the members, one after the other."""

    def __init__(self, seed, collection, lists, filling, staff):
        self.seed, self.collection, self.lists, self.filling, self.staff = (
            seed,
            collection,
            lists,
            filling,
            staff,
        )

    def answered_by(self, member):
        """Register, list and answer."""
        ending = member.past.get(self.collection.year, "none")
        if ending == "none":
            return
        rng = lot(self.seed, member.slug, self.collection.year, "days")
        year = self.collection.year
        registered = date(year, 10, rng.randint(6, 28))
        annual_return, parts = self.lists.open(member, self.collection, registered)
        self.lists.set_up(member, self.collection, registered + timedelta(days=rng.randint(4, 20)))
        with on(date(year + 1, 1, 28)):
            self._answer(member, parts, rng, share=0.5 if ending == "unfinished" else 1)
        if ending == "late":
            with on(date(year + 1, 2, 26)):
                until, reason = date(year + 1, 3, 20), "A new case system went live."
                extend(annual_return, until=until, reason=reason, by=self.staff["helpdesk"])

    def _answer(self, member, parts, rng, share):
        entries = self.lists.open_entries(member, self.collection.year)
        for entry in entries[: round(len(entries) * share)]:
            at = moment(
                date(self.collection.year + 1, 1, rng.randint(5, 27)), rng.randint(9, 17), rng.randint(0, 59)
            )
            answered = Answered(by=rng.choice([*member.cast.contributors, member.cast.lead]), at=at)
            self.filling.service(member, entry, parts[PartKind.SERVICES], answered)
        if (part := parts.get(PartKind.ORGANISATION)) and share == 1:
            at = moment(date(self.collection.year + 1, 1, 22), 11, 15)
            answered = Answered(by=member.cast.lead, at=at)
            self.filling.own(member.organisation, part, answered, member.area.children, member.area.code)

    def sign_off(self, member):
        """Sign the parts off that were completed: by the director, or as a back-load by the national team."""
        ending = member.past.get(self.collection.year, "none")
        if ending in ("none", "unfinished"):
            return
        rng = lot(self.seed, member.slug, self.collection.year, "ends")
        day = date(self.collection.year + 1, *((3, 16) if ending == "late" else (2, rng.randint(9, 24))))
        _, parts = self.lists.returns[member.slug, self.collection.year]
        if member.acts and self.collection.year == 2008:
            _submit_and_sign_off(member, parts, day, day + timedelta(days=rng.randint(1, 4)))
        else:
            back_load(parts.values(), day, by=self.staff["national"])


def _submit_and_sign_off(member, parts, submitted, signed):
    with on(submitted):
        confirm_list(parts[PartKind.SERVICES], by=member.cast.lead)
        for part in parts.values():
            submit(part, by=member.cast.lead)
    with on(signed):
        for part in parts.values():
            sign_off(part, by=member.cast.director)


def back_load(parts, day, *, by):
    """Sign parts off as a back-load does: by a member of staff, with an event that says so."""
    with on(day):
        for part in parts:
            part.decision, part.decided_at = Decision.SIGNED_OFF.value, moment(day, 10)
            if part.kind == PartKind.SERVICES:
                part.list_confirmed_at, part.list_confirmed_by = moment(day, 10), by
            part.save(update_fields=["decision", "decided_at", "list_confirmed_at", "list_confirmed_by"])
            record_event(part.annual_return, ReturnEvent.Kind.BACK_LOADED, by=by, part=part, note=NOTE)
