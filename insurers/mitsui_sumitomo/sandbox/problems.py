"""How this insurer says no (WIRE.md §9)."""

import json

from aiohttp import web

CONTACT_AGENCY = "取扱代理店までお問い合わせください。"
START_AGAIN = "恐れ入りますが、もう一度最初からお手続きをお願いします。"

# code: status, title, detail.
PROBLEMS: dict[str, tuple[int, str, str]] = {
    "bad-request": (400, "入力形式の誤り", "入力内容をご確認ください。"),
    "not-found": (404, "ページなし", "ページが見つかりません。"),
    "method-not-allowed": (405, "操作不可", "この操作はご利用いただけません。"),
    "closed": (503, "ご利用時間外", "ただいまご利用時間外です。"),
    "not-logged-in": (401, "未ログイン", "ログインしてください。"),
    "session-expired": (401, "タイムアウト", f"60分以上操作がなかったため終了しました。{START_AGAIN}"),
    "login-failed": (401, "ログイン不可", "ユーザーIDまたはパスワードが正しくありません。"),
    "easy-login-revoked": (
        401,
        "簡単ログイン不可",
        "簡単ログインはご利用いただけません。パスワードでログインしてください。",
    ),
    "account-locked": (423, "ロック中", "ログインに続けて失敗したため、一時的にご利用いただけません。"),
    "temporary-password-expired": (410, "仮パスワード期限切れ", f"仮パスワードの有効期限を過ぎました。{START_AGAIN}"),
    "code-masked": (
        422,
        "手続コード",
        "「初回パスワード／手続コード」が「*****」と表示されている場合はご利用いただけません。「新規登録」からお手続きください。",
    ),
    "code-mismatch": (422, "手続コード相違", "ご入力の内容では、お手続きいただけません。入力内容をご確認ください。"),
    "code-locked": (423, "ロック中", "続けて誤りがあったため、一時的にご利用いただけません。"),
    "line-not-linked": (409, "連携待ち", "LINEのトーク画面で、表示された英数字の文字列をそのまま送信してください。"),
    "line-code-expired": (410, "連携の期限切れ", f"英数字の文字列の有効期限を過ぎました。{START_AGAIN}"),
    "mobile-number-malformed": (422, "携帯電話番号", "携帯電話番号を正しく入力してください。"),
    "ticket-invalid": (401, "入場不可", "継続手続きは「契約の継続手続き」から始めてください。"),
    "terms-not-accepted": (422, "利用規約", "利用規約に同意のうえ、お進みください。"),
    "terms-changed": (409, "利用規約の改定", "利用規約が改定されました。再度ご確認ください。"),
    "mail-address-malformed": (422, "メールアドレス", "メールアドレスは半角で正しく入力してください。"),
    "keyword-malformed": (422, "キーワード", "キーワードは半角英数字4文字以上20文字以内で入力してください。"),
    "identity-mismatch": (422, "本人確認不可", "ご入力の内容では、ご契約を確認できませんでした。"),
    "not-eligible": (403, "対象外のご契約", f"インターネットでお手続きいただけないご契約です。{CONTACT_AGENCY}"),
    "registration-unknown": (404, "登録手続きなし", f"登録手続きが見つかりません。{START_AGAIN}"),
    "already-sent": (409, "送信済み", "ご案内メールは送信済みです。"),
    "keyword-screen-open": (409, "画面が開いています", "キーワード表示画面を閉じてから、メールのURLを開いてください。"),
    "link-unknown": (404, "URL無効", "URLが正しくありません。"),
    "link-used": (410, "URL使用済み", f"このURLは一回のみ有効です。{START_AGAIN}"),
    "link-expired": (410, "URL期限切れ", f"メール発信から48時間を経過しました。{START_AGAIN}"),
    "keyword-mismatch": (422, "キーワード相違", "キーワードが正しくありません。"),
    "keyword-expired": (410, "キーワード期限切れ", f"キーワードの有効期限は24時間です。{START_AGAIN}"),
    "keyword-locked": (410, "キーワード相違", f"キーワードの入力回数を超えました。{START_AGAIN}"),
    "password-refused": (422, "パスワード", "パスワードの条件を満たしていません。"),
    "password-differs": (422, "パスワード", "確認用パスワードが一致しません。"),
    "user-id-taken": (409, "ユーザーID", "このユーザーIDはご利用いただけません。"),
    "contract-not-found": (404, "ご契約なし", "ご契約が見つかりません。"),
    "document-unknown": (404, "書類なし", "書類が見つかりません。"),
    "plan-unknown": (404, "プランなし", "プランが見つかりません。"),
    "application-unknown": (404, "お申込みなし", "お申込みを受け付けた記録はありません。"),
    "agency-only": (403, "変更不可項目", f"インターネットで変更できない項目です。{CONTACT_AGENCY}"),
    "referred-to-agency": (409, "代理店でのお手続き", CONTACT_AGENCY),
    "renewal-not-open": (409, "受付開始前", "継続手続きの受付開始前です。"),
    "renewal-closed": (409, "受付終了", f"継続手続きの受付は終了しました。{CONTACT_AGENCY}"),
    "already-renewed": (409, "継続手続き済み", "継続のお手続きはお済みです。"),
    "out-of-order": (409, "手順外の操作", "画面の案内に沿ってお手続きください。"),
    "plan-not-requoted": (409, "再計算が必要", "プラン内容が修正されています。「再計算」をしてください。"),
    "premium-changed": (409, "保険料の変更", "保険料が変わりました。内容を再度ご確認ください。"),
    "document-changed": (409, "書類の改定", "重要事項のご説明が改定されました。再度ご確認ください。"),
    "document-not-opened": (409, "書類未確認", "重要事項のご説明を開いて内容をご確認ください。"),
    "consent-changed": (409, "同意文の改定", "同意文が変わりました。再度ご確認ください。"),
    "term-not-quotable": (422, "お見積りできない期間", "保険期間の初日をご確認ください。"),
    "model-unknown": (422, "型式の登録なし", f"この型式のお車はお見積りできません。{CONTACT_AGENCY}"),
    "risk-refused": (422, "お引受けできない条件", "ご入力の条件では、お引受けできません。"),
    "choice-unknown": (422, "選択肢なし", "選択できない内容です。"),
    "choice-not-applicable": (422, "選択不可", "現在の補償内容では選択できません。"),
    "conditions-contradict": (422, "年令条件の相違", "年令条件と、最も若い運転者の年令が合いません。"),
    "confirmation-missing": (422, "確認が必要", "内容をご確認のうえ、チェックしてください。"),
    "unanswered": (422, "未回答", "①～④は必ずご確認ください。"),
    "consent-missing": (422, "同意が必要", "同意文をご確認のうえ、同意してください。"),
    "key-missing": (400, "受付キーなし", "Idempotency-Keyを付けてください。"),
    "key-reused": (422, "受付キーの重複", "このIdempotency-Keyは別のお申込みで使用されています。"),
}


class Refusal(Exception):
    """A no, on its way to the caller."""

    def __init__(self, code: str, **members: object) -> None:
        super().__init__(code)
        self.code = code
        self.members = members

    def response(self) -> web.Response:
        status, title, detail = PROBLEMS[self.code]
        body = {"type": "about:blank", "title": title, "status": status, "code": self.code, "detail": detail}
        text = json.dumps(body | self.members, ensure_ascii=False)
        return web.Response(status=status, text=text, content_type="application/problem+json")
