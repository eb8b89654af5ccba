"""What /stats shows: the scene of its picture, and a caption that tells the same in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_skeleton

from bot.messages.language import ENGLISH, Language, noop
from bot.messages.markup import Fragment, cut, isolate, joined
from bot.pictures.scene import Bar, Dot, Labels, Scene, Share
from recommender.atlas import Atlas, Group
from recommender.proportion import interval
from recommender.values import Slot
from storage.tallies import Ballot, Showing

NOTHING_LIKED = noop(
    "There is nothing to draw yet: you have not liked a paper. Press 👍 under a pick of /today, and /stats "
    "will show what you like on a map."
)
NOT_DRAWN = noop(
    "The picture could not be drawn this time. Please try /stats again later; this is what it tells:"
)
_SLOTS = {
    Slot.TASTE: noop("By your taste"),
    Slot.TRENDING: noop("Trending"),
    Slot.EXPLORE: noop("Something different"),
}
_EACH_LABELLED = 3  # of the spans: a date is wider than its bar
_TERMS_LENGTH = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is known of a chat's taste.

    Attributes:
        liked: How many papers are liked.
        starts: The first day of each span, the oldest first; the last span is still going on.
        weekly: Whether a span is a week, else it is a day.
        ballots: The thumbs of each span.
    """

    liked: int
    atlas: Atlas
    starts: tuple[date, ...]
    weekly: bool
    ballots: tuple[Ballot, ...]
    showings: Mapping[Slot, Showing]

    @property
    def shown(self) -> dict[Slot, Showing]:
        """Those slots that anything arrived of, in the order of telling."""
        return {slot: self.showings[slot] for slot in _SLOTS if self.showings[slot].shown}


def set_scene(language: Language, record: Record) -> Scene:
    """Lay out the picture: the map, the thumbs over time, and the shares liked by slot."""
    group_of = {
        paper_id: number for number, group in enumerate(record.atlas.groups) for paper_id in group.paper_ids
    }
    places = record.atlas.places
    return Scene(
        dots=tuple(Dot(place.x, place.y, place.liked, group_of.get(place.paper_id)) for place in places),
        groups=tuple(group.terms for group in record.atlas.groups),
        bars=tuple(Bar(ballot.ups, ballot.downs) for ballot in record.ballots),
        shares=tuple(_share(showing) for showing in record.shown.values()),
        labels=_labels(language, record),
        english=_labels(ENGLISH, record),
    )


def write_caption(language: Language, record: Record, *, drawn: bool = True) -> str:
    """Tell in words what the picture shows, as HTML of at most 1024 characters once it is parsed."""
    heading = language.count("You like {count} paper", "You like {count} papers", record.liked)
    blocks = [
        language.html("<b>{heading}</b>", heading=heading) if drawn else language.html(NOT_DRAWN),
        _tell_groups(language, record.atlas.groups),
        _tell_votes(language, record),
        _tell_shares(language, record),
    ]
    return joined(blocks, "\n\n").html


def _labels(language: Language, record: Record) -> Labels:
    weekly, daily = language.say("Your thumbs, by week"), language.say("Your thumbs, by day")
    return Labels(
        map_title=language.say("A map of papers"),
        liked=language.say("you like"),
        recent=language.say("new"),
        nothing_placed=language.say("I know too little yet to draw a map."),
        votes_title=weekly if record.weekly else daily,
        ups=language.say("up"),
        downs=language.say("down"),
        spans=_name_spans(language, record.starts),
        shares_title=language.say("What I brought you, and you liked"),
        slots=tuple(language.say(_SLOTS[slot]) for slot in record.shown),
        counts=tuple(_count(language, showing) for showing in record.shown.values()),
        percents=(language.percent(0), language.percent(0.5), language.percent(1)),
        nothing_shown=language.say("I have brought you nothing yet: try /today."),
    )


def _name_spans(language: Language, starts: Sequence[date]) -> tuple[str, ...]:
    """Name the last span, and before it as many as there is room for."""
    last = len(starts) - 1
    return tuple(
        _short_day(language, start) if (last - place) % _EACH_LABELLED == 0 else ""
        for place, start in enumerate(starts)
    )


def _short_day(language: Language, day: date) -> str:
    if language.code == "en":  # as `Language.date` has it: a day, then a month
        return f"{day.day} {day:%b}"
    return format_skeleton("MMMd", day, locale=language.locale)


def _share(showing: Showing) -> Share:
    return Share(showing.liked / showing.shown, *interval(showing.liked, showing.shown))


def _count(language: Language, showing: Showing) -> str:
    liked, shown = language.number(showing.liked), language.number(showing.shown)
    return language.say("{liked} of {shown}", liked=liked, shown=shown)


def _tell_groups(language: Language, groups: Sequence[Group]) -> Fragment:
    if not groups:
        return Fragment()
    heading = language.html("On the map, what is alike stands close together. Most of your likes are about:")
    return joined([heading, *(_tell_group(language, group) for group in groups)], "\n")


def _tell_group(language: Language, group: Group) -> Fragment:
    counted = language.count("{count} paper", "{count} papers", len(group.paper_ids))
    terms = isolate(cut(", ".join(group.terms), _TERMS_LENGTH))
    return language.html("• {terms}: {counted}", terms=terms, counted=counted)


def _tell_votes(language: Language, record: Record) -> Fragment:
    ups = language.number(sum(ballot.ups for ballot in record.ballots))
    downs = language.number(sum(ballot.downs for ballot in record.ballots))
    spans = zip(record.starts, record.ballots, strict=True)
    first = next((start for start, ballot in spans if ballot.ups or ballot.downs), record.starts[0])
    since = language.date(first)
    return language.html("Since {since} you gave {ups} 👍 and {downs} 👎.", since=since, ups=ups, downs=downs)


def _tell_shares(language: Language, record: Record) -> Fragment:
    if not record.shown:
        return Fragment()
    heading = language.html(
        "This is how many you liked of what I brought you. The fewer there were, the longer the pale line in "
        "the picture: the true share may be anywhere on it."
    )
    lines = [
        language.html(
            "• {slot}: {counted}", slot=language.say(_SLOTS[slot]), counted=_count(language, showing)
        )
        for slot, showing in record.shown.items()
    ]
    return joined([heading, *lines], "\n")
