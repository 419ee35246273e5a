"""What the documentation points to is there, and every command of ours is described."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files(page):
    targets = [target.partition("#")[0] for target in LINK.findall(page.read_text(encoding="utf-8"))]
    inside = [target for target in targets if target and "://" not in target]

    assert [target for target in inside if not (page.parent / target).exists()] == []


def test_every_command_is_described():
    files = [*ROOT.glob("*/management/commands/[a-z]*.py"), *ROOT.glob("*/*/management/commands/[a-z]*.py")]
    described = re.findall(
        r"^## (\w+)$", (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8"), re.MULTILINE
    )

    assert sorted(described) == sorted(path.stem for path in files)


def test_every_name_on_the_map_is_there():
    page = (ROOT / "docs/reference/structure.md").read_text(encoding="utf-8")
    named = re.findall(r"(?<![\w.])[\w/]+(?:/|\.py|\.yaml)(?![\w.])", page.split("```")[1])
    deep = ("", "*/", "*/*/")

    assert len(named) > 30
    assert [name for name in named if not any(any(ROOT.glob(stars + name)) for stars in deep)] == []
