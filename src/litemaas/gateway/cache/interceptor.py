"""Gives an answer that is there, and keeps one that comes, for the models that have a cache."""

from litemaas.domain.rights import Permit, Rights
from litemaas.gateway.cache.lookup import lookup_of
from litemaas.gateway.cache.recording import RecordingClient
from litemaas.gateway.calls.client import Client
from litemaas.gateway.calls.interceptors import Answer, Call
from litemaas.storage.answer_store import AnswerStore, StoredAnswer

_HIT = b"x-litemaas-cache: hit\r\n"


class ResponseCache:
    """An interceptor; it stands next to the upstream, so that guardrails see each question and each answer."""

    def __init__(self, answers: AnswerStore) -> None:
        self._answers = answers

    def applies(self, rights: Rights, permit: Permit) -> bool:
        """Tell whether the model has a cache and the key uses it."""
        return permit.model.group.cache_ttl is not None and (rights.key is None or rights.key.uses_cache)

    async def before(self, call: Call) -> Answer | None:
        """Look for an answer."""
        lookup = lookup_of(call)
        if lookup is None or not lookup.reads:
            return None
        found = await self._answers.find(lookup.key)
        return None if found is None else Answer(found.body, found.content_type, _HIT)

    def wrap(self, call: Call, client: Client) -> Client:
        """Keep the answer that comes."""
        lookup = lookup_of(call)
        if lookup is None:
            return client

        def keep(answer: StoredAnswer) -> None:
            self._answers.keep(lookup.key, answer, lookup.seconds)

        recording = RecordingClient(client, keep, bounded=call.request.asked.max_output is not None)
        call.reviews.append(recording.see)  # the last one sees an answer first
        return recording
