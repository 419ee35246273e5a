"""Examples of the rules across organisations, from ``definitions/examples/across.yaml``; its head says their form."""

from dataclasses import dataclass

from questionnaires.examples import ACROSS, BadExample, merged, stored_answers
from questionnaires.rules.across import Reply, Scene, Submitted, found_in
from questionnaires.sources import parsed

ANSWERS = {"yes": True, "no": False, "none": None}
KEYS = {"rule", "question", "at", "text", "passes", "fails"}


@dataclass(frozen=True)
class AcrossExample:
    """A rule at a question of one organisation (``at``): the Scene that passes and the one that fails."""

    rule: str
    question: str
    at: str
    text: str
    passes: Scene
    fails: Scene
    where: str = ""  # file and line

    def is_found(self, scene):
        """Whether the rule finds something at the question, in the response of that organisation."""
        own = {one.response for one in scene.submitted if one.organisation == self.at}
        return any(
            (found.rule, found.cell) == (self.rule, self.question) and found.response in own
            for found in found_in(scene)
        )


def across_examples(path=ACROSS):
    """All AcrossExamples of the file, in its order; raises BadExample and yaml.YAMLError."""
    return [_example_of(source, path) for source in parsed(path)]


def _example_of(source, path):
    where = f"{path.name}:{source.line}"
    if not KEYS <= set(source) <= KEYS | {"given"}:
        raise BadExample(f"{where}: an example has {', '.join(sorted(KEYS))}, and given where it helps")
    given = source.get("given", {})
    try:
        passes, fails = (_scene_of(merged(given, source[name])) for name in ("passes", "fails"))
    except (KeyError, TypeError) as error:
        raise BadExample(f"{where}: a situation says something that means nothing: {error}") from error
    return AcrossExample(
        source["rule"], source["question"], source["at"], source["text"], passes, fails, where
    )


def _scene_of(source):
    responses = [_response_of(number, fields) for number, fields in enumerate(source["responses"])]
    return Scene(
        submitted=tuple(responses),
        members={code: frozenset({code, *others}) for code, others in source.get("areas", {}).items()},
        replies=tuple(Reply(0, name, ANSWERS[said]) for name, said in source.get("replies", {}).items()),
    )


def _response_of(number, fields):
    """One submitted response; ``number`` is its id."""
    given = dict(fields)
    return Submitted(
        response=number,
        organisation=given.pop("of"),
        questionnaire=given.pop("questionnaire", "service"),
        answers=stored_answers(given.pop("answers", {})),
        areas=frozenset(given.pop("areas", ())),
        **given,
    )
