"""Shims of a profile that knows nothing of nonces, over a target of the user's own."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from nonce_migrate.shims.build import build_shim

from .bots import Bot, make_profile

PROFILE = """
    name = "queues"
    target = "app.core.queue"
    [[system]]
    module = "app.legacy.jobs"
    description = "the old \\\\ \\"\\"\\" queue \\\\"
    [[system.name]]
    signature = "JobQueue(name, size=10)"
    becomes = "Queue(label=name, length=size)"
    produces = "JobQueue"
    [[system.name]]
    signature = "open_queue(name)"
    becomes = "open_queue(name)"
    produces = "JobQueue"
    [[system.name]]
    signature = "Worker(queue=None)"
    kind = "class"
    becomes = "Runner()"
    drops = { queue = ["JobQueue"] }
    [[system.name]]
    signature = "Gone(a)"
    kind = "class"
    step = "use Queue"
    [[system.name]]
    signature = "vanished(a)"
    step = "use open_queue"
    [[system.member]]
    of = "JobQueue"
    signature = "take(timeout=None)"
    becomes = "float(self.pop(wait=timeout))"
    [[system.member]]
    of = "JobQueue"
    signature = "close_all()"
    becomes = "self.default().close()"
    kind = "classmethod"
    [[system.member]]
    of = "JobQueue"
    signature = "lost()"
    step = "use take()"
    [[system.member]]
    of = "Worker"
    signature = "work(count)"
    becomes = "self.run(count)"
    coroutine = true
    [[system]]
    module = "app.other"
    [system.names]
    Thing = "Queue"
    helper = "open_queue"
"""

TARGET = """
class Queue:
    closed = False
    def __init__(self, label, length=None):
        self.label, self.length = label, length
    def pop(self, wait):
        return wait
    @classmethod
    def default(cls):
        return cls("default")
    def close(self):
        Queue.closed = True
    def spare(self):
        return "spare"
class Runner:
    async def run(self, count):
        return ("runner", count)
def open_queue(name):
    return Queue(name)
"""

WORKER = """
class Worker:
    def __init__(self, queue):
        self.queue = queue
    async def work(self, count):
        return ("old", self.queue, count)
"""


def test_an_adapter_over_any_target(tmp_path: Path) -> None:
    profile = make_profile(tmp_path, PROFILE)
    for folder in ("app", "app/core", "app/legacy"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "__init__.py").write_text("")
    (tmp_path / "app/core/queue").mkdir()
    (tmp_path / "app/core/queue/__init__.py").write_text(TARGET)
    target = PurePosixPath("app/core/queue/__init__.py")
    paths = ("app/legacy/jobs.py", "app/other/__init__.py")
    for system, path, source in zip(profile.systems, paths, (WORKER, ""), strict=True):
        shim = build_shim(profile, system, PurePosixPath(path), target, source)
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(shim.text, encoding="utf-8")
    Bot(tmp_path).run("""
        import asyncio
        from app.legacy import jobs
        from app.core import queue as new
        import app.other as other

        one = jobs.JobQueue("a")
        assert (one.name, one.size, one.label, one.length) == ("a", 10, "a", 10)
        assert one.take(timeout=2) == 2.0 and type(one.take(3)) is float
        assert one.spare() == "spare"
        shared = jobs.open_queue("b")
        assert shared is jobs.open_queue("b") is not jobs.open_queue("c")
        assert shared.name == "b" and isinstance(shared, jobs.JobQueue)
        jobs.JobQueue.close_all()
        assert new.Queue.closed
        for lose in (lambda: one.lost, lambda: jobs.Gone(1), lambda: jobs.vanished(1)):
            try:
                lose()
            except (AttributeError, NotImplementedError) as error:
                assert "use " in str(error)
            else:
                raise AssertionError
        for given in ((), (one,)):
            assert asyncio.run(jobs.Worker(*given).work(2)) == ("runner", 2)
        assert asyncio.run(jobs.Worker("foreign").work(2)) == ("old", "foreign", 2)
        thing = other.Thing("x", length=3)
        assert type(thing) is new.Queue and isinstance(thing, other.Thing)
        assert other.helper("y").label == "y"
    """)


KEYED = """
    name = "keys"
    target = "new"
    [[system]]
    module = "old"
    [[system.name]]
    signature = "Book(key, new=1, label='x')"
    kind = "class"
    becomes = "Store(key=key)"
    ignored = ["new", "label"]
    [[system.member]]
    of = "Book"
    signature = "of(key, new=1)"
    kind = "classmethod"
    becomes = "self.made(key=key)"
    ignored = ["new"]
    produces = "Book"
    [[system.member]]
    of = "Book"
    signature = "draw(tag=None)"
    becomes = "int(self.next())"
    ignored = ["tag"]
    unit = "ms"
"""

STORE = """
class Store:
    def __init__(self, key):
        self.key = key
    @classmethod
    def made(cls, key):
        return cls(key)
    def next(self):
        return "5"
"""


def test_parameters_of_any_name_and_those_that_mean_nothing(tmp_path: Path) -> None:
    profile = make_profile(tmp_path, KEYED)
    paths = PurePosixPath("old.py"), PurePosixPath("new.py")
    shim = build_shim(profile, profile.systems[0], *paths, "")
    (tmp_path / "old.py").write_text(shim.text)
    (tmp_path / "new.py").write_text(STORE)
    Bot(tmp_path).run("""
        import old
        one = old.Book("a", 2, label="y")
        assert (one.key, one.new, one.label) == ("a", 2, "y")
        assert one.draw("tag") == 5 and type(one.draw()) is int
        assert old.Book.of("a", 3) is old.Book.of(key="a") is not old.Book.of("b")
        assert old.Book.of("a").key == "a"
    """)
