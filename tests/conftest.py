"""What every test stands on: a real database served as ``app``, a real broker, one frozen day, no network.

``./dev test`` starts the servers and gives their addresses. Each process of pytest-xdist gets its own copy of
the migrated database and its own number of Redis.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from datetime import date, datetime
from zoneinfo import ZoneInfo

import hypothesis
import psycopg
import pytest
import redis
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

# Playwright's loop runs in the thread of the tests, and fixtures of the database do too.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytest_plugins = ["tests.people"]  # the cast

LONDON = ZoneInfo("Europe/London")
FIRST_DAY = date(2010, 1, 14)  # in the data entry of 2009/10; the demonstration stands on the same day
TEMPLATE = "tests_template"
CHROMIUM = (
    shutil.which("chromium-headless-shell") or shutil.which("chromium") or shutil.which("google-chrome")
)

hypothesis.settings.register_profile("quick", max_examples=25, deadline=None, derandomize=True)
hypothesis.settings.register_profile("thorough", max_examples=1000, deadline=None)
hypothesis.settings.load_profile("thorough" if os.environ.get("THOROUGH") else "quick")


def pytest_configure():
    """Set what all tests share, before anything has read the settings."""
    server = os.environ["REDIS_URL"].split("?")[0]
    number = 1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw-1").removeprefix("gw"))
    os.environ["REDIS_URL"] = f"{server}?db={number}"  # for processes that a test starts
    settings.CACHES["default"]["LOCATION"] = os.environ["REDIS_URL"]
    settings.CELERY_BROKER_URL = f"{server.replace('unix://', 'redis+socket://')}?virtual_host={number}"
    # Argon2 takes 0.3 s a password, on purpose.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


def pytest_collection_modifyitems(items):
    """Tests marked ``thorough`` take minutes and run with ``./dev test --thorough``."""
    if not os.environ.get("THOROUGH"):
        for item in items:
            if item.get_closest_marker("thorough"):
                item.add_marker(pytest.mark.skip(reason="./dev test --thorough runs it"))


# -- The database --------------------------------------------------------------------------------------------


def as_owner(database):
    """A connection of the role that owns the databases, in autocommit."""
    owner = connections["owner"].settings_dict
    return psycopg.connect(host=owner["HOST"], user=owner["USER"], dbname=database, autocommit=True)


def point_at(database):
    """Make both aliases, and the processes that a test starts, use ``database``."""
    for alias, variable in (("default", "DATABASE_URL"), ("owner", "DATABASE_OWNER_URL")):
        connections[alias].close()
        before = connections[alias].settings_dict["NAME"]
        connections[alias].settings_dict["NAME"] = database
        os.environ[variable] = os.environ[variable].removesuffix(before) + database


def make_template(connection):
    """Make the migrated database that all others are copied from; the owner migrates, as in production."""
    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(f"{TEMPLATE}_unready")))
    point_at(f"{TEMPLATE}_unready")
    call_command("migrate", database="owner", verbosity=0)
    with connections["owner"].cursor() as cursor:
        # Only here: tests with real transactions empty the tables after themselves, as the role that serves.
        cursor.execute("GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO app")
    connections["owner"].close()
    connection.execute(f"ALTER DATABASE {TEMPLATE}_unready RENAME TO {TEMPLATE}")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker, worker_id):
    """Give this process its own copy of the migrated database."""
    copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with django_db_blocker.unblock(), as_owner("postgres") as connection:
        connection.execute("SELECT pg_advisory_lock(1)")  # one process at a time; closing releases it
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone():
            make_template(connection)
        connection.execute(copy.format(sql.Identifier(f"tests_{worker_id}"), sql.Identifier(TEMPLATE)))
        point_at(f"tests_{worker_id}")
    yield
    with django_db_blocker.unblock():
        for connection in connections.all():
            connection.close()
        connections["default"].close_pool()


# -- Surroundings --------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _empty_broker_and_cache():
    """No test finds what another has queued, cached or counted."""
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as broker:
        broker.flushdb()


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    settings.STORAGES["default"]["OPTIONS"]["location"] = settings.FILES_DIR
    settings.MAIL_DIR = tmp_path / "mail"


@pytest.fixture(autouse=True)
def at():
    """Time stands still on the morning of 14 January 2010; ``at(date(2010, 3, 1))`` moves it for the test."""
    travels = []

    def travel_to(moment):
        if not isinstance(moment, datetime):
            moment = datetime(moment.year, moment.month, moment.day, 10, tzinfo=LONDON)
        travels.append(time_machine.travel(moment, tick=False))
        travels[-1].start()

    travel_to(FIRST_DAY)
    yield travel_to
    for travel in reversed(travels):
        travel.stop()


@pytest.fixture(autouse=True, scope="session")
def _no_outside_network():
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def connect_inside(self, address):
        if self.family != socket.AF_UNIX and address[0] not in ("localhost", "127.0.0.1", "::1"):
            raise PermissionError(f"a test tried to reach {address[0]}")
        return connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_inside)
        yield


# -- The worker ----------------------------------------------------------------------------------------------


@pytest.fixture
def start_worker(transactional_db):
    """``start_worker()`` starts a real Celery worker on the test's database and gives its process.

    Its day is the frozen one. ``process.kill()`` kills it; what is left ends with the test.
    """
    workers = []

    def start(*arguments):
        today = datetime.now(LONDON).date()
        env = os.environ | {"DEMONSTRATION": "1", "DEMONSTRATION_TODAY": today.isoformat()}
        env |= {"FILES_DIR": str(settings.FILES_DIR), "MAIL_DIR": str(settings.MAIL_DIR)}
        env.pop("DATABASE_OWNER_URL")
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=WARNING"]
        command = [sys.executable, "-m", "celery", "-A", "mapping", "worker", "--concurrency=1"]
        command += [*quiet, *arguments]
        workers.append(subprocess.Popen(command, env=env, start_new_session=True))
        wait_for_worker(workers[-1])
        return workers[-1]

    yield start
    for worker in workers:
        try:
            os.killpg(worker.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue  # it has ended with all its children
        worker.wait()


def wait_for_worker(process):
    from mapping.celery import app

    deadline = time.monotonic() + 60
    while not app.control.ping(timeout=0.5):
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail("the Celery worker did not start; its words are above")


@pytest.fixture
def worker(start_worker):
    """A running Celery worker; see ``start_worker``."""
    return start_worker()


# -- The browser ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Chromium as Debian brings it; it finds no host but this one."""
    if not CHROMIUM:
        pytest.fail("no Chromium: apt-get install chromium-headless-shell libatomic1")
    shut = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost"
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "headless": True, "args": [shut]}
