"""Reads a form that an upstream was sent, by another parser than the program's."""

from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP


@dataclass
class Form:
    """What was in it.

    Attributes:
        all_files: File name, type and content, by field.
    """

    fields: dict[str, bytes] = field(default_factory=dict)
    all_files: dict[str, list[tuple[str, str, bytes]]] = field(default_factory=dict)

    @property
    def files(self) -> dict[str, tuple[str, str, bytes]]:
        """The first file of each field."""
        return {name: files[0] for name, files in self.all_files.items()}


def read_form(content_type: str, body: bytes) -> Form:
    message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    form = Form()
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if part.get_filename() is None:
            assert name not in form.fields
            form.fields[name] = content
        else:
            form.all_files.setdefault(name, []).append((part.get_filename(), part.get_content_type(), content))
    return form
