"""One page that shows every piece in every state, with invented content; open to everybody, reads nothing."""

import datetime
from types import SimpleNamespace

from django import forms
from django.core.paginator import Paginator
from django.shortcuts import render

COLOURS = [
    ("ink", "text"),
    ("ink-2", "quiet text"),
    ("control", "edges of controls"),
    ("line-2", "strong rule"),
    ("line", "hairline"),
    ("panel", "quiet ground"),
    ("tint", "you are here"),
    ("brand", "button"),
    ("brand-dark", "header"),
    ("link", "link"),
    ("focus", "focus only"),
    ("red", "stops you"),
    ("red-bg", "ground of it"),
    ("orange", "look at this"),
    ("orange-bg", "ground of it"),
    ("green", "done"),
    ("green-bg", "ground of it"),
    ("blue", "under way"),
    ("violet", "somebody else"),
    ("demo", "demonstration"),
]

SERIES = [
    ("CAMHS", [12, 20, 28, 26, 38, 43, 52]),
    ("Disability", [8, 14, 20, 22, 30, 36, 42]),
    ("Family support", [40, 39, 37, 37, 33, 35, 32]),
    ("Youth offending", [4, 10, 15, 16, 18, 20, 23]),
    ("Maternity", [26, 24, 24, 21, 17, 19, 14]),
    ("Palliative care", [2, 3, 2, 4, 3, 2, 3]),
]


