"""An environment as it was at a revision, in repositories that git itself makes."""

import subprocess

import pytest

from gcbridge.errors import EnvironmentInvalidError, UsageError
from gcbridge.workspace.environment_file import read_environment
from gcbridge.workspace.git_revision import workspace_at
from gcbridge.workspace.layout import Workspace

SOMEBODY = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "PATH": "/usr/bin:/bin:/usr/local/bin",
}


class Repository:
    """A repository whose workspace is its root, or a folder in it."""

    def __init__(self, root, folder=""):
        self.root = root
        self.workspace = Workspace(root / folder)
        self.git("init", "-q", "-b", "main")

    def git(self, *words):
        """What git says."""
        done = subprocess.run(
            ["git", *words], cwd=self.root, env=SOMEBODY, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def commit(self, **files):
        """Write files, `a__b` for a/b.yaml, and commit all there is."""
        for name, text in files.items():
            path = self.workspace.root / f"{name.replace('__', '/')}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "a change")
        return self.git("rev-parse", "HEAD")

    def at(self, revision, name="dev"):
        """Values of an environment at a revision."""
        with workspace_at(self.workspace, name, revision) as past:
            return read_environment(past.workspace, name).values


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path)


def test_the_file_as_it_was(repository):
    """By tag, branch, id and relation; what is written now, committed or not, does not matter."""
    first = repository.commit(environments__dev="description: first\n")
    repository.git("tag", "v1")
    repository.commit(environments__dev="description: second\n")
    (repository.root / "environments/dev.yaml").write_text("description: not committed\n")

    for revision in ("v1", first, first[:10], "HEAD~1", "main^"):
        assert repository.at(revision) == {"description": "first"}, revision
    assert repository.at("HEAD") == {"description": "second"}


def test_the_commit_is_told(repository):
    """A branch moves; what was compared with should be said."""
    commit = repository.commit(environments__dev="description: first\n")

    with workspace_at(repository.workspace, "dev", "main") as past:
        assert past.commit == commit
        assert past.short_commit == commit[:7]
        folder = past.workspace.root
        assert folder.is_dir()
    assert not folder.exists()


def test_what_it_extends_comes_along(repository):
    """As it was then, over any number of steps, also outside of environments/."""
    repository.commit(
        environments__dev="extends: _base.yaml\ndescription: mine\n",
        environments___base="extends: ../shared/all.yaml\naws: {region: eu-central-1}\n",
        shared__all="genesys: {region: eu-west-1}\n",
    )
    repository.git("tag", "old")
    repository.commit(shared__all="genesys: {region: us-east-1}\n")

    assert repository.at("old") == {
        "description": "mine",
        "aws": {"region": "eu-central-1"},
        "genesys": {"region": "eu-west-1"},
    }


def test_a_workspace_in_a_folder_of_the_repository(tmp_path):
    """And what it extends may lie above it."""
    repository = Repository(tmp_path, "teams/contact center")
    repository.commit(
        environments__dev="extends: ../../../company.yaml\n", **{"..__..__company": "description: ours\n"}
    )

    assert repository.at("HEAD") == {"description": "ours"}


def test_a_link_is_followed(repository):
    """As the reader of environments does in the working tree."""
    repository.commit(environments__dev="description: linked\n")
    (repository.root / "environments" / "test.yaml").symlink_to("dev.yaml")
    repository.commit()

    assert repository.at("HEAD", "test") == {"description": "linked"}


@pytest.mark.parametrize(
    ("base", "said"),
    [
        ("_gone.yaml", "_gone.yaml does not exist"),
        ("dev.yaml", "goes in a circle"),
        ("../../outside.yaml", "../../outside.yaml does not exist"),
    ],
)
def test_an_extends_that_leads_nowhere(repository, base, said):
    """The reader of environments says so, with the line."""
    repository.commit(environments__dev=f"# first line\nextends: {base}\n")

    with pytest.raises(EnvironmentInvalidError) as caught:
        repository.at("HEAD")

    assert said in caught.value.detail
    assert caught.value.detail.startswith("environments/dev.yaml:2: ")


@pytest.mark.parametrize(
    "revision", ["v9", "0000000000000000000000000000000000000000", "--all", " ", "HEAD:x"]
)
def test_an_unknown_revision(repository, revision):
    """No matter how it is written; git is never given an option."""
    repository.commit(environments__dev="description: first\n")

    with pytest.raises(UsageError) as caught:
        repository.at(revision)

    assert caught.value.summary == f"git knows no revision {revision}"
    assert f"git fetch origin {revision}" in caught.value.hint


def test_an_environment_that_did_not_exist_yet(repository):
    """How to find out since when it does."""
    repository.commit(environments__dev="description: first\n")
    repository.commit(environments__prod="description: second\n")

    with pytest.raises(UsageError) as caught:
        repository.at("HEAD~1", "prod")

    assert caught.value.summary == "environment prod does not exist at HEAD~1"
    assert caught.value.where == "HEAD~1:environments/prod.yaml"
    assert "git log --oneline --follow -- environments/prod.yaml" in caught.value.hint


def test_no_repository(tmp_path):
    """There is another thing to compare with."""
    (tmp_path / "environments").mkdir()

    with pytest.raises(UsageError) as caught, workspace_at(Workspace(tmp_path), "dev", "HEAD"):
        pass

    assert caught.value.summary == "the workspace is in no git repository"
    assert "--against ENV" in caught.value.hint


def test_nothing_is_written_into_the_working_tree(repository):
    """Neither files nor git's index."""
    repository.commit(environments__dev="description: first\n")
    repository.commit(environments__dev="description: second\n")
    repository.at("HEAD~1")

    assert repository.git("status", "--porcelain") == ""
    assert repository.git("stash", "list") == ""


def test_an_absolute_path_has_no_past(repository):
    """What stands there now would be taken for what stood there then."""
    base = repository.workspace.root / "environments" / "_base.yaml"
    repository.commit(environments___base="description: old\n", environments__dev=f"extends: {base}\n")
    base.write_text("description: new\n")

    with pytest.raises(UsageError, match="outside the revision"):
        repository.at("main")
