"""The three roles of the database, as development, tests and production all have them."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


def test_site_is_served_as_app():
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user, current_user")
        assert cursor.fetchone() == ("app", "app")


def test_roles_have_exactly_the_powers_they_need():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolcanlogin, rolinherit, rolcreatedb, rolsuper, rolbypassrls, rolcreaterole"
            " FROM pg_roles WHERE rolname IN ('mapping_owner', 'app', 'app_reader') ORDER BY rolname"
        )
        assert cursor.fetchall() == [
            ("app", True, False, False, False, False, False),
            ("app_reader", False, True, False, False, False, False),
            ("mapping_owner", True, True, True, False, False, False),
        ]


def test_app_may_become_reader_and_nothing_else():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE rolname <> 'app' AND pg_has_role('app', oid, 'MEMBER')"
        )
        assert cursor.fetchall() == [("app_reader",)]


def test_names_sort_as_people_expect():
    with connection.cursor() as cursor:
        cursor.execute("SELECT n FROM (VALUES ('York'), ('bath'), ('Ávila'), ('Bath')) AS t (n) ORDER BY n")
        assert [name for (name,) in cursor.fetchall()] == ["Ávila", "bath", "Bath", "York"]
