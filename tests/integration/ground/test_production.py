"""docker-compose.yml without containers: its commands and health checks, run with this machine's programs.

Each service gets the environment of the file with invented secrets; only the names of hosts, and the ports,
are replaced by ours.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import yaml

import dev

ROOT = Path(dev.ROOT)
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
SECRETS = {
    "SECRET_KEY": "k" * 60 + "0123456789",
    "SITE_URL": "https://mapping.example",
    "ALLOWED_HOSTS": "mapping.example",
    "EMAIL_URL": "smtp+tls://user:password@mail.example:587",
    "EMAIL_FROM": "help@mapping.example",
    "APP_PASSWORD": "apps-password",
    "OWNER_PASSWORD": "owners-password",
    "POSTGRES_PASSWORD": "superusers-password",
}


def filled_in(text):
    """The text with ``${NAME:?...}`` replaced, as docker compose does it."""
    return re.sub(r"\$\{(\w+):\?[^}]*\}", lambda found: SECRETS[found[1]], text).replace("$$", "$")


def free_port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


class Machine:
    """Where the services of the compose file run in this test."""

    def __init__(self, directory):
        self.directory = directory
        self.database, self.redis, self.web = free_port(), free_port(), free_port()
        self.processes = []

    def environment(self, service):
        given = {name: filled_in(value) for name, value in SERVICES[service].get("environment", {}).items()}
        given = {
            name: value.replace("@database:5432", f"@127.0.0.1:{self.database}").replace(
                "redis:6379", f"127.0.0.1:{self.redis}"
            )
            for name, value in given.items()
        }
        base = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOSTNAME": socket.gethostname(),
        }
        files = {name: str(self.directory / name) for name in ("FILES_DIR", "STATIC_DIR")}
        ours = files | {"PGPORT": str(self.database)}
        return base | given | ours | ({"PORT": str(self.web)} if service == "web" else {})

    def words(self, words):
        """The words of a command, with our port of Redis and our own place for the schedule."""
        replaced = [filled_in(word).replace("/tmp", str(self.directory)) for word in words]  # noqa: S108
        return [word.replace("redis-cli", f"redis-cli -p {self.redis}") for word in replaced]

    def start(self, service, *more):
        command = self.words(SERVICES[service]["command"]) + list(more)
        process = dev.start(command, env=self.environment(service), cwd=ROOT)
        self.processes.append(process)
        return process

    def is_healthy(self, service):
        kind, *words = SERVICES[service]["healthcheck"]["test"]
        words = self.words(words)
        command = ["sh", "-c", words[0]] if kind == "CMD-SHELL" else words
        done = subprocess.run(command, env=self.environment(service), cwd=ROOT, capture_output=True)
        return done.returncode == 0

    def becomes_healthy(self, service):
        deadline = time.monotonic() + 60
        while not self.is_healthy(service):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.2)
        return True

    def as_role(self, role, password):
        return psycopg.connect(
            host="127.0.0.1",
            port=self.database,
            user=role,
            password=password,
            dbname="mapping",
            autocommit=True,
        )


@pytest.fixture(scope="module")
def machine():
    """A machine whose database was made by the compose file's scripts, with passwords; its Redis runs."""
    directory = dev.private_directory(Path(dev.tempfile.mkdtemp(prefix="mapping-")), dev.postgres_user())
    machine = Machine(directory)
    for name in ("FILES_DIR", "STATIC_DIR"):
        (directory / name).mkdir()
    try:
        make_database(machine)
        machine.start("redis", "--port", str(machine.redis), "--dir", str(directory))
        assert machine.becomes_healthy("redis")
        yield machine
    finally:
        dev.stop(machine.processes[::-1])
        shutil.rmtree(directory)


