"""simulate: real files, real processes."""

import gzip
import io
import json
import multiprocessing
import subprocess

import pytest

from gcbridge.errors import EnvironmentInvalidError, GcbridgeError, UsageError
from gcbridge.model.simulation import SimulationRequest
from gcbridge.study.traffic.define import define
from gcbridge.workflows.environment import load_environment
from gcbridge.workflows.rooms import Rooms
from gcbridge.workflows.simulate import simulate
from gcbridge.workflows.simulate_processes import count_all, in_batches
from gcbridge.workspace.event_files import EventText
from gcbridge.workspace.layout import Workspace

SOURCE = "aws.partner/genesys.com/cloud/0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11/dev"
PRESENCE = "v2.users.{id}.presence"
ENVIRONMENT = """\
genesys:
  region: eu-central-1
  org_id: "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11"
  event_source_suffix: dev
  topics: ["v2.users.{id}.presence"]
aws: {region: eu-central-1, account_id: "123456789012"}
rules:
  away:
    topics: ["v2.users.{id}.presence"]
    where: {eventBody: {presenceDefinition: {systemPresence: [AWAY]}}}
    targets: [crm]
targets:
  crm: {type: sqs}
"""


def event(number, presence="AWAY", **more):
    return {
        "version": "0",
        "id": f"e{number}",
        "detail-type": PRESENCE,
        "source": SOURCE,
        "account": "123456789012",
        "region": "eu-central-1",
        "time": f"2026-03-01T{number % 24:02}:00:00Z",
        "resources": [],
        "detail": {"eventBody": {"presenceDefinition": {"systemPresence": presence}}},
        **more,
    }


