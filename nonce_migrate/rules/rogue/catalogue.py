"""The functions of the standard library, and a few others, from which nonces are made by hand."""

from __future__ import annotations

from nonce_migrate.rules.rogue.reading import Form, Kind, Reading

_MOMENT = Reading(Kind.CLOCK, Form.MOMENT, 1.0)

# dotted name -> what a call of it gives
CALLS = {
    "time.time": Reading(Kind.CLOCK, Form.FLOAT, 1.0),
    "time.time_ns": Reading(Kind.CLOCK, Form.INT, 1e9),
    "time.gmtime": Reading(Kind.CLOCK, Form.FIELDS, 1.0),
    "time.localtime": Reading(Kind.CLOCK, Form.FIELDS, 1.0),
    "time.strftime": Reading(Kind.CLOCK, Form.TEXT),
    "time.monotonic": Reading(Kind.UPTIME, Form.FLOAT, 1.0),
    "time.monotonic_ns": Reading(Kind.UPTIME, Form.INT, 1e9),
    "time.perf_counter": Reading(Kind.UPTIME, Form.FLOAT, 1.0),
    "time.perf_counter_ns": Reading(Kind.UPTIME, Form.INT, 1e9),
    "time.process_time": Reading(Kind.UPTIME, Form.FLOAT, 1.0),
    "datetime.datetime.now": _MOMENT,
    "datetime.datetime.utcnow": _MOMENT,
    "datetime.datetime.today": _MOMENT,
    "pandas.Timestamp.now": _MOMENT,
    "pandas.Timestamp.utcnow": _MOMENT,
    "arrow.now": _MOMENT,
    "arrow.utcnow": _MOMENT,
    "pendulum.now": _MOMENT,
    "django.utils.timezone.now": _MOMENT,
    "uuid.uuid1": Reading(Kind.UUID, Form.OBJECT),
    "uuid.uuid4": Reading(Kind.UUID, Form.OBJECT),
    "random.random": Reading(Kind.RANDOM, Form.FLOAT),
    "random.uniform": Reading(Kind.RANDOM, Form.FLOAT),
    "random.randint": Reading(Kind.RANDOM, Form.INT),
    "random.randrange": Reading(Kind.RANDOM, Form.INT),
    "random.getrandbits": Reading(Kind.RANDOM, Form.INT),
    "secrets.randbelow": Reading(Kind.RANDOM, Form.INT),
    "secrets.randbits": Reading(Kind.RANDOM, Form.INT),
    "secrets.token_hex": Reading(Kind.RANDOM, Form.TEXT),
    "secrets.token_urlsafe": Reading(Kind.RANDOM, Form.TEXT),
    "secrets.token_bytes": Reading(Kind.RANDOM, Form.BYTES),
    "os.urandom": Reading(Kind.RANDOM, Form.BYTES),
    "itertools.count": Reading(Kind.COUNTER, Form.OBJECT),
}

# Methods without arguments that every exchange object of ccxt has.
CCXT_METHODS = {
    "seconds": Reading(Kind.CLOCK, Form.INT, 1.0),
    "milliseconds": Reading(Kind.CLOCK, Form.INT, 1e3),
    "microseconds": Reading(Kind.CLOCK, Form.INT, 1e6),
}

# Calls that give the same number in another form.
NUMBERS = {
    "int": Form.INT,
    "float": Form.FLOAT,
    "abs": None,
    "round": Form.INT,
    "math.floor": Form.INT,
    "math.ceil": Form.INT,
    "math.trunc": Form.INT,
    "decimal.Decimal": Form.FLOAT,
    "numpy.int64": Form.INT,
    "numpy.uint64": Form.INT,
}
TEXTS = frozenset({"str", "repr", "format"})
FROM_FIELDS = frozenset({"calendar.timegm", "time.mktime"})
