"""Takes the header of a page off the lines of a text dump, also where a title is glued to it."""

from __future__ import annotations

import re

from sources.text.dates import match_day
from sources.text.marks import Kind, Mark

_HEADER = re.compile(
    r"""(?: (?i: (?:new\s*)? get\ trending\ papers\ in\ your\ (?:e-?mail\ )?inbox
              (?:\ once\ a\ (?:day|week))? \s*[!.]?
          | your\ daily\ dose\ of\ ai\ research\ from\ ak
          | (?:new\s*)? (?:daily|trending|weekly|monthly)\ papers (?= \s*by\ ?[@_]*ak | $)
          | by\ ?[@_]*(?:akhaliq|ak) (?: \ and\ the\ research\ community | $)
          | (?:new|subscribe) $ )
          | Subscribe (?= \s*. ) (?! (?:rs?|d|s)\b )  # "SubscribeFirst title", but not "Subscriber churn"
        )\s*""",
    re.VERBOSE,
)
# "Nov 13First title"; behind a header on the same line also "Nov 13 First title", but not "Nov 13 2".
_GLUED_TITLE = re.compile(r"[^\s\da-z,.;:]")
_TITLE_BEHIND_HEADER = re.compile(r"[^\s\d,.;:]|\d+[a-zA-Z-]| (?!\d+$)")


def read_header(line: str, *, in_header: bool) -> tuple[list[Mark], str]:
    """Read what a line holds of a page's header, and give the rest of the line.

    ``in_header`` says that nothing but header, or nothing at all, came before on this page.
    """
    marks = []
    rest = line
    while found := _HEADER.match(rest):
        marks.append(Mark(Kind.HEADER))
        rest = rest[found.end() :]
    title = _TITLE_BEHIND_HEADER if marks else _GLUED_TITLE
    if (marks or in_header) and (day := match_day(rest)) and title.match(rest, len(day.text)):
        marks.append(Mark(Kind.DAY, day))
        rest = rest[len(day.text) :].lstrip()
    return marks, rest
