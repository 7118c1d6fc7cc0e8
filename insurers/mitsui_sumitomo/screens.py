"""The insurer's screens on the way to an account, one step each (MS-REG-01…24, MS-RST-01…05, MS-LIN-02, 03)."""

from insurers.account import ChallengeKind
from insurers.mitsui_sumitomo import forms
from insurers.script import Confirmation, Field, InputKind, OutOfBand, SecretAsked, Step, StepKind
from insurers.text import Text

HOLDER = Text("保険証券に記載の契約者の情報をご入力ください。", "As the policyholder stands on the policy.")

CUSTOMER = Step(
    key="customer",
    kind=StepKind.IDENTITY,
    title=Text("お客さま情報の入力", "Your details"),
    help=HOLDER,
    requirements=(
        *forms.NAMES,
        forms.BIRTH,
        forms.MAIL_ADDRESS,
        Field(
            key=forms.EMPLOYEE_NUMBER,
            label=Text("社員番号（団体扱のご契約の場合）", "Employee number, for a group-handled policy"),
            input=InputKind.TEXT,
            required=False,
            max_length=30,
        ),
    ),
)

CUSTOMER_OF_A_POLICY = Step(
    key="customer",
    kind=StepKind.IDENTITY,
    title=Text("お客さま情報の入力", "Your details"),
    help=Text(
        "保険証券に記載の契約者の情報をご入力ください。メールアドレスがユーザーIDになります。",
        "As the policyholder stands on the policy. The mail address becomes the user ID.",
    ),
    requirements=(*forms.NAMES, forms.BIRTH, forms.POLICY, forms.MAIL_ADDRESS),
)

CUSTOMER_IN_LINE = Step(
    key="customer",
    kind=StepKind.IDENTITY,
    title=Text("お客さま情報の入力", "Your details"),
    help=Text(
        "保険証券に記載の契約者の情報をご入力ください。※証券番号の入力が必要です。",
        "As the policyholder stands on the policy. The policy number is needed.",
    ),
    requirements=(*forms.NAMES, forms.BIRTH, forms.POLICY),
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
            key=forms.CHOSEN_KEYWORD,
            label=Text("任意のキーワード", "A keyword of your choice"),
            input=InputKind.TEXT,
            required=False,
            pattern="([A-Za-z0-9]{4,20})?",
            expected=Text("キーワードは半角英数字4～20文字です。", "A keyword has 4 to 20 ASCII letters and digits."),
            sensitive=True,
        ),
        forms.AGREED,
        forms.CHECKED,
    ),
    facts=(forms.TERMS_OF_USE,),
    sends=True,
)

TERMS = Step(
    key="terms",
    kind=StepKind.TERMS,
    title=Text("利用規約と入力内容の確認", "Terms of use, and a check of the entries"),
    requirements=(forms.AGREED, forms.CHECKED),
    facts=(forms.TERMS_OF_USE,),
    sends=True,
)

MASKED = Text(
    "コードが「*****」と表示されている場合はご利用できません。「新規登録」へお進みください。",
    "A code that is printed as asterisks cannot be used: register with the policy number and a mail address instead.",
)

FIRST_LOGIN = Step(
    key="first_login",
    kind=StepKind.CREDENTIALS,
    title=Text("簡単登録", "Easy registration"),
    help=MASKED,
    requirements=(
        Field(
            key=forms.FIRST_USER_ID,
            label=Text("初回ユーザーID／証券番号", "First user ID, or policy number"),
            input=InputKind.TEXT,
            max_length=20,
        ),
        forms.CODE,
        forms.AGREED,
    ),
    facts=(forms.TERMS_OF_USE,),
    sends=True,
)

APP_CODE = Step(
    key="procedure_code",
    kind=StepKind.CREDENTIALS,
    title=Text("手続コード／初回パスワードをお持ちの方", "With a procedure code or a first password"),
    help=MASKED,
    requirements=(forms.POLICY, forms.BIRTH, forms.CODE, forms.AGREED),
    facts=(forms.TERMS_OF_USE,),
    sends=True,
)

REGISTERED = Step(
    key="registered",
    kind=StepKind.IDENTITY,
    title=Text("ユーザーID・パスワードをお忘れの方", "User ID or password forgotten"),
    help=Text(
        "ご登録メールアドレス、生年月日をご入力ください。"
        "ご登録メールアドレスが使用できなくなっている場合は、再度「新規利用登録」を行ってください。",
        "The registered mail address and your date of birth. If that mailbox is dead, register anew.",
    ),
    requirements=(forms.MAIL_ADDRESS, forms.BIRTH),
    sends=True,
)

