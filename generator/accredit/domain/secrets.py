"""Secrets and personal data in text, found by form, checksum and entropy.

Digests and git ids are no secrets: nothing here fires on hexadecimal.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

_TOKENS = {
    "a private key": (("-----BEGIN",), r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY"),
    "an AWS access key": (("AKIA", "ASIA"), r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b"),
    "a GitHub token": (("gh", "github_pat_"), r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})"),
    "a GitLab token": (("glpat-",), r"\bglpat-[A-Za-z0-9_-]{20,}"),
    "a Slack token": (
        ("xox", "hooks.slack.com"),
        r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}|hooks\.slack\.com/services/T\w+/B\w+/\w+",
    ),
    "a Stripe key": (("_live_",), r"\b[rs]k_live_[A-Za-z0-9]{16,}"),
    "a Google API key": (("AIza",), r"\bAIza[A-Za-z0-9_-]{35}\b"),
    "a JSON web token": (("eyJ",), r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\."),
    "a package registry token": (("pypi-AgE", "npm_"), r"\bpypi-AgE[A-Za-z0-9_-]{50,}|\bnpm_[A-Za-z0-9]{36}\b"),
    "a Hugging Face token": (("hf_",), r"\bhf_[A-Za-z0-9]{30,}\b"),
    "a password in an address": (("://",), r"\b[a-z][a-z0-9+.-]{0,30}://[^/\s:@]{0,200}:[^/\s@]{1,200}@"),
    "a signature or token in an address": (
        ("?", "&"),
        r"[?&](?:X-Amz-Signature|sig|access_token|token|api_?key|password)=[^&\s]{8,}",
    ),
}
_SECRETS = [(kind, hints, re.compile(pattern)) for kind, (hints, pattern) in _TOKENS.items()]
_ASSIGNED = re.compile(
    r"(?i)(?:password|passwd|secret|token|api[_-]?key|access[_-]?key)[\"']?\s{0,3}[:=]\s{0,3}[\"']?([^\s\"']{8,200})"
)
_ASSIGNED_HINTS = ("assw", "ecret", "oken", "key", "ASSW", "ECRET", "OKEN", "KEY", "Key")
_WORD = re.compile(r"[A-Za-z0-9+/=_-]{32,}")
_HEX = re.compile(r"[0-9a-fA-F-]+")

_EMAIL = re.compile(r"(?<![\w.+/:-])([\w.+-]{1,64})@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w-])")
_MAILBOXES = frozenset(
    {"abuse", "board", "compliance", "contact", "dpo", "git", "governance", "hello", "help", "info", "legal", "mail"}
    | {"models", "no-reply", "noreply", "office", "privacy", "risk", "security", "support", "team", "validation"}
)
"""Local parts that name a function and not a person."""
_DIGITS = re.compile(r"\d(?:[ -]?\d){8,}")
_SSN = re.compile(r"(?<![\w.-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-]|\.\d)")
_CARD = re.compile(
    r"(?<![\w./-])(?:[2-6]\d{3}(?:[ -]?\d{4}){2}[ -]?\d{1,7}|3[47]\d{2}[ -]?\d{6}[ -]?\d{5})(?![\w/-]|\.\d)"
)
_IBAN = re.compile(r"(?<![\w/-])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![\w/-])")


def secrets_in(text: str) -> Iterator[str]:
    """What kinds of secret stand in a text."""
    for kind, hints, pattern in _SECRETS:
        if any(hint in text for hint in hints) and pattern.search(text):
            yield kind
    if any(hint in text for hint in _ASSIGNED_HINTS):
        for found in _ASSIGNED.finditer(text):
            if _is_random(found[1], least=3.0):
                yield "a password or key that is written out"
                break


def random_words_in(text: str) -> Iterator[str]:
    """Long words of letters of both cases and digits that look random, as keys do."""
    for word in text.split() if len(text) >= 32 else ():
        if len(word) >= 32 and _WORD.fullmatch(word) and not word.startswith(("sha256-", "sha384-", "sha512-")):
            mixed = any(c.islower() for c in word) and any(c.isupper() for c in word) and any(c.isdigit() for c in word)
            if mixed and _is_random(word, least=4.2):
                yield "a long random word, as keys are"


def personal_data_in(text: str) -> Iterator[str]:
    """What kinds of personal data stand in a text."""
    if "@" in text and any(m[1].lower() not in _MAILBOXES for m in _EMAIL.finditer(text)):
        yield "an e-mail address"
    if _DIGITS.search(text):
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
    if len(digits) < 13 or len(digits) > 19 or len(set(digits)) < 3:
        return False
    doubled = [d if i % 2 == 0 else d * 2 - 9 * (d > 4) for i, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def _is_iban(text: str) -> bool:
    """ISO 13616: the country and check digits go to the end, letters count from 10, and the rest of 97 is 1."""
    compact = text.replace(" ", "")
    return 15 <= len(compact) <= 34 and int("".join(str(int(c, 36)) for c in compact[4:] + compact[:4])) % 97 == 1
