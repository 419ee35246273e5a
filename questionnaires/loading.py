"""Loads the definition files as immutable versions, and pins to each collection the version that it asks."""

import hashlib
import json
from functools import lru_cache

from django.db import transaction
from django.db.models import Max

from accounts import tenancy
from accounts.loading.upsert import Outcome
from mapping.returns.actions import open_return
from mapping.returns.models import AnnualReturn, Collection, Phase
from questionnaires.definition import NotAsked, load
from questionnaires.models import DefinitionVersion, Pin
from questionnaires.sources import FOLDER, LISTS, read, stamps_of
from questionnaires.tuning.actions import ask_for_applying


@transaction.atomic
def load_definitions(folder=FOLDER):
    """Take in every definition file of ``folder`` and pin its version to the collections that ask it.

    Wording may be corrected at any time, so collections follow to the newest version; the
    lock of each collection (``integrity.py``) makes sure that no question has changed its meaning.
    Answers stay; a job checks the open responses of a collection again that asks another version now.
    Returns the Outcomes of versions and of pins.
    """
    versions, pins = Outcome("Definition versions"), Outcome("Questionnaires of collections")
    touched = set()
    for path in sorted(folder.glob("*.yaml")):
        if path.name != LISTS:
            version = _version_of(path, versions)
            for collection in Collection.objects.all():
                touched.add((collection, _pin(collection, version, pins)))
    for collection in {collection for collection, what in touched if what}:
        _open_parts_owed(collection)
    for collection in {collection for collection, what in touched if what == "changed"}:
        ask_for_applying(collection)
    return [versions, pins]


def _version_of(path, outcome):
    """The version that says what the file at ``path`` says, made if nobody has loaded this text yet."""
    key, text = _key_and_text(path, stamps_of(path))
    digest = hashlib.sha256(text.encode()).hexdigest()
    present = DefinitionVersion.objects.filter(key=key, sha256=digest).first()
    if present:
        outcome.unchanged += 1
        return present
    outcome.added += 1
    latest = DefinitionVersion.objects.filter(key=key).aggregate(n=Max("number"))["n"] or 0
    return DefinitionVersion.objects.create(
        key=key, number=latest + 1, sha256=digest, content=json.loads(text)
    )


@lru_cache(maxsize=32)
def _key_and_text(path, stamps):
    """The key of a definition and its text as a version keeps it; read anew only when a file of it has changed."""
    content = read(path)
    return content["key"], json.dumps(content, sort_keys=True, ensure_ascii=False)


def _pin(collection, version, outcome):
    """Make ``collection`` ask ``version``, if the questionnaire was asked in that year at all.

    Returns "added" where it asks the questionnaire newly, "changed" where it asked another version, else "".
    """
    try:
        questionnaire = load(version.content, collection.name)
    except NotAsked:
        return ""
    asked = {
        "definition_version": version,
        "part_kind": questionnaire.part,
        "respondents": sorted(questionnaire.respondents),
    }
    pin, added = Pin.objects.get_or_create(collection=collection, key=questionnaire.key, defaults=asked)
    if added:
        outcome.added += 1
        return "added"
    if pin.definition_version_id == version.pk:
        outcome.unchanged += 1
        return ""
    outcome.changes.append(f"{collection} asks version {version.number} of {version.key}")
    for name, value in asked.items():
        setattr(pin, name, value)
    pin.save()
    return "changed"


def _open_parts_owed(collection):
    """Give the returns that have been opened already the parts that a new questionnaire or version makes them owe.

    Returns of a published collection are as they are.
    """
    if collection.phase == Phase.PUBLISHED:
        return
    with tenancy.staff_reading("returns that were opened before a questionnaire was asked"):
        opened = list(AnnualReturn.objects.filter(collection=collection).select_related("organisation"))
    for annual_return in opened:
        with tenancy.scope(annual_return.organisation):
            open_return(annual_return.organisation, collection)