MAIL = Step(
    key=forms.LINK_STEP,
    kind=StepKind.OUT_OF_BAND,
    title=Text("メールの受信", "The mail"),
    help=Text(
        "件名「【三井住友海上】初回利用登録に関するご案内」のメールに記載のURLを、開かずにそのままご入力ください。"
        "URLは48時間有効で、一回のアクセスのみ有効です。",
        "Copy the link out of the mail and enter it here. It lives for 48 hours and works once.",
    ),
    requirements=(OutOfBand(key=forms.LINK, label=Text("メール本文のURL", "The link in the mail")),),
)

RESET_MAIL = Step(
    key=forms.LINK_STEP,
    kind=StepKind.OUT_OF_BAND,
    title=Text("メールの受信", "The mail"),
    help=Text(
        "再登録のご案内メールに記載のURLを、開かずにそのままご入力ください。一回のアクセスのみ有効です。"
        "画面に表示されたキーワードの有効期限は24時間です。メールには、キーワードをご案内していません。",
        "Copy the link out of the mail and enter it here; it works once. The keyword on the screen lives for 24 hours "
        "and is not in the mail.",
    ),
    requirements=(OutOfBand(key=forms.LINK, label=Text("メール本文のURL", "The link in the mail")),),
)

KEYWORD_SCREEN = Step(
    key=forms.KEYWORD_STEP,
    kind=StepKind.CHALLENGE,
    title=Text("キーワードの入力", "The keyword"),
    requirements=(
        SecretAsked(
            key=forms.KEYWORD,
            label=Text("お控えのキーワード", "The keyword that you noted down"),
            kind=ChallengeKind.KEYWORD,
        ),
    ),
)

CREDENTIALS = Step(
    key=forms.CREDENTIALS_STEP,
    kind=StepKind.CREDENTIALS,
    title=Text("ユーザーIDとパスワードの登録", "User ID and password"),
    help=forms.PASSWORD_HINT,
    requirements=(
        Field(
            key=forms.USER_ID,
            label=Text("ユーザーID（メールアドレス）", "User ID, a mail address"),
            input=InputKind.EMAIL,
        ),
        forms.CHOSEN_PASSWORD,
        forms.MAIL_WISH,
        Confirmation(
            key=forms.CHOICES,
            label=Text("入力内容の確認", "User ID and password are as wished"),
            statement="「入力内容の確認」で確認し「次へ」",
        ),
    ),
    facts=(forms.MAIL_WISH_TAKES_TIME,),
)

TEMPORARY_PASSWORD = Step(
    key=forms.TEMPORARY_STEP,
    kind=StepKind.CHALLENGE,
    title=Text("仮パスワードでログイン", "Log in with the temporary password"),
    requirements=(
        SecretAsked(
            key=forms.TEMPORARY_PASSWORD,
            label=Text("メールに記載の仮パスワード", "The temporary password in the mail"),
            kind=ChallengeKind.TEMPORARY_PASSWORD,
        ),
    ),
)

NEW_PASSWORD = Step(
    key=forms.NEW_PASSWORD_STEP,
    kind=StepKind.CREDENTIALS,
    title=Text("パスワードの変更", "A password of your own"),
    help=forms.PASSWORD_HINT,
    requirements=(forms.CHOSEN_PASSWORD, forms.MAIL_WISH),
    facts=(forms.MAIL_WISH_TAKES_TIME,),
)

AS_IT_IS = Text(
    "表示された英数字の文字列を、LINEのトーク画面でそのまま送信してください。30分間、一回のみ有効です。",
    "Send the string that is shown, as it is, in the LINE chat. It lives for 30 minutes and works once.",
)
SENT = Confirmation(
    key=forms.LINE_SENT,
    label=Text("LINEで送信しました", "I have sent it in LINE"),
    statement="LINEのトーク画面に英数字の文字列が自動的に入力されるので、そのまま送信",
)

LINE_MESSAGE = Step(
    key=forms.LINE_STEP,
    kind=StepKind.OUT_OF_BAND,
    title=Text("LINEでの送信", "The message in LINE"),
    help=AS_IT_IS,
    requirements=(SENT,),
)

ADD_FRIEND = Step(
    key="line",
    kind=StepKind.TERMS,
    title=Text("友だち追加", "Add the insurer as a friend"),
    help=Text(
        "三井住友海上のLINE公式アカウントを友だちに追加し、認可画面で「同意する」をタップしてください。",
        "Add the insurer's official account in LINE, and agree on the screen that asks for it.",
    ),
    requirements=(
        Confirmation(
            key=forms.ADD_FRIEND,
            label=Text("友だち追加", "The insurer is added as a friend in LINE"),
            statement="友だち追加",
        ),
    ),
    sends=True,
)

LINE_FRIEND_MESSAGE = Step(
    key=forms.LINE_ADDED_STEP,
    kind=StepKind.OUT_OF_BAND,
    title=Text("LINEでの送信", "The message in LINE"),
    help=AS_IT_IS,
    requirements=(SENT,),
)
