import re

import pytest
from django.urls import reverse

from tests.factories import make_described_garment, make_garment, make_photo
from wardrobe import vocabulary
from wardrobe.models import Garment
from wardrobe.templatetags.wardrobe_words import SEVERAL, stripes
from wardrobe.vocabulary import hex_of
from wardrobe.vocabulary.synonyms import SHADES, SYNONYMS

RACK = "wardrobe:garment-list"


def shown(client, query: str = "") -> set[str]:
    response = client.get(f"{reverse(RACK)}?{query}")
    return {garment.name for garment in response.context["page"]}


@pytest.fixture
def rack(alice) -> None:
    make_garment(alice, name="Blue oxford", brand="Weekday", is_favourite=True)
    make_garment(
        alice,
        name="Straw hat",
        slot="hat",
        type="cap",
        material="linen",
        pattern="striped",
        colours=[{"name": "beige", "hex": "#d8c5a3", "share": 1.0}],
        seasons=["summer"],
        notes="from the market in Olhão",
    )
    make_garment(alice, name="Old jeans", slot="bottom", type="jeans", in_wash=True)
    make_garment(alice, name="Prom dress", slot="dress", type="dress", status="archived")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"Blue oxford", "Straw hat", "Old jeans"}),
        ("slot=hat", {"Straw hat"}),
        ("colour=beige", {"Straw hat"}),
        ("colour=beige&colour=navy", {"Blue oxford", "Straw hat", "Old jeans"}),
        ("season=winter", set()),
        ("state=wash", {"Old jeans"}),
        ("state=favourite", {"Blue oxford"}),
        ("state=archived", {"Prom dress"}),
        ("slot=hat&state=favourite", set()),
        ("q=oxford", {"Blue oxford"}),
        ("q=weekd", {"Blue oxford"}),
        ("q=olh%C3%A3o", {"Straw hat"}),
        ("q=linen", {"Straw hat"}),
        ("q=stripes", {"Straw hat"}),
        ("q=striped+beige", {"Straw hat"}),
        ("q=beige+jeans", set()),
        ("q=something+beige", {"Straw hat"}),
        ("q=blue", {"Blue oxford", "Old jeans"}),
        ("q=warm", set()),
        ("q=stripy", {"Straw hat"}),
        ("q=denims", {"Old jeans"}),
        ("q=beigge", {"Straw hat"}),
        ("q=oxfrd", {"Blue oxford"}),
        ("q=olhã", {"Straw hat"}),
        ("q=zzzz", set()),
        ("q=%27%29%3B", {"Blue oxford", "Straw hat", "Old jeans"}),
        ("slot=spaceship&sort=%00&colour=octarine", {"Blue oxford", "Straw hat", "Old jeans"}),
        ("q=%00", {"Blue oxford", "Straw hat", "Old jeans"}),
    ],
)
def test_the_address_decides_what_the_rack_shows(as_alice, rack, query, names):
    assert shown(as_alice, query) == names


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("green", ["Green tee", "Moss parka"]),
        ("quilted", ["Down jacket"]),
        ("shoes for rain", ["Wellies", "Trail shoes"]),
        ("pullover", ["Pullover", "Aran"]),
        ("warm jacket", ["Down jacket"]),
        ("swaeter", ["Aran", "Pullover"]),
        ("greeen", ["Green tee", "Moss parka"]),
        ("waterproof shoes", ["Trail shoes", "Wellies"]),
    ],
)
def test_what_is_called_so_comes_before_what_is_meant(as_alice, alice, query, names):
    colours = [{"name": "olive", "hex": "#5a5a2d", "share": 1.0}]
    moss = {"slot": "outerwear", "type": "parka", "colours": colours}
    make_garment(alice, name="Green tee", type="t-shirt")
    make_garment(alice, name="Moss parka", **moss)
    down = {"slot": "outerwear", "type": "puffer", "warmth": "heavy"}
    make_garment(alice, name="Down jacket", **down)
    make_garment(alice, name="Wellies", slot="shoes", type="rain-boots", water_resistant=True)
    make_garment(alice, name="Trail shoes", slot="shoes", type="shoes", water_resistant=True)
    make_garment(alice, name="Court shoes", slot="shoes", type="heels")
    make_garment(alice, name="Pullover", type="sweater", warmth="medium")
    make_garment(alice, name="Aran", type="sweater", warmth="medium")
    response = as_alice.get(reverse(RACK), {"q": query})
    assert [garment.name for garment in response.context["page"]] == names


