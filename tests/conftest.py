"""Settings of every test run."""

import hypothesis

# A deadline measures the machine, not the code: performance is measured by `make bench`.
hypothesis.settings.register_profile("fleet", deadline=None)
hypothesis.settings.load_profile("fleet")
