"""Translates what was said in a conversation and queues it: one message for each utterance and language.

Environment: LANGUAGES, codes of Amazon Translate separated by commas; TRANSLATIONS_QUEUE_URL, a FIFO queue.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

LOG = logging.getLogger(__name__)
LOG.setLevel(logging.INFO)

AUTO = "auto"
LIMIT_BYTES = 10_000
"""What one call of TranslateText takes."""
SPEAKERS = {"EXTERNAL": "customer", "INTERNAL": "agent"}
REGIONAL = ("es-MX", "fr-CA", "pt-PT", "zh-TW", "fa-AF")
"""The only codes with a region that Amazon Translate has."""
OTHER_NAMES = {"nb": "no", "nn": "no", "fil": "tl", "zh-HK": "zh-TW"}
SENTENCE_END = re.compile(
    r"""[.!?\u2026]+["'\u201d\u2019)\]]*\s+|[\u3002\uff01\uff1f]+[\u300d\u300f\uff09]*\s*"""
)
"""Latin and CJK, with closing quotes and brackets."""
ENDS = (SENTENCE_END, re.compile(r"\s+"))
"""Where a text may be cut, best first: after a sentence, after a word."""

Event = Mapping[str, Any]
Call = Callable[..., Any]


class EventRefusedError(ValueError):
    """An event that no retry can mend: Lambda retries, then hands it to the function's dead-letter queue."""


class PassedOnInPartError(RuntimeError):
    """Some messages are in the queue and some are not: Lambda retries, and the queue drops what it has already."""


@dataclass(frozen=True)
class Settings:
    """What the function's environment says.

    Args:
        languages: codes of Amazon Translate, such as `de` or `pt-PT`.
        queue_url: a FIFO queue.
    """

    languages: tuple[str, ...]
    queue_url: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Settings from environment variables.

        Raises:
            ValueError: there is no language, so that everything would be dropped without a word.
        """
        codes = (name_language(code.strip()) for code in environment["LANGUAGES"].split(",") if code.strip())
        languages = tuple(dict.fromkeys(codes))
        if not languages:
            raise ValueError("LANGUAGES names no language")
        return cls(languages, environment["TRANSLATIONS_QUEUE_URL"])


@dataclass(frozen=True)
class Utterance:
    """What somebody said, as far as the event tells.

    Args:
        language: code of Amazon Translate, or `auto`.
        speaker: `customer`, `agent` or `unknown`.
        time: when it was begun, ISO 8601 in UTC.
    """

    conversation_id: str
    utterance_id: str
    text: str
    language: str
    speaker: str
    time: str


def handle(event: Event, context: object) -> dict[str, int]:  # noqa: ARG001
    """Lambda's way in; IAM actions: translate:TranslateText, comprehend:DetectDominantLanguage, sqs:SendMessage."""
    settings = Settings.from_environment(os.environ)
    return {
        "sent": pass_on(event, settings, _client("translate").translate_text, _client("sqs").send_message)
    }


def pass_on(event: Event, settings: Settings, translate_text: Call, send_message: Call) -> int:
    """Every utterance of the event is in the queue afterwards, in every language, in the order of the event.

    Args:
        event: an EventBridge event of `v2.conversations.{id}.transcription`; without transcripts, nothing is sent.
        settings: languages and queue.
        translate_text: TranslateText of a client.
        send_message: SendMessage of a client.

    Returns:
        How many messages were sent.

    Raises:
        EventRefusedError: the event has transcripts but no conversation.
        PassedOnInPartError: a language failed. Its later utterances were not sent, so that none overtakes another;
            the other languages were.
    """
    sent = 0
    failures: dict[str, Exception] = {}
    for utterance in read_utterances(event):
        for language in settings.languages:
            if language in failures:
                continue
            try:
                text, said_in = translate(utterance.text, utterance.language, language, translate_text)
                send_message(QueueUrl=settings.queue_url, **make_message(utterance, language, text, said_in))
                sent += 1
            except (ClientError, BotoCoreError) as failure:
                failures[language] = failure
    LOG.info("event %s: %d sent, failed: %s", event.get("id"), sent, ", ".join(failures) or "none")
    if failures:
        told = "; ".join(f"{language}: {failure}" for language, failure in failures.items())
        raise PassedOnInPartError(f"event {event.get('id')}: {told}")
    return sent


