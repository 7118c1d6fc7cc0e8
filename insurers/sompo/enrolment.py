"""What a registration asks, in the words of the leaflet (SJ-REG-06 to SJ-REG-17)."""

from insurers.registration import Possession, RegistrationMethod, Suit
from insurers.script import Confirmation, Field, InputKind, OutOfBand, Script, Step, StepKind
from insurers.sompo.fields import (
    ADDRESS_LONGEST,
    BIRTH_DATE,
    EMAIL,
    NAME_LONGEST,
    PASSWORD,
    POLICY_NUMBERS,
    TRUSTED_DEVICE,
    Key,
    StepKey,
)
from insurers.text import Text

# KIYAKU_BAN, WIRE.md §3.1. The words of the tick name no edition, and what was read is one.
TERMS_EDITION = "2026-04"
TERMS_STATEMENT = "会員規定について確認しました。"
ENTRIES_STATEMENT = "以下の内容に誤りがなければ、「確定」ボタンをクリックしてください。"

TERMS = Step(
    key=StepKey.TERMS,
    kind=StepKind.TERMS,
    title=Text("会員規定への同意", "Agreement to the membership rules"),
    help=Text(
        "マイページのご登録、ご利用には共通ID会員登録およびマイページサービス規定への同意が必要となります。"
        f"会員規定（{TERMS_EDITION}版）は、損保ジャパンマイページの会員登録画面でお読みいただけます。",
        "Using My Page requires agreement to the common-ID membership and My Page rules. "
        f"Edition {TERMS_EDITION} of them can be read on the registration screen of Sompo Japan My Page.",
    ),
    requirements=(
        Confirmation(
            key=Key.TERMS_CONFIRMED,
            label=Text(f"会員規定（{TERMS_EDITION}版）", f"Membership rules (edition {TERMS_EDITION})"),
            statement=TERMS_STATEMENT,
        ),
    ),
)

CUSTOMER = Step(
    key=StepKey.CUSTOMER,
    kind=StepKind.IDENTITY,
    title=Text("お客さま情報の入力", "About you"),
    help=Text(
        "入力された情報とご契約情報の下記4項目が一致していないと契約の登録ができません。"
        "「氏名」「住所」「生年月日」「電話番号」"
        "団体傷害保険、団体所得補償保険、団体医療保険などの団体契約は、マイページへの登録ができません。"
        "証券番号を入力されていないお客さまは、「希望する」が選択されていても満期案内メールは配信されません。"
        "特約火災保険、自賠責保険など一部の商品には配信されません。",
        "Name, address, date of birth and phone number must be the same as on the contract. Group contracts cannot "
        "be registered. Mails before maturity come only if a policy number was entered, and for some products never.",
    ),
    requirements=(
        Field(key=Key.FAMILY_NAME, label=Text("姓", "Family name"), input=InputKind.TEXT, max_length=NAME_LONGEST),
        Field(key=Key.GIVEN_NAME, label=Text("名", "Given name"), input=InputKind.TEXT, max_length=NAME_LONGEST),
        BIRTH_DATE,
        Field(key=Key.POSTAL_CODE, label=Text("郵便番号", "Postal code"), input=InputKind.POSTAL_CODE),
        Field(
            key=Key.ADDRESS,
            label=Text("住所", "Address"),
            input=InputKind.TEXT,
            max_length=ADDRESS_LONGEST,
        ),
        Field(key=Key.PHONE, label=Text("電話番号", "Phone number"), input=InputKind.PHONE),
        POLICY_NUMBERS,
        Field(
            key=Key.MATURITY_MAIL,
            label=Text("満期案内メールを希望する", "Send me mails before maturity"),
            input=InputKind.BOOLEAN,
        ),
    ),
)

CREDENTIALS = Step(
    key=StepKey.CREDENTIALS,
    kind=StepKind.CREDENTIALS,
    title=Text("メールアドレス（ID）とパスワード", "Mail address (ID) and password"),
    help=Text(
        "設定したパスワードは本登録の際に必要ですので、必ず控えておいてください。"
        "ご登録いただいた情報はマイページに関するものであり、ご契約内容等には反映されません。",
        "Note the password: it is asked again at the end. What you enter here does not change your contract.",
    ),
    requirements=(
        EMAIL,
        PASSWORD,
        Confirmation(
            key=Key.ENTRIES_CONFIRMED,
            label=Text("お客さま情報の確認", "What you entered is right"),
            statement=ENTRIES_STATEMENT,
        ),
    ),
    sends=True,
)

MAIL_LINK = Step(
    key=StepKey.MAIL_LINK,
    kind=StepKind.OUT_OF_BAND,
    title=Text("仮登録受付", "Provisional registration"),
    help=Text(
        "本登録は完了していませんのでご注意ください。24時間以内に会員登録まで完了しない場合、URLは無効になります。",
        "You are not registered yet. The link in the mail dies 24 hours after it was sent.",
    ),
    requirements=(
        OutOfBand(
            key=Key.LINK,
            label=Text("登録確認メールに記載されているURL", "The link in the mail"),
        ),
    ),
)

FULL_REGISTRATION = Step(
    key=StepKey.FULL_REGISTRATION,
    kind=StepKind.CHALLENGE,
    title=Text("本登録", "Full registration"),
    help=Text(
        "「お客さま情報の入力」画面で設定したパスワードを入力してください。大文字と小文字を区別して照合します。"
        "信頼できる端末として登録すると、次回以降のワンタイムパスワードの入力を省略できます。"
        "登録しない場合、30分ご利用がないと再度ログインが必要です。",
        "Enter the password that you chose; capitals matter. A trusted device needs no passcode the next time. "
        "Without one you will have to sign in again after 30 minutes without use.",
    ),
    requirements=(
        Field(
            key=Key.PASSWORD_AGAIN,
            label=Text("パスワード（半角英数字）", "Password (letters and digits)"),
            input=InputKind.PASSWORD,
            sensitive=True,
        ),
        TRUSTED_DEVICE,
    ),
)

PROVISIONAL = RegistrationMethod(
    key="provisional",
    label=Text("マイページ会員登録", "My Page membership"),
    needs=(
        Text("保険証券（証券番号）", "Your policy number"),
        Text("ご契約と同じ氏名・住所・生年月日・電話番号", "Name, address, birth date and phone as on the contract"),
        Text("外出先でもご確認いただけるメールアドレス", "A mail address that you can read now"),
    ),
    script=Script(steps=(TERMS, CUSTOMER, CREDENTIALS, MAIL_LINK, FULL_REGISTRATION)),
    # SJ-REG-01.
    estimated_minutes=5,
    suits=(
        Suit(
            holding=frozenset({Possession.POLICY_NUMBER}),
            why=Text(
                "証券番号とご契約者の情報で会員登録でき、登録するとすぐにご契約を確認できます。",
                "With a policy number you become a member and see the contract at once.",
            ),
        ),
        Suit(
            holding=frozenset(),
            why=Text(
                "証券番号がなくても会員登録できます。ご契約はあとから追加できますが、それまで満期案内メールは届きません。",
                "You can become a member without a policy number. Add the contract later; until then no mails come.",
            ),
        ),
    ),
)
