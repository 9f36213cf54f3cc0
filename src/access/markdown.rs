//! The report in Markdown, for the person who has to approve it.

use std::fmt::Write;

use super::report::{Because, Party, Report, Right, Role};
use crate::base::{list_words, plural};
use crate::plan::Evidence;

/// The most images that the title names.
const MAX_NAMED: usize = 6;

/// The report.
pub fn to_markdown(report: &Report) -> String {
    let mut out = String::new();
    let images: Vec<&str> = report.images.iter().map(String::as_str).collect();
    let about = match images.as_slice() {
        [] => "no image".to_owned(),
        [one] => format!("image {}", code(one)),
        many => format!(
            "images {}",
            list_words(&many.iter().map(|n| code(n)).collect::<Vec<_>>(), "and", MAX_NAMED)
        ),
    };
    let _ = writeln!(out, "# Rights for {about}\n");
    if report.parties.is_empty() {
        out.push_str("Nothing is needed.\n");
    } else {
        summary(report, &mut out);
    }
    for party in &report.parties {
        self::party(party, &mut out);
    }
    if !report.open.is_empty() {
        out.push_str("\n## Not known\n\nWhat these need can't be said beforehand:\n\n");
        for open in &report.open {
            let _ = writeln!(out, "- {}: {} ({})", text(open.what), text(&open.why), code(&open.place));
        }
    }
    if !report.providers.is_empty() {
        out.push_str("\n## Resource providers\n\nThe subscription must have these registered, once:\n\n");
        for provider in &report.providers {
            let _ = writeln!(out, "- {}: {}", code(&provider.namespace), text(provider.what));
        }
    }
    out
}

/// How much it is, and what is wide in it.
fn summary(report: &Report, out: &mut String) {
    let rights = || report.parties.iter().flat_map(|party| &party.rights);
    let custom = rights().filter(|right| matches!(right.role, Role::Custom)).count();
    let built_in = rights().count() - custom;
    let what = match (custom, built_in) {
        (custom, 0) => plural(custom, "custom role"),
        (0, built_in) => plural(built_in, "built-in role"),
        (custom, built_in) => {
            format!("{} and {}", plural(custom, "custom role"), plural(built_in, "built-in role"))
        }
    };
    let _ = writeln!(
        out,
        "{what} for {}. Each right follows from a line of the definition, which stands beside it; nothing else is asked for.\n",
        plural(report.parties.len(), "principal"),
    );
    out.push_str("| principal | role | on | actions |\n|---|---|---|---|\n");
    for party in &report.parties {
        for right in &party.rights {
            let (role, actions) = match &right.role {
                Role::Custom => {
                    let count: usize = right.blocks.iter().map(|block| block.actions.len()).sum();
                    ("custom".to_owned(), count.to_string())
                }
                Role::BuiltIn { name, .. } => (text(name), "those of the role".to_owned()),
            };
            let _ = writeln!(out, "| {} | {role} | {} | {actions} |", cell(&name(party)), text(&right.scope));
        }
    }
}

fn party(party: &Party, out: &mut String) {
    let _ = writeln!(out, "\n## {}\n\n{}.", name(party), capital(party.purpose));
    if let Some(id) = &party.id {
        let _ = writeln!(out, "\nId: {}", code(id));
    }
    for right in &party.rights {
        self::right(right, out);
    }
}

fn right(right: &Right, out: &mut String) {
    let role = match &right.role {
        Role::Custom => "Custom role".to_owned(),
        Role::BuiltIn { name, .. } => text(name),
    };
    let _ = writeln!(out, "\n### {role} on {}\n\nScope: {}\n", text(&right.scope), code(&right.scope_id));
    if let Role::BuiltIn { guid, .. } = &right.role {
        let _ = writeln!(out, "Built-in role: {}\n", code(guid));
    }
    for block in &right.blocks {
        let because = |because: &Because| {
            format!("{} ({}{})", ticked(&because.text), code(&because.place), evidence(because))
        };
        let because: Vec<String> = block.because.iter().map(because).collect();
        let end = if block.actions.is_empty() { "." } else { ":" };
        let _ = writeln!(out, "Because of {}{end}\n", because.join("; "));
        for action in &block.actions {
            let _ = writeln!(out, "- {}", code(action));
        }
        if !block.actions.is_empty() {
            out.push('\n');
        }
    }
}

/// How well it is known, with the page that says so.
fn evidence(because: &Because) -> String {
    let said = match because.evidence {
        Evidence::Documented => "documented",
        Evidence::Sample => "by a sample of Microsoft's",
        Evidence::Community => "by roles that others build with",
        Evidence::Inferred => "inferred, no text says it",
    };
    format!("; [{said}]({})", because.source)
}

fn name(party: &Party) -> String {
    ticked(&party.name)
}

/// Text with words in backticks: those become code, the rest is escaped.
fn ticked(value: &str) -> String {
    let parts = value.split('`').enumerate();
    parts.map(|(at, part)| if at % 2 == 1 { code(part) } else { text(part) }).collect()
}

/// Text in which nothing is a mark.
fn text(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        if "\\`*_{}[]<>()#+!|~&$".contains(c) {
            out.push('\\');
        }
        out.push(if c.is_control() { ' ' } else { c });
    }
    out
}

/// Code, whatever backticks and bars it holds.
fn code(value: &str) -> String {
    let longest = value.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let clean: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let pad = if clean.starts_with('`') || clean.ends_with('`') || clean.is_empty() { " " } else { "" };
    format!("{fence}{pad}{clean}{pad}{fence}")
}

/// A bar ends a cell, in code too.
fn cell(markdown: &str) -> String {
    markdown.replace('|', "\\|")
}

fn capital(value: &str) -> String {
    let mut chars = value.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