def read_utterances(event: Event) -> Iterator[Utterance]:
    """What was said, in the event's order; what the engine may still change (`isFinal: false`) and silence are left out.

    Raises:
        EventRefusedError: there are transcripts and no conversation.
    """
    body = event.get("detail", {}).get("eventBody", {})
    for place, transcript in enumerate(body.get("transcripts") or ()):
        if not body.get("conversationId"):
            raise EventRefusedError(f"event {event.get('id')} names no conversation")
        alternatives: list[Mapping[str, Any]] = transcript.get("alternatives") or [{}]
        best = max(alternatives, key=lambda one: one.get("confidence", 0))
        text = str(best.get("decoratedTranscript") or best.get("transcript") or "").strip()
        if text and transcript.get("isFinal", True):
            yield Utterance(
                conversation_id=str(body["conversationId"]),
                utterance_id=str(transcript.get("utteranceId") or f"{event.get('id')}-{place}"),
                text=text,
                language=name_language(transcript.get("dialect")),
                speaker=SPEAKERS.get(str(transcript.get("channel")), "unknown"),
                time=tell_time(body, best.get("offsetMs")),
            )


def name_language(dialect: object) -> str:
    """Amazon Translate's code for a dialect such as `en-US`; `auto` where the event names none."""
    if not isinstance(dialect, str) or not dialect:
        return AUTO
    return OTHER_NAMES.get(dialect) or (dialect if dialect in REGIONAL else _without_region(dialect))


def tell_time(body: Mapping[str, Any], offset_ms: object) -> str:
    """When the utterance began: start of the transcription plus offset, or the event's time where one of them is missing."""
    start = body.get("transcriptionStartTimeMs", body.get("sessionStartTimeMs"))
    if isinstance(start, int) and isinstance(offset_ms, int):
        moment = datetime.fromtimestamp((start + offset_ms) / 1000, timezone.utc)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return str(body.get("eventTime", ""))


def translate(text: str, source: str, target: str, translate_text: Call) -> tuple[str, str]:
    """The text in the wanted language, and the language that it was said in."""
    translated = []
    for piece in split_text(text):
        words = piece.strip()
        if words:
            answer, source = _translate_piece(words, source, target, translate_text)
            translated.append(piece.replace(words, answer, 1))
    return "".join(translated), source


def _translate_piece(text: str, source: str, target: str, translate_text: Call) -> tuple[str, str]:
    if source == target:
        return text, source
    try:
        answer = translate_text(Text=text, SourceLanguageCode=source, TargetLanguageCode=target)
    except ClientError as failure:
        told: Mapping[str, Any] = {**failure.response}
        code, guess = told["Error"]["Code"], told.get("DetectedLanguageCode")
        if code == "DetectedLanguageLowConfidenceException" and source == AUTO and guess:
            # A short utterance is seldom recognised with confidence; the best guess comes with the refusal.
            return _translate_piece(text, str(guess), target, translate_text)
        said_in = str(told.get("SourceLanguageCode") or source)
        same = _without_region(said_in) == _without_region(target)
        if code == "UnsupportedLanguagePairException" and same:
            return text, said_in
        raise
    return str(answer["TranslatedText"]), str(answer["SourceLanguageCode"])


def split_text(text: str, limit: int = LIMIT_BYTES) -> list[str]:
    """Pieces of at most `limit` bytes of UTF-8 that make up the text, cut after a sentence, else a word, else anywhere."""
    pieces = []
    while len(text.encode()) > limit:
        head = text.encode()[:limit].decode(errors="ignore")
        cuts = (max((found.end() for found in end.finditer(head)), default=0) for end in ENDS)
        cut = next(filter(None, cuts), len(head))
        pieces.append(text[:cut])
        text = text[cut:]
    return [*pieces, text]


def make_message(utterance: Utterance, language: str, text: str, said_in: str) -> dict[str, str]:
    """A message of the FIFO queue: its group is conversation and language, its deduplication id what was said in which language.

    The id holds no id of the event: Genesys Cloud may send the same utterance in two events, EventBridge the same event twice.
    """
    body = {
        "conversationId": utterance.conversation_id,
        "utteranceId": utterance.utterance_id,
        "language": language,
        "text": text,
        "original": utterance.text,
        "sourceLanguage": said_in,
        "speaker": utterance.speaker,
        "time": utterance.time,
    }
    known_by = (utterance.conversation_id, utterance.utterance_id, language, utterance.text)
    return {
        "MessageBody": json.dumps(body, ensure_ascii=False),
        "MessageGroupId": f"{utterance.conversation_id}/{language}",
        "MessageDeduplicationId": hashlib.sha256("\n".join(known_by).encode()).hexdigest(),
    }


def _without_region(code: str) -> str:
    language = code.partition("-")[0]
    return OTHER_NAMES.get(language, language)


@cache
def _client(service: str) -> Any:
    """One client for all events that this instance of the function sees; it waits and repeats where a service is busy.

    A service that hangs is given up in less than the function's time: boto3 by itself waits a minute, each time.
    """
    aws: Any = boto3
    retries: Any = {"mode": "standard", "total_max_attempts": 5}
    config = Config(connect_timeout=5, read_timeout=10, retries=retries)
    return aws.client(service, config=config)
