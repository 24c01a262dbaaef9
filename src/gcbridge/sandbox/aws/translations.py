"""TranslateText, which ministack does not answer: a stand-in that translates nothing.

It puts both languages in front of the text, so that a test can tell what was asked for. The languages
are those of https://docs.aws.amazon.com/translate/latest/dg/what-is-languages.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from gcbridge.sandbox.aws.answers import Answer, Request, answer_error, answer_ok

AUTO = "auto"
FALLBACK = "en"
MAX_BYTES = 10_000
LANGUAGES = frozenset(
    """af am ar az bg bn bs ca cs cy da de el en es es-MX et fa fa-AF fi fr fr-CA ga gu ha he hi hr ht hu hy id is it
    ja ka kk kn ko lt lv mk ml mn mr ms mt nl no pa pl ps pt pt-PT ro ru si sk sl so sq sr sv sw ta te th tl tr uk ur
    uz vi zh zh-TW""".split()
)
# A few words tell the languages of most samples apart; Amazon Comprehend this is not.
COMMON_WORDS: Mapping[str, frozenset[str]] = {
    "de": frozenset(
        "der die das und ich ist nicht ein eine mit für auf wie mein meine hallo danke bitte".split()
    ),
    "en": frozenset("the and is are you i my not with for how can please hello thanks have of to".split()),
    "es": frozenset("el los las y es no una con para cómo mi hola gracias por favor tengo que".split()),
    "fr": frozenset("le les et est je ne pas une avec pour comment mon ma bonjour merci vous des".split()),
    "it": frozenset("il gli e è non una con per come mio mia ciao grazie sono che buongiorno".split()),
    "nl": frozenset("het een en is niet ik met voor hoe mijn hallo dank je van kunt u".split()),
    "pt": frozenset("os as e é não uma com para como meu minha olá obrigado por que você".split()),
}
SCRIPTS: Mapping[str, str] = {
    "ja": "[\u3040-\u30ff]",
    "ko": "[\uac00-\ud7af]",
    "zh": "[\u4e00-\u9fff]",
    "ru": "[\u0400-\u04ff]",
    "ar": "[\u0600-\u06ff]",
    "he": "[\u0590-\u05ff]",
    "el": "[\u0370-\u03ff]",
}


def guess_language(text: str) -> str:
    """The language that the text seems to be in, by its script or its commonest words; English if in doubt."""
    for language, script in SCRIPTS.items():
        if re.search(script, text):
            return language
    words = re.findall(r"\w+", text.lower())
    counts = {language: sum(word in common for word in words) for language, common in COMMON_WORDS.items()}
    best = max(counts.values())
    return FALLBACK if counts[FALLBACK] == best else max(counts, key=lambda language: counts[language])


def translate(text: str, source: str, target: str) -> str:
    """The text with both languages in front of it; as it is where there is nothing to translate."""
    return text if source == target else f"[{source}->{target}] {text}"


def translate_text(data: Request) -> Answer:
    """TranslateText."""
    text, source, target = (
        str(data.get(name) or "") for name in ("Text", "SourceLanguageCode", "TargetLanguageCode")
    )
    if not text or not source or not target:
        return answer_error("InvalidRequestException", "Text, source and target language are needed.")
    if len(text.encode()) > MAX_BYTES:
        return answer_error("TextSizeLimitExceededException", f"Text is longer than {MAX_BYTES} bytes.")
    if source not in {*LANGUAGES, AUTO} or target not in LANGUAGES:
        return answer_error("UnsupportedLanguagePairException", f"Unsupported pair: {source} to {target}.")
    spoken = guess_language(text) if source == AUTO else source
    return answer_ok(
        {
            "TranslatedText": translate(text, spoken, target),
            "SourceLanguageCode": spoken,
            "TargetLanguageCode": target,
        }
    )
