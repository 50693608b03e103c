"""What the console's thread does for whoever of the staff is at the glass, by what it is about: ``door`` who may come in and do what, ``reading`` what ledger and
log say. The rest, and the thread, is ``workers/console.py``.
"""
