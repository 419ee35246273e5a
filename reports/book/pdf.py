"""The book of questions as a PDF, to read on a train: the same look and the same care as the reports."""

from django.template import Context

from reports.profiles.render import engine, write_pdf

TEMPLATE = "reports/book/document.html"


def as_pdf(book, exercise, *, demonstration=False):
    """The Book as the bytes of a tagged PDF; raises RenderError as ``render_pdf`` does."""
    context = {"book": book, "exercise": exercise, "demonstration": demonstration}
    return write_pdf(engine().get_template(TEMPLATE).render(Context(context, use_l10n=False)))
