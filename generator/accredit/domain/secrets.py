"""Secrets and personal data in text, found by form, checksum and entropy.

Digests and git ids are no secrets: nothing here fires on hexadecimal.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

_PRIVATE_KEY = re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY")
_USER_INFO = re.compile(r"://[^/\s:@]{0,200}:[^/\s@]{1,200}@")
_QUERY = re.compile(r"[?&](?:X-Amz-Signature|sig|access_token|token|api_?key|password)=[^&\s]{8,}")
_TOKENS = {
    "an AWS access key": re.compile(r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b"),
    "a GitHub token": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})"),
    "a GitLab token": re.compile(r"\bglpat-[A-Za-z0-9_-]{20,}"),
    "a Slack token": re.compile(r"\bxox[abeoprs]-[A-Za-z0-9-]{15,}|hooks\.slack\.com/services/T\w+/B\w+/\w{20,}"),
    "a Stripe key": re.compile(r"\b[rs]k_live_[A-Za-z0-9]{16,}"),
    "a Google API key": re.compile(r"\bAIza[A-Za-z0-9_-]{35}\b"),
    "a JSON web token": re.compile(r"\beyJ[A-Za-z0-9_-]{17,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*"),
    "a package registry token": re.compile(r"\bpypi-AgE[A-Za-z0-9_-]{50,}|\bnpm_[A-Za-z0-9]{36}\b"),
    "a Hugging Face token": re.compile(r"\bhf_[A-Za-z0-9]{30,}\b"),
}
_ASSIGNED = re.compile(
    r"(?i)(?:password|passwd|secret|token|(?:api|access|private|secret)[ _-]?key)[\"']?\s{0,3}[:=]\s{0,3}[\"']?"
    r"([^\s\"']{8,200})"
)
_ASSIGNED_HINTS = ("passw", "secret", "token", "key")
_WORD = re.compile(r"[A-Za-z0-9+/=_-]+")
_INTEGRITY = ("sha256-", "sha384-", "sha512-")

_WORD_RUN, _TOKEN_RUN = b"w" * 32, b"w" * 20
_AS_WORDS = bytes(ord("w") if c < 128 and (chr(c).isalnum() or chr(c) in "+/=_-") else ord(".") for c in range(256))
_AS_TOKENS = bytes(ord("w") if c < 128 and (chr(c).isalnum() or chr(c) in "_-") else ord(".") for c in range(256))
_AS_DIGITS = bytes(ord("0") if c < 128 and chr(c).isdigit() else ord(".") for c in range(256))
"""Translations of bytes that leave a run to look for: ten times faster than a pattern. Each token has such a run."""
_HEX = re.compile(r"[0-9a-fA-F-]+")

_EMAIL = re.compile(r"(?<![\w.+/:-])([\w.+-]{1,64})@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w-])")
_MAILBOXES = frozenset(
    {"abuse", "board", "compliance", "contact", "dpo", "git", "governance", "hello", "help", "info", "legal", "mail"}
    | {"models", "no-reply", "noreply", "office", "privacy", "risk", "security", "support", "team", "validation"}
)
"""Local parts that name a function and not a person."""
# Each starts with the characters to look for, and then looks back: the search skips all others quickly.
_SSN = re.compile(r"[0-8](?<![\w.-].)\d\d(?<!000)(?<!666)-(?!00)\d{2}-(?!0000)\d{4}(?![\w-]|\.\d)")
_CARD = re.compile(
    r"(?:[2-6](?<![\w./-].)\d{3}(?:[ -]?\d{4}){2}[ -]?\d{1,7}|3(?<![\w./-].)[47]\d{2}[ -]?\d{6}[ -]?\d{5})"
    r"(?![\w/-]|\.\d)"
)
_IBAN = re.compile(r"[A-Z](?<![\w/-].)[A-Z]\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![\w/-])")


def secrets_in(text: str) -> Iterator[str]:
    """What kinds of secret stand in a text."""
    if "-----BEGIN" in text and _PRIVATE_KEY.search(text):
        yield "a private key"
    if "@" in text and _USER_INFO.search(text):
        yield "a password in an address"
    if "?" in text and _QUERY.search(text):
        yield "a signature or token in an address"
    if runs := " ".join(_words_around(text, _AS_TOKENS, _TOKEN_RUN)):
        yield from (kind for kind, pattern in _TOKENS.items() if pattern.search(runs))
    lower = text.lower()
    written_out = _ASSIGNED.finditer(text) if any(hint in lower for hint in _ASSIGNED_HINTS) else ()
    if any(_is_random(found[1], least=2.5) for found in written_out):
        yield "a password or key that is written out"


def random_words_in(text: str) -> Iterator[str]:
    """Long words of letters of both cases and digits that look random, as keys do."""
    for word in _words_around(text, _AS_WORDS, _WORD_RUN):
        if _WORD.fullmatch(word) and not word.startswith(_INTEGRITY):
            mixed = any(c.islower() for c in word) and any(c.isupper() for c in word) and any(c.isdigit() for c in word)
            if mixed and _is_random(word, least=4.2):
                yield "a long random word, as keys are"


def _words_around(text: str, translation: bytes, run: bytes) -> Iterator[str]:
    """The words, digests left out, that hold a run of characters which a translation turns to `w`."""
    content = text.encode()
    translated = content.translate(translation)
    at = translated.find(run)
    while at >= 0:
        start = max(content.rfind(b" ", 0, at), content.rfind(b"\n", 0, at)) + 1
        end = min(e for e in (content.find(b" ", at), content.find(b"\n", at), len(content)) if e >= 0)
        if not _HEX.fullmatch(word := content[start:end].decode()):
            yield word
        at = translated.find(run, end)


def personal_data_in(text: str) -> Iterator[str]:
    """What kinds of personal data stand in a text."""
    if "@" in text and any(m[1].lower() not in _MAILBOXES for m in _EMAIL.finditer(text)):
        yield "an e-mail address"
    if b"000000000" in text.encode().translate(_AS_DIGITS, b" -"):
        if _SSN.search(text):
            yield "a US social security number"
        if any(_luhn(m[0]) for m in _CARD.finditer(text)):
            yield "a payment card number"
        if any(_is_iban(m[0]) for m in _IBAN.finditer(text)):
            yield "a bank account number (IBAN)"


def entropy(text: str) -> float:
    """Shannon entropy in bits a character."""
    return -sum(k / len(text) * math.log2(k / len(text)) for k in Counter(text).values())


def _is_random(word: str, least: float) -> bool:
    """Whether a word is neither hexadecimal, nor a placeholder such as `<token>`, and has so much entropy."""
    return (
        not _HEX.fullmatch(word)
        and word[0] not in "<${[*("
        and any(c.isdigit() for c in word)
        and entropy(word) >= least
    )


def _luhn(number: str) -> bool:
    digits = [int(c) for c in number if c.isdigit()]
    if len(digits) < 13 or len(digits) > 19 or len(set(digits)) < 2:
        return False
    doubled = [d if i % 2 == 0 else d * 2 - 9 * (d > 4) for i, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def _is_iban(text: str) -> bool:
    """ISO 13616: the country and check digits go to the end, letters count from 10, and the rest of 97 is 1."""
    compact = text.replace(" ", "")
    return 15 <= len(compact) <= 34 and int("".join(str(int(c, 36)) for c in compact[4:] + compact[:4])) % 97 == 1
