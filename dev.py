"""Runs the site, its tests and its checks on one machine; ``dev`` prepares ``.venv`` and then calls this.

PostgreSQL and Redis are private: they listen on unix sockets only and keep their files in the data directory
(``DEV_DATA``, else ``.dev`` beside this file). They belong to a *keeper*, a process that outlives the command which
started it for as long as any other command uses the same data directory, and then stops them. Who uses a data
directory is told by shared file locks, which the kernel releases even for a process that was killed.
"""

import contextlib
import ctypes
import fcntl
import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent
PYTHON = sys.executable
BIN = Path(PYTHON).parent
DJANGO = [PYTHON, str(ROOT / "manage.py")]

HELP = """\
./dev run [--check]          the site with demonstration data on http://localhost:8000 (--check: try it and end)
./dev test [--thorough] ...  the tests; what follows goes to pytest
./dev lint                   style, types, layers, templates, migrations, settings
./dev bench                  speeds, as medians of 20
./dev shots                  screenshots of the pages, for looking at
./dev manage COMMAND ...     a management command, with the private database and broker up
DEV_DATA=DIR keeps the private database and files in DIR. More in docs/how-to/operate.md.
"""

# These look at models or alter the schema themselves: migrating first would be in their way.
SCHEMA_COMMANDS = {"check", "help", "makemigrations", "migrate", "showmigrations", "sqlmigrate", "squashmigrations"}


class Refused(Exception):
    """The command cannot go on; the message tells the person what to do."""


def say(*words):
    print("dev:", *words, file=sys.stderr, flush=True)


# -- Processes ---------------------------------------------------------------------------------------------------------


def end_with_parent(signal_number):
    """A function for the child to run: the kernel sends it ``signal_number`` when its parent is gone."""
    parent, libc = os.getpid(), ctypes.CDLL(None)

    def prepare():
        libc.prctl(1, signal_number)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def start(command, *, env=None, cwd="/", user=None, end_by=signal.SIGTERM, **options):
    """Start a long-running process that ends with this one and does not hear the terminal's Ctrl-C."""
    if user:
        options |= {"user": user, "group": user, "extra_groups": []}
    return subprocess.Popen(
        [str(word) for word in command],
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=end_with_parent(end_by),
        **options,
    )


def stop(processes, *, by=signal.SIGTERM, patience_seconds=10):
    """End processes and all that they started; kill what has not ended in time."""
    for process in processes:
        if process.poll() is None:
            process.send_signal(by)
    deadline = time.monotonic() + patience_seconds
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, deadline - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def run(command, *, env=None, cwd=ROOT, **options):
    """Run a command to its end; return its exit code."""
    return subprocess.run([str(word) for word in command], env=env, cwd=cwd, **options).returncode


def hand_over(command, *, env, cwd=ROOT):
    """Run the caller's command with the caller's input and output; return its exit code.

    Ctrl-C goes to it by the terminal and SIGTERM is passed on: it ends in its own way, and we after it.
    """
    process = subprocess.Popen(
        [str(word) for word in command], env=env, cwd=cwd, preexec_fn=end_with_parent(signal.SIGTERM)
    )
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    code = process.wait()
    return code if code >= 0 else 128 - code


def run_or_refuse(command, *, env, what):
    """Run a step of our own (its output is not the command's, hence stderr), or raise Refused."""
    if run(command, env=env, stdin=subprocess.DEVNULL, stdout=sys.stderr):
        raise Refused(f"{what} failed (see above)")


# -- The private database and broker -----------------------------------------------------------------------------------


