"""The mails of マイページ. They are send-only."""

from contextlib import suppress

import aiosmtplib

from insurers.sandbox import Letter, World
from insurers.sompo.sandbox.contracts import Contract
from insurers.sompo.sandbox.persons import Person

SENDER = "mypage@sompo-japan.example"
SEND_ONLY = "※このメールは送信専用です。ご返信いただいてもお答えできませんので、あらかじめご了承ください。"


async def confirm_registration(world: World, mail: str, person: Person, link: str) -> None:
    """SJ-REG-15."""
    await _send(
        world,
        mail,
        "マイページ会員登録のご確認（損保ジャパン）",
        SEND_ONLY,
        f"{person.family} {person.given}様へ",
        "マイページへご登録いただき、誠にありがとうございます。\n以下のURLにアクセスし、引き続き会員登録を続けてください。",
        link,
        "※24時間以内に会員登録まで完了しない場合、上記URLは無効になります。",
    )


async def already_registered(world: World, mail: str) -> None:
    """To the owner of the address alone: whoever asked is told what everybody is told."""
    await _send(
        world,
        mail,
        "マイページ会員登録のご確認（損保ジャパン）",
        SEND_ONLY,
        "このメールアドレスは、すでにマイページに登録されています。",
        "ログインしてください。パスワードをお忘れの方は、ログイン画面から再設定してください。\n"
        "お心当たりのない場合は、このメールを破棄してください。",
    )


async def reset(world: World, mail: str, link: str) -> None:
    """SJ-LOG-10."""
    await _send(
        world,
        mail,
        "パスワード再設定のご案内（損保ジャパン）",
        SEND_ONLY,
        "以下のURLにアクセスし、新しいパスワードを設定してください。",
        link,
        "※24時間以内に再設定が完了しない場合、上記URLは無効になります。",
        "お心当たりのない場合は、このメールを破棄してください。パスワードは変わりません。",
    )


async def reset_done(world: World, mail: str) -> None:
    await _send(
        world,
        mail,
        "パスワード再設定完了のお知らせ（損保ジャパン）",
        SEND_ONLY,
        "パスワードを再設定しました。信頼できる端末の登録は、すべて解除しました。",
        "お心当たりのない場合は、取扱代理店または損保ジャパンまでご連絡ください。",
    )


async def registered(world: World, mail: str, person: Person) -> None:
    """SJ-REG-18. The registration stands, whether or not this mail goes out."""
    with suppress(OSError, aiosmtplib.SMTPException):
        await _send(
            world,
            mail,
            "マイページ会員登録完了のご連絡（損保ジャパン）",
            SEND_ONLY,
            f"{person.family} {person.given}様",
            "マイページの会員登録が完了しました。",
        )


async def passcode(world: World, mail: str, digits: str) -> None:
    """SJ-LOG-02."""
    await _send(
        world,
        mail,
        "ワンタイムパスワードのお知らせ（損保ジャパン）",
        SEND_ONLY,
        f"ワンタイムパスワード：{digits}",
        "10分以内にご入力ください。お心当たりのない場合は、このメールを破棄してください。",
    )


async def thanks(world: World, mail: str, contract: Contract) -> None:
    """SJ-REN-11. The contract is signed, whether or not this mail goes out."""
    await _send(
        world,
        mail,
        "【御礼】自動車保険のお手続きありがとうございました/損保ジャパン",
        SEND_ONLY,
        f"{contract.holder.family} {contract.holder.given}様",
        "自動車保険の更新手続きが完了しました。ありがとうございました。",
        f"更新後の証券番号：{contract.number}\n"
        f"保険期間：{contract.start:%Y年%m月%d日}午後4時から1年間\n"
        f"ご契約のお車：{contract.car.name}",
    )


async def _send(world: World, to: str, subject: str, *paragraphs: str) -> None:
    await world.postman.deliver(Letter(to=to, subject=subject, text="\n\n".join(paragraphs) + "\n", sender=SENDER))
