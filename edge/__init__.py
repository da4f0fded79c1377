"""Runs on a Raspberry Pi: the loudspeaker node and the counter node."""
