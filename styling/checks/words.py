"""The words of clothes: which types a noun can mean, and which colours and materials are alike."""

import re

SHOES = frozenset({
    "shoes", "sneakers", "derbies", "oxfords", "loafers", "flats", "heels", "boots", "rain-boots", "sandals",
    "slippers",
})  # fmt: skip
CLOSED_SHOES = SHOES - {"sandals", "slippers", "boots", "rain-boots"}
COATS = frozenset({"coat", "trench-coat", "parka", "puffer", "rain-jacket"})
JACKETS = frozenset({
    "jacket", "denim-jacket", "leather-jacket", "bomber", "rain-jacket", "puffer", "parka", "blazer", "vest",
    "fleece",
})  # fmt: skip
KNITS = frozenset({"sweater", "cardigan", "turtleneck", "sweatshirt", "hoodie", "fleece"})
TROUSERS = frozenset({"pants", "chinos", "jeans", "sweatpants", "leggings"})
TOPS = frozenset({
    "t-shirt", "tank-top", "polo", "shirt", "blouse", "longsleeve", "turtleneck", "sweater", "cardigan",
    "sweatshirt", "hoodie", "fleece", "waistcoat",
})  # fmt: skip
HATS = frozenset({"hat", "cap", "sun-hat", "beanie"})
BAGS = frozenset({"bag", "backpack", "handbag"})


def _types(*names: str) -> frozenset[str]:
    return frozenset(names)


