"""What the random programs are put together from, as text with `$` names.

$N: the legacy name as the import binds it. $M: an expression for its manager. $V: a nonce.
$C: what stands in the call. $X: some name that is to be shadowed. $i: a number of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

FIRST = "src.utils.kraken_nonce_manager"
UNIFIED = "src.utils.unified_kraken_nonce_manager"
AUTH = "src.auth.nonce_manager"
SOCKET = "src.exchange.websocket_nonce_coordinator"


@dataclass(frozen=True, slots=True)
class Legacy:
    """A legacy name: how it is called ("" for what is not), and what its objects can do."""

    module: str
    name: str
    calls: tuple[str, ...]
    members: tuple[str, ...] = ()
    nonces: tuple[str, ...] = ()
    is_class: bool = False


_OF_FIRST = (
    "show($M.get_batch_nonces('c', 2))",
    "$M.reset_connection('c')",
    "show($M.validate_nonce_sequence('c', [1, 2]))",
    "show($M.get_statistics()['total_nonces'])",
    "show(hasattr($M, 'get_statistics'))",
    "show(getattr($M, 'get_nonce')('c'))",
    "draw_$i = $M.get_nonce\nshow(draw_$i('c'))",
    "show(list(map($M.get_nonce, ['a', 'b'])))",
    "guard(lambda: show($M.get_nonce()))",
)
_FIRST_NONCES = ("$M.get_nonce('c')", "$M.get_nonce(connection_id='c')", "$M.get_nonce(*['c'])")
_OF_UNIFIED = (
    "show($M.get_status()['total_generated'])",
    "$M.force_save()",
    "show(getattr($M, 'get_nonce')())",
    "show(list(map($M.get_nonce, ['a', 'b'])))",
)
_UNIFIED_NONCES = (
    "$M.get_nonce()",
    "$M.get_next_nonce('c')",
    "$M.handle_invalid_nonce_error('c')",
    "$M.get_enhanced_nonce()",
)
_OF_AUTH = (
    "$M.validate_nonce('5')",
    "$M.reset_nonce_state(30)",
    "show($M.get_status()['last_nonce'])",
    "$M.cleanup()",
    "with $M as held_$i:\n    show(held_$i.handle_invalid_nonce_error('5'))",
    "show(getattr($M, 'handle_invalid_nonce_error')('5'))",
    "fail_$i = $M.handle_invalid_nonce_error\nshow(fail_$i('5'))",
)
_AUTH_NONCES = (
    "$M.get_next_nonce()",
    "$M.handle_invalid_nonce_error()",
    "$M.handle_invalid_nonce_error('5')",
    "$M.handle_invalid_nonce_error(failed_nonce='5')",
    "$M.handle_invalid_nonce_error(*['5'])",
)
_OF_SOCKET = (
    "$M.register_connection('c', error_handler='h')",
    "$M.mark_nonce_success('c', 5)",
    "show($M.create_auth_message('c', 'k'))",
    "show($M.nonce_manager.get_nonce('c'))",
    "show($M.get_connection_stats('c')['connection_id'])",
)
_SOCKET_NONCES = ("$M.get_auth_nonce('c')",)

_AGES = ("()", "(7200)", "(cleanup_after_seconds=60)", "(echo(900))", "(*[7200])", "(**{})")
_KEYS = (
    "('key')",
    "('key', 'folder')",
    "(api_key='key', storage_dir='folder')",
    "('key', storage_dir=echo('folder'))",
    "(storage_dir='folder', api_key='key')",
    "(*['key'])",
)

NAMES = (
    Legacy(FIRST, "KrakenNonceManager", _AGES, _OF_FIRST, _FIRST_NONCES, is_class=True),
    Legacy(FIRST, "get_nonce_manager", ("()",), _OF_FIRST, _FIRST_NONCES),
    Legacy(FIRST, "initialize_nonce_manager", _AGES, _OF_FIRST, _FIRST_NONCES),
    Legacy(UNIFIED, "get_unified_nonce_manager", ("()",), _OF_UNIFIED, _UNIFIED_NONCES),
    Legacy(
        UNIFIED,
        "UnifiedKrakenNonceManager",
        ("()", ".get_instance()"),
        _OF_UNIFIED,
        _UNIFIED_NONCES,
        is_class=True,
    ),
    Legacy(UNIFIED, "get_nonce", ("()", "('c')", "(connection_id='c')")),
    Legacy(
        UNIFIED,
        "KrakenNonceFixer",
        ("('key', 'secret')", "(api_secret='secret', api_key='key')"),
        (),
        ("$M.get_guaranteed_unique_nonce()",),
        is_class=True,
    ),
    Legacy(
        AUTH,
        "NonceManager",
        (*_KEYS, ".get_instance('key')", ".get_instance('key', 'folder')"),
        _OF_AUTH,
        _AUTH_NONCES,
        is_class=True,
    ),
    Legacy(SOCKET, "WebSocketNonceCoordinator", ("()", "(None)"), _OF_SOCKET, _SOCKET_NONCES, True),
    Legacy(SOCKET, "get_nonce_coordinator", ("()",), _OF_SOCKET, _SOCKET_NONCES),
)

NEW_NAMES = (
    "ConsolidatedNonceManager",
    "get_nonce_manager",
    "get_nonce_coordinator",
    "consolidated_nonce_manager",
)

# What a nonce is used for.
VALUES = (
    "show($V)",
    "show($V + 1)",
    'show($V + "&pair=XBTUSD")',
    'show(f"nonce={$V}")',
    'show(f"{$V:>9}")',
    'show(f"{$V!r}")',
    'show(f"{$V=}")',
    "show(str($V))",
    "show(int($V))",
    'show("%s" % $V)',
    'show("%d" % $V)',
    "show($V > 10)",
    "show([$V, 1])",
    'show({"nonce": $V})',
    "show($V if $V else 0)",
    "value_$i = $V\nshow(value_$i)",
    "value_$i: int = $V\nshow(value_$i)",
    "value_$i = 0\nvalue_$i += $V\nshow(value_$i)",
    "$V",
    "show(max($V, 1))",
    "show((lambda given: given)($V))",
    "if (value_$i := $V):\n    show(value_$i)",
    "def draw_$i():\n    return $V\nshow(draw_$i())",
    "def draw_$i(given=$V):\n    return given\nshow(draw_$i())",
    "def draw_$i():\n    yield $V\nshow(list(draw_$i()))",
    "for value_$i in [$V]:\n    show(value_$i)",
    "show([$V for _ in range(2)])",
    "show({$V: 1})",
    "show(not $V)",
    "show(int($V) + int($V))",
    'print("nonce", $V, sep="=")',
    "@keep($V)\ndef kept_$i():\n    pass\nshow(kept_$i.given)",
    "class Kept_$i:\n    nonce = $V\nshow(Kept_$i.nonce)",
    "box_$i = {}\nbox_$i['n'] = $V\nshow(box_$i)",
    "async def draw_$i():\n    return $V\nshow(asyncio.run(draw_$i()))",
    "match $V:\n    case int():\n        show(1)\n    case str():\n        show('s')",
    "try:\n    value_$i = $V\nfinally:\n    show(0)\nshow(value_$i)",
    "show(sorted([$V, $V], key=str))",
    "value_$i, other_$i = $V, 1\nshow(value_$i)",
    "show(\n    $V  # drawn here\n)",
    "show($V\n    .__class__.__name__)",
    # Where it ends up further on: as text, as a number, as both.
    "def tell_$i():\n    value = $V\n    print(value)\n    return f'n={value}'\nshow(tell_$i())",
    "def tell_$i():\n    value = $V\n    print(value)\n    return value\nshow(tell_$i())",
    "def tell_$i():\n    value = $V\n    value += type(value)(1)\n    return str(value)\n"
    "show(tell_$i())",
    "def tell_$i():\n    value = $V\n    def inner():\n        return [value]\n    print(value)\n"
    "    return inner()\nshow(tell_$i())",
    "def tell_$i():\n    global told_$i\n    told_$i = $V\n    print(told_$i)\n"
    "tell_$i()\nshow(told_$i)",
    "def form_$i():\n    data = {'nonce': $V, 'pair': 'X'}\n"
    "    return str(data['nonce']) + urlencode(data)\nshow(form_$i())",
    "def form_$i():\n    data = {'nonce': $V}\n    data['pair'] = 'X'\n"
    "    return json.dumps(data)\nshow(form_$i())",
    "def form_$i():\n    data = {}\n    data['nonce'] = $V\n    return urlencode({**data})\n"
    "show(form_$i())",
    "def form_$i():\n    data = dict(nonce=$V)\n    return urlencode(data), list(data.values())\n"
    "show(form_$i())",
    "def sign_$i(data):\n    return '/0' + str(data['nonce']) + urlencode(data)\n"
    "def form_$i():\n    return sign_$i({'nonce': $V})\nshow(form_$i())",
    "def send_$i(nonce, more=None):\n    return '{}&{more}'.format(nonce, more=more)\n"
    "show(send_$i($V))\nshow(send_$i(more=1, nonce=$V))",
    "def send_$i(nonce):\n    return '{:>9}'.format(nonce)\nshow(send_$i($V))",
    "def send_$i(nonce: int):\n    return str(nonce)\nshow(send_$i($V))",
    "show('%s&%d' % ($V, 1))",
    "show('%r' % ($V,))",
    "show('%(n)s' % {'n': $V})",
    "show('{}'.format($V))",
    "show('{0!r}'.format($V))",
    "show(float($V))",
    "show(format($V))",
    "print(f'{$V}{$V!s}', end='.\\n')",
    "def print_$i(print=echo):\n    show(print($V))\nprint_$i()",
)

# What only looks at the name, or calls it out of sight.
LOOKS = (
    "show(callable($N))",
    "show($N is None)",
    "show($N == $N)",
    "show(isinstance(1, $N if isinstance($N, type) else int))",
    "def typed_$i(given: $N = None) -> '$N':\n    return given\nshow(typed_$i())",
    "def typed_$i(given: 'list[$N] | None' = None):\n    return given\n"
    "show(len(typing.get_type_hints(typed_$i)))",
    "class Typed_$i:\n    box: 'typing.Optional[$N]' = None\n"
    "show(len(typing.get_type_hints(Typed_$i)))",
    "typed_$i: '$N' = None",
    "show(typing.cast('$N', 3))",
    "show(typing.cast($N, 3))",
    'show(f"{$N and 1}")',
    "show([$N, 1][1])",
    "show({'$N': 1})",
    "show('$N')",
    "def doc_$i():\n    '''Uses $N.'''\nshow(doc_$i.__doc__)",
    "show($N$A and 1)",
    "make_$i = $N\nshow(make_$i$A and 1)",
    "show(guard(lambda make=$N: make$A) and 1)",
    "show((lambda: $N)()$A and 1)",
    "show(functools.partial($N)$A and 1)",
    "@keep($N)\ndef kept_$i():\n    pass\nshow(kept_$i.given[0]$A and 1)",
    "show([make$A for make in [$N]] and 1)",
    "show({'make': $N}['make']$A and 1)",
    "def make_$i():\n    return $N\nshow(make_$i()$A and 1)",
    "class Bot_$i:\n    make = $N\nshow(Bot_$i.make$A and 1)",
    "class Bot_$i:\n    make = staticmethod($N)\nshow(Bot_$i().make$A and 1)",
    "try:\n    show($N and 1)\nexcept NameError:\n    show('none')",
    "pass  # $N in a comment",
    "assert $N, '$N'",
)
# The same for classes alone.
CLASS_LOOKS = (
    "class Own_$i($N):\n    pass\nshow(Own_$i$A and 1)",
    "class Own_$i($N):\n    kind = 'own'\n    def label(self):\n        return self.kind\n"
    "show(Own_$i$A.label() if 1 else 0)",
    "show(isinstance(1, $N))",
    "show(issubclass(int, $N))",
    "show(isinstance(1, ($N, str)))",
    "try:\n    raise KeyError\nexcept ($N if 0 else KeyError):\n    show(2)",
    "match 3:\n    case int():\n        show(typing.Union[$N, int] and 4)",
    "show(isinstance($N$A, $N))",
)
