"""Spanish garments: their nouns with gender and number, and the adjectives of colours and patterns that agree with them."""

from collections.abc import Mapping

from wardrobe.vocabulary.nouns import Noun, agree, read_nouns

NOUNS: Mapping[str, Noun] = read_nouns("""
t-shirt f camiseta
tank-top f camiseta de tirantes
polo m polo
shirt f camisa
blouse f blusa
longsleeve f camiseta de manga larga
turtleneck m jersey de cuello alto
sweater m jersey
cardigan m cárdigan
sweatshirt f sudadera
hoodie f sudadera con capucha
fleece m forro polar
waistcoat m chaleco de vestir
pants m pantalón
chinos mp chinos
jeans mp vaqueros
sweatpants m pantalón de chándal
leggings mp leggings
shorts m pantalón corto
skirt f falda
dress m vestido
jumpsuit m mono
blazer m blazer
vest m chaleco
jacket f chaqueta
denim-jacket f chaqueta vaquera
leather-jacket f chaqueta de cuero
bomber f bomber
rain-jacket m chubasquero
trench-coat f gabardina
coat m abrigo
puffer f chaqueta acolchada
parka f parka
shoes mp zapatos
sneakers fp zapatillas deportivas
derbies mp zapatos derby
oxfords mp zapatos oxford
loafers mp mocasines
flats mp zapatos planos
heels mp zapatos de tacón
boots fp botas
rain-boots fp botas de agua
sandals fp sandalias
slippers fp zapatillas de casa
socks mp calcetines
tights fp medias
hat m sombrero
cap f gorra
sun-hat m sombrero de sol
beanie m gorro
bag f bolsa
backpack f mochila
handbag m bolso de mano
scarf f bufanda
gloves mp guantes
belt m cinturón
tie f corbata
sunglasses fp gafas de sol
umbrella m paraguas
watch m reloj
jewellery fp joyas
underwear f ropa interior
thermals f ropa térmica
swimwear m traje de baño
other f prenda
""")
COLOURS = {
    "black": "negro negra negros negras", "charcoal": "gris antracita", "grey": "gris gris grises grises",
    "silver": "plateado plateada plateados plateadas", "white": "blanco blanca blancos blancas", "cream": "crema",
    "beige": "beis", "camel": "camel", "brown": "marrón marrón marrones marrones", "navy": "azul marino",
    "denim": "azul vaquero", "blue": "azul azul azules azules", "light_blue": "azul claro", "teal": "azul petróleo",
    "turquoise": "turquesa", "green": "verde verde verdes verdes", "mint": "verde menta", "olive": "verde oliva",
    "khaki": "caqui", "yellow": "amarillo amarilla amarillos amarillas", "mustard": "mostaza",
    "gold": "dorado dorada dorados doradas", "orange": "naranja", "rust": "teja", "coral": "coral",
    "red": "rojo roja rojos rojas", "burgundy": "burdeos", "pink": "rosa",
    "purple": "morado morada morados moradas", "lavender": "lavanda",
    "multicolor": "multicolor multicolor multicolores multicolores",
}  # fmt: skip
"""Of one, masculine and feminine, and of several; what does not change stands once."""
PATTERNS = {
    "striped": "de rayas", "plaid": "de cuadros escoceses", "checkered": "de cuadros", "floral": "de flores",
    "polka_dot": "de lunares", "camouflage": "de camuflaje", "animal_print": "de animal print",
    "geometric": "con dibujo geométrico", "graphic": "con gráfico",
    "other": "estampado estampada estampados estampadas",
}  # fmt: skip


def put_together(noun: Noun, colour: str, pattern: str) -> str:
    """ "Camisa azul de rayas"."""
    return " ".join(filter(None, [noun.word, agree(colour, noun), agree(pattern, noun)]))
