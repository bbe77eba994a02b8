"""What a note asks of the garments on offer: which are left out, which are worn, what could not be.

A wish narrows the wardrobe before anything is judged, so that search, checks and prose see the same choice. Where
nothing is left for a place that an outfit needs, the wish gives way there, and a sentence says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from styling.notes.leanings import OPPOSITE, Leaning
from styling.notes.matching import find_denied, find_meant
from styling.notes.reading import Kind, Note, Wish
from styling.notes.words import HIGH_TYPES, Piece, is_comfortable

BODY = {"top": ("dress",), "bottom": ("dress",), "dress": ("top", "bottom")}
"""What cannot be worn with what is asked for."""
MAIN = ("top", "bottom", "dress", "shoes", "mid", "over", "outer")
FINISHING = ("hat", "bag", "accessory")
NEEDED = ("top", "bottom", "shoes")
Shortfall = tuple[str, str]
"""Why a wish could not be (unmet: nothing answers to it; unkept: not for every piece; given_way: nothing else is there;
vain: nothing is meant), and its words. A voice makes the sentence (`styling.stylist.voices`)."""


@dataclass(frozen=True)
class Wishes:
    """`banned` are not offered. Of each set in `wanted` one is worn. `is_exact`: nothing else is, but for what a
    whole outfit needs. `unmet` say what could not be, `vain` what nothing on offer is meant by;
    `unread` parts of the note. `is_note_read`: something of it was understood, and made a difference."""

    banned: frozenset[str] = frozenset()
    wanted: tuple[frozenset[str], ...] = ()
    is_exact: bool = False
    preferred: frozenset[str] = frozenset()
    leanings: frozenset[Leaning] = frozenset()
    unmet: tuple[Shortfall, ...] = ()
    vain: tuple[Shortfall, ...] = ()
    unread: tuple[str, ...] = ()
    is_note_read: bool = False

    @property
    def asked_for(self) -> frozenset[str]:
        return frozenset().union(*self.wanted)


def group_of(piece: Piece) -> str:
    """The place that it fills: a sweater over a top and a jacket are layers of their own."""
    if piece.slot == "top" and piece.layer != "base":
        return "mid"
    if piece.slot == "outerwear":
        return "over" if piece.layer == "mid" else "outer"
    return piece.slot


@dataclass(frozen=True)
class Complaint:
    """What was said of an outfit that was turned down: the ids of its pieces, and how it should have been, by the
    reasons that were ticked."""

    note: Note
    pieces: frozenset[str] = frozenset()
    leanings: tuple[Leaning, ...] = ()

    def find_rested(self, pieces: Sequence[Piece]) -> frozenset[str]:
        """What it is against: "the shoes" are those of the outfit, where it had any."""
        rested = set[str]()
        for wish in self.note.wishes:
            if wish.kind is Kind.AVOID:
                meant = find_meant(wish, pieces)
                rested |= (meant & self.pieces if wish.is_named else meant) or meant
        return frozenset(rested)


@dataclass
class Choice:
    """Wishes while they are worked out."""

    pieces: Sequence[Piece]
    banned: set[str] = field(default_factory=set)
    wanted: list[frozenset[str]] = field(default_factory=list)
    unmet: list[Shortfall] = field(default_factory=list)

    def group(self, name: str) -> frozenset[str]:
        return frozenset(piece.id for piece in self.pieces if group_of(piece) == name)

    def groups_of(self, ids: Iterable[str]) -> set[str]:
        wanted = set(ids)
        return {group_of(piece) for piece in self.pieces if piece.id in wanted}

    def find(self, wish: Wish) -> frozenset[str]:
        """What is meant and may be worn; where that is nothing, it is said."""
        found = find_meant(wish, self.pieces) - self.banned
        if not found:
            self.unmet.append(("unmet", wish.said))
        return found

    def merge_wanted(self) -> list[frozenset[str]]:
        """ "Sneakers or boots": of what is wanted for one place, one can be worn."""
        of_place: dict[str, frozenset[str]] = {}
        several: list[frozenset[str]] = []
        for ids in self.wanted:
            groups = self.groups_of(ids)
            if len(groups) == 1 and groups <= set(MAIN):
                place = next(iter(groups))
                of_place[place] = of_place.get(place, frozenset()) | ids
            else:
                several.append(ids)
        return [*of_place.values(), *several]

    def want(self, ids: frozenset[str]) -> None:
        """One of these is worn, and nothing that cannot be worn with it."""
        self.wanted.append(ids)
        groups = self.groups_of(ids)
        if len(groups) == 1:
            for rival in BODY.get(next(iter(groups)), ()):
                self.banned |= self.group(rival)


def settle_wishes(
    note: Note,
    pieces: Sequence[Piece],
    complaints: Sequence[Complaint] = (),
    *,
    keep: frozenset[str] = frozenset(),
) -> Wishes:
    """`keep` are ids of pieces that are worn whatever else is said. `complaints`, the newest first, leave garments out, say what is liked, and lean one way; of two opposites the
    note's counts, else the newest."""
    choice = Choice(pieces)
    kept = keep & {piece.id for piece in pieces}
    wishes = note.wishes
    denied = [wish for wish in wishes if wish.kind is Kind.AVOID]
    sought = (find_meant(wish, pieces) for wish in wishes if wish.kind is not Kind.AVOID)
    wanted = frozenset[str]().union(*sought)
    vain = [wish.said for wish in denied if not find_meant(wish, pieces)]
    said = [[*complaint.leanings, *complaint.note.leanings] for complaint in complaints]
    leaning = add_leanings(note.leanings, *said)
    for wish in denied:
        choice.banned |= find_denied(wish, pieces, wanted)
    choice.banned |= frozenset().union(*(one.find_rested(pieces) for one in complaints))
    if Leaning.COMFORTABLE in leaning:
        choice.banned |= {piece.id for piece in pieces if piece.type in HIGH_TYPES}
    want_pieces([wish for wish in wishes if wish.kind is Kind.WANT], choice)
    is_exact = keep_only([wish for wish in wishes if wish.kind is Kind.ONLY], choice)
    give_way([*denied, *list_denied(complaints)], choice)
    keep_pieces(kept, choice)
    return Wishes(
        banned=frozenset(choice.banned),
        wanted=tuple(ids for ids in choice.merge_wanted() if ids - choice.banned),
        is_exact=is_exact,
        preferred=find_preferred(pieces, complaints, leaning),
        leanings=leaning,
        unmet=tuple(dict.fromkeys(choice.unmet)),
        vain=tuple(("vain", words) for words in vain),
        unread=note.unread,
        is_note_read=len(wishes) > len(vain) or bool(note.leanings),
    )


