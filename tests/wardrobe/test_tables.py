"""The wardrobe as CSV: out so that no spreadsheet runs it, in with limits, a look first, all or nothing."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override

from accounts.models import User
from tests.factories import make_garment
from wardrobe.models import Act, Garment
from wardrobe.services import imports
from wardrobe.tables import reading
from wardrobe.tables.columns import guess_columns
from wardrobe.tables.reading import TableError
from wardrobe.tables.rows import read_row
from wardrobe.vocabulary import MOST_COLOURS

TABLE = "/wardrobe/table/"
PLAIN = "Name,Kind,Colour\nMy shirt,Shirt,navy and white\nMy boots,boots,brown\n"


def send(client: Client, data: str | bytes = PLAIN, **more: Any) -> Any:
    data = data.encode() if isinstance(data, str) else data
    return client.post(TABLE, {"file": SimpleUploadedFile("mine.csv", data), **more})


def hang_up(
    client: Client, text: str = PLAIN, columns: tuple[str, ...] = ("name", "type", "colours")
) -> Any:
    said = {f"column_{place}": name for place, name in enumerate(columns)}
    return client.post(TABLE, {"text": text, "sure": 1, **said}, follow=True)


def download(client: Client) -> str:
    answer = client.get("/wardrobe/table/export/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="wardrobe.csv"'
    return answer.content.decode("utf-8-sig")


# Out


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r="])
def test_no_cell_begins_as_a_formula_does(as_alice, alice, start):
    Garment.objects.filter(pk=make_garment(alice).pk).update(
        name=f"{start}HYPERLINK(0)", brand=f"{start}1", notes=f"{start}cmd"
    )
    for row in csv.reader(io.StringIO(download(as_alice))):
        assert not [cell for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]


def test_what_goes_out_comes_in_again(as_alice, as_charlie, alice, charlie):
    make_garment(
        alice,
        name="=Shirt, “good”",
        price=Decimal("19.90"),
        currency="CHF",
        occasions=["party", "business"],
        notes="two\nlines",
        quantity=3,
        is_favourite=True,
        water_resistant=True,
        material="linen",
    )
    make_garment(alice, name="Boots", slot="shoes", type="boots", status="archived", away="sold")
    text = download(as_alice)
    preview = send(as_charlie, text)
    assert "2 new." in preview.text
    headings = next(csv.reader(io.StringIO(text)))
    hang_up(as_charlie, text, tuple(guess_columns(headings)))
    names = ["name", "type", "slot", "pattern", "material", "warmth", "formality", "seasons", "fit"]
    names += [
        "occasions",
        "price",
        "currency",
        "quantity",
        "notes",
        "is_favourite",
        "water_resistant",
        "away",
    ]
    names += ["status", "brand"]
    mine, theirs = (
        [[getattr(one, name) for name in names] for one in owner.garments.order_by("name")]
        for owner in (alice, charlie)
    )
    assert mine == theirs
    assert [one.main_colour for one in charlie.garments.all()] == ["navy", "navy"]


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_table_is_english_whoever_takes_it_along(as_alice, as_charlie, alice, charlie, language):
    """And is read again by whoever speaks what."""
    make_garment(alice, name="Old hat", slot="hat", type="hat", status="archived", away="given")
    User.objects.filter(pk=alice.pk).update(language="de")
    User.objects.filter(pk=charlie.pk).update(language=language)
    text = download(as_alice)
    assert "Given away" in text
    hang_up(as_charlie, text, tuple(guess_columns(next(csv.reader(io.StringIO(text))))))
    assert charlie.garments.get().away == "given"


def pay_in_dollars(owner):
    return "USD"


@pytest.mark.parametrize(
    ("cells", "currency"),
    [
        ("20,", "USD"),
        ("20,CHF", "CHF"),
        ("20,eur", "EUR"),
        ("£20,", "GBP"),
        ("20 PLN,", "PLN"),
        ("$20,", "USD"),
        ("€20,CHF", "CHF"),
        (",EUR", ""),
    ],
)
def test_a_price_is_in_what_the_table_says_or_what_its_wearer_pays_with(
    as_alice, alice, settings, cells, currency
):
    settings.CURRENCY_FINDER = f"{__name__}.pay_in_dollars"
    text = f"Kind,Price,Currency\nBoots,{cells}\n"
    hang_up(as_alice, text, ("type", "price", "currency"))
    assert alice.garments.get().currency == currency


def test_a_piece_of_as_many_colours_as_eyes_see_comes_in_again(as_alice, as_charlie, alice, words):
    names = ["navy", "white", "red", "green", "blue"]
    assert len(names) == MOST_COLOURS
    colours = [{"name": name, "hex": "#101010", "share": 0.2} for name in names]
    make_garment(alice, name="Striped shirt", colours=colours)
    preview = send(as_charlie, download(as_alice)).text
    assert "1 new." in preview and "at most" not in preview


def test_the_table_is_of_ones_own_pieces(as_charlie, alice):
    make_garment(alice, name="Kimono")
    assert "Kimono" not in download(as_charlie)


# In


def test_a_look_first_hangs_nothing_up(as_alice, alice):
    page = send(as_alice).text
    assert "2 rows read" in page and "2 new." in page and "Hang up 2 pieces" in page
    assert not alice.garments.exists()


def test_then_all_of_it_in_one_act_that_can_be_undone(as_alice, alice):
    worn = "Name,Kind,Colour\nMy coat,Coat,black\n"
    assert "2 pieces read from a table." in hang_up(as_alice).text
    shirt = alice.garments.get(name="My shirt")
    assert (shirt.slot, shirt.status, shirt.formality) == ("top", "ready", "smart_casual")
    assert [one["name"] for one in shirt.colours] == ["navy", "white"]
    hang_up(as_alice, worn)
    act = Act.objects.get(changes__contains=[{"garment": str(shirt.pk)}])
    as_alice.post(f"/wardrobe/{shirt.pk}/worn/")
    page = as_alice.post(f"/wardrobe/many/{act.pk}/undo/", follow=True).text
    assert "1 of 2 pieces" in page
    assert {*alice.garments.values_list("name", flat=True)} == {"My shirt", "My coat"}


def edit(client, piece, field, value):
    assert client.post(f"/wardrobe/{piece.pk}/edit/{field}/", {field: value}).status_code < 400


SAID = {
    "named": lambda client, one: edit(client, one, "name", "My best shirt"),
    "described": lambda client, one: edit(client, one, "material", "linen"),
    "noted": lambda client, one: edit(client, one, "notes", "Of my aunt's."),
    "priced": lambda client, one: edit(client, one, "price", "49.90"),
    "loved": lambda client, one: client.post(f"/wardrobe/{one.pk}/favourite/"),
    "put away": lambda client, one: client.post(f"/wardrobe/{one.pk}/archive/"),
}


@pytest.mark.parametrize("say", SAID.values(), ids=[*SAID])
def test_undoing_it_keeps_what_was_said_of_a_piece_since(as_alice, alice, say):
    hang_up(as_alice)
    act, shirt = Act.objects.get(), alice.garments.get(name="My shirt")
    say(as_alice, shirt)
    page = as_alice.post(f"/wardrobe/many/{act.pk}/undo/", follow=True).text
    assert "1 of 2 pieces are as before. The others changed since, and stay as they are." in page
    assert [*alice.garments.all()] == [shirt]
    again = as_alice.post(f"/wardrobe/many/{act.pk}/undo/", follow=True).text
    assert "What is left changed since, and stays as it is." in again


def test_undoing_it_takes_what_was_said_and_taken_back(as_alice, alice):
    hang_up(as_alice)
    shirt = alice.garments.get(name="My shirt")
    for sent in ({}, {"off": "on"}):
        as_alice.post(f"/wardrobe/{shirt.pk}/favourite/", sent)
    page = as_alice.post(f"/wardrobe/many/{Act.objects.get().pk}/undo/", follow=True).text
    assert "2 pieces: as before." in page and not alice.garments.exists()
    again = as_alice.post(f"/wardrobe/many/{Act.objects.get().pk}/undo/", follow=True).text
    assert "Nothing was left to take back." in again


def test_nothing_is_half_done(as_alice, alice, monkeypatch):
    made = iter([imports.add_garment, lambda **_: 1 / 0])
    monkeypatch.setattr(imports, "add_garment", lambda **said: next(made)(**said))
    as_alice.raise_request_exception = False
    assert hang_up(as_alice).status_code == 500
    assert not alice.garments.exists() and not Act.objects.exists()


def test_rows_with_faults_are_told_first_and_left_out(as_alice, alice):
    text = "Name,Kind,Price\nGood,Shirt,12\nBad,Spaceship,12\nNone,,1\nDear,Boots,many\n"
    page = send(as_alice, text).text
    assert "1 new. 3 with something wrong, left out." in page
    assert page.index("“Spaceship” is no word that we know") < page.index("<bdi>Good")
    assert "No kind of piece is said." in page and "“many” is no number" in page
    hang_up(as_alice, text, ("name", "type", "price"))
    assert alice.garments.get().price == 12


def test_a_row_that_is_left_out_stands_in_no_others_way(as_alice, alice):
    text = "Name,Kind,Price\nBlue shirt,Shirt,many\nBlue shirt,Shirt,20\n"
    assert "1 new. 1 with something wrong, left out." in send(as_alice, text).text
    hang_up(as_alice, text, ("name", "type", "price"))
    assert alice.garments.get().price == 20


def test_what_hangs_here_already_stays_as_it_is(as_alice, alice):
    hang_up(as_alice)
    twice = PLAIN + "My hat,Beanie,red\nmy hat,Beanie,red\n"
    page = send(as_alice, twice).text
    assert "1 new. 3 here already, left as they are." in page
    hang_up(as_alice, twice)
    assert alice.garments.count() == 3


def test_columns_that_say_nothing_are_asked_for(as_alice, alice):
    text = "A,B\nMy shirt,Shirt\n"
    page = send(as_alice, text)
    assert page.status_code == 422
    assert "say what the columns stand for" in page.text
    for columns, told in (
        (("type", "type"), "Two columns stand for: Kind."),
        (("name", ""), "Say which column"),
    ):
        assert told in hang_up(as_alice, text, columns).text
    assert not alice.garments.exists()
    hang_up(as_alice, text, ("name", "type"))
    assert alice.garments.get().name == "My shirt"


def test_markup_in_a_table_is_text(as_alice):
    page = send(as_alice, "Name,Kind\n<script>alert(1)</script>,<b>Shirt\n").text
    assert "<script>alert" not in page and "<b>Shirt" not in page


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "The file is empty."),
        (b"Name,Kind\n", "headings and no rows"),
        (b"\x89PNG\r\n\x1a\n\0\0", "no table of text"),
        (b"PK\x03\x04\0\0", "no table of text"),
        (b"Name,Kind\n" + b"a,b\n" * 501, "more than 500 rows"),
        (b"x," * 60 + b"x\n1\n", "more than 60 columns"),
        (b"Name,Kind\na,b,c\n", "Row 2 has more cells"),
        (b"Name,Kind\n" + b"a" * 2001 + b",b\n", "more than 2000 letters"),
        (b'Name,Kind\n"a,b\n', "cannot be read"),
        (b"a" * 200_001, "more than 200 KB"),
        (b"Name,Kind\n\xff\xfe\0,b\n", "no table of text"),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(as_alice, data, told):
    answer = send(as_alice, data)
    assert answer.status_code == 422
    assert told in answer.text


def test_the_largest_table_can_be_looked_at_and_hung_up(as_alice, alice):
    rows = "".join(f"{'shirt ' * 60}{n},Shirt,navy\n" for n in range(500))
    text = "Name,Kind,Colour\n" + rows.replace("shirt " * 60, "a shirt ")
    text += "\n" * (reading.MOST_BYTES - len(text))
    page = send(as_alice, text)
    assert "500 new." in page.text
    assert len(page.content) < 260_000


# Encodings, separators, words


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_tables_of_every_program_read_alike(encoding, separator):
    data = "Name,Kind\r\nÄrmel,Shirt\r\n\r\n".replace(",", separator).encode(encoding)
    table = reading.read_table(reading.decode(data))
    assert (table.headings, table.rows, table.numbers) == (
        ["Name", "Kind"],
        [["Ärmel", "Shirt"]],
        [2],
    )


def test_short_rows_are_filled_up_and_a_guard_is_taken_off():
    table = reading.read_table("Name,Kind\n'=shirt\n'tis,Shirt\n")
    assert table.rows == [["=shirt", ""], ["'tis", "Shirt"]]


def test_a_quote_over_lines_is_one_row():
    table = reading.read_table('Name,Notes\nA,"one\ntwo"\nB,three\n')
    assert table.rows == [["A", "one\ntwo"], ["B", "three"]]


def test_an_open_quote_is_told():
    with pytest.raises(TableError, match="Row 4 cannot be read"):
        reading.read_table('Name\n\nB\n"A\n')


def test_headings_of_other_apps_are_known():
    headings = ["Item", "Category", "Color", "Fabric", "Purchase price", "Shop", "category"]
    assert guess_columns(headings) == ["name", "type", "colours", "material", "price", "", ""]


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("price", "1.234,50 €", Decimal("1234.50")),
        ("price", "$1,234.5", Decimal("1234.50")),
        ("price", "20", Decimal("20.00")),
        ("price", "1.200 €", Decimal("1200.00")),
        ("price", "1.234.500", Decimal("1234500.00")),
        ("price", "0.125", Decimal("0.12")),
        ("price", "1,200", Decimal("1200.00")),
        ("water_resistant", "X", True),
        ("is_favourite", "no", False),
        ("seasons", "Spring/summer and Autumn", ["spring", "summer", "autumn"]),
        ("formality", "smart_casual", "smart_casual"),
        ("formality", "SMART  casual", "smart_casual"),
    ],
)
def test_cells_are_read_as_people_write_them(words, column, cell, value):
    row = read_row(2, {"type": "Shirts", column: cell})
    assert (row.faults, row.said[column], row.said["type"]) == ([], value, "shirt")


@pytest.mark.parametrize(
    ("language", "type_", "seasons", "yes"),
    [
        ("de", "Hemd", "Frühling und Herbst", "ja"),
        ("es", "camisa", "primavera y otoño", "sí"),
        ("fr", "chemise", "printemps et automne", "oui"),
    ],
)
def test_cells_are_read_in_the_language_that_is_spoken(words, language, type_, seasons, yes):
    with override(language):
        row = read_row(2, {"type": type_, "seasons": seasons, "is_favourite": yes})
    said = {"type": "shirt", "seasons": ["spring", "autumn"], "is_favourite": True}
    assert (row.faults, row.said) == ([], said)


@pytest.mark.parametrize(
    ("column", "cell"),
    [("price", "-1"), ("price", "99999999"), ("quantity", "0"), ("quantity", "1.5"),
     ("currency", "shells"), ("is_favourite", "perhaps"), ("away", "eaten"), ("name", "x" * 121),
     ("colours", "red, blue, green, white, black, pink")],
)  # fmt: skip
def test_cells_that_nobody_could_use_are_faults(words, column, cell):
    row = read_row(2, {"type": "shirt", column: cell})
    assert len(row.faults) == 1 and not row.is_new


def test_visitors_are_sent_to_sign_in(client, db):
    assert send(client).status_code == 302
    assert client.get("/wardrobe/table/export/").status_code == 302


def test_a_thousand_pieces_are_written_with_one_query(
    as_alice, alice, django_assert_max_num_queries
):
    Garment.objects.bulk_create(
        Garment(owner=alice, name=f"Piece {n}", slot="top", type="shirt") for n in range(1000)
    )
    with django_assert_max_num_queries(6):
        assert download(as_alice).count("\n") == 1001
