"""Why a request is not run, or its answer not given, before GraphQL has a word in it."""

from collections.abc import Mapping

from graphql import GraphQLError
from msgspec import Struct

from insurers.text import Language, Text


class Refusal(Struct, frozen=True):
    """
    `code` is for programs and `status` is HTTP's; `headers` tell HTTP's clients more.

    `well_formed` is what was no fault of the request as HTTP sees it; plain JSON then has no status but 200.
    """

    code: str
    status: int
    text: Text
    headers: Mapping[str, str] = {}
    well_formed: bool = False

    def error(self, language: Language | None) -> GraphQLError:
        return GraphQLError(said(self.text, language), extensions={"code": self.code})


class Declined(Exception):
    """A request that is refused."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def said(text: Text, language: Language | None) -> str:
    """Say it in this language, or in both where nobody said which."""
    if language or text.ja == text.en:
        return text.to(language or Language.EN)
    return f"{text.ja} / {text.en}"


def _bad_request(ja: str, en: str) -> Refusal:
    return Refusal("BAD_REQUEST", 400, Text(ja, en))


# A request whose asker must sign in again is refused before it is read.
WRONG_TOKEN = Refusal(
    "UNAUTHENTICATED",
    401,
    Text(
        "トークンが無効か、有効期限が切れています。新しいトークンを取得してください。",
        "The bearer token is not valid or has expired: get a new one.",
    ),
    {"WWW-Authenticate": 'Bearer error="invalid_token"'},
)
UNSURE = Refusal(
    "UNAVAILABLE",
    503,
    Text(
        "サインインを確認できません。しばらくしてからお試しください。",
        "The sign-in cannot be checked now: keep the token, and try again soon.",
    ),
    {"Retry-After": "5"},
)
EXPIRED = Refusal(
    "UNAUTHENTICATED",
    401,
    Text(
        "トークンの有効期限が切れました。新しいトークンで接続し直してください。",
        "The bearer token has expired: connect again with a new one.",
    ),
)
CLOSING = Refusal(
    "UNAVAILABLE",
    503,
    Text("接続をいったん終了します。すぐに接続し直してください。", "This gateway is going down: connect again."),
)

METHOD = Refusal(
    "METHOD_NOT_ALLOWED",
    405,
    Text("GET か POST で送信してください。", "Send it by GET or POST."),
    {"Allow": "GET, POST"},
)
WRITES_BY_GET = Refusal(
    "METHOD_NOT_ALLOWED",
    405,
    Text("ミューテーションは POST で送信してください。", "A mutation goes by POST."),
    {"Allow": "POST"},
)
NOT_ACCEPTABLE = Refusal(
    "NOT_ACCEPTABLE",
    406,
    Text(
        "Accept に application/graphql-response+json か application/json を指定してください。",
        "`Accept` must name application/graphql-response+json or application/json.",
    ),
)
MEDIA_TYPE = Refusal(
    "UNSUPPORTED_MEDIA_TYPE",
    415,
    Text(
        "本文は Content-Type: application/json（UTF-8）で送信してください。",
        "Send the body as `Content-Type: application/json`, in UTF-8.",
    ),
    {"Accept-Post": "application/json"},
)
ENCODED = Refusal(
    "UNSUPPORTED_MEDIA_TYPE",
    415,
    Text(
        "本文は圧縮せずに（Content-Encoding なしで）送信してください。",
        "Send the body as it is, without a `Content-Encoding`.",
    ),
    {"Accept-Encoding": "identity"},
)
TOO_LARGE = Refusal(
    "PAYLOAD_TOO_LARGE",
    413,
    Text("リクエストは1 MiB以下にしてください。", "A request has 1 MiB at most."),
)
TOO_SLOW_A_BODY = Refusal(
    "DEADLINE_EXCEEDED",
    408,
    Text(
        "本文が時間内に届きませんでした。もう一度送信してください。", "The body did not arrive in time: send it again."
    ),
)
NO_JSON = _bad_request(
    "JSON として読み取れません（大きすぎる数値も読み取れません）。",
    "This is no JSON, or has a number in it that is too large.",
)
NO_REQUEST = _bad_request(
    "本文は GraphQL リクエストの JSON オブジェクトにしてください。",
    "The body must be a JSON object with `query`, and perhaps `variables` and `operationName`.",
)
BATCH = _bad_request(
    "リクエストは1件ずつ送信してください。複数の項目は1つのドキュメントにまとめられます。",
    "Send one request at a time, and no array of them: one document may ask for many things.",
)
NO_QUERY = _bad_request("`query` がありません。", "The request has no `query`.")
NO_STREAM = _bad_request(
    "サブスクリプションは Accept: text/event-stream（SSE）、multipart/mixed;subscriptionSpec=1.0、"
    "または WebSocket（graphql-transport-ws）で受け取ってください。",
    "A subscription needs `Accept: text/event-stream`, `multipart/mixed;subscriptionSpec=1.0`,"
    " or a WebSocket (graphql-transport-ws).",
)
NO_PARTS = _bad_request(
    "multipart/mixed;subscriptionSpec=1.0 で受け取れるのはサブスクリプションだけです。",
    "Only subscriptions are told as multipart/mixed;subscriptionSpec=1.0.",
)
NO_SUCH_OPERATION = Refusal(
    "BAD_REQUEST",
    400,
    Text(
        "operationName の操作がドキュメントにありません。",
        "The document has no operation of the name in `operationName`.",
    ),
    well_formed=True,
)
NO_OPERATION = Refusal(
    "BAD_REQUEST", 400, Text("ドキュメントに操作がありません。", "The document has no operation."), well_formed=True
)

LATE = Refusal(
    "DEADLINE_EXCEEDED",
    504,
    Text(
        "時間内に完了しませんでした。お手続きは続いている場合があります。"
        "同じ idempotencyKey でもう一度送信すると結果がわかります。",
        "It took too long. What was ordered may go on by itself: send it again with the same idempotencyKey"
        " to learn of it.",
    ),
    well_formed=True,
)
TOO_LARGE_AN_ANSWER = Refusal(
    "ANSWER_TOO_LARGE",
    400,
    Text(
        "回答が大きすぎます。項目を減らすか、ページを小さくしてください。",
        "The answer is too large: ask for fewer fields, or for smaller pages.",
    ),
    well_formed=True,
)
INTERNAL = Refusal(
    "INTERNAL",
    500,
    Text("予期しないエラーが発生しました。", "Something unexpected happened on our side."),
)
TOO_MANY_OPERATIONS = Refusal(
    "RATE_LIMITED",
    429,
    Text(
        "この接続では操作が多すぎます。いくつか終了してください。",
        "Too many operations run on this socket: complete some of them.",
    ),
)
