"""What was said reaches the queue once, in order and in every language, whatever fails on the way."""

import json

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from translate_chat import handler

WANTED = handler.Settings(("en", "de"), "https://queue")
CONVERSATION = "97b9dcb3-0000-4000-8000-000000000001"


class Translator:
    """Amazon Translate that puts the language in front, and can be told what to refuse."""

    def __init__(self, *refusals):
        self.refusals = list(refusals)
        self.asked = []

    def __call__(self, *, Text, SourceLanguageCode, TargetLanguageCode):  # noqa: N803
        """TranslateText as the function calls it."""
        assert Text.strip() == Text != ""
        self.asked.append((Text, SourceLanguageCode, TargetLanguageCode))
        refusal = self.refusals.pop(0) if self.refusals else None
        if refusal:
            raise refusal
        source = "en" if SourceLanguageCode == "auto" else SourceLanguageCode
        return {"TranslatedText": f"[{TargetLanguageCode}] {Text}", "SourceLanguageCode": source}


class Queue:
    """A FIFO queue that drops what it has had already, and can be told to fail at its nth message."""

    def __init__(self, fails_at=0):
        self.messages = {}
        self.fails_at = fails_at
        self.calls = 0

    def __call__(self, *, QueueUrl, MessageBody, MessageGroupId, MessageDeduplicationId):  # noqa: N803
        """SendMessage as the function calls it."""
        assert QueueUrl == "https://queue"
        self.calls += 1
        if self.calls == self.fails_at:
            raise EndpointConnectionError(endpoint_url=QueueUrl)
        self.messages.setdefault(MessageDeduplicationId, (MessageGroupId, json.loads(MessageBody)))

    @property
    def told(self):
        """Group and text of everything that it kept, in order."""
        return [(group.partition("/")[2], body["text"]) for group, body in self.messages.values()]


def refusal(code, **more):
    """An error of AWS."""
    return ClientError({"Error": {"Code": code, "Message": "no"}, **more}, "TranslateText")


def said(text, utterance="u1", dialect="en-US", **more):
    """One transcript of an event."""
    one = {"confidence": 0.9, "offsetMs": 278620, "transcript": text}
    return {"utteranceId": utterance, "isFinal": True, "channel": "EXTERNAL", "alternatives": [one]} | {
        "dialect": dialect,
        **more,
    }


def an_event(*transcripts, **body):
    """An event as Genesys sends it."""
    return {
        "id": "6efd5506-3fd6-09a1-5599-09ae48bd6dd8",
        "detail-type": "v2.conversations.{id}.transcription",
        "detail": {
            "eventBody": {
                "eventTime": "2026-03-19T22:04:48.128Z",
                "conversationId": CONVERSATION,
                "sessionStartTimeMs": 1773957594383,
                "transcriptionStartTimeMs": 1773957594336,
                "transcripts": list(transcripts),
                "status": {"offsetMs": 278620, "status": "SESSION_ONGOING"},
                **body,
            }
        },
    }


def pass_on(event, translator=None, queue=None, settings=WANTED):
    """What the queue holds afterwards."""
    queue = queue or Queue()
    handler.pass_on(event, settings, translator or Translator(), queue)
    return queue


def test_an_utterance_is_one_message_a_language():
    """The body is what the README says; the group is conversation and language."""
    queue = pass_on(an_event(said("good morning")))

    (english, german) = queue.messages.values()
    assert english[0] == f"{CONVERSATION}/en"
    assert german == (
        f"{CONVERSATION}/de",
        {
            "conversationId": CONVERSATION,
            "utteranceId": "u1",
            "language": "de",
            "text": "[de] good morning",
            "original": "good morning",
            "sourceLanguage": "en",
            "speaker": "customer",
            "time": "2026-03-19T22:04:32.956Z",
        },
    )


def test_what_is_said_in_the_wanted_language_passes_unchanged():
    """And costs nothing."""
    translator = Translator()

    assert pass_on(an_event(said("hello")), translator).told[0] == ("en", "hello")
    assert [target for _, _, target in translator.asked] == ["de"]


def test_the_order_of_an_event_is_the_order_of_the_queue():
    """Within each language."""
    queue = pass_on(an_event(said("one", "u1"), said("two", "u2"), said("three", "u3")))

    assert [text for language, text in queue.told if language == "de"] == [
        "[de] one",
        "[de] two",
        "[de] three",
    ]


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(an_event(said("hello")), id="the same event"),
        pytest.param(an_event(said("hello")) | {"id": "another"}, id="the same utterance in another event"),
    ],
)
def test_the_same_utterance_twice_is_one_message(again):
    """EventBridge delivers at least once, and Genesys Cloud may send twice."""
    queue = pass_on(an_event(said("hello")))
    pass_on(again, queue=queue)

    assert queue.calls == 4
    assert len(queue.messages) == 2


