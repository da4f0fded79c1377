"""Recordings for tests: put in, and prepared at once."""

from hub.library import Library
from hub.people.roles import Actor
from hub.store.recordings import Recording

__all__ = ["put", "ready"]


def put(library: Library, actor: Actor, content: bytes = b"sound", *, title: str = "Tin") -> Recording:
    """A recording that waits to be prepared."""
    with library.new_upload(actor) as upload:
        upload.write(content)
        return library.add(actor, title=title, language="vi", file_name="tin.mp3", upload=upload)


def ready(library: Library, actor: Actor, content: bytes = b"sound", *, title: str = "Tin") -> Recording:
    """A recording after its preparation, however that ended."""
    recording = put(library, actor, content, title=title)
    library.preparing.prepare_one(recording.id)
    return library.recording(recording.id)
