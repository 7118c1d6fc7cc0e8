"""The pages that a person's browser may open (WIRE.md §3.4, §6.1)."""

import html
from collections.abc import Sequence

from aiohttp import web

STYLE = (
    "body{font-family:sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem;line-height:1.7;color:#1d2733}"
    "h1{font-size:1.2rem;border-left:.4rem solid #00529c;padding-left:.6rem}"
    ".scene{opacity:0;animation:show 300s infinite}"
    "@keyframes show{0%{opacity:0}2%{opacity:1}30%{opacity:1}34%{opacity:0}}"
)


def link() -> web.Response:
    return _page(
        "初回利用登録 / First registration",
        [
            "このメールのURLを、登録手続きを始めたアプリケーションに貼り付けてください。",
            "この画面を開いただけでは、URLは使用済みになりません。",
            "Please hand the address of this page to the application in which you began to register.",
            "Opening this page has not used the link up.",
        ],
    )


def closed(until: str) -> web.Response:
    return _page(
        "ご利用時間外 / Closed",
        [f"ただいまご利用時間外です。再開は {until} の予定です。", f"We are closed until {until} (Tokyo)."],
        status=503,
    )


def film(title: str, scenes: Sequence[str], seconds: int) -> web.Response:
    """The explanation film: one scene after the other, as long as the film is said to last."""
    each = seconds / max(len(scenes), 1)
    shown = "".join(
        f'<p class="scene" style="animation-delay:{each * turn:.0f}s">{html.escape(scene)}</p>'
        for turn, scene in enumerate(scenes)
    )
    return _html(title, shown)


def _page(title: str, paragraphs: Sequence[str], *, status: int = 200) -> web.Response:
    return _html(title, "".join(f"<p>{html.escape(text)}</p>" for text in paragraphs), status=status)


def _html(title: str, body: str, *, status: int = 200) -> web.Response:
    text = (
        f'<!doctype html><html lang="ja"><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<style>{STYLE}</style><h1>{html.escape(title)}</h1>{body}</html>"
    )
    return web.Response(text=text, status=status, content_type="text/html")
