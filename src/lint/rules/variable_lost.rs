//! Variables that are read in one step and set in another.

use std::collections::{HashMap, HashSet};

use crate::base::TextRange;
use crate::check::StepScript;
use crate::diag::{Sink, code};
use crate::lint::ambient::is_ambient;
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};
use crate::script::{Command, Dialect, HOLE, Reach, Script, Variable, Within, Word};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::VARIABLE_LOST,
        confidence: Confidence::Likely,
        evidence: "https://github.com/danielsollondon/azvmimagebuilder/tree/master/solutions/4_Using_ENV_Variables",
        on: true,
    },
    check,
};

/// What a script has in it that sets variables for what runs later, in whatever way.
static KEEPERS: &[&str] = &[
    "/etc/environment",
    "environment.d",
    "pam_env",
    "/etc/profile",
    "profile.d",
    ".profile",
    ".bash_profile",
    "bashrc",
    "zshenv",
    "setx",
    "SetEnvironmentVariable",
    "\\Environment",
    "$PROFILE",
];

/// Commands after which anything may be set: they run a text in the script itself, or read the environment anew.
static RUNNERS: &[(Dialect, &[&str])] = &[
    (Dialect::Sh, &[".", "source", "eval"]),
    (
        Dialect::PowerShell,
        &[
            ".",
            "invoke-expression",
            "iex",
            "refreshenv",
            "update-sessionenvironment",
            "import-module",
            "ipmo",
        ],
    ),
];

/// Commands that set the variables that their arguments name.
static DECLARERS: &[(Dialect, &[&str])] = &[
    (
        Dialect::Sh,
        &[
            "export",
            "declare",
            "typeset",
            "readonly",
            "local",
            "read",
            "mapfile",
            "readarray",
            "printf",
            "getopts",
        ],
    ),
    (Dialect::PowerShell, &["set-variable", "new-variable", "sv", "nv"]),
];

/// What sets a variable of the environment whose name is itself in one.
static OPEN_SETTERS: &[&str] = &["SetEnvironmentVariable($", "setx $", "setx \"$"];

/// Programs that put a file in the place of another one.
static COPIERS: &[&str] = &["cp", "mv", "install", "ln", "rsync", "curl", "wget", "sed", "tar"];

/// Drives of PowerShell whose items are variables.
static DRIVES: &[&str] = &["env:", "variable:"];

/// What a variable is known by: whether it is one of PowerShell's environment, and its name.
type Key = (Dialect, bool, String);

/// What earlier steps have set.
#[derive(Default)]
struct Earlier<'i, 'a> {
    setters: HashMap<Key, Setter<'i, 'a>>,
    /// The words of scripts that may set variables for all that runs later, in lower case.
    kept: HashSet<String>,
    /// Whether one of them takes the names from elsewhere.
    keeps_any: bool,
}

struct Setter<'i, 'a> {
    title: String,
    script: &'i StepScript<'a>,
    range: TextRange,
}

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let mut earlier = Earlier::default();
        for (step, script) in image.scripts() {
            if KEEPERS.iter().any(|keeper| script.mentions(keeper)) {
                let words = script.text.split(|c: char| !c.is_alphanumeric() && c != '_');
                earlier.kept.extend(words.map(str::to_lowercase));
                earlier.keeps_any |= keeps_unknown(script);
            }
            if !earlier.setters.is_empty() && !earlier.keeps_any && !may_set_anything(script) {
                lost(cx, &earlier, &step.title(), script, sink);
            }
            let read = &script.script;
            for set in read.assignments.iter().filter(|a| is_plain(read, a.scope)) {
                let environment = match set.reach {
                    Reach::Script => false,
                    Reach::Programs => read.dialect == Dialect::PowerShell,
                    Reach::Part | Reach::Machine => continue,
                };
                let setter = Setter { title: step.title(), script, range: set.range };
                earlier.setters.insert(key(read.dialect, environment, &set.name), setter);
            }
        }
    }
}