def make_wardrobe(owner) -> None:
    """Each called as its kind and colour, as one that nobody named."""

    def make(name: str, slot: str, type_: str, colour: str, **more: object) -> None:
        colours = [{"name": colour, "hex": "#000000", "share": 1.0}]
        make_garment(owner, name=name, slot=slot, type=type_, colours=colours, **more)

    make("White t-shirt", "top", "t-shirt", "white")
    make("White dress shirt", "top", "shirt", "white")
    make("Navy jacket", "outerwear", "jacket", "navy")
    make("Light blue jacket", "outerwear", "jacket", "light_blue")
    make("Blue jacket", "outerwear", "jacket", "blue")
    make("Dad's shirt", "top", "blouse", "green")
    make("Red skirt", "bottom", "skirt", "red")
    make("Burgundy plaid scarf", "scarf", "scarf", "burgundy", pattern="plaid")
    make("Grey shorts", "bottom", "shorts", "grey")
    make("Summer dress", "dress", "dress", "yellow")
    make("Black derbies", "shoes", "derbies", "black")
    make("White sneakers", "shoes", "sneakers", "white")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        *((tee, ["White t-shirt"]) for tee in ("t-shirt", "T-Shirts", "t shirt", "tshirts", "tee")),
        ("shirts", ["Dad's shirt", "White dress shirt"]),
        ("dress shirt", ["White dress shirt"]),
        ("dress shoes", ["Black derbies"]),
        *((dress, ["Summer dress"]) for dress in ("dress", "dresses", "summer dress")),
        *((scarf, ["Burgundy plaid scarf"]) for scarf in ("scarf", "scarves", "shawls")),
        *((derby, ["Black derbies"]) for derby in ("derby", "derbies", "derb")),
        *(
            (check, ["Burgundy plaid scarf"])
            for check in ("check", "checked", "checkered", "plaid")
        ),
        ("reddish", ["Red skirt", "Burgundy plaid scarf"]),
        ("dark red", ["Burgundy plaid scarf", "Red skirt"]),
        ("dark blue", ["Navy jacket", "Blue jacket"]),
        ("light-blue jackets", ["Light blue jacket", "Blue jacket"]),
        ("pale blue", ["Light blue jacket", "Blue jacket"]),
        ("bluish", ["Blue jacket", "Light blue jacket", "Navy jacket"]),
        ("shoes that are black", ["Black derbies"]),
        ("shoes which are not black", ["White sneakers"]),
        ("my white shoes", ["White sneakers"]),
        ("shorts", ["Grey shorts"]),
        ("blouse", ["Dad's shirt"]),
        ("skrit", ["Red skirt"]),
        ("jackets without blue", []),
    ],
)
def test_the_search_knows_words_in_every_form(as_alice, alice, query, names):
    make_wardrobe(alice)
    response = as_alice.get(reverse(RACK), {"q": query})
    assert [garment.name for garment in response.context["page"]] == names


@pytest.mark.parametrize("query", ["it's", "o'neill's", "'", "a:*", "!(", "dress & !shoe", "\\"])
def test_no_sign_of_a_query_is_read_as_one(as_alice, rack, query):
    assert as_alice.get(reverse(RACK), {"q": query}).status_code == 200


def test_every_synonym_is_of_a_term_that_there_is(words):
    assert [
        term for term in {**SYNONYMS, **SHADES} if term[1] not in vocabulary.values(term[0])
    ] == []


@pytest.mark.parametrize("sort", ["newest", "most-worn", "unworn", "colour", "name"])
def test_every_order_shows_every_piece(as_alice, rack, sort):
    assert shown(as_alice, f"sort={sort}") == {"Blue oxford", "Straw hat", "Old jeans"}


def test_most_worn_comes_first(as_alice, rack):
    Garment.objects.filter(name="Straw hat").update(wear_count=9)
    page = as_alice.get(reverse(RACK), {"sort": "most-worn"}).context["page"]
    assert page[0].name == "Straw hat"


def test_pages_keep_the_filters(as_alice, alice):
    for number in range(30):
        make_garment(alice, name=f"Shirt {number}")
    make_garment(alice, name="Boots", slot="shoes", type="boots")
    page = as_alice.get(reverse(RACK), {"slot": "top", "q": "shirt"})
    assert "?slot=top&amp;q=shirt&amp;page=2" in page.content.decode()
    assert len(shown(as_alice, "slot=top&q=shirt&page=2")) == 6


def test_a_page_that_is_not_there_is_the_last_one(as_alice, rack):
    assert shown(as_alice, "page=99") == {"Blue oxford", "Straw hat", "Old jeans"}


