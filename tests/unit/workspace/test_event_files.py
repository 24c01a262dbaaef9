"""Recorded events are read whatever wrote them, and what is none is named with file and line."""

import gzip
import io
import json

import pytest

from gcbridge.errors import GcbridgeError, UsageError
from gcbridge.workspace.event_files import PIECE_BYTES, event_texts, parse_events, split_events


def event(number, **detail):
    return {"detail-type": "v2.users.{id}.presence", "detail": {"number": number, **detail}}


def compact(number, **detail):
    return json.dumps(event(number, **detail), separators=(",", ":"))


def pretty(number, **detail):
    return json.dumps(event(number, **detail), indent=2)


def read(data):
    """Numbers of the events in a text, with the lines they were found on."""
    stream = io.BytesIO(data if isinstance(data, bytes) else data.encode())
    return [
        (int(text.where.rpartition(":")[2]), found["detail"]["number"])
        for text in split_events(stream, "events.json")
        for found in parse_events(text)
    ]


def fault_of(data):
    with pytest.raises(GcbridgeError) as caught:
        read(data)
    assert caught.value.hint
    return f"{caught.value.where}: {caught.value.summary}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("\n \n", []),
        (compact(1), [(1, 1)]),
        (f"\n\n{pretty(1)}\n", [(3, 1)]),
        (f"{compact(1)}\n{compact(2)}\n", [(1, 1), (2, 2)]),
        (f"{compact(1)}\n{compact(2)}", [(1, 1), (2, 2)]),
        (f"{compact(1)}\r\n{compact(2)}\r\n{compact(3)}\r\n", [(1, 1), (2, 2), (3, 3)]),
        (f"{compact(1)}\n\n  {compact(2)}\n\n", [(1, 1), (3, 2)]),
        (compact(1) + compact(2) + compact(3), [(1, 1), (1, 2), (1, 3)]),
        (f"{compact(1)} {compact(2)}\t{compact(3)}", [(1, 1), (1, 2), (1, 3)]),
        (f"{compact(1)}{compact(2)}\n{compact(3)}{compact(4)}\n", [(1, 1), (1, 2), (2, 3), (2, 4)]),
        (f"[{compact(1)},{compact(2)}]", [(1, 1), (1, 2)]),
        ("[]", []),
        (json.dumps([event(1), event(2)], indent=2), [(1, 1), (1, 2)]),
        (f"{pretty(1)}\n{pretty(2)}\n", [(1, 1), (7, 2)]),
        (f"{pretty(1)}{pretty(2)}", [(1, 1), (6, 2)]),
        (f"{compact(1)}\n{pretty(2)}\n{compact(3)}\n", [(1, 1), (2, 2), (8, 3)]),
    ],
)
def test_every_way_of_writing_events(text, found):
    """A document, an array, JSON Lines, one behind the other, and mixtures of them."""
    assert read(text) == found


@pytest.mark.parametrize(
    "said",
    [
        "}{",
        "}\n{",
        '"}{"',
        "\\",
        '\\"',
        "{[",
        "]}",
        "\u2028",
        "ä 😀",
        '{"detail-type":"x"}{"detail-type":"y"}',
    ],
)
@pytest.mark.parametrize("form", ["{0}{1}", "{0}\n{1}\n", "{0} {1}", "[{0},{1}]"])
def test_brackets_and_quotes_in_texts_end_nothing(said, form):
    """A customer may say anything."""
    texts = form.format(compact(1, said=said), compact(2, said=said))

    assert [number for _, number in read(texts)] == [1, 2]


@pytest.mark.parametrize("times", [1, 2])
def test_gzip_is_told_by_its_first_bytes(times):
    """What CloudWatch Logs sends through Firehose is packed twice; names of files say nothing."""
    data = f"{compact(1)}\n{compact(2)}\n".encode()
    for _ in range(times):
        data = gzip.compress(data)

    assert read(data) == [(1, 1), (2, 2)]


def test_gzip_files_one_behind_the_other():
    """`cat a.gz b.gz` is a gzip file."""
    packed = [gzip.compress(f"{compact(number)}\n".encode()) for number in (1, 2)]

    assert read(b"".join(packed)) == [(1, 1), (2, 2)]


def test_lines_that_are_longer_than_a_piece():
    """One event that is long, and many that have no line ends between them."""
    long = compact(1, said="x" * (PIECE_BYTES * 2))
    many = "".join(compact(number, said="y" * 5000 + "}{") for number in range(500))

    assert read(long) == [(1, 1)]
    assert [number for _, number in read(many)] == list(range(500))
    assert [number for _, number in read(f"{long}\n{many}\n{compact(7)}\n")] == [1, *range(500), 7]


def test_events_without_line_ends_are_cut_up():
    """So that a file of any size can be read, and several processes can share the work."""
    text = "".join(compact(number, said="y" * 5000) for number in range(1000)).encode()

    sizes = [len(found.text) for found in split_events(io.BytesIO(text), "x")]

    assert sum(sizes) == len(text)
    assert max(sizes) <= PIECE_BYTES + 6000


