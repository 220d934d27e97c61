"""Passwords that everybody tries first, by how they are made: a list of them would be long and miss the next year.

Digits alone are always too easy: birthdays, telephone numbers, 12345678. So are rows of the keyboard, one piece again
and again, and a common word with a few digits or signs around it, in English or pinyin, with letters written as digits.
Fewer than twelve letters with nothing but some digits at one end, or between them in turn, are one word that a
dictionary or a list of names has.
"""

import re
import string
import unicodedata

_LEET = str.maketrans("013457@$!", "oleastasi")
_ROWS = (
    *("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop"),
    *("1qaz2wsx3edc4rfv5tgb6yhn7ujm", "qazwsxedcrfvtgbyhnujm", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0"),
    *("!@#$%^&*()", "zaq12wsxcde34rfv", "147258369", "qweasdzxc", "123qweasdzxc", "1a2b3c4d5e6f7g8h"),
)
_SAID = """
password passwort passw passwd pass word admin administrator root user test guest login default welcome letmein
changeme secret master superman batman spiderman dragon monkey shadow sunshine princess football baseball basketball
soccer hockey iloveyou lovely love loveme trustno starwars whatever freedom flower computer internet samsung iphone
apple google microsoft windows michael jennifer jordan jessica ashley daniel thomas charlie andrew michelle hunter
killer pokemon naruto cheese chocolate summer winter spring autumn monday january liverpool arsenal chelsea barcelona
qwerty qwertz azerty asdf asdfgh zxcv zxcvbn qwer qweasd qazwsx zaqxsw abc abcd abcde abcdef aaa asd qwe zxc wasd
hospital doctor nurse ward clinic health medical patient oncall maintenance service crew repair engineer
yiyuan hushi yisheng huli houqin weixiu baoxiu zongwu keshi bingfang menzhen zhuyuan renmin renminyiyuan zhongyi
woaini woaiwojia aini nihao mima guanliyuan gongsi zhongguo china beijing shanghai guangzhou shenzhen guangxi
nanning guilin liuzhou laogong laopo baobei mama baba taotao xiaoxiao wangwei zhangwei liwei wangfang lina zhangmin
woshishui hahaha hehehe meiyou buzhidao jiayou gongzuo shengri kuaile fuwu fuwuqi xitong wodemima zhanghao
jifen renshi caiwu xinxi xinxike shebeike dianying tiantian xiexie zaijian pingan jiankang xingfu caiyun
"""
_WORDS = frozenset(_SAID.split())
_LONGEST_EDGE = 6
"""So many digits and signs before and behind a word make it no better."""
_ONE_WORD = re.compile(r"\d{0,6}[a-z]+|[a-z]+\d{0,6}|(?:\d[a-z])+\d?|(?:[a-z]\d)+[a-z]?")
_LONG_ENOUGH = 12
"""Letters of a password that may be letters alone: several words."""
_EDGES = re.compile(rf"[\W\d_]{{0,{_LONGEST_EDGE}}}([a-z]+)[\W\d_]{{0,{_LONGEST_EDGE + 2}}}")


def plain(text: str) -> str:
    """Letters and digits alone, small, whatever their width."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def is_common(password: str) -> bool:
    """Whether somebody who guesses would try it among the first."""
    text = unicodedata.normalize("NFKC", password).casefold()
    bare = plain(text)
    if bare.isdigit() or not bare:
        return True
    if len(text) < _LONG_ENOUGH and _ONE_WORD.fullmatch(text):
        return True
    core = text.strip(string.digits + string.punctuation)
    return any(map(_is_made_simply, {text, bare, bare.translate(_LEET), core.translate(_LEET)}))


def _is_made_simply(text: str) -> bool:
    return _repeats(text) or _follows_rows(text) or _is_word(text)


def _repeats(text: str) -> bool:
    """One piece again and again, with up to three letters left over."""
    for size in range(1, min(5, len(text) // 2) + 1):
        piece = text[:size]
        if text.startswith(piece * ((len(text) - len(text) % size) // size)) and len(text) // size > 1:
            return True
    return False


def _follows_rows(text: str) -> bool:
    """Nothing but pieces of rows, three letters at least, with up to two others in all."""
    left, others = text, 0
    while left:
        size = next((size for size in range(len(left), 2, -1) if _in_a_row(left[:size])), 0)
        others += 0 if size else 1
        left = left[size or 1 :]
    return others <= 2  # noqa: PLR2004


def _in_a_row(piece: str) -> bool:
    return any(piece in row or piece in row[::-1] for row in _ROWS)


def _is_word(text: str) -> bool:
    """A common word or two of them, with digits and signs around."""
    found = _EDGES.fullmatch(text)
    if not found:
        return False
    core = found[1]
    return core in _WORDS or any(core[:cut] in _WORDS and core[cut:] in _WORDS for cut in range(3, len(core) - 2))
