"""What a definition must be before anybody answers it: its schema, what a schema cannot say, its lock.

A lock keeps, for one collection, what each code meant. Wording may be corrected at any time; a question whose
type, options, rows, unit, date or condition differs from its lock is refused and needs a new code.
"""

import functools
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import jsonschema

from questionnaires import conditions, definition, sources
from questionnaires.cells import split_cell_id
from questionnaires.definition import RULE, NotAsked
from questionnaires.rules import CHECKS
from questionnaires.sources import FOLDER, LISTS

SCHEMA = FOLDER / "schema.json"
LOCKS = FOLDER / "locks"
PLACEHOLDERS = tuple(
    f"{{{name}}}"
    for name in ("census_date", "month", "prev_fy", "this_fy", "half_year", "acad_year", "ni51_date")
)
MEANING = ("type", "unit", "at", "options", "rows", "columns", "when")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a definition, and where: file and line (0 where a text has none)."""

    where: str
    line: int
    message: str

    def __str__(self):
        return f"{self.where}:{self.line}: {self.message}" if self.line else f"{self.where}: {self.message}"


def faults_of_file(path):
    """All faults of a definition file and of the modules it names, each with its file and line."""
    return _faults_of(Path(path), [])


def faults_of_module(path, module):
    """The faults of a module that the definition ``path`` does not name yet, as if it did at its end."""
    own = module.relative_to(path.parent).as_posix()
    return [fault for fault in _faults_of(path, [module]) if fault.where == own]


def _faults_of(path, modules):
    try:
        authored, content = read_with(path, modules)
    except sources.yaml.YAMLError as error:
        return [_unreadable(error, path)]
    except sources.BadModule as error:
        return [Fault(place_of(error.file, path), 0, str(error))]
    except KeyError as error:
        return [Fault(path.name, 0, f"no shared list is called {error}")]
    places = places_of(authored)
    found = []
    for name, message in faults(content):
        source = places.get(name)
        found.append(
            Fault(place_of(source.file if source else path, path), getattr(source, "line", 0), message)
        )
    return found


def read_with(path, modules=()):
    """A definition as authored and as `sources.read` gives it, the sections of further modules at its end."""
    authored = sources.assembled(path)
    for module in modules:
        authored["sections"] += sources.sections_of_module(module)
    return authored, sources.expanded(authored, sources.shared_lists(path.with_name(LISTS)))


def unnamed_modules(path):
    """The module files in a definition's folder from which it takes no section yet."""
    places = places_of(sources.assembled(path)).values()
    named = {Path(source.file) for source in places}
    return [module for module in sources.modules_of(path) if module not in named]


def codes_of(path):
    """Every question of a definition and all its modules: ``SVC SVC-A01``, codes of questionnaire and question."""
    _, content = read_with(path, unnamed_modules(path))
    questions = [question for section in content["sections"] for question in section["questions"]]
    return [f"{content['code']} {question['key']}" for question in questions]


def _unreadable(error, path):
    mark = getattr(error, "problem_mark", None)
    where = place_of(mark.name if mark else path, path)
    return Fault(where, mark.line + 1 if mark else 0, f"is not YAML: {error}")


def place_of(file, path):
    """A file of a definition as its faults name it: service.yaml, service/camhs.yaml."""
    return Path(file).relative_to(path.parent).as_posix()


def places_of(authored):
    """The sections and questions of a definition as authored, by key and code; each knows its file and line."""
    sections = authored.get("sections") if isinstance(authored, dict) else None
    found = {}
    for section in sections if isinstance(sections, list) else ():
        if isinstance(section, sources.Located):
            found[section.get("key")] = section
            questions = section.get("questions")
            for question in questions if isinstance(questions, list) else ():
                if isinstance(question, sources.Located):
                    found[question.get("key")] = question
    return found


