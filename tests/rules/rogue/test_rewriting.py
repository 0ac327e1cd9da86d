"""What the file looks like after an unsafe run."""

from __future__ import annotations

from textwrap import dedent

from nonce_migrate.model import Safety
from nonce_migrate.profile import load_profile
from nonce_migrate.resolve.project import ParsedModule
from nonce_migrate.rules.rogue.find import find_rogues
from nonce_migrate.source import decode
from tests.rules.rogue.looking import looked, rewritten

IMPORT = "from src.utils.consolidated_nonce_manager import get_nonce_manager\n"


def test_the_type_stays() -> None:
    code = """
    import time

    def text():
        return {"nonce": str(int(time.time() * 1000))}
    def number():
        return {"nonce": int(time.time() * 1000)}
    def body():
        return f"nonce={int(time.time() * 1000)}&x=1"
    """
    assert rewritten(code) == dedent("""
    import time
    from src.utils.consolidated_nonce_manager import get_nonce_manager

    def text():
        return {"nonce": get_nonce_manager().get_nonce()}
    def number():
        return {"nonce": int(get_nonce_manager().get_nonce())}
    def body():
        return f"nonce={int(get_nonce_manager().get_nonce())}&x=1"
    """)


def test_bytes_stay_bytes() -> None:
    code = """
    import time
    def f():
        nonce = str(int(time.time())).encode()
        return {"nonce": nonce}
    """
    assert "nonce = get_nonce_manager().get_nonce().encode()\n" in rewritten(code)


def test_a_second_run_finds_nothing() -> None:
    code = "import time\n\ndata = {'nonce': int(time.time() * 1000)}\n"
    assert looked(rewritten(code)).findings == ()


def test_an_import_that_is_there_is_used() -> None:
    code = f"import time\n{IMPORT}data = {{'nonce': int(time.time())}}\n"
    assert rewritten(code).count("import") == 2


def test_an_import_under_another_name_is_used() -> None:
    code = (
        "import time\nfrom src.utils.consolidated_nonce_manager import get_nonce_manager as g\n"
        "data = {'nonce': str(time.time_ns() // 1000)}\n"
    )
    assert rewritten(code).endswith("data = {'nonce': g().get_nonce()}\n")


def test_an_import_that_comes_too_late_is_not_used() -> None:
    code = f"import time\ndata = {{'nonce': int(time.time())}}\n{IMPORT}"
    assert rewritten(code).startswith("import time\n" + IMPORT + "data = ")


def test_a_name_that_is_taken() -> None:
    code = "import time\ndef get_nonce_manager():\n    return {'nonce': int(time.time() * 1000)}\n"
    assert "import get_nonce_manager as get_nonce_manager_of_target\n" in rewritten(code)
    assert "int(get_nonce_manager_of_target().get_nonce())" in rewritten(code)


def test_an_import_of_the_legacy_name_is_taken_too() -> None:
    code = """
    import time
    from src.utils.kraken_nonce_manager import get_nonce_manager
    def f():
        return {"nonce": int(time.time() * 1000)}, get_nonce_manager()
    """
    assert "get_nonce_manager as get_nonce_manager_of_target\n" in rewritten(code)


def test_every_name_is_taken() -> None:
    names = ("get_nonce_manager", "get_nonce_manager_of_target", "_get_nonce_manager")
    taken = "".join(f"{name} = 1\n" for name in (*names, "_get_nonce_manager_of_target"))
    found = looked(f"import time\n{taken}def f():\n    return {{'nonce': int(time.time())}}\n")
    assert [f.safety for f in found.findings] == [Safety.MANUAL]
    assert found.intents == ()


def test_no_address() -> None:
    rogue = load_profile("kraken").rogue
    assert rogue is not None
    module = ParsedModule(
        decode("tools/kraken.py", b"import time\nd = {'nonce': int(time.time())}\n")
    )
    (finding,) = find_rogues(module, rogue, lambda: None).findings
    assert finding.safety is Safety.MANUAL
    assert "import" in finding.reason


def test_a_comment_inside_is_not_lost() -> None:
    code = "import time\nd = {'nonce': int(  # ms\n    time.time() * 1000)}\n"
    (finding,) = looked(code).findings
    assert finding.safety is Safety.MANUAL


def test_nested_in_an_f_string_with_other_parts() -> None:
    code = 'import time\ndef f(p):\n    return f"{p}é&nonce={int(time.time() * 1000):d}&{p!r}"\n'
    assert "é&nonce={int(get_nonce_manager().get_nonce()):d}&{p!r}" in rewritten(code)


def test_an_f_string_over_several_lines() -> None:
    code = 'import time\ndef f(p):\n    return f"""{p}\n  nonce={int(time.time())}\n"""\n'
    found = looked(code)
    assert len(found.findings) == 1
    if found.intents:
        assert "nonce={int(get_nonce_manager().get_nonce())}\n" in rewritten(code)
