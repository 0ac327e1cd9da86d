"""The examples at the end of each command's help. Each is a line that works."""

from __future__ import annotations

# command -> (command line without the program's name, what it does)
EXAMPLES: dict[str, tuple[tuple[str, str], ...]] = {
    "scan": (
        ("scan .", "every reference under the current folder"),
        ("scan --why src/rest.py:1", "all that is known of one line"),
        ("scan --select NM302,NM501 src", "private state and rogue nonces under src"),
        ("scan --format json --output scan.json", "for machines, to a file"),
    ),
    "check": (
        ("check .", "fail on any legacy import"),
        ("check --diff origin/main", "only in files that a branch changes"),
        ("check --select NM1,NM5 src", "fail on rogue nonces, too"),
    ),
    "apply": (
        ("apply --dry-run .", "show the diff, write nothing"),
        ("apply . --report nonce-report", "migrate, and keep a report"),
        ("apply --unsafe --interactive", "with guesses, asking for each file"),
        (
            'apply --verify "pytest -q" --bisect',
            "put all back where a test fails, and say which file did it",
        ),
        ("apply --remove-in 2027-03-01", "say in the shims when they are to go"),
        ("apply --upgrade-manager", "renew the manager that an earlier run installed"),
    ),
    "undo": (
        ("undo", "the last apply of this project"),
        ("undo --skip-edited", "all but the files that were edited since"),
    ),
    "shims": (
        ("shims list", "each shim and who uses it"),
        ("shims remove", "take away those that nobody uses"),
    ),
    "shims list": (
        ("shims list", "each shim and who uses it"),
        (
            "shims list --seen test.log",
            "after `pytest -W always::DeprecationWarning > test.log`",
        ),
    ),
    "shims remove": (
        ("shims remove --dry-run", "what would go, and what would stay and why"),
        ("shims remove src.emergency_nonce_fix", "one, if nobody uses it"),
        ('shims remove --verify "pytest -q"', "put all back where a test fails"),
        ("shims remove --seen test.log", "all that nobody uses and no test was seen to call"),
    ),
    "report": (
        ("report", "the last result once more"),
        ("report --output report.html", "as a page to look at"),
        ("report merge one.json two.json --output all.json", "two shards as one"),
    ),
    "report render": (
        ("report --format markdown", "the last result, to paste into a ticket"),
        ("report scan.json --output junit:found.xml", "a result that was kept as JSON"),
        ("report --project ../bot --output report.md", "that of another project"),
    ),
    "report merge": (
        ("scan --shard 1/2 --format json --output one.json", "on one machine"),
        ("scan --shard 2/2 --format json --output two.json", "on another"),
        ("report merge one.json two.json", "what both found, as one result"),
    ),
    "explain": (
        ("explain", "all codes, a line each"),
        ("explain NM301", "the page of one"),
        ("explain nm3", "those that start so"),
    ),
    "baseline": (
        ('baseline update --allow-new --reason "found on the first day"', "the first baseline"),
        ("check --baseline nonce-migrate-baseline.toml", "fail on anything that is not in it"),
        ("baseline update", "drop what is gone"),
    ),
    "baseline update": (
        ("baseline update", "drop what is gone"),
        ('baseline update --allow-new --reason "moves in May"', "take up what is new, too"),
    ),
    "config": (
        ("config", "what holds for the project of this folder"),
        ("config src --format json", "for machines"),
        ("config --select NM1,NM5", "what would hold with that option"),
    ),
    "init": (
        ("init", "ask, then write"),
        ("init --yes", "the configuration alone, with the profile kraken"),
        (
            "init --ci github --ci pre-commit --source nonce-migrate==0.1.0",
            "with the files of two services",
        ),
    ),
    "completion": (
        ("completion bash", 'in ~/.bashrc: eval "$(nonce-migrate completion bash)"'),
        ("completion zsh", 'in ~/.zshrc: eval "$(nonce-migrate completion zsh)"'),
        ("completion fish", "into ~/.config/fish/completions/nonce-migrate.fish"),
    ),
    "status": (
        ("status", "the bot of this folder, once"),
        ("status --watch", "until interrupted"),
        ("status --format prometheus", "for node_exporter's textfile collector"),
    ),
    "state": (
        ("state show", "what every state file says, and whether it counts"),
        ("state floor 1790000000000000 --yes", "start above that nonce"),
    ),
    "state show": (
        ("state show", "what every state file says, and whether it counts"),
        ("state show --reveal", "with whole nonces"),
    ),
    "state import": (
        ("state import 1790000000000000 --yes", "above a nonce that another bot used last"),
        ("state import old_state.json --field last", "above the one that a file holds"),
    ),
    "state floor": (("state floor 1790000000000000 --yes", "start above that nonce"),),
}


def examples(command: str) -> str:
    """The section for a command's help: each line as it is typed, and below it what it does."""
    lines = [f"  nonce-migrate {line}\n      {what}" for line, what in EXAMPLES[command]]
    # \b tells click to leave the lines as they are.
    return "\n".join(["\b", "Examples:", *lines])
