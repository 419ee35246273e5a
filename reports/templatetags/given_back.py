"""The side box *What you already get back*, for the overview, which lies in a lower layer than figures."""

from django import template

from reports import given_back as reading

register = template.Library()


@register.inclusion_tag("reports/_given_back.html")
def given_back(annual_return, user, is_signed_off):
    """``{% given_back annual_return user is_signed_off %}``; empty until enough services are complete."""
    return {"given": reading.given_back(annual_return, user), "is_signed_off": is_signed_off}