def postgres_program(name):
    """Path of a program of the newest PostgreSQL that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    return found[-1] if found else shutil.which(name)


def postgres_user():
    """PostgreSQL refuses to run as root; then it runs as the user that came with its package."""
    return "postgres" if os.geteuid() == 0 else None


def as_postgres(command, **options):
    """Run a program of PostgreSQL to its end as the user who may; its words are shown only when it fails."""
    user = postgres_user()
    if user:
        options |= {"user": user, "group": user, "extra_groups": []}
    done = subprocess.run(
        [str(word) for word in command], cwd="/", capture_output=True, text=True, stdin=subprocess.DEVNULL, **options
    )
    if done.returncode:
        raise Refused(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")


def private_directory(path, user=None):
    """Make a directory that only ``user`` (default: whoever runs this) and root may enter."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    if user:
        entry = pwd.getpwnam(user)
        os.chown(path, entry.pw_uid, entry.pw_gid)
    return path


def cluster_directory(data):
    """Where the database's files are: in ``data``, or outside when root's ``postgres`` user cannot get there.

    Root's home is closed to others. Then a file in ``data`` names the directory used instead.
    """
    user = postgres_user()
    if not user:
        return private_directory(data / "postgres")
    data.chmod(0o711)
    reachable = subprocess.run(["test", "-x", data], user=user, group=user, extra_groups=[], cwd="/", check=False)
    if reachable.returncode == 0:
        return private_directory(data / "postgres", user)
    pointer = data / "postgres.path"
    if not pointer.exists():
        pointer.write_text(f"/var/lib/childrens-services-mapping/{secrets.token_hex(8)}")
    elsewhere = Path(pointer.read_text())
    elsewhere.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    return private_directory(elsewhere, user)


def make_cluster(cluster):
    """Make an empty cluster whose superuser is ``postgres``; names sort as people in England expect."""
    locale = ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-GB", "--encoding=UTF8"]
    options = ["--username=postgres", "--auth=trust", "--no-sync"]  # trust: only we may enter the socket's directory
    as_postgres([postgres_program("initdb"), "--pgdata", cluster, *locale, *options])


def psql(sockets, *arguments):
    program = postgres_program("psql")
    return [program, "--host", sockets, "--username=postgres", "--no-psqlrc", "--quiet", *arguments]


def start_postgres(data, sockets, *, throwaway):
    """Start the database on a socket in ``sockets``; on first use make the cluster, its roles and database."""
    cluster = cluster_directory(data)
    fresh = not (cluster / "PG_VERSION").exists()
    if fresh:
        make_cluster(cluster)
    stop_left_postgres(cluster)
    settings = ["listen_addresses=", f"unix_socket_directories={sockets}", "max_connections=200"]
    if throwaway:
        settings += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
    options = [word for setting in settings for word in ("-c", setting)]
    log = (data / "postgres.log").open("ab")
    process = start(
        [postgres_program("postgres"), "-D", cluster, *options],
        user=postgres_user(), end_by=signal.SIGINT, stdout=log, stderr=log,
    )  # fmt: skip
    answers = psql(sockets, "--dbname=postgres", "--command=SELECT 1")
    wait_until(lambda: not run(answers, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL), process, "PostgreSQL")
    if fresh:
        create_roles(sockets)
    return process


def stop_left_postgres(cluster):
    """Stop a server that somebody else left running on this cluster, as after a kill of its keeper."""
    pidfile = cluster / "postmaster.pid"
    if not pidfile.exists():
        return
    pid = pidfile.read_text().split()[0]
    with contextlib.suppress(FileNotFoundError):
        if Path(f"/proc/{pid}/cwd").resolve() == cluster.resolve():
            say(f"stopping a PostgreSQL that was left running (process {pid})")
            as_postgres([postgres_program("pg_ctl"), "stop", "--pgdata", cluster, "--mode=fast", "--wait"])


def create_roles(sockets):
    run_or_refuse(
        psql(sockets, "--dbname=postgres", "--set=ON_ERROR_STOP=1", "--file", ROOT / "deploy" / "roles.sql"),
        env=None, what="making the database's roles",
    )  # fmt: skip


