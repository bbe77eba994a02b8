"""Wishes as people type them, with what each means: written before any word of `styling/notes` was foreign, and not
used to mend it. Marks as in `test_note_sentences`. "My trousers" are the piece that is called so, as in English."""

HELD_OUT = {
    "de": """
keine Jeans => -jeans
Bitte kein Kleid und keinen Rock => -dress -skirt
ohne Mantel => -coat
ich mag heute keine Absätze => -heels
etwas Warmes, es zieht im Büro => !warmer
lieber Turnschuhe als Stiefel => +sneakers -boots
nicht den Kapuzenpulli => -hoodie
die weiße Bluse nicht =>
nur Stiefel => =boots
die Jacke ist in der Reinigung => -jacket
Mir ist schnell kalt => !warmer
nichts Rotes => -dress -heels
etwas Grünes wäre schön => +blouse
Ich hätte gern den rosa Rock => +skirt
nicht zu schick => !plainer
Ich fahre mit dem Fahrrad => !comfortable
Bequeme Schuhe, ich muss viel laufen => +sneakers !comfortable
mit Schal und Mütze bitte => +scarf
weder Schlips noch Schal => -tie -scarf
statt der Jeans lieber einen Rock => -jeans +skirt
Die Stiefel drücken => -boots
keine Wolle => -coat
auf keinen Fall Shorts => -shorts
Heute mal elegant => !dressier
alles außer Jeans => -jeans
bloß keine Krawatte! => -tie
Meine Hose ist noch nass => -trousers
ich schwitze so schnell => !lighter
Mein Hund heißt Bello => ?
gruene Bluse => +blouse
""",
    "es": """
nada de vaqueros => -jeans
sin tacones => -heels
no quiero vestido ni falda => -dress -skirt
hoy no me apetece llevar abrigo => -coat
algo abrigado, por favor => !warmer
prefiero zapatillas a botas => +sneakers -boots
la sudadera no => -hoodie
solo botas => =boots
la chaqueta está en la tintorería => -jacket
tengo mucho frío siempre => !warmer
nada rojo => -dress -heels
me gustaría algo verde => +blouse
con la falda rosa => +skirt
no demasiado elegante => !plainer
voy en bici => !comfortable
zapatos cómodos, voy a caminar mucho => +sneakers !comfortable
ni corbata ni bufanda => -tie -scarf
falda en vez de vaqueros => +skirt -jeans
las botas me hacen daño => -boots
nada de lana => -coat
todo menos vaqueros => -jeans
los pantalones están sucios => -trousers
hace mucho calor => !lighter
algo más formal => !dressier
mi perro se llama Toby => ?
una blusa con los vaqueros => +blouse +jeans
odio los pantalones cortos => -shorts
quiero ir cómoda => !comfortable
no tengo ganas de ponerme la corbata => -tie
camiseta blanca => +white-tee
""",
    "fr": """
pas de jean => -jeans
sans talons => -heels
je ne veux ni robe ni jupe => -dress -skirt
je n'ai pas envie de mettre un manteau => -coat
quelque chose de chaud s'il te plaît => !warmer
plutôt des baskets que des bottes => +sneakers -boots
pas le sweat à capuche => -hoodie
uniquement des bottes => =boots
la veste est au pressing => -jacket
j'ai toujours froid => !warmer
rien de rouge => -dress -heels
j'aimerais quelque chose de vert => +blouse
avec la jupe rose => +skirt
pas trop habillé => !plainer
je pars à vélo => !comfortable
des chaussures confortables, je marche beaucoup => +sneakers !comfortable
ni cravate ni écharpe => -tie -scarf
une jupe au lieu d'un jean => +skirt -jeans
les bottes me font mal => -boots
pas de laine => -coat
tout sauf un jean => -jeans
mon pantalon est encore mouillé => -trousers
je transpire vite => !lighter
un peu plus chic => !dressier
mon chien s'appelle Rex => ?
un chemisier avec le jean => +blouse +jeans
je déteste les shorts => -shorts
j'ai trop chaud en ce moment => !lighter
surtout pas de cravate => -tie
T-shirt blanc => +white-tee
""",
}
