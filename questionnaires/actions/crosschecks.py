"""Running the rules across organisations, and leaving what they find with each organisation for itself.

Reading crosses the walls and writes nothing (``tenancy.staff_reading``); writing happens in the scope of one
organisation after the other. Why a message never tells what a partner entered: docs/decisions, "Checks across
organisations".
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts import tenancy
from mapping.core import clock
from mapping.returns.models import Collection, Phase
from questionnaires.models import CrossCheck, Finding, Response
from questionnaires.queries.across import COUNTED, newest_change, questions_of, scene_of
from questionnaires.rules.across import found_in

# A decision that commits just after its time was taken still counts as later than a check of that moment.
SLACK = timedelta(seconds=60)
AT_THE_LATEST = timedelta(days=1)  # registers may change without an event


def check_stale_collections():
    """Check every collection in which something was decided since it was last checked; returns them."""
    open_ones = [one for one in Collection.objects.all() if one.phase in (Phase.DATA_ENTRY, Phase.CLOSED)]
    stale = [collection for collection in open_ones if _is_stale(collection)]
    for collection in stale:
        check_across(collection)
    return stale


def _is_stale(collection):
    last = CrossCheck.objects.filter(collection=collection).first()
    if last is None or timezone.now() - last.checked_at > AT_THE_LATEST:
        return True
    with tenancy.staff_reading(f"whether checks across organisations are out of date, {collection}"):
        changed = newest_change(collection)
    return changed is not None and changed > last.checked_at - SLACK


@transaction.atomic
def check_across(collection):
    """Bring the findings of a collection in line with what is submitted now; returns how many hold.

    Safe to run twice: what is found again stays as it is. Two at the same time do not mix, the second waits.
    Findings at a part that was sent back or reopened stay as they were until it is submitted again.
    """
    Collection.objects.select_for_update(no_key=True).get(pk=collection.pk)
    begun = timezone.now()
    with tenancy.staff_reading(f"checks across organisations, {collection}"):
        found, owners = _asked(collection, found_in(scene_of(collection)))
        kept = {_key(one): one for one in _kept_findings(collection)}
    changes = _changes(found, kept, owners)
    for organisation, findings in changes.items():
        with tenancy.scope(organisation):
            _write(findings)
    CrossCheck.objects.update_or_create(collection=collection, defaults={"checked_at": begun})
    return len(found)


def _key(finding):
    return finding.response_id, finding.rule, finding.cell


def _kept_findings(collection):
    """Findings at responses that were looked at, standing and gone ones."""
    decisions = [decision.value for decision in COUNTED]
    return Finding.objects.filter(
        response__part__collection=collection, response__part__decision__in=decisions
    )


def _asked(collection, found):
    """What was found at questions that are still asked, by its key; and response id -> organisation id."""
    found = {(one.response, one.rule, one.cell): one for one in found}
    rows = Response.objects.filter(pk__in={response for response, _, _ in found})
    of = {pk: (owner, key) for pk, owner, key in rows.values_list("pk", "organisation_id", "pin__key")}
    questions = questions_of(collection)
    kept = {key: one for key, one in found.items() if one.cell.partition("|")[0] in questions[of[key[0]][1]]}
    return kept, {pk: owner for pk, (owner, _) in of.items()}


def _changes(found, kept, owners):
    """Organisation id -> the Findings to write, new ones and those that have changed."""
    now, changes = clock.now(), {}
    for key, one in found.items():
        finding = kept.get(key)
        if finding is None:
            finding = Finding(
                organisation_id=owners[key[0]], response_id=key[0], rule=key[1], cell=key[2], first_seen=now
            )
        if _is_changed(finding, one):
            changes.setdefault(finding.organisation_id, []).append(_renewed(finding, one, now))
    for key, finding in kept.items():
        if key not in found and finding.gone_at is None:
            finding.gone_at = now
            changes.setdefault(finding.organisation_id, []).append(finding)
    return changes


def _is_changed(finding, one):
    said = (finding.message, finding.given_for)
    return finding.pk is None or finding.gone_at is not None or said != (one.message, one.given_for)


def _renewed(finding, one, now):
    """The finding as it holds now; an explanation of another answer holds no longer."""
    if finding.given_for != one.given_for:
        finding.explanation, finding.explained_by, finding.explained_at = "", None, None
    if finding.gone_at is not None:
        finding.first_seen, finding.gone_at = now, None
    finding.message, finding.given_for = one.message, one.given_for
    return finding


CHANGED = ["message", "given_for", "first_seen", "gone_at", "explanation", "explained_by", "explained_at"]


def _write(findings):
    Finding.objects.bulk_create([finding for finding in findings if finding.pk is None])
    Finding.objects.bulk_update([finding for finding in findings if finding.pk is not None], CHANGED)


@transaction.atomic
def explain_finding(finding, text, *, by):
    """Keep why a finding is right as it is; an empty text takes the reason back. Possible whatever was decided.

    Needs the scope of the organisation. The answers stay as they are, and so does every decision about them.
    """
    held = Finding.objects.select_for_update().get(pk=finding.pk)
    held.explanation = text.strip()
    held.explained_by, held.explained_at = (by, clock.now()) if held.explanation else (None, None)
    held.save(update_fields=["explanation", "explained_by", "explained_at"])
    return held
