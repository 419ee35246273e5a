"""Changing what a collection sets for its soft rules. Every change is written down for good."""

from django.db import transaction

from mapping.core import clock
from mapping.returns.models import Collection
from questionnaires.models import ThresholdChange
from questionnaires.rules import InvalidThresholds, read_thresholds, tunable
from questionnaires.rules.thresholds import as_stored
from questionnaires.tuning.actions import ask_for_applying


@transaction.atomic
def set_thresholds(collection, question, rule, values, *, by):
    """Set the thresholds of a Rule at a Question in a collection; {} goes back to those of all questions.

    values: name -> Decimal, int or pair. Raises InvalidThresholds for a name that the rule does not go by.
    """
    unknown = values.keys() - set(tunable(rule, question))
    if unknown:
        raise InvalidThresholds(f"{rule.id} does not go by {sorted(unknown)[0]}.")
    stored = {name: as_stored(value) for name, value in values.items()}
    return _change(collection, question, rule, own=stored, is_off=False, by=by)


@transaction.atomic
def switch_off(collection, question, rule, *, by):
    """Let a soft Rule find nothing at a Question in a collection. Raises InvalidThresholds for a hard one."""
    if rule.severity != "soft":
        raise InvalidThresholds(f"{rule.id} is no warning: it cannot be switched off.")
    return _change(collection, question, rule, own=None, is_off=True, by=by)


@transaction.atomic
def set_for_all(collection, everywhere, values, *, by):
    """Set what an Everywhere goes by at all questions of a collection; {} goes back to what a collection starts with.

    The rule is switched on again. values: name -> Decimal, int or pair. Raises InvalidThresholds for a name that
    the rule does not go by.
    """
    unknown = values.keys() - set(everywhere.names)
    if unknown:
        raise InvalidThresholds(f"{everywhere.id} does not go by {sorted(unknown)[0]}.")
    stored = {name: as_stored(value) for name, value in values.items()}
    return _change_everywhere(collection, everywhere, stored, is_off=False, by=by)


@transaction.atomic
def switch_off_everywhere(collection, everywhere, *, by):
    """Let a rule find nothing at any question of a collection; what it goes by is kept."""
    return _change_everywhere(collection, everywhere, None, is_off=True, by=by)


@transaction.atomic
def switch_on_everywhere(collection, everywhere, *, by):
    """Let a rule find something again, by what is set; where it is switched off at one question it stays off."""
    return _change_everywhere(collection, everywhere, None, is_off=False, by=by)


def start_again(collection, everywhere, *, by):
    """Drop what is set for all questions that a rule goes by."""
    return set_for_all(collection, everywhere, {}, by=by)


def _change_everywhere(collection, everywhere, general, *, is_off, by):
    """As ``_change``, for all questions. general: name -> stored value; None keeps what is set."""
    held = Collection.objects.select_for_update(no_key=True).get(pk=collection.pk)
    before = _set_for_all(held.thresholds, everywhere)
    off = [name for name in held.thresholds.get("off", []) if name != everywhere.id]
    off += [everywhere.id] if is_off else []
    replaced = set(everywhere.names) if general is not None else set()
    rest = {name: value for name, value in held.thresholds.items() if name not in {"off", *replaced}}
    held.thresholds = {**rest, **(general or {}), **({"off": off} if off else {})}
    return _kept(held, "", everywhere.id, before, _set_for_all(held.thresholds, everywhere), by=by)


def _set_for_all(stored, everywhere):
    """What is set for a rule at all questions: {name: value}, with ``off`` where it does not run."""
    own = {name: stored[name] for name in everywhere.names if name in stored}
    return {**own, "off": True} if everywhere.id in stored.get("off", []) else own


def _change(collection, question, rule, *, own, is_off, by):
    """Write what is set now, what was before, and have open responses checked again. own: None keeps it."""
    held = Collection.objects.select_for_update(no_key=True).get(pk=collection.pk)
    before = _set_for(held.thresholds, question.key, rule.id)
    held.thresholds = _with(held.thresholds, question.key, rule.id, own, is_off)
    return _kept(held, question.key, rule.id, before, _set_for(held.thresholds, question.key, rule.id), by=by)


def _kept(held, question, rule, before, after, *, by):
    """Keep the new thresholds of a collection, with the ThresholdChange that tells of them."""
    read_thresholds(held.thresholds)
    held.save(update_fields=["thresholds"])
    change = ThresholdChange.objects.create(
        collection=held,
        question=question,
        rule=rule,
        before=before,
        after=after,
        by=by,
        at=clock.now(),
    )
    ask_for_applying(held, by=by)
    return change


def _set_for(stored, question, rule):
    """What is set for a rule at a question alone: {name: value}, with ``off`` where it does not run."""
    own = dict(stored.get("questions", {}).get(question, {}).get(rule, {}))
    off = stored.get("off", [])
    return {**own, "off": True} if rule in off or f"{rule} {question}" in off else own


def _with(stored, question, rule, own, is_off):
    """``Collection.thresholds`` after a change; nothing empty is left in it."""
    place = f"{rule} {question}"
    off = [name for name in stored.get("off", []) if name != place] + ([place] if is_off else [])
    questions = {code: dict(rules) for code, rules in stored.get("questions", {}).items()}
    if own is not None:
        questions.setdefault(question, {})[rule] = own
    questions = {
        code: kept for code, rules in questions.items() if (kept := {r: s for r, s in rules.items() if s})
    }
    rest = {name: value for name, value in stored.items() if name not in ("questions", "off")}
    return {**rest, **({"questions": questions} if questions else {}), **({"off": off} if off else {})}
