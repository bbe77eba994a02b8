"""German adjectives that a garment's name may begin with."""

STEMS = frozenset([
    "schwarz", "anthrazitfarben", "grau", "hellgrau", "dunkelgrau", "silbern", "silberfarben", "weiß", "cremefarben", "cremeweiß",
    "beig", "beigefarben", "kamelfarben", "camelfarben", "braun", "hellbraun", "dunkelbraun", "marineblau", "dunkelblau", "jeansblau",
    "blau", "hellblau", "petrolfarben", "petrolblau", "blaugrün", "türkis", "türkisfarben", "grün", "hellgrün", "dunkelgrün",
    "mintgrün", "minzgrün", "olivgrün", "khakifarben", "khakigrün", "gelb", "senfgelb", "senffarben", "golden", "goldfarben",
    "orange", "orangefarben", "rostrot", "rostfarben", "rostbraun", "korallenrot", "korallenfarben", "rot", "weinrot", "burgunderrot",
    "bordeauxrot", "rosafarben", "lilafarben", "violett", "lavendelfarben", "bunt", "mehrfarbig", "gestreift", "kariert", "geblümt",
    "gemustert", "bedruckt", "gepunktet", "einfarbig", "lang", "kurz", "warm", "leicht", "dick", "dünn", "weich", "neu", "alt",
    "klein", "groß", "schmal", "weit", "fein", "grob", "hell", "dunkel", "schick", "schlicht", "elegant", "sportlich",
])  # fmt: skip
"""Adjectives of which a garment's name may be made; of any other first word nobody knows the endings."""
ADVERBS = frozenset({"schottisch"})
"""These say more of the adjective behind them, and have no endings."""
