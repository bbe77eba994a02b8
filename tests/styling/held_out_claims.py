"""Sentences of prose about a navy shirt, old jeans and brown boots on a day of 12 to 14°, dry or wet: what each says that
is not so, or nothing. Written just before the word lists of these languages grew; three of those that were
missed then were mended, so a share caught here is a little kind."""

CAUGHT = {
    "de": """
dry | garment | Wirf dir noch eine Daunenjacke über.
dry | garment | Darüber trägst du am besten einen dicken Wollpulli.
dry | garment | Ein Halstuch macht den Look komplett.
dry | garment | Die grünen Stiefel setzen einen Akzent.
dry | garment | Steck den Regenschirm ein.
dry | garment | Mit weißen Sneakers wirkt das frisch.
dry | garment | Die beige Chino hält das Ganze ruhig.
dry | weather | Am Nachmittag schüttet es.
dry | weather | Nachmittags sind Gewitter angesagt.
dry | weather | Mit Glätte ist zu rechnen.
dry | weather | Es wird richtig warm draußen.
dry | weather | Bei dieser Affenhitze reicht das.
wet | weather | Heute fällt kein Tropfen.
wet | weather | Die Sonne lacht den ganzen Tag.
""",
    "es": """
dry | garment | Échate encima un plumas.
dry | garment | Encima queda bien un jersey gordo de lana.
dry | garment | Un pañuelo al cuello remata el conjunto.
dry | garment | Las botas verdes ponen el acento.
dry | garment | Mete el paraguas en la mochila.
dry | garment | Con zapatillas blancas queda más fresco.
dry | garment | Los chinos beis lo calman todo.
dry | weather | Por la tarde caerán chuzos de punta.
dry | weather | Se esperan truenos por la tarde.
dry | weather | Cuidado con las placas de hielo.
dry | weather | Va a hacer un día de calor fuerte.
dry | weather | Con este bochorno basta la camisa.
wet | weather | Hoy no cae ni una gota.
wet | weather | Luce el sol todo el día.
""",
    "fr": """
dry | garment | Enfile une doudoune par-dessus.
dry | garment | Un gros pull en laine par-dessus, et c’est parfait.
dry | garment | Un foulard termine la tenue.
dry | garment | Les bottes vertes donnent le ton.
dry | garment | Glisse le parapluie dans ton sac à dos.
dry | garment | Avec des baskets blanches, c’est plus léger.
dry | garment | Le chino beige calme l’ensemble.
dry | weather | Il tombera des cordes cet après-midi.
dry | weather | Des éclairs sont attendus cet après-midi.
dry | weather | Attention aux plaques de verglas.
dry | weather | Il va faire vraiment chaud dehors.
dry | weather | Avec cette fournaise, la chemise suffit.
wet | weather | Pas une goutte aujourd’hui.
wet | weather | Le soleil brille toute la journée.
""",
}
FAIR = {
    "de": """
dry | Das marineblaue Hemd sitzt locker über der Jeans.
dry | Auf eine Jacke kannst du verzichten.
dry | Mit einer Mütze wäre es zu warm.
dry | Hut und Handschuhe kannst du dir sparen.
dry | Kein Tropfen Regen in Sicht.
dry | Sollte es doch schneien, nimm den Bus.
dry | Die Jeans ist etwas dunkler als das Hemd, das passt zu braunen Stiefeln.
dry | Bei 13 Grad reicht ein Hemd.
wet | Ab neun regnet es, die Stiefel halten das aus.
wet | Nass wird es sicher, aber nicht kalt.
""",
    "es": """
dry | La camisa azul marino cae suelta sobre los vaqueros.
dry | Puedes prescindir de la chaqueta.
dry | Con un gorro pasarías demasiado calor.
dry | Ahórrate el sombrero y los guantes.
dry | Ni una gota de lluvia a la vista.
dry | Si al final nieva, coge el autobús.
dry | Los vaqueros son algo más oscuros que la camisa y van con botas marrones.
dry | Con 13 grados basta una camisa.
wet | Desde las nueve llueve, y las botas lo aguantan.
wet | Te mojarás seguro, pero no pasarás frío.
""",
    "fr": """
dry | La chemise bleu marine tombe bien sur le jean.
dry | Tu peux te passer de veste.
dry | Avec un bonnet, tu aurais trop chaud.
dry | Épargne-toi le chapeau et les gants.
dry | Pas une goutte de pluie en vue.
dry | S’il devait neiger, prends le bus.
dry | Le jean est un peu plus foncé que la chemise et va avec des bottes marron.
dry | À 13 degrés, une chemise suffit.
wet | Dès neuf heures il pleut, et les bottes tiennent bon.
wet | Tu seras mouillé, mais tu n’auras pas froid.
""",
}
