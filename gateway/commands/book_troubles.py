"""Why nothing was done to a book."""

from insurers.text import Text


class NoBook(Exception):
    """What was asked for is not there; the sentence says what to do."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(sentence.en)
        self.sentence = sentence


def no_agency(agency: str) -> NoBook:
    return NoBook(
        Text(
            f"{agency}: この代理店は登録されていません。`tabane agency list` で確認してください。",
            f"{agency}: there is no such agency here. `tabane agency list` shows those that are.",
        )
    )


def no_appointment(agency: str, insurer: str) -> NoBook:
    return NoBook(
        Text(
            f"{agency}: {insurer} の取扱いがありません。`tabane agency list` で確認してください。",
            f"{agency} does not sell for {insurer}. See `tabane agency list`.",
        )
    )


def nothing_to_read() -> NoBook:
    return NoBook(
        Text(
            "読み取る契約データがありません。代理店は `tabane agency import`、"
            "保険会社は TABANE_INSURERS で設定します。",
            "There is no feed to read. Agencies come by `tabane agency import`, insurers by TABANE_INSURERS.",
        )
    )


def not_importable(insurer: str) -> NoBook:
    return NoBook(
        Text(
            f"{insurer}: 契約データのファイルを提供していません。`tabane book sync` で取り込んでください。",
            f"{insurer} gives agencies no file. Use `tabane book sync`.",
        )
    )


def under_way(agency: str, insurer: str) -> NoBook:
    return NoBook(
        Text(
            f"{agency}・{insurer} は読み取り中です。"
            "`tabane book status` で終わりを確認して、もう一度実行してください。",
            f"The feed of {agency} at {insurer} is being read. See `tabane book status`, and run this again after it.",
        )
    )
