"""The page says what the report says, needs nothing beside it, and lets nobody write into it."""

import base64
import hashlib
import re
import time

import pytest
from reading import Page
from sample_verifications import HOSTILE, SAMPLES, TEAM, large, lossy, no_permission, passed, report_of

from gcbridge.model.legible import UNFIT, legible
from gcbridge.model.result import VerificationReport
from gcbridge.study.report.page import html_page

ALLOWED_TAGS = set(
    "html head meta title style link body main header footer section h1 h2 p span b em i small code dl dt dd div ul ol li "
    "table thead tbody tr th td details summary figure figcaption svg desc defs marker path rect circle text g".split()
)
VERSION = "1.2.3"


def page_of(name):
    bridge, report = SAMPLES[name]()
    return html_page(bridge, report, VERSION)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_check_is_on_the_page(name):
    """With what was observed, expected and advised; tags close in order."""
    _, report = SAMPLES[name]()
    page = Page(page_of(name))

    written = "".join(page.text)
    for check in report.checks:
        for text in (check.name, check.observed, check.expected, check.hint):
            assert legible(text[:2500]) in written
    rows = [page.of_class("tr", status) for status in ("passed", "failed", "skipped")]
    assert sum(map(len, rows)) == len(report.checks)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_page_needs_nothing_beside_it(name):
    """No script, nothing to load; the policy knows the page's own style and refuses the rest."""
    text = page_of(name)
    page = Page(text)

    assert page.tags <= ALLOWED_TAGS
    assert page.attributes("href") == ["data:,"]
    assert page.attributes("src") == page.attributes("style") == page.attributes("xlink:href") == []
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL).group(1)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = (meta["content"] for tag, meta in page.elements if "http-equiv" in meta)
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:")
    assert "url(" not in style
    assert "@import" not in style


@pytest.mark.parametrize("name", SAMPLES)
def test_names_of_parts_are_unique_and_known(name):
    """What a screen reader is pointed to exists once."""
    page = Page(page_of(name))

    ids = page.attributes("id")
    assert len(ids) == len(set(ids))
    labels = [label for labels in page.attributes("aria-labelledby") for label in labels.split()]
    assert set(labels) <= set(ids)
    drawings = [attributes for tag, attributes in page.elements if tag == "svg"]
    assert drawings
    assert all(
        drawing["role"] == "img" and len(drawing["aria-labelledby"].split()) == 2 for drawing in drawings
    )


def test_what_strangers_wrote_stays_text():
    """Markup, templates, control characters and marks that turn the writing's direction: all of it is shown, none acts."""
    text = page_of("hostile")
    page = Page(text)

    assert legible(HOSTILE) in "".join(page.text)
    assert "<script" not in text
    assert UNFIT.search(text) is None
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    text.encode()


def test_long_text_is_cut_and_counted():
    """A page of five thousand characters a check would be read by nobody."""
    text = page_of("hostile")

    assert "x" * 2500 + "… (2,500 more characters)" in text
    assert "x" * 2501 not in text


def test_a_passed_verification_says_so_first():
    """Verdict, figures, and what they are held against."""
    page = Page(page_of("passed"))

    for words in (
        "Bridge dev passed",
        "50 of 50 events arrived. 39 of 44 checks passed, 5 skipped.",
        "0.0% lost, 95% interval 0.0% to 7.1%",
        "slowest to the bus 2.85 s limit 5.00 s",
        "seen by both witnesses 50 of 50 1.09 s later than the WebSocket",
        "on the bus within 5.00 s: all 50 events were, the slowest took 2.85 s",
        "0 of 50 events lost (0.0%, 95% interval 0.0% to 7.1%); 1 duplicate, all in order",
        "is not compared: the notification service does not have it",
        "the presence of a test user, set and restored",
        f"gcbridge {VERSION}",
        "2026-10-30 14:03:12 UTC",
    ):
        assert words in page.words
    assert page.of_class("header", "passed")


