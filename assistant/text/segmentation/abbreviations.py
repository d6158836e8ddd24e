"""Words of all languages whose full stop does not end a sentence, without it. They are in lower case if not said else.

The splitter does not know the language before it has a sentence. So a word is listed only if it does not end sentences
in any other language; tests/unit/text/cases has examples. (Of the libraries that find sentence ends, sentencex keeps
its lists in compiled code, handles only complete texts, and splits "Dr." from "Who"; pysbd had its last release in
2021.)
"""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ALWAYS: Final = _words(
    """
    mr mrs ms mx dr prof mt vs e.g i.e eg ie cf viz approx gen sgt capt lt rev gov sen messrs cpl pvt cmdr
    sq pck msp hl frhr gebr tsd bzw mio mrd z.b d.h u.a o.ä i.d.r z.t ca evtl ggf hr fr vgl bspw insb inkl zzgl sog
    mme mlle mlles p.ex mgr cdt gén apr
    sr sra srta dra ud uds p.ej núm exmo exma sres dña lic gral avda ilmo profa sto sta
    sig sig.ra dott dott.ssa avv p.es pag
    bijv bv d.w.z dhr mevr drs m.b.t o.a m.a.w t.o.v i.p.v resp
    sct szt dl dna płk ks
    np tzn tj m.in ul prof dr.hab św
    т.е т.к т.н напр ул проф акад ген
    т.зв просп вул див
    jl bpk tp ths skt fam env
    örn bkz çev yay prof.dr
    t.ex bl.a dvs s.k f.eks f.ex t.o.m fr.o.m jf
    např tzv atp mj pozn
    ún esim mm.muassa श्री सं
    π.χ δηλ κ.ά
    د أ م डॉ प्रो
    """
)
"""Abbreviations that never end a sentence."""

TWO_WORDS: Final = frozenset(
    {"p. a", "z. b", "d. h", "u. a", "i. d", "d. r", "o. ä", "p. ex", "p. ej", "p. es", "т. е", "т. к", "т. н", "t. ex"}
    | {"m. in", "bl. a", "d. w", "à s", "à c", "ст. л", "ч. л"}
)
"""Two-word abbreviations that are often written with a space, and never end a sentence."""

FIRST_OF_TWO: Final = {
    "z": "Bbt", "d": "hwu", "u": "aä", "o": "Ääg", "i": "dVR", "p": "exjsa", "т": "едкпнч", "и": "тдо", "н": "э",
    "t": "eo", "m": "ianbt", "bl": "a", "dr": "h", "s": "ok", "a": "cmkCd", "b": "v", "k": "u", "ee": "U", "v": "Cc",
    "co": "K", "c": "à", "à": "sc", "n": "ChCc", "apr": "J", "ст": "л", "ч": "л", "j": "C", "av": "J", "ap": "J",
}  # fmt: skip
"""The first words of such abbreviations, and what the second word may begin with."""

BEFORE_A_NAME: Final = _words(
    """
    Ft St Gen gen Col Maj Adm Rep Pres Hon Supt Insp Det Pt Ste Fla Calif Conn Penn Ing ing Ir ds Bhf Hbf sv v
    MM Av av Bd bd Al al Pl pl Os os im nám tř Cad Sok Mah Sn κ κα κος Αγ г им пл Пл пер обл тов св Св гр м ім
    """
)
"""Abbreviations before a name, as they are written: the sentence goes on when a capital letter follows, but not behind
a number ("6 ft.") nor where the next word begins sentences."""

STARTERS: Final = _words(
    """
    The A I He She It We You They This That These Those There Then But And So If When While For After Before As At
    My His Her Its Our Their What Why How Who Where Which No Yes Now Also However Here Let Does Did Is Are Was Were
    Can In Some Many Most All Not To From With Because Although Please Maybe Perhaps Today Later Next First Finally
    Once Since Er Sie Es Wir Ich Du Der Die Das Dann Aber Und Wenn Ein Eine Dort Heute Danach Doch Auch Nun Ja Nein
    Dies Diese Il Elle Ils Elles Nous Vous Je Tu On Les Un Une Ce Cette Puis Mais Et Ensuite Alors Oui Non Ella
    Ellos Nosotros Yo Una Luego Pero Después Entonces Sí Lui Lei Noi Io Gli Poi Ma Dopo Questo Questa Ele Ela Eles
    Nós Eu Um Uma Depois Mas Então Sim Não Hij Zij Het Een Ik Maar Toen Dan Dit Deze Daarna Ona Oni Potem Ale Nie
    Jest Han Hon Det Jag Men Sedan Nu Он Она Оно Они Мы Вы Я Это Этот Эта Потом Но И А Затем Там Тогда Да Нет Сейчас
    Він Вона Вони Ми Ви Це Потім Але Так Ні
    """
)
"""Words that begin sentences, and that hardly anybody is called."""

LONGEST_STARTER: Final = max(map(len, STARTERS))

BEFORE_A_NUMBER: Final = _words(
    """
    sec eq ref tab op mind bd čp klo kb cad
    blz hfst rozdz ok no nos nr kl fig figs art p pp vol ch nº n° núm abb kap abs s str rys tab рис стр гл cap
    pág págs lk č str nr.o chap tel max avg ext ver pagg rs rp
    """
)
"""Abbreviations only before a digit ("No. 5"), otherwise ordinary words ("No. I don't.")."""

UNLESS_A_CAPITAL_FOLLOWS: Final = _words(
    """
    etc a.m p.m am pm al inc ltd co corp jr bros
    st oz ft lb lbs yd mwst hbf bhf stk kr mm ns est dept ave blvd rd ph.d usw usf u.s.w u.v.m
    ecc enz itd itp tzw ост т.д т.п т.д др пр гг руб млн млрд тыс мин чел см г д кв п ч r uu vb osv m.m m.fl o.s.v atd
    apod stb dll dsb
    κ.λπ κλπ std min sek chr godz tys zł св uur
    jh pon wt śr czw pt sob niedz tbsp tsp cda cdas cdta cdtas
    lun jeu ven sam dim vie sáb seg
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun okt dez jän janv févr juil déc
    ene abr ago dic gen mag giu lug ott янв февр апр авг сент окт нояб дек
    """
)
"""Abbreviations that may end a sentence: they do when a capital letter follows."""

WEEKDAYS: Final = _words(
    """
    mo di mi do fr sa mon tue wed thu fri sat sun lun mar mer jeu ven sam dim mié jue vie sáb dom gio
    seg ter qua qui sex ma wo vr pn wt śr czw pt sob nd ndz po út st čt pá пн вт ср чт пт сб вс нд
    """
)
"""Short names of weekdays, whose full stop ends no sentence before a dash: Mo. - Fr."""

BEFORE_AN_ORDINAL: Final = _words(
    """
    - – am der die das den dem des vom zum zur im beim bis ab seit dne do od z ze w na den til fra i
    """
)
"""Words after ordinals, in languages that write them with a full stop ("am 3. Oktober", "den 3. maj")."""
