"""What a person fills in, by key, and the words that stand on more than one screen."""

from insurers.script import Confirmation, Fact, Field, InputKind
from insurers.text import Text

FAMILY_NAME = "family_name"
GIVEN_NAME = "given_name"
FAMILY_KANA = "family_kana"
GIVEN_KANA = "given_kana"
BIRTH_DATE = "birth_date"
EMAIL = "email"
EMPLOYEE_NUMBER = "employee_number"
POLICY_NUMBER = "policy_number"
FIRST_USER_ID = "first_user_id"
PROCEDURE_CODE = "procedure_code"
CHOSEN_KEYWORD = "chosen_keyword"
TERMS = "terms"
ENTRIES = "entries_confirmed"
ADD_FRIEND = "add_friend"

LINK_STEP, LINK = "mail_link", "link"
KEYWORD_STEP, KEYWORD = "keyword", "keyword"
CREDENTIALS_STEP, USER_ID, PASSWORD, MAIL_WANTED = "credentials", "user_id", "password", "mail_wanted"
CHOICES = "credentials_confirmed"
TEMPORARY_STEP, TEMPORARY_PASSWORD = "temporary_password", "temporary_password"
NEW_PASSWORD_STEP = "new_password"
# One step for each script, so that the step alone tells whom to ask whether the string came.
LINE_STEP, LINE_ADDED_STEP, LINE_SENT = "line_message", "line_friend_message", "line_sent"

# No leaflet prints the terms: these are invented, as WIRE.md §3.1 says, and the edition is what is agreed to.
TERMS_EDITION = "2026-04"
TERMS_TEXT = (
    "本サービスは、ご契約者ご本人が、ご自身のご契約の確認と継続手続きのためにご利用いただけます。"
    "ユーザーIDとパスワードはご本人が管理し、他の方に知らせないでください。"
    "ご登録の内容は、本人確認とご案内のために利用します。"
)

PASSWORD_HINT = Text(
    "6文字以上、半角英数字・半角記号・数字・記号から2種類以上を組み合わせ、"
    "必ず大文字・小文字をそれぞれ1文字以上含む。例) abc123, SP@CN123, 7890123456 など",
    "As printed by the insurer: at least 6 characters, two or more kinds of letters, digits and symbols, with upper "
    "and lower case. Its own examples break this rule, so the insurer decides.",
)

NAMES = (
    Field(key=FAMILY_NAME, label=Text("契約者氏名（姓）", "Family name"), input=InputKind.TEXT, max_length=30),
    Field(key=GIVEN_NAME, label=Text("契約者氏名（名）", "Given name"), input=InputKind.TEXT, max_length=30),
    Field(key=FAMILY_KANA, label=Text("セイ", "Family name in kana"), input=InputKind.KANA, max_length=30),
    Field(key=GIVEN_KANA, label=Text("メイ", "Given name in kana"), input=InputKind.KANA, max_length=30),
)
BIRTH = Field(key=BIRTH_DATE, label=Text("生年月日", "Date of birth"), input=InputKind.DATE)
MAIL_ADDRESS = Field(key=EMAIL, label=Text("メールアドレス", "Mail address"), input=InputKind.EMAIL)
POLICY = Field(
    key=POLICY_NUMBER,
    label=Text("証券番号", "Policy number"),
    input=InputKind.POLICY_NUMBER,
    pattern="[0-9]{10}",
    expected=Text("証券番号は数字10桁です。", "A policy number has ten digits."),
)
CODE = Field(
    key=PROCEDURE_CODE,
    label=Text("初回パスワード／手続コード", "First password, or procedure code"),
    input=InputKind.PASSWORD,
    sensitive=True,
)
CHOSEN_PASSWORD = Field(key=PASSWORD, label=Text("パスワード", "Password"), input=InputKind.PASSWORD, sensitive=True)
MAIL_WISH = Field(
    key=MAIL_WANTED,
    label=Text("メールによるご案内を希望する", "Mails about services are welcome"),
    input=InputKind.BOOLEAN,
)
MAIL_WISH_TAKES_TIME = Fact(
    key="mail_wish_takes_time",
    label=Text("メールのご希望の反映", "When the wish about mails takes effect"),
    value="メールのご希望の設定・変更が反映されるまで、メールでご案内する場合がございます。",
)

AGREED = Confirmation(
    key=TERMS,
    label=Text("利用規約に同意します。", "I agree to the terms of use."),
    statement=f"利用規約に同意します。（利用規約 {TERMS_EDITION}版）",
)
CHECKED = Confirmation(
    key=ENTRIES,
    label=Text("入力内容の確認", "What was entered is right, and may be sent"),
    statement="お客さま情報の内容を確認し「送信する」を選択ください。",
)
TERMS_OF_USE = Fact(
    key="terms_of_use",
    label=Text(f"利用規約（{TERMS_EDITION}版）", f"Terms of use, edition {TERMS_EDITION}"),
    value=TERMS_TEXT,
)
