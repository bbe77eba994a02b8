"""German garments: their nouns with gender and plural, and what adjectives of colour and make they have."""

from typing import NamedTuple


class Noun(NamedTuple):
    """`gender` is m, f, n, or p for what has only a plural, such as shoes; `dative` where the plural's has an ending
    of its own."""

    word: str
    gender: str
    dative: str = ""

    @property
    def in_dative(self) -> str:
        return self.dative or self.word


NOUNS = {
    "t-shirt": Noun("T-Shirt", "n"),
    "tank-top": Noun("Tanktop", "n"),
    "polo": Noun("Poloshirt", "n"),
    "shirt": Noun("Hemd", "n"),
    "blouse": Noun("Bluse", "f"),
    "longsleeve": Noun("Langarmshirt", "n"),
    "turtleneck": Noun("Rollkragenpullover", "m"),
    "sweater": Noun("Pullover", "m"),
    "cardigan": Noun("Strickjacke", "f"),
    "sweatshirt": Noun("Sweatshirt", "n"),
    "hoodie": Noun("Kapuzenpullover", "m"),
    "fleece": Noun("Fleecepullover", "m"),
    "waistcoat": Noun("Weste", "f"),
    "pants": Noun("Hose", "f"),
    "chinos": Noun("Chinohose", "f"),
    "jeans": Noun("Jeans", "f"),
    "sweatpants": Noun("Jogginghose", "f"),
    "leggings": Noun("Leggings", "p"),
    "shorts": Noun("Shorts", "p"),
    "skirt": Noun("Rock", "m"),
    "dress": Noun("Kleid", "n"),
    "jumpsuit": Noun("Jumpsuit", "m"),
    "blazer": Noun("Blazer", "m"),
    "vest": Noun("Weste", "f"),
    "jacket": Noun("Jacke", "f"),
    "denim-jacket": Noun("Jeansjacke", "f"),
    "leather-jacket": Noun("Lederjacke", "f"),
    "bomber": Noun("Bomberjacke", "f"),
    "rain-jacket": Noun("Regenjacke", "f"),
    "trench-coat": Noun("Trenchcoat", "m"),
    "coat": Noun("Mantel", "m"),
    "puffer": Noun("Steppjacke", "f"),
    "parka": Noun("Parka", "m"),
    "shoes": Noun("Schuhe", "p", "Schuhen"),
    "sneakers": Noun("Sneaker", "p", "Sneakern"),
    "derbies": Noun("Derbys", "p"),
    "oxfords": Noun("Oxfords", "p"),
    "loafers": Noun("Loafer", "p", "Loafern"),
    "flats": Noun("Ballerinas", "p"),
    "heels": Noun("Pumps", "p"),
    "boots": Noun("Stiefel", "p", "Stiefeln"),
    "rain-boots": Noun("Gummistiefel", "p", "Gummistiefeln"),
    "sandals": Noun("Sandalen", "p"),
    "slippers": Noun("Hausschuhe", "p", "Hausschuhen"),
    "socks": Noun("Socken", "p"),
    "tights": Noun("Strumpfhose", "f"),
    "hat": Noun("Hut", "m"),
    "cap": Noun("Kappe", "f"),
    "sun-hat": Noun("Sonnenhut", "m"),
    "beanie": Noun("Mütze", "f"),
    "bag": Noun("Tasche", "f"),
    "backpack": Noun("Rucksack", "m"),
    "handbag": Noun("Handtasche", "f"),
    "scarf": Noun("Schal", "m"),
    "gloves": Noun("Handschuhe", "p", "Handschuhen"),
    "belt": Noun("Gürtel", "m"),
    "tie": Noun("Krawatte", "f"),
    "sunglasses": Noun("Sonnenbrille", "f"),
    "umbrella": Noun("Regenschirm", "m"),
    "watch": Noun("Armbanduhr", "f"),
    "jewellery": Noun("Schmuck", "m"),
    "underwear": Noun("Unterwäsche", "f"),
    "thermals": Noun("Thermowäsche", "f"),
    "swimwear": Noun("Badekleidung", "f"),
    "other": Noun("Stück", "n"),
}
STEMS = frozenset([
    "schwarz", "anthrazitfarben", "grau", "hellgrau", "dunkelgrau", "silbern", "silberfarben", "weiß", "cremefarben", "cremeweiß",
    "beige", "beigefarben", "kamelfarben", "camelfarben", "braun", "hellbraun", "dunkelbraun", "marineblau", "dunkelblau", "jeansblau",
    "blau", "hellblau", "petrolfarben", "petrolblau", "blaugrün", "türkis", "türkisfarben", "grün", "hellgrün", "dunkelgrün",
    "mintgrün", "minzgrün", "olivgrün", "khakifarben", "khakigrün", "gelb", "senfgelb", "senffarben", "golden", "goldfarben",
    "orange", "orangefarben", "rostrot", "rostfarben", "rostbraun", "korallenrot", "korallenfarben", "rot", "weinrot", "burgunderrot",
    "bordeauxrot", "rosafarben", "lilafarben", "violett", "lavendelfarben", "bunt", "mehrfarbig", "gestreift", "kariert", "geblümt",
    "gemustert", "bedruckt", "gepunktet", "einfarbig", "lang", "kurz", "warm", "leicht", "dick", "dünn", "weich", "neu", "alt",
    "klein", "groß", "schmal", "weit", "fein", "grob", "hell", "dunkel", "schick", "schlicht", "elegant", "sportlich",
])  # fmt: skip
"""Adjectives of which a garment's name may be made; of any other first word nobody knows the endings."""
