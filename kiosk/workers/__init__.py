"""The slow things, each in a thread with one inbox: the books and the sight. The intake's worker lives with its driver."""
