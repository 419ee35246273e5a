"""The last line of defence: a dump of the database, restored into an empty one, says the same and keeps its walls."""

import shutil
import subprocess
from glob import glob

import psycopg
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections

from accounts import tenancy
from mapping.core.migration_operations import POLICY
from tests.conftest import as_owner
from tests.factories import AnnualReturnFactory, OrganisationFactory

RESTORED = "restored"


def program(name):
    """A program of the server's own version, which Debian keeps off the PATH."""
    return next(iter(sorted(glob(f"/usr/lib/postgresql/*/bin/{name}"), reverse=True)), shutil.which(name))


@pytest.fixture
def empty_database():
    with as_owner("postgres") as server:
        server.execute(f"CREATE DATABASE {RESTORED}")
    yield RESTORED
    with as_owner("postgres") as server:
        server.execute(f"DROP DATABASE {RESTORED} WITH (FORCE)")


def counts(database):
    """How many rows each of our tables has, as the owner sees them."""
    with as_owner(database) as rows:
        tables = sorted(model._meta.db_table for model in apps.get_models(include_auto_created=True))
        return {table: rows.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}  # noqa: S608


@pytest.mark.django_db(transaction=True)
def test_a_restored_dump_says_the_same_and_keeps_its_walls(empty_database, tmp_path):
    call_command("load_reference", verbosity=0)
    annual_return = AnnualReturnFactory(organisation=OrganisationFactory(name="Kept", code="X1"))
    owner, dump = connections["owner"].settings_dict, tmp_path / "mapping.dump"
    address = ["--host", owner["HOST"], "--username", owner["USER"]]

    subprocess.run(
        [program("pg_dump"), *address, "-Fc", "-f", dump, connection.settings_dict["NAME"]], check=True
    )
    subprocess.run(
        [program("pg_restore"), *address, "--exit-on-error", "-d", empty_database, dump], check=True
    )

    kept = counts(connection.settings_dict["NAME"])
    assert kept["accounts_organisation"] > 500
    assert counts(empty_database) == kept
    with as_owner(empty_database) as restored:
        policies = restored.execute("SELECT count(*) FROM pg_policy WHERE polname = %s", [POLICY]).fetchone()[
            0
        ]
        protected = restored.execute("SELECT count(*) FROM pg_class WHERE relrowsecurity").fetchone()[0]
    assert policies == protected > 10
    serving = {**connection.get_connection_params(), "dbname": empty_database}
    with psycopg.connect(host=serving["host"], user=serving["user"], dbname=empty_database) as app:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="no scope"):
            app.execute("SELECT * FROM returns_annualreturn")
        app.rollback()
        app.execute(
            "SELECT set_config('mapping.organisations', %s, true)", [str(annual_return.organisation_id)]
        )
        assert app.execute("SELECT count(*) FROM returns_annualreturn").fetchone() == (1,)
    assert tenancy.current().organisations is None
