"""What ``verify`` holds a ledger to. Each check numbers its constraints and names the ``Fault`` that tells of each.

``rows`` and ``kinds`` look at one entry by itself, the others at what holds between entries, with a memory that does not grow; ``file`` at what guards them.
"""
