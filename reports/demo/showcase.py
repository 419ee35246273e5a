"""Trafford, where visitors sign in first: who was asked what, what is late, wrong, unusual or changed by two people."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from mapping.returns.actions import send_back, submit
from mapping.returns.models import PartKind
from questionnaires.actions import Asked, confirm_cells, delegate, note_opened, nudge, save_cells
from questionnaires.filling.draw import decimal, lot
from questionnaires.models import Origin
from questionnaires.queries import questionnaire_of, responses
from reports.demo.days import moment, on
from reports.demo.writing import Answered

SLUG = "trafford"
INVITED = "Mark Dunne"  # has not opened his invitation
EARLY, MIDDLE, LATE = date(2010, 1, 8), date(2010, 1, 15), date(2010, 1, 22)


def nobody_counted(fresh):
    """Two errors: staff without a person, and more agency staff than staff."""
    heads = next(cell for cell in fresh if cell.startswith("SVC-E01|") and cell.endswith("|heads"))
    fresh[heads] = {"v": 0}
    too_many_agency_staff(fresh)


def too_many_agency_staff(fresh):
    """An error: more agency staff than staff."""
    staff = [float(stored["v"]) for cell, stored in fresh.items() if cell.endswith("|wte")]
    fresh["SVC-E03"] = {"v": decimal(sum(staff) + 1.5)}


def more_seen_than_known(fresh):
    """An error: more children seen than were on the caseload or left it."""
    fresh["SVC-F02"] = {"v": fresh["SVC-F01"]["v"] + fresh["SVC-F04"]["v"] + 6}


def many_requests(fresh):
    """Unusual: requests rose, and there are many of them for the caseload."""
    fresh["SVC-C07"] = {"v": round(fresh["SVC-C07"]["v"] * 3.2)}
    refused = [cell for cell in fresh if cell.startswith("SVC-C10|")]
    missing = fresh["SVC-C07"]["v"] - fresh["SVC-C08"]["v"]
    for cell in refused:
        fresh[cell] = {"v": 0}
    fresh["SVC-C10|passed|n"] = {"v": missing}
    for row in ("advice", "returned", "pending", "NK"):
        fresh[f"SVC-C10|{row}|n"] = {"v": 0}


def four_meetings(fresh):
    """What the director remembers otherwise."""
    fresh["CTQB4"] = {"v": 4}


def nothing_changed(fresh):
    """Leave the answers as they were drawn."""


@dataclass(frozen=True)
class Task:
    """How far a service is, who was asked to answer it (a name, or a place among the contributors), and by when."""

    sections: str
    who: str = ""
    due: date | None = None
    spoil: object = nothing_changed
    explains: bool = True


# Figures that somebody mistyped, which the lead put right after the warning: service -> cell, given first, given then.
SLIPS = {
    "Short breaks for disabled children": ("SVC-E07", "34.00", "3.40"),
    "Emergency duty team": ("SVC-E07", "25.00", "2.50"),
    "Virtual school for looked after children": ("SVC-E09", "9.8", "98.0"),
}
HALF_CONFIRMED = "Adoption team"
TASKS = {
    "Youth offending team": Task("ABCDEFG", "Daniel Okafor", EARLY, nobody_counted),
    "Kinship care team": Task("", INVITED, EARLY),
    "Connexions and Talkshop": Task("ABCDE", "Priya Nair", MIDDLE, too_many_agency_staff, explains=False),
    "Primary mental health team": Task("ABCDEF", "Priya Nair", MIDDLE, more_seen_than_known, explains=False),
    "Short breaks for disabled children": Task("ABCDEFGH", "", MIDDLE, many_requests, explains=False),
    "Home tuition": Task(""),
    "Young carers project": Task("ABCD", "", LATE, many_requests, explains=False),
    "Educational psychology service": Task("ABCDEFGH", "", LATE),
    "Duty and assessment team": Task("ABC", "", LATE),
    "Detached youth work": Task("", "Daniel Okafor", LATE),
    "Adoption team": Task("ABCDE", "", LATE),
    "Pupil referral unit": Task("AB", "", LATE),
    "Domestic violence outreach": Task("", INVITED, EARLY),
    "Virtual school for looked after children": Task("ABCDEFG", "", LATE, explains=False),
    "Parenting programmes": Task(""),
    "Healthy weight programme": Task("A", "", LATE),
    "Traveller education service": Task(""),
    "Emergency duty team": Task("ABCDEF", "", MIDDLE, explains=False),
}
DONE = Task("ABCDEFGHZ", "", EARLY)


def _spoil(task, slip, given):
    """Change answers so that checks find something; slip: of SLIPS, or None."""
    task.spoil(given)
    if slip:
        cell, wrong, _ = slip
        given[cell] = {"v": wrong}


class Showcase:
    """Tells Trafford's open return."""

    def __init__(self, seed, collection, lists, filling):
        self.seed, self.collection, self.lists, self.filling = seed, collection, lists, filling

    def answer(self, member, parts):
        """Every service as far as its task says, and the organisation part complete."""
        rng = lot(self.seed, member.slug, "showcase")
        for entry in self.lists.open_entries(member, self.collection.year):
            task = TASKS.get(entry.name, DONE)
            answered = self._answered(member, task, rng)
            spoil = partial(_spoil, task, SLIPS.get(entry.name))
            self.filling.service(member, entry, parts[PartKind.SERVICES], answered, spoil=spoil)
        answered = Answered(by=member.cast.lead, at=moment(date(2010, 1, 6), 14, 20), anew=True)
        self.filling.own(
            member.organisation,
            parts[PartKind.ORGANISATION],
            answered,
            member.area.children,
            member.area.code,
            spoil={"childrens_trust": four_meetings},
        )

    def _answered(self, member, task, rng):
        day = date(2010, 1, rng.randint(5, 7) if task.due == EARLY else rng.randint(8, 13))
        return Answered(
            by=self._person(member, task.who) or rng.choice(member.cast.contributors),
            at=moment(day, rng.randint(9, 16), rng.randint(0, 59)),
            sections=None if task is DONE else frozenset(task.sections),
            explains=task.explains,
        )

    def _person(self, member, name):
        people = (member.cast.lead, *member.cast.contributors)
        return next((person for person in people if person.name == name), None)

    def delegate(self, member, parts):
        """Ask everybody once for their services, by due date; nobody was asked for some."""
        part = parts[PartKind.SERVICES]
        with on(date(2009, 12, 8)):
            for asked, of_person in self._by_person(member, part).items():
                given = delegate(of_person, asked, by=member.cast.lead)
                note_opened([delegation for delegation in given if delegation.response.saved_at])
        with on(date(2010, 1, 11)):
            late = self._responses(part).get(service_entry__name="Youth offending team")
            nudge(late.delegations.get(), by=member.cast.lead)

    def _by_person(self, member, part):
        """Who is asked until when -> the responses."""
        asked = {}
        for response in self._responses(part):
            task = TASKS.get(response.service_entry.name, DONE)
            if task.due:
                asked.setdefault(self._asked(member, response, task), []).append(response)
        return asked

    def _asked(self, member, response, task):
        if task.who == INVITED:
            return Asked(email="mark.dunne@trafford.example", name=INVITED, due_on=task.due)
        return Asked(to=self._asked_person(member, response, task), due_on=task.due)

    def _asked_person(self, member, response, task):
        return self._person(member, task.who) or response.saved_by or member.cast.contributors[-1]

    def decide(self, member, parts):
        """The organisation part was sent back with a note; two people have worked on the same services."""
        part = parts[PartKind.ORGANISATION]
        with on(date(2010, 1, 11)):
            submit(part, by=member.cast.lead)
        with on(date(2010, 1, 12)):
            note = "The Board met six times last year, not four. Please check B4."
            send_back(part, by=member.cast.director, note=note)
        self._revise(member, parts[PartKind.SERVICES])
        self._confirm_half(member, parts[PartKind.SERVICES])

    def _revise(self, member, part):
        """The lead corrects what contributors gave, so that histories have something to tell."""
        corrected = ("Short breaks for disabled children", "Educational psychology service", "Fostering team")
        with on(date(2010, 1, 13)):
            for response in self._responses(part).filter(service_entry__name__in=corrected):
                joined = response.cells["SVC-E05||joined"]["v"]
                changes = {"SVC-E05||joined": {"v": joined + 1}, "SVC-E08": {"v": "91.5"}}
                save_cells(response, changes, seen_version=response.version, by=member.cast.lead)
            for response in self._responses(part).filter(service_entry__name__in=SLIPS):
                cell, _, right = SLIPS[response.service_entry.name]
                changes = {cell: {"v": right}}
                save_cells(response, changes, seen_version=response.version, by=member.cast.lead)

    def _confirm_half(self, member, part):
        """Somebody has begun to look at the answers of last year in one section."""
        response = self._responses(part).get(service_entry__name=HALF_CONFIRMED)
        questionnaire, carried = questionnaire_of(response), {}
        for cell, stored in response.cells.items():
            if stored["o"] == Origin.CARRIED:
                section = questionnaire.question(cell.partition("|")[0]).section
                carried.setdefault(section, []).append(cell)
        most = max(carried.values(), key=len)
        with on(date(2010, 1, 13)):
            confirm_cells(response, most[: len(most) // 2], by=response.saved_by)

    def _responses(self, part):
        return responses().filter(part=part).exclude(service_entry=None).order_by("service_entry__name")
