"""What `./dev conformance` says of each thing that it checked."""

from collections.abc import Iterable
from typing import NamedTuple

PASSED, FAILED = "passed", "FAILED"


class Result(NamedTuple):
    name: str
    status: str
    remark: str


def tell(results: Iterable[Result]) -> int:
    """Print a table and a sum; 0 if there is something and nothing failed."""
    told = list(results)
    width = max((len(result.name) for result in told), default=0)
    for name, status, remark in told:
        print(f"{status:<8}{name:<{width}}  {remark}".rstrip())
    failed = sum(result.status == FAILED for result in told)
    print(f"{len(told) - failed} passed, {failed} failed")
    return 1 if failed or not told else 0
