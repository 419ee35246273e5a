"""Runs the site, its tests and its checks on one machine; ``dev`` prepares ``.venv`` and then calls this.

PostgreSQL and Redis are private: they listen on unix sockets only and keep their files in the data directory
(``DEV_DATA``, else ``.dev`` beside this file). They belong to a *keeper*, a process that outlives the command
which started it for as long as any other command uses the same data directory, and then stops them. Who uses
a data directory is told by shared file locks, which the kernel releases even for a process that was killed.
"""

import contextlib
import ctypes
import fcntl
import hashlib
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
./dev run [--check]          the site with demonstration data, in a browser (--check: try it and end)
./dev test [--thorough] ...  the tests; what follows goes to pytest
./dev lint                   style, types, layers, templates, migrations, settings
./dev bench                  speeds, as medians of 20
./dev shots                  screenshots of the pages, for looking at
./dev manage COMMAND ...     a management command, with the private database and broker up
DEV_DATA=DIR keeps the private database and files in DIR. More in docs/how-to/operate.md.
"""

# These look at models or alter the schema themselves: migrating first would be in their way.
SCHEMA_COMMANDS = {"check", "help", "makemigrations", "migrate", "showmigrations", "sqlmigrate"}


class Refused(Exception):
    """The command cannot go on; the message tells the person what to do."""


def say(*words):
    print("dev:", *words, file=sys.stderr, flush=True)


# -- Processes -----------------------------------------------------------------------------------------------


def end_with_parent(signal_number):
    """A function for the child to run: the kernel sends it ``signal_number`` when its parent is gone."""
    parent, libc = os.getpid(), ctypes.CDLL(None)

    def prepare():
        libc.prctl(1, signal_number)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def start(command, *, env=None, cwd="/", end_by=signal.SIGTERM, **options):
    """Start a long-running process that ends with this one and does not hear the terminal's Ctrl-C."""
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


# -- The private database and broker -------------------------------------------------------------------------


