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