def make_database(machine):
    """What the image of PostgreSQL does at its first start: initdb, then the scripts by the superuser."""
    cluster = machine.directory / "cluster"
    arguments = SERVICES["database"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    secured = ["--auth-local=trust", "--auth-host=scram-sha-256", "--username=postgres"]
    dev.run_postgres_program("initdb", "--pgdata", cluster, "--no-sync", *secured, *arguments)
    command = [dev.postgres_program("postgres"), "-D", cluster, "-p", machine.database]
    command += ["-c", f"unix_socket_directories={machine.directory}", "-c", "fsync=off"]
    with (machine.directory / "log").open("wb") as log:
        machine.processes.append(
            dev.start(command, end_by=dev.signal.SIGINT, stderr=log, **dev.as_postgres())
        )
    deadline = time.monotonic() + 30
    ready = ["pg_isready", "--quiet", f"--host={machine.directory}", f"--port={machine.database}"]
    while subprocess.run(ready).returncode:
        assert time.monotonic() < deadline
    for script in initial_scripts():
        words = [
            "--dbname=postgres",
            f"--port={machine.database}",
            "--set=ON_ERROR_STOP=1",
            f"--file={script}",
        ]
        subprocess.run(dev.psql(machine.directory, *words), env=machine.environment("database"), check=True)


def initial_scripts():
    """The files that are mounted where the image of PostgreSQL looks for scripts, in their order."""
    mounts = [mount.split(":") for mount in SERVICES["database"]["volumes"]]
    scripts = {target: ROOT / source for source, target, *_ in mounts if "initdb.d" in target}
    return [scripts[target] for target in sorted(scripts)]


@pytest.fixture(scope="module")
def migrated(machine):
    done = machine.start("migrate")
    assert done.wait(120) == 0
    return machine


def test_compose_file_holds_no_secret():
    text = (ROOT / "docker-compose.yml").read_text()
    settings = re.findall(r"(?:PASSWORD|SECRET_KEY|EMAIL_URL): (.*)", text)
    addresses = re.findall(r"postgres://\w+:([^@]*)@", text)

    assert len(settings) == 5
    assert len(addresses) == 2
    assert all(re.fullmatch(r"\$\{\w+:\?[^}]+\}", value) for value in settings + addresses)


def test_only_migrate_and_database_know_the_owners_password():
    assert {name for name, it in SERVICES.items() if "OWNER_PASSWORD" in str(it)} == {"migrate", "database"}


def test_every_lasting_service_has_a_health_check_and_starts_again():
    lasting = set(SERVICES) - {"migrate"}

    assert lasting == {"web", "worker", "beat", "database", "redis"}
    assert {name for name in lasting if "healthcheck" in SERVICES[name]} == lasting
    assert {name for name, it in SERVICES.items() if it["restart"] == "unless-stopped"} == lasting


def test_only_the_web_is_reached_from_outside_and_by_this_machine_alone():
    assert {name: it["ports"] for name, it in SERVICES.items() if "ports" in it} == {
        "web": ["127.0.0.1:8000:8000"]
    }


def test_every_volume_in_use_is_declared():
    mounts = {mount.split(":")[0] for it in SERVICES.values() for mount in it.get("volumes", [])}

    assert {mount for mount in mounts if not mount.startswith(".")} == set(COMPOSE["volumes"])
    assert all((ROOT / mount).is_file() for mount in mounts if mount.startswith("."))


def test_image_runs_as_an_ordinary_user_with_the_libraries_of_pdf():
    dockerfile = (ROOT / "Dockerfile").read_text()
    wanted = set(re.findall(r"need (libpango\S*|libharfbuzz\S*)", (ROOT / "dev").read_text()))

    assert re.findall(r"^USER (.*)$", dockerfile, re.M) == ["mapping"]
    assert len(wanted) == 3
    assert set(re.findall(r"lib(?:pango|harfbuzz)\S*", dockerfile)) == wanted


def test_database_has_its_three_roles(machine):
    with machine.as_role("app", SECRETS["APP_PASSWORD"]) as connection:
        roles = connection.execute(
            "SELECT rolname, rolcanlogin, rolinherit, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles"
            " WHERE rolname IN ('mapping_owner', 'app', 'app_reader') ORDER BY rolname"
        ).fetchall()
        owner = connection.execute(
            "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'mapping'"
        ).fetchone()

    assert roles == [
        ("app", True, False, False, False, False),
        ("app_reader", False, True, False, False, False),
        ("mapping_owner", True, True, False, False, False),
    ]
    assert owner == ("mapping_owner",)


@pytest.mark.parametrize("role", ["app", "mapping_owner", "postgres"])
def test_nobody_signs_in_to_the_database_without_the_password(machine, role):
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        machine.as_role(role, "guessed")


def test_migration_makes_tables_that_app_uses_and_does_not_own(migrated):
    with migrated.as_role("app", SECRETS["APP_PASSWORD"]) as connection:
        owners = connection.execute(
            "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE public.of_app (id int)")

    assert owners == [("mapping_owner",)]


def test_migration_refuses_a_role_that_is_not_bound(migrated):
    with migrated.as_role("mapping_owner", SECRETS["OWNER_PASSWORD"]) as connection:
        address = connection.info.host
    env = migrated.environment("migrate")
    env["DATABASE_URL"] = env["DATABASE_OWNER_URL"]
    done = subprocess.run(
        migrated.words(SERVICES["migrate"]["command"]), env=env, cwd=ROOT, capture_output=True, text=True
    )

    assert address == "127.0.0.1"
    assert done.returncode == 1
    assert "mapping.E003" in done.stderr


def test_app_empties_no_table_and_rewrites_no_history(migrated):
    """Triggers guard single rows of history; these are the ways around them."""
    forbidden = [
        "TRUNCATE accounts_auditentry",
        "ALTER TABLE accounts_auditentry DISABLE TRIGGER append_only",
        "ALTER TABLE questionnaires_response DISABLE ROW LEVEL SECURITY",
        "SET session_replication_role = replica",
        "DELETE FROM django_migrations",
        "SET ROLE mapping_owner",
    ]
    with migrated.as_role("app", SECRETS["APP_PASSWORD"]) as connection:
        for statement in forbidden:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_reader_writes_nothing(migrated):
    with migrated.as_role("app", SECRETS["APP_PASSWORD"]) as connection:
        connection.execute("SET ROLE app_reader")
        writable = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND has_table_privilege(oid, 'INSERT, UPDATE, DELETE, TRUNCATE')"
        ).fetchall()

    assert writable == []