NOUNS: dict[str, frozenset[str]] = {
    r"t-?shirts?|tees?": _types("t-shirt", "longsleeve"),
    r"tank ?tops?|camisoles?|singlets?": _types("tank-top"),
    r"polo(?: ?shirt)?s?": _types("polo"),
    r"(?:dress |button-down |oxford )?shirts?": _types("shirt", "polo", "t-shirt", "blouse", "longsleeve"),
    r"blouses?": _types("blouse", "shirt"),
    r"long-?sleeves?(?: tops?)?|henleys?": _types("longsleeve"),
    r"turtlenecks?|roll-?necks?|polo ?necks?": _types("turtleneck", "sweater"),
    r"sweaters?|jumpers?|pullovers?": KNITS,
    r"knits?|knitwear": KNITS,
    r"cardigans?": _types("cardigan"),
    r"sweatshirts?": _types("sweatshirt", "hoodie"),
    r"hoodies?|hoody": _types("hoodie", "sweatshirt"),
    r"fleeces?": _types("fleece", "vest", "jacket"),
    r"waistcoats?": _types("waistcoat", "vest"),
    r"trousers|pants|slacks": TROUSERS,
    r"chinos": _types("chinos", "pants"),
    r"jeans": _types("jeans"),
    r"sweatpants|joggers|track ?pants": _types("sweatpants", "leggings"),
    r"leggings": _types("leggings", "tights"),
    r"shorts|bermudas": _types("shorts"),
    r"(?:mini|midi|maxi|pencil )?skirts?": _types("skirt"),
    r"(?:sun|slip )?dress(?:es)?|gowns?|frocks?": _types("dress"),
    r"jumpsuits?|playsuits?|overalls|dungarees": _types("jumpsuit"),
    r"blazers?|sports? ?coats?|suit jackets?": _types("blazer"),
    r"suits?|tuxedos?": _types("blazer"),
    r"gilets?|vests?": _types("vest", "waistcoat"),
    r"denim jackets?|jean jackets?": _types("denim-jacket"),
    r"leather jackets?|biker jackets?": _types("leather-jacket"),
    r"bombers?(?: jackets?)?": _types("bomber"),
    r"rain ?jackets?|rain ?coats?|macs?|mackintosh(?:es)?|anoraks?|cagoules?": _types("rain-jacket", "parka", "trench-coat"),
    r"trench(?: ?coats?|es)?": _types("trench-coat"),
    r"puffers?(?: jackets?)?|(?:down|padded|quilted) jackets?": _types("puffer", "vest"),
    r"parkas?": _types("parka"),
    r"windbreakers?|windcheaters?": _types("jacket", "rain-jacket"),
    r"over ?coats?|top ?coats?|pea ?coats?|duffel coats?": _types("coat"),
    r"(?:winter )?coats?": COATS,
    r"jackets?": JACKETS,
    r"sneakers?|trainers?|plimsolls?|running shoes|tennis shoes": _types("sneakers"),
    r"derb(?:y|ies)|brogues?": _types("derbies", "oxfords"),
    r"oxfords?": _types("oxfords"),
    r"loafers?|moccasins?": _types("loafers"),
    r"ballet flats|ballerinas|flats": _types("flats"),
    r"high heels|heels|stilettos?|pumps": _types("heels"),
    r"rain ?boots?|wellies|wellingtons?|gumboots?": _types("rain-boots"),
    r"boots?|booties": _types("boots", "rain-boots"),
    r"sandals?|flip-?flops?": _types("sandals"),
    r"slippers?": _types("slippers"),
    r"(?:dress )?shoes?|footwear": SHOES,
    r"socks?": _types("socks"),
    r"tights|stockings|pantyhose": _types("tights", "leggings"),
    r"sun ?hats?|straw hats?": _types("sun-hat", "hat"),
    r"caps?|baseball caps?": _types("cap"),
    r"beanies?|bobble hats?|woolly hats?|knit hats?": _types("beanie", "hat"),
    r"hats?|fedoras?": HATS,
    r"backpacks?|rucksacks?": _types("backpack", "bag"),
    r"handbags?|purses?|clutch(?:es)?": _types("handbag", "bag"),
    r"bags?|totes?": BAGS,
    r"scar(?:f|ves|fs)|shawls?": _types("scarf"),
    r"gloves?|mittens?": _types("gloves"),
    r"belts?": _types("belt"),
    r"(?:neck|bow )?ties?": _types("tie"),
    r"sunglasses|shades": _types("sunglasses"),
    r"umbrellas?|broll(?:y|ies)|parasols?": _types("umbrella"),
    r"(?:wrist)?watch(?:es)?": _types("watch"),
    r"jewell?ery|necklaces?|bracelets?|earrings?|rings?|brooch(?:es)?": _types("jewellery"),
    r"thermals?|long johns": _types("thermals"),
    r"swimsuits?|bikinis?|swimming trunks|swimwear": _types("swimwear"),
    r"tops?": TOPS,
}  # fmt: skip
"""Longer and rarer names first: each stretch of text is one of them."""
NEEDS_ARTICLE = re.compile(
    r"(?:tops?|ties?|bow tie|watch|watches|dress|suits?|caps?|belts?|coats?|bags?|knits?|rings?|shades|totes?|vests?|"
    r"clutch|clutches|trench|macs?|heels|flats|fleece|pumps|purse|shirt|bombers?|boot|short|gloves?|pants)$",
    re.IGNORECASE,
)
"""Also verbs, or parts of other words: garments only after an article, a possessive or another adjective."""

