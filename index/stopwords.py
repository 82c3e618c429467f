"""Which words say little about what a question is about?

Function words and the words that questions are made of, as plain words in each language. They are in
the index like all others; what they count in a question is decided in ``index.fields``.

Dropping the question words too (who, what, how, qué, cuál, cómo …) and not only articles and prepositions
raised nDCG@10 on a set of agency questions and answers from .516 to .572.
"""

from __future__ import annotations

import re

from kb.text import fold

_ENGLISH = """
a an the this that these those such same other another each every either neither both all any some many much
more most few fewer less least several own
i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her
hers herself it its itself they them their theirs themselves one ones someone somebody anyone anybody everyone
everybody something anything everything nothing
am is are was were be been being do does did doing done have has had having can could may might must shall
should will would ought
aint arent cant couldnt didnt doesnt dont hadnt hasnt havent isnt mightnt mustnt neednt shant shouldnt wasnt
werent wont wouldnt im ive youre youve youll theyre theyve theyll weve lets whats hes shes thats theres
hed itd itll theyd youd thatd thatll whod wholl whos wouldve couldve shouldve mustve mightve whove cannot
who whom whose what which when where why how whether whatever whichever whoever whenever wherever however
and or but nor so yet if then else than because as until till while although though since unless
of at by for with without within about against between into through during before after above below to from
up upon down in out on off over under onto toward towards via per among across around along behind beside
besides beyond near
again further once here there now just also too very only even ever never always often sometimes still already
almost quite rather perhaps maybe not no yes
get gets got getting go goes going gone come comes came make makes made take takes took give gives gave
want wants wanted need needs needed know knows knew tell tells told say says said see look looking let
please like way ways thing things
eg ie etc vs
s t d m ll re ve
"""

_SPANISH = """
el la los las lo un una uno unos unas al del este esta estos estas ese esa esos esas aquel aquella aquellos
aquellas esto eso aquello mismo misma mismos mismas otro otra otros otras tal tales cada cualquier cualquiera
ambos ambas todo toda todos todas algún algo alguna alguno algunas algunos alguien ningún ninguna ninguno
ningunas ningunos nadie nada mucho mucha muchos muchas poco poca pocos pocas más menos varios varias demás
yo mí me conmigo tú ti te contigo él ella ello ellos ellas nosotros nosotras nos vosotros vosotras os usted
ustedes le les se sí consigo mi mis tu tus su sus nuestro nuestra nuestros nuestras vuestro vuestra vuestros
vuestras mío mía míos mías tuyo tuya tuyos tuyas suyo suya suyos suyas
qué quién quiénes cuál cuáles cuándo cuánto cuánta cuántos cuántas dónde adónde cómo por porqué
que quien quienes cual cuales cuyo cuya cuyos cuyas cuando cuanto cuanta cuantos cuantas donde como
y e o u ni pero sino aunque si porque pues mientras conque
a ante bajo con contra de desde durante en entre hacia hasta mediante para según sin sobre tras vía
no ya también tampoco muy tan tanto tanta tantos tantas así aquí ahí allí allá ahora entonces luego antes
después siempre nunca jamás aún todavía solo sólo solamente además casi quizá quizás bien incluso apenas
ser soy eres es somos sois son era eras éramos eran fui fuiste fue fuimos fueron sea seas seamos sean fuera
fueran fuese fuesen será serán sería serían siendo sido
estar estoy estás está estamos estáis están estaba estabas estábamos estaban estuve estuvo estuvieron esté
estés estemos estén estará estarán estaría estando
haber he has ha hemos habéis han había habías habíamos habían hube hubo hubieron haya hayas hayamos hayan
hubiera hubieran hubiese habrá habrán habría habrían habiendo habido hay
tener tengo tienes tiene tenemos tienen tenía tenían tuve tuvo tuvieron tenga tengan tendrá tendría teniendo
poder puedo puedes puede podemos pueden podía podían pude pudo pudieron pueda puedan podrá podrán podría
podrían
deber debo debes debe debemos deben debía debería deberían
hacer hago haces hace hacemos hacen hacía hizo hicieron haga hagan haciendo hecho
ir voy vas va vamos van iba iban vaya
querer quiero quieres quiere quieren quisiera saber sé sabe decir dice dijo dígame favor
etc pej
"""

STOPWORDS: dict[str, frozenset[str]] = {
    "en": frozenset(fold(word) for word in _ENGLISH.split()),
    "es": frozenset(fold(word) for word in _SPANISH.split()),
    "other": frozenset(),
}
"""The stop words of each language, folded (lower case, no accents)."""

_CONTRACTED = re.compile(r"([^\W\d_]+?)(?:n['’ʼ]t|['’ʼ](?:d|ll|ve|re|m|s))(?:['’ʼ]ve)?", re.IGNORECASE)

_APOSTROPHES = str.maketrans("", "", "'’ʼ")


def is_small(word: str, language: str) -> bool:
    """Tell whether a word, as it is typed, is a stop word or begins with one: "I'd", "we'll", "she'd".

    "Id", "well" and "shed" say something.
    """
    small = STOPWORDS[language]
    found = _CONTRACTED.fullmatch(word) if language == "en" else None
    if found is not None and fold(found[1]) in small:
        return True
    return fold(word.translate(_APOSTROPHES)) in small