def start_redis(data, sockets, *, throwaway):
    """Start the broker on a socket in ``sockets``. What it holds can be lost: jobs are found in the database."""
    log = (data / "redis.log").open("ab")
    words = ["--port", "0", "--unixsocket", sockets / "redis.sock", "--unixsocketperm", "700", "--dir", sockets]
    words += ["--save", "", "--appendonly", "no", "--databases", "64"]
    process = start([shutil.which("redis-server"), *words], stdout=log, stderr=log)
    wait_until((sockets / "redis.sock").exists, process, "Redis")
    return process


def wait_until(ready, process, what, *, patience_seconds=60):
    """Wait until ``ready()``; raises Refused if ``process`` ends before or time is over."""
    deadline = time.monotonic() + patience_seconds
    while not ready():
        if process.poll() is not None:
            raise Refused(f"{what} did not start; its log tells why")
        if time.monotonic() > deadline:
            raise Refused(f"{what} did not answer within {patience_seconds} seconds")
        time.sleep(0.05)


# -- The keeper, and who uses it ---------------------------------------------------------------------------------------


def lock(path, kind):
    """An open file holding the lock ``kind`` on ``path``; closing it, or dying, releases the lock."""
    file = path.open("a")
    fcntl.flock(file, kind)
    return file


def keep(data, throwaway):
    """The keeper: run the servers of ``data`` until no command uses them any more. Never returns early."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)  # those are for the commands; the keeper watches locks
    with lock(data / "keeper.lock", fcntl.LOCK_EX):
        user = postgres_user()
        sockets = private_directory(Path(tempfile.mkdtemp(prefix="mapping-", dir="/tmp")), user)  # noqa: S108
        servers = []
        try:
            servers.append(start_postgres(data, sockets, throwaway=throwaway))
            servers.append(start_redis(data, sockets, throwaway=throwaway))
            (data / "sockets").write_text(str(sockets))
            print("ready", flush=True)
            with lock(data / "users.lock", fcntl.LOCK_EX):  # granted once nobody holds it shared
                (data / "sockets").unlink()
                stop(servers[:1], by=signal.SIGINT)  # fast shutdown
                stop(servers[1:])
        finally:
            stop(servers)
            shutil.rmtree(sockets)
            if throwaway:
                shutil.rmtree(data)
    return 0


def start_keeper(data, throwaway):
    """Start a keeper that is nobody's child any more, and wait until its servers answer."""
    (data / "sockets").unlink(missing_ok=True)
    options = ["throwaway"] if throwaway else []
    keeper = subprocess.Popen(
        [PYTHON, str(ROOT / "dev.py"), "keep", str(data), *options],
        cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    if keeper.stdout.readline() != b"ready\n":
        raise Refused(f"the private servers did not start; see {data}/postgres.log and redis.log")


def keeper_lives(data):
    try:
        lock(data / "keeper.lock", fcntl.LOCK_EX | fcntl.LOCK_NB).close()
    except BlockingIOError:
        return True
    return False


@contextlib.contextmanager
def servers(data, *, throwaway=False):
    """PostgreSQL and Redis of ``data`` are up meanwhile; gives the directory of their sockets."""
    with lock(data / "door.lock", fcntl.LOCK_EX):
        use = lock(data / "users.lock", fcntl.LOCK_SH)  # waits for a keeper that is stopping
        if not ((data / "sockets").exists() and keeper_lives(data)):
            start_keeper(data, throwaway)
    try:
        yield Path((data / "sockets").read_text())
    finally:
        leave(data, use)


def leave(data, use):
    """Give up the use of ``data``; whoever is last waits until the keeper has stopped everything."""
    with lock(data / "door.lock", fcntl.LOCK_EX):
        use.close()
        with contextlib.suppress(FileNotFoundError):  # a throwaway directory is gone when its keeper is
            if not used(data):
                lock(data / "keeper.lock", fcntl.LOCK_SH).close()


def used(data):
    """Whether some other command uses ``data``; a keeper that has begun to stop its servers is none."""
    for kind, answer in ((fcntl.LOCK_EX, False), (fcntl.LOCK_SH, True)):
        with contextlib.suppress(BlockingIOError):
            lock(data / "users.lock", kind | fcntl.LOCK_NB).close()
            return answer
    return False


# -- What the site reads from its environment --------------------------------------------------------------------------


def data_directory():
    """The directory of this checkout's database and files, made if need be."""
    data = Path(os.environ.get("DEV_DATA") or ROOT / ".dev").resolve()
    data.mkdir(parents=True, exist_ok=True)
    return data


def secret_key(data):
    """A key of this data directory, kept so that people stay signed in over a restart."""
    path = data / "secret-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def environment(data, sockets, **more):
    """The variables of docs/reference/settings.md; what the caller's environment gives goes before."""
    ours = {
        "DJANGO_SETTINGS_MODULE": "mapping.settings",
        "SECRET_KEY": secret_key(data),
        "DATABASE_URL": f"postgres://app@/{sockets}/mapping",
        "DATABASE_OWNER_URL": f"postgres://mapping_owner@/{sockets}/mapping",
        "REDIS_URL": f"unix://{sockets}/redis.sock",
        "FILES_DIR": str(data / "files"),
        "STATIC_DIR": str(data / "static"),
        "DEMONSTRATION": "1",
        "PYTHONPATH": str(ROOT),
    } | more  # fmt: skip
    if "DATABASE_URL" in os.environ and "DATABASE_OWNER_URL" not in os.environ:
        raise Refused("DATABASE_URL is given: give DATABASE_OWNER_URL too, the address for migrations")
    for name in ("FILES_DIR", "STATIC_DIR"):
        Path(ours[name]).mkdir(parents=True, exist_ok=True)
    return ours | os.environ


def serving(env):
    """The environment without the owner's address: what serves and runs jobs must not be able to migrate."""
    return {name: value for name, value in env.items() if name != "DATABASE_OWNER_URL"}


def migrate(data, env):
    with lock(data / "migrate.lock", fcntl.LOCK_EX):
        run_or_refuse([*DJANGO, "migrate", "--database=owner", "-v0"], env=env, what="migrating the database")


# -- The commands ------------------------------------------------------------------------------------------------------


def command_manage(arguments):
    """A management command in the caller's directory; its input, output and exit code are untouched."""
    data = data_directory()
    with servers(data) as sockets:
        env = environment(data, sockets, MAIL_DIR=str(data / "mail"))
        if not SCHEMA_COMMANDS.intersection(arguments[:1]):
            migrate(data, env)
            env = serving(env)
        return hand_over([*DJANGO, *arguments], env=env, cwd=None)


def command_test(arguments):
    """The tests, on a throwaway database and broker of their own."""
    thorough = "--thorough" in arguments
    arguments = [argument for argument in arguments if argument != "--thorough"]
    whole_suite = not any(argument in ("-n", "-k", "-m") or "tests" in argument for argument in arguments)
    data = Path(tempfile.mkdtemp(prefix="mapping-test-"))
    with servers(data, throwaway=True) as sockets:
        env = environment(data, sockets, SECRET_KEY="of-the-tests-only", DEMONSTRATION="0")
        env |= {"THOROUGH": "1"} if thorough else {}
        spread = ["-n", "2"] if whole_suite else []
        return hand_over([PYTHON, "-m", "pytest", *spread, *arguments], env=env)


COMMANDS = {
    "manage": command_manage,
    "test": command_test,
}


def main(words):
    name, *arguments = words or ["help"]
    if name == "keep":
        return keep(Path(arguments[0]), throwaway="throwaway" in arguments)
    if name not in COMMANDS:
        print(HELP, end="")
        return 0 if name in ("help", "-h", "--help") else 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return COMMANDS[name](arguments)
    except Refused as refusal:
        say(refusal)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
