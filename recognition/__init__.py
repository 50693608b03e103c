"""Camera frames to a verdict on what was put in. Values in, values out: no devices, no money, no words for people."""
