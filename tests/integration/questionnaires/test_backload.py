"""Answers in bulk: all or nothing, checked as on screen, with the operator told what is wrong where."""

import csv

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import tenancy
from accounts.models import Message, Role, User
from accounts.models.people import SYSTEM_ACCOUNT
from mapping.core import clock
from mapping.returns.loading import load_collections
from mapping.returns.models import AnnualReturn, Collection, JointRequest, Part, ReturnEvent, ServiceEntry
from questionnaires.backload import HEADER, Line, load_answers
from questionnaires.loading import load_definitions
from questionnaires.models import Origin, Response, Revision
from reports.models import Fact, FactSet
from tests.people import member

pytestmark = pytest.mark.django_db
TRAFFORD, BARNET = "E08000009", "E09000003"


@pytest.fixture
def authority(organisation, settings):
    """Trafford, with the collections and questionnaires of all years."""
    load_collections(settings.BASE_DIR / "fixtures" / "reference")
    load_definitions()
    return organisation


@pytest.fixture
def file(tmp_path):
    """Write lines (without the collection: 2008/09) to a file."""

    def write(*lines, name="answers.csv", collection="2008/09"):
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows([HEADER, *((collection, *line) for line in lines)])
        return path

    return write


def board(row, column, value, code=TRAFFORD):
    return (code, "", "CTQB2", row, column, value)


def response_of(organisation):
    with tenancy.scope(organisation):
        return Response.objects.get(organisation=organisation)


def refused(*arguments):
    """The lines of the error that the command ends with."""
    with pytest.raises(CommandError) as error:
        call_command("import_answers", *arguments)
    return str(error.value).splitlines()


def test_answers_open_a_return_and_are_stored_as_on_screen(authority, file):
    call_command(
        "import_answers",
        file(
            board("b01", "on", "Yes"),
            board("b01", "level", "Senior officer"),
            board("b02", "on", "NK"),
            (TRAFFORD, "", "CTQA4", "", "", "children"),
            (TRAFFORD, "", "CTQA4", "", "", "Young people"),
        ),
    )

    response = response_of(authority)
    assert {cell: {k: v for k, v in kept.items() if k != "o"} for cell, kept in response.cells.items()} == {
        "CTQB2|b01|on": {"v": "yes"},
        "CTQB2|b01|level": {"v": "senior"},
        "CTQB2|b02|on": {"s": "NK"},
        "CTQA4": {"v": ["children", "young_people"]},
    }
    assert {kept["o"] for kept in response.cells.values()} == {Origin.IMPORT}
    assert (response.version, response.progress) == (1, "in_progress")
    with tenancy.scope(authority):
        assert Revision.objects.get(response=response).by.email == SYSTEM_ACCOUNT
        assert Part.objects.get(pk=response.part_id).decision == "open"
        assert not Fact.objects.exists()


def test_sign_off_marks_the_part_and_writes_its_facts(authority, file, analyst):
    path = file(board("b01", "on", "yes"))

    call_command("import_answers", path, "--sign-off", "--by", analyst.email)

    with tenancy.scope(authority):
        part = Part.objects.get(kind="organisation")
        event = ReturnEvent.objects.get(part=part)
        fact = Fact.objects.get(measure="board_on", item="b01")
    assert part.decision == "signed_off"
    assert (event.kind, event.by, event.note) == ("back_loaded", analyst, "Back-load of answers.csv")
    assert (fact.choice, fact.revision) == ("yes", 1)


def test_second_file_adds_to_what_the_first_one_said(authority, file):
    call_command("import_answers", file(board("b01", "on", "yes"), name="one.csv"), "--sign-off")
    call_command(
        "import_answers", file((TRAFFORD, "", "CTQE2", "j01", "joint", "yes"), name="two.csv"), "--sign-off"
    )

    response = response_of(authority)
    assert set(response.cells) == {"CTQB2|b01|on", "CTQE2|j01|joint"}
    with tenancy.scope(authority):
        assert [s.superseded_at is None for s in FactSet.objects.order_by("pk")] == [False, True]


