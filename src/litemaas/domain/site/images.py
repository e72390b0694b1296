"""Which pictures we serve: told by their own first bytes, whatever their sender calls them.

SVG is a document that can run scripts and is refused.
"""

from hashlib import sha256

from litemaas.domain.site.entities import IMAGE_KINDS, BrandingImage
from litemaas.domain.site.errors import ImageNotFoundError, ImageRefusedError

MOST_BYTES = 2 * 1024 * 1024
_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}


def check_image(kind: str, content: bytes) -> BrandingImage:
    """Look at a picture that was sent.

    Raises:
        ImageNotFoundError: There is no place for a picture of this `kind`.
        ImageRefusedError: It is no PNG, JPEG, WebP or GIF, or larger than 2 MiB.
    """
    if kind not in IMAGE_KINDS:
        raise ImageNotFoundError(f"Pictures are: {', '.join(IMAGE_KINDS)}.", param="kind")
    if len(content) > MOST_BYTES:
        raise ImageRefusedError("A picture may have 2 MiB.")
    media_type = next((found for start, found in _SIGNATURES.items() if content.startswith(start)), None)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        media_type = "image/webp"
    if media_type is None:
        raise ImageRefusedError("Send a PNG, JPEG, WebP or GIF picture.")
    return BrandingImage(kind, media_type, content, sha256(content).hexdigest()[:16])