def postgres_program(name):
    """Path of a program of the newest PostgreSQL that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    return found[-1] if found else shutil.which(name)


def postgres_user():
    """PostgreSQL refuses to run as root; then it runs as the user that came with its package."""
    return "postgres" if os.geteuid() == 0 else None


def as_postgres():
    """Options of subprocess for a program that runs as the user who may run PostgreSQL."""
    user = postgres_user()
    return {"user": user, "group": user, "extra_groups": [], "cwd": "/"} if user else {"cwd": "/"}


def run_postgres_program(name, *arguments):
    """Run a program of PostgreSQL to its end; its words are shown only when it fails."""
    command = [str(word) for word in (postgres_program(name), *arguments)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, **as_postgres())
    if done.returncode:
        raise Refused(f"{name} failed:\n{done.stdout}{done.stderr}")


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
    if subprocess.run(["test", "-x", data], **as_postgres()).returncode == 0:
        return private_directory(data / "postgres", user)
    pointer = data / "postgres.path"
    if not pointer.exists():
        pointer.write_text(f"/var/lib/childrens-services-mapping/{secrets.token_hex(8)}")
    elsewhere = Path(pointer.read_text())
    elsewhere.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    return private_directory(elsewhere, user)


def make_cluster(cluster):
    """Make an empty cluster whose superuser is ``postgres``; names sort as people in England expect."""
    for leftover in cluster.iterdir():
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    locale = ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-GB", "--encoding=UTF8"]
    # Who may connect is decided by who may enter the socket's directory: nobody but us.
    run_postgres_program("initdb", "--pgdata", cluster, "--username=postgres", "--auth=trust", *locale)


def psql(sockets, *arguments):
    program = postgres_program("psql")
    return [program, "--host", sockets, "--username=postgres", "--no-psqlrc", "--quiet", *arguments]


def start_postgres(data, sockets, *, throwaway):
    """Start the database on a socket in ``sockets``; the first time make cluster, roles and database."""
    cluster = cluster_directory(data)
    stop_left_postgres(cluster)
    made = cluster / "made"  # written last: a cluster without it was interrupted while it was made
    if not made.exists():
        make_cluster(cluster)
    settings = ["listen_addresses=", f"unix_socket_directories={sockets}", "max_connections=200"]
    if throwaway:
        settings += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
    options = [word for setting in settings for word in ("-c", setting)]
    command = [postgres_program("postgres"), "-D", cluster, *options]
    with (data / "postgres.log").open("ab") as log:
        process = start(command, end_by=signal.SIGINT, stdout=log, stderr=log, **as_postgres())
    trial = psql(sockets, "--dbname=postgres", "--command=SELECT 1")
    unheard = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    wait_until(lambda: run(trial, **unheard) == 0, process, "PostgreSQL")
    if not made.exists():
        create_roles(sockets)
        made.touch()
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
            try:
                run_postgres_program("pg_ctl", "stop", "--pgdata", cluster, "--mode=fast", "--wait")
            except Refused:
                if pidfile.exists():  # otherwise it was stopping already and has ended meanwhile
                    raise


def create_roles(sockets):
    script = psql(
        sockets, "--dbname=postgres", "--set=ON_ERROR_STOP=1", "--file", ROOT / "deploy" / "roles.sql"
    )
    run_or_refuse(script, env=None, what="making the database's roles")


def start_redis(data, sockets):
    """Start the broker on a socket in ``sockets``. It may forget everything: the database knows all jobs."""
    command = [shutil.which("redis-server"), "--port", "0", "--unixsocket", sockets / "redis.sock"]
    command += ["--unixsocketperm", "700", "--dir", sockets, "--save", "", "--databases", "64"]
    with (data / "redis.log").open("ab") as log:
        process = start(command, stdout=log, stderr=log)
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


# -- The keeper, and who uses it -----------------------------------------------------------------------------


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
            servers.append(start_redis(data, sockets))
            (data / "sockets").write_text(str(sockets))
            print("ready", flush=True)
            with lock(data / "users.lock", fcntl.LOCK_EX):  # granted once nobody holds it shared
                (data / "sockets").unlink()
                stop(servers[:1], by=signal.SIGINT)  # PostgreSQL's fast shutdown
                stop(servers[1:])
                if throwaway:
                    shutil.rmtree(data)
        finally:
            stop(servers)
            shutil.rmtree(sockets)
    return 0


def start_keeper(data, throwaway):
    """Start a keeper that is nobody's child any more, and wait until its servers answer."""
    if (data / "sockets").exists():  # of a keeper that was killed
        shutil.rmtree((data / "sockets").read_text(), ignore_errors=True)
        (data / "sockets").unlink()
    options = ["throwaway"] if throwaway else []
    log = (data / "keeper.log").open("w")
    keeper = subprocess.Popen(
        [PYTHON, str(ROOT / "dev.py"), "keep", str(data), *options],
        cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, start_new_session=True,
    )  # fmt: skip
    if not keeper.stdout or keeper.stdout.readline() != b"ready\n":
        logs = [path.read_text(errors="replace")[-2000:] for path in sorted(data.glob("*.log"))]
        raise Refused("the private servers did not start\n" + "\n".join(logs))


def keeper_lives(data):
    try:
        lock(data / "keeper.lock", fcntl.LOCK_EX | fcntl.LOCK_NB).close()
    except BlockingIOError:
        return True
    return False


