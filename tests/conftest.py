"""What holds for all tests: examples are drawn the same way each run, and no test is timed."""

from hypothesis import settings

settings.register_profile("sekisho", deadline=None, derandomize=True, max_examples=100)
settings.load_profile("sekisho")
