//! `aib diff`

use std::fmt::Write;

use anstyle::Style;

use super::{inputs, tell};
use crate::analysis::{self, Outcome, Versus};
use crate::base::{plural, pointer_steps};
use crate::cli::args::{Diff, Findings, TextOrJson};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::style::{ADDED, CHANGED, QUIET, REMOVED, STRONG, paint, plain};
use crate::cli::terminal::Terminal;
use crate::diag::Severity;
use crate::diff::{Change, Class, Difference, Kind, ResourceChange, RoleChange, Topic, short_pair, to_json};

/// The most characters of a value that are shown.
const MAX_VALUE: usize = 100;

pub(super) fn run(args: &Diff, terminal: &Terminal) -> Result<Exit, Failure> {
    let Some(given) = inputs::given_or_told(&args.values, terminal) else { return Ok(Exit::Unusable) };
    let mut compared = analysis::compare(&Versus {
        old: inputs::file(&args.old),
        new: inputs::file(&args.new),
        given,
        api_version: args.values.api_version.clone(),
    });
    let in_spite = told(&mut compared.outcomes, terminal)?;
    let failures: Vec<Failure> = compared.unusable.iter().map(Failure::from).collect();
    terminal.failures(&failures);
    let Some(difference) = &compared.difference else {
        if failures.is_empty() {
            terminal.tell("nothing was compared\n");
        }
        return Ok(Exit::Unusable);
    };
    if in_spite {
        terminal.tell("compared in spite of these errors: Azure would refuse what they are about\n");
    }
    let (old, new) = &compared.names;
    terminal.print(&match args.format {
        TextOrJson::Json => to_json(difference, old, new),
        TextOrJson::Human => human(difference, old, new),
    })?;
    Ok(if difference.is_empty() { Exit::Clean } else { Exit::Findings })
}

/// Tells what stops sources, and what Azure would refuse; what they are warned of is no difference. Whether there is
/// something that Azure would refuse in a source that can be compared.
fn told(outcomes: &mut [Outcome], terminal: &Terminal) -> Result<bool, Failure> {
    let mut in_spite = false;
    for outcome in outcomes {
        if outcome.is_usable() {
            outcome.diagnostics.retain(|found| found.severity == Severity::Error);
            if outcome.diagnostics.is_empty() {
                continue;
            }
            in_spite = true;
        }
        tell::outcome(outcome, &Findings::default(), terminal)?;
    }
    Ok(in_spite)
}

fn human(difference: &Difference, old: &str, new: &str) -> String {
    if difference.is_empty() {
        return format!("{} and {} deploy the same\n", plain(old), plain(new));
    }
    let mut out = String::new();
    section("parameters", &difference.parameters, &mut out);
    section("variables", &difference.variables, &mut out);
    for found in &difference.resources {
        resource(found, &mut out);
    }
    section("outputs", &difference.outputs, &mut out);
    if let Some(found) = difference.roles.as_ref().filter(|roles| !roles.is_empty()) {
        roles(found, &mut out);
    }
    out.push_str(&summary(difference));
    out
}

fn section(title: &str, changes: &[Change], out: &mut String) {
    if changes.is_empty() {
        return;
    }
    line(out, 0, paint(STRONG, title));
    for found in changes {
        change(found, out);
    }
    out.push('\n');
}

fn resource(found: &ResourceChange, out: &mut String) {
    let what = match found.noun {
        "resource" => format!("resource {}", plain(&found.ty)),
        noun => noun.to_owned(),
    };
    let name = match &found.old_name {
        Some(old) => format!("{} (was {})", plain(&found.name), plain(old)),
        None => plain(&found.name),
    };
    let mark = paint(style_of(found.kind), mark(found.kind));
    let class = paint(style_of_class(found.class), said(found.class));
    line(out, 0, format!("{mark} {}: {class}", paint(STRONG, format!("{what} {name}"))));
    for found in &found.changes {
        change(found, out);
    }
    for word in &found.consequences {
        let about = match word.topic {
            Topic::Resource => String::new(),
            topic => format!("{}: ", topic.name()),
        };
        line(out, 2, format!("{} {about}{}", paint(QUIET, "="), plain(&word.text)));
    }
    out.push('\n');
}

/// A change: its mark, place and meaning; then the values, each on a line of its own.
fn change(found: &Change, out: &mut String) {
    let mark = paint(style_of(found.kind), mark(found.kind));
    let mut text = format!("{mark} {}", plain(&shown_path(&found.path)));
    if let Some(label) = &found.label {
        let _ = write!(text, " {}", paint(QUIET, format!("({})", plain(label))));
    }
    if let (Kind::Moved, Some(old)) = (found.kind, &found.old_path) {
        let _ = write!(text, " from {}", plain(&shown_path(old)));
    }
    if let Some(class) = found.class {
        let _ = write!(text, ": {}", paint(style_of_class(class), said(class)));
        if let Some(rule) = found.rule.filter(|rule| rule.class == Class::Refused) {
            let _ = write!(text, ", since {}", rule.why);
        }
    }
    if found.by_default {
        text.push_str(&paint(QUIET, " (with the default)"));
    }
    line(out, 2, text);
    if found.kind == Kind::Moved {
        return;
    }
    let (old, new) = match (&found.old, &found.new) {
        (Some(old), Some(new)) => {
            let (old, new) = short_pair(old, new, MAX_VALUE);
            (Some(old), Some(new))
        }
        (old, new) => (old.as_ref().map(|v| v.short(MAX_VALUE)), new.as_ref().map(|v| v.short(MAX_VALUE))),
    };
    if let Some(old) = old {
        line(out, 6, paint(REMOVED, format!("- {}", plain(&old))));
    }
    if let Some(new) = new {
        line(out, 6, paint(ADDED, format!("+ {}", plain(&new))));
    }
}

