"""The first day: basics at a tap, taken down again, and what a first outfit lacks."""

import io

import pytest
from PIL import Image

from tests.factories import make_garment
from wardrobe import vocabulary
from wardrobe.cutouts.cutting import CUT_SIZE
from wardrobe.models import Act
from wardrobe.services.basics import find_missing, list_basics, list_missing

BASICS = "/wardrobe/basics/"
USUAL = [one.key for one in list_basics() if one.usual]


def test_every_basic_is_told_in_words_that_there_are_and_drawn_as_a_cut_out(words):
    for basic in list_basics():
        assert basic.type in vocabulary.terms("type")
        assert basic.material in vocabulary.terms("material")
        assert basic.colours.keys() <= vocabulary.terms("colour").keys()
        data = basic.read_picture()
        assert len(data) <= 25_000
        with Image.open(io.BytesIO(data)) as picture:
            assert (picture.format, picture.mode) == ("WEBP", "RGBA")
            assert all(side <= most for side, most in zip(picture.size, CUT_SIZE, strict=True))
            assert picture.getchannel("A").getextrema() == (0, 255)
    assert len({basic.name for basic in list_basics()}) == len(list_basics()) >= 12


def test_the_usual_basics_make_an_outfit(words):
    assert list_missing([one.slot for one in list_basics() if one.usual]) == []


def test_one_form_hangs_them_up_marked_and_ready(as_alice, alice, media):
    page = as_alice.get(BASICS).text
    assert page.count(" checked>") == len(USUAL)
    told = as_alice.post(BASICS, {"basics": USUAL}, follow=True).text
    assert f"{len(USUAL)} basics hung up." in told
    assert "Enough for a first outfit. Dress me." in told
    assert told.count('<span class="tag">Basic</span>') == len(USUAL)
    for garment in alice.garments.wearable():
        assert garment.is_basic and garment.shows_cut_out and garment.warmth and garment.formality
        assert as_alice.get(f"/media/garments/{garment.pk}/").status_code == 200
    assert find_missing(alice) == []


def test_they_are_taken_down_at_once_but_for_what_became_ones_own(as_alice, alice, media):
    as_alice.post(BASICS, {"basics": USUAL})
    mine = make_garment(alice, name="Mine")
    worn = alice.garments.filter(is_basic=True).first()
    as_alice.post(f"/wardrobe/{worn.pk}/worn/")
    assert (
        f"{len(USUAL) - 1} basics taken down" in as_alice.post(f"{BASICS}down/", follow=True).text
    )
    assert {*alice.garments.all()} == {mine, worn}
    assert "1 basic stays" in as_alice.post(f"{BASICS}down/", follow=True).text
    worn.delete()
    assert "No basic was left" in as_alice.post(f"{BASICS}down/", follow=True).text


OWN_WORK = {
    "named": lambda client, one: client.post(
        f"/wardrobe/{one.pk}/edit/name/", {"name": "Gym shirt"}
    ),
    "described": lambda client, one: client.post(
        f"/wardrobe/{one.pk}/edit/material/", {"material": "linen"}
    ),
    "loved": lambda client, one: client.post(f"/wardrobe/{one.pk}/favourite/"),
    "washed": lambda client, one: client.post(f"/wardrobe/{one.pk}/wash/"),
}


@pytest.mark.parametrize("do", OWN_WORK.values(), ids=[*OWN_WORK])
def test_what_its_wearer_did_something_with_stays_and_that_is_said(as_alice, alice, media, do):
    """Hung up again, it would come without what was said of it."""
    as_alice.post(BASICS, {"basics": ["white-t-shirt", USUAL[-1]]})
    one = alice.garments.get(name="White T-shirt")
    assert do(as_alice, one).status_code < 400
    told = as_alice.post(f"{BASICS}down/", follow=True).text
    assert "1 basic taken down." in told
    assert "1 basic stays: you wore it, changed it or did something else with it." in told
    assert [*alice.garments.all()] == [one]
    told = as_alice.post(f"{BASICS}down/", follow=True).text
    assert "No basic was left" not in told
    assert "1 basic stays" in told


def test_one_that_hangs_again_is_as_it_was(as_alice, alice, media):
    as_alice.post(BASICS, {"basics": USUAL})
    said = (
        "name",
        "type",
        "colours",
        "material",
        "warmth",
        "formality",
        "seasons",
        "edited_fields",
    )
    before = [*alice.garments.order_by("name").values(*said)]
    told = as_alice.post(f"{BASICS}down/", follow=True).text
    assert not alice.garments.exists()
    assert "stay" not in told.split("<main")[1].split("</ul>")[0]
    as_alice.post(BASICS, {"basics": USUAL})
    assert [*alice.garments.order_by("name").values(*said)] == before


