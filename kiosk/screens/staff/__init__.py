"""What staff see and touch where the glass is theirs: one window, one file a page. Screens hold no rules: they draw a frozen view and say what was asked for."""
