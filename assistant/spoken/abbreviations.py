"""Words whose full stop does not end a sentence. All are in lower case, without the last full stop."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ALWAYS = _words(
    "mr mrs ms mx dr prof st mt vs e.g i.e eg ie cf viz approx gen sgt capt lt rev gov sen messrs "
    "ca bzw z.b d.h u.a evtl ggf hr fr vgl sr sra srta mme mlle"
)
"""Something always follows these."""

BEFORE_A_NUMBER = _words("no nos nr fig figs art p pp vol ch")
"""Abbreviations when a digit follows ("No. 5"), else words or letters of their own ("No. I don't.")."""

UNLESS_A_CAPITAL_FOLLOWS = _words(
    "etc a.m p.m am pm al inc ltd co corp jr bros est dept ave blvd rd ph.d usw "
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun"
)
"""These may end a sentence: a capital letter after them says so."""

BEFORE_AN_ORDINAL = _words("am der die das den dem des vom zum zur im beim bis ab seit")
"""German words that make the number after them an ordinal ("am 3. Oktober", "im 19. Jahrhundert")."""
