"""The local authority profile as a document: from figures to leads, tables, charts, findings, questions."""

from reports.profiles.document import Document
from reports.profiles.sections.activity import activity_section
from reports.profiles.sections.annex import annex_section
from reports.profiles.sections.coverage import methods_section, missing_section
from reports.profiles.sections.opening import contents_blocks, cover, status_line
from reports.profiles.sections.services import services_section
from reports.profiles.sections.summary import summary_section
from reports.profiles.sections.trust import trust_section
from reports.profiles.sections.workforce import workforce_section
from reports.wording import day

SECTIONS = (
    summary_section,
    services_section,
    workforce_section,
    activity_section,
    trust_section,
    missing_section,
    methods_section,
    annex_section,
)


def local_authority_document(figures):
    """The profile of one local authority in one collection, from LocalAuthorityFigures; pure."""
    status = figures.status
    return Document(
        exercise=figures.exercise,
        organisation=figures.authority.name,
        kind="Local authority profile",
        year=figures.collection.year,
        status=status_line(status),
        cover=cover(figures),
        contents=contents_blocks(figures),
        sections=tuple(filter(None, (section(figures) for section in SECTIONS))),
        band=f"PROVISIONAL · {day(status.date)} · figures will change" if status.is_provisional else "",
        demonstration=figures.collection.demonstration,
        author=figures.exercise,
    )
