"""The real Terraform, run through the room's one door."""

import os
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from gcbridge.errors import ExitCode, PlanOutdatedError, ProviderMissingError, TerraformError
from gcbridge.terraform import Grace, ProviderRequirement, TerraformCancelledError, find_mirrors, ui_events

pytestmark = pytest.mark.sandbox

STACK = """
variable "word" {
  default = "one"
}

resource "terraform_data" "kept" {
  input = var.word
}

output "word" {
  value = terraform_data.kept.output
}

output "hidden" {
  value     = "hush"
  sensitive = true
}
"""
SLOW = """
resource "terraform_data" "slow" {
  provisioner "local-exec" {
    command = "echo $$ >> PIDS; sleep 300 & echo $! >> PIDS; wait"
  }
}
"""


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    assert condition()


def read_pids(file):
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def apply_slowly(terraform, plan):
    terraform.init()
    terraform.plan(plan)
    terraform.apply(plan)


def test_whole_life_of_a_stack(make_terraform, tmp_path):
    """init, validate, plan, show, apply, output, plan again, destroy."""
    events = []
    terraform = make_terraform(STACK, on_event=events.append)
    plan = tmp_path / "plan.bin"

    terraform.init()
    assert terraform.validate() == ()
    assert terraform.plan(plan) is True
    assert plan.stat().st_mode & 0o077 == 0
    assert terraform.show(plan)["resource_changes"][0]["address"] == "terraform_data.kept"

    terraform.apply(plan)
    outputs = terraform.output()
    assert (outputs["word"].value, outputs["hidden"].value) == ("one", "hush")
    assert outputs["hidden"].sensitive
    assert "hush" not in repr(outputs)
    assert terraform.plan(plan) is False

    terraform.destroy()
    assert terraform.output() == {}
    completed = [event for event in events if isinstance(event, ui_events.ApplyComplete)]
    assert [(event.address, event.action) for event in completed] == [
        ("terraform_data.kept", "create"),
        ("terraform_data.kept", "delete"),
    ]


def test_destroy_can_be_planned(make_terraform, tmp_path):
    """Removal is a plan like any other."""
    terraform = make_terraform(STACK)
    apply_slowly(terraform, tmp_path / "plan.bin")

    assert terraform.plan(tmp_path / "removal.bin", destroy=True) is True
    terraform.apply(tmp_path / "removal.bin")

    assert terraform.plan(tmp_path / "removal.bin", destroy=True) is False


def test_stale_plan_says_plan_again(make_terraform, tmp_path):
    """Terraform refuses a plan that was made before another apply."""
    terraform = make_terraform(STACK)
    apply_slowly(terraform, tmp_path / "plan.bin")

    with pytest.raises(PlanOutdatedError, match="Saved plan is stale") as caught:
        terraform.apply(tmp_path / "plan.bin")

    assert "plan again" in caught.value.hint


@pytest.mark.parametrize("command", ["init", "validate"])
def test_syntax_error_names_file_and_line(command, make_terraform):
    """A person sees where to look, in the folder that they know."""
    terraform = make_terraform('resource "terraform_data" "a" {\n  input = \n}\n')

    with pytest.raises(TerraformError, match="Invalid expression") as caught:
        getattr(terraform, command)()

    assert caught.value.where == f"terraform_data.a ({terraform.directory}/main.tf:2)"
    assert caught.value.detail.startswith("Expected the start of an expression")


def test_failing_precondition_names_the_resource(make_terraform, tmp_path):
    """The address stands before file and line."""
    terraform = make_terraform("""
variable "word" {
  default = "one"
}

resource "terraform_data" "checked" {
  lifecycle {
    precondition {
      condition     = var.word == "two"
      error_message = "The word is not two."
    }
  }
}
""")
    terraform.init()

    with pytest.raises(TerraformError, match="The word is not two\\.") as caught:
        terraform.plan(tmp_path / "plan.bin")

    assert caught.value.where == f"terraform_data.checked ({terraform.directory}/main.tf:9)"
    assert caught.value.detail == "", "the headline says it all"
    assert not (tmp_path / "plan.bin").exists()


