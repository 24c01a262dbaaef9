"""Writes sample reports of verifications, for looking at: pages, JUnit, and what a terminal shows.

python scripts/verify_report_sample.py FOLDER [NAME ...]
python scripts/verify_report_sample.py --terminal NAME
"""

import argparse
import sys
from pathlib import Path

from sample_verifications import SAMPLES

from gcbridge.cli.verify_printing import print_report
from gcbridge.study.report.junit import junit_xml
from gcbridge.study.report.page import html_page

VERSION = "0.1.0"


def main() -> None:
    """Writes, or prints, the samples that were named."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SAMPLES))
    parser.add_argument("--terminal", choices=SAMPLES)
    options = parser.parse_args()
    if options.terminal:
        print_report(SAMPLES[options.terminal]()[1])
        return
    if options.folder is None:
        parser.error("a folder, or --terminal")
    options.folder.mkdir(parents=True, exist_ok=True)
    for name in options.names or SAMPLES:
        bridge, report = SAMPLES[name]()
        page = html_page(bridge, report, VERSION)
        (options.folder / f"{name}.html").write_text(page, encoding="utf-8")
        (options.folder / f"{name}.xml").write_text(junit_xml(report), encoding="utf-8")
        sys.stdout.write(f"{options.folder / name}.html {len(page.encode()):,} bytes\n")


if __name__ == "__main__":
    main()
