"""The intake's side of the serial line: the ``Bus`` and its frames, what the controller says as events, and the serial worker."""