/// A pointer as people write paths: `properties.customize[2].inline[0]`.
fn shown_path(pointer: &str) -> String {
    let mut out = String::new();
    for step in pointer_steps(pointer) {
        if !step.is_empty() && step.bytes().all(|b| b.is_ascii_digit()) {
            let _ = write!(out, "[{step}]");
        } else if step.contains(['.', '/', '[']) {
            let _ = write!(out, "['{step}']");
        } else {
            let dot = if out.is_empty() { "" } else { "." };
            let _ = write!(out, "{dot}{step}");
        }
    }
    out
}

fn roles(changes: &[RoleChange], out: &mut String) {
    line(out, 0, paint(STRONG, "roles"));
    for role in changes {
        let mark = paint(style_of(role.kind), mark(role.kind));
        line(out, 2, format!("{mark} {} on {}", plain(&role.principal), plain(&role.scope)));
        // What is called the same is told apart by its id.
        let same = |other: &&RoleChange| other.principal == role.principal && other.scope == role.scope;
        if changes.iter().filter(same).any(|other| other.principal_id != role.principal_id) {
            line(out, 6, paint(QUIET, format!("to {}", plain(&role.principal_id))));
        }
        if changes.iter().filter(same).any(|other| other.scope_id != role.scope_id) {
            line(out, 6, paint(QUIET, format!("at {}", plain(&role.scope_id))));
        }
        if let Some(old) = &role.old {
            line(out, 6, paint(REMOVED, format!("- {}", plain(old))));
        }
        if let Some(new) = &role.new {
            line(out, 6, paint(ADDED, format!("+ {}", plain(new))));
        }
        for reason in &role.reasons {
            line(out, 6, paint(QUIET, format!("because of {}", plain(reason))));
        }
    }
    out.push('\n');
}

/// `1 to replace, 2 in place; 1 role`.
fn summary(difference: &Difference) -> String {
    let classes = [
        (Class::Create, "to create"),
        (Class::Beside, "to create beside the old one"),
        (Class::InPlace, "to update in place"),
        (Class::Replace, "to replace"),
        (Class::Refused, "to replace, since an update is refused"),
        (Class::Changed, "changed"),
        (Class::Remove, "not deployed any more"),
    ];
    let counts = classes.iter().filter_map(|(class, words)| {
        let count = difference.resources.iter().filter(|found| found.class == *class).count();
        (count > 0).then(|| format!("{count} {words}"))
    });
    let mut parts: Vec<String> = counts.collect();
    let others = [
        (difference.parameters.len(), "change of parameters", "changes of parameters"),
        (difference.variables.len(), "change of variables", "changes of variables"),
        (difference.outputs.len(), "change of outputs", "changes of outputs"),
    ];
    for (count, one, many) in others {
        match count {
            0 => {}
            1 => parts.push(format!("1 {one}")),
            _ => parts.push(format!("{count} {many}")),
        }
    }
    let roles = difference.roles.as_ref().map_or(0, Vec::len);
    if roles > 0 {
        parts.push(format!("{} changed", plural(roles, "role")));
    }
    format!("{}\n", parts.join(", "))
}

fn line(out: &mut String, indent: usize, text: impl AsRef<str>) {
    let _ = writeln!(out, "{}{}", " ".repeat(indent), text.as_ref());
}

fn mark(kind: Kind) -> &'static str {
    match kind {
        Kind::Added => "+",
        Kind::Removed => "-",
        Kind::Changed => "~",
        Kind::Moved => ">",
    }
}

fn style_of(kind: Kind) -> Style {
    match kind {
        Kind::Added => ADDED,
        Kind::Removed => REMOVED,
        Kind::Changed | Kind::Moved => CHANGED,
    }
}

fn said(class: Class) -> &'static str {
    match class {
        Class::Changed => "changed",
        Class::Create => "create",
        Class::Remove => "not deployed any more",
        Class::InPlace => "in place",
        Class::Beside => "create beside the old one",
        Class::Refused => "refused",
        Class::Replace => "replace",
    }
}

fn style_of_class(class: Class) -> Style {
    match class {
        Class::Changed | Class::InPlace => CHANGED,
        Class::Create | Class::Beside => ADDED,
        Class::Remove | Class::Refused | Class::Replace => REMOVED,
    }
}
