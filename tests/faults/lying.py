"""The tries tried out: a server that gives receipts for what it does not keep must be found out."""

from __future__ import annotations

from place import Found, House, one_try


def lies_found(house: House, kind: str, often: int) -> Found:
    """One in so many transactions is undone after its receipt was given. What is found is counted, and is no fault."""
    with one_try(house, kind, "a server that lies") as now:
        now.saves(5)
        now.kill_server()
        now.order["lies"] = often
        now.start_server()
        now.saves(20)
        now.truth.look()
        found = len(now.truth.lost)
        # Their next batch names one before it that is not there: it would wait for good.
        for one in now.people:
            one.enough.set()
            one.at_once.set()
    now.found.times = found
    now.found.lost, now.found.corrupt, now.found.wrong = [], [], [] if found else ["its lies were not found"]
    now.found.note = f"{found} receipts without their answer were found, as they must be"
    return now.found