class Desk:
    """A workspace, and somebody who types."""

    def __init__(self, folder):
        self.folder = folder
        self.said = []
        self.write("environments/dev.yaml", ENVIRONMENT)

    def write(self, name, text):
        """A file, by its path in the workspace."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    def record(self, events, name="events.jsonl"):
        """A file of events, one a line."""
        return self.write(name, "".join(json.dumps(one) + "\n" for one in events))

    def simulate(self, *files, stdin=b"", **request):
        """`gcbridge simulate dev FILES`."""
        rooms = Rooms(Workspace(self.folder), {}, self.said.append)
        wanted = SimulationRequest(files=files, **{"workers": 1, **request})
        return simulate(rooms, load_environment(rooms.workspace, "dev"), wanted, stdin=io.BytesIO(stdin))


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def test_a_day_of_events(desk):
    """Counts, share, span and cost."""
    found = desk.simulate(
        desk.record(event(number, "AWAY" if number % 4 else "BUSY") for number in range(24))
    )

    assert (found.events, found.unmatched, found.unmatched_share) == (24, 6, 0.25)
    assert [(rule.name, rule.events) for rule in found.rules] == [("away", 18)]
    assert [(target.name, target.events) for target in found.targets] == [("crm", 18)]
    assert found.span.days == pytest.approx(23 / 24)
    assert found.cost.lines[0].units == pytest.approx(24 * 30 / (23 / 24), abs=1e-4)


def test_two_processes_count_as_one_does(desk):
    """In the order of the file, so that the examples are the same; no process is left behind."""
    desk.write("environments/old.yaml", ENVIRONMENT.replace("AWAY", "BUSY"))
    file = desk.record(
        event(number, ("AWAY", "BUSY", "MEAL")[number % 3], padding="x" * 1000) for number in range(3_000)
    )

    alone, both = (
        desk.simulate(file, against_environment="old", workers=workers).model_dump(
            exclude={"seconds", "workers"}
        )
        for workers in (1, 2)
    )

    assert both == alone
    assert both["difference"]["targets"][0]["first_gained"][0]["where"] == f"{file}:1"
    assert multiprocessing.active_children() == []


def test_files_one_after_another(desk):
    """Plain, packed and piped in; what a place says belongs to its own file."""
    first = desk.record([event(1)], "a.jsonl")
    lines = "".join(json.dumps(event(number)) + "\n" for number in (2, 3)).encode()
    second = desk.write("b.jsonl.gz", gzip.compress(lines))

    found = desk.simulate(first, second, "-", stdin=lines)

    assert found.events == 5
    assert found.files == (first, second, "-")


def test_damaged_lines_are_counted_and_named(desk):
    """Nothing is skipped in silence, and nothing behind it is lost."""
    file = desk.write(
        "events.jsonl", f"{json.dumps(event(1))}\nhello\n[1]\n{json.dumps(event(2))}\n" + '{"cut": \n'
    )

    found = desk.simulate(file)

    assert (found.events, found.damaged) == (2, 3)
    assert [damaged.where.rpartition(":")[2] for damaged in found.first_damaged] == ["2", "3", "5"]
    assert all(damaged.problem for damaged in found.first_damaged)


def test_a_file_that_breaks_off_is_damaged_and_the_next_is_read(desk):
    """One of a thousand objects may have been copied badly."""
    lines = "".join(json.dumps(event(number, padding="x" * 5_000)) + "\n" for number in range(500))
    broken = desk.write("broken.jsonl.gz", gzip.compress(lines.encode())[:-100])
    archive = desk.write("events.zip", b"PK\x03\x04" + b"x" * 100)

    found = desk.simulate(broken, archive, desk.record([event(1)]))

    assert found.damaged == 2
    assert 1 < found.events < 501
    assert {damaged.where.rpartition("/")[2].split(":")[0] for damaged in found.first_damaged} == {
        "broken.jsonl.gz",
        "events.zip",
    }


@pytest.mark.parametrize(
    ("files", "error", "said"),
    [
        (["none.jsonl"], UsageError, "none.jsonl does not exist"),
        (["."], UsageError, ". is a folder"),
        (["s3:///x"], UsageError, "s3:///x names no bucket"),
    ],
)
def test_what_is_not_there_is_said_before_anything_is_read(desk, files, error, said):
    """The other file is not even opened."""
    with pytest.raises(error, match=said):
        desk.simulate("-", *files)

    assert desk.said == []


def test_no_event_at_all(desk):
    """A pipeline that recorded nothing should not go on with zeros."""
    with pytest.raises(GcbridgeError, match="no event was read"):
        desk.simulate(desk.write("empty.jsonl", "\n"))


def test_days_that_a_person_says(desk):
    """Instead of those in the events."""
    found = desk.simulate(desk.record([event(1)]), days=1.0)

    assert (found.span.days, found.span.days_from) == (1.0, "option")
    assert found.cost.lines[0].units == 30


def test_events_of_a_moment_are_not_made_a_month_of(desk):
    """Unless a person says how long they took."""
    assert desk.simulate(desk.record([event(1), event(1)])).cost is None


def test_prices_from_a_file_and_from_the_command_line(desk):
    """The command line goes before the file, the file before AWS."""
    prices = desk.write("prices.yaml", "sqs.request: 1\neventbridge.partner_event: 2\n")

    found = desk.simulate(
        desk.record([event(1)]), days=30.0, price_file=prices, prices={"sqs.request": 1_000_000}
    )

    said = {line.price.name: (line.price.usd, line.price.source) for line in found.cost.lines}
    assert said == {"eventbridge.partner_event": (2, prices), "sqs.request": (1_000_000, "--price")}
    assert found.cost.total_usd == pytest.approx(1.0, abs=0.001)


def test_against_an_environment_of_another_organization(desk):
    """Its rules pin another source; the same event is sent through both."""
    desk.write(
        "environments/prod.yaml", ENVIRONMENT.replace("suffix: dev", "suffix: prod").replace("0b6a", "1111")
    )

    found = desk.simulate(desk.record([event(1)]), against_environment="prod")

    assert found.difference.against == "environment prod"
    assert (found.difference.targets, found.difference.rules) == ((), ())


def test_against_a_revision(desk):
    """What the change of a rule would do to yesterday's traffic."""
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "first"]):
        identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
        subprocess.run(["git", *identity, *words], cwd=desk.folder, check=True)
    desk.write("environments/dev.yaml", ENVIRONMENT.replace("AWAY", "BUSY"))

    found = desk.simulate(desk.record([event(1), event(2, "BUSY"), event(3)]), against_revision="HEAD")

    assert found.difference.against.startswith("dev at HEAD (")
    (crm,) = found.difference.targets
    assert (crm.name, crm.before, crm.lost, crm.gained) == ("crm", 2, 2, 1)
    assert [lost.id for lost in crm.first_lost] == ["e1", "e3"]


