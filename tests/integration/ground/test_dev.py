"""The script ``dev``: its private servers, when several commands use them, and when one is killed."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

import dev


@pytest.fixture
def data():
    """An empty data directory, in a place that the user of PostgreSQL can reach."""
    directory = Path(tempfile.mkdtemp(prefix="mapping-data-", dir="/tmp"))  # noqa: S108
    yield directory
    shutil.rmtree(directory)


def env_of(data):
    return dev.without_settings(os.environ) | {"DEV_DATA": str(data)}


def manage(data, *words, **options):
    command = [sys.executable, dev.ROOT / "dev.py", "manage", *words]
    return subprocess.run(command, env=env_of(data), text=True, capture_output=True, timeout=120, **options)


HOLD = """
import sys, dev
from pathlib import Path
with dev.servers(Path(sys.argv[1])) as sockets:
    print(sockets, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def hold(data):
    """``hold()`` starts a process that uses the servers of ``data`` until its input is closed."""
    holders = []

    def start():
        command = [sys.executable, "-c", HOLD, str(data)]
        env = env_of(data) | {"PYTHONPATH": str(dev.ROOT)}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        holder = subprocess.Popen(command, env=env, text=True, **pipes)
        holders.append(holder)
        return holder, Path(holder.stdout.readline().strip())

    yield start
    for holder in holders:
        holder.kill()
        holder.communicate()
    with dev.lock(data / "keeper.lock", dev.fcntl.LOCK_EX):
        pass  # the keeper has stopped its servers


def answers(sockets):
    words = dev.psql(sockets, "--dbname=mapping", "--command=SELECT 1")
    return subprocess.run(words, capture_output=True).returncode == 0


def test_manage_passes_input_output_and_exit_code(data):
    code = "import sys; print(sys.stdin.read().upper()); sys.exit(7)"
    done = manage(data, "shell", "--no-imports", "--command", code, input="through")

    assert (done.returncode, done.stdout) == (7, "THROUGH\n")


def test_manage_serves_as_app_on_a_migrated_database_and_stops_it(data):
    code = (
        "from django.db import connections as c\n"
        "cursor = c['default'].cursor()\n"
        "cursor.execute('SELECT current_user, count(*) > 10 FROM django_migrations')\n"
        "print(cursor.fetchone(), list(c))"
    )
    done = manage(data, "shell", "--no-imports", "--command", code)

    assert done.stdout == "('app', True) ['default']\n", done.stderr
    assert not (data / "sockets").exists()
    assert dev.keeper_lives(data) is False


def test_second_user_joins_and_the_last_one_stops_the_servers(hold):
    first, sockets = hold()
    second, joined = hold()

    assert joined == sockets
    first.communicate()
    assert answers(sockets)
    second.communicate()
    assert not sockets.exists()


def test_servers_end_when_their_only_user_is_killed(hold):
    holder, sockets = hold()
    assert answers(sockets)

    holder.send_signal(signal.SIGKILL)

    deadline = time.monotonic() + 20
    while sockets.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_data_outlives_a_killed_keeper(data, hold):
    holder, sockets = hold()
    words = ["--dbname=mapping", "--command=CREATE TABLE kept (id int)"]
    subprocess.run(dev.psql(sockets, *words), check=True)
    keeper = next(
        int(path.parent.name)
        for path in Path("/proc").glob("[0-9]*/cmdline")
        if f"keep\0{data}\0" in path.read_text(errors="replace")
    )

    os.kill(keeper, signal.SIGKILL)
    holder.communicate()
    left = sockets
    _, sockets = hold()

    assert not left.exists()
    found = subprocess.run(
        dev.psql(sockets, "--dbname=mapping", "--tuples-only", "--command=SELECT to_regclass('kept')"),
        capture_output=True, text=True,
    )  # fmt: skip
    assert found.stdout.strip() == "kept"


def test_database_address_without_that_of_the_owner_is_refused(data):
    with pytest.raises(dev.Refused, match="DATABASE_OWNER_URL"):
        dev.environment(data, Path("/s"), given={"DATABASE_URL": "postgres://app@host/mapping"})


def test_given_settings_go_before_ours(data):
    env = dev.environment(data, Path("/s"), given={"SITE_NAME": "Other", "REDIS_URL": "redis://other"})

    assert (env["SITE_NAME"], env["REDIS_URL"]) == ("Other", "redis://other")
    assert env["DATABASE_URL"] == "postgres://app@//s/mapping"


def test_serving_environment_lacks_the_owner(data):
    env = dev.environment(data, Path("/s"), given={})

    assert "DATABASE_OWNER_URL" in env
    assert "DATABASE_OWNER_URL" not in dev.serving(env)