def faults(content):
    """The faults of a definition as `sources.read` gives it: (code of a question, key of a section or "", message)."""
    wrong_shape = list(schema_faults(content))
    if wrong_shape:
        return wrong_shape
    questions = [question for section in content["sections"] for question in section["questions"]]
    found = list(repeated(question["key"] for question in questions))
    found += [(key, f"section {key} stands twice") for key in doubles(s["key"] for s in content["sections"])]
    for section in content["sections"]:
        found += [(section["key"], message) for message in section_faults(section, questions)]
    for place, question in enumerate(questions):
        try:
            found += question_faults(question, questions, place)
        except conditions.BadCondition as error:
            found.append((question["key"], str(error)))
    return found + list(relaxation_faults(content, questions))


@functools.cache
def validator():
    return jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def schema_faults(content):
    for error in validator().iter_errors(content):
        path = list(error.absolute_path)
        yield code_at(content, path), f"{'.'.join(str(step) for step in path)}: {error.message}"


def code_at(content, path):
    """The code of the question, or else the key of the section, that a path of the schema leads into."""
    if len(path) < 2 or path[0] != "sections":
        return ""
    found = content["sections"][path[1]]
    if len(path) > 3 and path[2] == "questions" and isinstance(found["questions"][path[3]], dict):
        found = found["questions"][path[3]]
    return found.get("key", "") if isinstance(found, dict) else ""


def repeated(codes):
    return [(code, f"{code} stands twice") for code in doubles(codes)]


def doubles(values):
    seen, twice = set(), []
    for value in values:
        if value in seen:
            twice.append(value)
        seen.add(value)
    return twice


def section_faults(section, questions):
    """The condition of a section refers to questions before it."""
    first = section["questions"][0]
    before = {entry["key"]: entry for entry in questions[: questions.index(first)]}
    try:
        condition = conditions.compiled(section.get("when"))
    except conditions.BadCondition as error:
        return [str(error)]
    return list(references_checked(condition, before, "comes later or is not there"))


# One question


def question_faults(question, questions, place):
    """What is wrong with one question, given all of them in order."""
    code = question["key"]
    earlier = {entry["key"]: entry for entry in questions[: place + 1]}
    everything = {entry["key"]: entry for entry in questions}
    messages = [
        *key_faults(question),
        *condition_faults(question, earlier),
        *rule_faults(question, everything),
        *type_faults(question),
        *formula_faults(question, everything),
        *wording_faults(question),
    ]
    return [(code, message) for message in messages]


def key_faults(question):
    """Options, rows and columns have keys of their own."""
    for name in ("options", "rows", "columns"):
        for key in doubles(entry["key"] for entry in question.get(name, ())):
            yield f"{name}: {key} stands twice"
    for column in question.get("columns", ()):
        for key in doubles(entry["key"] for entry in column.get("options", ())):
            yield f"options of {column['key']}: {key} stands twice"
        rows = {row["key"] for row in question.get("rows", ())}
        for key in [*column.get("only", ()), *column.get("not_in", ())]:
            if key not in rows:
                yield f"column {column['key']} names the row {key}, which is not there"


def type_faults(question):
    """Options where there is a choice, and nowhere else; specials that a type can take."""
    for field in (question, *question.get("columns", ())):
        has_options = bool(field.get("options")) or "options_from" in field
        if field["type"] in ("one", "many") and not has_options:
            yield f"{field['key']} is a choice without options"
        if has_options and field["type"] not in ("one", "many", "org", "area"):
            yield f"{field['key']} has options but is no choice"
        if field.get("multiple") == "yes" and field["type"] not in ("org", "area"):
            yield f"{field['key']} takes several answers: make it many"
        if field["type"] == "computed" and not {"formula", "ratio"} & set(field):
            yield f"{field['key']} is computed without a formula or ratio"


