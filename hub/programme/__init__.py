"""Pure: when does what sound, and what forbids it."""
