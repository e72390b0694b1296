"""A form as it was understood."""

from msgspec import Struct

from litemaas.gateway.errors import BadRequestError
from litemaas.gateway.uploads.spooling import Spool


class FormFile(Struct, eq=False):
    """A part with a file.

    Attributes:
        name: Of the field.
        filename: As the client calls it.
        content_type: As the client says.
    """

    name: str
    filename: str
    content_type: str
    spool: Spool


class Form(Struct, eq=False):
    """Fields and files, each in the order they came in."""

    fields: list[tuple[str, bytes]]
    files: list[FormFile]

    def text(self, name: str) -> str | None:
        """The value of a field that may be given once; None: it is not given.

        Raises:
            BadRequestError: It is given twice, or is no text.
        """
        found = [value for field, value in self.fields if field == name]
        if not found:
            return None
        if len(found) > 1:
            raise BadRequestError(f"The field {name!r} is given more than once.", param=name)
        try:
            return found[0].decode()
        except UnicodeDecodeError as error:
            raise BadRequestError(f"The field {name!r} must be text in UTF-8.", param=name) from error

    def size(self, *names: str) -> int:
        """Bytes of these fields."""
        return sum(len(value) for name, value in self.fields if name in names)

    def close(self) -> None:
        """Give the disk back."""
        for file in self.files:
            file.spool.close()