/// Reports what a script reads and only an earlier step sets.
fn lost(cx: &Context<'_>, earlier: &Earlier<'_, '_>, title: &str, script: &StepScript<'_>, sink: &mut Sink) {
    let read = &script.script;
    let dialect = read.dialect;
    let mut done: HashSet<Key> = unsure(script);
    for used in &read.uses {
        let key = key(dialect, used.environment, &used.name);
        let Some(setter) = earlier.setters.get(&key) else { continue };
        if is_ambient(dialect, &key.2)
            || earlier.kept.contains(&used.name.to_lowercase())
            || !is_plain(read, used.scope)
            || !done.insert(key)
        {
            continue;
        }
        let name = if used.environment { format!("env:{}", used.name) } else { used.name.clone() };
        let d = finding(
            &code::VARIABLE_LOST,
            &cx.place(script, used.range),
            format!("`${name}` is not set in {title}"),
        )
        .here("reads nothing here")
        .also(
            cx.place(setter.script, setter.range).span,
            format!("{} sets it for itself alone", setter.title),
        )
        .note("each step runs in a process of its own, which ends with all variables that it has");
        sink.push(d.help(match dialect {
            Dialect::Sh => cx.words(
                "set it in this step too: a `let` holds what several steps need; what is known only at run time is written to a file",
                "set it in this step too, or write it to a file that both steps read",
            ),
            Dialect::PowerShell => cx.words(
                "set it in this step too: a `let` holds what several steps need; what is known only at run time is kept by \
                 `[Environment]::SetEnvironmentVariable('…', …, 'Machine')`",
                "set it in this step too, or keep it for all steps with `[Environment]::SetEnvironmentVariable('…', …, 'Machine')`",
            ),
        }));
    }
}

fn key(dialect: Dialect, environment: bool, name: &str) -> Key {
    match dialect {
        Dialect::Sh => (dialect, environment, name.to_owned()),
        Dialect::PowerShell => (dialect, environment, name.to_lowercase()),
    }
}

/// Whether what has this scope is the script's own: neither a function's, which may run anywhere or never, nor of a script
/// within it.
fn is_plain(script: &Script, scope: Option<usize>) -> bool {
    !enclosing(script, scope).any(|within| matches!(within, Within::Function(_) | Within::Wrapper(_)))
}

fn enclosing(script: &Script, scope: Option<usize>) -> impl Iterator<Item = &Within> {
    let first = scope.and_then(|at| script.scopes.get(at));
    std::iter::successors(first, |scope| scope.outer.and_then(|at| script.scopes.get(at))).map(|s| &s.kind)
}

/// Whether nobody can tell what a script sets: it is not known in full, or runs what is not.
fn may_set_anything(script: &StepScript<'_>) -> bool {
    let read = &script.script;
    let named = |rows: &[(Dialect, &[&str])], command: &Command, first: &Word| {
        let name = first.text.to_lowercase();
        rows.iter().any(|(dialect, names)| *dialect == command.dialect && names.contains(&name.as_str()))
    };
    let opaque = |command: &Command| {
        let mut words = command.words.iter().filter(|w| w.redirect.is_none());
        let Some(first) = words.next() else { return false };
        named(RUNNERS, command, first)
            || command.program().is_some_and(|(name, _)| name == "eval" || name == "invoke-expression")
            || words.any(|word| match named(DECLARERS, command, first) {
                true => has_open_name(word),
                false => command.dialect == Dialect::PowerShell && !word.is_known() && is_in_drive(word),
            })
    };
    read.in_parts
        || script.text.lines().any(|line| line.trim_start().starts_with(HOLE))
        || OPEN_SETTERS.iter().any(|text| script.mentions(text))
        || read.dialect == Dialect::PowerShell && has_dot_sourcing(&script.text)
        || read.commands.iter().any(opaque)
}

