"""validate's warnings: what both clouds would take and what will not do as it says. Offline, without credentials."""

from __future__ import annotations

from gcbridge.errors import EnvironmentInvalidError
from gcbridge.model.lint import Lint, LintReport
from gcbridge.model.progress import Progress, Watcher
from gcbridge.model.topic import TopicCatalogue
from gcbridge.study.patterns.lints import environment_warnings
from gcbridge.study.patterns.warned import as_lints
from gcbridge.workflows.environment import Environment
from gcbridge.workspace.layout import Workspace
from gcbridge.workspace.topic_snapshots import read_catalogue


def lint_environment(environment: Environment, catalogue: TopicCatalogue) -> tuple[Lint, ...]:
    """Warnings about a valid environment, in the order of its files.

    Args:
        environment: as written and checked.
        catalogue: what is known of topics and of the fields of their events.
    """
    warned = environment_warnings(environment.name, environment.spec, catalogue)
    return as_lints(warned, environment.document.origins)


def lint_report(workspace: Workspace, environment: Environment) -> LintReport:
    """The warnings about a valid environment, by the topics that are known for it.

    Raises:
        GcbridgeError: the environment's file of topics is damaged.
    """
    catalogue = read_catalogue(workspace, environment.name)
    lints = lint_environment(environment, catalogue)
    return LintReport(environment=environment.name, valid=True, lints=lints)


def invalid_report(name: str, error: EnvironmentInvalidError) -> LintReport:
    """The same form for an environment that is refused: every problem is a lint of severity `error`."""
    lints = tuple(
        Lint(
            severity="error",
            key=problem.key,
            message=problem.message,
            where=str(problem.origin) if problem.origin else "",
        )
        for problem in error.problems
    )
    return LintReport(environment=name, valid=False, lints=lints)


def note_lints(watch: Watcher, lints: tuple[Lint, ...]) -> None:
    """Tell the warnings to whoever watches, one line each."""
    for lint in lints:
        watch(Progress("warning", "note", str(lint)))
