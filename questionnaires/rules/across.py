"""Rules that look at what several organisations have submitted.

Pure functions over plain data; ``queries.across`` reads it and ``actions.crosschecks`` keeps what they find. Each rule
gives a finding at an organisation's own answer. What a message says follows from the rule and from that answer alone:
it is the same whoever else entered what, and whether they have submitted yet. A partner's reply to a request to
confirm a joint service (A09) is the exception, since it was written to be read by whoever asked.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

CAMHS = frozenset({"08", "09", "10"})
EARLY_HELP = frozenset({"08", "11"})
AROUND_THE_CLOCK = frozenset({"on_call", "adult"})
BEST = "4"
QUESTIONS_OF_NI51 = {"a": "NI51a", "b": "NI51b", "c": "NI51c", "d": "NI51d"}


@dataclass(frozen=True)
class Submitted:
    """A response of a submitted or signed-off part, as far as these rules look at it.

    organisation, provider: keys of organisations (GSS or ODS code, or slug). questionnaire: its key. answers: cell to
    JSON. The rest is of a service entry: areas are the GSS codes of the authorities it serves, postcode is that of
    its first place.
    """

    response: int
    organisation: str
    questionnaire: str
    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    name: str = ""
    category: str = ""
    provider: str = ""
    postcode: str = ""
    areas: frozenset[str] = frozenset()

    def choice(self, cell):
        """The key of a single choice, or None."""
        value = self.answers.get(cell, {}).get("v")
        return value if isinstance(value, str) else None

    def choices(self, cell):
        """The keys of a multiple choice, or None where it is not answered or special."""
        value = self.answers.get(cell, {}).get("v")
        return frozenset(value) if isinstance(value, list | tuple) else None

    def number(self, cell):
        """A whole number; 0 where there is none."""
        value = self.answers.get(cell, {}).get("v")
        return value if isinstance(value, int) and not isinstance(value, bool) else 0


@dataclass(frozen=True)
class Reply:
    """What a partner says about a joint service: ``answer`` is True, False, or None while it has not said."""

    response: int
    partner: str
    answer: bool | None


@dataclass(frozen=True)
class Found:
    """Something that a rule found, at a cell of one response.

    given_for: what an explanation is given for, as text: that organisation's own answer, or its partners' replies.
    """

    response: int
    rule: str
    cell: str
    message: str
    given_for: str = ""


@dataclass(frozen=True)
class Scene:
    """All that the rules look at in one collection.

    members: GSS code of an authority to the keys of the organisations that the registers count to its area
    (itself, its partnerships, PCTs that cover it). replies: of partners who have somebody to answer.
    """

    submitted: tuple[Submitted, ...]
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)
    replies: tuple[Reply, ...] = ()

    def of(self, questionnaire):
        return [one for one in self.submitted if one.questionnaire == questionnaire]

    def services_for(self, authority):
        """Services that say that they serve the area of an authority."""
        return [one for one in self.of("service") if authority in one.areas]

    def organisations_of(self, authority):
        """The area's organisations by the registers, and those whose services serve it."""
        serving = {service.organisation for service in self.services_for(authority)}
        return self.members.get(authority, frozenset()) | serving

    def authorities_of(self, organisation):
        """The authorities to whose areas the registers count an organisation."""
        return {authority for authority, members in self.members.items() if organisation in members}


def found_in(scene: Scene) -> list[Found]:
    """What all rules find, in the order of the rules."""
    return [found for check in RULES.values() for found in check(scene)]


def same_service(scene: Scene) -> Iterator[Found]:
    """A-H5: no two open services of different organisations have the same name, provider and first place."""
    alike: dict[tuple[str, str, str], list[Submitted]] = {}
    for service in scene.of("service"):
        if service.name and service.provider and service.postcode:
            key = (_plain(service.name), _plain(service.provider), _plain(service.postcode))
            alike.setdefault(key, []).append(service)
    for services in alike.values():
        if len({service.organisation for service in services}) > 1:
            for service in services:
                yield Found(
                    service.response,
                    "A-H5",
                    "SVC-A01",
                    "This service may be on the list of another organisation as well. A joint service is entered "
                    "once, by its lead: agree with your partners who that is.",
                    f"{service.name}; {service.provider}; {service.postcode}",
                )


