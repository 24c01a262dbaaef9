"""What every blueprint's loop does alike: from an empty workspace to an applied bridge, and to nothing left."""

from loop_workspace import LoopWorkspace, wait_until

from gcbridge.sandbox.runtime import sandbox_status

SANDBOX_FILE = ".gcbridge/_sandbox/environment.yaml"


def begin(root, blueprint, answers=None):
    """A workspace whose environment `loop` was made from a blueprint and applied.

    `answers` makes what is outside of the bridge, given the workspace, and returns path -> value for `--set`.
    """
    workspace = LoopWorkspace.open(root / "workspace")
    try:
        given = answers(workspace) if answers else {}
        sets = [text for path, value in given.items() for text in ("--set", f"{path}={value}")]
        extends = ("--extends", SANDBOX_FILE)
        workspace.said = [
            workspace.ok("init", "loop", "--blueprint", blueprint, *extends, "--no-input", *sets),
            workspace.ok("plan", "loop"),
            workspace.ok("apply", "loop"),
        ]
    except BaseException:
        workspace.close()
        raise
    return workspace


def end(workspace, *destroy_options):
    """Destroy; nothing is left in either cloud."""
    workspace.ok("destroy", "loop", "--auto-approve", *destroy_options)
    assert {kind: count for kind, count in workspace.contents().items() if count} == {}
    assert sandbox_status(workspace.sandbox.folder).integrations == 0


def keep_secret(workspace, name, text):
    """A secret in Secrets Manager; its ARN."""
    return workspace.aws("secretsmanager").create_secret(Name=name, SecretString=text)["ARN"]


def drop_secret(workspace, name):
    """What Terraform did not make, it cannot remove."""
    workspace.aws("secretsmanager").delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)


def make_client(workspace, name):
    """An OAuth client in the organization; its id."""
    body = {"name": name, "authorizedGrantType": "CODE", "registeredRedirectUri": ["https://example.com"]}
    return workspace.genesys("POST", "/api/v2/oauth/clients", body)["id"]


def delete_client(workspace, name):
    """An OAuth client is made and deleted in the organization; its id."""
    client = make_client(workspace, name)
    workspace.genesys("DELETE", f"/api/v2/oauth/clients/{client}")
    return client


def show_presence(workspace, presence):
    """The test user shows this; the user's id."""
    users = workspace.genesys("GET", "/api/v2/users")["entities"]
    (user,) = (user["id"] for user in users if user["email"] == "test.user@example.com")
    wanted = {"presenceDefinition": {"systemPresence": presence}}
    workspace.genesys("PATCH", f"/api/v2/users/{user}/presences/purecloud", wanted)
    return user


def letters(workspace, target):
    """How many dead letters a target has."""
    sqs = workspace.aws("sqs")
    url = sqs.get_queue_url(QueueName=f"gcbridge-loop-{target}-dead-letter")["QueueUrl"]
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(int(count) for count in counts.values())


def verified(workspace, *options):
    """`verify` passes."""
    report = workspace.ok("verify", "loop", "--timeout", "20", "--json", *options).data
    assert report["verdict"] == "passed"
    return report


__all__ = [
    "begin",
    "delete_client",
    "drop_secret",
    "end",
    "keep_secret",
    "letters",
    "make_client",
    "show_presence",
    "verified",
    "wait_until",
]
