from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accredit.domain.secrets import personal_data_in, random_words_in, secrets_in

# Put together at run time, so that scanners of repositories do not take the tests for leaks.
SECRETS = {
    "-----BEGIN OPENSSH PRIVATE" + " KEY-----": "a private key",
    "AKIA" + "IOSFODNN7EXAMPLE": "an AWS access key",
    "ghp_" + "a1B2" * 9: "a GitHub token",
    "github_pat_" + "a1B2_" * 13: "a GitHub token",
    "glpat-" + "x1Y2" * 5: "a GitLab token",
    "xoxb-" + "123456789012-abcdefABCDEF": "a Slack token",
    "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc": "a Stripe key",
    "AIza" + "SyA-1234567890abcdefghijklmnopqrstu": "a Google API key",
    "eyJ" + "hbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ" + "zdWIiOiIxMjM0NTY3ODkwIn0.abc": "a JSON web token",
    "hf_" + "aBcDeFgHiJkLmNoPqRsTuVwXyZ012345": "a Hugging Face token",
    "postgres://reader:" + "hunter2@db.example.com/loans": "a password in an address",
    "https://blob.example.com/x?sv=1&sig=" + "abcd1234%2Fef": "a signature or token in an address",
    "password = " + "correct4horse": "a password or key that is written out",
    "API_KEY: " + "9f8k2-mmq7z-1xxp0": "a password or key that is written out",
}
PERSONAL = {
    "ask jane.doe@example.com": "an e-mail address",
    "(Jane_Doe+loans@mail.example.co.uk)": "an e-mail address",
    "219-09-9999": "a US social security number",
    "card 4111 1111 1111 1111.": "a payment card number",
    "amex 378282246310005": "a payment card number",
    "IBAN GB82 WEST 1234 5698 7654 32": "a bank account number (IBAN)",
    "DE89370400440532013000": "a bank account number (IBAN)",
}
HARMLESS = (
    "git@git.example.com:lending/loans.git",
    "ssh://git@git.example.com/loans",
    "write to privacy@example.com",
    "registry.example.com/train@sha256:0b5f",
    "credit-risk@2.0.0",
    "models:/credit-risk/7",
    "4111 1111 1111 1112",
    "0000 0000 0000 0000",
    "GB82 WEST 1234 5698 7654 33",
    "runs/1234567890123456/model",
    "2026-11-23 to 2026-12-24",
    "900-12-3456",
    "the token is set in the environment",
    "password: <password>",
    "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    "https://data.example.com/loans-2025-06-01/PartitionedByBranch/part-0001.parquet",
    "n = 1,234,567,890,123",
)


@pytest.mark.parametrize(("text", "kind"), SECRETS.items())
def test_a_secret_is_found_in_the_middle_of_prose(text: str, kind: str) -> None:
    assert kind in list(secrets_in(f"We use\n{text} for this."))


@pytest.mark.parametrize(("text", "kind"), PERSONAL.items())
def test_personal_data_is_found_in_the_middle_of_prose(text: str, kind: str) -> None:
    assert list(personal_data_in(f"We use {text} for this.")) == [kind]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_similar_is_left_alone(text: str) -> None:
    assert [*secrets_in(text), *random_words_in(text), *personal_data_in(text)] == []


def test_a_long_random_word_is_found_although_no_pattern_knows_it() -> None:
    assert list(random_words_in("it is wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY today")) != []


@given(st.text("0123456789abcdef", min_size=40, max_size=40) | st.text("0123456789abcdef", min_size=64, max_size=64))
def test_a_digest_or_git_id_is_no_secret(digest: str) -> None:
    for text in (digest, f"sha256:{digest}", f"at commit {digest}, clean", f"key: {digest}"):
        assert [*secrets_in(text), *random_words_in(text), *personal_data_in(text)] == []


@given(st.uuids())
def test_a_uuid_is_no_secret(identifier: object) -> None:
    assert [*secrets_in(f"run {identifier}"), *random_words_in(str(identifier))] == []


@given(st.text(), st.sampled_from([*SECRETS]), st.text())
def test_what_stands_around_a_secret_does_not_hide_it(before: str, secret: str, after: str) -> None:
    text = f"{before}\n{secret}\n{after}"
    assert SECRETS[secret] in list(secrets_in(text))


@given(st.text(string.printable))
def test_any_text_can_be_looked_at(text: str) -> None:
    for found in (secrets_in(text), random_words_in(text), personal_data_in(text)):
        assert all(kind.startswith(("a ", "an ")) for kind in found)
