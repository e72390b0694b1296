"""Our own pooled HTTP/1.1 client for model servers.

No task, future or coroutine per call: a call is an object whose methods the connection calls as the answer comes. A
general client costs three to ten times the CPU of everything else the gateway does for a call.
"""

from litemaas.providers.upstream.call import AnswerHead, Timeouts, UpstreamCall
from litemaas.providers.upstream.fetching import Response, fetch
from litemaas.providers.upstream.pool import Upstreams

__all__ = ["AnswerHead", "Response", "Timeouts", "UpstreamCall", "Upstreams", "fetch"]