class SampleForm(forms.Form):
    """One field of each kind that plain forms use."""

    name = forms.CharField(label="Name of the service", help_text="The name families and referrers use")
    opened = forms.DateField(
        label="Date it opened",
        help_text="For example 1 April 2009",
        widget=forms.TextInput(attrs={"class": "width-10"}),
        error_messages={"invalid": "31 November is not a date. November has 30 days."},
    )
    posts = forms.DecimalField(
        label="Posts in all, WTE",
        required=False,
        widget=forms.TextInput(attrs={"class": "width-8", "inputmode": "decimal"}),
    )
    sector = forms.ChoiceField(
        label="Sector", choices=[("", "Choose a sector"), ("own", "Own organisation"), ("nhs", "NHS body")]
    )
    often = forms.ChoiceField(
        label="How often do practitioners have supervision?",
        choices=[("1", "Weekly"), ("2", "Every 2 weeks"), ("4", "Every 4 weeks"), ("0", "None")],
        widget=forms.RadioSelect(attrs={"class": "choices-inline"}),
    )
    ages = forms.MultipleChoiceField(
        label="Ages it is for",
        choices=[("0", "Under 5"), ("5", "5 to 9"), ("10", "10 to 17")],
        widget=forms.CheckboxSelectMultiple,
    )
    about = forms.CharField(
        label="What it does",
        help_text="No names of children or families",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    leaflet = forms.FileField(label="Leaflet", required=False)
    public = forms.BooleanField(label="Show it in the public directory", required=False)


def _sample_form():
    return SampleForm(
        {
            "name": "Young carers project",
            "opened": "31/11/2009",
            "posts": "4.60",
            "sector": "own",
            "often": "2",
            "ages": ["5", "10"],
            "about": "Groups and one-to-one help for children who look after somebody.",
            "public": "on",
        }
    )


def _table():
    return {
        "caption": "Youth services in Trafford, 2008/09 and 2009/10",
        "heads": ["Figure", "2008/09", "2009/10", "Change"],
        "bold": 2,
        "rows": [
            {"label": "Staff, WTE", "under": "30 November", "cells": ["471.9", "512.4", "+40.5"]},
            {"label": "Cost", "cells": ["£1,204,300", "£1,180,950", "\N{MINUS SIGN}2%"], "chosen": True},
            {"label": "Vacant posts", "cells": ["5%", "7%", "+2 points"]},
            {"label": "Children under 1", "cells": ["7", "<5", "*"]},
            {"label": "Children aged 1 to 4", "cells": ["12", "*", "*"]},
            {"label": "Colleges on the Board", "cells": ["N/A", "91%", "N/A"]},
            {"label": "North West", "cells": ["5,980", "6,214", "+234"], "total": True},
            {"label": "England", "cells": ["no return", "884.0", "N/A"], "total": True},
        ],
        "marks": [
            {"mark": "<5", "words": "1 to 4 children"},
            {"mark": "*", "words": "held back to protect a small number"},
            {"mark": "N/A", "words": "one of the years is missing"},
            {"mark": "no return", "words": "nobody answered"},
        ],
    }


def _services():
    names = ["name", "category", "progress", "sections", "problems", "who", "due", "saved", "chosen"]
    two_errors, one_of_each = [("error", "2 errors")], [("error", "1 error"), ("unusual", "1 to explain")]
    youth, kinship = "20 Youth justice services", "26 Fostering, adoption and permanence"
    mental, early = "08 CAMHS tier 2 (targeted)", "14 Early years and children\u2019s centres"
    rows = [
        (
            "Youth offending team",
            youth,
            "in_progress",
            7,
            two_errors,
            "Daniel Okafor",
            "8 January",
            "5 January",
            True,
        ),
        ("Kinship care team", kinship, "not_started", 0, [], "", "22 January", "", False),
        (
            "Primary mental health team",
            mental,
            "in_progress",
            5,
            one_of_each,
            "Priya Nair",
            "",
            "10:41",
            True,
        ),
        ("Stretford nursery", early, "complete", 10, [], "Joanne Price", "8 January", "7 January", False),
    ]
    return [dict(zip(names, row, strict=True)) for row in rows]


def _lines():
    """The six series as point lists on a drawing of 328 by 200."""
    return [
        {
            "label": label,
            "number": number,
            "points": " ".join(
                f"{10 + 31.6 * place:.1f},{170 - 2.6 * value:.1f}" for place, value in enumerate(values)
            ),
            "end": f"{174 - 2.6 * values[-1]:.1f}",
        }
        for number, (label, values) in enumerate(SERIES, start=1)
    ]


def _sections():
    names = ["code", "label", "kind", "note", "is_error", "current"]
    rows = [
        ("A", "Identity and contact", "complete", "", False, False),
        ("B", "Who it is for", "complete", "", False, False),
        ("E", "Workforce", "error", "1 error", True, True),
        ("F", "Activity", "in_progress", "", False, False),
        ("G", "Commissioning and cost", "not_started", "Mark Dunne", False, False),
    ]
    return [dict(zip(names, row, strict=True)) | {"url": "#sections"} for row in rows]


def _steps():
    return [
        {"when": "October", "words": "Registration, sandbox and training", "kind": "past"},
        {"when": "1 November", "words": "Data entry opened", "kind": "past"},
        {"when": "January", "words": "Summary report goes to every mapping lead", "kind": "now"},
        {"when": "28 February", "words": "Data entry closes", "kind": "coming"},
        {"when": "April", "words": "Tables, profiles and the annual report", "kind": "coming"},
    ]


def _hexagons():
    """A few cells of a map: where each stands and its class, on a drawing of 200 by 116."""
    classes = ["1", "2", "3", "4", "5", "none", "held", "4", "2", "3"]
    return [
        {
            "x": 20 + 34 * (place % 5) + 17 * (place // 5),
            "y": 24 + 30 * (place // 5),
            "kind": kind,
        }
        for place, kind in enumerate(classes)
    ]


def gallery(request):
    """The page of pieces."""
    at = datetime.datetime(2010, 1, 14, 10, 42, tzinfo=datetime.UTC)
    context = {
        "crumbs": [{"label": "Overview", "url": "/"}, {"label": "Guidance", "url": "/guidance/"}],
        "colours": COLOURS,
        "sample_form": _sample_form(),
        "table": _table(),
        "services": _services(),
        "page": Paginator(range(40), 12).page(2),
        "lines": _lines(),
        "sample_sections": _sections(),
        "steps": _steps(),
        "hexagons": _hexagons(),
        "at": at,
        "sample_clash": {"name": "clash-F04", "who": "Priya Nair", "yours": "31", "theirs": "29", "at": at},
        "chips": [
            SimpleNamespace(label=label, count=count, url="#lists", current=label == "All")
            for label, count in [
                ("All", 40),
                ("Late", 2),
                ("With errors", 3),
                ("Not started", 7),
                ("Complete", 22),
            ]
        ],
        "bulk_actions": [
            {"name": "action", "value": "delegate", "label": "Delegate"},
            {"name": "action", "value": "nudge", "label": "Nudge"},
        ],
        "dates": [
            {"term": "15 January", "words": "5 services due from colleagues"},
            {"term": "28 February", "words": "Data entry closes"},
        ],
        "reasons": [("real_change", "A real change in the service"), ("other", "Another reason")],
        "classes": ["Under 70%", "70 to 79%", "80 to 84%", "85 to 89%", "90% or more"],
    }
    return render(request, "core/gallery.html", context)
