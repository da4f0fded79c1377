"""What the tests of the whole share: real servers, each started once for the run."""

from tests.system.sound_rig import sound_server

__all__ = ["sound_server"]
