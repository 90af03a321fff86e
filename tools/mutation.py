"""Break the code in one place at a time, and see whether the unit tests notice.

``make mutation`` runs every mutant of the pure modules and a seeded sample of the rooms that handle
orders, money and renewals. mutmut's table of operators makes the mutants, two operators are added,
and they are applied here: mutmut's own runner skips decorated functions, which in this project are
those that take a lock.

The exit status is 1 if a survivor is not judged in ``docs/how-to/mutation.rst``, 2 if the tests
fail before anything is broken.
"""

import argparse
import ast
import difflib
import importlib.util
import os
import queue
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import coverage
import libcst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators, operator_string

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = Path("oscar_subscriptions")
JUDGED = ROOT / "docs" / "how-to" / "mutation.rst"
COPIED = ["oscar_subscriptions", "sandbox", "tests", "setup.cfg"]

# Each with its own tests, which need neither Django nor a database.
PURE = {
    "terms.py": "test_terms.py",
    "payments/provider/money.py": "payments/provider/test_money.py",
    "payments/reconciliation/verdict.py": "payments/reconciliation/test_verdict.py",
    "payments/reversals/policy.py": "payments/reversals/test_policy.py",
}
ROOMS = ["fulfilment", "payments", "renewals"]
ROOM_TESTS = [f"tests/unit/{room}" for room in ROOMS]
OPTIONS = ["-q", "-x", "-p", "no:cacheprovider"]
# pytest, with the same examples of Hypothesis at each run, and none made shorter.
SAME = """
import sys, pytest
from hypothesis import Phase, settings
phases = [Phase.explicit, Phase.generate]
settings.register_profile("same", deadline=None, derandomize=True, database=None, phases=phases)
settings.load_profile("same")
sys.exit(pytest.main(sys.argv[1:]))
"""
PURE_PYTEST = ["-c", SAME, *OPTIONS, "-c", os.devnull, "--rootdir=.", "--noconftest"]
PURE_PYTEST += ["-p", "no:django", "-p", "no:xdist", "-p", "no:pytest_cov"]
ROOM_PYTEST = ["-m", "pytest", *OPTIONS, "--hypothesis-seed=0"]
# A mutant may loop for ever.
PATIENCE = {True: 120, False: 300}
# Calls with texts for people or names for the type checker: unit tests don't ask for these.
SPEAKERS = {"_", "ngettext", "TypeVar"}
LOG = "logger"

# What becomes of a mutant; equal: Python sees no change.
KILLED, SURVIVED, EQUAL, LATE = "killed", "survived", "equal", "late"


@dataclass(frozen=True)
class Mutant:
    """One change that may be made.

    Attributes:
        module: path below the package.
        tree: the module, parsed.
        node: a part of it.
        other: what to put in its place.
        lines: the lines of ``node``.
    """

    module: str
    tree: libcst.Module
    node: libcst.CSTNode
    other: libcst.CSTNode
    lines: range

    def source(self):
        """Return the changed module; "" if Python would see no change."""
        before, after = self.tree.code, self.tree.deep_replace(self.node, self.other).code
        return "" if ast.dump(ast.parse(before)) == ast.dump(ast.parse(after)) else after

    def change(self):
        """Return the first lines that differ, as they stand in the list of judged survivors."""
        lines = difflib.ndiff(self.tree.code.splitlines(), self.source().splitlines())
        first = {line[0]: line[2:].strip() for line in reversed(list(lines))}
        return f"``{first.get('-', '')}`` → ``{first.get('+', '(nothing)')}``"

    def place(self):
        """Return where it is, with the change."""
        return f"{self.module}:{self.lines.start} {self.change()}"


def negate(node):
    """Yield an ``if`` with the opposite condition; mutmut's operators take a ``not`` away."""
    if isinstance(node.test, libcst.UnaryOperation):
        return
    test = node.test.with_changes(lpar=[libcst.LeftParen()], rpar=[libcst.RightParen()])
    yield node.with_changes(test=libcst.UnaryOperation(libcst.Not(), test))


def drop(node):
    """Yield nothing to do instead of a statement that is only a call."""
    if isinstance(node.value, libcst.Call):
        yield libcst.Pass()


def change_string(node):
    """Yield one other text; its upper and lower case are as good."""
    yield from list(operator_string(node))[:1]


