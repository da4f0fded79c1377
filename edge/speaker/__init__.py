"""The loudspeaker node."""
