"""Wishes in other languages that their words were written and mended with."""

TUNED = {
    "de": """
Zieh mir bitte keine Jeans an => -jeans
Kein Schwarz => -boots -trousers
Nicht schon wieder Jeans! => -jeans
Ich habe Jeans satt => -jeans
Jeans mag ich nicht => -jeans
nicht die Stiefel, sondern die Turnschuhe => -boots +sneakers
Mantel ja, Schal nein => +coat -scarf
gerne mit Rock => +skirt
nicht nur Jeans => ?
nichts gegen Röcke => ?
Die Turnschuhe sind kaputt => -sneakers
Der Mantel ist beim Schneider und die Stiefel beim Schuster => -coat -boots
der Kapuzenpulli passt mir nicht mehr => -hoodie
die Bluse muss in die Wäsche => -blouse
Wollmantel => +coat
bitte den Wollmantel => +coat
grüne oder weiße Oberteile => +blouse +white-tee
ein T-Shirt zu Jeans => +white-tee +jeans
Schwarze Schuhe => +boots
nicht so warm => !lighter
es ist zu heiß => !lighter
wärmer bitte, comfortable => !warmer !comfortable
kurze Hose bitte => +shorts
Kleider sind mir lieber als Hosen => +dress -jeans -trousers
no jeans please => -jeans
something warm => !warmer
Ich will nicht frieren => !warmer
nicht zu leger => !dressier
auf Wolle reagiere ich allergisch => ?
wegen der Hitze lieber was Luftiges => !lighter
Weinrotes Kleid => +dress
silberne Krawatte => +tie
""",
    "es": """
no me pongas vaqueros => -jeans
nada de negro => -boots -trousers
estoy harta de los vaqueros => -jeans
vaqueros no => -jeans
el abrigo no, la chaqueta sí => -coat +jacket
no las botas sino las zapatillas => -boots +sneakers
me gustaría llevar falda => +skirt
no solo vaqueros => ?
no tengo nada contra las faldas => ?
las zapatillas están rotas => -sneakers
el abrigo está en el sastre y las botas en el zapatero => -coat -boots
la blusa hay que lavarla => -blouse
ya no me queda bien el vestido => -dress
un abrigo de lana => +coat
zapatos negros o blancos => +boots +sneakers
no demasiado abrigado => !lighter
hace demasiado calor => !lighter
más abrigado por favor, comfortable => !warmer !comfortable
no heels => -heels
something warm => !warmer
no quiero pasar frío => !warmer
no demasiado informal => !dressier
vestido granate => +dress
corbata plateada => +tie
mejor falda que vaqueros => +skirt -jeans
cualquier cosa menos vaqueros => -jeans
""",
    "fr": """
ne me mets pas de jean => -jeans
pas de noir => -boots -trousers
j'en ai marre des jeans => -jeans
je ne veux plus porter de jean => -jeans
je ne veux que des bottes => =boots
pas le manteau mais la veste => -coat +jacket
je voudrais une jupe => +skirt
pas seulement des jeans => ?
rien contre les jupes => ?
les baskets sont abîmées => -sneakers
le manteau est chez le couturier et les bottes chez le cordonnier => -coat -boots
le chemisier est à laver => -blouse
la robe ne me va plus => -dress
un manteau en laine => +coat
des chaussures noires ou blanches => +boots +sneakers
pas trop chaud => !lighter
il fait trop chaud => !lighter
plus chaud s'il te plaît, comfortable => !warmer !comfortable
no heels => -heels
something warm => !warmer
je ne veux pas avoir froid => !warmer
pas trop décontracté => !dressier
robe bordeaux => +dress
cravate argentée => +tie
plutôt une jupe qu'un jean => +skirt -jeans
n'importe quoi sauf un jean => -jeans
je n'aime pas les talons => -heels
""",
}
