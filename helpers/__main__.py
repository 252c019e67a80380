"""`python -m helpers` is `image-diff`."""

import sys

from helpers.app.cli import main

sys.exit(main())
