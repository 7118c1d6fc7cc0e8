"""What a browser shows behind a mailed link, and what a password looks like."""

from html import escape

from aiohttp import web

from insurers.sompo.sandbox.lines import ENCODING

PASSWORD_SHAPE = r"(?=.*[A-Za-z])(?=.*[0-9])[A-Za-z0-9]{8,32}"

PAGE = """<!doctype html><html lang="ja"><meta charset="Shift_JIS"><title>損保ジャパン マイページ（見本）</title>
<h1>{title}</h1>
<p>このページは見本です。下のURLを、お手続き中のアプリケーションに貼り付けてください。</p>
<p><code>{link}</code></p>
<p>このページを開いただけでは、URLは無効になりません。</p></html>"""


def link_page(title: str, link: str) -> web.Response:
    page = PAGE.format(title=title, link=escape(link))
    return web.Response(
        body=page.encode(ENCODING, errors="xmlcharrefreplace"), content_type="text/html", charset="Shift_JIS"
    )
