"""What a request costs: the gateway beside nginx and other gateways, measured in one run on one machine.

Absolute figures say more about the machine than about the program, so every figure here stands beside nginx's from the
same minute and only the ratio is judged. `python -m benchmarks` runs it; `make bench` is the same.
"""
