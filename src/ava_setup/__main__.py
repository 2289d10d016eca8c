"""`python -m ava_setup` is `ava-setup`."""

import sys

from ava_setup.start import main

if __name__ == "__main__":
    sys.exit(main())