def test_plan_file_that_does_not_exist(make_terraform, tmp_path):
    """A command that prints plain text fails with the same kind of error."""
    terraform = make_terraform(STACK)
    terraform.init()

    with pytest.raises(TerraformError, match="Failed to read the given file") as caught:
        terraform.show(tmp_path / "missing.bin")

    assert "missing.bin" in caught.value.detail


def test_variables_come_through_the_environment(make_terraform, tmp_path):
    """What the caller's shell sets is dropped, what the caller passes arrives."""
    shell = {**os.environ, "TF_VAR_word": "shell", "TF_CLI_ARGS_plan": "-destroy"}
    terraform = make_terraform(STACK, environ=shell, overrides={"TF_VAR_word": "override"})

    apply_slowly(terraform, tmp_path / "plan.bin")

    assert terraform.output()["word"].value == "override"


def test_secret_of_the_environment_is_masked_in_errors_and_events(make_terraform, tmp_path):
    """A provisioner that prints a secret and fails does not get it past the door."""
    secret = "s3cr3t-of-the-client"
    events = []
    terraform = make_terraform(
        'resource "terraform_data" "a" {\n  provisioner "local-exec" {\n'
        '    command = "echo $GENESYSCLOUD_OAUTHCLIENT_SECRET; exit 3"\n  }\n}\n',
        environ={**os.environ, "GENESYSCLOUD_OAUTHCLIENT_SECRET": secret},
        on_event=events.append,
    )

    with pytest.raises(TerraformError, match="local-exec provisioner error") as caught:
        apply_slowly(terraform, tmp_path / "plan.bin")

    error = caught.value
    assert secret not in "".join((error.summary, error.where, error.detail, error.hint))
    assert "***" in error.detail
    assert not [event for event in events if secret in event.model_dump_json()]


def test_two_stacks_run_side_by_side(make_terraform, tmp_path):
    """Two objects in two threads do not wait for each other: both rendezvous inside their provisioners."""
    rendezvous = """
resource "terraform_data" "meet" {
  provisioner "local-exec" {
    command = "touch ../ME; for i in $(seq 100); do [ -e ../OTHER ] && exit 0; sleep 0.1; done; exit 1"
  }
}
"""
    stacks = [
        make_terraform(rendezvous.replace("ME", "left").replace("OTHER", "right"), name="a"),
        make_terraform(rendezvous.replace("ME", "right").replace("OTHER", "left"), name="b"),
    ]

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(apply_slowly, stacks, [tmp_path / "a.bin", tmp_path / "b.bin"]))

    assert [stack.provider_versions() for stack in stacks] == [{}, {}]


def test_interrupt_from_the_keyboard_leaves_no_child(make_terraform, tmp_path, shell_pids):
    """Ctrl-C reaches Terraform, is waited for, and is raised again; provisioner and its children are gone."""
    events = []
    terraform = make_terraform(SLOW.replace("PIDS", str(shell_pids)), on_event=events.append)

    def press_ctrl_c():
        wait_for(lambda: len(read_pids(shell_pids)) == 2)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=press_ctrl_c, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        apply_slowly(terraform, tmp_path / "plan.bin")

    wait_for(lambda: not any(is_alive(pid) for pid in read_pids(shell_pids)))
    said = [event.message for event in events if "Interrupt received" in event.message]
    assert len(said) == 1, "exactly one SIGINT"
    assert not [event for event in events if "Two interrupts received" in event.message]