def be_deaf():
    """From here on nothing interrupts the cleaning up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


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
        be_deaf()
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


# -- What the site reads from its environment ----------------------------------------------------------------


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


def environment(data, sockets, *, given=os.environ, **more):
    """The variables of docs/reference/settings.md; what ``given`` holds goes before ours."""
    if "DATABASE_URL" in given and "DATABASE_OWNER_URL" not in given:
        raise Refused("DATABASE_URL is given: give DATABASE_OWNER_URL too, the address for migrations")
    ours = {
        "DJANGO_SETTINGS_MODULE": "mapping.settings",
        "SECRET_KEY": secret_key(data),
        "DATABASE_URL": f"postgres://app@/{sockets}/mapping",
        "DATABASE_OWNER_URL": f"postgres://mapping_owner@/{sockets}/mapping",
        "REDIS_URL": f"unix://{sockets}/redis.sock",
        "FILES_DIR": str(data / "files"),
        "MAIL_DIR": str(data / "mail"),
        "STATIC_DIR": str(data / "static"),
        "DEMONSTRATION": "1",
        "PYTHONPATH": str(ROOT),
    } | more
    env = ours | dict(given)
    for name in ("FILES_DIR", "MAIL_DIR", "STATIC_DIR"):
        if env[name]:
            Path(env[name]).mkdir(parents=True, exist_ok=True)
    return env


def without_settings(env):
    """The caller's environment without the site's settings: tests and checks do not depend on them."""
    own = ("DATABASE_", "EMAIL_", "DEMONSTRATION", "HELPDESK_", "SITE_")
    names = {"SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "REDIS_URL", "FILES_DIR", "MAIL_DIR", "STATIC_DIR"}
    return {name: value for name, value in env.items() if name not in names and not name.startswith(own)}


def throwaway_environment(data, sockets):
    given = without_settings(os.environ)
    return environment(data, sockets, given=given, DEMONSTRATION="0", MAIL_DIR="")


def serving(env):
    """The environment without the owner's address: what serves and runs jobs must not be able to migrate."""
    return {name: value for name, value in env.items() if name != "DATABASE_OWNER_URL"}


def migrate(data, env):
    with lock(data / "migrate.lock", fcntl.LOCK_EX):
        run_or_refuse([*DJANGO, "migrate", "--database=owner", "-v0"], env=env, what="migrating the database")


# -- The site ------------------------------------------------------------------------------------------------


def digest(*directories):
    """One value for all that the files under ``directories`` hold."""
    total = hashlib.sha256()
    for directory in directories:
        for path in sorted(path for path in (ROOT / directory).rglob("*") if path.is_file()):
            total.update(str(path).encode() + path.read_bytes())
    return total.hexdigest()


@contextlib.contextmanager
def only_when_changed(stamp, value):
    """Gives whether ``value`` is not what the file ``stamp`` holds; remembers it when the body went well."""
    changed = not stamp.exists() or stamp.read_text() != value
    yield changed
    if changed:
        stamp.write_text(value)


def collect_static(data, env):
    value = digest("static") + hashlib.sha256((ROOT / "requirements.txt").read_bytes()).hexdigest()
    with only_when_changed(data / "collected", value) as changed:
        if changed:
            say("collecting the pages' styles and scripts")
            run_or_refuse([*DJANGO, "collectstatic", "--no-input", "-v0"], env=env, what="collecting them")


def load(data, env):
    """Load the registers (or the demonstration, with them) when the database or the fixtures are new."""
    command = "load_demo" if env["DEMONSTRATION"] not in ("", "0", "false", "False") else "load_reference"
    database = os.environ.get("DATABASE_URL", "private")  # sockets move at every start
    value = " ".join([command, database, digest("fixtures", "questionnaires/definitions")])
    with only_when_changed(data / "loaded", value) as changed:
        if changed:
            say(f"loading data ({command})")
            run_or_refuse([*DJANGO, command], env=env, what=command)


def free_port():
    """PORT, or the first port from 8000 on that nobody listens on."""
    wanted = os.environ.get("PORT")
    for port in [int(wanted)] if wanted else range(8000, 8100):
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                trial.bind(("127.0.0.1", port))
                return port
    raise Refused(f"port {wanted or '8000 to 8099'} is in use: PORT=9000 ./dev run")


