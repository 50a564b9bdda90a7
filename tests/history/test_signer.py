"""Signing with a named key, or that of git's settings: the person's and the machine's, never the repository's."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.gnupg import Gnupg

from accredit.history import keys, openpgp, sshsig
from accredit.history.by_hand import openpgp_commands, ssh_commands
from accredit.history.signer import SigningError, SigningKey, configured, sign

MESSAGE = b"kind: approval/v1\nreviewer: bob\n"
pytestmark = pytest.mark.skipif(
    not (shutil.which("ssh-keygen") and shutil.which("ssh-agent") and shutil.which("git")),
    reason="git or OpenSSH, with which people sign, is not installed",
)
needs_gpg = pytest.mark.skipif(
    not (shutil.which("gpg") and shutil.which("gpgv") and openpgp.AVAILABLE),
    reason="GnuPG or the extra accredit[openpgp] is not installed",
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, and a clone with hostile settings that is the current folder."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.chdir(hostile_clone(tmp_path / "clone"))
    return folder


def hostile_clone(folder: Path) -> Path:
    """A repository whose own configuration names a program that leaves a trace, and a stranger's key."""
    folder.mkdir()
    subprocess.run(["git", "init", "-q", folder], check=True)
    program = folder / "program.sh"
    program.write_text(f"#!/bin/sh\necho hit >> {folder}/hit\nexit 1\n")
    program.chmod(0o755)
    for name in (
        "gpg.ssh.program",
        "gpg.program",
        "gpg.openpgp.program",
        "gpg.ssh.defaultKeyCommand",
        "core.fsmonitor",
    ):
        subprocess.run(["git", "-C", folder, "config", name, program], check=True)
    for name, value in {"gpg.format": "ssh", "user.signingkey": "/stranger", "core.pager": str(program)}.items():
        subprocess.run(["git", "-C", folder, "config", name, value], check=True)
    return folder


def environment(home: Path, **more: str) -> dict[str, str]:
    return {"HOME": str(home), "PATH": os.environ["PATH"], "GIT_CONFIG_COUNT": "x", **more}


def configure(home: Path, **settings: str) -> None:
    for name, value in settings.items():
        command = ["git", "config", "--global", name.replace("_", "."), value]
        subprocess.run(command, env={"HOME": str(home), "PATH": os.environ["PATH"]}, check=True)


def make_key(path: Path, *options: str) -> keys.PublicKey:
    kind = options or ("-t", "ed25519")
    subprocess.run(["ssh-keygen", "-q", *kind, "-N", "", "-C", "throw-away, for a test", "-f", path], check=True)
    return keys.parse_line(path.with_suffix(".pub").read_text())


@pytest.fixture
def agent(home: Path) -> Iterator[dict[str, str]]:
    """The environment of somebody whose only key is in an agent."""
    with tempfile.TemporaryDirectory(prefix="agent-") as folder:
        socket = Path(folder) / "s"
        process = subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.DEVNULL)
        try:
            made = environment(home, SSH_AUTH_SOCK=str(socket))
            subprocess.run(["sh", "-c", f"while [ ! -S {socket} ]; do :; done"], check=True, timeout=10)
            make_key(home / "agent")
            subprocess.run(["ssh-add", "-q", home / "agent"], env=made, check=True)
            (home / "agent").unlink()
            yield made
        finally:
            process.terminate()
            process.wait()


@pytest.mark.parametrize("suffix", ["", ".pub"])
def test_the_key_of_gits_own_configuration_signs_exact_bytes_in_silence(home, suffix, capfd):
    public = make_key(home / "id")
    configure(home, gpg_format="ssh", user_signingkey=f"~/id{suffix}")
    message = b"no line end, \r\n and a NUL \0"
    signed = sign(message, sshsig.APPROVAL, configured(environment(home)), environment(home))
    assert sshsig.verify(signed.signature, message, sshsig.APPROVAL, public).valid
    assert (signed.suffix, signed.key) == (".sig", public.fingerprint)
    assert capfd.readouterr() == ("", "")


