"""What a person fills in to register by link and keyword, screen by screen (MS-REG-01…18)."""

from insurers.account import ChallengeKind
from insurers.registration import RegistrationMethod
from insurers.script import (
    Confirmation,
    Fact,
    Field,
    InputKind,
    OutOfBand,
    Script,
    SecretAsked,
    Step,
    StepKind,
)
from insurers.text import Text

FAMILY_NAME = "family_name"
GIVEN_NAME = "given_name"
FAMILY_KANA = "family_kana"
GIVEN_KANA = "given_kana"
BIRTH_DATE = "birth_date"
EMAIL = "email"
EMPLOYEE_NUMBER = "employee_number"
CHOSEN_KEYWORD = "chosen_keyword"
TERMS = "terms"
ENTRIES = "entries_confirmed"

LINK_STEP, LINK = "mail_link", "link"
KEYWORD_STEP, KEYWORD = "keyword", "keyword"
CREDENTIALS_STEP, USER_ID, PASSWORD, MAIL_WANTED = "credentials", "user_id", "password", "mail_wanted"
CHOICES = "credentials_confirmed"

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

CUSTOMER = Step(
    key="customer",
    kind=StepKind.IDENTITY,
    title=Text("お客さま情報の入力", "Your details"),
    help=Text("保険証券に記載の契約者の情報をご入力ください。", "As the policyholder stands on the policy."),
    requirements=(
        Field(key=FAMILY_NAME, label=Text("契約者氏名（姓）", "Family name"), input=InputKind.TEXT, max_length=30),
        Field(key=GIVEN_NAME, label=Text("契約者氏名（名）", "Given name"), input=InputKind.TEXT, max_length=30),
        Field(key=FAMILY_KANA, label=Text("セイ", "Family name in kana"), input=InputKind.KANA, max_length=30),
        Field(key=GIVEN_KANA, label=Text("メイ", "Given name in kana"), input=InputKind.KANA, max_length=30),
        Field(key=BIRTH_DATE, label=Text("生年月日", "Date of birth"), input=InputKind.DATE),
        Field(key=EMAIL, label=Text("メールアドレス", "Mail address"), input=InputKind.EMAIL),
        Field(
            key=EMPLOYEE_NUMBER,
            label=Text("社員番号（団体扱のご契約の場合）", "Employee number, for a group-handled policy"),
            input=InputKind.TEXT,
            required=False,
            max_length=30,
        ),
    ),
)

# The keyword is a secret, so it is asked where it is sent at once, and the terms stand beside it. The insurer's
# second screen, where the entries are confirmed before they are sent, is the last box (MS-REG-02, 14).
TERMS_AND_KEYWORD = Step(
    key="terms",
    kind=StepKind.TERMS,
    title=Text("利用規約とキーワード、入力内容の確認", "Terms of use, a keyword, and a check of the entries"),
    help=Text(
        "キーワードは半角英数字4～20文字です。省略すると三井住友海上が発行します。必ずお控えください。",
        "The keyword is 4 to 20 ASCII letters and digits. Leave it out and the insurer issues one. Note it down.",
    ),
    requirements=(
        Field(
            key=CHOSEN_KEYWORD,
            label=Text("任意のキーワード", "A keyword of your choice"),
            input=InputKind.TEXT,
            required=False,
            pattern="([A-Za-z0-9]{4,20})?",
            sensitive=True,
        ),
        Confirmation(
            key=TERMS,
            label=Text("利用規約に同意します。", "I agree to the terms of use."),
            statement=f"利用規約に同意します。（利用規約 {TERMS_EDITION}版）",
        ),
        Confirmation(
            key=ENTRIES,
            label=Text("入力内容の確認", "What was entered is right, and may be sent"),
            statement="お客さま情報の内容を確認し「送信する」を選択ください。",
        ),
    ),
    facts=(
        Fact(
            key="terms_of_use",
            label=Text(f"利用規約（{TERMS_EDITION}版）", f"Terms of use, edition {TERMS_EDITION}"),
            value=TERMS_TEXT,
        ),
    ),
    sends=True,
)

MAIL = Step(
    key=LINK_STEP,
    kind=StepKind.OUT_OF_BAND,
    title=Text("メールの受信", "The mail"),
    help=Text(
        "件名「【三井住友海上】初回利用登録に関するご案内」のメールに記載のURLを、開かずにそのままご入力ください。"
        "URLは48時間有効で、一回のアクセスのみ有効です。",
        "Copy the link out of the mail and enter it here. It lives for 48 hours and works once.",
    ),
    requirements=(OutOfBand(key=LINK, label=Text("メール本文のURL", "The link in the mail")),),
)

KEYWORD_SCREEN = Step(
    key=KEYWORD_STEP,
    kind=StepKind.CHALLENGE,
    title=Text("キーワードの入力", "The keyword"),
    requirements=(
        SecretAsked(
            key=KEYWORD,
            label=Text("お控えのキーワード", "The keyword that you noted down"),
            kind=ChallengeKind.KEYWORD,
        ),
    ),
)

CREDENTIALS = Step(
    key=CREDENTIALS_STEP,
    kind=StepKind.CREDENTIALS,
    title=Text("ユーザーIDとパスワードの登録", "User ID and password"),
    help=PASSWORD_HINT,
    requirements=(
        Field(
            key=USER_ID, label=Text("ユーザーID（メールアドレス）", "User ID, a mail address"), input=InputKind.EMAIL
        ),
        Field(
            key=PASSWORD,
            label=Text("パスワード", "Password"),
            input=InputKind.PASSWORD,
            sensitive=True,
        ),
        Field(
            key=MAIL_WANTED,
            label=Text("メールによるご案内を希望する", "Mails about services are welcome"),
            input=InputKind.BOOLEAN,
        ),
        Confirmation(
            key=CHOICES,
            label=Text("入力内容の確認", "User ID and password are as wished"),
            statement="「入力内容の確認」で確認し「次へ」",
        ),
    ),
)

LINK_AND_KEYWORD = RegistrationMethod(
    key="link_and_keyword",
    label=Text("メールのURLとキーワードで登録", "By a mailed link and a keyword"),
    needs=(
        Text("契約者ご本人の情報", "The policyholder's own details"),
        Text("メールを受信できるメールアドレス", "A mailbox that you can open"),
        Text("社員番号（団体扱のご契約の場合）", "The employee number, for a group-handled policy"),
    ),
    script=Script((CUSTOMER, TERMS_AND_KEYWORD, MAIL, KEYWORD_SCREEN, CREDENTIALS)),
    estimated_minutes=5,
)