def answers(url):
    """Whether ``url`` answers that all is well."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310  # our own address
            return response.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def start_site(data, env, port):
    """Start web and worker; return their processes once the web answers."""
    gunicorn = [BIN / "gunicorn", "mapping.wsgi", f"--bind=127.0.0.1:{port}", "--worker-class=gthread"]
    gunicorn += ["--workers=2", "--threads=4", "--no-control-socket", "--log-level=warning"]
    celery = [
        BIN / "celery",
        "--quiet",
        "-A",
        "mapping",
        "worker",
        "--beat",
        "--schedule",
        data / "beat-schedule",
    ]
    celery += ["--concurrency=2", "--loglevel=warning"]
    # As root in a container Celery warns at every start; production runs it as an ordinary user.
    calm = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}
    processes = []
    try:
        for command in (gunicorn, celery):
            processes.append(start(command, env=serving(env) | calm, cwd=ROOT, stdout=sys.stderr))
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), processes[0], "the site")
    except BaseException:
        stop(processes)
        raise
    return processes


@contextlib.contextmanager
def site():
    """The whole site with its data is up meanwhile; gives its environment and address."""
    data, port = data_directory(), free_port()
    address = f"http://localhost:{port}"
    with servers(data) as sockets:
        env = environment(data, sockets, SITE_URL=address)
        migrate(data, env)
        collect_static(data, serving(env))
        load(data, serving(env))
        processes = start_site(data, env, port)
        try:
            yield serving(env), address
        finally:
            be_deaf()
            stop(processes)


# -- The commands --------------------------------------------------------------------------------------------


def command_run(arguments):
    """The site until Ctrl-C, or with --check until it has proved that it works."""
    with site() as (env, address):
        if "--check" in arguments:
            run_or_refuse([*DJANGO, "check_site"], env=env, what="the check of the site")
            say(f"the site, a job and a document are good ({address})")
            return 0
        print(f"\n{env.get('SITE_NAME', 'The site')} is at {address}\n", flush=True)
        run([*DJANGO, "demo_sign_ins"], env=env)
        print("\nCtrl-C ends it.", flush=True)
        os.wait()  # one of our processes ended by itself: none should
        raise Refused("a part of the site has ended; see above")


def command_manage(arguments):
    """A management command in the caller's directory; its input, output and exit code are untouched."""
    data = data_directory()
    with servers(data) as sockets:
        env = environment(data, sockets)
        if not SCHEMA_COMMANDS.intersection(arguments[:1]):
            migrate(data, env)
            env = serving(env)
        return hand_over([*DJANGO, *arguments], env=env, cwd=None)


@contextlib.contextmanager
def throwaway_servers():
    """Servers for one command only; gives its environment."""
    data = Path(tempfile.mkdtemp(prefix="mapping-test-"))
    with servers(data, throwaway=True) as sockets:
        yield data, throwaway_environment(data, sockets)


def command_test(arguments):
    """The tests, on a throwaway database and broker of their own."""
    thorough = "--thorough" in arguments
    arguments = [argument for argument in arguments if argument != "--thorough"]
    selected = any(argument.startswith(("-n", "-k", "-m", "tests", "/")) for argument in arguments)
    options = [] if selected else ["-n2"]
    with throwaway_servers() as (_, env):
        if thorough:
            env |= {"THOROUGH": "1"}
            options += seed_options(arguments)
        return hand_over([PYTHON, "-m", "pytest", *options, *arguments], env=env)


def seed_options(arguments):
    """A seed for generated examples, said aloud, so that a thorough run can be had again."""
    if any(argument.startswith("--hypothesis-seed") for argument in arguments):
        return []
    seed = secrets.randbelow(10**9)
    print(
        f"Generated examples are made from the seed {seed}: repeat with --hypothesis-seed={seed}", flush=True
    )
    return [f"--hypothesis-seed={seed}"]


