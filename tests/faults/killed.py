"""kill -9 of the app, and of the database, at random moments while visitors save."""

from __future__ import annotations

import random
import time

from place import Found, House, one_try

LONGEST_LIFE = 0.35
"""Seconds: a server is killed after a random part of it, counted from the first save that it took."""


def app_killed(house: House, kind: str, times: int) -> Found:
    """The app is killed so many times. Every other time the database is looked at before the next server opens it."""
    chance = random.Random(times)
    with one_try(house, kind, "kill -9 of the app") as now:
        now.saves(5)
        for number in range(times):
            now.saves(1)
            time.sleep(chance.uniform(0, LONGEST_LIFE))
            now.kill_server()
            if number % 2:
                now.truth.look()
            now.start_server()
            now.found.times += 1
        now.saves(5)
    broken = now.notebook.told["no line"]
    now.found.note = f"{broken} requests broke off and were sent again"
    return now.found


def database_killed(house: House, times: int) -> Found:
    """PostgreSQL is killed with all its processes, so many times, while the app goes on."""
    chance = random.Random(times)
    postgresql = house.postgresql
    assert postgresql is not None
    with one_try(house, "postgresql", "kill -9 of the database") as now:
        now.saves(5)
        for _ in range(times):
            now.saves(1)
            time.sleep(chance.uniform(0, LONGEST_LIFE))
            postgresql.kill()
            time.sleep(chance.uniform(0, 0.1))
            postgresql.start()
            now.found.times += 1
            now.truth.look()
        now.saves(5)
    now.found.note = f"{now.notebook.told['503']} saves were refused in words meanwhile, and came again"
    return now.found
