"""Speech to words: Whisper, on this machine's processor, and what is made of its answer.

Nothing of it leaves the machine. onnxruntime, which tells speech from noise, would report its use and an id of this machine to its
maker, unless it is told not to before it is loaded (its Privacy.md); all that loads it is in this package.
"""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
