"""What people call organisations: which one a name means, and which ones it is offered where it means none."""

import pytest

from mapping.core.names import Named, called, nearest

KNOWN = (
    Named("E08000009", "Trafford Metropolitan Borough Council", "local_authority", "E08000009", ("Trafford",)),
    Named("5NR", "Trafford PCT", "pct", "5NR"),
    Named("E09000013", "London Borough of Hammersmith & Fulham", "local_authority", "E09000013",
          ("Hammersmith and Fulham",)),
    Named("E08000013", "St Helens Council", "local_authority", "E08000013", ("St. Helens",)),
    Named("E06000023", "Bristol City Council", "local_authority", "E06000023", ("Bristol",)),
    Named("TAL", "Torbay Care Trust", "pct", "TAL"),
    Named("5HG", "Ashton, Leigh and Wigan PCT", "pct", "5HG"),
    Named("RW3", "Central Manchester University Hospitals NHS Foundation Trust", "nhs_trust", "RW3"),
    Named("RMC", "Royal Bolton Hospital", "nhs_trust", "RMC"),
    Named("5HQ", "Bolton PCT", "pct", "5HQ"),
    Named("stockport-pct", "Stockport PCT", "pct", "5F7"),
    Named("stockport-trust", "Stockport NHS Foundation Trust", "nhs_trust", "RWJ"),
    Named("family-aid", "Family Aid", "voluntary"),
)  # fmt: skip


def keys(found):
    return [one.key for one in found]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Trafford", "E08000009"),
        ("TRAFFORD COUNCIL", "E08000009"),
        ("Trafford MBC", "E08000009"),
        ("trafford metropolitan borough council.", "E08000009"),
        ("e08000009", "E08000009"),
        ("Trafford Primary Care Trust", "5NR"),
        ("NHS Trafford", "5NR"),
        (" 5nr ", "5NR"),
        ("Hammersmith & Fulham Council", "E09000013"),
        ("LB Hammersmith and Fulham", "E09000013"),
        ("Saint Helens Borough Council", "E08000013"),
        ("City of Bristol", "E06000023"),
        ("Torbay PCT", "TAL"),
        ("Ashton Leigh & Wigan PCT", "5HG"),
        ("Central Manchester University Hospital NHS Trust", "RW3"),
        ("Central Manchester University Hospitals", "RW3"),
        ("Stockport NHS FT", "stockport-trust"),
        ("family aid", "family-aid"),
    ],
)
def test_what_people_type_means_one_organisation(text, key):
    assert keys(called(text, KNOWN)) == [key]


@pytest.mark.parametrize("text", ["", "  ", ".", "Traford Council", "Bolton Council", "London"])
def test_what_names_nobody_means_nobody(text):
    assert called(text, KNOWN) == []


def test_a_name_without_its_kind_may_mean_several():
    assert keys(called("Stockport", KNOWN)) == ["stockport-pct", "stockport-trust"]
    assert keys(called("NHS Stockport", KNOWN)) == ["stockport-pct"]


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("Traford Council", ["E08000009", "5NR"]),
        ("Traford pct", ["5NR", "E08000009"]),
        ("Bolton Hospital", ["RMC", "5HQ"]),
        ("Trafford Hospital", ["E08000009", "5NR"]),
        ("Leigh", ["5HG"]),
        ("Atlantis", []),
        ("", []),
    ],
)
def test_where_it_means_none_the_likest_are_offered(text, offered):
    assert keys(nearest(text, KNOWN)) == offered
