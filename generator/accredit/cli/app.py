"""The program: its commands, its exit codes, and the one place where errors are caught."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from accredit.cli.adopting import codeowners
from accredit.cli.attesting import sign
from accredit.cli.auditing import audit
from accredit.cli.check import check
from accredit.cli.closing import close
from accredit.cli.comment import comment
from accredit.cli.comparing import diff
from accredit.cli.console import print_error
from accredit.cli.controls import controls, determine, frameworks
from accredit.cli.decisions import decisions
from accredit.cli.demo import demo
from accredit.cli.doctoring import doctor
from accredit.cli.dossier import dossier
from accredit.cli.exceptions import hold, waive
from accredit.cli.governing import change
from accredit.cli.incidents import incident
from accredit.cli.lineage import impact, lineage
from accredit.cli.person import person
from accredit.cli.policy import policy
from accredit.cli.publish import build, serve, stage
from accredit.cli.reference import explain, rules, schema
from accredit.cli.renumber import renumber
from accredit.cli.retention import retention
from accredit.cli.reviewing import review
from accredit.cli.sections import sections
from accredit.cli.signing import approve, request
from accredit.cli.start import init, new
from accredit.cli.verifying import gate, history, status, verify
from accredit.errors import AccreditError

CANNOT_RUN = 2
BUG = 3
INTERRUPTED = 130


class Program(TyperGroup):
    """Runs a command and turns what stopped it into an exit code."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Exits with 0, or 1 for findings, 2 where we cannot run, 3 for a bug of ours, 130 when interrupted."""
        try:
            return super().main(*args, **kwargs)
        except AccreditError as error:
            print_error(str(error), error.hint)
            sys.exit(CANNOT_RUN)
        except OSError as error:
            print_error(f"{error.strerror}: {error.filename}" if error.filename else str(error))
            sys.exit(CANNOT_RUN)
        except Exception as error:  # noqa: BLE001 - whatever else gets here is a bug, and is reported as one
            from accredit.cli.bug import bug_report  # noqa: PLC0415 - only a bug needs it

            print(bug_report(error), file=sys.stderr)  # noqa: T201
            sys.exit(BUG)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Lists the commands by what somebody wants to do."""
        longest = max(map(len, self.commands))
        for title, names in sections(self.list_commands(ctx)):
            room = formatter.width - 6 - longest
            with formatter.section(title):
                formatter.write_dl([(n.ljust(longest), self.commands[n].get_short_help_str(room)) for n in names])

    def invoke(self, ctx: Any) -> Any:
        """Runs the command; an interruption is no bug and no finding."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            print_error("interrupted")
            sys.exit(INTERRUPTED)


app = typer.Typer(
    name="accredit",
    cls=Program,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - the form that the library calls
    if wanted:
        from accredit.reports.tool import VERSION  # noqa: PLC0415 - reading it costs time

        typer.echo(f"accredit {VERSION}")
        raise typer.Exit


@app.callback(epilog="Example: accredit check registry")
def program(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Model governance from a git repository: who approved which model, on what evidence.

    Exit codes: 0 where nothing stands against it; 1 for findings, a closed gate or nothing that counts; 2 where a
    command cannot run, with what to do on stderr; 3 for a bug of ours; 130 when interrupted.
    """


app.command(epilog="Example: accredit check registry --fail-on blocker --format sarif -o accredit.sarif")(check)
app.command(epilog="Example: accredit comment --base origin/main --output comment.md")(comment)
app.command(epilog="Example: accredit build registry --output site")(build)
app.command(epilog="Example: accredit serve")(serve)
app.command(epilog="Example: accredit stage portable")(stage)
app.command(epilog="Example: accredit explain OWN101")(explain)
app.command(epilog="Example: accredit rules")(rules)
app.command(epilog="Example: accredit schema model")(schema)
app.command(epilog="Example: accredit demo accredit-demo")(demo)
app.command(epilog="Example: accredit init registry --ci github")(init)
app.command(epilog="Example: accredit codeowners github --output .github/CODEOWNERS")(codeowners)
app.add_typer(new, name="new")
app.command(epilog="Example: accredit request credit-risk 1.0.0 --to review")(request)
app.command(epilog="Example: accredit approve credit-risk 1.0.0 --role validator")(approve)
app.command(epilog="Example: accredit close credit-risk 1.0.0 --evidence 'Report RISK-11'")(close)
app.command(epilog="Example: accredit sign waivers/credit-risk-1.0.0-fair103.yaml")(sign)
app.command(epilog="Example: accredit renumber --base origin/main")(renumber)
app.add_typer(review, name="review")
app.add_typer(change, name="change")
app.add_typer(person, name="person")
app.add_typer(policy, name="policy")
app.add_typer(decisions, name="decisions")
_WAIVE = (
    "Example: accredit waive credit-risk 1.0.0 FAIR103 --reason 'Too few under 25' --risk 'Too few approvals' "
    "--ticket RISK-7 --until 2027-02-01 --accepted-by rolf --as risk --control 'Second look' --evidence 'Report 7'"
)
app.command(epilog=_WAIVE)(waive)
app.add_typer(hold, name="hold")
app.add_typer(retention, name="retention")
_INCIDENT = (
    "Example: accredit incident credit-risk --kind discrimination --severity serious --version 1.0.0 --title 'Wrong "
    "refusals in one branch' --description 'Applicants under 25 were refused for a week without a second look'"
)
app.command(epilog=_INCIDENT)(incident)
app.command(epilog="Example: accredit controls credit-risk 1.0.0 --framework eu-ai-act")(controls)
app.command(epilog="Example: accredit frameworks --format json")(frameworks)
_DETERMINE = (
    "Example: accredit determine credit-risk 1.0.0 AIA-14 --result met --as legal --reason 'The officers were seen to "
    "overrule it, minutes B-9'"
)
app.command(epilog=_DETERMINE)(determine)
app.command(epilog="Example: accredit dossier credit-risk 1.0.0 -o dossier.html --as-of 2026-11-23")(dossier)
app.command(epilog="Example: accredit verify credit-risk 1.0.0")(verify)
app.command(epilog="Example: accredit gate credit-risk 1.0.0 --to production --format json")(gate)
app.command(epilog="Example: accredit status")(status)
app.command(epilog="Example: accredit doctor registry --as-of 2026-12-31")(doctor)
app.command(epilog="Example: accredit history credit-risk")(history)
app.command(epilog="Example: accredit diff credit-risk@1.0.0 credit-risk@1.1.0 --format markdown")(diff)
app.command(epilog="Example: accredit lineage credit-risk@1.0.0 --upstream --format svg -o lineage.svg")(lineage)
app.command(epilog="Example: accredit impact credit-raw")(impact)
app.command(epilog="Example: accredit audit --format csv --output audit.csv")(audit)


def main() -> None:
    """The `accredit` command."""
    app(prog_name="accredit")
