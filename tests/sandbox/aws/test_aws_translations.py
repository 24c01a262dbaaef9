"""TranslateText: a stand-in that tells which languages it was asked for."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

CASES = {
    "as asked": ("Hallo", "de", "en", "de", "[de->en] Hallo"),
    "German is recognized": ("Wie ist mein Stand?", "auto", "en", "de", "[de->en] Wie ist mein Stand?"),
    "Spanish is recognized": (
        "Hola, gracias por todo",
        "auto",
        "en",
        "es",
        "[es->en] Hola, gracias por todo",
    ),
    "French is recognized": ("Bonjour, je ne comprends pas", "auto", "de", "fr", None),
    "Japanese is recognized": ("こんにちは", "auto", "en", "ja", "[ja->en] こんにちは"),
    "English if in doubt": ("1234", "auto", "de", "en", "[en->de] 1234"),
    "nothing to do": ("Hello there", "auto", "en", "en", "Hello there"),
}


@pytest.mark.parametrize(("text", "source", "target", "spoken", "expected"), CASES.values(), ids=CASES)
def test_the_text_tells_both_languages(
    connect: Any, text: str, source: str, target: str, spoken: str, expected: str | None
) -> None:
    """Always the same for the same text."""
    answer = connect("translate").translate_text(
        Text=text, SourceLanguageCode=source, TargetLanguageCode=target
    )
    assert (answer["SourceLanguageCode"], answer["TargetLanguageCode"]) == (spoken, target)
    assert answer["TranslatedText"] == (expected or f"[{spoken}->{target}] {text}")


@pytest.mark.parametrize(
    ("text", "source", "target", "code"),
    [
        ("Hallo", "xx", "en", "UnsupportedLanguagePairException"),
        ("Hallo", "de", "auto", "UnsupportedLanguagePairException"),
        ("ä" * 5001, "de", "en", "TextSizeLimitExceededException"),
    ],
)
def test_what_aws_refuses(connect: Any, text: str, source: str, target: str, code: str) -> None:
    """Languages that it does not know, and more than 10,000 bytes."""
    with pytest.raises(ClientError, match=code):
        connect("translate").translate_text(Text=text, SourceLanguageCode=source, TargetLanguageCode=target)
