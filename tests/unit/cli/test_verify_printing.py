"""What a terminal shows of a verification: short for one event, a table for many, never more than can be read."""

import io

import pytest
from rich.console import Console
from sample_verifications import SAMPLES, large, lossy, passed, single

from gcbridge.cli.verify_printing import SHOWN, SHOWN_OF_MANY, print_report
from gcbridge.model.verification_words import hop_latency


def shown(report, width=120, *, terminal=False):
    out = io.StringIO()
    print_report(
        report,
        Console(
            file=out, width=width, force_terminal=terminal, highlight=False, emoji=False, color_system=None
        ),
    )
    return out.getvalue()


def lines(report, **how):
    return shown(report, **how).splitlines()


def after_checks(report, **how):
    """Everything below the table of checks."""
    text = lines(report, **how)
    return [line.rstrip() for line in text[text.index("") + 1 :]]


def test_one_event_takes_a_line_for_each_hop():
    """With its seconds; where nobody says when, what was seen."""
    assert after_checks(single()[1]) == [
        "presence of Ada Probe set to Available: event 6f1e0a52-0001-4000-8000-000000000001 (v2.users.{id}.presence)",
        "  ✓ event bus 1.92 s",
        "  ✓ rule presence-to-crm matches, as predicted",
        "  ✓ target crm-queue of rule presence-to-crm 2.09 s",
        "  ✓ target presence-stream of rule presence-to-crm 2.19 s",
        "verdict: passed; of 5 links nothing could be told",
    ]


def test_many_events_are_a_table_of_hops():
    """Median, 95th percentile, maximum; then limit, loss and witness, a line each."""
    _, report = passed()
    text = after_checks(report)
    bus = hop_latency(report)

    assert text[0].split() == ["hop", "events", "p50", "p95", "max"]
    assert (
        text[2].split() == f"✓ event bus 50 of 50 {bus.p50:.2f} s {bus.p95:.2f} s {bus.maximum:.2f} s".split()
    )
    assert text[3].split() == "✓ rule presence-to-crm 50 of 50 - - -".split()
    assert text[6:] == [
        "✓ loss: 0 of 50 events lost (0.0%, 95% interval 0.0% to 7.1%); 1 duplicate, all in order",
        "✓ limit: on the bus within 5.00 s: all 50 events were, the slowest took 2.85 s",
        "✓ witness: 50 events over both ways; EventBridge was 1.09 s later at the median",
        "    connected over one channel",
        "    v2.audits.entitytype.{id}.entityid.{id} not compared: the notification service does not have it",
        "verdict: passed; of 5 links nothing could be told",
    ]


def test_loss_fails_with_its_interval():
    """And the first broken link stands last, with what to do."""
    _, report = lossy()
    text = after_checks(report)

    assert any(line.startswith("✗ event bus") and "191 of 200" in line for line in text)
    assert (
        "✗ loss: 9 of 200 events lost (4.5%, 95% interval 2.4% to 8.3%); 3 duplicates, 2 out of order" in text
    )
    assert any(line.startswith("✗ witness: 191 events over both ways, 9 events over") for line in text)
    assert text[-2:] == ["verdict: failed at all events arrived", f"what to do: {report.first_broken.hint}"]


def test_what_to_do_is_said_once():
    """Below the verdict for the first broken link, below the checks for the others."""
    _, report = SAMPLES["no-permission"]()
    text = shown(report)

    for check in report.checks:
        if check.status == "failed":
            assert text.count(check.hint) == 1
    assert text.index("dlq dev list") < text.index("verdict: failed at delivery") < text.index("dlq dev show")


@pytest.mark.parametrize("name", ["passed", "single", "early", "loss", "no-permission"])
@pytest.mark.parametrize("width", [80, 120])
def test_every_line_fits_the_terminal(name, width):
    """Only what is to be copied may be longer: the terminal breaks it, so that no line break is copied."""
    _, report = SAMPLES[name]()
    copied = ("what to do:", "verdict:", "presence of Ada", "dead-letter queue of target crm-queue: type")
    text = lines(report, width=width, terminal=True)

    assert [line for line in text if len(line) > width and not line.startswith(copied)] == []


def test_a_log_gets_whole_sentences():
    """Where no terminal reads, nothing is broken into lines."""
    _, report = lossy()
    sentence = "✗ witness: 191 events over both ways, 9 events over the WebSocket only; EventBridge was 1.09 s later at the median"

    assert sentence in lines(report, width=80)
    assert sentence not in lines(report, width=80, terminal=True)


def test_of_thousands_of_checks_the_failed_ones_are_shown():
    """And the others are counted."""
    _, report = SAMPLES["many-rules"]()
    text = lines(report)

    assert any(line.startswith("rule rule-211") and "✗ failed" in line for line in text)
    (rest,) = (line for line in text if " checks more: " in line)
    assert rest.startswith(f"and {len(report.checks) - SHOWN_OF_MANY:,} checks more: ")
    assert rest.endswith("skipped; --json has all of them, and --html FILE too")
    assert len(text) < 70


def test_many_hops_are_cut_with_a_count():
    """Of a single event as well as of many."""
    _, report = large()
    wide = [
        trace.model_copy(update={"hops": (*trace.hops, *_further(trace, 100))}) for trace in report.traces
    ]
    several, one = (report.model_copy(update={"traces": tuple(wide[:count])}) for count in (3, 1))

    # Of the traces' own 27 hops "accepted" stands in no list, but is one of the single event's.
    assert f"and {126 - SHOWN} hops more; --json has all of them, and --html FILE too" in lines(several)
    assert f"  and {127 - SHOWN} hops more; --json has all of them, and --html FILE too" in lines(one)


def _further(trace, count):
    return (trace.hops[-1].model_copy(update={"name": f"target more-{n}"}) for n in range(count))


def test_a_witness_that_drops_all_the_time():
    """Five notes, and how many more there are."""
    _, report = passed()
    witness = report.witness.model_copy(
        update={"notes": tuple(f"note {n}" for n in range(20)), "unheard": {}}
    )
    text = shown(report.model_copy(update={"witness": witness}))

    assert "    note 4\n" in text
    assert "note 5" not in text
    assert "and 15 notes more" in text


def test_what_strangers_wrote_gives_the_terminal_no_orders():
    """No escape sequence, no markup, no turned writing."""
    text = shown(SAMPLES["hostile"]()[1])

    assert not {"\x1b", "\u202e", "\x00"} & set(text)
    assert """<script>alert(1)</script>"'>]]>&amp;{{ 7*7 }}""" in text


def test_markup_of_strangers_is_text():
    """A name in square brackets is a name."""
    _, report = single()
    trace = report.traces[0].model_copy(update={"description": "[bold red]x[/]"})

    assert "[bold red]x[/]: event" in shown(report.model_copy(update={"traces": (trace,)}))


def test_an_event_that_was_lost():
    """There is no id to name."""
    _, report = SAMPLES["loss"]()
    lost = next(trace for trace in report.traces if trace.event_id is None)
    text = after_checks(report.model_copy(update={"traces": (lost,)}))

    assert text[0].endswith("no event (v2.users.{id}.presence)")
    assert text[2] == "  ✗ event bus not on the bus after 60 s"


def test_without_events_the_verdict_follows_the_checks():
    """Nothing was caused."""
    text = lines(SAMPLES["early"]()[1])

    assert "" not in text
    assert text[-2] == "verdict: failed at integration enabled"
