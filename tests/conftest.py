"""Tests that share something expensive (an apply, a server, an initialized folder) run in one worker."""

from pathlib import PurePosixPath

from xdist.scheduler import LoadScopeScheduling


class ByFolder(LoadScopeScheduling):
    """By folder where a folder shares fixtures, by file elsewhere."""

    # xdist's own --dist=loadgroup writes Item._nodeid, which pytest 9.2 no longer reads: it groups nothing.
    def _split_scope(self, nodeid):
        file = PurePosixPath(nodeid.partition("::")[0])
        if not file.is_relative_to("tests"):
            return str(file)
        path = file.relative_to("tests")
        return str(path if path.parts[0] == "unit" or len(path.parts) < 3 else path.parent)


def pytest_terminal_summary(terminalreporter):
    """What tests have measured is shown when all is done; what a worker prints is not."""
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name == "figures" and report.when == "call":
                terminalreporter.write_line(f"{report.nodeid}: {value}")


def pytest_xdist_make_scheduler(config, log):
    """Asked by pytest-xdist, once, in the process that hands out the tests."""
    return ByFolder(config, log)
