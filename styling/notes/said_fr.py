"""How French notes are made: what stands for the words of the English grammar, and for words without a meaning."""

PHRASES = """
no: aucun, aucune, pas de, pas d, plus de jamais, surtout pas de, surtout pas d, jamais de, jamais d, zéro
not: pas, surtout pas, plus jamais, marre de, marre du, marre des, ras le bol de, ras le bol des, pas question de, j en ai marre de, j en ai marre des, assez de, pas envie de, pas envie d, pas envie de mettre, pas envie de porter, en aucun cas, pas encore, hors de question
not the: pas le, pas la, pas les, pas l
no: non, non merci, plutôt pas
yes: oui, d accord
nothing: rien
nothing against: rien contre
not only: pas seulement, pas uniquement, pas que
don't mind: ça ne me dérange pas, peu importe, m est égal
never: jamais
without: sans
neither: ni
hate: déteste, hais, horreur de, horreur des, horreur du
dislike: n aime pas, aime pas, supporte pas, ne supporte pas
avoid: évite, éviter, évitons, oublie
instead of: au lieu de, au lieu d, au lieu du, à la place de, à la place du, à la place des, à la place d, et non, et pas
rather: plutôt
except: sauf, excepté, hormis, à part
anything but: tout sauf, tout excepté, n importe quoi sauf, tout mais pas, tout à part
only: uniquement, seulement, rien que, exclusivement, juste
not without: pas sans, jamais sans
less: moins
more: plus, davantage
too: trop, trop de
not too: pas trop, pas si, pas tellement
enough: assez, suffisamment
very: très, vraiment, super
so: si, tellement
and: et, ainsi que, puis
or: ou, ou bien, soit
but: mais
with: avec
in: en, dans
please: s il te plaît, s il vous plaît, stp, svp
like: aime, aime bien, aimerais, plaît, plaisent, voudrais bien
love: adore
prefer: préfère, préférerais, de préférence
want: veux, voudrais, envie de, envie d, souhaite, j ai envie de, j ai envie d
need: besoin de, besoin d, faut, il me faut
must: dois, je dois, il faut que
wear: porter, porte, mettre, mets, enfiler, m habiller, habille moi, mettrais, porterais
take: prends, choisis, donne moi, prendre
something: quelque chose de, quelque chose d, quelque chose, un truc, truc, n importe quoi
because: parce que, parce qu, car, puisque, vu que
if: quand, lorsque
for: pour
is: est, reste, est encore, est toujours, est actuellement
are: sont, restent, sont encore, sont toujours
was: était
were: étaient
am: suis
have: ai, avoir, a
still: encore, toujours
i: je, j, nous
me: me, moi, m
it: il, ça, c
they: ils, elles
the: le, la, les, l
this: ce, cette, ces, cet
my: mon, ma, mes
a: un, une
that: que, qu
to: à, au, aux
today: aujourd hui, ce soir, demain, ce matin
all: tout, toute, tous, toutes
§: ne, n
in the wash: au lavage, à la machine, dans la machine, au sale, dans la panière, en machine
at the cleaner's: au pressing, chez le teinturier
at the tailor's: chez la couturière, chez le couturier, chez le tailleur, en retouche
at the cobbler's: chez le cordonnier
in repair: en réparation
needs a wash: est à laver, sont à laver, doit être lavé, doit être lavée, doivent être lavés, doivent être lavées, a besoin d être lavé, a besoin d être lavée
is not ironed: n est pas repassé, n est pas repassée, pas repassé, pas repassée
leave home: reste à la maison, restent à la maison, à la maison, reste au placard, reste dans le placard, laisse au placard
wet: mouillé, mouillée, mouillés, mouillées, trempé, trempée, trempés, trempées, humide, humides
dirty: sale, sales
stained: taché, tachée, tachés, tachées
has a hole: a un trou, est troué, est trouée, sont troués, sont trouées
torn: déchiré, déchirée, déchirés, déchirées
broken: cassé, cassée, cassés, cassées, abîmé, abîmée, abîmés, abîmées
lost: perdu, perdue, perdus, perdues
lent: prêté, prêtée, prêtés, prêtées
crumpled: froissé, froissée, froissés, froissées
uncomfortable: inconfortable, inconfortables
small: petit, petite, petits, petites
big: grand, grande, grands, grandes
hurts: me fait mal, me font mal, fait mal, font mal, me serre, me serrent, serre, serrent, me blesse, me blessent, frotte, frottent
scratches: gratte, grattent, me gratte, me grattent, pique, piquent
does not fit: ne me va plus, ne me vont plus, ne me va pas, ne me vont pas, me va plus, me vont plus, me va pas, me vont pas
cold: froid, frileuse, frileux, froide
freezing: gèle, caille, grelotte, me gèle
chilly: frais, fraîche
draughty: courant d air, courants d air
aircon: clim, climatisation, climatisé
hot: trop chaud, très chaud, chaleur, j ai chaud, ai chaud, avoir chaud, j ai trop chaud, ai trop chaud, ai très chaud, bouillante, bouillant
sweat: transpire, transpirer, transpiration, sue
warmer: plus chaud, plus chaude, plus chauds, plus chaudes, chaudement, bien chaud, plus épais, bien couvert, bien couverte
lighter: plus léger, plus légère, plus légères, plus légers, plus frais, plus fin, moins chaud, moins chaude, léger, légèrement
smarter: plus chic, plus élégant, plus élégante, plus habillé, plus habillée, plus classe
elegant: élégant, élégante, élégants, élégantes
formal: formel, formelle, habillé, habillée, habillés, habillées
chic: chic, chics, classe, distingué
dressed up: endimanché, endimanchée, sur mon trente et un
casual: décontracté, décontractée, décontractés, casual, plus décontracté, plus décontractée, cool
relaxed: détendu, détendue
simple: simple, simples, sobre, discret, discrète, plus simple
sporty: sportif, sportive
comfortable: confortable, confortables, à l aise, plus confortable
cycling: vélo, à vélo, en vélo, bicyclette
on foot: à pied
walking: marcher, marche, balade, marche beaucoup, marcher beaucoup, promener, promenade, longue marche
standing: debout
favourite: préféré, préférée, préférés, préférées
new: nouveau, nouvelle, neuf, neuve, nouveaux
old: vieux, vieille, vieilles
awful: horrible, horribles, moche, moches
: de, d, du, des, un peu, peu, s, t, y, on, se, sa, ses, son, vite, facilement, beaucoup, merci, vais, va, aller, va bien, bien, ici, maintenant, en ce moment, moment, pars, partir, fait, faire, être, suis allergique à, allergique à, couleur, couleurs, vêtement, vêtements, chose, choses, pièce, tenue, look, fois, jour, type, paire, joli, jolie, peut, peux, pourrais, peut être, vraiment pas, autre, même, ensemble, assorti, tant, surtout, après
"""
AFTER = (
    (r"([^,.;:]+?) yes(?=[,.;]|$)", r" please \1"),
    (r"§([^,.;:§]*?)\bmore\b", r"\1 no more"),
    (
        r"§(?![^,.;:]*\b(?:not|never|no|nothing|neither|nor|hate|dislike|without|fit)\b)"
        r"([^,.;:§]*?)\bthat\b",
        r"\1only",
    ),
    (r"§", ""),
    (r"\b(rather|prefer)\b([^,.;:]+?) that ", r"\1\2 instead of "),
    (r"\b(prefer)\b([^,.;:]+?) to (?!(?:walk|wear))", r"\1\2 instead of "),
    (r"\bneither\b([^,.;:]+?)\bneither\b", r"neither\1nor"),
)
"""What is in another order than in English, in English words. A § stands for "ne" until it is known what it denies."""
IS_NOUN_FIRST = True
