"""How Spanish notes are made: what stands for the words of the English grammar, and for words without a meaning."""

PHRASES = """
no: nada de, ningún, ninguna, ninguno, ni hablar de, cero
not: no, ya no, no más, no quiero, no quiero llevar, no quiero ponerme, no me apetece, no me apetece llevar, no me apetece ponerme, no tengo ganas de, no tengo ganas de llevar, no tengo ganas de ponerme, paso de, estoy harta de, estoy harto de, harta de, harto de, de ninguna manera, en ningún caso, no soporto, no aguanto, no me gusta, no me gustan, tampoco, no me pongo, no uso, cansada de, cansado de, otra vez no
no: no gracias, mejor no, de eso nada
yes: sí, vale, claro que sí
nothing: nada
nothing against: nada en contra de, no tengo nada contra
not only: no solo, no sólo, no solamente
don't mind: no me importa, no me importan, me da igual
never: nunca, jamás
without: sin
neither: ni
hate: odio, detesto
avoid: evita, evitar, evito, deja, quita
instead of: en vez de, en lugar de, antes que, y no
rather: mejor, más bien
than: que
except: excepto, salvo, menos
anything but: todo menos, cualquier cosa menos, todo excepto, todo salvo, cualquiera menos
only: solo, sólo, solamente, únicamente, exclusivamente, nada más que, nada más
not without: no sin, nunca sin
less: menos formal pero, algo menos
more: más
too: demasiado, demasiada, demasiados, demasiadas
not too: no demasiado, no muy, no tan
enough: suficiente, bastante, lo suficientemente
very: muy, mucho, mucha, muchos, super, súper
so: tan
and: y, e, además de, también
or: o, u
but: pero, sino
with: con
in: en
please: por favor, porfa
like: me gusta, me gustan, gusta, gustan, me encanta, me encantan
love: encanta, encantan, adoro
prefer: prefiero, preferiría, preferiblemente, preferible
want: quiero, quisiera, querría, me gustaría, me apetece, me apetecería, deseo, quiero llevar, quiero ponerme, pasar, ganas de
need: necesito, hace falta
must: debo, tengo que, hay que, debe
wear: llevar, llevo, ponerme, pongo, me pongo, ponme, pongas, me pongas, ponerse, usar, uso, vestir, vestirme, vísteme, puesto, puesta
take: elige, escoge, coge, dame, toma, busca
something: algo, alguna cosa, alguna, algún
because: porque, ya que, puesto que, pues
if: si, cuando
for: para, por
is: está, es, sigue, queda, sigue estando, todavía está, aún está
are: están, son, siguen, quedan, todavía están, aún están
was: estaba, era
were: estaban, eran
am: estoy, soy, voy a estar
have: tengo, tener, tiene, tienen, he
i: yo
me: me
it: ello
the: el, la, los, las, lo, l
this: este, esta, estos, estas, ese, esa, esos, esas
my: mi, mis
a: un, una, unos, unas
to: a, al
that: que
today: hoy, mañana, esta noche, esta tarde
all: todo, toda, todos, todas
in the wash: en la lavadora, lavándose, en la lavandería, en el cesto de la ropa sucia, para lavar, en la colada
at the cleaner's: en la tintorería
at the tailor's: en la modista, en el sastre, en la costurera
at the cobbler's: en el zapatero
in repair: en reparación, arreglándose
needs a wash: hay que lavarlo, hay que lavarla, hay que lavarlos, hay que lavarlas, necesita un lavado, necesitan un lavado
is not ironed: está sin planchar, están sin planchar
leave home: déjalo en casa, déjala en casa, en casa
wet: mojado, mojada, mojados, mojadas, húmedo, húmeda, húmedos, húmedas
dirty: sucio, sucia, sucios, sucias
stained: manchado, manchada, manchados, manchadas
torn: roto, rota, rotos, rotas, rasgado, rasgada, descosido, descosida
lost: perdido, perdida, perdidos, perdidas
lent: prestado, prestada, prestados, prestadas
crumpled: arrugado, arrugada, arrugados, arrugadas
uncomfortable: incómodo, incómoda, incómodos, incómodas
small: pequeño, pequeña, pequeños, pequeñas
big: grande, grandes
hurts: me hace daño, me hacen daño, hace daño, hacen daño, me aprieta, me aprietan, aprieta, aprietan, me roza, me rozan, duele, duelen, me duele, me duelen
scratches: pica, pican, me pica, me pican, rasca, rascan
does not fit: no me queda, no me quedan, no me queda bien, no me quedan bien, no me vale, no me valen, no me entra, no me entran, ya no me vale, ya no me valen, no me queda bien ya
cold: frío, fría, friolera, friolero, mucho frío
freezing: congelo, helada, helado, me congelo, hiela
chilly: fresco, fresquito
aircon: aire acondicionado
hot: calor, mucho calor, caluroso, calurosa, acalorada, acalorado
sweat: sudo, sudar, sudando
warmer: más abrigado, más abrigada, más cálido, más caliente, más calentito, más grueso, abrigada, abrigarme
lighter: más ligero, más ligera, más fresco, más fresca, más fino, algo ligero, ligerito, fresquita
smarter: más elegante, más formal, más arreglada, más arreglado, más fino y elegante, arreglarme
elegant: elegante, elegantes, chic, fino y elegante
formal: formal, formales, de etiqueta
dressed up: arreglado, arreglada, de gala
casual: informal, informales, casual, desenfadado, desenfadada, de diario, más informal
relaxed: relajado, relajada
simple: sencillo, sencilla, discreto, discreta, más sencillo
sporty: deportivo, deportiva
comfortable: cómodo, cómoda, cómodos, cómodas, más cómodo, más cómoda, ir cómoda, ir cómodo
cycling: bici, bicicleta, en bici, en bicicleta, voy en bici, voy en bicicleta
on foot: a pie
walking: caminar, andar, caminando, andando, paseo, pasear, caminata, camino, caminar mucho, andar mucho
standing: de pie, estar de pie
favourite: favorito, favorita, favoritos, favoritas, preferido, preferida
new: nuevo, nueva, nuevos, nuevas
old: viejo, vieja, viejos, viejas
awful: horrible, feo, fea, feos, feas
: hace, siempre, muchas, poco, un poco, hoy mismo, gracias, voy, va, ir, vaya, iré, de, del, desde, se, ya, así, aquí, ahora, ahora mismo, todavía, aún, luego, también quiero, color, colores, ropa, cosa, cosas, prenda, prendas, conjunto, outfit, vez, día, tipo, par, su, sus, bien, bonito, bonita, quizá, quizás, tal vez, realmente, nunca más, otra, otro, juntos, juntas, combinado, alérgica a, alérgico a, favor, sea, puede, pueden, puedo
"""
AFTER = (
    (r"([^,.;:]+?) yes(?=[,.;]|$)", r" please \1"),
    (r"\b(rather|prefer)\b([^,.;:]+?) (?:that|than) ", r"\1\2 instead of "),
    (r"\b(prefer)\b([^,.;:]+?) to (?!(?:walk|wear))", r"\1\2 instead of "),
    (r"\bnot\b([^,.;:]*?)\bneither\b", r"not\1, neither"),
    (r"\bneither\b([^,.;:]+?)\bneither\b", r"neither\1nor"),
    (r"\bthan\b", "that"),
)
"""What is in another order than in English, in English words."""
IS_NOUN_FIRST = True
