import sys
from pathlib import Path

# The cast is imported by name; these folders are no packages, so that `channels` stays ours.
sys.path.insert(0, str(Path(__file__).parent))
