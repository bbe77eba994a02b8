"""The wardrobe's search in German, Spanish and French."""

from urllib.parse import quote

import pytest
from django.urls import reverse

from tests.factories import make_garment, make_user
from wardrobe.services.garments import name_as_usual

RACK = "wardrobe:garment-list"
PIECES = [
    {"type": "shirt", "slot": "top", "colours": "navy", "pattern": "striped", "material": "linen"},
    {"type": "skirt", "slot": "bottom", "colours": "red", "pattern": "solid", "material": "wool"},
    {"type": "jeans", "slot": "bottom", "colours": "denim", "pattern": "solid"},
    {"type": "boots", "slot": "shoes", "colours": "black", "pattern": "solid", "material": "leather"},
    {"type": "scarf", "slot": "accessory", "colours": "green", "pattern": "floral", "material": "silk"},
    {"type": "coat", "slot": "outerwear", "colours": "camel", "pattern": "solid", "material": "wool"},
]  # fmt: skip


@pytest.fixture
def reader(client, words):
    """Signs somebody in who reads a language and has six pieces that nobody named, and one that she did."""

    def sign_in(language: str):
        user = make_user("reader@example.com", language=language)
        for number, told in enumerate(PIECES):
            colours = [{"name": told["colours"], "hex": "#123456", "share": 1.0}]
            piece = make_garment(user, **{**told, "colours": colours}, ordinal=number)
            piece.name = name_as_usual(piece)
            piece.save()
        make_garment(
            user, name="Jäckchen von Zoë, größer", slot="outerwear", type="cardigan", colours=[]
        )
        client.force_login(user)
        return client

    return sign_in


def look(client, query: str) -> set[str]:
    page = client.get(f"{reverse(RACK)}?q={quote(query)}")
    return {garment.type for garment in page.context["page"]}


SEARCHES = {
    "de": """
Hemd => shirt
hemden => shirt
gestreift => shirt
Leinenhemd => shirt
Rock => skirt
röcke => skirt
roecke => skirt
rocke => skirt
roter Rock => skirt
rote Röcke => skirt
Stiefel => boots
schwarze Stiefel => boots
Lederstiefel => boots
dunkelblau => shirt
etwas aus Wolle => skirt coat
Wollmantel => coat
Mäntel => coat
Schuhe ohne Leder =>
grün => scarf
gruen => scarf
geblümt => scarf
Seidenschal => scarf
Schlaghosen =>
Stifel => boots
schw => boots
jackchen => cardigan
groesser =>
größer => cardigan
zoe => cardigan
jeans => jeans
boots => boots
green => scarf
nicht rot => shirt jeans boots scarf coat cardigan
""",
    "es": """
camisa => shirt
camisas => shirt
a rayas => shirt
camisa de lino => shirt
falda roja => skirt
faldas rojas => skirt
botas negras => boots
botas de cuero => boots
azul oscuro => shirt
de lana => skirt coat
abrigo => coat
panuelo => scarf
pañuelo de flores => scarf
verde => scarf
sin lana ni rojo => shirt jeans boots scarf cardigan
vaqueros => jeans
bufnda => scarf
zoe => cardigan
boots => boots
""",
    "fr": """
chemise => shirt
chemises rayées => shirt
à rayures => shirt
chemise en lin => shirt
jupe rouge => skirt
jupes rouges => skirt
bottes noires => boots
bottes en cuir => boots
bleu foncé => shirt
bleu fonce => shirt
en laine => skirt coat
manteau => coat
écharpe en soie => scarf
echarpe => scarf
à fleurs => scarf
vert => scarf
jean => jeans
botes => boots
zoe => cardigan
boots => boots
manteau pas rouge => coat
""",
}
ROWS = [
    (language, said.strip(), {*meant.split()})
    for language, table in SEARCHES.items()
    for said, meant in (row.split("=>") for row in table.strip().splitlines())
]


@pytest.mark.django_db
@pytest.mark.parametrize("language", SEARCHES)
def test_the_search_knows_the_readers_words(reader, language):
    client = reader(language)
    found = {said: (meant, look(client, said)) for one, said, meant in ROWS if one == language}
    assert {said: both for said, both in found.items() if both[0] != both[1]} == {}


@pytest.mark.django_db
@pytest.mark.parametrize("language", SEARCHES)
def test_words_to_search_for_find_what_they_name(reader, language):
    client = reader(language)
    words = client.get(reverse(RACK)).context["form"].suggestions()
    assert len(words) >= 10
    assert [word for word in words if not look(client, word)] == []


@pytest.mark.django_db
def test_an_unknown_word_is_said_as_it_was_typed(reader):
    page = reader("de").get(f"{reverse(RACK)}?q={quote('Zwölfender Hemd')}")
    assert page.context["form"].unknown == ["zwölfender"]
    assert [piece.type for piece in page.context["page"]] == ["shirt"]


@pytest.mark.django_db
@pytest.mark.parametrize("language", SEARCHES)
def test_no_sign_is_read_as_one(reader, language):
    client = reader(language)
    for query in ("it's", "'", "a:*", "!(", "l'", "ß & !|", "\\"):
        assert client.get(reverse(RACK), {"q": query}).status_code == 200
