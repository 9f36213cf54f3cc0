//! What only root may do, where the script of an ordinary user does it.

use crate::base::TextRange;
use crate::check::{StepScript, StepView};
use crate::diag::{Diagnostic, Sink, code};
use crate::lint::files::surely_written;
use crate::lint::finding::{finding, replace_part};
use crate::lint::root::{Ground, ground_of, is_in, needs_root};
use crate::lint::within::is_meant;
use crate::lint::{Confidence, Context, Rule, RuleMeta};
use crate::script::{Command, Dialect, HOLE, Word, is_shell};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::MISSING_SUDO,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#shell-customizer: \"to run commands with super user privileges, prefix them with sudo\"",
        on: true,
    },
    check,
};

const WHO: &str =
    "the service runs the steps as a user without privileges, who may use `sudo` without a password";

/// What a script has in it that looks who it is, or what it may do, or that gives commands another meaning.
static LOOKS: &[&str] = &[
    "id -u",
    "EUID",
    "${UID",
    "$UID",
    "$USER",
    "${USER",
    "exec sudo",
    "whoami",
    " -w ",
    "command -v sudo",
    "which sudo",
    "alias ",
    "polkit",
];

/// Programs by which root gives a folder away: all their arguments but the first, or all.
static GIVERS: &[(&str, bool)] = &[
    ("chmod", true),
    ("chown", true),
    ("chgrp", true),
    ("mount", true),
    ("setfacl", false),
    ("install", false),
];
/// Programs by which root brings a folder along that may be anybody's.
static CARRIERS: &[&str] =
    &["cp", "mv", "ln", "rsync", "tar", "unzip", "git", "useradd", "adduser", "bsdtar"];
/// Programs that do what a text says that nobody reads here.
static OPEN: &[&str] =
    &["make", "cmake", "ansible-playbook", "puppet", "chef-client", "salt-call", "perl", "ruby", "node"];

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let mut given = Given { paths: Vec::new(), any: false, any_lent: image.walk.opaque_base };
        for step in image.walk.steps.iter().filter(|s| s.effect.commands == Some(Dialect::Sh)) {
            match image.script(step.index).filter(|_| image.can_run(step)) {
                Some(script) => check_script(cx, step, script, &mut given, sink),
                None => given.any_lent = true,
            }
        }
    }
}

fn check_script(
    cx: &Context<'_>,
    step: &StepView<'_>,
    script: &StepScript<'_>,
    given: &mut Given,
    sink: &mut Sink,
) {
    given.any_lent |= script.script.in_parts || script.text.contains(HOLE);
    let looks = LOOKS.iter().any(|text| script.text.contains(text));
    let mut lacking: Vec<(&Command, Lack<'_>)> = Vec::new();
    for command in script.commands().iter().filter(|c| c.dialect == Dialect::Sh) {
        let lack = lack_of(command, given).filter(|_| !looks && is_meant(script, command));
        match lack {
            Some(Lack::Redirection(word)) => sink.push(redirected(cx, script, command, word)),
            Some(lack) => lacking.push((command, lack)),
            None => {}
        }
        given.take(command);
    }
    sink.extend(report(cx, step, script, &lacking));
}

/// What a command lacks root for.
#[derive(Clone, Copy)]
enum Lack<'c> {
    /// The command itself.
    Command,
    /// A path that it writes.
    Path(&'c Word),
    /// A path that the shell opens for it.
    Redirection(&'c Word),
}

fn lack_of<'c>(command: &'c Command, given: &Given) -> Option<Lack<'c>> {
    let is_barred = |word: &&Word| given.bars(&word.text);
    if command.is_in_own_shell()
        && let Some(word) = command.words.iter().filter(|w| w.is_output()).find(is_barred)
    {
        return Some(Lack::Redirection(word));
    }
    if !command.is_own_users() {
        return None;
    }
    match needs_root(command) {
        true => Some(Lack::Command),
        false => surely_written(command).into_iter().find(is_barred).map(Lack::Path),
    }
}

/// What root has given away so far.
struct Given {
    paths: Vec<String>,
    /// Whether it may be any path.
    any: bool,
    /// Whether it may be any folder that is not the system's own.
    any_lent: bool,
}

impl Given {
    /// Whether only root may write a path.
    fn bars(&self, path: &str) -> bool {
        let is_given = || self.any || self.paths.iter().any(|given| given.is_empty() || is_in(path, given));
        match ground_of(path) {
            Some(Ground::Roots) => !is_given(),
            Some(Ground::Lent) => !self.any_lent && !is_given(),
            None => false,
        }
    }

