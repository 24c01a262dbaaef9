"""The folder of every function is a package for its tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
