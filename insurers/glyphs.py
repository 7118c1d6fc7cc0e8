"""The many forms of one kanji (異体字, 外字), and what an insurer's characters hold of them (domain 5.3)."""

import re
import unicodedata

# For each form the common one of the same character. Two characters that people mix up are not one:
# 斎 and 斉 stay two. Names are matched by it; what a person wrote stays as it is.
VARIANTS = dict(
    zip(
        "髙﨑濵德𠮷栁桒閒瀨淸靑增敎曻橫緖薰賴寬郞黑綠內吳𣘺圡𡈽鷗彥槪戶產麴曆歷尙每步緣晚悅銳鄕涉姬冝﨔杦𣏾𦚰蔣萊驒"
        "邊邉齋齊澤廣國嶋嶌濱眞龍櫻萬條會惠榮瀧鐵學壽藝圓豐與禮寶將應鹽峯舘檜曾淵藪冨楳兒來佛勳嚴埜夛實專嶽彌晉樂檢"
        "歸氣濟爲盡祿稻穗經總繩莊藏處號螢覺讓釋錄鎭關雞鷄顯驛麥龜嵜碕縣燈數狹峽靈髮點齒聰禪壯靜瑤遙槇凛堯檮籠蘆鶯礪",
        "高崎浜徳吉柳桑間瀬清青増教昇横緒薫頼寛郎黒緑内呉橋土土鴎彦概戸産麹暦歴尚毎歩縁晩悦鋭郷渉姫宜欅杉杉脇蒋莱騨"
        "辺辺斎斉沢広国島島浜真竜桜万条会恵栄滝鉄学寿芸円豊与礼宝将応塩峰館桧曽渕薮富梅児来仏勲厳野多実専岳弥晋楽検"
        "帰気済為尽禄稲穂経総縄荘蔵処号蛍覚譲釈録鎮関鶏鶏顕駅麦亀崎崎県灯数狭峡霊髪点歯聡禅壮静瑶遥槙凜尭梼篭芦鴬砺",
        strict=True,
    )
)
_COMMON = str.maketrans(VARIANTS)

# Selectors (IVS) tell apart glyphs of one character, such as the many of 辺.
_SELECTORS = dict.fromkeys([*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])
_CHARACTER = re.compile(r".[\uFE00-\uFE0F\U000E0100-\U000E01EF]*", re.DOTALL)

# The two Japanese codecs disagree about dashes only; what either holds is no 外字.
_CP932 = ("cp932", "shift_jis")


def common(text: str) -> str:
    """Write every variant of a kanji in its common form."""
    return text.translate(_SELECTORS).translate(_COMMON)


def within(text: str, codec: str) -> str:
    """Write in their common form those variants which *codec* cannot hold; whatever else it lacks stays."""
    return "".join(
        letter if _holds(letter, codec) else letter.translate(_COMMON) for letter in text.translate(_SELECTORS)
    )


def gaiji(text: str) -> tuple[str, ...]:
    """The characters of *text*, each with its selector, that a file in CP932 cannot hold (外字)."""
    written = _CHARACTER.findall(unicodedata.normalize("NFC", text))
    return tuple(letter for letter in written if not any(_holds(letter, codec) for codec in _CP932))


def _holds(text: str, codec: str) -> bool:
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        return False
    return True
