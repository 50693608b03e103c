"""The deposit session as a pure function: no Qt, no input or output, no clock; time arrives as an event."""
