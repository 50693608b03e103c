"""How the panel looks: the colours of the kiosk's screens in the sizes of a desktop, where a mouse points."""

from kiosk.screens.style.palette import NORMAL


def sheet() -> str:
    """A Qt style sheet."""
    colours = NORMAL
    return f"""
    QWidget {{ background: {colours.paper}; color: {colours.ink}; font-size: 13px; }}
    QLabel {{ background: transparent; }}
    QLabel#mark {{ background: {colours.red}; color: {colours.on_red}; font-weight: 800; padding: 2px 8px; border-radius: 4px; }}
    QLabel#heading {{ font-weight: 700; }}
    QLabel#totals {{ font-size: 17px; }}
    QLabel#caption {{ font-size: 11px; color: {colours.soft}; }}
    QLabel#title {{ font-weight: 700; }}
    QLabel#note {{ font-size: 11px; color: {colours.soft}; }}
    QLabel#camera {{ background: {colours.hole}; color: {colours.on_ink}; border-radius: 6px; }}
    QToolButton {{ background: {colours.card}; border: 1px solid {colours.line}; border-radius: 6px; padding: 2px; }}
    QToolButton:hover, QPushButton:hover {{ border: 2px solid {colours.blue}; }}
    QToolButton:pressed, QPushButton:pressed {{ background: {colours.sun}; }}
    QToolButton:focus, QPushButton:focus {{ border: 2px solid {colours.focus}; }}
    QToolButton#arrow {{ background: {colours.card}; border-radius: 4px; padding: 0; }}
    QPushButton {{ background: {colours.card}; border: 1px solid {colours.line}; border-radius: 6px; }}
    QPushButton:checked {{ background: {colours.red_tint}; border: 2px solid {colours.red}; }}
    """
