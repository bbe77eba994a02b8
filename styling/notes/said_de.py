"""How German notes are made: what stands for the words of the English grammar, and for words without a meaning."""

WORN = r"(?:[\w-]+ )?(?:jeans|trousers|skirt|dress|shorts|suit|shoes|boots|sneakers|shirt|t-shirt|blouse|jacket|coat)\b"
"""What a piece is worn to: "ein T-Shirt zu Jeans"."""
PHRASES = """
no: kein, keine, keinen, keinem, keiner, keines, keins, bloß kein, bloß keine, bloß keinen, nur keine, nur keinen, nur kein, bitte keine, niemals
not: nicht, bloß nicht, lieber nicht, besser nicht, auf keinen fall, keinesfalls, keineswegs, nicht mehr, keine lust auf, keine lust, satt, leid, verzichte auf, verzichten auf, nicht ausstehen, nicht leiden, nein zu
not the: nicht den, nicht die, nicht das
not: nicht schon wieder, nicht wieder, nicht immer, schon wieder
no: nein, nee, nö, auf gar keinen fall, nein danke
yes: ja, gerne, ja bitte
nothing: nichts, nix
nothing against: nichts gegen
not only: nicht nur
don't mind: habe kein problem mit, stört mich nicht, macht nichts, egal
never: nie
without: ohne
neither: weder
hate: hasse, hass, verabscheue
dislike: mag nicht, mag kein, mag keine, mag keinen
avoid: vermeide, vermeiden, meide
skip: weglassen, lass weg, weg mit
instead of: statt, anstatt, anstelle von, anstelle, an stelle von
rather: lieber, eher
than: als
except: außer, ausser, bis auf, ausgenommen
anything but: alles außer, alles ausser, alles bloß nicht, alles nur nicht, alles bis auf
only: nur, ausschließlich, allein, bloß
nothing but: nichts außer, nichts als, nichts anderes als
not without: nicht ohne, nie ohne
too much: zu viel
less: weniger
more: mehr
too: zu, allzu, viel zu
enough: genug
enough of: genug von
very: sehr, ganz, ziemlich, richtig, besonders, echt
so: so
not too: nicht zu, nicht allzu
and: und, sowie, dazu, u
or: oder, bzw, beziehungsweise
but: aber, sondern, doch
with: mit, samt, inklusive
in: in, im
please: bitte
like: mag, mögen, gern, gefällt, gefallen, mochte, mag ich, finde schön, würde gern, würde gerne, hätte gern, hätte gerne
love: liebe
prefer: bevorzuge, am liebsten, vorzugsweise
want: will, möchte, moechte, wünsche, wünsche mir, wollen, hätte, würde, soll, sollte, darf, dürfen, will ich, lust auf, bock auf
need: brauche, benötige
must: muss, müssen, musste
wear: tragen, trage, anziehen, anzieh, zieh, ziehe, anhaben, getragen, angezogen, trägt, anlegen
take: nimm, nehmen, nehme, wähle, gib
something: etwas, was, irgendetwas, irgendwas, mal was, mal etwas
because: weil, da, denn, damit
if: wenn, falls
for: für
is: ist, ist gerade, ist noch, ist heute, wird, bleibt, sei
are: sind, sind gerade, sind noch, werden, bleiben
was: war
were: waren
am: bin
have: habe, haben, hab, hat
still: noch
i: ich, wir
me: mir, mich, uns
it: es
they: sie
the: der, die, das, den, dem, des
this: dieser, diese, dieses, diesen, diesem
my: mein, meine, meinen, meinem, meiner, meines
a: ein, eine, einen, einem, einer, eines
that: dass
one: eins
today: heute, heut, morgen, heute abend, heute morgen
all: alle, alles, allem
dark: dunkles, dunklen, dunklem
in the wash: in der wäsche, in der waschmaschine, im wäschekorb, beim waschen, in der maschine, zum waschen
at the cleaner's: in der reinigung, bei der reinigung
at the tailor's: beim schneider, in der änderungsschneiderei, bei der schneiderin
at the cobbler's: beim schuster, beim schuhmacher
in repair: in reparatur, in der reparatur
needs a wash: muss in die wäsche, müssen in die wäsche, muss gewaschen werden, müssen gewaschen werden, gehört in die wäsche, muss in die reinigung
is not ironed: ist nicht gebügelt, ist ungebügelt, nicht gebügelt
leave home: zu hause lassen, daheim lassen, zuhause lassen, im schrank lassen, bleibt zu hause, bleiben zu hause, bleibt im schrank, bleiben im schrank, kann zu hause bleiben
home: zu hause, zuhause, daheim
wet: nass, nasse, nassen, feucht
dirty: schmutzig, dreckig, verschwitzt
stained: fleckig, befleckt
has a stain: hat einen fleck, hat flecken, haben flecken
has a hole: hat ein loch, hat löcher, haben löcher
torn: gerissen, zerrissen, eingerissen
broken: kaputt, defekt
lost: verloren, verlegt, verschwunden
lent: verliehen, ausgeliehen, verborgt
crumpled: zerknittert, knittrig
uncomfortable: unbequem
tight: eng, knapp, klein
hurts: drückt, drücken, reibt, reiben, scheuert, scheuern, tut weh, tun weh, tun mir weh, tut mir weh, tun mir die füße weh
scratches: kratzt, kratzen, juckt, jucken
does not fit: passt nicht, passen nicht, passt mir nicht, passen mir nicht, passt nicht mehr, passen nicht mehr, passt mir nicht mehr, passen mir nicht mehr, sitzt nicht, sitzen nicht
freezing: friere, frieren, friert, fröstle, frierend
cold: kalt, kalte füße
chilly: kühl, frisch, frostig
draughty: es zieht, zieht es, zugig, zugluft, zieht
aircon: klimaanlage, klimatisiert
hot: heiß, heiss
sweat: schwitze, schwitzen, schwitz, verschwitzen, schwitzt
warmer: wärmer, dicker, wärmere, wärmeres, dickeres, warm einpacken, warm eingepackt
lighter: leichter, leichteres, luftiger, dünner, dünneres, kühler, luftiges, luftig
chic: schick, schickes, schicke, chic, edel, edles, feines
smarter: schicker, schickeres, feiner, eleganter, festlicher, formeller, förmlicher, schick machen, fein machen
elegant: elegant, elegantes, elegante
formal: förmlich, formell, förmliches, formelles, festlich, festliches, feierlich, seriös, seriöses, businesslike
dressed up: aufgebrezelt, herausgeputzt, aufgedonnert, in schale, overdressed
casual: lässig, lässiges, leger, locker, lockeres, casual, salopp, ungezwungen, zwanglos, lässiger, lockerer, legerer
relaxed: entspannt, entspanntes
simple: schlicht, schlichtes, einfach, einfaches, unauffällig, unauffälliges, dezent
sporty: sportlich, sportliches
comfortable: bequem, bequemes, gemütlich, gemütliches, komfortabel, bequemer, gemütlicher
cycling: fahrrad, rad, radeln, radle, velo, mit dem fahrrad, mit dem rad, per rad, fahrradfahren, fahre mit dem fahrrad, fahre mit dem rad, fahre rad, fahre fahrrad
on foot: zu fuß, zu fuss
walking: laufen, laufe, spazieren, spaziergang, lange gehen, viel gehen, unterwegs zu fuß, gehe viel
standing: stehen, stehe, rumstehen
favourite: lieblings, liebste, liebsten
new: neu, neue, neuen, neues
old: alt, alte, alten, altes
boring: langweilig, langweilige
awful: furchtbar, schrecklich, hässlich, hässliche, blöde, blöd, doof
: mal, doch bitte, schnell, leider, gerade, einfach nur, auch, viel, immer, oft, wieder, bitte mal, danke, gut, schön, schöne, schönes, wäre, wären, kann, können, könnte, geht, gehen, gehe, geh, gehts, von, aus, auf, an, am, zum, zur, beim, bei, vom, unter, über, dabei, dann, jetzt, nun, hier, da drüben, man, sich, sehen, ausstehen, leiden, mehr sehen, drin, dran, drauf, wirklich, überhaupt, gar, total, irgendwie, vielleicht, paar, stück, teil, teile, sache, sachen, kleidung, klamotten, outfit, outfits, farbe, farben, fahre, fahren, fahr, unterwegs, sein, haben möchte, danach, zusammen, kombiniert, sonst, tag, bisschen, ein bisschen, einmal, los, machen, mach, lass, lassen, anderes, allergisch gegen
"""
AFTER = (
    (r"\bneither\b([^.;]*?)\bstill\b", r"neither\1nor"),
    (r"\bfits?\b([^,.;:]*?)\bnot\b", r"\1 does not fit"),
    (r"\b(rather|like|prefer)\b([^,.;:]+?) than ", r"\1\2 instead of "),
    (rf"\btoo (?={WORN})", "with "),
    (r"\btoo(?=\s+(?:the|my|a)\b)", "to"),
    (r"([^,.;:]+?) yes(?=[,.;]|$)", r" please \1"),
    (r"\b(i|me) (is|am|are)\b", r"\1 am"),
)
"""What is in another order than in English, in English words."""
IS_NOUN_FIRST = False
