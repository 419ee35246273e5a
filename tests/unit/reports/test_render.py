"""The PDF: tagged, in words where it has pictures, one family of fonts, the same bytes twice."""

import gc
import io
from dataclasses import replace

import page
import pikepdf
import pytest
from pypdf import PdfReader

from reports.profiles import render
from reports.profiles.outline import local_authority_document
from tests.unit.reports import sample

SAMPLES = {
    "full": sample.full,
    "provisional": sample.provisional,
    "little": sample.little,
    "none": sample.none,
    "first year": sample.first_year,
}


@pytest.fixture(scope="module")
def pdfs():
    """The PDF of each sample, made once."""
    return {name: render.render_pdf(local_authority_document(make())) for name, make in SAMPLES.items()}


def elements(pdf, kind):
    """All structure elements of a kind, such as /Figure."""
    found, todo = [], [pdf.Root.StructTreeRoot]
    while todo:
        node = todo.pop()
        if isinstance(node, pikepdf.Array):
            todo += list(node)
        elif isinstance(node, pikepdf.Dictionary):
            if node.get("/S") == kind:
                found.append(node)
            if "/K" in node:
                todo.append(node["/K"])
    return found


@pytest.mark.parametrize("name", SAMPLES)
def test_pdf_passes_the_check_of_pdf_ua(pdfs, name, tmp_path):
    path = tmp_path / f"{name}.pdf"
    path.write_bytes(pdfs[name])

    report = page.validate_pdf(str(path), profile=page.ValidationProfile.PDF_UA_1)

    assert "no failures" in str(report), str(report)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_figure_is_in_words_and_every_table_has_heads(pdfs, name):
    with pikepdf.open(io.BytesIO(pdfs[name])) as pdf:
        alts = [str(figure.get("/Alt", "")) for figure in elements(pdf, "/Figure")]
        tables = elements(pdf, "/Table")

        assert alts and all(len(alt) > 60 for alt in alts), alts
        assert tables and len(elements(pdf, "/TH")) > len(tables)
        assert str(pdf.Root.Lang) == "en-GB"


@pytest.mark.parametrize("name", SAMPLES)
def test_only_the_report_font_is_embedded(pdfs, name):
    fonts = set()
    for sheet in PdfReader(io.BytesIO(pdfs[name])).pages:
        for font in sheet["/Resources"].get("/Font", {}).values():
            fonts.add(str(font.get_object()["/BaseFont"]).split("+")[-1])
    assert fonts and all(font.startswith("Source-Sans-3") for font in fonts), fonts


@pytest.mark.parametrize(("name", "pages"), [("full", 17), ("provisional", 18), ("little", 10), ("none", 9)])
def test_pages_are_as_many_as_were_looked_at(pdfs, name, pages):
    assert len(PdfReader(io.BytesIO(pdfs[name])).pages) == pages


def test_no_page_holds_just_a_few_lines(pdfs):
    for sheet in PdfReader(io.BytesIO(pdfs["full"])).pages:
        assert len(sheet.extract_text()) > 350


def test_same_input_gives_the_same_bytes(pdfs):
    assert render.render_pdf(local_authority_document(sample.little())) == pdfs["little"]


def test_file_is_small(pdfs):
    assert max(map(len, pdfs.values())) < 1_000_000


def test_foot_says_page_status_and_demonstration(pdfs):
    text = PdfReader(io.BytesIO(pdfs["full"])).pages[2].extract_text()
    assert "3 of 17" in text
    assert "Final, release 1, 29 May 2009" in text
    assert "Demonstration with invented figures" in text


def test_contents_give_the_page_of_a_section(pdfs):
    pages = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdfs["full"])).pages]
    trust = next(index for index, text in enumerate(pages, 1) if index > 2 and "agencies with a duty" in text)
    contents = " ".join(pages[1].split())
    assert f"5 Children’s Trust who sits on the Board; joint commissioning; needs {trust}" in contents


def test_only_a_provisional_document_has_the_band():
    html = {name: render.render_html(local_authority_document(make())) for name, make in SAMPLES.items()}
    assert [name for name in SAMPLES if "@page :first { background-position" in html[name]] == ["provisional"]


def test_text_of_users_stays_text():
    figures = sample.little()
    service = sample.Service("S1", "<script>&", "14 Early years", "Universal", "Council", "0 to 4")
    html = render.render_html(local_authority_document(replace(figures, services=(service,))))
    assert "&lt;script&gt;&amp;" in html
    assert "<script>" not in html


def test_error_in_the_log_fails_the_document(monkeypatch):
    document = local_authority_document(sample.none())
    html = render.render_html(document).replace(document.cover.map.alt, "")
    monkeypatch.setattr(render, "render_html", lambda document: html)
    with pytest.raises(render.RenderError, match="alt"):
        render.render_pdf(document)


def test_nothing_is_fetched(monkeypatch):
    document = local_authority_document(sample.none())
    html = render.render_html(document)
    leak = f'<p><img src="file://{render.STYLESHEET}" alt="{"a file of this machine " * 4}"></p></body>'
    monkeypatch.setattr(render, "render_html", lambda document: html.replace("</body>", leak))
    with pytest.raises(render.RenderError):
        render.render_pdf(document)


def test_garbage_collection_is_on_again_afterwards(pdfs):
    assert gc.isenabled()
