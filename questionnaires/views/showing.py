"""A section as a whole page, or as what has changed of it for a script: of a response, or in the sandbox."""

import json
import zlib
from urllib.parse import urlencode

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from questionnaires import presence
from questionnaires.cells import split_cell_id


def by_script(request):
    """Whether section.js asks, which wants pieces."""
    return request.headers.get("Accept", "").startswith("application/json")


def has_clash(page):
    """Whether anything on the page waits for a choice between two people's answers."""
    in_fields = any(block.field and block.field.clash for block in page.blocks)
    return in_fields or any(row.clashes for block in page.blocks for row in block.rows)


def whole_page(request, page, *, others, links, template="questionnaires/section.html", **around):
    """The page of a section. others: names of who else is there; links: below the list of sections."""
    here = page.opened
    context = {
        "page": page,
        "rendered": _rendered(page),
        "top": mark_safe(_top(page, others)),  # noqa: S308 - rendered by a template of ours
        "links": links,
        "leave_url": here.leave_url,
        "following_url": here.section_url(page.following.key) if page.following else "",
        "problems": page.problems,
        **around,
    }
    return render(request, template, context)


def state(request, page, *, others, links):
    """What a script needs to bring the page in line: blocks that it has not yet, and all that stands around them."""
    rendered = _rendered(page)
    have = _digests(request.POST.get("have") or request.GET.get("have") or "{}")
    around = {"page": page}
    return JsonResponse(
        {
            "version": page.version,
            "order": [block["id"] for block in rendered],
            "blocks": {
                block["id"]: {"html": block["html"], "digest": block["digest"], "half": block["is_half"]}
                for block in rendered
                if have.get(block["id"]) != block["digest"]
            },
            "top": _top(page, others),
            "saved": render_to_string("questionnaires/_saved.html", around),
            "left": render_to_string("questionnaires/_left.html", around),
            "list": render_to_string("components/section_list.html", {"sections": page.list, "links": links}),
            "not_taken": page.not_taken,
        }
    )


def next_address(request, page, posted):
    """Where a whole page goes after saving: on, away, or back to itself where a button asked for something here."""
    stays = any(request.POST.get(name) for name in ("confirm", "unconfirm", "add", "remove", "zero"))
    stays = stays or any(name.startswith("choose:") for name in request.POST)
    go = "here" if stays else request.POST.get("go", "here")
    if go == "leave" or (go == "on" and page.following is None):
        _say_saved(request, page)
        return page.opened.leave_url
    if go == "on":
        return page.opened.section_url(page.following.key)
    rows = f"?{urlencode([('row', row) for row in posted.rows])}" if posted.rows else ""
    names = ("add", "confirm", "unconfirm", "zero")
    button = next((sent for name in names if (sent := request.POST.get(name))), "")
    place = f"#q-{split_cell_id(button)[0]}" if button and button != "*" else ""
    return page.opened.section_url(page.section.key) + rows + place


def _say_saved(request, page):
    if not page.opened.is_sandbox:
        messages.success(request, f"{page.section.key} {page.section.title} of {page.response} is saved.")


def _rendered(page):
    """Each block as HTML with a digest, by which a script knows what it has already."""
    rendered = []
    for block in page.blocks:
        html = render_to_string(f"questionnaires/blocks/{block.kind}.html", {"block": block})
        digest = format(zlib.crc32(html.encode()), "08x")
        rendered.append(
            {"id": block.id, "html": SafeString(html), "digest": digest, "is_half": block.is_half}
        )
    return rendered


def _top(page, others):
    return render_to_string("questionnaires/_top.html", {"page": page, "others": presence.in_words(others)})


def _digests(text):
    try:
        have = json.loads(text)
    except ValueError:
        return {}
    return have if isinstance(have, dict) else {}
