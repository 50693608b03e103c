"""The net that tells glass, plastic, cans and the rest by a picture: how it was made, and how to make it again, is in the README. Runs outside the product's environment."""
