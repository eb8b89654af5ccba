"""Turns LaTeX as it stands in bibliographies into plain text, and plain text into LaTeX.

Not a TeX: accents and signs become characters, other commands and braces fall away, and mathematics stays as
it is written, as it does in arXiv's own titles.
"""

from __future__ import annotations

import re
import unicodedata

_COMBINING = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    "u": "\u0306",
    ".": "\u0307",
    '"': "\u0308",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "d": "\u0323",
    "c": "\u0327",
    "k": "\u0328",
    "b": "\u0331",
}
_NAMED = {
    "aa": "å", "AA": "Å", "ae": "æ", "AE": "Æ", "dh": "ð", "DH": "Ð", "dj": "đ", "DJ": "Đ",
    "i": "\u0131", "j": "ȷ",
    "l": "ł", "L": "Ł", "o": "ø", "O": "Ø", "oe": "œ", "OE": "Œ", "ss": "ß", "th": "þ", "TH": "Þ",
    "copyright": "©", "dots": "…", "ldots": "…", "pounds": "£", "textasciicircum": "^",
    "textasciitilde": "~", "textbackslash": "\\", "textbraceleft": "{", "textbraceright": "}",
    "textdegree": "°", "textemdash": "—", "textendash": "\u2013", "textgreater": ">", "textless": "<",
    "textquotedblleft": "“", "textquotedblright": "”", "textquoteleft": "\u2018",
    "textquoteright": "\u2019",
    "textregistered": "®", "texttimes": "\u00d7", "texttrademark": "™", "textunderscore": "_",
}  # fmt: skip
# Spaces and breaks of all widths; hyphenation and other hints for the setter.
_SPACING = {"\\": "\n"} | dict.fromkeys(",;: \t\n", " ") | dict.fromkeys("-/!@", "")
_LIGATURES = {"---": "—", "--": "\u2013", "``": "“", "''": "”"}
_WRITTEN = {
    "\\": r"{\textbackslash}",
    "{": r"{\textbraceleft}",
    "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    "\n": r"\\{}",
    # An empty group keeps the second of a pair from being read as one sign with the first.
    "-": "-{}",
    "`": "`{}",
    "'": "'{}",
}

# As Pandoc tells mathematics from prices: no space within its dollars, and no digit after them.
_MATHS = r"\$(?=[^\s$])[^$%\n]{1,300}(?<![\s\\])\$(?!\d)"
_TOKEN = re.compile(
    rf"""
    (?P<maths>{_MATHS})
    | \\(?:(?P<accent>[`'^~=."])|(?P<letter_accent>[uvHcdbrk])(?=[\s{{]))
        \s{{0,9}}(?P<brace>\{{)?\\?(?P<base>[^\W\d_])(?(brace)\}})
    | \\(?P<name>[A-Za-z]+)\*?[^\S\n]{{0,9}}
    | \\(?P<sign>.)
    | (?P<ligature>---?|``|'')
    | (?P<space>~)
    | [{{}}]
    """,
    re.VERBOSE | re.DOTALL,
)
_SPECIAL = re.compile(rf"(?P<maths>{_MATHS})|(?P<sign>[&%$#_])|[\\{{}}~^\n]|-(?=-)|`(?=`)|'(?=')")


def decode_latex(text: str) -> str:
    """Turn LaTeX into plain text; what is no LaTeX stays as it is."""
    return _TOKEN.sub(_decode_token, text)


def encode_latex(text: str) -> str:
    """Write plain text in LaTeX, its braces balanced; ``decode_latex`` gives it back."""
    return _SPECIAL.sub(_encode_token, text)


def _decode_token(token: re.Match[str]) -> str:
    if token["maths"]:
        return token["maths"]
    if base := token["base"]:
        accent = _COMBINING[token["accent"] or token["letter_accent"]]
        return unicodedata.normalize("NFC", base + accent)
    if name := token["name"]:
        return _NAMED.get(name, "")
    if sign := token["sign"]:
        return _SPACING.get(sign, sign)
    return " " if token["space"] else _LIGATURES.get(token["ligature"] or "", "")


def _encode_token(token: re.Match[str]) -> str:
    if token["sign"]:
        return f"\\{token['sign']}"
    maths = token["maths"]
    if maths is None:
        return _WRITTEN[token[0]]
    return maths if _is_balanced(maths) else rf"\${encode_latex(maths[1:])}"


def _is_balanced(text: str) -> bool:
    """Tell whether BibTeX, which knows no escapes, would find the end of a value around this text."""
    depth = 0
    for brace in re.findall("[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0