def test_a_revision_whose_environment_was_invalid(desk):
    """It is said whose problems these are."""
    desk.write("environments/dev.yaml", ENVIRONMENT.replace("region: eu-central-1\n", "region: mars\n"))
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "first"]):
        identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
        subprocess.run(["git", *identity, *words], cwd=desk.folder, check=True)
    desk.write("environments/dev.yaml", ENVIRONMENT)

    with pytest.raises(EnvironmentInvalidError, match=r"environment dev at HEAD \(\w{7}\) has 1 problem"):
        desk.simulate(desk.record([event(1)]), against_revision="HEAD")


def test_only_one_comparison_at_a_time(desk):
    """Two would need two answers."""
    with pytest.raises(UsageError, match="do not go together"):
        desk.simulate(desk.record([event(1)]), against_revision="HEAD", against_environment="dev")


def test_what_is_told_while_it_runs(desk):
    """How much of the files was read, and how fast; at the end the line is taken away."""
    ticks = iter(range(1_000))
    rooms = Rooms(Workspace(desk.folder), {}, desk.said.append)
    file = desk.record(event(number, padding="x" * 1000) for number in range(1_000))

    simulate(
        rooms,
        load_environment(rooms.workspace, "dev"),
        SimulationRequest(files=(file,), workers=1),
        stdin=io.BytesIO(),
        clock=lambda: float(next(ticks)),
    )

    kinds = [progress.kind for progress in desk.said]
    assert kinds[0] == "started"
    assert kinds[-1] == "cleared"
    running = [progress.message for progress in desk.said if progress.kind == "running"]
    assert "1,000 events" in running[-1]
    assert running[-1].startswith("100% of 1.")


def test_reading_goes_no_further_than_the_processes(desk):
    """What is read and not yet counted is bounded: memory does not grow with the traffic."""
    read = []

    def batches():
        for number in range(100):
            read.append(number)
            yield [EventText(json.dumps(event(number)).encode(), f"events.jsonl:{number}")]

    definition = definition_of(desk)
    ahead = [len(read) - done for done, _ in enumerate(count_all(batches(), definition, None, 2), 1)]

    assert len(ahead) == 100
    assert max(ahead) <= 2 * 3
    assert multiprocessing.active_children() == []


def test_an_interrupt_leaves_no_process_behind(desk):
    """What reads is interrupted, as Ctrl-C would; the processes end before the error goes on."""

    def batches():
        for number in range(10):
            yield [EventText(json.dumps(event(number)).encode(), f"events.jsonl:{number}")]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(count_all(batches(), definition_of(desk), None, 2))

    assert multiprocessing.active_children() == []


def definition_of(desk):
    return define(load_environment(Workspace(desk.folder), "dev").resolve())


def test_batches_are_of_some_size():
    """Many small texts, or few large ones."""
    small = [EventText(b"{}", f"a:{number}") for number in range(5_000)]
    large = [EventText(b"x" * 200_000, f"a:{number}") for number in range(7)]

    assert [len(batch) for batch in in_batches(small)] == [2_000, 2_000, 1_000]
    assert [len(batch) for batch in in_batches(large)] == [3, 3, 1]
    assert list(in_batches([])) == []
