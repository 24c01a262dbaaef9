"""The page of a verification in a real browser: no network, no script, on a screen and on paper."""

import base64
import hashlib
import http.server
import re
import threading
from collections import Counter
from html import unescape

import pytest
from chromium import NAMES, find_chromium, processes_of, visit
from png import read_png
from sample_verifications import HOSTILE, SAMPLES

from gcbridge.model.legible import legible
from gcbridge.study.report.page import html_page

BROWSER = find_chromium()
pytestmark = pytest.mark.skipif(BROWSER is None, reason=f"none of {', '.join(NAMES)} is on PATH")

GREEN, RED = (0xE6, 0xF5, 0xEC), (0xFD, 0xEC, 0xEA)
"""Fill of a lit hop, by day: `--passed-soft` and `--failed-soft` of the page's style."""
WIDTH, HEIGHT = 1280, 1000
SCALE = 0.5
"""Of pictures: a quarter of the pixels, and still whole areas of one colour."""


@pytest.fixture
def profile(tmp_path):
    """A profile of its own, which no process uses any more when the test is over."""
    folder = tmp_path / "profile"
    yield folder
    assert processes_of(folder) == []


@pytest.fixture
def page(tmp_path):
    """Writes the page of a sample, and gives its address."""

    def write(name):
        bridge, report = SAMPLES[name]()
        path = tmp_path / f"{name}.html"
        path.write_text(html_page(bridge, report, "1.2.3"), encoding="utf-8")
        return path.as_uri()

    return write


def text_of(dom):
    """What is written in a document, without tags."""
    return unescape(re.sub(r"<[^>]+>", "", re.sub(r"<style>.*?</style>", "", dom, flags=re.DOTALL)))


@pytest.mark.parametrize("name", ["passed", "no-permission", "loss", "hostile"])
def test_the_browser_reads_what_was_written(name, page, profile):
    """Every check stands in the document that the browser made of it, and its console has nothing to say."""
    seen = visit(BROWSER, profile, page(name), "--dump-dom")

    text = text_of(seen.output)
    for check in SAMPLES[name]()[1].checks:
        assert check.name in text
        assert legible(check.observed[:2500]) in text
    assert seen.console == []
    assert seen.output.count("<svg") == 3


def test_nobody_writes_into_the_page(page, profile):
    """What looks like a script is text, and no element."""
    seen = visit(BROWSER, profile, page("hostile"), "--dump-dom")

    assert "<script" not in seen.output
    assert legible(HOSTILE) in text_of(seen.output)


def test_a_page_that_asks_for_more_is_noticed(tmp_path, profile):
    """The same look finds a picture from outside, and the page's policy keeps it and any script from the page."""
    bridge, report = SAMPLES["single"]()
    text = html_page(bridge, report, "1.2.3")
    path = tmp_path / "changed.html"
    path.write_text(
        text.replace(
            "<main>", "<main><img src='http://outside.invalid/x.png'><script>document.title = 'x'</script>"
        )
    )

    seen = visit(BROWSER, profile, path.as_uri(), "--dump-dom")

    assert len(seen.console) == 2
    assert "outside.invalid" in seen.console[0]
    assert all("violates the following Content Security Policy directive" in said for said in seen.console)
    assert "<title>x</title>" not in seen.output


class Recorder(http.server.BaseHTTPRequestHandler):
    """Serves one page, and writes down whatever is asked for."""

    page: bytes
    asked: list

    def do_GET(self):
        """The page, whatever was asked for."""
        self.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.page)

    def log_request(self, code="-", size="-"):
        """Nothing: standard error is the test's."""


def test_the_page_asks_for_nothing(profile):
    """Served over HTTP, where a browser would ask for what a page needs: only the page itself is asked for."""
    bridge, report = SAMPLES["loss"]()
    handler = type("Handler", (Recorder,), {"page": html_page(bridge, report, "1").encode(), "asked": []})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            seen = visit(BROWSER, profile, f"http://127.0.0.1:{server.server_port}/report.html", "--dump-dom")
        finally:
            server.shutdown()
            thread.join()

    assert handler.asked == ["/report.html"]
    assert seen.console == []
    assert "9 of 200 events lost" in text_of(seen.output)


def screenshot(address, profile, path):
    visit(
        BROWSER,
        profile,
        address,
        f"--screenshot={path}",
        f"--window-size={WIDTH},{HEIGHT}",
        f"--force-device-scale-factor={SCALE}",
    )
    return read_png(path.read_bytes())


def lit_rows(rows, colour):
    """Heights at which at least the width of a hop is filled with a colour."""
    return {y for y, row in enumerate(rows) if Counter(row)[colour] > 40}


def test_a_passed_bridge_is_green(page, profile, tmp_path):
    """Hops are filled, and nothing is red."""
    rows = screenshot(page("passed"), profile, tmp_path / "page.png")

    assert (len(rows[0]), len(rows)) == (WIDTH * SCALE, HEIGHT * SCALE)
    assert len({pixel for row in rows for pixel in row}) > 100
    assert len(lit_rows(rows, GREEN)) > 50
    assert lit_rows(rows, RED) == set()


def test_a_broken_bridge_is_red_among_green(page, profile, tmp_path):
    """The broken hop is as high as whole ones beside it; the hint above the picture is red, too, but has no green beside it."""
    rows = screenshot(page("no-permission"), profile, tmp_path / "page.png")

    beside = lit_rows(rows, GREEN) & lit_rows(rows, RED)
    assert 10 <= len(beside) <= 30
    assert max(beside) - min(beside) <= 30


@pytest.mark.parametrize(("name", "most"), [("passed", 7), ("loss", 8), ("many-rules", 10), ("large", 10)])
def test_the_page_prints_on_a_few_sheets(name, most, page, profile, tmp_path):
    """Thousands of checks and hundreds of events, too; A4."""
    path = tmp_path / "page.pdf"
    visit(BROWSER, profile, page(name), f"--print-to-pdf={path}", "--no-pdf-header-footer")

    data = path.read_bytes()
    sheets = re.findall(rb"/Type /Page\b[^s]", data)
    assert 2 <= len(sheets) <= most
    boxes = {tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox \[([\d. ]+)\]", data)}
    assert {(round(width), round(height)) for _, _, width, height in boxes} == {(595, 842)}


def test_the_policy_knows_the_style_as_the_browser_reads_it(page, profile):
    """Line ends and all: otherwise the page would have no style."""
    dom = visit(BROWSER, profile, page("single"), "--dump-dom").output

    style = re.search(r"<style>(.*?)</style>", dom, re.DOTALL).group(1)
    digest = base64.b64encode(hashlib.sha256(unescape(style).encode()).digest()).decode()
    assert f"sha256-{digest}" in dom
