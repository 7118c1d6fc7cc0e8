"""What the service says back: one line that tells, and the records behind it."""

from collections.abc import Iterable, Mapping

from aiohttp import web

from insurers.sandbox import WORLD
from insurers.sompo.sandbox import lines
from insurers.sompo.sandbox.dates import stamp

DONE = "00"

# WIRE.md §2. The wire does not promise that this list is closed.
KEKKA = {
    DONE: "正常",
    "10": "入力内容をご確認ください",
    "11": "件数の上限を超えています",
    "12": "使用できない文字が含まれています",
    "13": "受付番号が無効です",
    "14": "会員規定への同意が必要です",
    "20": "登録済みのメールアドレスです",
    "22": "ご入力内容とご契約情報が一致しません",
    "23": "更新後の証券番号は登録できません",
    "24": "マイページに登録できない商品です",
    "25": "登録できるご契約は5契約までです",
    "26": "取扱代理店へお問い合わせください",
    "27": "登録済みのご契約です",
    "28": "ご契約の追加を一時停止しています",
    "31": "URLが無効です",
    "32": "URLの有効期限が切れています",
    "33": "パスワードが一致しません",
    "34": "会員登録からやりなおしてください",
    "35": "登録済みのURLです",
    "40": "IDまたはパスワードが正しくありません",
    "41": "ワンタイムパスワードを送信しました",
    "42": "ワンタイムパスワードが正しくありません",
    "43": "ワンタイムパスワードが無効です",
    "44": "ログインを一時停止しています",
    "45": "端末キーが無効です",
    "46": "再度ログインしてください",
    "51": "保険料が変わりました",
    "52": "試算が無効です",
    "53": "重要事項等説明書が改定されました",
    "54": "ご確認のチェックが必要です",
    "55": "重要事項等説明書をお開きください",
    "56": "お選びいただけない内容です",
    "57": "運転者年齢条件に適合しません",
    "60": "更新手続きの受付開始前です",
    "61": "更新手続きの受付は終了しました",
    "62": "更新手続きはお済みです",
    "63": "取扱代理店へお問い合わせください",
    "64": "安心更新サポート特約により更新済みです",
    "65": "該当するご契約がありません",
    "66": "型式を確認できません",
    "67": "お引受けできません",
    "71": "手続番号が無効です",
    "72": "お手続きの順序が正しくありません",
    "81": "該当する書類がありません",
    "85": "代理店コードまたは代理店キーが正しくありません",
    "86": "一覧の続きが無効です",
    "91": "ただいま混み合っています",
}


class Refusal(Exception):
    """An answer other than 正常. Nothing was done, or (41) something else than was asked for."""

    def __init__(self, code: str, **beside: object) -> None:
        super().__init__(code)
        self.code = code
        self.beside = beside


class Silence(Exception):
    """Nobody hears what became of a request."""


def reply(request: web.Request, records: Iterable[Mapping[str, object]] = (), /, **fields: object) -> web.Response:
    """Answer 正常 with the fields of the path on the first line, and *records* on lines of their own."""
    return web.Response(
        body=lines.encode([first_line(request, **fields), *records]),
        headers={"Content-Type": "text/plain; charset=Shift_JIS"},
    )


def first_line(request: web.Request, **fields: object) -> Mapping[str, object]:
    """Answer what stands on the first line of 正常, with the fields of the path."""
    at = stamp(request.app[WORLD].clock())
    return {"KEKKA_CD": DONE, "KEKKA_BUN": KEKKA[DONE], "SYORI_NITIJI": at} | fields


def refuse(request: web.Request, refusal: Refusal) -> web.Response:
    return reply(request, KEKKA_CD=refusal.code, KEKKA_BUN=KEKKA[refusal.code], **refusal.beside)
