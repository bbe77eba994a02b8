"""French garments: their nouns with gender and number."""

from styling.stylist.voices.nouns import Noun, read_nouns

NOUNS: dict[str, Noun] = read_nouns("""
t-shirt m t-shirt
tank-top m débardeur
polo m polo
shirt f chemise
blouse m chemisier
longsleeve m t-shirt à manches longues
turtleneck m col roulé
sweater m pull
cardigan m cardigan
sweatshirt m sweat
hoodie m sweat à capuche
fleece f polaire
waistcoat m gilet
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
vest m gilet
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
