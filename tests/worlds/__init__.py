"""Kiosks put together for tests: on a twin as a process, in one process on a clock that jumps, with a window."""
