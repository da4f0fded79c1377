"""What holds for every test."""

from hypothesis import settings

# A slow machine is no wrong answer: how long an example takes is never judged.
settings.register_profile("loa", deadline=None)
settings.load_profile("loa")
