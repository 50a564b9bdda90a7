"""The one door to Graphviz. It is asked only where boxes of a given size go: no text of a registry ever reaches it.

So a name cannot inject anything, and the result does not depend on the fonts of the machine. All graphs of a build go
through one process, which works while the pages are rendered.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import graphviz

POINTS = 72.0
"""Graphviz measures in inches of 72 points; a diagram is drawn at one pixel a point."""
PAGE_WIDTH = 690.0
"""What fits beside both sidebars of the theme without being made smaller."""
GAP = 24.0
"""Roughly what lies between two boxes."""
TIMEOUT = 20.0
"""Seconds for a batch, beside a little for each graph."""
TIMEOUT_EACH = 0.05
Box = tuple[float, float]
"""Width and height in points."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A `dot` program. `identity` changes when its layouts may."""

    path: Path
    identity: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things go, in points from the upper left corner."""

    width: float
    height: float
    centres: tuple[tuple[float, float], ...]
    curves: tuple[tuple[int, int, tuple[tuple[float, float], ...]], ...]
    """Tail, head and the control points of a Bezier curve from the one to the other."""


@lru_cache(maxsize=1)
def find_engine() -> Engine | None:
    """The renderer of the default install, else a `dot` of the system, else none."""
    folders = (Path(sys.executable).parent, Path(sysconfig.get_path("scripts")))
    for folder in dict.fromkeys(folders):
        if found := shutil.which("graphviz-pure", path=str(folder)):
            return Engine(Path(found), f"graphviz-pure {_pure_version()}")
    if found := shutil.which("dot"):
        return Engine(Path(found), _system_version(found))
    return None


def _pure_version() -> str:
    try:
        return version("graphviz-pure")
    except PackageNotFoundError:
        return "unknown"


def _system_version(program: str) -> str:
    try:
        told = subprocess.run([program, "-V"], capture_output=True, check=False, timeout=TIMEOUT)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return program
    return told.stderr.decode("utf-8", "replace").strip()


def dot(boxes: Sequence[Box], edges: Sequence[tuple[int, int]]) -> str:
    """The graph in the DOT language. It consists of numbers only."""
    nodes = "".join(f"n{i}[width={w / POINTS:.4f},height={h / POINTS:.4f}];" for i, (w, h) in enumerate(boxes))
    arrows = "".join(f"n{tail}->n{head};" for tail, head in edges)
    settings = f"rankdir={_direction(boxes, edges)};nodesep=0.2;ranksep=0.4;"
    return f'digraph{{{settings}node[shape=box,fixedsize=true,label=""];edge[arrowsize=0.7];{nodes}{arrows}}}\n'


def _direction(boxes: Sequence[Box], edges: Sequence[tuple[int, int]]) -> str:
    """From left to right where that fits on a page or is the narrower way, else from top to bottom."""
    rank = dict.fromkeys(range(len(boxes)), 0)
    for _round in boxes:  # as many as the longest path has, and no more should there be a cycle
        moved = [(head, rank[tail] + 1) for tail, head in edges if rank[head] <= rank[tail] < len(boxes)]
        if not moved:
            break
        for head, below in moved:
            rank[head] = max(rank[head], below)
    ranks: dict[int, list[float]] = {}
    for index, at in rank.items():
        ranks.setdefault(at, []).append(boxes[index][0] + GAP)
    across = sum(max(widths) for widths in ranks.values())
    return "LR" if across <= PAGE_WIDTH or across <= max(sum(widths) for widths in ranks.values()) else "TB"


def layouts(engine: Engine, graphs: Sequence[str]) -> Generator[str | None]:
    """What one process says to each graph, in order and as it is said; None for a graph that it cannot lay out."""
    done = 0
    with closing(_batch(engine, graphs)) as answers:
        for answer in answers:
            yield answer
            done += 1
    for graph in graphs[done:]:
        with closing(_batch(engine, [graph])) as answers:
            yield next(answers, None)


def _batch(engine: Engine, graphs: Sequence[str]) -> Generator[str]:
    """The answers until the process is through or fails."""
    graphviz.backend.dot_command.DOT_BINARY = engine.path
    command = graphviz.backend.dot_command.command("dot", "plain")
    pipe = subprocess.PIPE
    try:
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)  # noqa: S603
    except OSError:
        return
    timer = threading.Timer(TIMEOUT + TIMEOUT_EACH * len(graphs), process.kill)
    timer.daemon = True
    timer.start()
    threading.Thread(target=_feed, args=(process, "".join(graphs).encode()), daemon=True).start()
    try:
        yield from _answers(process)
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _feed(process: subprocess.Popen[bytes], data: bytes) -> None:
    if process.stdin is not None:
        try:
            process.stdin.write(data)
            process.stdin.close()
        except OSError:
            return  # the reader sees that the answers stop


def _answers(process: subprocess.Popen[bytes]) -> Iterator[str]:
    lines: list[str] = []
    for line in process.stdout or ():
        if line.startswith(b"stop"):
            yield "".join(lines)
            lines = []
        else:
            lines.append(line.decode("ascii", "replace"))


def parse(answer: str) -> Layout | None:
    """A layout in Graphviz' plain format; None for anything else."""
    try:
        return _parse(answer)
    except (ValueError, LookupError):
        return None


def _parse(answer: str) -> Layout:
    first, *lines = (line.split() for line in answer.splitlines())
    scale = POINTS * float(first[1])
    width, height = float(first[2]) * scale, float(first[3]) * scale

    def point(x: str, y: str) -> tuple[float, float]:
        return round(float(x) * scale, 1), round(height - float(y) * scale, 1)

    nodes = {int(line[1][1:]): point(line[2], line[3]) for line in lines if line[0] == "node"}
    curves = []
    for line in lines:
        if line[0] == "edge":
            numbers = line[4 : 4 + 2 * int(line[3])]
            points = tuple(point(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True))
            if len(points) != int(line[3]) or len(points) < 2:
                raise ValueError(line)
            curves.append((int(line[1][1:]), int(line[2][1:]), points))
    centres = tuple(nodes[index] for index in range(len(nodes)))
    return Layout(round(width, 1), round(height, 1), centres, tuple(sorted(curves)))
