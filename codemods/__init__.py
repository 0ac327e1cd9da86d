"""LibCST commands, one a file: each makes one part of the migration and leaves a working program.

Run one by `python -m libcst.tool codemod NAME.CLASS PATHS` with `codemods` among the modules of
`.libcst.codemod.yaml`, or from anywhere by `-x codemods.NAME.CLASS`. They go through the same
engine as `nonce-migrate apply`, which also moves what hangs together over several files.
"""
