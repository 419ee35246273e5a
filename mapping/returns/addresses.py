"""Addresses of the pages of one return."""

from django.urls import reverse


def page(name, annual_return, **others):
    """The address of a page of a return: ``page("returns:services", annual_return)``."""
    slugs = {"organisation": annual_return.organisation.slug, "collection": annual_return.collection.slug}
    return reverse(name, kwargs={**slugs, **others})


def filtered(name, annual_return, only):
    """The address of a page whose list shows only the lines that a chip lets through."""
    return f"{page(name, annual_return)}?only={only}#services"