def test_a_stream_is_read_as_it_comes():
    """Nothing is waited for that the next event does not need."""

    class Endless(io.RawIOBase):
        """A pipe that never ends."""

        def __init__(self):
            super().__init__()
            self.written = 0
            self.rest = b""

        def read(self, size=-1):
            if not self.rest:
                self.written += 1
                self.rest = f"{compact(self.written)}\n".encode()
            data, self.rest = self.rest[:size], self.rest[size:]
            return data

    pipe = Endless()
    texts = split_events(pipe, "stdin")

    assert [parse_events(next(texts))[0]["detail"]["number"] for _ in range(5)] == [1, 2, 3, 4, 5]
    assert pipe.written < 10


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a,b\n1,2\n", "events.json:1: this is not JSON: expecting value at column 1"),
        (f"{compact(1)}\nnonsense\n", "events.json:2: this is not JSON: expecting value at column 1"),
        (f"{compact(1)}\n{compact(2)[:-3]}", "events.json:2: this is not JSON: it ends early"),
        ('{\n  "a": 1,\n  "b": tru\n}\n', "events.json:3: this is not JSON: expecting value at column 8"),
        ('{\n  "a": {\n', "events.json:2: this is not JSON: it ends early"),
        (f'{compact(1)}\n{{\n "a": NaN}}', "events.json:3: this is not JSON: NaN is no number there"),
        (
            compact(1).encode("latin-1") + b"\n\xff\xfe\n",
            "events.json:2: this is not JSON: its text is not UTF-8",
        ),
        ("}\n", "events.json:1: this is not JSON"),
        (f"5\n{compact(1)}\n", "events.json:1: an event is a JSON object, and this is a number"),
        ('"text"', "events.json:1: an event is a JSON object, and this is a text"),
        ("[null]", "events.json:1: an event is a JSON object, and this is null"),
        ('{"a": 1}', "events.json:1: this is no EventBridge event: it has no detail-type, but a"),
        (compact(1).encode("utf-16"), "events.json: events.json is UTF-16 text"),
        (b"BZh91AY&SY", "events.json: events.json is packed with bzip2"),
        (b"PK\x03\x04 and so on", "events.json: events.json is a zip archive"),
        (
            gzip.compress(b"x" * 99, mtime=0)[:20],
            "events.json:1: events.json is cut off: its gzip data ends early",
        ),
        (gzip.compress(b"x" * 99, mtime=0)[:-8] + b"12345678", "events.json:1: events.json is damaged"),
    ],
)
def test_what_is_no_event_is_named_with_file_and_line(text, fault):
    """And with what to do about it."""
    assert fault_of(text).startswith(fault)


def test_events_before_a_fault_are_handed_on():
    """A file that was cut off in the night still says something."""
    packed = gzip.compress("".join(f"{compact(n)}\n" for n in range(50_000)).encode())
    stream = io.BytesIO(packed[: len(packed) // 2])
    seen = []
    with pytest.raises(GcbridgeError, match="cut off"):
        seen.extend(text.where for text in split_events(stream, "x"))

    assert len(seen) > 1000


@pytest.mark.parametrize(
    ("cut_off", "swallowed"),
    [
        ('{"detail-ty', 0),
        (compact(0)[:-1], 0),
        ('{"id":"a \\" b', 0),
        ('{"id":"a",', 0),
        ('{"id":"a","resources":["b"', 0),
        (pretty(0)[:-20], 0),
        ('{"detail":', 1),
        ('{"resources":[', 1),
    ],
)
@pytest.mark.parametrize("form", [compact, pretty])
@pytest.mark.parametrize("before", [0, 2])
def test_an_event_that_was_cut_off_does_not_swallow_the_file(cut_off, swallowed, form, before):
    """Where it could still go on with the next line, that one is lost with it, and no more."""
    lines = [compact(n) for n in range(before)] + [cut_off] + [form(n) for n in range(10, 20)]
    texts = list(split_events(io.BytesIO("\n".join(lines).encode()), "x"))
    seen, damaged = [], []
    for text in texts:
        try:
            seen += [found["detail"]["number"] for found in parse_events(text)]
        except GcbridgeError as error:
            damaged.append(error.where)

    assert seen == [*range(before), *range(10 + swallowed, 20)]
    assert len(damaged) == 1


@pytest.mark.parametrize("begin", ["[", '{"Records":[', '{"Records":\n[\n\n'])
def test_lines_of_an_array_are_no_cut(begin):
    """An object may begin a line inside another value, if what is before it says so."""
    ends = "]" if begin == "[" else "]}"
    text = begin + "\n" + ",\n".join(compact(n) for n in range(3)) + "\n" + ends
    assert [number for _, number in read(text)] == [0, 1, 2]
    assert [number for _, number in read(f'{{"detail-type":"a","detail":\n{{"number":1}}\n}}\n{text}')] == [
        1,
        0,
        1,
        2,
    ]


def test_a_byte_order_mark_is_no_fault():
    """Windows writes one."""
    assert read(b"\xef\xbb\xbf" + compact(1).encode()) == [(1, 1)]


@pytest.mark.parametrize("value", ['"\\ud800"', "1" + "0" * 30, "1e5", '"\\u0000"'])
def test_values_that_are_seldom(value):
    """JSON allows them, so they are read."""
    assert read(f'{{"detail-type":"x","detail":{{"number":1,"v":{value}}}}}') == [(1, 1)]


def test_a_file_and_what_is_piped_in(tmp_path):
    """`-` is stdin; a file is named in what is said of it."""
    file = tmp_path / "events.json"
    file.write_text(compact(1))

    from_file = list(event_texts(str(file), io.BytesIO()))
    from_stdin = list(event_texts("-", io.BytesIO(compact(2).encode())))

    assert [text.where for text in (*from_file, *from_stdin)] == [f"{file}:1", "stdin:1"]


@pytest.mark.parametrize(("path", "said"), [("gone.json", "does not exist"), ("", "is a folder")])
def test_a_file_that_is_none(tmp_path, path, said):
    """What to name instead."""
    with pytest.raises(UsageError, match=said) as caught:
        list(event_texts(str(tmp_path / path), io.BytesIO()))

    assert caught.value.hint
