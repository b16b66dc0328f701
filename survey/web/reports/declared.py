"""What a study's protocol names for its report, where it is on this server."""

from __future__ import annotations

from survey.instruments.fidelity.model import FidelityModel
from survey.instruments.protocols.model import Protocol
from survey.web.server import server


def model_of(protocol: Protocol | None) -> FidelityModel | None:
    """The fidelity model that a protocol names; None without one."""
    return server().fidelity_models.get(protocol.fidelity) if protocol is not None and protocol.fidelity else None
