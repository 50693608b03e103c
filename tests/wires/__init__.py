"""Serial lines and HTTP for tests, what is on the other end of them, and the controller's program on a bench."""
