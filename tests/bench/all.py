"""Every benchmark, and a page of what they found."""

import sys

from tests.bench._measured import main

if __name__ == "__main__":
    sys.exit(main())