def test_the_same_words_of_two_utterances_or_conversations_are_two_messages():
    """What is said often is heard each time."""
    queue = pass_on(an_event(said("yes", "u1"), said("yes", "u2")))
    pass_on(an_event(said("yes", "u1"), conversationId="another"), queue=queue)

    assert len(queue.messages) == 6


def test_an_utterance_that_was_corrected_is_sent_again():
    """Its text is another one."""
    queue = pass_on(an_event(said("hello")))
    pass_on(an_event(said("hallo")), queue=queue)

    assert [text for language, text in queue.told if language == "en"] == ["hello", "hallo"]


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(an_event(), id="none"),
        pytest.param({"detail": {"eventBody": {"conversationId": CONVERSATION}}}, id="no key"),
        pytest.param({}, id="nothing"),
        pytest.param(an_event(said("  ")), id="silence"),
        pytest.param(an_event(said("hel", isFinal=False)), id="not final"),
        pytest.param(an_event(said("", alternatives=[])), id="no alternative"),
    ],
)
def test_events_without_words_are_skipped(event):
    """Sessions begin, go on and end without any."""
    assert pass_on(event).calls == 0


def test_transcripts_without_a_conversation_are_refused():
    """No retry mends it: it ends in the dead-letter queue."""
    with pytest.raises(handler.EventRefusedError, match="names no conversation"):
        pass_on(an_event(said("hello"), conversationId=None))


def test_the_best_alternative_is_taken_with_its_digits():
    """`decoratedTranscript` is easier to read, and to translate."""
    likely = {"confidence": 0.8, "transcript": "at ten", "decoratedTranscript": "At 10."}
    unlikely = {"confidence": 0.1, "transcript": "attend"}

    assert pass_on(an_event(said("", alternatives=[unlikely, likely]))).told[0] == ("en", "At 10.")


@pytest.mark.parametrize(
    ("dialect", "language"),
    [
        ("en-US", "en"),
        ("de", "de"),
        ("pt-BR", "pt"),
        ("pt-PT", "pt-PT"),
        ("es-MX", "es-MX"),
        ("zh-CN", "zh"),
        ("zh-HK", "zh-TW"),
        ("nb-NO", "no"),
        ("fil-PH", "tl"),
        (None, "auto"),
        ("", "auto"),
    ],
)
def test_a_dialect_becomes_a_code_of_translate(dialect, language):
    """Which knows five codes with a region."""
    assert handler.name_language(dialect) == language


@pytest.mark.parametrize(
    ("channel", "speaker"), [("EXTERNAL", "customer"), ("INTERNAL", "agent"), ("BOTH", "unknown")]
)
def test_the_channel_tells_who_spoke(channel, speaker):
    """As far as it does."""
    (utterance,) = handler.read_utterances(an_event(said("hello", channel=channel)))
    assert utterance.speaker == speaker


def test_without_a_start_the_time_is_that_of_the_event():
    """And without an id, an utterance is known by its place in the event."""
    event = an_event(said("a", utteranceId=None), said("b", utteranceId=None))
    del (
        event["detail"]["eventBody"]["transcriptionStartTimeMs"],
        event["detail"]["eventBody"]["sessionStartTimeMs"],
    )

    first, second = handler.read_utterances(event)
    assert first.time == "2026-03-19T22:04:48.128Z"
    assert first.utterance_id != second.utterance_id


def test_a_language_that_fails_holds_back_its_own_messages_only():
    """Nothing overtakes; the retry sends what is missing, and the queue drops the rest."""
    event = an_event(said("one", "u1"), said("two", "u2"))
    translator, queue = Translator(refusal("ThrottlingException")), Queue()

    with pytest.raises(handler.PassedOnInPartError, match=r"de: .*ThrottlingException"):
        pass_on(event, translator, queue)
    assert queue.told == [("en", "one"), ("en", "two")]

    pass_on(event, translator, queue)
    assert queue.told == [("en", "one"), ("en", "two"), ("de", "[de] one"), ("de", "[de] two")]


@pytest.mark.parametrize("fails_at", [1, 2, 3, 4])
def test_wherever_the_queue_fails_the_retry_mends_it(fails_at):
    """No message is lost, none is there twice, and each language is in order."""
    event, queue = an_event(said("one", "u1"), said("two", "u2")), Queue(fails_at)
    with pytest.raises(handler.PassedOnInPartError):
        pass_on(event, queue=queue)
    pass_on(event, queue=queue)

    assert sorted(queue.told, key=lambda one: one[0]) == [
        ("de", "[de] one"),
        ("de", "[de] two"),
        ("en", "one"),
        ("en", "two"),
    ]