def test_settings_of_the_repository_and_of_git_variables_are_not_read(home):
    variables = {"GIT_DIR": str(Path.cwd() / ".git"), "GIT_CONFIG_GLOBAL": str(Path.cwd() / ".git/config")}
    with pytest.raises(SigningError, match=r"user\.signingkey is not set"):
        configured(environment(home, **variables))
    assert not Path("hit").exists()


def test_an_included_file_of_the_person_counts(home):
    (home / "work.gitconfig").write_text("[gpg]\nformat = ssh\n[user]\nsigningkey = ~/work.pub\n")
    configure(home, include_path=str(home / "work.gitconfig"))
    assert configured(environment(home)) == SigningKey("ssh", str(home / "work.pub"), "ssh-keygen")


def test_a_named_key_comes_before_the_configured_one(home):
    public = make_key(home / "other", "-t", "ecdsa", "-b", "384")
    configure(home, gpg_format="openpgp", user_signingkey="ABCD")
    key = configured(environment(home), str(home / "other"))
    signed = sign(MESSAGE, sshsig.REQUEST, key, environment(home))
    assert sshsig.verify(signed.signature, MESSAGE, sshsig.REQUEST, public).valid


@pytest.mark.parametrize("how", ["{line}", "key::{line}", "{path}"])
def test_a_key_in_the_agent_signs(home, agent, how):
    line = (home / "agent.pub").read_text()
    configure(home, gpg_format="ssh", user_signingkey=how.format(line=line.strip(), path=home / "agent.pub"))
    signed = sign(MESSAGE, sshsig.APPROVAL, configured(agent), agent)
    assert sshsig.verify(signed.signature, MESSAGE, sshsig.APPROVAL, keys.parse_line(line)).valid


def test_without_a_key_the_one_of_the_default_key_command_signs(home, agent):
    configure(home, gpg_format="ssh", gpg_ssh_defaultKeyCommand="ssh-add -L")
    signed = sign(MESSAGE, sshsig.APPROVAL, configured(agent), agent)
    assert signed.key == keys.parse_line((home / "agent.pub").read_text()).fingerprint


def test_a_program_of_the_persons_own_configuration_signs(home):
    public = make_key(home / "id")
    program = home / "bin with space"
    program.write_text('#!/bin/sh\necho used >> "$HOME/used"\nexec ssh-keygen "$@"\n')
    program.chmod(0o755)
    configure(home, gpg_format="ssh", user_signingkey="~/id", gpg_ssh_program="~/bin with space")
    signed = sign(MESSAGE, sshsig.APPROVAL, configured(environment(home)), environment(home))
    assert sshsig.verify(signed.signature, MESSAGE, sshsig.APPROVAL, public).valid
    assert (home / "used").exists()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "user.signingkey is not set"),
        ({"gpg_format": "ssh"}, "user.signingkey is not set"),
        ({"gpg_format": "x509"}, "sign with x509"),
        ({"gpg_format": "ssh", "user_signingkey": "~/nowhere"}, "no key file"),
        ({"gpg_format": "ssh", "user_signingkey": "key::ssh-dss AAAA"}, "not a type of key that counts"),
        ({"gpg_format": "ssh", "user_signingkey": "ssh-ed25519 AAAA"}, "ends too early"),
        (
            {"gpg_format": "ssh", "user_signingkey": "~/x", "gpg_ssh_program": "/nowhere"},
            "/nowhere, which signs, is not",
        ),
        ({"gpg_format": "ssh", "gpg_ssh_defaultKeyCommand": "true"}, "printed no SSH key"),
        ({"gpg_format": "ssh", "gpg_ssh_defaultKeyCommand": "/nowhere"}, "could not be run"),
        ({"user_signingkey": "nobody@example.com"}, "gpg could not sign with the OpenPGP key nobody@example.com"),
    ],
)
def test_what_stops_a_person_from_signing_is_said_with_its_remedy(home, settings, message):
    configure(home, **settings)
    if "gpg could" in message and not shutil.which("gpg"):
        pytest.skip("GnuPG is not installed")
    with pytest.raises(SigningError, match=message.replace(".", r"\.")) as stopped:
        sign(MESSAGE, sshsig.APPROVAL, configured(environment(home)), environment(home))
    assert stopped.value.hint


