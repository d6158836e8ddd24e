"""Small words, by language: before some of them a speaker may pause, behind most of them nobody does.

It is no grammar. A word that is two things in its language is listed as what makes for fewer pauses.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final


@dataclass(frozen=True)
class PauseWords:
    """The small words of one language, in lower case; an elided one ends with its apostrophe."""

    joints: frozenset[str]
    """Prepositions, conjunctions and relative pronouns: a speaker may pause before them."""
    particles: frozenset[str]
    """Joints that may also end what comes before them: "what you look for is", "ich komme mit und"."""
    light: frozenset[str]
    """What makes so little with a particle before it that nobody pauses there: "help with that"."""
    coordinators: frozenset[str]
    """Joints that may also join two names, such as Romeo and Juliet, or a number and its half."""
    in_names: frozenset[str]
    """Joints that may be part of a name: Frankfurt am Main, Alice in Wonderland."""
    verbs: frozenset[str]
    """Verbs behind a subject, which may be followed by a pause if it is long, and pronouns before such a verb."""
    approximators: frozenset[str]
    """What stands before a number: a pause before it is heard, but better than a long wait."""
    bound: frozenset[str]
    """Other words that belong to the one behind them, such as articles and numbers."""

    @cached_property
    def all(self) -> frozenset[str]:
        """All of them."""
        return self.joints | self.particles | self.coordinators | self.verbs | self.approximators | self.bound


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _pause_words(
    *,
    joints: str,
    particles: str = "",
    light: str = "",
    coordinators: str,
    in_names: str,
    verbs: str,
    approximators: str,
    bound: str,
) -> PauseWords:
    return PauseWords(*map(_words, (joints, particles, light, coordinators, in_names, verbs, approximators, bound)))


HALVES: Final = _words("half demi demie quart media cuarto mezza mezzo meia quarto halb")
"""What belongs to the number before a coordinator: neuf heures et demie."""

BETWEEN: Final = _words("between zwischen entre tra fra tussen между")
"""Behind these, a coordinator joins two things that belong together: between five and ten."""

PAUSE_WORDS: Final = {
    "en": _pause_words(
        joints="""without into onto during between under behind against across after before until since within
            beyond among towards near despite but because which who whose when while if where although though unless
            whether whereas than that so""",
        particles="in on for with to at from by through along around over",
        light="it me you him us that",
        coordinators="and or",
        in_names="in on at with over upon",
        verbs="is are was were has have had can could will would should must may might does did do means isn't wasn't",
        approximators="almost nearly about",
        bound="""a an the this these those my your his her its our their some any no every each several many most
            all both another of not very more less much too as just only over up out off next close due according
            such able going want wants need needs like likes used try lot kind sort least i you he she it we they
            what there here how why it's that's there's i'm you're we're they're don't doesn't can't be been being
            half quarter past shortly right look looks listen wait talk think ask thanks compared consists belongs
            order dr mr mrs ms st mt two three four five six seven eight nine ten eleven twelve twenty thirty
            forty fifty sixty hundred thousand million billion equal""",
    ),
    "de": _pause_words(
        joints="""in im ins am ans beim seit zum zur für gegen ohne zwischen während wegen trotz bis aber sondern
            denn weil dass wenn obwohl bevor nachdem falls sodass ob""",
        particles="auf aus bei mit nach um durch über unter",
        light="mir dir ihm uns euch ihnen mich dich",
        coordinators="und oder",
        in_names="am an",
        verbs="""ist sind war waren wird werden wurde wurden hat haben hatte kann können könnte sollte sollten muss
            müssen darf dürfen soll gibt liegt heißt bedeutet""",
        approximators="etwa rund ungefähr circa",
        bound="""der die das den dem des ein eine einen einem einer eines mein meine dein deine sein seine ihr ihre
            unser unsere kein keine dieser diese dieses jeder jede jedes viele einige alle nicht sehr mehr weniger
            zu so auch nur fast als wie von vom vor an ab ich du er sie es wir man was wer wo hier da dort sich noch
            schon ganz viel etwas dr prof nr halb kurz laut nämlich zwei drei vier fünf sechs sieben acht neun zehn
            elf zwölf zwanzig dreißig vierzig fünfzig hundert tausend""",
    ),
    "fr": _pause_words(
        joints="""dans en à au aux avec sans pour par sur sous chez vers depuis pendant entre contre après avant
            jusqu' dès malgré parmi lors mais car que qu' qui où quand lorsque lorsqu' parce puisque puisqu' comme
            afin tandis dont""",
        coordinators="et ou",
        in_names="sur sous en",
        verbs="a s' se est sont était étaient sera ont avait peut peuvent doit doivent devrait fut va vont signifie",
        approximators="presque environ",
        bound="""le la les l' un une ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos leur
            leurs quelques plusieurs chaque tout toute tous toutes de d' du des ne n' pas très plus moins trop aussi
            assez si peu je j' tu il elle on nous vous ils elles c' me m' te t' y dr m mme mlle st ste grâce quant
            face alors beaucoup même quelque être avoir voulez veux peux pouvez deux trois quatre cinq six sept huit
            neuf dix onze douze quinze vingt trente quarante cinquante cent mille""",
    ),
    "es": _pause_words(
        joints="""en a al con sin para por desde hasta entre sobre contra hacia durante según tras pero porque que
            cuando donde aunque mientras sino si""",
        coordinators="y e o u",
        in_names="en",
        verbs="""se es son era eran fue fueron está están ha han había puede pueden debe deben debería tiene tienen
            será significa""",
        approximators="casi alrededor",
        bound="""el la los las un una unos unas este esta estos estas mi tu su sus nuestro nuestra cada algunos
            algunas muchos muchas varios varias todo toda todos todas de del no muy más menos tan yo tú él ella
            nosotros ellos ellas usted ustedes me te le lo les nos qué va vamos ir voy van hay ser estar haber dr sr
            sra san santa debido junto frente respecto poco dos tres cuatro cinco seis siete ocho nueve diez once
            doce quince veinte treinta cuarenta cincuenta cien mil""",
    ),
    "it": _pause_words(
        joints="""in nel nello nella nell' nei negli nelle a ad al allo alla all' ai agli alle con senza per dal
            dalla dall' dai dalle su sul sulla sull' tra fra verso durante dopo sotto sopra contro entro ma perché
            che quando se dove mentre poiché""",
        coordinators="e ed o",
        in_names="sul in",
        verbs="""si è sono era erano fu furono ha hanno aveva può possono deve devono dovrebbe sarà viene vengono
            significa""",
        approximators="quasi circa",
        bound="""il lo la l' i gli le un uno una un' questo questa quest' questi queste mio mia tuo tua suo sua ogni
            alcuni alcune molti molte tutti tutte di d' del dello della dell' dei degli delle da non molto più meno
            tanto troppo così io tu lui lei noi voi loro mi ti ci vi ne cosa chi c' essere avere dr dott sig san
            santa fino prima oltre intorno vicino insieme rispetto poco due tre quattro cinque sei sette otto nove
            dieci undici dodici quindici venti trenta quaranta cinquanta cento mille""",
    ),
    "pt": _pause_words(
        joints="""em no na nos nas num numa à às ao aos com sem para por pelo pela pelos pelas desde até entre sobre
            contra durante após sob mas porque que quando onde embora enquanto pois""",
        coordinators="e ou",
        in_names="em",
        verbs="se é são era eram foi foram está estão tem têm tinha pode podem deve devem deveria será significa",
        approximators="quase cerca",
        bound="""o a os as um uma uns umas este esta esse essa estes estas meu minha seu sua seus suas nosso nossa
            cada alguns algumas muitos muitas todo toda todos todas de do da dos das não muito mais menos tão eu
            você ele ela nós vocês eles elas me te lhe quem ser estar dr sr sra santa antes depois devido graças
            junto pouco dois duas três quatro cinco seis sete oito nove dez onze doze quinze vinte trinta quarenta
            cinquenta cem mil""",
    ),
    "nl": _pause_words(
        joints="""met zonder naar tegen tussen onder tijdens na sinds vanaf binnen rond maar want omdat dat wanneer
            als terwijl hoewel zodat nadat voordat""",
        particles="in op bij uit over voor door om",
        light="mij jou hem ons",
        coordinators="en of",
        in_names="op aan in",
        verbs="is was waren wordt worden werd werden heeft hebben had kan kunnen moet moeten zal zullen zou mag heet",
        approximators="bijna ongeveer",
        bound="""de het een deze dit die mijn jouw zijn haar ons onze hun elke elk ieder veel sommige alle van niet
            heel erg zeer meer minder te tot zo ik jij je hij zij ze we wij er wat wie hier daar waar zich me dr
            mevr nr half kwart net even aan twee drie vier vijf zes zeven acht negen tien elf twaalf twintig dertig
            veertig vijftig honderd duizend""",
    ),
    "ru": _pause_words(
        joints="""в во на с со из для от до по при под над за через между после перед без к ко о об у а но что чтобы
            который которая которое которые которых если когда где потому хотя пока""",
        coordinators="и или",
        in_names="на",
        verbs="был была было были будет будут является являются может могут должен составляет находится",
        approximators="примерно почти около",
        bound="""этот эта эти тот та те мой моя твой твоя ваш ваша наш наша его её их каждый каждая все весь вся не
            ни очень более менее самый самая самое я ты он она оно мы вы они кто это бы же ли даже только др г им ул
            проф два две три четыре пять шесть семь восемь девять десять двадцать тридцать сорок пятьдесят сто
            тысяча""",
    ),
}
"""By language, as a gTTS code."""

OTHER_WORDS: Final = {
    "sv": _words("och att det som en ett är av för på till med den i har inte om var de han hon jag du vi"),
    "da": _words("og at det som en et er af for på til med den i har ikke om var de han hun jeg du vi"),
    "pl": _words("i w na z do to jest się nie że o jak od po za co a dla jego był była są"),
    "cs": _words("a v na je se s z do to že o jak od po za co pro jeho byl byla jsou k"),
    "ro": _words("și în de la cu pe este un o nu că din care pentru mai al a sunt"),
    "tr": _words("bir ve bu için ile de da o en çok olarak daha olan gibi"),
    "id": _words("yang dan di ini itu dengan untuk dari ke pada adalah tidak akan dalam atau"),
    "fi": _words("on ja ei se että hän mutta joka kun ovat oli tai myös niin"),
    "uk": _words("і й та не що на з до від як у в це для є його був була які"),
    "bg": _words("и на за се от да са с не в че е по как това"),
    "hu": _words("a az és hogy nem is egy ez van meg de el ki be volt"),
}
"""The commonest words of other languages, so that a text in one of them is not taken for one of the above."""
