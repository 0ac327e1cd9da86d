"""The deprecation shims that stand in for legacy modules. `build.build_shim` makes one."""
