"""Decode EDI files on the command line: one JSON object per document.

``python3 -m edi FILE...`` (``-`` for standard input). What is wrong goes to standard
error as ``FILE: segment N: what is wrong``; the exit status is 1 if anything could not
be read, 0 if there were at most warnings.
"""

import argparse
import json
import sys
from pathlib import Path

from . import Reading, read, to_json
from .interchanges import ERROR


def _bytes(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()


def _print(reading: Reading) -> None:
    for interchange in reading.interchanges:
        for group in interchange.groups:
            for message in group.messages:
                if message.document is None:
                    continue
                found = {
                    "sender": interchange.sender,
                    "receiver": interchange.receiver,
                    "test": interchange.test,
                    "interchange": interchange.control_number,
                    "group": group.control_number,
                    "set": message.control_number,
                    "code": message.code,
                    "version": message.version,
                    "document": to_json(message.document),
                }
                print(json.dumps(found, ensure_ascii=False))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="edi", description="Decode EDI files.")
    parser.add_argument("file", nargs="+", help="a file, or - for standard input")
    parser.add_argument(
        "-q", "--quiet", action="store_true", help="no warnings, only errors"
    )
    options = parser.parse_args(arguments)
    failed = False
    for name in options.file:
        try:
            data = _bytes(name)
        except OSError as error:
            print(f"{name}: {error.strerror or error}", file=sys.stderr)
            failed = True
            continue
        reading = read(data)
        _print(reading)
        for issue in reading.all_issues:
            unreadable = issue.severity == ERROR
            failed = failed or unreadable
            if unreadable or not options.quiet:
                mild = "" if unreadable else "warning: "
                print(f"{name}: {mild}{issue}", file=sys.stderr)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
