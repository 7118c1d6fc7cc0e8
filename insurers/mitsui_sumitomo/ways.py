"""Every way into an account, and whom it suits: the common one, then the others, easiest first."""

from insurers.mitsui_sumitomo import screens
from insurers.registration import Possession, RegistrationMethod, RegistrationPurpose, Suit
from insurers.script import Script
from insurers.text import Text

P = Possession

OWN_DETAILS = Text("契約者ご本人の情報", "The policyholder's own details")
MAILBOX = Text("メールを受信できるメールアドレス", "A mailbox that you can open")
POLICY_NUMBER = Text("証券番号", "The policy number")
CODE = Text(
    "保険証券またははがきに記載の「初回パスワード／手続コード」（「*****」でないもの）",
    "The first password or procedure code on the certificate or a postcard, not printed as asterisks",
)
LINE = Text("LINEアプリ", "LINE")

LINK_AND_KEYWORD = RegistrationMethod(
    key="link_and_keyword",
    label=Text("メールのURLとキーワードで登録", "By a mailed link and a keyword"),
    needs=(
        OWN_DETAILS,
        MAILBOX,
        Text("社員番号（団体扱のご契約に限ります）", "The employee number: this is for group-handled policies only"),
    ),
    script=Script(
        (
            screens.CUSTOMER,
            screens.TERMS_AND_KEYWORD,
            screens.MAIL,
            screens.KEYWORD_SCREEN,
            screens.CREDENTIALS,
        )
    ),
    estimated_minutes=5,
    suits=(
        Suit(
            holding=frozenset({P.EMPLOYEE_NUMBER}),
            why=Text(
                "団体扱のご契約は、保険証券がお手元になくても、社員番号と契約者ご本人の情報、メールで登録できます。",
                "A group-handled policy needs no certificate: the employee number, "
                "your own details and a mailbox are enough.",
            ),
        ),
        Suit(
            holding=frozenset(),
            why=Text(
                "保険証券がお手元になくても登録できますが、団体扱のご契約に限ります。社員番号をおたずねしますので、"
                "給与明細や社員証などでお確かめください。",
                "No certificate is needed, but this is for group-handled policies only, and the employee number "
                "is asked: look for it on a payslip or a staff card.",
            ),
        ),
    ),
)

FIRST_ID = RegistrationMethod(
    key="first_id",
    label=Text("簡単登録（初回ユーザーID／証券番号）", "Easy registration, by first user ID or policy number"),
    needs=(CODE, Text("初回ユーザーIDまたは証券番号", "The first user ID or the policy number")),
    script=Script((screens.FIRST_LOGIN, screens.CREDENTIALS)),
    estimated_minutes=2,
    suits=(
        Suit(
            holding=frozenset({P.CERTIFICATE_WITH_CODE}),
            why=Text(
                "保険証券に記載のIDとコードだけで、すぐに登録できます。",
                "The ID and the code on the certificate open the account at once.",
            ),
        ),
        Suit(
            holding=frozenset({P.POSTCARD}),
            why=Text(
                "はがきに記載の番号とコードだけで、すぐに登録できます。",
                "The number and the code on the postcard open the account at once.",
            ),
        ),
    ),
)

PROCEDURE_CODE = RegistrationMethod(
    key="procedure_code",
    label=Text("アプリ「スマ保」で手続コードから登録", "In the app, by a procedure code"),
    needs=(Text("アプリ「スマ保」", "The app"), POLICY_NUMBER, CODE),
    script=Script((screens.APP_CODE, screens.CREDENTIALS)),
    estimated_minutes=2,
    suits=(
        Suit(
            holding=frozenset({P.APP, P.CERTIFICATE_WITH_CODE}),
            why=Text(
                "保険証券に記載のコードで、アプリの「手続コード／初回パスワードをお持ちの方」から登録できます。",
                "The app takes the code on the certificate.",
            ),
        ),
        Suit(
            holding=frozenset({P.APP, P.POSTCARD}),
            why=Text(
                "はがきに記載のコードで、アプリの「手続コード／初回パスワードをお持ちの方」から登録できます。",
                "The app takes the code on the postcard.",
            ),
        ),
        Suit(
            holding=frozenset({P.APP}),
            why=Text(
                "アプリから登録できますが、手続コードまたは初回パスワードと、証券番号が必要です。"
                "コードをお持ちでない方は「新規登録」へお進みください。",
                "The app registers you, but a procedure code or a first password is needed, and the policy number. "
                "Without a code, register with the policy number alone.",
            ),
        ),
    ),
)

