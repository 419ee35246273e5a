"""Messages about returns: each gives subject, body, link and key for ``accounts.actions.tell``."""

from django.urls import reverse

from mapping.returns.addresses import page


def list_read(service_import):
    """To whoever uploaded a long list, once its categories have been found."""
    return {
        "subject": f"Your list {service_import.file_name} has been read",
        "body": "A category has been looked for in every row. Nothing is saved before you have checked the rows.",
        "link": page("returns:import_preview", service_import, pk=service_import.pk),
        "key": f"import {service_import.pk} {service_import.claim}",
    }


NAMED = 12  # services that a message lists by name


def asked_to_confirm(partner, requests):
    """To the leads of a partner: which joint services others list it for. Nothing but names, categories and leads."""
    lines = [
        f"- {request.name} ({request.category_label}), led by {request.lead_organisation.full_name}"
        for request in requests[:NAMED]
    ]
    if len(requests) > NAMED:
        lines.append(f"- and {len(requests) - NAMED} more")
    one = len(requests) == 1
    return {
        "subject": f"Please confirm {'a joint service' if one else f'{len(requests)} joint services'}",
        "body": (
            f"{partner.full_name} is named as a partner in {'this service' if one else 'these services'}:\n\n"
            + "\n".join(lines)
            + "\n\nSay whether you take part, and as what. Who leads a service enters it; you need not."
        ),
        "link": reverse(
            "returns:joint", kwargs={"organisation": partner.slug, "collection": requests[0].collection}
        ),
        "key": f"joint services {','.join(str(request.pk) for request in requests)[:80]}",
    }


def refused_to_take_part(answer):
    """To the leads who named a partner in a joint service: that it says no, and what they may do about it."""
    request, partner = answer.request, answer.organisation
    return {
        "subject": f"{partner.full_name} does not take part in {request.name}",
        "body": (
            f"Your list names {partner.full_name} as a partner in {request.name} ({request.category_label}). "
            f"{answer.by} answered for them that they do not take part.\n\n"
            "If they are right, take them off the service. If not, agree it with them: they can change their answer."
        ),
        "link": reverse(
            "returns:service_edit",
            kwargs={
                "organisation": request.organisation.slug,
                "collection": request.collection,
                "entry": request.service_entry_id,
            },
        ),
        "key": f"joint service refused {request.pk}",
    }