def test_a_key_that_nobody_would_count_is_refused_when_signing(home):
    subprocess.run(["ssh-keygen", "-q", "-t", "rsa", "-b", "1024", "-N", "", "-f", home / "weak"], check=True)
    with pytest.raises(SigningError, match="1024 bits"):
        sign(MESSAGE, sshsig.APPROVAL, configured(environment(home), str(home / "weak")), environment(home))


def test_a_key_that_the_agent_does_not_hold_cannot_sign(home, agent):
    make_key(home / "lost")
    (home / "lost").unlink()
    with pytest.raises(SigningError, match="ssh-keygen could not sign"):
        sign(MESSAGE, sshsig.APPROVAL, configured(agent, str(home / "lost.pub")), agent)


@pytest.fixture
def gnupg() -> Iterator[Gnupg]:
    with tempfile.TemporaryDirectory(prefix="gpg-") as folder:
        made = Gnupg(Path(folder))
        made.home.chmod(0o700)
        made.make("bob")
        yield made
        made.stop()


@needs_gpg
@pytest.mark.parametrize("setting", ["user_signingkey", "user_email"])
def test_an_openpgp_key_signs_where_git_is_configured_so(home, gnupg, setting):
    (gnupg.home / "gpg.conf").write_text(
        "comment approved\nemit-version\ntextmode\ndefault-sig-expire 1y\ndigest-algo SHA1\n"
    )
    configure(home, **{setting: "bob@example.com"})
    with_keyring = environment(home, GNUPGHOME=str(gnupg.home))
    signed = sign(MESSAGE, sshsig.APPROVAL, configured(with_keyring), with_keyring)
    assert signed.suffix == ".asc"
    assert openpgp.verify(signed.signature, MESSAGE, gnupg.public("bob")).valid


def committed(files: dict[str, bytes]) -> Path:
    clone = Path.cwd()
    shutil.rmtree(clone / ".git")
    subprocess.run(["git", "init", "-q", clone], check=True)
    for path, content in files.items():
        (clone / path).parent.mkdir(parents=True, exist_ok=True)
        (clone / path).write_bytes(content)
    subprocess.run(["git", "add", "-A"], check=True)
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.com")
    subprocess.run(["git", *identity, "commit", "-q", "-m", "x"], check=True)
    return clone


def exit_codes(commands: tuple[str, str]) -> list[int]:
    return [subprocess.run(["sh", "-c", command], capture_output=True, check=False).returncode for command in commands]


def test_the_two_commands_check_an_ssh_signature_by_hand(home):
    public = make_key(home / "id")
    signed = sign(MESSAGE, sshsig.APPROVAL, configured(environment(home), str(home / "id")), environment(home))
    path = "models/m 'quoted'/approvals/bob.yaml"
    committed({path: MESSAGE, f"{path}.sig": signed.signature})
    given = {"path": path, "signature": f"{path}.sig", "person": "bob", "key": public}
    assert exit_codes(ssh_commands(**given, namespace=sshsig.APPROVAL)) == [0, 0]
    assert exit_codes(ssh_commands(**given, namespace=sshsig.REQUEST)) == [0, 255]
    committed({path: MESSAGE + b"x"})
    assert exit_codes(ssh_commands(**given, namespace=sshsig.APPROVAL)) == [0, 255]


@needs_gpg
@pytest.mark.usefixtures("home")
def test_the_two_commands_check_an_openpgp_signature_by_hand(gnupg):
    committed({"bob.yaml": MESSAGE, "bob.yaml.asc": gnupg.sign("bob", MESSAGE)})
    given = {"path": "bob.yaml", "signature": "bob.yaml.asc", "person": "bob", "public": gnupg.public("bob")}
    assert exit_codes(openpgp_commands(**given)) == [0, 0]
    committed({"bob.yaml": MESSAGE + b"x"})
    assert exit_codes(openpgp_commands(**given))[1] == 1
