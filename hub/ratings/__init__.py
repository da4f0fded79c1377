"""What citizens' ratings add up to: pure sums, shares, periods, and the hiding of small numbers."""
