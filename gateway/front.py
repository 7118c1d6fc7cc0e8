"""The gateway as the network meets it: its health for balancers, and everything else told and counted."""

from starlette.routing import Router
from starlette.types import ASGIApp

from gateway.health import Health
from gateway.telemetry import Heard, Telemetry


def front(app: ASGIApp, health: Health, telemetry: Telemetry) -> ASGIApp:
    """Answer *app* behind its front. A balancer's questions stand outside: they would drown the log."""
    return Router(routes=health.routes(), default=Heard(app, telemetry))