/// Whether a script that keeps variables for later ones takes their names from elsewhere: it puts a file in place, or writes
/// what is known only when it runs.
fn keeps_unknown(script: &StepScript<'_>) -> bool {
    let read = &script.script;
    let is_target = |word: &Word| KEEPERS.iter().any(|keeper| word.text.contains(keeper));
    let unknown = |command: &&Command| {
        let copies = command.program().is_some_and(|(name, args)| {
            let reads_files = name == "cat" && args.iter().any(|w| w.redirect.is_none());
            COPIERS.contains(&name) || reads_files
        });
        let written = |c: &Command| c.words.iter().any(|w| w.redirect.is_none() && has_open_name(w));
        copies || written(command) || read.sources(command).into_iter().any(written)
    };
    let keepers = read.commands.iter().filter(|c| c.dialect == Dialect::Sh && c.words.iter().any(is_target));
    read.in_parts
        || OPEN_SETTERS.iter().any(|text| script.mentions(text))
        || keepers.into_iter().any(|command| unknown(&command))
}

/// Whether the name of a variable in `name=value`, or the whole word, is itself expanded.
fn has_open_name(word: &Word) -> bool {
    let name = word.text.find('=').unwrap_or(word.text.len());
    word.expansions.first().is_some_and(|e| e.start < name)
        || word.text.get(..name).unwrap_or_default().contains(HOLE)
}

fn is_in_drive(word: &Word) -> bool {
    let text = word.text.to_lowercase();
    DRIVES.iter().any(|drive| text.starts_with(drive))
}

/// Whether a script has `. file`, which runs a file as a part of it.
fn has_dot_sourcing(text: &str) -> bool {
    text.match_indices(". ").chain(text.match_indices(".\t")).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default().trim_end_matches([' ', '\t']);
        before.is_empty() || before.ends_with(['\n', '\r', ';', '{', '(', '|', '&', '='])
    })
}

/// The variables that a script sets itself, or whose lack it seems to expect.
fn unsure(script: &StepScript<'_>) -> HashSet<Key> {
    let read = &script.script;
    let dialect = read.dialect;
    let mut found = HashSet::new();
    for set in &read.assignments {
        found.extend([false, true].map(|environment| key(dialect, environment, &set.name)));
    }
    let expected = |used: &&Variable| {
        used.may_lack
            || match dialect {
                Dialect::Sh => is_tested(&script.text, used.range),
                Dialect::PowerShell => {
                    enclosing(read, used.scope).any(|within| matches!(within, Within::Condition))
                }
            }
    };
    let lacking = read.uses.iter().filter(expected);
    found.extend(lacking.map(|used| key(dialect, used.environment, &used.name)));
    // `Test-Path env:X`, `Get-Variable x`
    let asked = read.commands.iter().filter(|c| c.program().is_some_and(|(name, _)| ASKERS.contains(&name)));
    for word in asked.flat_map(|command| &command.words) {
        let name = word.text.rsplit([':', '\\', '/']).next().unwrap_or_default();
        found.extend([false, true].map(|environment| key(dialect, environment, name)));
    }
    found
}

/// Commands that look whether there is a variable.
static ASKERS: &[&str] =
    &["test-path", "get-variable", "gv", "get-item", "gi", "get-childitem", "gci", "dir", "ls"];

/// Whether a shell asks if a variable is empty: `-z "$x"`, `-n $x`, `"$x" = ""`.
fn is_tested(text: &str, used: TextRange) -> bool {
    let before = text.get(..used.start as usize).unwrap_or_default().trim_end_matches('"').trim_end();
    let after = text.get(used.end as usize..).unwrap_or_default().trim_start_matches('"').trim_start();
    let compared = after.strip_prefix(['=', '!']).map(|rest| rest.trim_start_matches('=').trim_start());
    let option = before.strip_suffix("-z").or_else(|| before.strip_suffix("-n")).map(str::trim_end);
    option
        .is_some_and(|rest| ["[", "test", "!", "&&", "||", "-a", "-o", "("].iter().any(|o| rest.ends_with(o)))
        || compared.is_some_and(|rest| rest.starts_with("\"\"") || rest.starts_with("''"))
}
