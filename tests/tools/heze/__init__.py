"""The parts of `tests.tools.build_heze_pack`, one for each subject."""