def test_a_short_utterance_is_translated_by_the_best_guess():
    """Comprehend is seldom sure of one word; its guess comes with the refusal."""
    doubt = refusal("DetectedLanguageLowConfidenceException", DetectedLanguageCode="nl")
    translator = Translator(doubt)
    queue = pass_on(
        an_event(said("ja", dialect=None)), translator, settings=handler.Settings(("de",), "https://queue")
    )

    assert translator.asked == [("ja", "auto", "de"), ("ja", "nl", "de")]
    assert queue.told == [("de", "[de] ja")]


def test_a_guess_that_is_the_wanted_language_passes_unchanged():
    """It is not asked again."""
    doubt = refusal("DetectedLanguageLowConfidenceException", DetectedLanguageCode="de")
    assert handler.translate("ja", "auto", "de", Translator(doubt)) == ("ja", "de")


def test_a_pair_of_one_language_passes_unchanged():
    """Two regions of it, or `auto` that found the wanted language."""
    pair = refusal("UnsupportedLanguagePairException", SourceLanguageCode="fr-CA", TargetLanguageCode="fr")
    assert handler.translate("bonjour", "auto", "fr", Translator(pair)) == ("bonjour", "fr-CA")


def test_a_pair_that_translate_does_not_know_fails():
    """So that it is seen in the dead-letter queue, not dropped."""
    pair = refusal("UnsupportedLanguagePairException", SourceLanguageCode="en", TargetLanguageCode="xx")
    with pytest.raises(ClientError):
        handler.translate("hello", "en", "xx", Translator(pair))


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", [""]),
        ("short", ["short"]),
        ("One. Two. Three.", ["One. Two. ", "Three."]),
        ("3.14 is a number.", ["3.14 is a ", "number."]),
        ("no sentence ends", ["no sentence ", "ends"]),
        ("abcdefghijklmnop", ["abcdefghijkl", "mnop"]),
        ("一二三。四五六", ["一二三。", "四五六"]),
        ("😀😀😀😀", ["😀😀😀", "😀"]),
    ],
)
def test_long_texts_are_cut_where_it_hurts_least(text, pieces):
    """After a sentence, after a word, between letters; never within one, and nothing is lost."""
    assert handler.split_text(text, 12) == pieces
    assert "".join(pieces) == text


def test_a_long_utterance_is_translated_piece_by_piece():
    """10,000 bytes at most each, and the gaps between them stay."""
    translator = Translator()
    text = "This is a sentence. " * 1200
    translated, _ = handler.translate(text.strip(), "en", "de", translator)

    assert [len(piece.encode()) for piece, _, _ in translator.asked] == [9999, 9999, 3999]
    assert translated.replace("[de] ", "") == text.strip()


def test_settings_come_from_the_environment():
    """Languages separated by commas, each once."""
    given = {"LANGUAGES": "en, de,,fr,de ", "TRANSLATIONS_QUEUE_URL": "https://queue"}
    assert handler.Settings.from_environment(given) == handler.Settings(("en", "de", "fr"), "https://queue")


def test_languages_may_be_named_as_elsewhere():
    """Amazon Translate has few codes with a region; the others lose it, and each language counts once."""
    given = {"LANGUAGES": "en-US,en-GB,pt-BR,pt-PT,nb", "TRANSLATIONS_QUEUE_URL": "https://queue"}
    assert handler.Settings.from_environment(given).languages == ("en", "pt", "pt-PT", "no")


def test_settings_without_a_language_are_an_error():
    """Rather than a function that takes every event and does nothing."""
    with pytest.raises(ValueError, match="no language"):
        handler.Settings.from_environment({"LANGUAGES": " , ", "TRANSLATIONS_QUEUE_URL": "https://queue"})


def test_a_service_that_hangs_is_given_up_before_the_function_is(monkeypatch):
    """The template gives the function 120 seconds; a timeout of the whole would say nothing of why."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    config = handler._client.__wrapped__("translate").meta.config
    assert config.retries["total_max_attempts"] * (config.connect_timeout + config.read_timeout) < 120


def test_ids_fit_into_sqs():
    """128 characters of a restricted set."""
    (group, _), *_ = pass_on(an_event(said("hello ✓"))).messages.values()
    (deduplication, *_) = pass_on(an_event(said("hello ✓"))).messages
    assert len(group) <= 128
    assert len(deduplication) == 64
    assert group.isascii()
    assert deduplication.isalnum()