def condition_faults(question, earlier):
    """Conditions refer to earlier questions, to cells and options that exist."""
    own = question["key"]
    sources = [question.get("when"), question.get("needed_when")]
    sources += [row.get("when") for row in question.get("rows", ())]
    before = {code: entry for code, entry in earlier.items() if code != own}
    for source in sources:
        yield from references_checked(conditions.compiled(source, own), before, "comes later or is not there")
    for column in question.get("columns", ()):
        needed = conditions.compiled(column.get("needed_when"), own)
        yield from references_checked(needed, earlier, "comes later or is not there")


def references_checked(condition, known, message):
    if condition is None:
        return
    for of in condition.questions():
        if of.question not in known:
            yield f"its condition refers to {of.question}, which {message}"
        elif of.column and of.column not in columns_of(known[of.question]):
            yield f"its condition refers to column {of.column} of {of.question}, which is not there"
    yield from option_faults(condition, known)


def option_faults(condition, known):
    """The keys that a condition looks for are options of its question."""
    for part in getattr(condition, "parts", ()):
        yield from option_faults(part, known)
    of = getattr(condition, "of", None)
    if of is None or condition.test not in ("is", "is_not", "in") or of.question not in known:
        return
    field = columns_of(known[of.question]).get(of.column) if of.column else known[of.question]
    allowed = {entry["key"] for entry in (field or {}).get("options", ())}
    if not allowed or "options_from" in field:
        return
    wanted = condition.wanted if condition.test == "in" else (condition.wanted,)
    for key in wanted:
        if key not in allowed:
            yield f"its condition looks for {key!r}, which is no answer of {of.question}"


def columns_of(question):
    return {column["key"]: column for column in question.get("columns", ())}


def rule_faults(question, everything):
    """Rules name checks that exist, with arguments these take, about cells that exist."""
    rules = question.get("rules", ())
    for rule in rules:
        check = CHECKS.get(rule["check"])
        if check is None:
            yield f"rule {rule['id']}: there is no check {rule['check']}"
            continue
        given = set(rule).difference(RULE)
        for name in sorted(check.required - given):
            yield f"rule {rule['id']}: {check.name} needs {name}"
        for name in sorted(given - check.required - check.optional):
            yield f"rule {rule['id']}: {check.name} does not take {name}"
        yield from argument_faults(question, rule, check, everything)
    soft = [rule["id"] for rule in rules if rule["severity"] == "soft"]
    for key in doubles(soft):
        yield f"rule {key} stands twice: reasons given for one would count for the other"


def argument_faults(question, rule, check, everything):
    references = [text for name in check.references for text in listed(rule.get(name, ()))]
    for text in references:
        if text and not refers_to_a_cell(text, everything):
            yield f"rule {rule['id']} refers to {text}, which is not there"
    other = everything.get(rule.get("question_is") or rule.get("told_in"), question)
    for name in check.columns:
        for key in listed(rule.get(name, ())):
            if key and key not in columns_of(other) and key not in columns_of(question):
                yield f"rule {rule['id']} names the column {key}, which is not there"


def listed(value):
    return value if isinstance(value, list | tuple) else [value]


def refers_to_a_cell(text, everything):
    """Whether a reference names a question, or a column of it in a row or in all rows, that exists.

    In all rows, ``*`` stands for all columns of figures.
    """
    code, row, column = split_cell_id(text)
    question = everything.get(code)
    if question is None:
        return False
    rows = {entry["key"] for entry in question.get("rows", ())} | {"*", ""}
    every_column = (row, column) == ("*", "*") and bool(columns_of(question))
    return row in rows and (not column or every_column or column in columns_of(question))


def formula_faults(question, everything):
    ratio = question.get("ratio", {})
    for reference in (question.get("formula"), ratio.get("of"), ratio.get("per")):
        if reference and not refers_to_a_cell(reference, everything):
            yield f"its formula refers to {reference}, which is not there"