OPERATORS = [
    (kind, change_string if operator is operator_string else operator)
    for kind, operator in mutation_operators
] + [(libcst.If, negate), (libcst.Expr, drop)]


class Finder(libcst.CSTVisitor):
    """Collect pairs of a node and another one to put in its place."""

    def __init__(self):
        self.found = []

    def on_visit(self, node):
        if isinstance(node, (libcst.Annotation, libcst.Decorator)) or says_something(node):
            return False
        for kind, operator in OPERATORS:
            if isinstance(node, kind):
                self.found += [(node, other) for other in operator(node)]
        return True


def says_something(node):
    """Return whether ``node`` words an error, translates a text or writes to the log."""
    if isinstance(node, libcst.Raise):
        return True
    if isinstance(node, libcst.Expr):
        node = node.value
    if not isinstance(node, libcst.Call):
        return False
    if isinstance(node.func, libcst.Attribute):
        return isinstance(node.func.value, libcst.Name) and node.func.value.value == LOG
    return isinstance(node.func, libcst.Name) and node.func.value in SPEAKERS


def mutants_of(module):
    """Return the mutants of a module; some may mean the same to Python."""
    wrapper = MetadataWrapper(libcst.parse_module((ROOT / PACKAGE / module).read_text()))
    positions = wrapper.resolve(PositionProvider)
    finder = Finder()
    wrapper.module.visit(finder)
    mutants = []
    for node, other in finder.found:
        place = positions[node]
        lines = range(place.start.line, place.end.line + 1)
        mutants.append(Mutant(module, wrapper.module, node, other, lines))
    return mutants


def run_tests(tree, arguments, patience, *, must_pass=False):
    """Return whether Python, given ``arguments`` that run pytest, succeeds in ``tree``; if it must,
    and does not, show what it says."""
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": ""}
    command = [sys.executable, *arguments]
    try:
        done = subprocess.run(
            command, cwd=tree, env=environment, capture_output=True, text=True, timeout=patience
        )
    except subprocess.TimeoutExpired:
        return False
    if must_pass and done.returncode:
        print(done.stdout[-4000:], done.stderr[-1000:], file=sys.stderr)
        stop("the tests fail as they are")
    return done.returncode == 0


def survives(source, path, tree, arguments, patience):
    """Return whether the tests pass with ``source`` in the file ``path`` of ``tree``."""
    original = path.read_text()
    # Python tells sources apart by size and second.
    compiled = Path(importlib.util.cache_from_source(str(path)))
    path.write_text(source)
    compiled.unlink(missing_ok=True)
    try:
        return run_tests(tree, arguments, patience)
    finally:
        path.write_text(original)
        compiled.unlink(missing_ok=True)


def reached_by(tree):
    """Run the tests of the rooms once; return, for each module and line, the tests that reach it.

    A line that is reached by an import alone has the test "".
    """
    data = tree / "coverage"
    options = ["--cov-context=test", "--cov-report=", "--cov-fail-under=0", "-n", "auto"]
    options += [f"--cov=oscar_subscriptions/{room}" for room in ROOMS]
    os.environ["COVERAGE_FILE"] = str(data)
    run_tests(tree, [*ROOM_PYTEST, *options, *ROOM_TESTS], 1800, must_pass=True)
    del os.environ["COVERAGE_FILE"]
    measured = coverage.CoverageData(str(data))
    measured.read()
    return {
        str(Path(name).relative_to(tree / PACKAGE)): {
            line: {context.partition("|")[0].partition("[")[0] for context in contexts}
            for line, contexts in measured.contexts_by_lineno(name).items()
        }
        for name in measured.measured_files()
    }


def tests_for(mutant, reached):
    """Return what to run so that the tests run which reach ``mutant``; ``None`` if none do."""
    by_line = reached.get(mutant.module, {})
    tests = set().union(*(by_line.get(line, ()) for line in mutant.lines))
    if not tests:
        return None
    return ROOM_PYTEST + (ROOM_TESTS if "" in tests else sorted(tests))


def stop(message):
    """Say on one line what is wrong and end with status 2."""
    print(f"mutation: {message}", file=sys.stderr)
    sys.exit(2)