def test_cancel_from_another_thread(make_terraform, tmp_path, shell_pids):
    """cancel() stops the run as Ctrl-C does, however often it is called, and refuses what comes after."""
    events = []
    terraform = make_terraform(SLOW.replace("PIDS", str(shell_pids)), on_event=events.append)

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(apply_slowly, terraform, tmp_path / "plan.bin")
        wait_for(lambda: len(read_pids(shell_pids)) == 2)
        terraform.cancel()
        terraform.cancel()
        error = running.exception(timeout=30)

    assert isinstance(error, TerraformCancelledError)
    assert (error.summary, error.exit_code) == ("terraform apply was interrupted", ExitCode.INTERRUPTED)
    assert len([event for event in events if "Interrupt received" in event.message]) == 1
    wait_for(lambda: not any(is_alive(pid) for pid in read_pids(shell_pids)))
    with pytest.raises(TerraformCancelledError):
        terraform.output()


def test_timeout_stops_the_run(make_terraform, tmp_path, shell_pids):
    """A command that takes too long is stopped as if by Ctrl-C."""
    terraform = make_terraform(SLOW.replace("PIDS", str(shell_pids)), timeout=3)

    with pytest.raises(TerraformError, match="terraform apply took longer than 3 s and was stopped"):
        apply_slowly(terraform, tmp_path / "plan.bin")

    wait_for(lambda: not any(is_alive(pid) for pid in read_pids(shell_pids)))


def test_callback_that_fails_stops_the_run(make_terraform, tmp_path, shell_pids):
    """An error in a progress display leaves no Terraform behind."""

    def fail(event):
        if isinstance(event, ui_events.ApplyStart):
            wait_for(lambda: len(read_pids(shell_pids)) == 2)
            raise RuntimeError("display broke")

    terraform = make_terraform(SLOW.replace("PIDS", str(shell_pids)), on_event=fail, grace=Grace(10, 5))

    with pytest.raises(RuntimeError, match="display broke"):
        apply_slowly(terraform, tmp_path / "plan.bin")

    wait_for(lambda: not any(is_alive(pid) for pid in read_pids(shell_pids)))


PROVIDER = """
terraform {
  required_providers {
    it = {
      source  = "%s"
      version = "%s"
    }
  }
}
"""


def test_provider_that_nobody_has(make_terraform, tmp_path):
    """A registry that answers nothing does not hang the run; the error says where was looked and what to type."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        proxy = f"http://127.0.0.1:{silent.getsockname()[1]}"
        address = "registry.terraform.io/mypurecloud/genesyscloud"
        search = find_mirrors(
            [ProviderRequirement(address, ">= 1.60.0")],
            configured=str(tmp_path / "empty"),
            environ={"HOME": str(tmp_path)},
            platform="linux_amd64",
            shared_folders=(),
        )
        environ = {**os.environ, "HTTPS_PROXY": proxy}
        terraform = make_terraform(
            PROVIDER % ("mypurecloud/genesyscloud", ">= 1.60.0"), search=search, environ=environ
        )
        begin = time.monotonic()

        with pytest.raises(ProviderMissingError) as caught:
            terraform.init()

    assert time.monotonic() - begin < 45
    error = caught.value
    assert error.summary == f"provider {address} (>= 1.60.0) is not available"
    assert f"- {tmp_path / 'empty'}: no such folder" in error.detail
    assert "- registry.terraform.io: " in error.detail
    assert "providers mirror -platform=linux_amd64" in error.hint


def test_provider_comes_from_a_mirror(make_terraform, binary):
    """The AWS provider is installed from a mirror that was discovered, not configured."""
    search = find_mirrors(
        [ProviderRequirement("registry.terraform.io/hashicorp/aws", ">= 5.80.0, < 6.0.0")],
        configured=None,
        environ=os.environ,
        platform=binary.platform,
        product=binary.product,
    )
    if not search.mirrors:
        pytest.skip("this machine has no mirror of hashicorp/aws")
    terraform = make_terraform(PROVIDER % ("hashicorp/aws", ">= 5.80.0, < 6.0.0"), search=search)

    terraform.init()

    (version,) = terraform.provider_versions().values()
    assert version.startswith("5.")
