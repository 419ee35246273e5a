"""The doors. Every view wears exactly one; it finds whose page this is, asks who may enter, and opens the scope.

An organisation that is not yours and one that does not exist give the same answer: 404.
"""

from contextlib import nullcontext
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts import tenancy
from accounts.models import Organisation
from accounts.permissions import may

READS = {"GET", "HEAD", "OPTIONS"}


def organisation_page(*permissions):
    """Door of a page of one organisation, found by its slug in the address.

    The view gets the Organisation as ``organisation``; any one of ``permissions`` opens it. Members see and write
    the rows of that organisation; staff read as staff and write in the scope of that one organisation.
    """

    def door(view):
        @wraps(view)
        def enter(request, organisation, **kwargs):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            found = Organisation.objects.visible_to(request.user).filter(slug=organisation).first()
            if found is None:
                raise Http404("no such organisation")
            if not any(may(request.user, permission, found) for permission in permissions):
                raise PermissionDenied
            request.organisation = found
            with _opened(request, found):
                return view(request, organisation=found, **kwargs)

        enter.door = ("organisation", permissions)
        return enter

    return door


def staff_page(permission):
    """Door of a page for staff. Reading sees every organisation; a view that writes opens the one scope itself."""

    def door(view):
        @wraps(view)
        def enter(request, **kwargs):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not request.user.staff_role:
                raise Http404("no such page")
            if not may(request.user, permission):
                raise PermissionDenied
            reading = request.method in READS
            with tenancy.staff_reading(f"{request.user} opens {request.path}") if reading else nullcontext():
                return view(request, **kwargs)

        enter.door = ("staff", (permission,))
        return enter

    return door


def public_page(view):
    """Door of a page for everybody. It sees no organisation's rows unless it opens a scope with a reason."""

    @wraps(view)
    def enter(request, **kwargs):
        return view(request, **kwargs)

    enter.door = ("public", ())
    return enter


def personal_page(view):
    """Door of a page about the person who is signed in; it sees the rows of their organisations."""

    @wraps(view)
    def enter(request, **kwargs):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        with tenancy.scope(*request.user.organisation_ids):
            return view(request, **kwargs)

    enter.door = ("personal", ())
    return enter


def _opened(request, organisation):
    """Members see and write their organisation's rows. Staff read as staff, and write in its scope."""
    if request.user.membership_of(organisation) or request.method not in READS:
        return tenancy.scope(organisation)
    return tenancy.staff_reading(f"{request.user} opens {request.path}")