class Campaign:
    """A run over mutants, in as many copies of the checkout as there are processors.

    Args:
        trees: folders with a copy each.
        deadline: by ``time.monotonic``; what is not begun by then is not run.
    """

    def __init__(self, trees, deadline):
        self.trees = queue.SimpleQueue()
        for tree in trees:
            self.trees.put(tree)
        self.pool = ThreadPoolExecutor(len(trees))
        self.deadline = deadline

    def run(self, title, mutants, arguments_for, patience):
        """Run ``mutants`` and print what became of them; return the survivors.

        Args:
            arguments_for: gives what to run for a mutant; ``None``: no test reaches it.
        """
        results = list(self.pool.map(lambda one: self._run(one, arguments_for, patience), mutants))
        of = {
            result: [one for one, its in zip(mutants, results, strict=True) if its == result]
            for result in (KILLED, SURVIVED, EQUAL, LATE)
        }
        number = len(of[KILLED]) + len(of[SURVIVED])
        print(f"\n{title}: {len(of[KILLED])} of {number} killed", end="")
        print(f", {len(of[KILLED]) / number:.1%}" if number else "", flush=True)
        if of[LATE]:
            print(f"  {len(of[LATE])} not run: the time is over")
        killed, alive = (Counter(one.module for one in of[one]) for one in (KILLED, SURVIVED))
        for module in sorted(killed | alive):
            print(f"  {module}: {killed[module]}/{killed[module] + alive[module]}")
        return of[SURVIVED]

    def _run(self, mutant, arguments_for, patience):
        if time.monotonic() > self.deadline:
            return LATE
        arguments, source = arguments_for(mutant), mutant.source()
        if not source:
            return EQUAL
        if arguments is None:
            print(f"\n{mutant.place()} (no test reaches it)")
            return SURVIVED
        tree = self.trees.get()
        try:
            lives = survives(source, tree / PACKAGE / mutant.module, tree, arguments, patience)
        finally:
            self.trees.put(tree)
        print(f"\n{mutant.place()}\n" if lives else ".", end="", flush=True)
        return SURVIVED if lives else KILLED


def copy(folder):
    """Copy to ``folder`` what the tests need."""
    for name in COPIED:
        ignored = shutil.ignore_patterns("__pycache__", "var")
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=ignored)
        else:
            shutil.copy(source, folder / name)


def main():
    """Run all; print score and survivors."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sample", type=int, default=200, help="mutants of the rooms (200)")
    parser.add_argument("--seed", type=int, default=1, help="of the sample (1)")
    parser.add_argument("--minutes", type=float, default=40, help="the longest that it may take")
    given = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        trees = [Path(folder).resolve() / str(number) for number in range(os.cpu_count() or 1)]
        for tree in trees:
            copy(tree)
        campaign = Campaign(trees, began + given.minutes * 60)
        survivors = run_pure(campaign, trees[0]) + run_rooms(campaign, trees[0], given)
    judged = JUDGED.read_text()
    unjudged = 0
    for one in survivors:
        is_judged = one.change() in judged
        unjudged += not is_judged
        if not is_judged:
            print(f"not judged: {one.place()}")
    minutes = (time.monotonic() - began) / 60
    print(f"{len(survivors)} survivors, {unjudged} not judged, after {minutes:.0f} minutes")
    return 1 if unjudged else 0


def run_pure(campaign, tree):
    """Run every mutant of the pure modules; return the survivors."""

    def arguments(module):
        return [*PURE_PYTEST, f"tests/unit/{PURE[module]}"]

    for module in PURE:
        run_tests(tree, arguments(module), PATIENCE[True], must_pass=True)
    mutants = [one for module in PURE for one in mutants_of(module)]
    return campaign.run("pure modules", mutants, lambda one: arguments(one.module), PATIENCE[True])


def run_rooms(campaign, tree, given):
    """Run a sample of the mutants of the rooms; return the survivors."""
    if not given.sample:
        return []
    reached = reached_by(tree)
    paths = (path for room in ROOMS for path in (ROOT / PACKAGE / room).rglob("*.py"))
    modules = sorted(str(path.relative_to(ROOT / PACKAGE)) for path in paths)
    mutants = [
        one
        for module in modules
        if module not in PURE and "/migrations/" not in module
        for one in mutants_of(module)
    ]
    sample = random.Random(given.seed).sample(mutants, min(given.sample, len(mutants)))
    title = f"{', '.join(ROOMS)} (seed {given.seed}, {len(mutants)} mutants in all)"
    return campaign.run(title, sample, lambda one: tests_for(one, reached), PATIENCE[False])


if __name__ == "__main__":
    sys.exit(main())
