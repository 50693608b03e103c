"""Which product a code stands for, and in what it is sold: the list that a kiosk carries, how it is made of dumps, and what it is asked for."""
