"""Signatures that are wrong in one way or another, or right in an unusual one, drawn from a seed."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from random import Random

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from tests.support.ssh_forge import NAMESPACE, ORDER_25519, SHA, Forgery, Signer, Twist, armored, mpint, string

Mutation = Callable[[Random, Forgery], bytes]


def mutated(random: Random, signer: Signer) -> tuple[str, bytes]:
    """The name of what was done, and the signature."""
    forgery = Forgery(signer, hash=random.choice(("sha256", "sha512")))
    if signer.kind == "ssh-rsa":
        forgery = replace(forgery, algorithm=random.choice(("rsa-sha2-256", "rsa-sha2-512")))
    mutation = random.choice((*FIELDS, *FIELDS, bytes_of_blob, bytes_of_blob, lengths, *ARMOR, nothing))
    return mutation.__name__, mutation(random, forgery)


def nothing(random: Random, forgery: Forgery) -> bytes:
    return armored(forgery.blob(), width=random.choice((1, 4, 64, 70, 76, 10_000)))


def namespace(random: Random, forgery: Forgery) -> bytes:
    others = (
        "",
        "git",
        "file",
        "Approval@accredit",
        NAMESPACE + "\0",
        NAMESPACE + " ",
        "request@accredit",
        NAMESPACE[:-1],
    )
    other = random.choice(others).encode()
    return replace(forgery, namespace=other, signed_namespace=random.choice((other, NAMESPACE.encode()))).armored()


def reserved(random: Random, forgery: Forgery) -> bytes:
    value = random.choice((b"\0", b"x", bytes(40)))
    return replace(forgery, reserved=value, signed_reserved=random.choice((value, b""))).armored()


def hidden_reserved(_random: Random, forgery: Forgery) -> bytes:
    return replace(forgery, signed_reserved=b"x").armored()


def hash_name(random: Random, forgery: Forgery) -> bytes:
    tail = random.choice((b"", b"", b"\0", b",sha512", b" "))
    return replace(forgery, hash=random.choice((*SHA, "", "sha256,sha512", "*", "blake2b")), hash_tail=tail).armored()


def version(random: Random, forgery: Forgery) -> bytes:
    return replace(forgery, version=random.choice((0, 2, 256, 0x01000000, 0xFFFFFFFF))).armored()


def magic(random: Random, forgery: Forgery) -> bytes:
    return replace(forgery, magic=random.choice((b"", b"SSHSI", b"SSHSIH", b"sshsig", b"SSHSIG\0"))).armored()


def tails(random: Random, forgery: Forgery) -> bytes:
    name = random.choice(("tail", "signature_tail", "algorithm_tail", "hash_tail"))
    return replace(forgery, **{name: random.choice((b"\0", b"x", string(b"")))}).armored()


def algorithm(random: Random, forgery: Forgery) -> bytes:
    names = [
        "ssh-rsa",
        "rsa-sha2-256",
        "rsa-sha2-512",
        "RSA-SHA2-512",
        "ssh-ed25519",
        "ssh-dss",
        "",
        "*",
        forgery.signer.kind,
    ]
    names += ["ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "sk-ssh-ed25519@openssh.com", "rsa-sha2-512,rsa-sha2-256"]
    names += ["webauthn-sk-ecdsa-sha2-nistp256@openssh.com", "ssh-ed25519-cert-v01@openssh.com"]
    return replace(forgery, algorithm=random.choice(names)).armored()


def presence(random: Random, forgery: Forgery) -> bytes:
    return replace(
        forgery, twist=Twist(flags=random.choice((0, 1, 4, 5, 0x41, 0xFF)), counter=random.getrandbits(32))
    ).armored()


def numbers(random: Random, forgery: Forgery) -> bytes:
    order = (
        forgery.signer.private.curve.group_order
        if isinstance(forgery.signer.private, ec.EllipticCurvePrivateKey)
        else 0
    )
    twists = [
        Twist(zeros=random.choice((1, 4))),
        Twist(inner_tail=random.choice((b"\0", b"x"))),
        Twist(numbers=lambda r, s: (r, order - s if order else s)),
        Twist(numbers=lambda r, s: (r + order, s)),
        Twist(numbers=lambda r, s: (r, s + order)),
        Twist(numbers=lambda _r, s: (0, s)),
        Twist(numbers=lambda r, _s: (r, 0)),
        Twist(numbers=lambda _r, _s: (1, 1)),
        Twist(raw=lambda raw: raw[:-1]),
        Twist(raw=lambda raw: raw[1:]),
        Twist(raw=lambda raw: b"\0" + raw),
        Twist(raw=lambda raw: bytes(len(raw))),
        Twist(
            raw=lambda raw: raw[:32] + (int.from_bytes(raw[32:64], "little") + ORDER_25519).to_bytes(33, "little")[:32]
        ),
    ]
    return replace(forgery, twist=random.choice(twists)).armored()


def key_blob(random: Random, forgery: Forgery) -> bytes:
    blob = forgery.signer.blob
    length = int.from_bytes(blob[:4])
    kind, rest = blob[4 : 4 + length], blob[4 + length :]
    made = [
        blob + b"\0",
        string(kind + b"\0") + rest,
        string(kind.upper()) + rest,
        string(b"ssh-ed25519-cert-v01@openssh.com") + rest,
        string(kind) + rest + string(b"ssh:"),
        string(kind.removeprefix(b"sk-")) + rest,
        b"",
    ]
    if isinstance(forgery.signer.private, rsa.RSAPrivateKey):
        public = forgery.signer.private.public_key().public_numbers()
        made += [string(kind) + mpint(public.e, zeros=1) + mpint(public.n), string(kind) + mpint(3) + mpint(public.n)]
        made += [
            string(kind) + mpint(public.e) + mpint(public.n, zeros=2),
            string(kind) + mpint(public.n) + mpint(public.e),
        ]
    return replace(forgery, key_blob=random.choice(made)).armored()


def message(random: Random, forgery: Forgery) -> bytes:
    changed = random.choice(
        (forgery.message + b"\n", forgery.message[:-1], b"", forgery.message.replace(b"\n", b"\r\n"))
    )
    return replace(forgery, message=changed).armored()


def bytes_of_blob(random: Random, forgery: Forgery) -> bytes:
    blob = bytearray(forgery.blob())
    for _ in range(random.choice((1, 1, 1, 2, 5))):
        at = random.randrange(len(blob))
        match random.randrange(5):
            case 0 | 1:
                blob[at] ^= 1 << random.randrange(8)
            case 2:
                del blob[at : at + random.choice((1, 1, 4))]
            case 3:
                blob.insert(at, random.choice((0, 1, 0x80, random.randrange(256))))
            case _:
                blob[at:at] = blob[at : at + random.randrange(1, 40)]
    return armored(bytes(blob))


def lengths(random: Random, forgery: Forgery) -> bytes:
    """Changes one of the lengths that stand before the fields."""
    blob = bytearray(forgery.blob())
    starts, at = [], 10
    while at < len(blob):
        starts.append(at)
        at += 4 + int.from_bytes(blob[at : at + 4])
    at = random.choice(starts)
    old = int.from_bytes(blob[at : at + 4])
    new = random.choice((old + 1, old - 1, 0, old + 4, 0xFFFFFFFF, 0x7FFFFFFF, old | 0x80000000)) % 2**32
    blob[at : at + 4] = new.to_bytes(4)
    return armored(bytes(blob))


def armor_text(random: Random, forgery: Forgery) -> bytes:
    text = forgery.armored().decode()
    begin, *body, end, _ = text.split("\n")
    made = [
        text.replace("\n", "\r\n"),
        text + random.choice(("\n", "text\n", " ", "\0", text)),
        random.choice(("\n", " ", "text\n", "\ufeff", begin + "\n")) + text,
        text.removesuffix("\n"),
        text.replace("-----BEGIN", random.choice(("----BEGIN", "------BEGIN", "-----begin", "-----BEGIN "))),
        text.replace(
            "-----END SSH SIGNATURE-----", random.choice(("-----END SSH SIGNATURE----", "-----END", "", end + "x"))
        ),
        text.replace("SSH SIGNATURE", random.choice(("SSH  SIGNATURE", "PGP SIGNATURE", "SSH SIGNATURES"))),
        "\n".join((begin, "Comment: reviewed", "", *body, end, "")),
        "\n".join((begin, "", *body, end, "")),
        "\n".join((begin, *body, "", end, "")),
        "\n".join((begin, body[0] + random.choice((" ", "\t", "\v", "\0", "=", "-", "\u00e9")), *body[1:], end, "")),
        "\n".join((begin, " " + body[0], *body[1:], end, "")),
        "\n".join((begin, *body[:-1], body[-1].rstrip("=") + random.choice(("", "=", "==", "===", "A")), end, "")),
        "\n".join((begin, *body[1:], end, "")),
        "\n".join((begin, *body, *body, end, "")),
        f"{begin}\n{end}\n",
        "\n".join((begin, "".join(body).replace("A", "-").replace("/", "_"), end, "")),
        "",
    ]
    return random.choice(made).encode()


def padding(random: Random, forgery: Forgery) -> bytes:
    """Sets bits of the last base64 character that stand for nothing."""
    blob = forgery.blob()
    if len(blob) % 3 == 0:
        return armored(blob)
    text = base64.b64encode(blob).decode().rstrip("=")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = alphabet[alphabet.index(text[-1]) ^ random.choice((1, 2, 3))]
    body = text[:-1] + last + "=" * (-len(text) % 4)
    return f"-----BEGIN SSH SIGNATURE-----\n{body}\n-----END SSH SIGNATURE-----\n".encode()


FIELDS: tuple[Mutation, ...] = (
    namespace,
    reserved,
    hidden_reserved,
    hash_name,
    version,
    magic,
    tails,
    algorithm,
    presence,
    numbers,
    key_blob,
    message,
)
ARMOR: tuple[Mutation, ...] = (armor_text, armor_text, padding)
