"""Messages about returns: each gives subject, body, link and key for ``accounts.actions.tell``."""

from mapping.returns.addresses import page


def list_read(service_import):
    """To whoever uploaded a long list, once its categories have been found."""
    return {
        "subject": f"Your list {service_import.file_name} has been read",
        "body": "A category has been looked for in every row. Nothing is saved before you have checked the rows.",
        "link": page("returns:import_preview", service_import, pk=service_import.pk),
        "key": f"import {service_import.pk} {service_import.claim}",
    }
