"""One response as a PDF: what its page of all answers shows, in the dress of the reports."""

from django.conf import settings
from django.template import Context

from mapping.core import clock
from mapping.returns.workflow import Decision
from questionnaires.queries.history import whole_of
from reports.profiles.render import engine, exercise, write_pdf

TEMPLATE = "reports/responses/document.html"


def as_pdf(opened):
    """The answers that the reader of an ``Opened`` response sees, as the bytes of a tagged PDF; raises RenderError."""
    response = opened.response
    context = {
        "exercise": exercise(),
        "response": response,
        "organisation": response.organisation,
        "collection": response.part.collection,
        "questionnaire": opened.questionnaire,
        "is_whole": opened.sections is None,
        "state": Decision(response.part.decision).label,
        "day": clock.today(),
        "demonstration": settings.DEMONSTRATION,
        "whole": [(section, blocks) for section, _, blocks in whole_of(opened) if blocks],
    }
    return write_pdf(engine().get_template(TEMPLATE).render(Context(context, use_l10n=False)))