FAMILIES: dict[str, str] = {
    "black": "black", "jet": "black", "ebony": "black", "charcoal": "black grey", "grey": "grey", "gray": "grey", "silver": "grey",
    "white": "white", "ivory": "white", "off-white": "white", "cream": "white beige", "beige": "beige", "sand": "beige",
    "stone": "beige", "camel": "beige brown", "tan": "beige brown", "khaki": "beige green", "brown": "brown",
    "chocolate": "brown", "cognac": "brown", "navy": "blue", "denim": "blue", "indigo": "blue", "blue": "blue",
    "teal": "blue green", "turquoise": "blue green", "green": "green", "mint": "green", "olive": "green", "sage": "green",
    "emerald": "green", "yellow": "yellow", "mustard": "yellow", "gold": "yellow", "golden": "yellow",
    "orange": "orange", "rust": "orange red brown", "coral": "orange red pink", "red": "red", "scarlet": "red",
    "crimson": "red", "burgundy": "red", "wine": "red", "maroon": "red", "pink": "pink", "rose": "pink",
    "purple": "purple", "violet": "purple", "lavender": "purple", "lilac": "purple", "plum": "purple red",
}  # fmt: skip
MATERIALS: dict[str, str] = {
    "cotton": "cotton denim canvas", "denim": "denim cotton", "leather": "leather suede", "suede": "suede leather",
    "wool": "wool knit", "woollen": "wool knit", "woolen": "wool knit", "woolly": "wool knit", "merino": "wool knit",
    "cashmere": "wool knit", "tweed": "wool", "flannel": "wool cotton", "silk": "silk", "satin": "silk polyester",
    "linen": "linen", "velvet": "velvet", "corduroy": "cotton", "nylon": "nylon polyester", "polyester": "polyester nylon",
    "canvas": "canvas cotton", "knitted": "knit wool", "lace": "lace", "sequined": "sequined",
}  # fmt: skip
PLAIN_ADJECTIVES = (
    "dark|light|pale|bright|deep|soft|warm|heavy|thick|thin|fine|long|short|slim|wide|loose|old|new|good|best|"
    "favou?rite|chunky|simple|plain|smart|casual|formal|crisp|clean|classic|trusty|big|small|little|matching|own|"
    "striped|plaid|checked|checkered|floral|printed|patterned|dotted|quilted|padded|waterproof|rainproof|second|"
    "other|nice|fresh|sturdy|comfortable|lightweight|winter|summer|running|down"
)
ADJECTIVE = rf"(?:{'|'.join(map(re.escape, FAMILIES))}|{'|'.join(MATERIALS)}|{PLAIN_ADJECTIVES})"
ARTICLE = r"(?:the|your|my|this|that|these|those|an?|with|some|any|no|both|another)"
NOUN = re.compile(
    rf"(?<![\w-])(?P<article>{ARTICLE}\s+)?(?P<adjectives>(?:{ADJECTIVE}(?:,?\s+|-)(?:and\s+)?){{0,4}})"
    rf"(?P<noun>{'|'.join(NOUNS)})(?![\w-])"
)
"""Of text in small letters, as the idioms are."""
IDIOMS = re.compile(
    r"\bdress(?:ed|es|ing)?\s+(?:codes?|for|up|down|warm\w*|smart\w*|in|well|as|to|you|the part|yourself)\b|"
    r"\bdress\s+(?=.{0,12}\b(?:for|in)\b)|\bsuits?\s+(?:you|the|your|this|it|a)\b(?!\s*jacket)|\bto suit\b|"
    r"\bon top\b|\btop (?:it|that|this|everything|layer|half|off|of|marks)\b|\bties? (?:it|the|this|that|everything|all|in|together|up)\b|"
    r"\bwatch (?:for|the (?:sky|forecast|weather|clouds)|out|your step|over)\b|\b(?:drop of a|keep it under your|old) hat\b|"
    r"\b(?:coats?|layers?) of (?:paint|ice|snow|frost)\b|\bin the bag\b|\b(?:at|on) (?:your|the) heels\b|\bto boot\b|"
    r"\bglove box\b|\bcap (?:it|the|off)\b|\bbelt (?:up|out)\b|\bhandbag-sized\b|\bshort (?:walk|way|trip|day)\b|"
    r"\bbe in (?:your|someone's) shoes\b|\bpull (?:your|up your) socks\b"
)


def find_types(noun: str) -> frozenset[str]:
    """The types that a noun can mean."""
    for pattern, types in _COMPILED:
        if pattern.fullmatch(noun):
            return types
    return frozenset()


_COMPILED = [(re.compile(pattern, re.IGNORECASE), types) for pattern, types in NOUNS.items()]


def name_families(words: list[str], known: dict[str, str]) -> set[str]:
    """The families of the colours, or materials, among some words."""
    return {family for word in words for family in known.get(word, "").split()}
