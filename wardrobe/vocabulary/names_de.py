"""German garments: their nouns with gender and number, and the adjectives of colours and patterns that agree with them."""

from collections.abc import Mapping

from wardrobe.vocabulary.nouns import Noun, read_nouns

NOUNS: Mapping[str, Noun] = read_nouns("""
t-shirt n T-Shirt
tank-top n Tanktop
polo n Poloshirt
shirt n Hemd
blouse f Bluse
longsleeve n Langarmshirt
turtleneck m Rollkragenpullover
sweater m Pullover
cardigan f Strickjacke
sweatshirt n Sweatshirt
hoodie m Kapuzenpullover
fleece m Fleecepullover
waistcoat f Anzugweste
pants f Hose
chinos f Chinohose
jeans f Jeans
sweatpants f Jogginghose
leggings p Leggings
shorts p Shorts
skirt m Rock
dress n Kleid
jumpsuit m Jumpsuit
blazer m Blazer
vest f Weste
jacket f Jacke
denim-jacket f Jeansjacke
leather-jacket f Lederjacke
bomber f Bomberjacke
rain-jacket f Regenjacke
trench-coat m Trenchcoat
coat m Mantel
puffer f Steppjacke
parka m Parka
shoes p Schuhe
sneakers p Sneaker
derbies p Derbys
oxfords p Oxfords
loafers p Loafer
flats p Ballerinas
heels p Pumps
boots p Stiefel
rain-boots p Gummistiefel
sandals p Sandalen
slippers p Hausschuhe
socks p Socken
tights f Strumpfhose
hat m Hut
cap f Kappe
sun-hat m Sonnenhut
beanie f Mütze
bag f Tasche
backpack m Rucksack
handbag f Handtasche
scarf m Schal
gloves p Handschuhe
belt m Gürtel
tie f Krawatte
sunglasses f Sonnenbrille
umbrella m Regenschirm
watch f Armbanduhr
jewellery m Schmuck
underwear f Unterwäsche
thermals f Thermowäsche
swimwear f Badekleidung
other n Stück
""")
"""`gender` is m, f, n, or p for what has only a plural, such as shoes."""
ENDINGS = {"m": "er", "f": "e", "n": "es", "p": "e"}
"""Of an adjective in a name that stands without an article: "Blaues Hemd"."""
COLOURS = {
    "black": "schwarz", "charcoal": "anthrazitfarben", "grey": "grau", "silver": "silberfarben", "white": "weiß",
    "cream": "cremefarben", "beige": "beig", "camel": "kamelfarben", "brown": "braun", "navy": "marineblau",
    "denim": "jeansblau", "blue": "blau", "light_blue": "hellblau", "teal": "petrolfarben", "turquoise": "türkis",
    "green": "grün", "mint": "mintgrün", "olive": "olivgrün", "khaki": "khakifarben", "yellow": "gelb",
    "mustard": "senfgelb", "gold": "goldfarben", "orange": "orangefarben", "rust": "rostrot", "coral": "korallenrot",
    "red": "rot", "burgundy": "weinrot", "pink": "rosa", "purple": "lila", "lavender": "lavendelfarben",
    "multicolor": "bunt",
}  # fmt: skip
UNCHANGING = frozenset({"rosa", "lila"})
PATTERNS = {
    "striped": "gestreift", "plaid": "schottisch kariert", "checkered": "kariert", "floral": "geblümt",
    "polka_dot": "gepunktet", "graphic": "bedruckt", "other": "gemustert", "camouflage": "mit Tarnmuster",
    "animal_print": "mit Tiermuster", "geometric": "mit geometrischem Muster",
}  # fmt: skip


def put_together(noun: Noun, colour: str, pattern: str) -> str:
    """ "Blaues gestreiftes Hemd", "Rosa Kleid mit Tiermuster"."""
    before = [word for word in (colour, pattern) if word and not word.startswith("mit ")]
    after = [word for word in (pattern,) if word.startswith("mit ")]
    return " ".join([*(agree(word, noun) for word in before), noun.word, *after])


def agree(stem: str, noun: Noun) -> str:
    return stem if stem in UNCHANGING else f"{stem}{ENDINGS[noun.gender]}"
