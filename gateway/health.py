"""Whether the gateway lives, whether it may be sent customers, and what it has counted."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

# A balancer asks often and gives up soon; whatever takes longer is not ready.
CHECK_SECONDS = 2.0

Check = Callable[[], Awaitable[None]]
"""Returns when its part is well, and raises anything when it is not."""


class Health:
    """
    What a balancer asks, and whoever counts.

    Once `drain` was called it answers no for good: new customers are to go elsewhere while
    those who are here are served to the end. Before the counters are shown, *counted* brings
    those up to date that are not kept all along.
    """

    def __init__(
        self,
        checks: Mapping[str, Check],
        registry: CollectorRegistry,
        *,
        counted: Check | None = None,
        check_seconds: float = CHECK_SECONDS,
    ) -> None:
        self._checks = checks
        self._registry = registry
        self._counted = counted
        self._check_seconds = check_seconds
        self._draining = False

    def drain(self) -> None:
        self._draining = True

    def routes(self) -> list[Route]:
        return [
            Route("/health/live", self._live),
            Route("/health/ready", self._ready),
            Route("/metrics", self._metrics),
        ]

    async def _live(self, request: Request) -> Response:
        return JSONResponse({"status": "live"})

    async def _ready(self, request: Request) -> Response:
        if self._draining:
            return JSONResponse({"status": "draining"}, status_code=503)
        results = await asyncio.gather(*(self._passes(check) for check in self._checks.values()))
        parts = {name: "ok" if passed else "failed" for name, passed in zip(self._checks, results, strict=True)}
        ready = all(results)
        return JSONResponse(
            {"status": "ready" if ready else "not ready", "checks": parts}, status_code=200 if ready else 503
        )

    async def _metrics(self, request: Request) -> Response:
        if self._counted is not None:
            await self._passes(self._counted)
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)

    async def _passes(self, check: Check) -> bool:
        try:
            async with asyncio.timeout(self._check_seconds):
                await check()
        except Exception:  # noqa: BLE001 (whatever is wrong with a part, the answer is that it is not well)
            return False
        return True
