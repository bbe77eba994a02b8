"""German words of clothing beside those of the catalogue: a word of the English search, then what means it."""

NOUNS = """
t-shirt: t-shirt, tshirt, shirt, tee
tank top: top mit trägern, trägertop, trägerhemd, unterhemd
shirt: hemd, oberhemd, flanellhemd, businesshemd
blouse: bluse
long-sleeved top: langarmshirt, longsleeve
turtleneck: rollkragen, rolli, rollkragenpulli
sweater: pulli, pullover, strickpulli, strickpullover
cardigan: strickjacke, cardigan, strickweste
hoodie: hoodie, kapuzenpulli, kapuzenpullover, kapuzenjacke
sweatshirt: sweater, sweatshirt
vest: weste
trousers: hose, stoffhose, anzughose
jeans: jeanshose
sweatpants: jogginghose, trainingshose, schlabberhose
leggings: leggins
shorts: kurze hose, shorts, bermuda
skirt: rock
dress: kleid
jumpsuit: overall, einteiler
blazer: sakko, jackett, blazer
suit: anzug
jacket: jacke, sommerjacke, übergangsjacke
rain jacket: regenjacke, windjacke, windbreaker
raincoat: regenmantel
coat: mantel, wintermantel
puffer jacket: steppjacke, daunenjacke, pufferjacke
shoes: schuh, schuhwerk
sneakers: sneakers, turnschuh, sportschuh
lace-ups: schnürschuh, schnürer
derbies: derby
loafers: slipper, loafers, mokassin
flats: ballerina
heels: absatz, absätze, absatzschuh, stöckelschuh, high heel, stiletto, pumps, stöckel, hohe schuhe, hohe absätze
boots: stiefel, stiefelette, boots, boot
rain boots: gummistiefel, regenstiefel
sandals: sandale, sandalette, flipflop
slippers: hausschuh, pantoffel, puschen
socks: socke, strumpf, strümpfe
tights: strumpfhose, strumpfhosen
hat: hut
beanie: mütze, wollmütze, strickmütze, bommelmütze
cap: kappe, basecap, cap, schirmmütze
headwear: kopfbedeckung
bag: tasche
handbag: handtasche, umhängetasche, clutch
backpack: rucksack
scarf: schal, halstuch, tuch
gloves: handschuh, fäustling
belt: gürtel
tie: krawatte, schlips
sunglasses: sonnenbrille
umbrella: schirm, regenschirm
watch: uhr, armbanduhr
jewellery: schmuck
necklace: kette, halskette
bracelet: armband
earrings: ohrring
ring: ring
swimwear: badeanzug, badehose, bikini
top: oberteil
bottom: unterteil
outerwear: überzieher
accessories: accessoire, accessoires
underwear: unterwäsche
"""
LOOKS = """
black: schwarz
white: weiß, weisse
grey: grau
charcoal: anthrazit, anthrazitfarben
silver: silber, silbern, silberne, silberfarben
cream: creme, cremefarben, creme weiß
beige: beige, sandfarben
camel: camel, kamelfarben, kamel
brown: braun
navy: marine, marineblau, navy, nachtblau
blue: blau
light blue: hellblau, himmelblau
teal: petrol, petrolfarben, blaugrün
turquoise: türkis, türkisfarben
green: grün
mint: minze, mintgrün, mintfarben
olive: oliv, olivgrün, olivfarben
khaki: kaki, khakifarben
yellow: gelb
mustard: senf, senfgelb, senffarben
gold: gold, golden, goldfarben
orange: orange, orangefarben
rust: rost, rostrot, rostfarben
coral: koralle, korallenrot, korallenfarben
red: rot
burgundy: bordeaux, weinrot, bordeauxrot, burgunderrot, burgund
pink: rosa, pink, rosafarben, rosarot
purple: lila, violett, lilafarben
lavender: lavendel, flieder, fliederfarben
multicoloured: bunt, mehrfarbig
solid: uni, einfarbig, schlicht gefärbt
striped: gestreift, streifen, ringel, geringelt
plaid: schottenkaro, schottenmuster
checkered: kariert, karo, karos
floral: geblümt, blumen, blumenmuster, blüten
polka dot: gepunktet, punkte, tupfen, getupft
camouflage: tarnmuster, camouflage
animal print: leo, leopard, leopardenmuster, tiermuster, zebra
geometric: geometrisch
graphic: bedruckt, print, aufdruck
patterned: gemustert, muster
cotton: baumwolle, baumwoll, baumwollen
denim: jeansstoff, denim
leather: leder, ledern
wool: wolle, woll, wollen, schurwolle, merino, kaschmir
silk: seide, seiden
linen: leinen
suede: wildleder, veloursleder
velvet: samt
knit: strick, gestrickt
fleece: fleece
slim: schmal, schmal geschnitten, skinny
tight: eng, hauteng, knapp
loose: weit, locker geschnitten
oversized: oversize
sleeveless: ärmellos, ohne ärmel
short-sleeved: kurzärmelig, kurzärmlig, kurzarm, kurze ärmel, mit kurzen ärmeln
long-sleeved: langärmelig, langärmlig, langarm, lange ärmel, mit langen ärmeln
short: kurz, mini
long: lang, maxi
knee: knielang, knielange
flat: flach
high: hoch, hohe, hohen, hoher, hohes
open: offen
closed: geschlossen
comfortable: bequem, bequemer
soft: weich, kuschelig
warm: warm, warmes, wärmend
thick: dick
light: leicht
thin: dünn
heavy: schwer
dark: dunkel, dunkler, dunkle
bright: hell, helle, grell
plain: schlicht
rainproof: wasserdicht, regenfest, wasserfest
rain: regen
spring: frühling, frühjahr
summer: sommer, sommerlich
autumn: herbst
winter: winter, winterlich
sporty: sportlich
elegant: elegant
classic: klassisch
gym: fitness, training
office: büro, arbeit
hiking: wandern, wander
evening: abend
"""
NOISE = """alle aus das dem den der des die ein eine einem einen einer eines etwas für gegen habe ich im in ist mein
meine meinem meinen meiner mich mir mit oder sehr und vom von was welche zu zum zur"""
NEGATIONS = "nicht kein keine keinen keinem keiner keines ohne"
SHADES = {"dark": "dunkel", "light": "hell"}
