"""What tests/conftest.py promises to every other test."""

import os
import signal
import socket
from datetime import date

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Error

from mapping.celery import app
from mapping.core import clock


def test_time_stands_still_on_the_first_day(at):
    assert clock.today() == date(2010, 1, 14)
    assert timezone.now() == timezone.now()

    at(date(2010, 3, 1))

    assert clock.today() == date(2010, 3, 1)


def test_outside_network_is_shut():
    with pytest.raises(PermissionError, match="192.0.2.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


@pytest.mark.parametrize("round_number", [1, 2])
def test_nothing_is_left_in_the_cache(round_number):
    assert cache.get("left-by-a-test") is None
    cache.set("left-by-a-test", round_number)


def test_worker_runs_on_the_broker_of_the_tests_and_can_be_killed(worker):
    assert len(app.control.ping(timeout=5)) == 1

    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()

    assert app.control.ping(timeout=1) == []


@pytest.mark.django_db(transaction=True)
def test_browser_reaches_the_site_and_nothing_outside(page, live_server):
    assert page.goto(f"{live_server.url}/healthz").status == 200

    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://outside.example/")