def wording_faults(question):
    """Placeholders are known ones."""
    for part in (question, *question.get("columns", ()), *question.get("rows", ())):
        for name in ("label", "short", "help"):
            text = part.get(name, "")
            for placeholder in PLACEHOLDERS:
                text = text.replace(placeholder, "")
            if "{" in text or "}" in text:
                yield f"{name}: an unknown placeholder in “{part[name]}”"


def relaxation_faults(content, questions):
    codes = {question["key"] for question in questions}
    relaxed = content.get("relaxed", {})
    condition = conditions.compiled(relaxed.get("when"))
    named = [of.question for of in condition.questions()] if condition else []
    for code in [*named, *relaxed.get("except", ())]:
        if code not in codes:
            yield code, f"relaxed names {code}, which is not there"


# The lock


def meaning(content, year):
    """What each code means in a collection: code to what a lock keeps of it.

    Raises NotAsked where the collection has no such questionnaire.
    """
    if not definition.is_asked(content, year):
        raise NotAsked(f"{content['title']} is not asked in {year}")
    return {
        question["key"]: meaning_of(question, year, section.get("when"))
        for section in content["sections"]
        for question in section["questions"]
        if definition.is_asked(question, year)
    }


def meaning_of(question, year, section_when=None):
    """Type, unit, date, keys of options and rows, columns, and a hash of the condition, its section's included."""
    own = question.get("when")
    columns = [column for column in question.get("columns", ()) if definition.is_asked(column, year)]
    kept = {
        "type": question["type"],
        "unit": question.get("unit"),
        "at": question.get("at"),
        "options": keys_asked(question.get("options"), year),
        "rows": keys_asked(question.get("rows"), year),
        "columns": {column["key"]: meaning_of(column, year) for column in columns},
        "when": hash_of([section_when, own] if section_when else own),
    }
    return {name: value for name, value in kept.items() if value}


def keys_asked(entries, year):
    """The keys a collection asks, each with a hash of its own condition where it has one."""
    asked = [entry for entry in entries or () if definition.is_asked(entry, year)]
    return [f"{e['key']} if {hash_of(e['when'])}" if "when" in e else e["key"] for e in asked]


def hash_of(condition):
    if condition is None:
        return None
    text = json.dumps(condition, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def lock_path(year, folder=LOCKS):
    return folder / f"{year.replace('/', '-')}.lock"


def read_lock(year, folder=LOCKS):
    """What was locked for a collection: questionnaire key to code to meaning; {} where nothing is."""
    path = lock_path(year, folder)
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def write_lock(contents, year, folder=LOCKS):
    """Lock some definitions for a collection, one line a question; returns the file."""
    locked = read_lock(year, folder)
    for content in contents:
        if definition.is_asked(content, year):
            locked[content["key"]] = meaning(content, year)
    blocks = []
    for key, questions in sorted(locked.items()):
        lines = [f"    {json.dumps(code)}: {json.dumps(kept)}" for code, kept in questions.items()]
        blocks.append(f"  {json.dumps(key)}: {{\n" + ",\n".join(lines) + "\n  }")
    path = lock_path(year, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{\n" + ",\n".join(blocks) + "\n}\n", encoding="utf-8")
    return path


def compare_with_lock(content, year, folder=LOCKS):
    """How a definition differs in meaning from what a collection locked: one message a code."""
    locked = read_lock(year, folder).get(content["key"])
    if locked is None:
        return []
    now = meaning(content, year) if definition.is_asked(content, year) else {}
    return [
        message
        for code in [*locked, *(code for code in now if code not in locked)]
        if (message := difference(code, locked.get(code), now.get(code), year))
    ]


def difference(code, before, now, year):
    """What changed in the meaning of a code; "" if nothing did."""
    if before == now:
        return ""
    if before is None:
        return f"{code} was not asked in {year}. Give it asked_from."
    if now is None:
        return f"{code} was asked in {year} and is gone. Give it asked_to instead."
    changed = [name for name in MEANING if before.get(name) != now.get(name)]
    return f"{code} meant something else in {year} ({', '.join(changed)}). Give the question a new code."
