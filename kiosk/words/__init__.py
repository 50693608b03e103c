"""All words for people, in every language: one catalogue a language, amounts and dates as it writes them, errors as sentences."""