TEMPORARY_PASSWORD = RegistrationMethod(
    key="temporary_password",
    label=Text("新規登録（仮パスワード）", "With the policy number and a temporary password"),
    needs=(OWN_DETAILS, POLICY_NUMBER, MAILBOX),
    script=Script(
        (screens.CUSTOMER_OF_A_POLICY, screens.TERMS, screens.TEMPORARY_PASSWORD, screens.NEW_PASSWORD),
    ),
    estimated_minutes=4,
    suits=(
        Suit(
            holding=frozenset({P.APP, P.POLICY_NUMBER}),
            why=Text(
                "アプリに入力する手続コードがなくても（「お持ちでない方」）、証券番号とメールで登録できます。"
                "仮パスワードがメールで届きます。",
                "Without a code for the app, the policy number is enough: a temporary password comes by mail.",
            ),
        ),
        Suit(
            holding=frozenset({P.POLICY_NUMBER}),
            why=Text(
                "コードがなくても、証券番号とメールで登録できます。仮パスワードがメールで届きます。",
                "No code is needed: with the policy number a temporary password comes by mail.",
            ),
        ),
    ),
)

LINE_FIRST = RegistrationMethod(
    key="line",
    label=Text("LINEで登録", "By LINE"),
    needs=(OWN_DETAILS, POLICY_NUMBER, LINE),
    script=Script((screens.CUSTOMER_IN_LINE, screens.TERMS, screens.LINE_MESSAGE)),
    estimated_minutes=3,
    suits=(
        Suit(
            holding=frozenset({P.LINE, P.POLICY_NUMBER}),
            why=Text(
                "証券番号があれば、LINEで登録でき、次回からは簡単ログインになります。",
                "With the policy number, LINE registers you, and signs you in from then on.",
            ),
        ),
    ),
)

CREDENTIAL_RESET = RegistrationMethod(
    key="credential_reset",
    label=Text("ユーザーID・パスワードの再登録", "User ID or password forgotten"),
    needs=(
        Text("ご登録のメールアドレス（受信できること）", "The registered mailbox, which you can open"),
        Text("生年月日", "Your date of birth"),
    ),
    script=Script((screens.REGISTERED, screens.RESET_MAIL, screens.KEYWORD_SCREEN, screens.CREDENTIALS)),
    purpose=RegistrationPurpose.CREDENTIAL_RESET,
    estimated_minutes=4,
    suits=(
        Suit(
            holding=frozenset({P.REGISTERED_MAILBOX}),
            why=Text(
                "ご登録のメールアドレスで、ユーザーIDとパスワードを再登録できます。",
                "The registered mailbox lets you choose user ID and password anew.",
            ),
        ),
    ),
    instead=LINK_AND_KEYWORD.key,
)

LINE_LINK = RegistrationMethod(
    key="line_link",
    label=Text("LINEと連携", "Link LINE to the account"),
    needs=(LINE,),
    script=Script((screens.ADD_FRIEND, screens.LINE_FRIEND_MESSAGE)),
    purpose=RegistrationPurpose.LINK_MESSENGER,
    estimated_minutes=1,
    suits=(
        Suit(
            holding=frozenset({P.LINE}),
            why=Text(
                "LINEでご契約の確認、事故の連絡・経過確認ができるようになります。",
                "LINE then shows your policies, and takes and follows an accident report.",
            ),
        ),
    ),
)

WAYS = (
    LINK_AND_KEYWORD,
    FIRST_ID,
    # Before the mail, or nobody who has LINE at hand would be told of it.
    LINE_FIRST,
    TEMPORARY_PASSWORD,
    # After those that are sure to open: who names the app alone may have no code (MS-REG-24).
    PROCEDURE_CODE,
    CREDENTIAL_RESET,
    LINE_LINK,
)
