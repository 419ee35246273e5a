"""Saving answers: different cells merge, a clash keeps theirs, nothing that was confirmed as saved is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from accounts import tenancy
from mapping.returns import actions as returns
from mapping.returns.models import Part
from mapping.returns.workflow import WrongStatus
from questionnaires import actions
from questionnaires.actions import Given
from questionnaires.models import Explanation, Revision


def values(response):
    return {cell: kept.get("v") for cell, kept in response.cells.items()}


def test_opening_carries_last_years_answers_over_and_keeps_figures_to_be_asked(response):
    assert response.cells["SVC-B01"] == {"v": "targeted", "o": "carried"}
    assert "SVC-F01" not in response.cells
    assert response.version == 1
    assert response.missing_count > 0


def test_saving_different_cells_from_the_same_version_keeps_both(response, lead, colleague, saved, fresh):
    saved(response, {"SVC-F01": 148}, by=lead, seen=1)
    second = saved(response, {"SVC-F02": 132}, by=colleague, seen=1)

    assert second.clashes == {}
    assert {"SVC-F01": 148, "SVC-F02": 132}.items() <= values(fresh(response)).items()


def test_saving_the_same_cell_keeps_theirs_and_the_other_cells_of_mine(
    response, lead, colleague, saved, fresh
):
    saved(response, {"SVC-F04": 29}, by=colleague, seen=1)
    mine = saved(response, {"SVC-F04": 31, "SVC-F05": 17}, by=lead, seen=1)

    clash = mine.clashes["SVC-F04"]
    assert (clash.theirs["v"], clash.mine["v"], clash.by) == (29, 31, colleague)
    assert values(fresh(response))["SVC-F04"] == 29
    assert values(fresh(response))["SVC-F05"] == 17


def test_save_cells_refuses_the_whole_save_over_a_clash(
    organisation, response, lead, colleague, saved, fresh
):
    saved(response, {"SVC-F04": 29}, by=colleague, seen=1)

    with pytest.raises(actions.StaleAnswers) as stale, tenancy.scope(organisation):
        actions.save_cells(response, {"SVC-F04": {"v": 31}, "SVC-F05": {"v": 17}}, seen_version=1, by=lead)

    assert list(stale.value.clashes) == ["SVC-F04"]
    assert "SVC-F05" not in fresh(response).cells


def test_a_whole_page_does_not_undo_what_others_saved_in_fields_it_did_not_touch(
    organisation, response, lead, colleague, saved, fresh
):
    saved(response, {"SVC-F04": 29}, by=lead)
    saved(response, {"SVC-F04": 30}, by=colleague)
    page = {"SVC-F04": {"v": 29}, "SVC-F05": {"v": 17}}  # as it was shown at version 2, F05 typed

    with tenancy.scope(organisation):
        result = actions.merge_cells(response, page, seen_version=2, whole_page=True, by=lead)

    assert result.clashes == {}
    assert values(fresh(response))["SVC-F04"] == 30
    assert values(fresh(response))["SVC-F05"] == 17


def test_sending_the_same_save_again_changes_nothing(organisation, response, lead, saved, fresh):
    saved(response, {"SVC-D01|r1|name": "Town hall"}, by=lead, seen=1)
    again = saved(response, {"SVC-D01|r1|name": "Town hall"}, by=lead, seen=1)

    assert again.clashes == {}
    assert fresh(response).version == 2
    assert "SVC-D01|r2|name" not in fresh(response).cells


def test_rows_that_two_people_add_at_once_are_both_kept(response, lead, colleague, saved, fresh):
    saved(response, {"SVC-D01|r1|name": "Town hall", "SVC-D01|r1|postcode": "M32 0TH"}, by=colleague, seen=1)
    mine = saved(response, {"SVC-D01|r1|name": "Library"}, by=lead, seen=1)

    assert mine.clashes == {}
    assert values(fresh(response))["SVC-D01|r1|name"] == "Town hall"
    assert values(fresh(response))["SVC-D01|r2|name"] == "Library"


def test_saving_writes_a_revision_with_old_and_new(response, lead, saved, organisation):
    saved(response, {"SVC-F01": 148}, by=lead)
    saved(response, {"SVC-F01": None}, by=lead)

    with tenancy.scope(organisation):
        latest = Revision.objects.filter(response=response).first()
    assert latest.changed == {"SVC-F01": [{"v": 148, "o": "typed"}, None]}
    assert latest.by == lead


def test_confirming_makes_carried_answers_count(organisation, response, lead, fresh):
    before = response.missing_count
    with tenancy.scope(organisation):
        actions.confirm_cells(response, ["SVC-B01", "SVC-F01"], by=lead)

    assert fresh(response).cells["SVC-B01"] == {"v": "targeted", "o": "confirmed"}
    assert fresh(response).missing_count == before - 1


def test_a_reason_holds_while_the_figure_does(organisation, response, lead, saved, fresh):
    first = saved(response, {"SVC-F01": 300}, by=lead)
    (problem,) = [p for p in first.evaluation.problems if p.rule == "F-S1"]
    saved(response, {}, by=lead, reasons={problem.key: Given("A second team joined.")})
    explained = fresh(response).soft_open_count
    saved(response, {"SVC-F01": 310}, by=lead)

    assert fresh(response).soft_open_count == explained + 1
    with tenancy.scope(organisation):
        assert Explanation.objects.get(response=response).text == "A second team joined."


def test_an_empty_reason_takes_it_back(organisation, response, lead, saved):
    (problem,) = [
        p for p in saved(response, {"SVC-F01": 300}, by=lead).evaluation.problems if p.rule == "F-S1"
    ]
    saved(response, {}, by=lead, reasons={problem.key: Given("A second team joined.")})
    saved(response, {}, by=lead, reasons={problem.key: Given()})

    with tenancy.scope(organisation):
        assert not Explanation.objects.filter(response=response).exists()


@pytest.mark.parametrize("moment", [date(2009, 10, 31), date(2010, 3, 1)])
def test_answers_are_refused_outside_data_entry(response, lead, saved, at, moment, fresh):
    at(moment)

    with pytest.raises(WrongStatus):
        saved(response, {"SVC-F01": 148}, by=lead)

    assert "SVC-F01" not in fresh(response).cells


def test_answers_are_refused_once_the_part_is_submitted(organisation, response, lead, saved, fresh):
    with tenancy.scope(organisation):
        Part.objects.filter(pk=response.part_id).update(decision="submitted")

    with pytest.raises(WrongStatus, match="submitted"):
        saved(response, {"SVC-F01": 148}, by=lead)

    assert "SVC-F01" not in fresh(response).cells


def test_changing_the_entry_brings_its_response_in_line_and_keeps_its_answers(
    organisation, entry, response, lead, saved, fresh
):
    saved(response, {"SVC-F01": 148}, by=lead)
    before = fresh(response)
    with tenancy.scope(organisation):
        returns.close_entry(entry, on=date(2009, 9, 1), by=lead)

    after = fresh(response)
    assert after.cells == before.cells
    assert (before.missing_count > 0, after.missing_count) == (True, len(after.cells) - 1)


def test_giving_two_services_one_name_marks_both_responses(
    organisation, annual_return, response, lead, fresh
):
    with tenancy.scope(organisation):
        other = annual_return.service_entries.get(name="Youth offending team")
        part, pin = response.part, response.pin
        second = actions.open_response(part, pin, by=lead, service_entry=other)
        other.annual_return = annual_return
        returns.edit_entry(other, {"name": "Primary mental health team"}, by=lead)
    assert (fresh(response).sections["A"]["hard"], fresh(second).sections["A"]["hard"]) == (1, 1)

    with tenancy.scope(organisation):
        returns.edit_entry(other, {"name": "Youth offending team"}, by=lead)

    assert (fresh(response).sections["A"]["hard"], fresh(second).sections["A"]["hard"]) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_many_savers_at_once_lose_nothing(organisation, response, lead, colleague, fresh):
    """Eight threads in transactions of their own save a cell of their own and one that all share."""
    people = [lead, colleague]
    bands = ["a0", "a1_4", "a5_9", "a10_14", "a15", "a16_17", "a18_24", "aNK"]
    together = Barrier(len(bands))

    def save(number):
        own, shared = f"SVC-F09|{bands[number]}|n", "SVC-F01"
        together.wait()
        try:
            with tenancy.scope(organisation):
                return actions.merge_cells(
                    response,
                    {own: {"v": number + 1}, shared: {"v": 100 + number % 2}},
                    seen_version=1,
                    by=people[number % 2],
                )
        finally:
            connection.close()

    with ThreadPoolExecutor(len(bands)) as pool:
        results = list(pool.map(save, range(len(bands))))

    kept = values(fresh(response))
    assert {f"SVC-F09|{band}|n": number + 1 for number, band in enumerate(bands)}.items() <= kept.items()
    winner = kept["SVC-F01"] - 100
    assert all("SVC-F01" in result.clashes for number, result in enumerate(results) if number % 2 != winner)
    assert not any(result.clashes for number, result in enumerate(results) if number % 2 == winner)
    with tenancy.scope(organisation):
        numbers = list(Revision.objects.filter(response=response).values_list("number", flat=True))
    assert sorted(numbers) == list(range(1, fresh(response).version + 1))
