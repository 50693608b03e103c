"""The console as a pure function: who of the staff is logged in and what they are doing. No Qt, no input or output, no clock; time arrives as an event."""
