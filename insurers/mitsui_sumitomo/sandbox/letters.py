"""The insurer's mails (WIRE.md §10). The keyword is in none of them."""

from datetime import datetime

from insurers.sandbox import TOKYO, Letter

from .contracts import Contract
from .times import spell

SENDER = "三井住友海上 <noreply@ms-ins.example>"

# Invented, and nobody's: the real desk is not to be rung, nor anybody else.
DESK = "インターネットデスク TEL:03-0000-0168 受付時間:月～金曜日(除く祝日・年末年始)9:00～17:00"
NO_REPLY = "本メールは自動発信しております。本メールへのお問い合わせは承りかねますので、あらかじめご了承願います。"


def invitation(to: str, url: str, dies_at: datetime) -> Letter:
    local = dies_at.astimezone(TOKYO)
    limit = f"{local.year}年{local.month}月{local.day}日{local.hour}時まで"
    text = f"""三井住友海上「ご契約者さま専用ページ」をご利用いただきありがとうございます。

初回利用登録を完了するために、以下のURLを開いてください。
開いた画面にご指定いただいた【キーワード】を入力してください。
続いて、ユーザーIDとパスワードをご指定いただきますと利用登録は完了します。

※このURLはセキュリティを考慮し、一回のアクセスのみ有効となっております。
また、本メール発信から48時間を経過しますと、利用できなくなりますのでご注意ください。

{url}
ご利用期限:{limit}

本メールに心当たりのない場合や不明な点がある場合は、以下【お問い合わせ先】までご連絡ください。

三井住友海上火災保険株式会社（模擬環境）
{DESK}

{NO_REPLY}
"""
    return Letter(to=to, sender=SENDER, subject="【三井住友海上】初回利用登録に関するご案内", text=text)


def temporary_password(to: str, password: str, dies_at: datetime) -> Letter:
    local = dies_at.astimezone(TOKYO)
    limit = f"{local.year}年{local.month}月{local.day}日{local.hour}時{local.minute}分まで"
    text = f"""三井住友海上「ご契約者さま専用ページ」をご利用いただきありがとうございます。

ログイン画面で、ご登録のメールアドレスと以下の仮パスワードを入力してください。
ログイン後、パスワードを変更いただきますと利用登録は完了します。

仮パスワード:{password}
ご利用期限:{limit}

三井住友海上火災保険株式会社（模擬環境）
{DESK}

{NO_REPLY}
"""
    return Letter(to=to, sender=SENDER, subject="【三井住友海上】仮パスワードのご案内", text=text)


def reset(to: str, url: str) -> Letter:
    text = f"""ユーザーID・パスワードの再登録を行うために、以下のURLを開いてください。
開いた画面に、お手続きの画面に表示された【キーワード】を入力してください。
本メールには、キーワードをご案内していません。
キーワードの有効期限は24時間です。有効期限を過ぎると再度お手続きが必要です。

※このURLはセキュリティを考慮し、一回のアクセスのみ有効となっております。

{url}

本メールに心当たりのない場合や不明な点がある場合は、以下【お問い合わせ先】までご連絡ください。

三井住友海上火災保険株式会社（模擬環境）
{DESK}

{NO_REPLY}
"""
    return Letter(to=to, sender=SENDER, subject="【三井住友海上】ユーザーID・パスワード再登録に関するご案内", text=text)


def renewed(to: str, receipt: str, old: Contract, new: Contract) -> Letter:
    text = f"""自動車保険の継続手続きが完了しました。

受付番号: {receipt}
現在のご契約: {old.shoken_no}
継続後のご契約: {new.shoken_no}
保険期間: {spell(new.hoken_kikan.shiki)} から {spell(new.hoken_kikan.manki)} まで
年間保険料: {new.nenkan_gokei:,}円

三井住友海上火災保険株式会社（模擬環境）
{DESK}

{NO_REPLY}
"""
    return Letter(to=to, sender=SENDER, subject="【三井住友海上】自動車保険 継続手続き完了のお知らせ", text=text)
