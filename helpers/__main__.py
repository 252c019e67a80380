"""`python -m helpers` is `image-diff`."""

import sys

from helpers.cli import main

sys.exit(main())
