"""What the system refused a program, said so that a technician can mend it."""

__all__ = ["reason", "told"]

_RIGHTS = "where Loa is installed, begin the command with sudo"


def reason(error: OSError) -> str:
    """Why, without the file; with what to do where a right is missing."""
    why = error.strerror or str(error)
    return f"{why}; {_RIGHTS}" if isinstance(error, PermissionError) else why


def told(error: OSError) -> str:
    """The file first, then why."""
    return reason(error) if error.filename is None else f"{error.filename}: {reason(error)}"
