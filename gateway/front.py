"""The gateway as the network meets it: its health for balancers, and everything else told and counted."""

from starlette.routing import Router
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.health import Health
from gateway.telemetry import Heard, Telemetry

# Where nearly every request goes.
GRAPHQL = "/graphql"


class Shortcut:
    """Takes what is asked of one path straight to *app*: a router would try one route after the other."""

    def __init__(self, path: str, app: ASGIApp, *, otherwise: ASGIApp) -> None:
        self._path = path
        self._app = app
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        straight = scope["type"] == "http" and scope["path"] == self._path
        await (self._app if straight else self._otherwise)(scope, receive, send)


def front(app: ASGIApp, health: Health, telemetry: Telemetry) -> ASGIApp:
    """Answer *app* behind its front. A balancer's questions stand outside: they would drown the log."""
    heard = Heard(app, telemetry)
    return Shortcut(GRAPHQL, heard, otherwise=Router(routes=health.routes(), default=heard))
