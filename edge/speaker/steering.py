"""How much faster or slower a play must run to stay in step with the clock. Pure."""

from dataclasses import dataclass

__all__ = ["FASTEST_PPM", "Steering"]

# A change of pitch of a hundredth of a semitone; nobody hears it, and no sound card's clock is that far off.
FASTEST_PPM = 500.0
# A second after a step of 1 ms the play runs 100 ppm faster; critically damped, so it does not swing.
PULL_PPM_PER_S = 100_000.0
LEARN_PPM_PER_S2 = PULL_PPM_PER_S**2 / 4e6


@dataclass(frozen=True, slots=True)
class Steering:
    """A controller that learns how far off the sound card's clock is: ``drift_ppm``."""

    drift_ppm: float = 0.0
    ratio: float = 1.0

    def steered(self, *, behind_s: float, passed_s: float) -> "Steering":
        """The next state, ``passed_s`` after this one, with the sound ``behind_s`` late (negative: early)."""
        drift_ppm = _within_limits(self.drift_ppm + LEARN_PPM_PER_S2 * behind_s * passed_s)
        ppm = _within_limits(drift_ppm + PULL_PPM_PER_S * behind_s)
        return Steering(drift_ppm, 1 + ppm / 1e6)


def _within_limits(ppm: float) -> float:
    return max(-FASTEST_PPM, min(FASTEST_PPM, ppm))