def test_the_same_file_twice_changes_nothing(authority, file):
    path = file(board("b01", "on", "yes"))
    call_command("import_answers", path)
    call_command("import_answers", path)

    assert response_of(authority).version == 1


def test_every_wrong_line_is_named_and_none_is_kept(authority, file):
    path = file(
        board("b01", "on", "yes"),
        board("b01", "level", "boss"),
        board("b03", "on", "yes"),
        board("b01", "on", "no"),
        (TRAFFORD, "", "CTQB4", "", "", "many"),
    )

    told = refused(path)

    assert told[0] == "Nothing was saved. These lines cannot be taken:"
    assert [line.split(": ")[0] for line in told[1:]] == [f"answers.csv, line {n}" for n in (3, 4, 5, 6)]
    assert "not one of the answers" in told[1]
    assert "no row “b03”" in told[2] and "2008/09" in told[2]
    assert "Line 2 gives this answer already." in told[3]
    with tenancy.scope(authority):
        assert not AnnualReturn.objects.exists()
    assert not User.objects.filter(email=SYSTEM_ACCOUNT).exists()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (("X1", "", "CTQB1", "", "", "pct"), "No organisation has the GSS or ODS code “X1”."),
        ((TRAFFORD, "", "CTQX9", "", "", "yes"), "“CTQX9” is not a question of 2008/09."),
        ((TRAFFORD, "S0001", "CTQB1", "", "", "pct"), "This question is not about a service."),
        ((TRAFFORD, "", "SVC-F01", "", "", "5"), "Name the service by its reference."),
        ((TRAFFORD, "S0001", "SVC-F01", "", "", "5"), "has no service S0001 in 2008/09"),
        ((TRAFFORD, "", "CTQB1", "r1", "", "pct"), "CTQB1 has neither rows nor columns."),
    ],
)
def test_line_about_what_does_not_exist_is_refused(authority, file, line, reason):
    assert reason in refused(file(line))[1]


def test_unknown_collection_is_refused(authority, file):
    assert "no collection “2008”" in refused(file(board("b01", "on", "yes"), collection="2008"))[1]


