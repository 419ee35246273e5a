"""Settings from the environment: what must be given, what is assumed, and addresses hard to write."""

import importlib.util
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from mapping import env as loaded

GIVEN = {
    "SECRET_KEY": "key",
    "DATABASE_URL": "postgres://app@//tmp/mapping-x/mapping",
    "REDIS_URL": "unix:///tmp/mapping-x/redis.sock",
}


@pytest.fixture
def read(monkeypatch):
    """``read(NAME=value)``: the settings as a process with only these variables reads them."""

    def read(without=(), **more):
        variables = {name: value for name, value in GIVEN.items() if name not in without} | more
        monkeypatch.setattr("os.environ", variables)
        monkeypatch.setattr("environ.Env.ENVIRON", variables)
        spec = importlib.util.spec_from_file_location("env_read_again", loaded.__file__)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return read


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL"])
def test_a_needed_setting_is_named_when_it_is_missing(read, name):
    with pytest.raises(ImproperlyConfigured, match=name):
        read(without=[name])


def test_what_is_not_given_is_safe(read):
    env = read()

    assert (env.DEBUG, env.DEMONSTRATION, env.ALLOWED_HOSTS) == (False, False, [])
    assert env.DATABASE_OWNER_URL is None
    assert env.MAIL_DIR is None


def test_database_address_may_be_a_socket(read):
    address = read().DATABASE_URL

    assert (address["HOST"], address["NAME"], address["USER"]) == ("/tmp/mapping-x", "mapping", "app")  # noqa: S108


def test_database_address_may_be_a_host_with_password(read):
    address = read(DATABASE_URL="postgres://app:secret@database:5432/mapping").DATABASE_URL

    assert (address["HOST"], address["PORT"]) == ("database", 5432)
    assert (address["USER"], address["PASSWORD"], address["NAME"]) == ("app", "secret", "mapping")


def test_owner_is_known_only_where_it_is_given(read):
    owner = read(DATABASE_OWNER_URL="postgres://mapping_owner@//tmp/mapping-x/mapping").DATABASE_OWNER_URL

    assert owner["USER"] == "mapping_owner"


def test_types_are_those_of_the_settings(read):
    env = read(
        DEMONSTRATION="1",
        DEMONSTRATION_TODAY="2009-11-30",
        ALLOWED_HOSTS="a.example,b.example",
        MAIL_DIR="/m",
    )

    assert env.DEMONSTRATION is True
    assert env.DEMONSTRATION_TODAY == date(2009, 11, 30)
    assert env.ALLOWED_HOSTS == ["a.example", "b.example"]
    assert env.MAIL_DIR == Path("/m")


def test_mail_server_is_read_from_one_address(read):
    mail = read(EMAIL_URL="smtp+tls://user:word@mail.example:587").EMAIL_URL

    assert mail["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert (mail["EMAIL_HOST"], mail["EMAIL_PORT"], mail["EMAIL_USE_TLS"]) == ("mail.example", 587, True)


def test_every_setting_stands_in_the_reference(read):
    reference = (loaded.ROOT / "docs" / "reference" / "settings.md").read_text()
    names = [name for name in vars(read()) if name.isupper() and name != "ROOT"]

    assert len(names) > 15
    assert [name for name in names if f"`{name}`" not in reference] == []
