"""The fixed parts of a shim, as they are written into it.

Everything that a shim adds for itself begins with `_shim`, so that it meets no name of the legacy
module. `%(name)s` stands for what the generator fills in. A shim runs on Python 3.9 and newer.
"""

from __future__ import annotations

LOAD = '''\
_SHIM_TARGET = "%(target)s"
_SHIM_FILE = %(file)s  # from the folder of this file


def _shim_load():
    """The target module, by the package that this one was found in, else from its file."""
    folders = __name__.split(".")[:-1]
    shared = len(folders) - %(up)d  # how many of them the target is in as well
    if shared >= 0:
        name = ".".join([*folders[:shared], %(below)s])
        try:
            return _shim_importlib.import_module(name)
        except ImportError:
            pass  # loaded by path, or in an import cycle: then from the file
    folder = _shim_os.path.dirname(__file__)
    path = _shim_os.path.realpath(_shim_os.path.join(folder, *_SHIM_FILE))
    name = f"{_SHIM_TARGET} ({path})"
    if name not in _shim_sys.modules:
        if not _shim_os.path.isfile(path):
            raise ImportError(f"{__file__} is a shim over {path}, and that file is missing")
        spec = _shim_importlib_util.spec_from_file_location(name, path)
        module = _shim_sys.modules[name] = _shim_importlib_util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del _shim_sys.modules[name]
            raise
    return _shim_sys.modules[name]


_shim_target = _shim_load()
'''

LOAD_IMPORTS = """\
import importlib as _shim_importlib
import importlib.util as _shim_importlib_util
import os as _shim_os
import sys as _shim_sys
import threading as _shim_threading
import warnings as _shim_warnings
"""

GOES = '_SHIM_GOES = ""  # when, if that is settled'

WARN = '''\
_shim_is_imported = False


def _shim_warn(old, new):
    """Warns at the first line outside this module; while it is being imported, nowhere."""
    if not _shim_is_imported:
        return
    frame, level = _shim_sys._getframe(1), 2
    while frame is not None and frame.f_globals is globals():
        frame, level = frame.f_back, level + 1
    if frame is not None:
        message = f"{old} of {__name__} is deprecated: use {new} of " + _SHIM_TARGET
        if _SHIM_GOES:
            message += f"; this module goes {_SHIM_GOES}"
        _shim_warnings.warn(message, DeprecationWarning, stacklevel=level)
'''

WARN_FROM_NOW_ON = "_shim_is_imported = True"

ADAPTER = '''\
class _ShimGone:
    """A name of the old class that is gone: AttributeError with the public way."""

    def __init__(self, way):
        self._way = way

    def __set_name__(self, owner, name):
        self._name = f"{owner.__name__}.{name}"

    def __get__(self, instance, owner=None):
        raise AttributeError(f"{self._name} is gone: {self._way}")

    def __set__(self, instance, value):
        self.__get__(instance)


class _ShimAdapter:
    """A legacy class on an object of the target; members that are not listed are passed on."""

    def __new__(cls, *args, **kwargs):
        _shim_warn(*cls._shim_names)
        return super().__new__(cls)

    def __getattr__(self, name):
        for owner in type(self).__mro__:
            gone = vars(owner).get(name)
            if isinstance(gone, _ShimGone):
                gone.__get__(self)
        if name == "_shim_object":
            raise AttributeError(f"{type(self).__name__}.__init__ did not call super().__init__")
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        try:
            return getattr(self._shim_object, name)
        except AttributeError as error:
            old, new = type(self).__name__, type(self._shim_object).__name__
            raise AttributeError(f"{old} has no {name!r}, nor has {new}: {error}") from error

    def __enter__(self):
        self._shim_object.__enter__()
        return self

    def __exit__(self, *error):
        return self._shim_object.__exit__(*error)


_shim_objects = {}
_shim_lock = _shim_threading.RLock()


def _shim_shared(cls, key, new, /, **arguments):
    """The one object of a legacy class for a key, on that object of the target."""
    with _shim_lock:
        if (cls, key) not in _shim_objects:
            old = object.__new__(cls)
            if "_shim_names" in vars(cls):
                vars(old).update(arguments)
            else:  # a class derived from it: with whatever that sets up
                old.__init__(**arguments)
            old._shim_object = new
            _shim_objects[cls, key] = old
        return _shim_objects[cls, key]
'''

STAND_IN = '''\
def _shim_stand_in(new):
    """The metaclass of a legacy class whose objects are those of `new`, a class of the target.

    Class attributes are those of `new` as well, read and written, so that patches take effect.
    """

    class StandIn(type(new)):
        def __call__(cls, *args, **kwargs):
            _shim_warn(*cls._shim_names)
            if "_shim_names" in vars(cls):
                return new(*args, **kwargs)
            return super().__call__(*args, **kwargs)

        def __instancecheck__(cls, instance):
            if "_shim_names" in vars(cls):
                return isinstance(instance, new)
            return super().__instancecheck__(instance)

        def __subclasscheck__(cls, subclass):
            if "_shim_names" in vars(cls):
                return issubclass(subclass, new)
            return super().__subclasscheck__(subclass)

        def __getattribute__(cls, name):
            own = super().__getattribute__("__dict__")
            if "_shim_names" in own and name not in own and not name.startswith("__"):
                return getattr(new, name)
            return super().__getattribute__(name)

        def __setattr__(cls, name, value):
            if "_shim_names" in vars(cls) and not name.startswith("__"):
                setattr(new, name, value)
            else:
                super().__setattr__(name, value)

        def __delattr__(cls, name):
            if "_shim_names" in vars(cls) and not name.startswith("__"):
                delattr(new, name)
            else:
                super().__delattr__(name)

    return StandIn
'''

LAZY = '''\
def __getattr__(name):
    """Makes the objects that the module made on import when they are first asked for."""
    if name in _shim_lazy:
        return globals().setdefault(name, _shim_lazy[name]())
%(otherwise)s
'''

LAZY_END = '    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")'
LAZY_KEPT = "    return _shim_kept_getattr(name)"

INERT_WARN = '''\
def _shim_warn(name):
    """Warns at the line that called, and gives True."""
    message = f"{name} of {__name__} does nothing any more. {_SHIM_WHY}"
    if _SHIM_GOES:
        message += f" This module goes {_SHIM_GOES}."
    _shim_warnings.warn(message, DeprecationWarning, stacklevel=3)
    return True
'''

INERT_CLASS = '''\
class _ShimInert:
    """A class that does nothing: each of its methods warns and gives True."""

    def __init__(self, *args, **kwargs):
        _shim_warn(type(self).__name__)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

        def nothing(*args, **kwargs):
            return _shim_warn(f"{type(self).__name__}.{name}")

        return nothing

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None
'''
