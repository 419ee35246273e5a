"""The collections of 2007/08 and 2008/09: registered, answered, submitted, signed off, and what went wrong."""

from datetime import date, timedelta

from mapping.returns.actions import confirm_list, extend, sign_off, submit
from mapping.returns.models import PartKind
from reports.demo.days import moment, on
from reports.demo.draw import lot
from reports.demo.writing import Answered


class Past:
    """Tells a closed collection for the members, one after the other."""

    def __init__(self, seed, collection, lists, filling, helpdesk):
        self.seed, self.collection, self.lists, self.filling = seed, collection, lists, filling
        self.helpdesk = helpdesk

    def answered_by(self, member):
        """Register, list and answer; returns whether there is anything to sign off."""
        ending = member.past.get(self.collection.year, "none")
        if ending == "none":
            return
        rng = lot(self.seed, member.slug, self.collection.year, "days")
        year = self.collection.year
        registered = date(year, 10, rng.randint(6, 28))
        annual_return, parts = self.lists.open(member, self.collection, registered)
        listed = self.lists.set_up(member, self.collection, registered + timedelta(days=rng.randint(4, 20)))
        with on(date(year + 1, 1, 28)):
            self._answer(member, parts, rng, share=0.5 if ending == "unfinished" else 1)
        if ending == "late":
            with on(date(year + 1, 2, 26)):
                extend(annual_return, until=date(year + 1, 3, 20), reason="A new case system went live.", by=self.helpdesk)
        return listed

    def _answer(self, member, parts, rng, share):
        entries = self.lists.open_entries(member, self.collection.year)
        for entry in entries[: round(len(entries) * share)]:
            at = moment(date(self.collection.year + 1, 1, rng.randint(5, 27)), rng.randint(9, 17), rng.randint(0, 59))
            answered = Answered(by=rng.choice([*member.cast.contributors, member.cast.lead]), at=at)
            self.filling.service(member, entry, parts[PartKind.SERVICES], answered)
        if (part := parts.get(PartKind.ORGANISATION)) and share == 1:
            at = moment(date(self.collection.year + 1, 1, 22), 11, 15)
            self.filling.trust(member.organisation, part, Answered(by=member.cast.lead, at=at))

    def sign_off(self, member):
        """Confirm the list, submit and sign every part off; returns the parts signed off."""
        ending = member.past.get(self.collection.year, "none")
        if ending in ("none", "unfinished"):
            return []
        rng = lot(self.seed, member.slug, self.collection.year, "ends")
        submitted = date(self.collection.year + 1, *((3, 16) if ending == "late" else (2, rng.randint(9, 24))))
        _, parts = self.lists.returns[member.slug, self.collection.year]
        with on(submitted):
            confirm_list(parts[PartKind.SERVICES], by=member.cast.lead)
            for part in parts.values():
                submit(part, by=member.cast.lead)
        with on(submitted + timedelta(days=rng.randint(1, 4))):
            return [sign_off(part, by=member.cast.director) for part in parts.values()]
