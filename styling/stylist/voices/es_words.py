"""Spanish garments: their nouns with gender and number."""

from styling.stylist.voices.nouns import Noun, read_nouns

NOUNS: dict[str, Noun] = read_nouns("""
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
waistcoat m chaleco
pants m pantalón
chinos mp chinos
jeans mp vaqueros
sweatpants m pantalón de chándal
leggings mp leggings
shorts m pantalón corto
skirt f falda
dress m vestido
jumpsuit m mono
blazer f americana
vest m chaleco
jacket f chaqueta
denim-jacket f chaqueta vaquera
leather-jacket f chaqueta de cuero
bomber f cazadora
rain-jacket m chubasquero
trench-coat f gabardina
coat m abrigo
puffer m plumífero
parka f parka
shoes mp zapatos
sneakers fp zapatillas
derbies mp zapatos derby
oxfords mp zapatos oxford
loafers mp mocasines
flats fp bailarinas
heels mp zapatos de tacón
boots fp botas
rain-boots fp botas de agua
sandals fp sandalias
slippers fp pantuflas
socks mp calcetines
tights fp medias
hat m sombrero
cap f gorra
sun-hat m sombrero de sol
beanie m gorro
bag m bolso
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
swimwear m bañador
other f prenda
""")
