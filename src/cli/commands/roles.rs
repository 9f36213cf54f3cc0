//! `aib roles`

use crate::access::{self, Because, Comparison, HeldRole, Report, Right, Role, Who};
use crate::analysis::{self, Outcome, Request};
use crate::arm::Deployment;
use crate::base::{list_words, plural};
use crate::check::Program;
use crate::cli::args::{Findings, Roles, RolesFormat};
use crate::cli::exit::Exit;
use crate::cli::failure::{self, Failure};
use crate::cli::style::{ADDED, CHANGED, QUIET, REMOVED, STRONG, paint, plain};
use crate::cli::terminal::Terminal;
use crate::diag::{Gate, Severity};
use crate::emit::Emit;

use super::{inputs, tell};

pub(super) fn run(args: &Roles, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut failures = Vec::new();
    let found = inputs::all(&args.inputs, inputs::to_check_of, &mut failures);
    let given = inputs::given_or_failed(&args.values, &mut failures);
    let held = held(args, &mut failures);
    if !failures.is_empty() {
        terminal.failures(&failures);
        return Ok(Exit::Unusable);
    }
    let mut outcome = analysis::run(&Request {
        inputs: found,
        given,
        api_version: args.values.api_version.clone(),
        emit: vec![Emit::Arm],
        // What is needed can be told of what Azure would refuse; the errors are told.
        gate: Gate::Permissive,
        json_on_stdin: true,
        programs: true,
        ..Request::default()
    });
    let is_whole = told(&mut outcome, terminal)?;
    if !is_whole {
        terminal.tell("no rights are told: what is wrong may change them\n");
        return Ok(Exit::Unusable);
    }
    let report = report(args, &outcome)?;
    if args.check.is_empty() {
        terminal.print(&match format(args) {
            RolesFormat::Json => access::to_json(&report),
            RolesFormat::Markdown => access::to_markdown(&report),
            RolesFormat::Html => access::to_html(&report),
            RolesFormat::Human => human(&report),
        })?;
        return Ok(Exit::Clean);
    }
    let comparison = access::compare(&report, &held);
    terminal.print(&match format(args) {
        RolesFormat::Json => access::comparison_to_json(&comparison),
        RolesFormat::Human => compared(&comparison),
        RolesFormat::Markdown | RolesFormat::Html => return Err(failure::no_such_comparison()),
    })?;
    Ok(if comparison.is_exact() { Exit::Clean } else { Exit::Findings })
}

fn format(args: &Roles) -> RolesFormat {
    if args.json { RolesFormat::Json } else { args.format }
}

/// The roles that there are.
fn held(args: &Roles, failures: &mut Vec<Failure>) -> Vec<HeldRole> {
    let mut out = Vec::new();
    for path in &args.check {
        match analysis::json_file(path) {
            Ok(root) => match access::held_roles(&root) {
                Ok(roles) => out.extend(roles),
                Err(why) => failures.push(failure::no_roles(path, &why)),
            },
            Err(unusable) => failures.push(Failure::from(&unusable)),
        }
    }
    out
}

/// Tells the errors; whether every input could be read whole.
fn told(outcome: &mut Outcome, terminal: &Terminal) -> Result<bool, Failure> {
    outcome.diagnostics.retain(|found| found.severity == Severity::Error);
    let is_whole = outcome.unusable.is_empty() && outcome.entries.iter().all(|entry| entry.program.is_some());
    if !outcome.diagnostics.is_empty() || !outcome.unusable.is_empty() {
        tell::outcome(outcome, &Findings::default(), terminal)?;
    }
    Ok(is_whole)
}

/// The report about whom the arguments ask for.
fn report(args: &Roles, outcome: &Outcome) -> Result<Report, Failure> {
    let programs: Vec<&Program> =
        outcome.entries.iter().filter_map(|entry| entry.program.as_deref()).collect();
    let deployment =
        Deployment { subscription: args.subscription.clone(), resource_group: args.resource_group.clone() };
    let of = |who| access::report(&programs, &outcome.sources, &deployment, who, args.together);
    let default = if args.check.is_empty() { Who::All } else { Who::Identities };
    let Some(asked) = &args.who else { return Ok(of(default)) };
    let words = [
        ("identities", Who::Identities),
        ("caller", Who::Caller),
        ("approver", Who::Approver),
        ("all", Who::All),
    ];
    if let Some((_, who)) = words.iter().find(|(word, _)| word == asked) {
        return Ok(of(*who));
    }
    let mut report = of(Who::Identities);
    let known: Vec<String> = report.parties.iter().map(|party| party.label().to_owned()).collect();
    report.parties.retain(|party| party.label() == asked);
    match report.parties.is_empty() {
        true => Err(failure::no_such_principal(asked, &known)),
        false => Ok(report),
    }
}

