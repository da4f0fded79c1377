"""`loa hub`: serve pages and loudspeakers; make a site, people, areas and nodes from the command line."""

import os
import sys
from collections.abc import Sequence

from edge.wire.told import told
from hub.arguments import Arguments, parse
from hub.command_name import command_name
from hub.commands import run_command
from hub.config import WrongSettings
from hub.errors import HubError

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit code: 1 for what went wrong, 2 for wrong settings or arguments."""
    arguments = parse(argv)
    os.umask(0o077)
    try:
        if arguments.command == "serve":
            return _serve(arguments)
        return run_command(arguments)
    except WrongSettings as error:
        for fault in error.faults:
            print(f"{command_name()}: {fault}", file=sys.stderr)
        return 2
    except HubError as error:
        print(f"{command_name()}: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{command_name()}: {told(error)}", file=sys.stderr)
        return 1


def _serve(arguments: Arguments) -> int:
    from hub.serving import serve  # the pages take a second to import, and no command wants them

    return serve(arguments)


if __name__ == "__main__":
    sys.exit(main())