@pytest.mark.parametrize("service", ["web", "worker", "beat"])
def test_service_starts_and_its_health_check_notices_its_end(migrated, service):
    assert not migrated.is_healthy(service)
    process = migrated.start(service)

    assert migrated.becomes_healthy(service)
    assert process.poll() is None

    dev.stop([process])
    for schedule in migrated.directory.glob("beat-schedule*"):
        os.utime(schedule, (0, 0))  # as beat would leave it after a while
    assert not migrated.is_healthy(service)


def test_health_check_of_the_database_answers(machine):
    assert machine.is_healthy("database")


ADDRESS_OF_A_VISITOR = """
import django
django.setup()
from allauth.core.internal.httpkit import get_client_ip
from django.test import RequestFactory
made_up_and_real = "198.51.100.7, 203.0.113.9"
print(get_client_ip(RequestFactory().get("/", REMOTE_ADDR="172.18.0.1", HTTP_X_FORWARDED_FOR=made_up_and_real)))
"""


def test_attempts_are_counted_by_the_address_that_the_proxy_saw(machine):
    """Counted by the proxy's own address, ten wrong passwords of one visitor would shut out the country."""
    env = machine.environment("web") | {"DJANGO_SETTINGS_MODULE": "mapping.settings"}
    command = [sys.executable, "-c", ADDRESS_OF_A_VISITOR]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True)

    assert done.stdout == "203.0.113.9\n"