def test_file_with_another_header_is_refused(authority, tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("organisation,question\n", encoding="utf-8")

    assert "The header has to be collection,organisation" in refused(path)[1]


def test_file_in_another_encoding_is_refused(authority, tmp_path):
    path = tmp_path / "latin.csv"
    path.write_bytes(",".join(HEADER).encode() + b"\n2008/09,\xe9,,,,,\n")

    assert "not in UTF-8" in refused(path)[1]


def test_dry_run_checks_and_keeps_nothing(authority, file, capsys):
    call_command("import_answers", file(board("b01", "on", "yes")), "--sign-off", "--dry-run")

    assert "Nothing was saved." in capsys.readouterr().out
    with tenancy.scope(authority):
        assert not AnnualReturn.objects.exists()
    assert not User.objects.filter(email=SYSTEM_ACCOUNT).exists()


def test_account_that_is_not_of_staff_cannot_answer_for_it(authority, file, lead):
    assert refused(file(board("b01", "on", "yes")), "--by", lead.email) == [
        f"{lead.email} is not the address of a staff account."
    ]


def test_system_account_cannot_sign_in(authority, file):
    call_command("import_answers", file(board("b01", "on", "yes")))

    account = User.objects.get(email=SYSTEM_ACCOUNT)
    assert (account.is_active, account.is_system, account.has_usable_password()) == (False, True, False)


def test_part_that_a_director_signed_off_is_locked(authority, file, director):
    call_command("import_answers", file(board("b01", "on", "yes")))
    with tenancy.scope(authority):
        part = Part.objects.get(kind="organisation")
        part.decision = "signed_off"
        part.save(update_fields=["decision"])
        ReturnEvent.objects.create(
            organisation=authority, annual_return=part.annual_return, part=part, kind="signed_off", by=director,
            at=clock.now(),
        )  # fmt: skip

    told = refused(file(board("b01", "on", "no")), "--sign-off")

    assert "is signed off: its answers are locked" in told[1]
    assert response_of(authority).cells["CTQB2|b01|on"]["v"] == "yes"


def test_organisation_that_declined_is_refused(authority, file):
    with tenancy.scope(authority):
        AnnualReturn.objects.create(
            organisation=authority, collection=Collection.objects.get(year=2008), declined_at=clock.now()
        )

    assert "declined to take part" in refused(file(board("b01", "on", "yes")))[1]


def service(question, value, row="", column="", reference="S0007"):
    return (TRAFFORD, reference, question, row, column, value)


def test_service_is_added_with_its_fields_and_answers(authority, file):
    call_command(
        "import_answers",
        file(
            service("SVC-A01", "Young minds team"),
            service("SVC-A02", "08"),
            service("SVC-A06", "nhs"),
            service("SVC-F00", "yes"),
            service("SVC-F01", "148"),
            service("SVC-E01", "2.5", "nu_mh", "wte"),
            service("SVC-A13", "1 June 2008"),
        ),
        "--sign-off",
    )

    with tenancy.scope(authority):
        entry = ServiceEntry.objects.select_related("service").get()
        facts = {(f.measure, f.item): f.number or f.choice for f in Fact.objects.filter(service_entry=entry)}
    assert (entry.reference, entry.name, entry.category, entry.sector) == (
        "S0007",
        "Young minds team",
        "08",
        "nhs",
    )
    assert entry.status_date.isoformat() == "2008-06-01"
    assert facts["category", ""] == "08"
    assert facts["caseload", ""] == 148
    assert float(facts["wte", "nu_mh"]) == 2.5


def test_service_of_the_list_takes_further_answers(authority, file):
    call_command("import_answers", file(service("SVC-A01", "Team"), service("SVC-A02", "08"), name="one.csv"))
    call_command("import_answers", file(service("SVC-F00", "no"), name="two.csv"))

    with tenancy.scope(authority):
        assert ServiceEntry.objects.count() == 1
        assert Response.objects.get().cells["SVC-F00"]["v"] == "no"


@pytest.mark.parametrize(("collection", "is_asked"), [("2009/10", True), ("2008/09", False)])
def test_partners_of_a_service_are_asked_while_they_can_answer(
    authority, foreign_organisation, file, collection, is_asked
):
    barnet_lead = member(foreign_organisation, Role.LEAD, "Nora Whitby")
    call_command(
        "import_answers",
        file(
            service("SVC-A01", "Night team"),
            service("SVC-A02", "08"),
            service("SVC-A09", BARNET, "r1", "organisation"),
            service("SVC-A09", "Two nurses", "r1", "part"),
            collection=collection,
        ),
    )

    with tenancy.scope(foreign_organisation):
        told = Message.objects.filter(recipient=barnet_lead).values_list("subject", flat=True)
        asked = JointRequest.objects.values_list("name", "organisation__code", "partner__code")
        assert list(asked) == ([("Night team", TRAFFORD, BARNET)] if is_asked else [])
        assert list(told) == (["Please confirm a joint service"] if is_asked else [])


def test_statements_do_not_grow_with_the_lines(authority):
    def statements(rows):
        lines = [
            Line("x.csv", number, "2008/09", TRAFFORD, "", "CTQB2", row, "on", "yes")
            for number, row in enumerate(rows)
        ]
        with CaptureQueriesContext(connection) as queries:
            load_answers(lines)
        return len(queries)

    load_answers([Line("x.csv", 2, "2008/09", TRAFFORD, "", "CTQB4", "", "", "4")])

    assert statements(["b01"]) == statements(["b02", "b04", "b05", "b06", "b07", "b08", "b09"])
