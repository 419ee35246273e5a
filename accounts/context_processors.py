"""What every page shows around its content."""

from django.conf import settings
from django.urls import reverse

from accounts import tenancy
from accounts.models import Message
from mapping.core import clock


def site(request):
    """The site's name and helpdesk, the demonstration's day, and the person with their organisations."""
    return {
        "site": {"name": settings.SITE_NAME, "licence": "Open Government Licence", **_helpdesk()},
        "demonstration": clock.today() if settings.DEMONSTRATION else None,
        **_of_person(request),
    }


def _helpdesk():
    return {f"helpdesk_{key}": value for key, value in settings.HELPDESK.items()}


def _of_person(request):
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"person": None, "organisations": [], "message_count": 0, "staff_role": ""}
    current = getattr(request, "organisation", None)
    return {
        "person": {"name": str(user), "url": reverse("accounts:you")},
        "organisations": [
            {
                "name": m.organisation.name,
                "url": reverse("returns:overview", kwargs={"organisation": m.organisation.slug}),
                "current": current == m.organisation,
            }
            for m in user.active_memberships
        ],
        "message_count": _unread(user),
        "staff_role": user.get_staff_role_display() if user.staff_role else "",
    }


def _unread(user):
    if not user.organisation_ids:
        return 0
    with tenancy.scope(*user.organisation_ids):
        return Message.objects.visible_to(user).filter(recipient=user, read_at=None).count()