def command_bench(arguments):
    """Every tests/benchmarks/bench_*.py, on a database with the registers loaded."""
    with throwaway_servers() as (data, env):
        migrate(data, env)
        run_or_refuse([*DJANGO, "load_reference"], env=serving(env), what="load_reference")
        return hand_over([PYTHON, "tests/benchmarks/run.py", *arguments], env=serving(env))


def command_shots(arguments):
    """Screenshots of the demonstration's pages, by tests/browser/shots.py."""
    with site() as (env, address):
        return hand_over([PYTHON, "tests/browser/shots.py", address, *arguments], env=env)


def command_lint(_arguments):
    """Every check of style and structure; all of them run, and the failed ones are named at the end."""
    templates = ROOT.glob("templates/**/*.html")
    checks = {
        "style": [BIN / "ruff", "check"],
        "format": [BIN / "ruff", "format", "--check"],
        "layers": [BIN / "lint-imports"],
        "types": [BIN / "mypy"],
        "template style": [BIN / "djade", "--check", "--target-version", "5.2", *templates],
        "template structure": [BIN / "djlint", "--lint", "--quiet", "templates"],
    }
    with throwaway_servers() as (data, env):
        migrate(data, env)
        failed = [name for name, command in checks.items() if checked(name, command, env)]
        missing = [*DJANGO, "makemigrations", "--check", "--dry-run"]
        failed += ["migrations"] if checked("migrations", missing, env) else []
        deploy = [*DJANGO, "check", "--deploy", "--fail-level=WARNING", "--database=default"]
        failed += ["settings"] if checked("settings", deploy, serving(env) | AS_IN_PRODUCTION) else []
        failed += ["requirements"] if checked_requirements(env) else []
    if failed:
        raise Refused("lint found something in: " + ", ".join(failed))
    say("lint found nothing")
    return 0


AS_IN_PRODUCTION = {
    "SECRET_KEY": secrets.token_urlsafe(50),
    "SITE_URL": "https://mapping.example",
    "ALLOWED_HOSTS": "mapping.example",
}


def checked(name, command, env):
    """Run one check under its name; return its exit code."""
    say(f"-- {name}")
    return run(command, env=env, stdin=subprocess.DEVNULL)


LOCKS = {
    "requirements.txt": [],
    "requirements-test.txt": ["--group", "test"],
    "requirements-dev.txt": ["--group", "test", "--group", "lint"],
}


def checked_requirements(env):
    """Whether the locked requirements differ from what pyproject.toml gives; needs the registry."""
    say("-- requirements")
    options = ["--universal", "--generate-hashes", "--no-emit-index-url", "--no-annotate", "--quiet"]
    stale = []
    with tempfile.TemporaryDirectory() as folder:
        for name, groups in LOCKS.items():
            again = Path(shutil.copy(ROOT / name, folder))  # pins that still hold are kept
            command = [BIN / "uv", "pip", "compile", *options, "pyproject.toml", *groups, "-o", again]
            if run(command, env=env | {"UV_HTTP_TIMEOUT": "20"}, stdout=subprocess.DEVNULL):
                say("skipped: the registry of Python packages does not answer")
                return False
            if pins(again) != pins(ROOT / name):
                stale.append(name)
    if stale:
        say(f"not what pyproject.toml gives: {', '.join(stale)}; docs/how-to/operate.md tells how to lock")
    return bool(stale)


def pins(path):
    return [line for line in path.read_text().splitlines() if not line.startswith("#")]


COMMANDS = {
    "run": command_run,
    "test": command_test,
    "lint": command_lint,
    "bench": command_bench,
    "shots": command_shots,
    "manage": command_manage,
}


def main(words):
    name, *arguments = words or ["help"]
    if name == "keep":
        return keep(Path(arguments[0]), throwaway="throwaway" in arguments)
    if name not in COMMANDS:
        print(HELP, end="")
        return 0 if name in ("help", "-h", "--help") else 2
    signal.signal(signal.SIGINT, signal.default_int_handler)  # also where a script started us with it ignored
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
