"""How arXiv announces preprints: a feed of today's, as Atom or RSS, empty where there are none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime
from hashlib import blake2b
from xml.sax.saxutils import escape

from benchmarks.newsstand.serving import Response
from benchmarks.newsstand.values import Edition, Preprint, World

_SPACES = (
    'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:{}="http://www.w3.org/2005/Atom"'
)
Item = tuple[Preprint, Edition, str]


def announcements(world: World, now: datetime, categories: Sequence[str], kind: str) -> Response:
    """Answer the feed of what was announced today, as ``atom`` or ``rss``; nothing is on a day without."""
    built = now.replace(hour=4, minute=0, second=2, microsecond=0)
    built -= timedelta(days=now < built)
    items = [
        (preprint, edition, _announce_type(preprint, edition, categories))
        for preprint in world.preprints
        if not set(categories).isdisjoint(preprint.categories)
        and (edition := preprint.at(now)) is not None
        and edition.announced.date() == built.date()
    ]
    write = {"atom": _atom_feed, "rss": _rss_feed}[kind]
    body = write(items, "+".join(categories), built).encode()
    tag = blake2b(body, digest_size=8).hexdigest()
    validators = {"ETag": f'"{tag}"', "Last-Modified": format_datetime(built, usegmt=True)}
    return Response(body, headers={"Content-Type": f"application/{kind}+xml", **validators})


def _announce_type(preprint: Preprint, edition: Edition, categories: Sequence[str]) -> str:
    own = preprint.categories[0] in categories
    if edition.version > 1:
        return "replace" if own else "replace-cross"
    return "new" if own else "cross"


def _told(item: Item) -> str:
    preprint, edition, kind = item
    named = f"arXiv:{preprint.id}v{edition.version} Announce Type: {kind}"
    return escape(f"{named} \nAbstract: {edition.abstract}")


def _rss_feed(items: Sequence[Item], name: str, built: datetime) -> str:
    entries = "\n".join(_rss_item(item, built) for item in items)
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<rss {_SPACES.format("atom")} version="2.0">
  <channel>
    <title>{name} updates on arXiv.org</title>
    <link>http://rss.arxiv.org/rss/{name}</link>
    <description>{name} updates on the arXiv.org e-print archive.</description>
    <language>en-us</language>
    <lastBuildDate>{format_datetime(built)}</lastBuildDate>
    <skipDays>
      <day>Sunday</day>
      <day>Saturday</day>
    </skipDays>
{entries}
  </channel>
</rss>
"""


def _rss_item(item: Item, built: datetime) -> str:
    preprint, edition, kind = item
    return f"""    <item>
      <title>{escape(edition.title)}</title>
      <link>https://arxiv.org/abs/{preprint.id}</link>
      <description>{_told(item)}</description>
      <guid isPermaLink="false">oai:arXiv.org:{preprint.id}v{edition.version}</guid>
      <category>{preprint.categories[0]}</category>
      <pubDate>{format_datetime(built)}</pubDate>
      <arxiv:announce_type>{kind}</arxiv:announce_type>
      <dc:creator>{escape(", ".join(preprint.authors))}</dc:creator>
    </item>"""


def _atom_feed(items: Sequence[Item], name: str, built: datetime) -> str:
    entries = "\n".join(_atom_entry(item, built) for item in items)
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed {_SPACES.replace(":{}", "")} xml:lang="en-us">
  <id>http://rss.arxiv.org/atom/{name}</id>
  <title>{name} updates on arXiv.org</title>
  <updated>{built.isoformat()}</updated>
  <link href="http://rss.arxiv.org/atom/{name}" rel="self" type="application/atom+xml"/>
{entries}
</feed>
"""


def _atom_entry(item: Item, built: datetime) -> str:
    preprint, edition, kind = item
    categories = "".join(f'\n    <category term="{c}"/>' for c in preprint.categories)
    return f"""  <entry>
    <id>oai:arXiv.org:{preprint.id}v{edition.version}</id>
    <title>{escape(edition.title)}</title>
    <updated>{built.isoformat()}</updated>
    <link href="https://arxiv.org/abs/{preprint.id}" rel="alternate" type="text/html"/>
    <summary>{_told(item)}</summary>{categories}
    <published>{built.isoformat()}</published>
    <arxiv:announce_type>{kind}</arxiv:announce_type>
    <dc:creator>{escape(", ".join(preprint.authors))}</dc:creator>
  </entry>"""
