"""Reads a PNG as Chromium writes it: eight bits a channel, not interlaced (PNG specification, third edition)."""

import struct
import zlib


def read_png(data):
    """Rows of pixels, each pixel a tuple of red, green, blue."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    place, packed = 8, b""
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        kind, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        if kind == b"IHDR":
            width, _, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", body)
            assert (depth, interlaced) == (8, 0)
        elif kind == b"IDAT":
            packed += body
        place += 12 + length
    size = {2: 3, 6: 4}[colour]
    return [_pixels(row, size) for row in _rows(zlib.decompress(packed), width * size, size)]


def _rows(raw, stride, size):
    before = bytearray(stride)
    for start in range(0, len(raw), stride + 1):
        kind, row = raw[start], bytearray(raw[start + 1 : start + 1 + stride])
        _undo(kind, row, before, size)
        yield bytes(row)
        before = row


def _undo(kind, row, above, size):
    """Filters of a row (section 9.2): none, sub, up, average, Paeth."""
    for index in range(len(row)):
        left = row[index - size] if index >= size else 0
        corner = above[index - size] if index >= size else 0
        guess = (0, left, above[index], (left + above[index]) // 2, _paeth(left, above[index], corner))[kind]
        row[index] = (row[index] + guess) & 0xFF


def _paeth(left, above, corner):
    estimate = left + above - corner
    return min(
        (abs(estimate - left), 0, left),
        (abs(estimate - above), 1, above),
        (abs(estimate - corner), 2, corner),
    )[2]


def _pixels(row, size):
    return list(zip(row[0::size], row[1::size], row[2::size], strict=True))
