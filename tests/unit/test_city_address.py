"""What opens the city's database is in no message: neither in the address as it is shown, nor in what a driver says of it."""

import pytest

from city.address import shown, without_secrets

ADDRESSES = [
    ("postgresql://city:geheim@db.example/rows", "postgresql://city:***@db.example/rows"),
    ("postgresql+psycopg://city:geheim@db.example:5432/rows", "postgresql+psycopg://city:***@db.example:5432/rows"),
    ("postgresql://city:ge@heim@db.example/rows", "postgresql://city:***@db.example/rows"),
    ("postgresql://city:geheim/x@db.example/rows", "postgresql://city:***@db.example/rows"),
    ("postgresql://city:geheim:x@db.example/rows", "postgresql://city:***@db.example/rows"),
    ("postgresql://city:g%65heim@db.example/rows", "postgresql://city:***@db.example/rows"),
    ("postgresql://city@db.example/rows?password=geheim", "postgresql://city@db.example/rows?***"),
    ("postgresql:///rows?host=db&sslpassword=geheim", "postgresql:///rows?***"),
    ("sqlite:////var/lib/city.db", "sqlite:////var/lib/city.db"),
    ("city:geheim@db.example/rows", "city:***@db.example/rows"),
    ("host=db.example password=geheim dbname=rows", "host=db.example password=*** dbname=rows"),
    ("PASSWORD = 'ge heim'", "PASSWORD = ***"),
    ("", ""),
]


@pytest.mark.parametrize(("address", "safe"), ADDRESSES)
def test_an_address_is_shown_without_its_password(address: str, safe: str) -> None:
    assert shown(address) == safe


@pytest.mark.parametrize(
    ("address", "quoted"),
    [
        ("postgresql://city:geheim@db.example/rows", "geheim"),
        ("postgresql://city:g%65heim@db.example/rows", "geheim"),
        ("postgresql://city:g%65heim@db.example/rows", "g%65heim"),
        ("postgresql://city@db.example/rows?sslpassword=geheim&x=1", "geheim"),
        ("postgresql://city:geheim@db.example/rows", "postgresql://city:geheim@db.example/rows"),
    ],
)
def test_what_quotes_the_address_or_the_password_is_told_without_them(address: str, quoted: str) -> None:
    told = without_secrets(f"FATAL: authentication failed for {quoted}", address)
    assert "heim" not in told
    assert told.startswith("FATAL: authentication failed for ")
