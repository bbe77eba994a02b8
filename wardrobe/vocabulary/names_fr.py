"""French garments: their nouns with gender and number, and the adjectives of colours and patterns that agree with them."""

from collections.abc import Mapping

from wardrobe.vocabulary.nouns import Noun, agree, read_nouns

NOUNS: Mapping[str, Noun] = read_nouns("""
t-shirt m t-shirt
tank-top m débardeur
polo m polo
shirt f chemise
blouse f blouse
longsleeve m haut à manches longues
turtleneck m col roulé
sweater m pull
cardigan m cardigan
sweatshirt m sweat
hoodie m sweat à capuche
fleece f polaire
waistcoat m gilet de costume
pants m pantalon
chinos m chino
jeans m jean
sweatpants m jogging
leggings m legging
shorts m short
skirt f jupe
dress f robe
jumpsuit f combinaison
blazer m blazer
vest m gilet sans manches
jacket f veste
denim-jacket f veste en jean
leather-jacket f veste en cuir
bomber m bomber
rain-jacket f veste de pluie
trench-coat m trench
coat m manteau
puffer f doudoune
parka f parka
shoes fp chaussures
sneakers fp baskets
derbies mp derbies
oxfords mp richelieus
loafers mp mocassins
flats fp ballerines
heels mp escarpins
boots fp bottes
rain-boots fp bottes de pluie
sandals fp sandales
slippers mp chaussons
socks fp chaussettes
tights mp collants
hat m chapeau
cap f casquette
sun-hat m chapeau de soleil
beanie m bonnet
bag m sac
backpack m sac à dos
handbag m sac à main
scarf f écharpe
gloves mp gants
belt f ceinture
tie f cravate
sunglasses fp lunettes de soleil
umbrella m parapluie
watch f montre
jewellery mp bijoux
underwear mp sous-vêtements
thermals mp sous-vêtements thermiques
swimwear m maillot de bain
other f pièce
""")
COLOURS = {
    "black": "noir noire noirs noires", "charcoal": "gris anthracite", "grey": "gris grise gris grises",
    "silver": "argenté argentée argentés argentées", "white": "blanc blanche blancs blanches", "cream": "crème",
    "beige": "beige beige beiges beiges", "camel": "camel", "brown": "marron", "navy": "bleu marine",
    "denim": "bleu jean", "blue": "bleu bleue bleus bleues", "light_blue": "bleu clair", "teal": "bleu canard",
    "turquoise": "turquoise", "green": "vert verte verts vertes", "mint": "vert menthe", "olive": "vert olive",
    "khaki": "kaki", "yellow": "jaune jaune jaunes jaunes", "mustard": "moutarde",
    "gold": "doré dorée dorés dorées", "orange": "orange", "rust": "rouille", "coral": "corail",
    "red": "rouge rouge rouges rouges", "burgundy": "bordeaux", "pink": "rose rose roses roses",
    "purple": "violet violette violets violettes", "lavender": "lavande",
    "multicolor": "multicolore multicolore multicolores multicolores",
}  # fmt: skip
"""Of one, masculine and feminine, and of several; what does not change stands once."""
PATTERNS = {
    "striped": "à rayures", "plaid": "écossais écossaise écossais écossaises", "checkered": "à carreaux",
    "floral": "à fleurs", "polka_dot": "à pois", "camouflage": "à motif camouflage",
    "animal_print": "à imprimé animal", "geometric": "à motif géométrique", "graphic": "à imprimé",
    "other": "à motifs",
}  # fmt: skip


def put_together(noun: Noun, colour: str, pattern: str) -> str:
    """ "Chemise bleue à rayures"."""
    return " ".join(filter(None, [noun.word, agree(colour, noun), agree(pattern, noun)]))
