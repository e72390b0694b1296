"""Providers that speak nothing of ours: their calls go through the library any-llm (extra `providers`).

`library` calls it, `failures` reads its errors, and `answering` tells an `UpstreamCall` what comes, as if it came over
HTTP.
"""
