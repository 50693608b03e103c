"""A gift says which association it is for. Tables and guards stay; a program that does not know the field no longer takes the file for its own."""

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing to add: the field stands in the body, and older gifts are without it."""
