"""What people are told about answering, one function a message: what ``accounts.actions.tell`` takes."""

from django.template import Context
from django.template.loader import get_template
from django.urls import reverse

NAMED = 12  # services that a message lists by name


def delegated(delegations, *, note, by):
    """To somebody who is asked to answer."""
    first = delegations[0]
    return _letter(
        "delegated",
        _page_of(delegations),
        names=_names(delegations),
        more=max(len(_names(delegations)) - NAMED, 0),
        sections=sorted({delegation.section for delegation in delegations if delegation.section}),
        due_on=first.due_on,
        organisation=first.response.organisation,
        note=note.strip(),
        by=by,
    )


def asked_words(responses, *, due_on):
    """What an invitation says of what is asked, in a sentence."""
    names = [str(response) for response in responses]
    listed = ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
    return f"You are asked to answer: {listed}{f', by {due_on:%-d %B %Y}' if due_on else ''}."


def taken_back(delegation, *, by):
    """To somebody who need not answer any more."""
    return _letter("taken_back", _overview_of(delegation), delegation=delegation, by=by)


def nudged(delegations, *, by):
    """To somebody who is reminded, once for all that they are reminded of."""
    return _letter("nudged", _page_of(delegations), **_of_all(delegations), by=by)


def due(delegations, *, due_on, by):
    """To somebody who is asked to answer by another day."""
    return _letter("due", _page_of(delegations), **_of_all(delegations), due_on=due_on, by=by)


def _of_all(delegations):
    """What is asked by name, and how many more; the section and the date where there is only one of them."""
    names = _names(delegations)
    single = delegations[0] if len(delegations) == 1 else None
    return {
        "names": names[:NAMED],
        "count": len(names),
        "more": max(len(names) - NAMED, 0),
        "delegation": single,
    }


def _names(delegations):
    return list(dict.fromkeys(str(delegation.response) for delegation in delegations))


def _page_of(delegations):
    """The response that is asked for; where there are several, the overview, which lists them."""
    response = delegations[0].response
    if len(_names(delegations)) > 1:
        return _overview_of(delegations[0])
    place = {"organisation": response.organisation.slug, "collection": response.part.collection}
    if delegations[0].section:
        return reverse(
            "questionnaires:section",
            kwargs={**place, "response": response.pk, "section": delegations[0].section},
        )
    return reverse("questionnaires:response", kwargs={**place, "response": response.pk})


def _overview_of(delegation):
    response = delegation.response
    slugs = {"organisation": response.organisation.slug, "collection": response.part.collection}
    return reverse("returns:overview_of", kwargs=slugs)


def _letter(name, link, **context):
    """Subject, body and link; the first line of the template is the subject."""
    template = get_template(f"questionnaires/emails/{name}.txt").template
    subject, _, body = template.render(Context(context, autoescape=False)).partition("\n")
    return {"subject": subject.strip(), "body": body.strip(), "link": link}