fn human(report: &Report) -> String {
    let mut out = String::new();
    for party in &report.parties {
        let id = party.id.as_ref().map(|id| format!(" {}", paint(QUIET, plain(id)))).unwrap_or_default();
        out += &format!("{}: {}{id}\n", paint(STRONG, plain(&party.name)), party.purpose);
        for right in &party.rights {
            self::right(right, &mut out);
        }
        out.push('\n');
    }
    if !report.open.is_empty() {
        out += &format!("{}\n", paint(STRONG, "not known"));
        for open in &report.open {
            out += &format!("  {}: {} {}\n", open.what, plain(&open.why), paint(QUIET, plain(&open.place)));
        }
        out.push('\n');
    }
    if !report.providers.is_empty() {
        let names: Vec<&str> = report.providers.iter().map(|provider| provider.namespace.as_str()).collect();
        out += &format!(
            "{} {}\n",
            paint(STRONG, "resource providers to be registered:"),
            plain(&names.join(", "))
        );
    }
    if report.parties.is_empty() {
        out += "no rights are needed\n";
    }
    out
}

fn right(right: &Right, out: &mut String) {
    let role = match &right.role {
        Role::Custom => "custom role".to_owned(),
        Role::BuiltIn { name, .. } => (*name).to_owned(),
    };
    *out += &format!("  {} on {}\n", paint(CHANGED, role), plain(&right.scope));
    for block in &right.blocks {
        for action in &block.actions {
            *out += &format!("    {action}\n");
        }
        for because in &block.because {
            *out += &format!("      {}\n", reason(because));
        }
    }
}

/// `because of image `web`: gallery image as target `prod.web` web.aib:12:5`
fn reason(because: &Because) -> String {
    let how = match because.evidence.name() {
        "documented" => String::new(),
        other => format!(" ({other})"),
    };
    let text = paint(QUIET, format!("because of {}{how}", plain(&because.text)));
    format!("{text} {}", plain(&because.place))
}

fn compared(comparison: &Comparison) -> String {
    let mut out = String::new();
    for missing in &comparison.missing {
        out += &format!("{} {} on {}\n", paint(ADDED, "missing"), missing.action, plain(&missing.scope));
        for because in &missing.because {
            out += &format!("    {}\n", reason(because));
        }
    }
    for excess in &comparison.excess {
        let kind = if excess.data { "data action " } else { "" };
        let role = paint(QUIET, format!("in `{}`", plain(&excess.role)));
        out += &format!("{} {kind}{} {role}\n", paint(REMOVED, "not needed"), plain(&excess.pattern));
        if !excess.needed.is_empty() {
            let needed: Vec<&str> = excess.needed.iter().map(String::as_str).collect();
            out += &format!("    of all that it allows {} needed\n", are(&needed));
        }
    }
    for scope in &comparison.out_of_reach {
        out +=
            &format!("{} none of the roles may be assigned at {}\n", paint(ADDED, "missing"), plain(scope));
    }
    for role in &comparison.built_in {
        let how = match &role.held_by {
            Some(name) => format!("`{}` holds what is used of it", plain(name)),
            None => "to be assigned besides".to_owned(),
        };
        out += &format!("{} {} on {}: {how}\n", paint(QUIET, "built-in role"), role.name, plain(&role.scope));
    }
    let lacking = comparison.missing.len() + comparison.out_of_reach.len();
    out += &match (lacking, comparison.excess.len()) {
        (0, 0) => "exactly what is needed\n".to_owned(),
        (0, excess) => format!("enough, and {} more than is needed\n", plural(excess, "right")),
        (missing, 0) => format!("{} missing\n", plural(missing, "right")),
        (missing, excess) => format!("{} missing, {excess} more than is needed\n", plural(missing, "right")),
    };
    out
}

fn are(names: &[&str]) -> String {
    let verb = if names.len() == 1 { "is" } else { "are" };
    format!("{} {verb}", list_words(names, "and", 20))
}
