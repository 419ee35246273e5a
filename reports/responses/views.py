"""A response as a file."""

from django.http import HttpResponse
from django.utils.text import slugify

from accounts.access import organisation_page
from accounts.actions import audit
from accounts.permissions import Permission
from questionnaires.views.section import open_or_404
from reports.responses.pdf import as_pdf


@organisation_page(Permission.RETURN_ANSWER, Permission.RETURN_READ)
def answers(request, organisation, collection, response):
    """All answers that the reader may see, as a PDF; who took them is logged."""
    here = open_or_404(request, organisation, collection, response)
    content = as_pdf(here)
    audit.record(
        "downloaded answers", user=request.user, organisation=organisation, response=here.response.pk
    )
    result = HttpResponse(content, content_type="application/pdf")
    result["Content-Disposition"] = (
        f'attachment; filename="{slugify(str(here.response))}-{collection.slug}.pdf"'
    )
    return result
