"""What is paid for besides tokens: images, seconds of audio, characters of speech, searches of a reranker."""

from typing import NamedTuple


class Units(NamedTuple):
    """Amounts of one call: as a bound of what it may use, or as what it used; a list in records, in this order.

    Attributes:
        images: Images made.
        seconds: Seconds of audio heard, begun ones whole.
        characters: Characters of the text to be spoken.
        searches: Cohere's search units: a query with up to 100 documents.
    """

    images: int = 0
    seconds: int = 0
    characters: int = 0
    searches: int = 0