def keep_pieces(kept: frozenset[str], choice: Choice) -> None:
    """Each is worn: what the wearer chose themselves comes before what they wrote, and has its place alone."""
    for one in sorted(kept):
        choice.want(frozenset({one}))
    for group in choice.groups_of(kept) & set(MAIN):
        choice.banned |= choice.group(group) - kept
    choice.wanted = [ids for ids in choice.wanted if ids & kept or not ids <= choice.banned]
    choice.banned -= kept


def list_denied(complaints: Iterable[Complaint]) -> list[Wish]:
    return [wish for one in complaints for wish in one.note.wishes if wish.kind is Kind.AVOID]


def find_preferred(
    pieces: Sequence[Piece], complaints: Iterable[Complaint], leanings: frozenset[Leaning]
) -> frozenset[str]:
    """What is comfortable where that is asked for, and what a complaint wished for: "should have been boots"."""
    is_asked = Leaning.COMFORTABLE in leanings
    found = {piece.id for piece in pieces if is_asked and is_comfortable(piece)}
    for wish in (wish for one in complaints for wish in one.note.wishes):
        if wish.kind is not Kind.AVOID:
            found |= find_meant(wish, pieces)
    return frozenset(found)


def add_leanings(*groups: Iterable[Leaning]) -> frozenset[Leaning]:
    """The first of two opposites counts."""
    found: set[Leaning] = set()
    for leaning in (one for group in groups for one in group):
        if OPPOSITE.get(leaning) not in found:
            found.add(leaning)
    return frozenset(found)


def want_pieces(wishes: Sequence[Wish], choice: Choice) -> None:
    """What is wanted of one place leaves that place to it."""
    places: dict[str, set[str]] = {}
    for wish in wishes:
        found = choice.find(wish)
        if not found:
            continue
        choice.want(found)
        groups = choice.groups_of(found)
        if len(groups) == 1 and groups <= set(MAIN):
            places.setdefault(groups.pop(), set()).update(found)
    for place, ids in places.items():
        choice.banned |= choice.group(place) - ids


def keep_only(wishes: Sequence[Wish], choice: Choice) -> bool:
    """Whether pieces were named, so that nothing else is worn."""
    found = [(wish, ids) for wish in wishes if (ids := choice.find(wish))]
    ids = frozenset[str]().union(*(ids for _, ids in found))
    groups = choice.groups_of(ids)
    if not found:
        return False
    looks = [wish for wish, _ in found if not wish.noun]
    if looks and len(groups) > 1:
        keep_looks(looks[0], ids, choice)
        return False
    for _, one in found:
        choice.want(one)
    for group in groups & set(MAIN):
        choice.banned |= choice.group(group) - ids
    if not any(wish.is_named for wish, _ in found):
        return False
    covered = groups | ({"top", "bottom"} if "dress" in groups else set())
    covered |= {"top"} if "mid" in groups else set()
    for group in {*MAIN, *FINISHING} - groups - (set(NEEDED) - covered):
        choice.banned |= choice.group(group)
    return True


def keep_looks(wish: Wish, ids: frozenset[str], choice: Choice) -> None:
    """ "Only black": in every place; one that a whole outfit needs and that has none stays as it is."""
    for group in (*MAIN, *FINISHING):
        members = choice.group(group)
        if group in NEEDED and members and not members & ids:
            choice.unmet.append(("unkept", wish.said))
        else:
            choice.banned |= members - ids


def give_way(denied: Sequence[Wish], choice: Choice) -> None:
    """Take back what leaves a needed place without anything, and say so."""
    dresses = choice.group("dress") - choice.banned
    for group in NEEDED:
        members = choice.group(group) | (choice.group("mid") if group == "top" else frozenset())
        if members and members <= choice.banned and not (dresses and group != "shoes"):
            given = choice.group(group) or members
            choice.banned -= given
            said = [wish.said for wish in denied if find_meant(wish, choice.pieces) & given]
            choice.unmet += [("given_way", words) for words in said]
