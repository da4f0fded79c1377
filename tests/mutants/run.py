"""Breaks the product on purpose, one mistake at a time, and sees whether the tests notice.

    ./loa mutants                every entry of every table
    ./loa mutants strangers      one table
    ./loa mutants 'disk full'    entries whose name holds these words

Each table is a file `tests/mutants/NAME.toml`; `_table.py` says what stands in an entry. The tree is copied
once to a temporary folder; the named tests must pass there unbroken, then each breakage is put in, its
tests run until one fails, and the file is put back. Red is a test that failed by what it states or met an
error of the product, not one that could not be imported. Exit code 1 if a breakage stays green.
"""

import argparse
import sys
import time

from tests.mutants._table import Mutant, faults_of, read_tables
from tests.mutants._trial import Copy, copied_tree


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="loa mutants", description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="a table, or words of an entry's name")
    parser.add_argument("--list", action="store_true", help="show the entries and try none")
    options = parser.parse_args(arguments)
    chosen = [mutant for mutant in read_tables() if _is_meant(mutant, options.names)]
    if options.list or not chosen:
        print("\n".join(f"{mutant.table}: {mutant.name}" for mutant in chosen or read_tables()))
        return 0 if chosen else 2
    stale = [f"{mutant.name}: {fault}" for mutant in chosen for fault in faults_of(mutant)]
    if stale:
        print("stale entries:\n  " + "\n  ".join(stale))
        return 1
    with copied_tree() as copy:
        return _try_all(copy, chosen)


def _is_meant(mutant: Mutant, names: list[str]) -> bool:
    return not names or any(name == mutant.table or name in mutant.name for name in names)


def _try_all(copy: Copy, chosen: list[Mutant]) -> int:
    began = time.monotonic()
    wrong = copy.unbroken(test for mutant in chosen for test in mutant.tests)
    if wrong:
        print("before anything was broken:\n  " + "\n  ".join(wrong))
        return 1
    print(f"unbroken: all pass ({time.monotonic() - began:.0f} s)", flush=True)
    green = sum(not _try_one(copy, mutant) for mutant in chosen)
    print(f"{len(chosen)} breakages: {len(chosen) - green} seen red, {green} still green")
    return 1 if green else 0


def _try_one(copy: Copy, mutant: Mutant) -> bool:
    began = time.monotonic()
    verdict = copy.judge(mutant)
    took_s = time.monotonic() - began
    word = "seen red" if verdict.red else "STILL GREEN"
    print(f"{word:11}  {took_s:4.0f} s  {mutant.name}\n{'':21}{verdict.said[:120]}", flush=True)
    return verdict.red


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
