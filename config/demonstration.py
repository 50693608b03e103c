"""Whom a demonstration's visitors may give to: names that nobody bears, for demonstrations, pictures and tests. A kiosk's own stand in its configuration."""

from config.vocabulary import Association


def _association(letter: str, arabic: str) -> Association:
    names = (("en", f"Demonstration charity {letter}"), ("ar", f"جمعية تجريبية {arabic}"))
    return Association(f"demonstration-{letter.lower()}", f"Association de démonstration {letter}", names)


ASSOCIATIONS = tuple(_association(letter, arabic) for letter, arabic in zip("ABC", "أبت", strict=True))


def as_configured(association: Association) -> dict[str, object]:
    """As it stands in a configuration's ``gift.associations``."""
    return {"id": association.id, "name": {"fr": association.name, **dict(association.names)}}