def test_htmx_gets_the_rack_alone_and_history_the_whole_page(as_alice, rack):
    part = as_alice.get(reverse(RACK), headers={"HX-Request": "true"})
    restored = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    whole = as_alice.get(reverse(RACK), headers=restored)
    assert "<html" not in part.content.decode()
    assert "<html" in whole.content.decode()
    assert "HX-Request" in part["Vary"]


def test_each_filter_can_be_taken_away_alone(as_alice, rack):
    page = as_alice.get(reverse(RACK), {"slot": "hat", "q": "oxford"}).content.decode()
    assert "Nothing like that here." in page
    assert 'href="?slot=hat&amp;q="' not in page
    assert 'href="?slot=hat"' in page


def test_what_wants_a_look_stands_on_top(as_alice, alice):
    make_described_garment(alice, name="Mystery knit")
    make_photo(alice, status="failed", failure="Too dark to read. The photo is kept.")
    make_photo(alice, status="duplicate")
    page = as_alice.get(reverse(RACK)).content.decode()
    assert "Two want a look" in page
    assert "Check 1 guess" in page


@pytest.mark.parametrize("status", ["received", "processing"])
def test_a_photo_in_line_wants_nothing_of_its_wearer(as_alice, alice, status):
    make_garment(alice)
    make_photo(alice, status=status)
    page = as_alice.get(reverse(RACK)).content.decode()
    assert "New photo" in page and 'id="look-title">Being looked at<' in page
    assert "Something wants a look." not in page and "wants a look<" not in page
    make_described_garment(alice, name="Mystery knit")
    page = as_alice.get(reverse(RACK)).content.decode()
    assert "New photo" in page and 'id="look-title">One wants a look<' in page


def test_a_photo_being_looked_at_is_not_an_empty_wardrobe(as_alice, alice):
    make_photo(alice, status="processing")
    page = as_alice.get(reverse(RACK)).content.decode()
    assert "One hanger, ready." not in page
    assert "Nothing hangs here right now." in page and "Take one filter away" not in page


def test_the_rack_takes_the_same_queries_for_two_as_for_twenty(
    as_alice, alice, django_assert_max_num_queries
):
    for number in range(20):
        make_described_garment(alice, name=f"Shirt {number}", status="ready")
    with django_assert_max_num_queries(20):
        as_alice.get(reverse(RACK))


@pytest.mark.parametrize("query", ["oxford zzzyx", "zzzyx+oxford", "oxford qqqxv zzzyx"])
def test_a_word_that_nothing_has_is_said_and_the_others_find(as_alice, rack, query):
    page = as_alice.get(f"{reverse(RACK)}?q={query}")
    assert {garment.name for garment in page.context["page"]} == {"Blue oxford"}
    assert "zzzyx" in page.context["form"].unknown and "oxford" not in page.context["form"].unknown
    assert "This is what the rest of your words finds." in page.text


def test_words_that_no_piece_has_together_find_nothing(as_alice, rack):
    for query in ("oxford olhão", "zzzyx", "zzzyx not oxford"):
        page = as_alice.get(f"{reverse(RACK)}?q={query}")
        assert not page.context["page"].object_list and not page.context["form"].unknown


def test_words_to_search_for_find_what_hangs_there(as_alice, rack):
    words = as_alice.get(reverse(RACK)).context["form"].suggestions()
    assert {"Weekday", "Beige"} <= {*words} and "Dress" not in words, "what is put away is not"
    for word in words:
        assert shown(as_alice, f"q={word}"), word


def test_what_is_many_colours_looks_like_many(as_alice, alice):
    make_garment(alice, colours=[{"name": "multicolor", "hex": "", "share": 1.0}])
    page = as_alice.get("/wardrobe/").text
    assert 'fill=""' not in page and page.count(f'fill="{SEVERAL[0]}"') >= 1
    assert stripes("navy") == [(hex_of("navy"), 0, 12)]
    assert [(start, width) for _, start, width in stripes("multicolor")] == [(0, 3), (3, 3), (6, 3), (9, 3)]  # fmt: skip


def test_putting_away_is_an_act_on_its_button_and_a_state_on_its_tag(as_alice, alice):
    garment = make_garment(alice)
    german = {"HTTP_ACCEPT_LANGUAGE": "de"}
    address = f"/wardrobe/{garment.pk}/"
    buttons = re.findall(
        r"<button[^>]*>(.*?)</button>", as_alice.get(address, **german).text, re.DOTALL
    )
    assert any("Weglegen" in one for one in buttons)
    assert not any("Weggelegt" in one for one in buttons)
    choose = as_alice.get("/wardrobe/select/", **german).text
    assert "Weglegen" in choose and "Weggelegt" not in choose
