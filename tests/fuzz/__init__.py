"""Coverage-guided fuzzing of what strangers' bytes reach first: `make fuzz`.

Each module is a target: `check(data)` turns bytes into something to do, and fails where a promise is broken. `run`
hands a target to Atheris; the test suite throws some bytes at each, so that they stay right.
"""
