"""A strict parser of Prometheus' text exposition format, as far as we write it."""

from __future__ import annotations

import re

_HELP = re.compile(r"# HELP ([a-z_:][a-z0-9_:]*) (\S.*)")
_TYPE = re.compile(r"# TYPE ([a-z_:][a-z0-9_:]*) (counter|gauge)")
_SAMPLE = re.compile(
    r'([a-z_:][a-z0-9_:]*)\{([a-z_]+)="((?:[^"\\\n]|\\[\\n"])*)"\} (-?[0-9.]+(?:e[+-]?[0-9]+)?)'
)


def samples(text: str, where: str, key: str = "state_dir") -> dict[str, float]:
    """The samples of a text in exposition format 0.0.4, each with its HELP and TYPE before it."""
    assert text.endswith("\n")
    lines = text.splitlines()
    found: dict[str, float] = {}
    for help_, type_, line in zip(lines[::3], lines[1::3], lines[2::3], strict=True):
        heads = _HELP.fullmatch(help_), _TYPE.fullmatch(type_)
        sample = _SAMPLE.fullmatch(line)
        assert sample and heads[0] and heads[1], (help_, type_, line)
        name, label, value, number = sample.groups()
        assert name == heads[0][1] == heads[1][1]
        assert (heads[1][2] == "counter") == name.endswith("_total")
        assert (label, re.sub(r"\\(.)", r"\1", value)) == (key, where)
        assert name not in found
        found[name] = float(number)
    return found