def test_a_basic_is_not_said_to_be_as_its_wearer_described_it(as_alice, alice, media):
    as_alice.post(BASICS, {"basics": USUAL})
    basic, own = alice.garments.first(), make_garment(alice, confidence={})
    assert "From the list of basics." in as_alice.get(f"/wardrobe/{basic.pk}/").text
    assert "As you described it." in as_alice.get(f"/wardrobe/{own.pk}/").text
    as_alice.post(f"/wardrobe/{basic.pk}/edit/material/", {"material": "linen"})
    page = as_alice.get(f"/wardrobe/{basic.pk}/").text
    assert "From the list of basics, and what you said of it since." in page


def test_hanging_them_up_is_undone_as_one(as_alice, alice, media):
    as_alice.post(BASICS, {"basics": USUAL})
    as_alice.post(f"/wardrobe/many/{Act.objects.get().pk}/undo/")
    assert not alice.garments.exists()


@pytest.mark.parametrize("basics", [[], ["crown"], ["../../etc/passwd"]])
def test_what_is_no_basic_is_refused(as_alice, alice, basics):
    answer = as_alice.post(BASICS, {"basics": basics})
    assert answer.status_code == 422
    assert not alice.garments.exists()


def test_charlies_basics_are_not_alices(as_alice, as_charlie, charlie, media):
    as_charlie.post(BASICS, {"basics": USUAL})
    as_alice.post(f"{BASICS}down/")
    assert charlie.garments.count() == len(USUAL)


def test_pictures_of_basics_are_everybodys_and_of_nothing_else(client, db):
    assert client.get(f"{BASICS}{USUAL[0]}.webp").headers["Content-Type"] == "image/webp"
    assert client.get(f"{BASICS}crown.webp").status_code == 404


@pytest.mark.parametrize(
    ("slots", "said"),
    [
        (["top"], "A first outfit wants something below, and shoes."),
        (["bottom"], "A first outfit wants something above, and shoes."),
        (["shoes"], "A first outfit wants something above and something below."),
        (["top", "bottom"], "Shoes would finish a first outfit."),
        (["dress"], "Shoes would finish a first outfit."),
        (["top", "shoes"], "Something below would finish a first outfit."),
        (["bottom", "shoes"], "Something above would finish a first outfit."),
        (["outerwear"], "A first outfit wants something above, something below and shoes."),
        (["dress", "shoes"], "Enough for a first outfit. Dress me."),
        (["top", "bottom", "shoes"], "Enough for a first outfit. Dress me."),
    ],
)
def test_the_wall_says_what_a_first_outfit_lacks(as_alice, alice, slots, said):
    types = {
        "top": "shirt",
        "bottom": "jeans",
        "shoes": "boots",
        "dress": "dress",
        "outerwear": "coat",
    }
    for slot in slots:
        make_garment(alice, slot=slot, type=types[slot])
    assert said in as_alice.get("/wardrobe/").text


def test_the_wall_leads_to_the_piece_that_only_wants_a_look(as_alice, alice):
    make_garment(alice, slot="top", type="shirt")
    make_garment(alice, slot="shoes", type="boots")
    make_garment(alice, slot="top", type="shirt", status="needs_review")
    assert "Something below would finish a first outfit." in as_alice.get("/wardrobe/").text
    chinos = make_garment(
        alice, name="Beige chinos", slot="bottom", type="chinos", status="needs_review"
    )
    page = as_alice.get("/wardrobe/").text
    assert "Look at “Beige chinos” first: a guess of it waits for your word." in page
    assert f'class="nudge" href="/wardrobe/{chinos.pk}/"' in page


def test_a_full_wall_says_nothing_of_it(as_alice, alice):
    for _ in range(13):
        make_garment(alice)
    assert "first outfit" not in as_alice.get("/wardrobe/").text


def test_what_is_in_the_wash_is_lacking(as_alice, alice):
    for slot, type_ in (("top", "shirt"), ("bottom", "jeans"), ("shoes", "boots")):
        make_garment(alice, slot=slot, type=type_, in_wash=slot == "shoes", washing=slot == "shoes")
    assert find_missing(alice) == ["shoes"]
