"""French words of clothing beside those of the catalogue: a word of the English search, then what means it."""

NOUNS = """
t-shirt: t-shirt, tshirt, tee-shirt, tee shirt
tank top: débardeur, marcel
shirt: chemise
blouse: chemisier, blouse
long-sleeved top: haut à manches longues, t-shirt à manches longues
turtleneck: col roulé
sweater: pull, chandail, pull-over
cardigan: cardigan, gilet
sweatshirt: sweat
hoodie: sweat à capuche, hoodie
waistcoat: gilet de costume
trousers: pantalon
jeans: jean, jeans
chinos: chino
sweatpants: jogging, survêtement, bas de jogging
leggings: legging, caleçon long
shorts: short, bermuda, pantalon court
skirt: jupe
dress: robe
jumpsuit: combinaison
blazer: blazer, veston
suit: costume, tailleur
jacket: veste, blouson
denim jacket: veste en jean
leather jacket: veste en cuir, blouson en cuir, perfecto
rain jacket: veste de pluie, coupe-vent, coupe vent, k-way
raincoat: imperméable, trench, ciré
coat: manteau
puffer jacket: doudoune
shoes: chaussure, souliers
sneakers: baskets, tennis, basket
lace-ups: chaussures à lacets
loafers: mocassins
flats: ballerines
heels: talons, talon, escarpins, chaussures à talons, talons hauts
boots: bottes, bottines
rain boots: bottes de pluie, bottes en caoutchouc
sandals: sandales, tongs, nu-pieds
slippers: chaussons, pantoufles
socks: chaussettes
tights: collants, collant
hat: chapeau
beanie: bonnet
cap: casquette
bag: sac
handbag: sac à main, pochette
backpack: sac à dos
scarf: écharpe, foulard
gloves: gants
belt: ceinture
tie: cravate
sunglasses: lunettes de soleil
umbrella: parapluie
watch: montre
jewellery: bijoux, bijou
necklace: collier
bracelet: bracelet
earrings: boucles d'oreilles
ring: bague
swimwear: maillot de bain, maillot
top: haut
bottom: bas
accessories: accessoires, accessoire
underwear: sous-vêtements
"""
LOOKS = """
black: noir
white: blanc, blanche
grey: gris
charcoal: anthracite
silver: argenté, argent
cream: crème, écru
beige: beige, sable
camel: camel
brown: marron, brun
navy: bleu marine, marine
blue: bleu
light blue: bleu clair, bleu ciel
teal: bleu canard, bleu pétrole, pétrole
turquoise: turquoise
green: vert
mint: vert menthe, menthe
olive: vert olive, olive
khaki: kaki
yellow: jaune
mustard: moutarde
gold: doré, or
orange: orange
rust: rouille
coral: corail
red: rouge
burgundy: bordeaux, bordeau
pink: rose
purple: violet, violette, mauve
lavender: lavande, lilas
multicoloured: multicolore
solid: uni
striped: rayures, rayé, à rayures
plaid: écossais, tartan
checkered: carreaux, à carreaux
floral: fleurs, à fleurs, fleuri
polka dot: pois, à pois
camouflage: camouflage
animal print: léopard, zèbre, imprimé animal
geometric: géométrique
graphic: imprimé
cotton: coton
denim: denim
leather: cuir
wool: laine, mérinos, cachemire
silk: soie
linen: lin
suede: daim
velvet: velours
knit: maille, tricot
slim: slim, cintré
tight: moulant, serré, étroit
loose: ample, large
oversized: oversize
sleeveless: sans manches
short-sleeved: manches courtes, à manches courtes
long-sleeved: manches longues, à manches longues
short: court, mini
long: long, longue
knee: au genou
flat: plat
high: haut perché
open: ouvert
closed: fermé
comfortable: confortable
soft: doux, douce
warm: chaud
thick: épais, épaisse
light: léger, légère
thin: fin, mince
heavy: lourd
dark: foncé, sombre
bright: clair
plain: sobre
rainproof: imperméable, étanche
rain: pluie
spring: printemps
summer: été
autumn: automne
winter: hiver
sporty: sportif, sportive
elegant: élégant
classic: classique
gym: gym, salle de sport
office: bureau, travail
hiking: randonnée
evening: soirée
"""
NOISE = """à ai au aux avec ce ces cette d dans de des du elle en et il j je l la le les leur ma mes mon ou pour qu que
qui sa ses son sur très un une veux"""
NEGATIONS = "pas sans non ni rien aucun aucune"
SHADES = {"dark": "foncé", "light": "clair"}
