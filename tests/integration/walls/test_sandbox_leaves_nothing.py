"""What is typed in the sandbox is in no table, list, export, count, mail or file of the site."""

import os
from pathlib import Path

import pytest
import redis
from django.core import mail
from django.db import connections
from django.test import Client

from questionnaires.queries import sandbox as queries
from tests.factories import CollectionFactory
from tests.integration.walls.test_doors import ROLES, address, ask, objects_of, our_views
from tests.people import sign_in

pytestmark = pytest.mark.django_db

MARK = "Wobblethwaite"


def tables():
    """Every row of every table, as text."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SET LOCAL ROLE app_reader")
        names = connections["default"].introspection.table_names(cursor)
        found = {}
        for name in names:
            cursor.execute(f'SELECT t::text FROM "{name}" t ORDER BY 1')  # noqa: S608 - names of the catalogue
            found[name] = [row for (row,) in cursor.fetchall()]
        cursor.execute("SET LOCAL ROLE none")
    return found


def sections_to_walk(collection):
    """Sheets that together show every section of every questionnaire: (guise, name)."""
    seen, chosen = set(), []
    for guise in queries.GUISES.values():
        for name in queries.sheet_names(collection, guise):
            here = queries.tried(collection, guise, name, None)
            new = {(name.partition("-")[0], section.key) for section in here.visible} - seen
            if new:
                seen |= new
                chosen.append((guise.key, name))
    return chosen


def walk(client, guise, name):
    """Look at every page of a questionnaire, fill it in, and write the mark wherever it is taken."""
    sheet = address("questionnaires:sandbox_sheet", {"guise": guise, "sheet": name})
    here = client.get(sheet).context["here"]
    client.post(f"{sheet}change/", {"do": "fill"})
    for section in here.visible:
        url = here.section_url(section.key)
        client.get(url)
        data = {
            cell.id: MARK
            for question in section.questions
            for cell in here.evaluation.asked.get(question.key, ())
        }
        client.post(url, {**data, "go": "here"})
        problems = client.get(sheet).context["here"].evaluation.problems
        client.post(
            url, {f"reason:{p.rule}:{p.cells[0]}": MARK for p in problems if p.cells} | {"go": "here"}
        )


def holders_of_the_mark():
    """Where in memory the mark is: the beginnings of keys."""
    memory = redis.Redis.from_url(os.environ["REDIS_URL"])
    held = set()
    for key in memory.scan_iter():
        if memory.type(key) == b"string" and MARK.encode() in memory.get(key):
            held.add(key.decode().split(":")[-1].rpartition("questionnaires.desk.")[1])
        elif memory.type(key) == b"list" and any(MARK.encode() in item for item in memory.lrange(key, 0, -1)):
            held.add(key.decode())
    return held


def test_nothing_that_is_typed_in_the_sandbox_is_anywhere_else(client, people, own, foreign, settings):
    coming = CollectionFactory(year=2009)
    visitor = Client()
    before = tables()

    walked = sections_to_walk(coming)
    for guise, name in walked:
        walk(visitor, guise, name)

    assert len(walked) >= len(set(coming.pins.values_list("key", flat=True)))
    assert holders_of_the_mark() == {"questionnaires.desk."}  # it was taken, and lies on the desk
    assert tables() == before
    assert mail.outbox == []
    assert [path for path in Path(settings.FILES_DIR).rglob("*") if _holds_mark(path)] == []
    assert pages_with_the_mark(client, people, own) == []


def _holds_mark(path):
    return path.is_file() and MARK.encode() in path.read_bytes()


def pages_with_the_mark(client, people, own):
    """Every list, table, export and count of the site that tells of the mark, whoever opens it."""
    told = []
    for role in ROLES:
        sign_in(client, people[role])
        for name, _, arguments in our_views():
            if MARK in ask(client, address(name, objects_of(own, name, arguments))).text_sent:
                told.append((role, name))
        client.logout()
    return told
