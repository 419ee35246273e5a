"""The third wall, asked of the database itself: is any table of organisations' rows without its policy?"""

import pytest
from django.apps import apps
from django.db import connection

from accounts import tenancy
from mapping.core.migration_operations import POLICY

pytestmark = pytest.mark.django_db

COLUMNS = """
    SELECT table_name FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name = 'organisation_id'
"""
POLICIES = """
    SELECT c.relname, c.relrowsecurity, array_agg(p.polname::text)
    FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace GROUP BY 1, 2
"""


def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def tables_of_organisations():
    return {table for (table,) in rows(COLUMNS)}


def test_every_table_of_organisations_rows_has_its_policies():
    policies = {table: set(names) for table, secured, names in rows(POLICIES) if secured}

    unprotected = {
        table
        for table in tables_of_organisations() - tenancy.OUTSIDE_THE_WALL.keys()
        if not {POLICY, "staff_reading"} <= policies.get(table, set())
    }

    assert unprotected == set()


def test_what_stands_outside_the_wall_exists_and_says_why():
    known = {model._meta.db_table for model in apps.get_models()}

    assert set(tenancy.OUTSIDE_THE_WALL) <= known
    assert all(tenancy.OUTSIDE_THE_WALL.values())


def test_every_row_that_hangs_on_a_protected_row_names_its_organisation_too():
    """A table that refers to a protected table but has no organisation column would be a hole in the wall."""
    protected = tables_of_organisations() - tenancy.OUTSIDE_THE_WALL.keys()
    hanging = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model._meta.db_table in protected
    }

    assert hanging - tables_of_organisations() == set()


def test_the_serving_role_is_bound_by_policies():
    ((name, is_super, bypasses, inherits),) = rows(
        "SELECT rolname, rolsuper, rolbypassrls, rolinherit FROM pg_roles WHERE rolname = current_user"
    )

    assert (name, is_super, bypasses, inherits) == ("app", False, False, False)


def test_history_cannot_be_changed():
    triggers = {
        table
        for (table,) in rows("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'append_only'")
    }

    assert triggers >= {
        "accounts_auditentry",
        "returns_returnevent",
        "questionnaires_revision",
        "questionnaires_definitionversion",
        "reports_fact",
    }