def test_a_broken_bridge_says_where_and_what_to_do():
    """The first broken link stands above everything else."""
    bridge, report = no_permission()
    page = Page(html_page(bridge, report, VERSION))
    broken = report.first_broken

    head = page.words[: page.words.index("The bridge")]
    assert f"Bridge dev failed at {broken.name}" in head
    assert f"Observed {broken.observed} Expected {broken.expected} What to do {broken.hint}" in head
    assert page.of_class("g", "failed")


def test_loss_is_told_with_its_interval():
    """Lost events are red in figures, picture and list."""
    page = Page(page_of("loss"))

    assert (
        "9 of 200 events lost (4.5%, 95% interval 2.4% to 8.3%); 3 duplicates, 2 out of order" in page.words
    )
    assert "191 events over both ways, 9 events over the WebSocket only" in page.words
    assert len(page.of_class("details", "failed")) == 9
    assert page.words.count("broke off at event bus") == 9


def test_one_event_is_shown_in_short():
    """No percentile of a single value, no interval that says nothing."""
    page = Page(page_of("single"))

    assert "to the bus 1.92 s" in page.words
    assert "Time 1.92 s" not in page.words
    assert "95%" not in page.words
    assert "Completeness" not in page.words


def test_counters_and_the_log_of_the_bus():
    """What is known without creating anything."""
    page = Page(page_of("read-only"))

    assert "read only" in page.words
    assert "412 events of the source" in page.words
    assert "presence-to-crm 398 398 796 0 0 0" in page.words
    assert "INVOCATION_DLQ 6f1e0a52-0002, rule audits" in page.words


def test_without_events_the_page_says_why():
    """A link that has to hold first is broken."""
    assert "No event was followed" in page_of("early")


def test_ways_that_broke_off_are_never_left_out():
    """Beyond what a page holds, whole ways are left out, and counted."""
    bridge, report = lossy()
    many = report.traces * 3
    page = Page(html_page(bridge, report.model_copy(update={"traces": many}), VERSION))

    assert len(page.of_class("details", "failed")) == 27
    assert "400 more events are left out here" in page.words


def test_a_report_of_almost_nothing():
    """Nothing but an environment's name: the picture stays unlit."""
    page = Page(html_page(TEAM, VerificationReport(environment="dev", checks=()), VERSION))

    assert "0 of 0 checks passed." in page.words
    assert not page.of_class("g", "passed") + page.of_class("g", "failed")


def test_what_happened_to_the_witness_is_cut():
    """A socket that drops all the time."""
    bridge, report = passed()
    witness = report.witness.model_copy(update={"notes": tuple(f"note {n}." for n in range(100))})
    page = Page(html_page(bridge, report.model_copy(update={"witness": witness}), VERSION))

    assert "note 29." in page.words
    assert "note 30." not in page.words
    assert "70 more notes" in page.words


def test_equal_reports_give_equal_pages():
    """No clock, no chance."""
    assert page_of("passed") == page_of("passed")


@pytest.mark.parametrize(
    ("name", "largest"), [("passed", 150_000), ("many-rules", 1_000_000), ("large", 1_500_000)]
)
def test_pages_stay_small_and_quick(name, largest, record_property):
    """300 rules, or 200 events to 20 targets each: below two seconds and two megabytes."""
    bridge, report = SAMPLES[name]()
    started = time.process_time()
    size = len(html_page(bridge, report, VERSION).encode())
    seconds = time.process_time() - started

    record_property("figures", f"{name}: {size:,} bytes in {seconds:.2f} s")
    assert size < largest
    assert seconds < 2


def test_a_report_with_more_hops_than_anybody_reads():
    """A thousand events to twenty targets each are cut to what a browser opens at once."""
    bridge, report = large()
    page = html_page(bridge, report.model_copy(update={"traces": report.traces * 5}), VERSION)

    assert len(page.encode()) < 2_000_000
    assert "more events are left out here" in page


def test_a_bridge_without_rules():
    """Nothing to route is still a bridge."""
    bare = TEAM.model_copy(update={"rules": (), "targets": ()})

    assert "0 rules" in html_page(bare, report_of(bare, {}), VERSION)
