"""Spanish words of clothing beside those of the catalogue: a word of the English search, then what means it."""

NOUNS = """
t-shirt: camiseta, playera, remera, polera
tank top: camiseta de tirantes, top de tirantes
shirt: camisa
blouse: blusa
long-sleeved top: camiseta de manga larga
turtleneck: cuello alto, cuello vuelto, jersey de cuello alto
sweater: jersey, suéter, pulóver
cardigan: cárdigan, rebeca, chaqueta de punto
sweatshirt: sudadera
hoodie: sudadera con capucha, hoodie
fleece: forro polar, polar
vest: chaleco
trousers: pantalón, pantalones, pantalón de vestir
jeans: vaqueros, vaquero, tejanos, jeans, pantalón vaquero, pantalones vaqueros
sweatpants: chándal, pantalón de chándal, jogger
leggings: mallas, leggings
shorts: pantalón corto, pantalones cortos, bermudas, short
skirt: falda
dress: vestido
jumpsuit: mono, enterizo
blazer: americana, blazer
suit: traje
jacket: chaqueta, cazadora, chamarra
denim jacket: chaqueta vaquera, cazadora vaquera
leather jacket: chaqueta de cuero, cazadora de cuero, chupa
rain jacket: chubasquero, cortavientos
raincoat: gabardina, impermeable
coat: abrigo
puffer jacket: plumífero, plumas, anorak
shoes: zapatos, calzado, zapato
sneakers: zapatillas, deportivas, zapatillas de deporte, zapatillas deportivas, tenis, bambas
lace-ups: zapatos de cordones
loafers: mocasines, mocasín
flats: bailarinas, zapatos planos, manoletinas
heels: tacones, tacón, zapatos de tacón, zapatos altos
boots: botas, botines, bota
rain boots: botas de agua, katiuskas
sandals: sandalias, chanclas
slippers: pantuflas, zapatillas de casa
socks: calcetines
tights: medias, pantis
hat: sombrero
beanie: gorro
cap: gorra
bag: bolso, bolsa
handbag: bolso de mano, cartera
backpack: mochila
scarf: bufanda, pañuelo, fular
gloves: guantes
belt: cinturón
tie: corbata
sunglasses: gafas de sol
umbrella: paraguas
watch: reloj
jewellery: joyas, joya
necklace: collar
bracelet: pulsera
earrings: pendientes
ring: anillo
swimwear: bañador, bikini, traje de baño
top: top, parte de arriba
bottom: parte de abajo
accessories: accesorios, complementos, accesorio
underwear: ropa interior
"""
LOOKS = """
black: negro
white: blanco
grey: gris
charcoal: gris antracita, antracita
silver: plateado, plata
cream: crema
beige: beis, beige, arena
camel: camel
brown: marrón, café
navy: azul marino, marino
blue: azul
light blue: azul claro, celeste
teal: azul petróleo, petróleo
turquoise: turquesa
green: verde
mint: verde menta, menta
olive: verde oliva, oliva
khaki: caqui
yellow: amarillo
mustard: mostaza
gold: dorado, oro
orange: naranja
rust: teja
coral: coral
red: rojo
burgundy: burdeos, granate
pink: rosa, fucsia
purple: morado, violeta, lila
lavender: lavanda
multicoloured: multicolor, de colores
solid: liso
striped: rayas, de rayas, a rayas, rayado
plaid: cuadros escoceses
checkered: cuadros, de cuadros, a cuadros
floral: flores, de flores, floreado
polka dot: lunares, de lunares, topos
camouflage: camuflaje
animal print: animal print, leopardo, cebra
geometric: geométrico
graphic: estampado, con dibujo
cotton: algodón
denim: tela vaquera
leather: cuero, piel
wool: lana, merino, cachemira
silk: seda
linen: lino
suede: ante
velvet: terciopelo
knit: punto
slim: entallado, pitillo
tight: apretado, ajustado, ceñido
loose: holgado, suelto, ancho
oversized: oversize
sleeveless: sin mangas
short-sleeved: manga corta, de manga corta
long-sleeved: manga larga, de manga larga
short: corto, mini
long: largo
knee: por la rodilla
flat: plano, bajo
high: alto
open: abierto
closed: cerrado
comfortable: cómodo
soft: suave, blando
warm: abrigado, cálido, calentito, caliente
thick: grueso, gordo
light: ligero, fino
thin: delgado
heavy: pesado
dark: oscuro
bright: claro
plain: sencillo
rainproof: impermeable
rain: lluvia
spring: primavera
summer: verano
autumn: otoño
winter: invierno
sporty: deportivo
elegant: elegante
classic: clásico
gym: gimnasio
office: oficina, trabajo
hiking: senderismo
evening: noche
"""
NOISE = """a al algo con de del el ella en es la las lo los me mi mis muy o para por que quiero se su sus tengo un una
unas unos y"""
NEGATIONS = "no sin nada ningún ninguna ni"
SHADES = {"dark": "oscuro", "light": "claro"}
