"""What a contributor reads of a questionnaire of which they were asked for some sections only."""

import pytest

pytestmark = pytest.mark.django_db

SECTIONS = {
    "E": {"progress": "complete", "hard": 0, "soft_open": 0},
    "F": {"progress": "in_progress", "hard": 3, "soft_open": 2},
}


@pytest.fixture
def shown(client, contributor, address, listed, responded, delegated):
    """``shown("E")`` is the line of a response of which these sections were given; "" stands for all."""

    def of(*sections):
        fields = {"progress": "in_progress", "hard_count": 3, "soft_open_count": 2, "sections": SECTIONS}
        response = responded(*listed("Talkshop"), **fields)
        for section in sections:
            delegated(response, to=contributor, section=section)
        client.force_login(contributor)
        (line,) = client.get(address("overview_of")).context["asked"]
        return line.progress, line.errors, line.unusual, line.under

    return of


def test_sections_of_others_are_not_counted(shown):
    progress, errors, unusual, under = shown("E")

    assert (progress, errors, unusual) == ("complete", 0, 0)
    assert under.endswith("section E")


def test_own_sections_are_added_up(shown):
    assert shown("E", "F")[:3] == ("in_progress", 3, 2)


def test_who_was_asked_for_all_reads_of_all(shown):
    progress, errors, unusual, under = shown("F", "")

    assert (progress, errors, unusual) == ("in_progress", 3, 2)
    assert "section" not in under
