"""Forms with files in them, read as they arrive: each file goes to its own `Upload`, nothing stays in memory.

A form too large is refused by its Content-Length before a byte is read, and by counting where it lies.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from hub.errors import Invalid, Problem, TooLarge
from hub.uploads import MB, Upload

__all__ = ["ReceivedFile", "ReceivedForm", "received_form"]

MOST_FIELD_BYTES = 64_000
_MOST_FIELDS = 100
_WRITE_AT_ONCE = 1 * MB


@dataclass(frozen=True)
class ReceivedFile:
    """A file of the form: its field, the name the sender gave it (only text, never a path), its bytes."""

    field: str
    name: str
    upload: Upload


@dataclass
class ReceivedForm:
    """Fields in the order they came, and files."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    files: list[ReceivedFile] = field(default_factory=list)

    def text(self, name: str, default: str = "") -> str:
        """The first value of a field."""
        return self.fields.get(name, [default])[0]


@asynccontextmanager
async def received_form(
    request: Request, *, new_upload: Callable[[], Upload], limit_bytes: int, most_files: int = 1
) -> AsyncIterator[ReceivedForm]:
    """The whole form; leaving removes files that were not kept. `limit_bytes` bounds each file.

    Raises `Invalid` (`not_multipart`, `upload_broken`, `files_too_many`, `field_too_large`), `TooLarge`, and
    what `new_upload` and writing raise.
    """
    _refuse_by_length(request, limit_bytes * most_files + MOST_FIELD_BYTES * 2, limit_bytes)
    with ExitStack() as uploads:
        reader = _Reader(new_upload=new_upload, uploads=uploads, most_files=most_files)
        await _read(request, reader)
        yield reader.form


def _refuse_by_length(request: Request, most: int, limit_bytes: int) -> None:
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > most:
        raise TooLarge(Problem("file_too_large", "file", {"limit_mb": limit_bytes // MB}))


async def _read(request: Request, reader: "_Reader") -> None:
    parser = _parser(request, reader)
    try:
        async for chunk in request.stream():
            parser.write(chunk)
            if reader.waiting_bytes >= _WRITE_AT_ONCE:
                await run_in_threadpool(reader.write_waiting)
    except (FormParserError, ClientDisconnect) as error:
        raise Invalid(Problem("upload_broken", "file")) from error
    await run_in_threadpool(reader.write_waiting)
    if not reader.is_whole:
        raise Invalid(Problem("upload_broken", "file"))


def _parser(request: Request, reader: "_Reader") -> MultipartParser:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise Invalid(Problem("not_multipart", "file"))
    try:
        return MultipartParser(
            boundary,
            {
                "on_part_begin": reader.part_begins,
                "on_header_field": reader.header_name,
                "on_header_value": reader.header_value,
                "on_header_end": reader.header_ends,
                "on_headers_finished": reader.headers_end,
                "on_part_data": reader.data,
                "on_part_end": reader.part_ends,
                "on_end": reader.ends,
            },
        )
    except FormParserError as error:
        raise Invalid(Problem("not_multipart", "file")) from error


class _Reader:
    """Hears the parser's calls. Bytes of files wait in memory, at most a network chunk over the threshold."""

    def __init__(self, *, new_upload: Callable[[], Upload], uploads: ExitStack, most_files: int) -> None:
        self._new_upload = new_upload
        self._uploads = uploads
        self._most_files = most_files
        self._waiting: list[tuple[Upload, bytes]] = []
        self._field_bytes = 0
        self._header = [b"", b""]
        self._disposition = b""
        self._name = ""
        self._text = bytearray()
        self._upload: Upload | None = None
        self.form = ReceivedForm()
        self.waiting_bytes = 0
        self.is_whole = False

    def write_waiting(self) -> None:
        for upload, chunk in self._waiting:
            upload.write(chunk)
        self._waiting.clear()
        self.waiting_bytes = 0

    def part_begins(self) -> None:
        self._disposition, self._text, self._upload = b"", bytearray(), None

    def header_name(self, data: bytes, start: int, end: int) -> None:
        self._header[0] += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._header[1] += data[start:end]

    def header_ends(self) -> None:
        if self._header[0].lower() == b"content-disposition":
            self._disposition = self._header[1]
        self._header = [b"", b""]

    def headers_end(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._name = _text(options.get(b"name", b""))
        if b"filename" not in options:
            return
        if len(self.form.files) >= self._most_files:
            raise Invalid(Problem("files_too_many", self._name, {"most": self._most_files}))
        self._upload = self._uploads.enter_context(self._new_upload())
        self.form.files.append(ReceivedFile(self._name, _text(options[b"filename"]), self._upload))

    def data(self, data: bytes, start: int, end: int) -> None:
        if self._upload is not None:
            self._waiting.append((self._upload, data[start:end]))
            self.waiting_bytes += end - start
            return
        self._field_bytes += end - start
        if self._field_bytes > MOST_FIELD_BYTES:
            raise Invalid(Problem("field_too_large", self._name))
        self._text += data[start:end]

    def part_ends(self) -> None:
        if self._upload is not None:
            return
        values = self.form.fields.setdefault(self._name, [])
        if len(self.form.fields) > _MOST_FIELDS or len(values) >= _MOST_FIELDS:
            raise Invalid(Problem("field_too_large", self._name))
        values.append(_text(bytes(self._text)))

    def ends(self) -> None:
        self.is_whole = True


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
