"""The small grammar of notes: what parts a sentence, what denies, wishes, and says how a garment is."""

import re

SENTENCES = re.compile(r"[.!;\n…]+(?=\s|$)|\n")
JOINTS = re.compile(
    r"\s*[,:?](?=\s|$)\s*(?:(?:and|or|but|so|then)\s+)?|\s*[()+]\s*|/(?=no\b|not\b)"
    r"|\s+(?:and|or|but|nor|&|yet|though|although|however|plus|–|—|-)\s+"
    r"|(?<!\bnot)(?<!n['’]t)(?<!\bnever)(?<!\bup)(?<!\bdone)(?<!\bbored)(?<!\bgo)(?<!\bgoes)(?<!\bis)(?<!\bare)(?<!\bstick)(?<!\benough)(?<!\bit)\s+with\s+(?=(?:the|my)\b)"
    r"|(?<!\bnot)(?<!n['’]t)(?<!\bnever)(?<!\bgo)(?<!\bdo)(?<!\blive)(?<!\bbe)\s+(?=without\b|minus\b)"
    r"|\s+(?:underneath|on top of)\s+(?!\d|the top\b)"
    r"|\s+(?=with no\b|instead of\b|in place of\b|rather than\b|except\b)",
    re.IGNORECASE,
)
SWAP = re.compile(r"^\s*(?:instead of|in place of|rather than)\b", re.IGNORECASE)
CONTRAST = re.compile(
    r"^\s*(?:instead of|in place of|rather than|without|minus|with no|except)\b", re.IGNORECASE
)
"""How a part begins that rules out, and leaves what is said around it as it is."""
REWRITES = (
    (
        re.compile(r"\b(?:anything|everything|all) (?:but|except(?: for)?|other than)\b", re.I),
        "not",
    ),
    (re.compile(r"\b((?:anything|everything|all)\s[^,;:?]+?) (?:but|other than)\b", re.I), r"\1, not"),
    (
        re.compile(r"\b(?:keep|leave) (\S[^,;:?]*?) (?:in the (?:closet|wardrobe|drawer)|at home|behind|off)\b", re.I),
        r"not \1",
    ),
    (re.compile(r"\bnothing (?:but|except|other than)\b", re.I), "only"),
    (re.compile(r"\b(?:without(?: any)?|with no) sleeves\b", re.I), "sleeveless"),
    (re.compile(r"\b(?:i'm|i am|so) over (?=\w)", re.I), "done with "),
    (re.compile(r"\bsick and tired\b", re.I), "sick"),
    (re.compile(r"(?<!\w)w/o\b", re.I), "without"),
    (re.compile(r"(?<!\w)w/\s*", re.I), "with "),
    (re.compile(r"\s>\s"), " instead of "),
    (
        re.compile(r"\b(?:swap|switch|exchange|trade|replace)\s+(.+?)\s+(?:for|with|by)\s+", re.I),
        r"instead of \1, ",
    ),
    (
        re.compile(
            r"\b(prefer\w*|choose|pick|favou?r|rather|sooner)\b([^,;:?]*?) over (?!top\b)", re.I
        ),
        r"\1\2 instead of ",
    ),
    (
        re.compile(
            r"\b(prefer\w*|rather(?! than)|sooner|better|(?<!no )more(?! formal| casual))\b([^,;:?]+?|) than "
            r"(?!usual|normal|yesterday|last|before|always|anything|enough|ever|this|that|i\b|it\b|once\b|one\b|two\b|three\b|\d)",
            re.I,
        ),
        r"\1\2 instead of ",
    ),
    (
        re.compile(
            r"\b(prefer\w*)\b([^,;:?]+?) to (?!wear|be|dress|have|go|put|keep|stay|look|feel|start|begin|take|stand|work)",
            re.I,
        ),
        r"\1\2 instead of ",
    ),
    (
        re.compile(
            r"^(\s*(?:instead of|rather than) \S.*?) (?=(?:a|an|some|i|i'd|give|wear|put|take|please)\b)", re.I
        ),
        r"\1, ",
    ),
)  # fmt: skip
"""Other words for the same: a "but" that parts nothing, and what is preferred to what."""
OVER = re.compile(
    r"(?P<upper>[\w'-]+)(?P<over>\s+over\s+)(?=(?:(?:the|a|an|my|some)\s+)?(?:[\w'-]+\s+)??(?P<under>[\w'-]+)\b)(?!\s*the top\b)",
    re.IGNORECASE,
)
"""A layer over another, or one thing rather than another."""
UPPER = (
    "cardigan jacket coat overcoat blazer sweater jumper pullover hoodie vest waistcoat gilet parka skirt dress shirt fleece "
    "sweatshirt tee tshirt"
)
UNDER = "tshirt tee shirt blouse top turtleneck longsleeve polo leggings tights dress tank shorts"
"""What is worn over what."""
TAIL = re.compile(
    r"\b(?:because|since|as (?:it|i|we|my)|so that|so i|when|while|if|(?<!go )(?<!going )(?<!opt )(?<!hoping )(?<!hoped )(?<!except )(?<!care )for (?=the|a|my|work|dinner|lunch|it)|"
    r"(?<!rather )(?<!other )than\b|"
    r"(?<!allergic )(?<!\bno )(?<!thanks )(?<!stick )to (?!avoid|skip|leave|lose|ditch|not|wear|start|begin|put|have|be|dress|go with|freeze|sweat|boil|melt|shiver|overheat|look|feel|stay|keep|get|stand|walk|cycle|bike)|at(?! home)|on (?!top|my feet)|until|after|before|from (?!the|my))\b.*",
    re.IGNORECASE,
)
"""Where a part stops speaking of what to wear."""
NO = re.compile(
    r"^(?:please )?(?:no|nope|no way|no thanks?|no thank you|never|not|not today|not now|not this time|not again|rather not|don't|"
    r"please don't|no please)(?: please| today| again)?$"
)
YES = re.compile(r"^(?:yes|yep|yeah|yes please|ok|okay|sure|gladly|always)$")
"""A part that only answers the one before."""
SAYS_NOTHING = re.compile(
    r"(?:\b(?:not|never|no longer|hardly)|n't) (?:really |at all |even |want |wear |like )?(?:hate|dislike|mind|avoid|only|just|solely|allergic|against|"
    r"opposed|averse|afraid|bored|tired|sick|fed up)\b|\bno (?:problem|objections?|issues?|trouble) (?:with|to|against)\b|"
    r"\bnever worn\b|\bno (?:idea|matter|doubt|rush|hurry|preference)\b|"
    r"(?:\b(?:nothing|anything|not|something)|n't) (?:have )?(?:anything )?(?:against|wrong with)\b"
)
"""Two denials, or one that denies no garment."""
STILL_WANTED = re.compile(
    r"(?:\b(?:not|never|cannot)|n't) (?:go |do |live |be |leave )?without\b|\bwhy (?:not|no|don't (?:i|we|you)(?: wear| try)?)\b|"
    r"\b(?:don't|do not|never|not) forget\b|\bca(?:n't|nnot) (?:wait|go wrong)\b"
)
"""Denials that wish."""
DENIAL = re.compile(
    r"\b(?:except(?: for)?|instead of|in place of|rather than|other than|rather not|no(?: more| longer)?|not|never|without|minus|sans|nothing|none|"
    r"neither|nor|avoid(?:ing)?|hates?|hated|hating|dislikes?|disliked|detests?|loathes?|can't (?:stand|bear|face|see)|"
    r"(?:can|could|do|does|did|is|was|were|are|has|have|had|would|wo|should|sha|ca|need|must)(?:n't| not)(?: stand| bear| face| fancy)?|"
    r"cannot(?: stand| bear| face)?|skip|ditch|drop|forget|lose the|hold the|ban|refuse|leave out|leave off|leave (?=.*\b(?:home|out|off|behind|away)\b)|"
    r"keep away|stay away|steer clear|(?:do|could do) without|allergic to|"
    r"(?:sick|tired|bored|weary|enough) of|(?:fed up|done|finished|bored|enough|had it) with|^enough(?= \w)|keep (?:me )?(?:out of|away from)|spare (?:me|us)|hardly|rarely|seldom|barely|over (?=my|those|these)|not in the mood for)\b"
)
AVOID = re.compile(rf"{DENIAL.pattern}|\b(?:too (?:much|many)|less|fewer)\b")
ONLY = re.compile(r"\b(?:only|just|exclusively|solely)\b")
WANT = re.compile(
    r"\b(?:want(?:s|ed)?|wear(?:ing)?|wore|likes?|loves?|prefer(?:s|red|ably)?|with|in|please|something|need(?:s|ed)?|use|take|give|choose|put|pick|"
    r"start|begin|try|wish(?:ed)?|would(?: have been)?|'d|rather|instead(?! of)|sooner|must|have to|fancy|feel like|favou?r(?:ites?|s)?|more|keep|make|"
    r"should(?:'ve| have)? (?:been?|had|worn)|should be|could use|better|miss|missing|forgot(?:ten)?|hop(?:ed|ing) for|expect(?:ed)?|next time|lack(?:s|ed|ing)?|where(?:'s| is| are)?|"
    r"(?:what|how) about|why (?:not|no)|not without|never without|without|forget|wait|(?:go|going|opt) for|stick (?:to|with)|dress me)\b"
)
COPULA = r"(?:is|are|was|were|be|been|being|got|gets?|looks?|looked|feels?|felt|seems?|(?<=\w)'s|(?<=\w)'re|needs? to be|has to be|have to be)"
HOW = r"(?:all |both |still |also |now |currently |just |already |again |always |sadly |unfortunately |a bit |a little |so |really |very |completely |either )*"
BAD = (
    r"(?:dirty|wet|damp|soak(?:ed|ing)(?: wet)?|stained|torn|ripped|broken|lost|missing|gone|lent|uncomfortable|itchy|scratchy|ruined|damaged|worn[- ]out|"
    r"falling apart|out(?: of (?:reach|order|action))?|off[- ]limits|forbidden|banned|unavailable|impossible|unwashed|unironed|wrinkled|creased|"
    r"crumpled|muddy|smelly|shrunk(?:en)?|drying|packed|elsewhere|away|off|a no(?:[- ]go)?|(?:to be |being )?(?:wash|clean|repair|mend|alter|iron)ed|"
    r"due for a wash|too \w+|washed|dry-cleaned)"
)
GOOD = (
    r"(?:clean|dry|ready|wash(?:ed)?|ironed|available|an option|possible|allowed|here|at hand|fitting|comfortable|wearable|permitted|home|repaired|back(?: yet)?|"
    r"mine|good|suitable|right|\w+ enough)"
)
PLACE = r"(?:in|at|on|with|under|to) (?!style|fashion|season|order|shape|good|sale|black|white)(?:the |my |a |an |his |her |our )?\w+"
CARE = (
    r"(?:in|at|to|with|from) (?:the |my )?(?:wash(?:ing)?(?: machine)?|laundry(?: basket)?|tumble[- ]dryer|dryer|hamper|(?:dry[- ]?)?cleaner'?s?|"
    r"(?:dry )?cleaning|cobbler'?s?|tailor'?s?|seamstress|repairs?|mending(?: pile)?)"
)
STATE = re.compile(
    rf"(?P<copula>\b{COPULA}|(?<=\w)'s|(?<=\w)'re)(?P<not>n't| not| no longer)? {HOW}(?P<how>{BAD}\b|{CARE}\b|{PLACE}\b)"
)
NOT_FIT = re.compile(
    rf"\b{COPULA}(?:n't| not| no longer) {HOW}(?P<how>{GOOD}\b)|"
    r"\b(?:(?:do|does|did)(?:n't| not)|no longer|never) fit\b|\b(?:gives?|gave|makes?|made) (?:me|my feet|my skin) (?:blister|(?:a |an )?rash|sore|pain|itch|sweat|ach|hurt|cramp)\w*|\bkill(?:s|ing)? (?:me|my feet)\b|\b(?:hurts?|rubs?|pinch(?:es)?|itch(?:es)?|scratch(?:es)?|smells?|leaks?|shrank|tore|ripped|broke|snapped|split)\b|"
    r"(?:\b(?:not|never)|n't)(?: yet)? (?:been )?(?:wash|iron|clean|repair|mend)ed\b|"
    r"\b(?:wo|would|do|does|ca|could)(?:n't| not) (?:work|do|go|suit|match)\b|\b(?:will|can)(?: not|not) (?:work|do|go|suit|match)\b|"
    r"\bneeds? (?:a |to be )?(?:wash\w*|clean\w*|iron\w*|mend\w*|repair\w*|new)\b|\b(?:has|have|got)(?: got)? (?:a |an |some )?(?:big |small )?(?:holes?|stains?|tears?)\b|"
    r"\b(?:has|have) (?:shrunk|lost|torn|ripped|gone|a missing)\b|\bgot (?:wet|torn|soaked|dirty|stained|lost)\b|"
    rf"\b(?:still |all )?(?:{CARE}|dirty|wet|soaked|torn|ripped|stained|lost|too (?:small|big|closefitting|large|kneebaring|long|wide|loose))$"
)
MISPLACED = re.compile(
    r"\b(?:i|we|he|she|somebody|someone)(?:'ve| have)? (?:also |just )?(?:lost|tore|ripped|broke|lent|stained|ruined|packed|sold|gave away|washed|left behind|spilled \w+ on|"
    r"can(?:'t|not) find|could(?:n't| not) find)\b|^can(?:'t|not) find\b|^none of (?=my\b|the\b|these\b|those\b)"
)
"""What has happened to the garment that follows."""
TOO_OR_ENOUGH = re.compile(r"\btoo (\w+)|\b(\w+) enough\b")
PRONOUN = re.compile(
    r"^(?:but |and |which |because |as )?(?:they|it|these|those|this|that|both|all of them|which|who)\b"
)
WEATHER_TALK = re.compile(
    r"^(?:a |some |the )?(?:light |heavy |bit of |chance of |pouring )*(?:rain|snow|wind|showers?)$|\b(?:it|there|weather|forecast)(?:'s| is| will| was|'ll| might| may)\b"
)
SUBJECT = re.compile(
    r"^\s*(?:i|i'm|we|it|he|she|they|(?:my|the|these|those|this|that) (?:[\w'-]+ ){1,3}(?:is|are|was|were|has|have))\b"
)
DRESS_VERB = re.compile(
    r"\bdress(?=[- ]code)|(?<!\ba )(?<!\bmy )(?<!\bthe )(?<!\bno )(?<!\bwith )\b(?:black|white)[- ]tie\b|"
    r"\bdress(?:ed|ing)\b(?:[- ](?:up|down|as|for|in|like)\b)?|\bdress(?:y|ier)\b|\bdress[- ](?:up|down)\b|"
    r"(?:^|(?<=\bto )|(?<=\bi )|(?<=\bwe )|(?<=please )|(?<=should )|(?<=must )|(?<=can )|(?<=me )|(?<=need )|(?<=always )|(?<=just )|(?<=not )|"
    r"(?<=n't ))dress(?= (?:me\b|us\b|warm|light|smart|casual|cool|comf|nice|well|accordingly|appropriate|proper|simpl|elegant|formal|in\b|as\b|like\b|so\b|"
    r"too\b|less\b|more\b|a bit|a little|sharp|to (?!wear)))"
)
"""To dress is no dress, and black tie no tie."""
EXEMPT = re.compile(r"^\s*except\b", re.IGNORECASE)
"""After a wish: "all black except the shoes"."""
ALSO = re.compile(r"\b(?:too|as well|also)\s*$", re.IGNORECASE)
ONE = re.compile(r"\bones?\b", re.IGNORECASE)
NAMED = re.compile(r"\b(?:the|my|this|that|these|those)\b")