    fn take(&mut self, command: &Command) {
        let Some((name, args)) = command.program().filter(|_| !command.is_own_users()) else { return };
        let plain = || args.iter().filter(|w| w.redirect.is_none() && !w.text.starts_with('-'));
        let is_open = |w: &&Word| w.text.contains(HOLE) || w.expansions.first().is_some_and(|e| e.start == 0);
        if let Some((_, behind_first)) = GIVERS.iter().find(|(giver, _)| *giver == name) {
            let of = || plain().skip(usize::from(*behind_first));
            self.any |= if *behind_first {
                of().any(|w| is_open(&w))
            } else {
                of().last().is_some_and(|w| is_open(&w))
            };
            self.paths.extend(of().map(|w| folder(&w.text)));
        } else if name == "mkdir"
            && plain_options(command).any(|o| o.starts_with("-m") || o.starts_with("--mode"))
        {
            // Whom a mode lets in, is not read.
            self.paths.extend(plain().map(|w| folder(&w.text)));
        } else if CARRIERS.contains(&name) {
            let lent = |w: &&Word| ground_of(&w.text) == Some(Ground::Lent);
            self.any_lent |= plain().any(|w| is_open(&w));
            self.paths.extend(plain().filter(lent).map(|w| folder(&w.text)));
        } else {
            let is_interpreter = is_shell(name) || name.starts_with("python") || OPEN.contains(&name);
            let is_file =
                command.called().is_some_and(|w| w.text.contains('/') && !w.text.starts_with("/usr/"));
            self.any_lent |= (is_interpreter && command.wraps.is_none()) || is_file;
        }
    }
}

/// The options of a command.
fn plain_options(command: &Command) -> impl Iterator<Item = &str> {
    let args = command.program().map_or(&[][..], |(_, args)| args);
    args.iter().map(|w| w.text.as_str()).filter(|text| text.starts_with('-'))
}

/// The folder that an argument stands for: `/opt/app/*` is `/opt/app`.
fn folder(text: &str) -> String {
    text.trim_end_matches('*').trim_end_matches('/').to_owned()
}

/// One finding for all that a step lacks: who forgot `sudo` once forgot it everywhere.
fn report(
    cx: &Context<'_>,
    step: &StepView<'_>,
    script: &StepScript<'_>,
    lacking: &[(&Command, Lack<'_>)],
) -> Option<Diagnostic> {
    let ((command, lack), others) = lacking.split_first()?;
    let called = command.called()?;
    let name = called.text.as_str();
    let (title, here) = match lack {
        Lack::Command => (format!("`{name}` needs root"), format!("{} runs it without `sudo`", step.title())),
        Lack::Path(word) | Lack::Redirection(word) => {
            (format!("only root may write `{}`", word.shown()), format!("`{name}` runs without `sudo`"))
        }
    };
    let d = finding(&code::MISSING_SUDO, &cx.place(script, command.range), title)
        .here(here)
        .note(WHO)
        .help(format!("write `sudo {name}`"));
    let d = match others {
        [] => d,
        [_] => d.note("one more command of the step needs it, too"),
        others => d.note(format!("{} more commands of the step need it, too", others.len())),
    };
    let begins = command.words.first().is_some_and(|first| first.range == called.range);
    let is_plain = begins && !has_assignment(script, called.range) && cx.shows(script, called.range);
    Some(match is_plain {
        true => replace_part(d, &cx.place(script, called.range), &format!("sudo {name}")),
        false => d,
    })
}

/// Whether a variable is set for a command only, which `sudo` would not hand on.
fn has_assignment(script: &StepScript<'_>, range: TextRange) -> bool {
    let before = script.text.get(..range.start as usize).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    line.split_whitespace().last().is_some_and(|word| word.contains('='))
}

fn redirected(cx: &Context<'_>, script: &StepScript<'_>, command: &Command, word: &Word) -> Diagnostic {
    let path = word.shown();
    let title = format!("only root may write `{path}`");
    let here = match command.is_own_users() {
        true => "the shell opens it, as a user without privileges",
        false => "the shell opens it, without root: `sudo` is for the command alone",
    };
    let (range, tee) = replaced(script, command, word).unzip();
    let d = finding(&code::MISSING_SUDO, &cx.place(script, word.range), title)
        .here(here)
        .note(WHO)
        .help(format!("write `… | {}`", tee.as_deref().unwrap_or(&format!("sudo tee {path} > /dev/null"))));
    match (range, tee) {
        (Some(range), Some(tee)) if cx.shows(script, range) => {
            replace_part(d, &cx.place(script, range), &format!("| {tee}"))
        }
        _ => d,
    }
}

/// A redirection at the end of a command, and the command that writes in its place.
fn replaced(script: &StepScript<'_>, command: &Command, word: &Word) -> Option<(TextRange, String)> {
    if command.words.iter().filter(|w| w.is_output()).count() > 1 || command.range.end > word.range.end {
        return None;
    }
    let written = script.text.get(word.range.start as usize..word.range.end as usize)?;
    let before = script.text.get(..word.range.start as usize)?.trim_end_matches([' ', '\t']);
    let (before, option) = match before.strip_suffix(">>") {
        Some(before) => (before, "-a "),
        None => (before.strip_suffix('>')?, ""),
    };
    let is_plain = before.ends_with([' ', '\t']) && !command.words.iter().any(|w| w.text.contains('\n'));
    let is_known = word.is_known() && command.input.is_none();
    (is_plain && is_known).then(|| {
        (
            TextRange::new(before.len(), word.range.end as usize),
            format!("sudo tee {option}{written} > /dev/null"),
        )
    })
}