def _plain(text):
    """A name for comparison: without spaces, signs and capitals."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def learning_disability(scene: Scene) -> Iterator[Found]:
    """NI-S1: a rating of 4 rests on a mapped CAMHS service for children with learning disabilities."""
    yield from _best_without(
        scene,
        "NI-S1",
        "NI51a",
        lambda service: (
            service.category in CAMHS and "learning_disability" in (service.choices("CAM03") or ())
        ),
        "A rating of 4 should rest on a CAMHS service for children with learning disabilities that is mapped for "
        "your area. See with your partners that it is.",
    )


def adult_wards(scene: Scene) -> Iterator[Found]:
    """NI-S2: a rating of 4 goes with no under-18s on adult mental health wards."""
    admitted = {one.organisation for one in scene.submitted if any(map(one.number, ADULT_WARDS))}
    for own, authority in _rated_best(scene, "NI51b"):
        if admitted & scene.organisations_of(authority):
            yield Found(
                own.response,
                "NI-S2",
                "NI51b",
                "A rating of 4 means that nobody under 18 of your area is on an adult mental health ward. See with "
                "your partners that what is mapped about this supports it.",
                BEST,
            )


ADULT_WARDS = (
    "NHST-C08||under_16", "NHST-C08||age_16_17", "NHST-C08||days",
    "PCTC13||admissions", "PCTC13||days",
)  # fmt: skip


def around_the_clock(scene: Scene) -> Iterator[Found]:
    """NI-S3: a rating of 4 rests on a mapped team with cover for 24 hours."""
    yield from _best_without(
        scene,
        "NI-S3",
        "NI51c",
        lambda service: service.choice("CAM12") in AROUND_THE_CLOCK,
        "A rating of 4 should rest on a team with cover for 24 hours that is mapped for your area. See with your "
        "partners that it is.",
    )


def early_help(scene: Scene) -> Iterator[Found]:
    """NI-S4: a rating of 4 rests on a mapped service of category 08 or 11."""
    yield from _best_without(
        scene,
        "NI-S4",
        "NI51d",
        lambda service: service.category in EARLY_HELP,
        "A rating of 4 should rest on a service of category 08 or 11 that is mapped for your area. See with your "
        "partners that it is.",
    )


def _rated_best(scene, question):
    """(response, authority) of those who rate themselves 4 on a question."""
    return [(one, one.organisation) for one in scene.of("ni51") if one.choice(question) == BEST]


def _best_without(scene, rule, question, is_support, message):
    """A rating of 4 where no service for the area supports it."""
    for own, authority in _rated_best(scene, question):
        if not any(is_support(service) for service in scene.services_for(authority)):
            yield Found(own.response, rule, question, message, BEST)


def needs_assessment(scene: Scene) -> Iterator[Found]:
    """PCTC05: a PCT that took part in the needs assessment is named there by an authority that it covers."""
    carried_out = _by_organisation(scene, "childrens_trust", lambda one: one.choices("CTQC4"))
    for own in scene.of("pct_commissioner"):
        named = [carried_out[key] for key in _covered(scene, own) & carried_out.keys()]
        if own.choice("PCTC05") == "yes" and named and not any("pct" in who for who in named):
            yield Found(
                own.response,
                "PCTC05",
                "PCTC05",
                "Who takes part in the joint needs assessment is asked of the PCT and of the authority. See that "
                "both of you answer alike.",
                "yes",
            )


def vital_signs(scene: Scene) -> Iterator[Found]:
    """PCTC14: the scores that a PCT reported are the NI 51 ratings of an authority that it covers."""
    ratings = _by_organisation(scene, "ni51", _ratings)
    for own in scene.of("pct_commissioner"):
        scores = {row: own.choice(f"PCTC14|{row}|score") for row in QUESTIONS_OF_NI51}
        others = [ratings[key] for key in _covered(scene, own) & ratings.keys()]
        if others and not any(_agree(scores, rated) for rated in others):
            yield Found(
                own.response,
                "PCTC14",
                "PCTC14",
                "The scores of the Vital Signs and the ratings of NI 51 answer the same four questions. See with "
                "the authority that they agree, or say why they need not.",
                "; ".join(f"{row} {score}" for row, score in scores.items() if score),
            )


def _covered(scene, own):
    return scene.authorities_of(own.organisation)


def _by_organisation(scene, questionnaire, answer_of):
    """Organisation -> its answer, of those who gave one."""
    answers = {one.organisation: answer_of(one) for one in scene.of(questionnaire)}
    return {key: answer for key, answer in answers.items() if answer}


def _ratings(one):
    given = {row: one.choice(question) for row, question in QUESTIONS_OF_NI51.items()}
    return {row: rating for row, rating in given.items() if rating}


def _agree(scores, ratings):
    """Whether no question that both have answered is answered differently."""
    return all(ratings.get(row) in (None, score) for row, score in scores.items() if score)


def unconfirmed_partners(scene: Scene) -> Iterator[Found]:
    """A09: every partner of a joint service confirms that it takes part."""
    replies: dict[int, list[Reply]] = {}
    for reply in scene.replies:
        if not reply.answer:
            replies.setdefault(reply.response, []).append(reply)
    for service in scene.of("service"):
        if open_replies := replies.get(service.response):
            yield _unconfirmed(service, open_replies)


def _unconfirmed(service, replies):
    refused = _listed(reply.partner for reply in replies if reply.answer is False)
    silent = _listed(reply.partner for reply in replies if reply.answer is None)
    words = [f"Not taking part, by their own word: {refused}."] if refused else []
    words += [f"Not confirmed yet: {silent}."] if silent else []
    message = " ".join(words)
    return Found(service.response, "A09", "SVC-A09", message, given_for=message)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


RULES: dict[str, Any] = {
    "A-H5": same_service,
    "NI-S1": learning_disability,
    "NI-S2": adult_wards,
    "NI-S3": around_the_clock,
    "NI-S4": early_help,
    "PCTC05": needs_assessment,
    "PCTC14": vital_signs,
    "A09": unconfirmed_partners,
}
