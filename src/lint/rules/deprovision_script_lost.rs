//! Scripts that delete what the hidden last step runs.

use std::borrow::Cow;

use crate::check::{Phase, StepScript};
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::within::may_run_here;
use crate::lint::{Confidence, Context, Rule, RuleMeta};
use crate::script::{Command, Dialect, Through, Within, Word};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::DEPROVISION_SCRIPT_LOST,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-troubleshoot",
        on: true,
    },
    check,
};

/// What removes files, and how it says that it takes all.
static SHELL_REMOVERS: &[&str] = &["rm"];
static POWERSHELL_REMOVERS: &[&str] = &["remove-item", "del", "ri", "rm", "erase", "rd", "rmdir"];
/// Parameters of Remove-Item and Get-ChildItem that let files through.
static FILTERS: &[&str] = &["-include", "-exclude", "-filter", "-whatif", "-directory", "-ad"];
/// Options of `find` that let no file through, with how many values they take.
static FIND_ALL: &[(&str, usize)] =
    &[("-mindepth", 1), ("-depth", 0), ("-xdev", 0), ("-mount", 0), ("-delete", 0)];
/// Where the script lies.
const SHELL_FILE: &str = "/tmp/DeprovisioningScript.sh";
const NAME: &str = "DeprovisioningScript.sh";
const POWERSHELL_FILE: &str = "c:/deprovisioningscript.ps1";

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for (step, script) in image.scripts() {
            if step.phase != Phase::Customize {
                continue;
            }
            for command in script.commands() {
                let Some(arg) = removes(script, command) else { continue };
                let file = match command.dialect {
                    Dialect::Sh => "/tmp/DeprovisioningScript.sh",
                    Dialect::PowerShell => "C:\\DeprovisioningScript.ps1",
                };
                let title = format!("{} deletes `{file}`", step.title());
                let d = finding(&code::DEPROVISION_SCRIPT_LOST, &cx.place(script, command.range), title)
                    .here(format!("`{}` takes it along", arg.shown()))
                    .note("the hidden last step generalises the machine with that script: without it the build fails, or VMs from the image do not start")
                    .help("delete only what your own steps put there");
                sink.push(d);
            }
        }
    }
}

/// The word by which a command takes the script along.
fn removes<'c>(script: &StepScript<'_>, command: &'c Command) -> Option<&'c Word> {
    let (program, args) = command.program()?;
    match command.dialect {
        Dialect::Sh if SHELL_REMOVERS.contains(&program) => {
            args.iter().find(|w| w.redirect.is_none() && is_taken(script, command, w))
        }
        Dialect::Sh if program == "find" => found(args),
        Dialect::PowerShell if POWERSHELL_REMOVERS.contains(&program) => removed(script, command, args),
        _ => None,
    }
}

/// Whether `rm` takes the script along with an argument.
fn is_taken(script: &StepScript<'_>, command: &Command, word: &Word) -> bool {
    // In quotes `*` is the name of a file.
    let ends_in_quote =
        script.text.get(word.range.to_usize()).is_some_and(|text| text.ends_with(['"', '\'']));
    let is_pattern = !(word.quoted && ends_in_quote);
    let Some(text) = known(script, word) else { return false };
    let path = with_single_slashes(&text);
    match path.strip_prefix("./").unwrap_or(&path) {
        "/tmp" | "/tmp/" => true,
        path if path.starts_with("/tmp/") => covers(path, SHELL_FILE, is_pattern),
        // What a pattern without a folder means depends on where the step is.
        path if !path.contains('/') => is_in_tmp(script, command) && covers(path, NAME, is_pattern),
        _ => false,
    }
}

/// Whether a path, which may be a pattern, stands for a file.
fn covers(path: &str, file: &str, is_pattern: bool) -> bool {
    path == file
        || (is_pattern && !path.contains(['[', '{', '!']) && matches(path.as_bytes(), file.as_bytes()))
}

/// Whether a text fits a pattern with `*` and `?`.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while let Some(byte) = text.get(t) {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p + 1, t));
                p += 1;
            }
            Some(b'?') if *byte != b'/' => (p, t) = (p + 1, t + 1),
            Some(wanted) if wanted == byte => (p, t) = (p + 1, t + 1),
            // A `*` does not reach over a folder.
            _ => match star {
                Some((after, from)) if text.get(from) != Some(&b'/') => {
                    star = Some((after, from + 1));
                    (p, t) = (after, from + 1);
                }
                _ => return false,
            },
        }
    }
    pattern.get(p..).is_some_and(|rest| rest.iter().all(|b| *b == b'*'))
}

fn with_single_slashes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '/' || !out.ends_with('/') {
            out.push(c);
        }
    }
    out
}

/// The text of a word, with a variable in front that is set once, and to a plain value.
fn known<'w>(script: &StepScript<'_>, word: &'w Word) -> Option<Cow<'w, str>> {
    let Some(rest) = word.text.strip_prefix('$') else { return Some(Cow::Borrowed(&word.text)) };
    let end = rest.find('/').unwrap_or(rest.len());
    let (name, behind) = rest.split_at_checked(end)?;
    let name = name.strip_prefix('{').and_then(|n| n.strip_suffix('}')).unwrap_or(name);
    let mut set = script.script.assignments.iter().filter(|a| a.name == name);
    let (Some(only), None) = (set.next(), set.next()) else { return None };
    let is_before = only.scope.is_none() && only.range.start < word.range.start;
    let written = script.text.get(only.range.to_usize()).filter(|_| is_before)?;
    let value = written.strip_prefix(name)?.strip_prefix('=')?.trim_matches(['"', '\'']);
    let is_plain = value.chars().all(|c| c.is_alphanumeric() || "/._-".contains(c));
    is_plain.then(|| Cow::Owned(format!("{value}{behind}")))
}

/// Whether a command runs in `/tmp`: the last change of folder that it sees goes there, and is one that surely happened.
fn is_in_tmp(script: &StepScript<'_>, command: &Command) -> bool {
    let scopes = |c: &Command| {
        let next = |at: &usize| script.script.scopes.get(*at).and_then(|scope| scope.outer);
        std::iter::successors(c.scope, next).collect::<Vec<usize>>()
    };
    let around = scopes(command);
    let kind = |at: usize| script.script.scopes.get(at).map(|scope| &scope.kind);
    // What encloses a change and not the command, from the inside out.
    let apart = |c: &Command| scopes(c).into_iter().filter(|at| !around.contains(at)).collect::<Vec<usize>>();
    let changes = |c: &&Command| {
        c.range.start < command.range.start
            && c.program().is_some_and(|(name, _)| matches!(name, "cd" | "pushd" | "popd"))
            && may_run_here(script, c)
            && !apart(c).into_iter().any(|at| kind(at).is_some_and(is_own_process))
    };
    let Some(last) = script.commands().iter().rfind(changes) else { return false };
    let goes_there = last.program().is_some_and(|(name, args)| match args {
        [folder] => name == "cd" && matches!(folder.text.as_str(), "/tmp" | "/tmp/"),
        _ => false,
    });
    let apart = apart(last);
    let happened = apart.iter().all(|at| match kind(*at) {
        // `cd /tmp || exit 1`, `cd /tmp && …`
        Some(Within::Condition | Within::Chain) => true,
        Some(Within::Branch) => {
            let outer = script.script.scopes.get(*at).and_then(|scope| scope.outer);
            outer.and_then(kind) == Some(&Within::Chain)
        }
        _ => false,
    });
    goes_there && happened
}

/// Whether a change of folder within it is none outside of it.
fn is_own_process(within: &Within) -> bool {
    matches!(within, Within::Subshell | Within::Substitution | Within::Background | Within::Wrapper(_))
}

/// `find /tmp … -delete`, or with `-exec rm`, where nothing is let through but files.
fn found(args: &[Word]) -> Option<&Word> {
    let folder = args.iter().find(|w| !matches!(w.text.as_str(), "-H" | "-L" | "-P"))?;
    if !matches!(with_single_slashes(&folder.text).as_str(), "/tmp" | "/tmp/") {
        return None;
    }
    let mut rest =
        args.iter().skip_while(|w| !std::ptr::eq(*w, folder)).skip(1).filter(|w| w.redirect.is_none());
    let mut deletes = false;
    while let Some(word) = rest.next() {
        match word.text.as_str() {
            "-exec" => {
                let run: Vec<&str> =
                    rest.by_ref().map(|w| w.text.as_str()).take_while(|t| !matches!(*t, ";" | "+")).collect();
                let (program, files) = run.split_first()?;
                let plain = files.iter().all(|f| *f == "{}" || f.starts_with('-'));
                deletes = *program == "rm" && plain;
                if !deletes {
                    return None;
                }
            }
            "-type" if rest.next().is_some_and(|w| w.text == "f") => {}
            "-maxdepth" if rest.next().is_some_and(|w| w.text != "0") => {}
            option => {
                let (_, values) = FIND_ALL.iter().find(|(name, _)| *name == option)?;
                deletes |= option == "-delete";
                if *values == 1 && rest.next()?.text != "1" {
                    return None;
                }
            }
        }
    }
    deletes.then_some(folder)
}

/// `Remove-Item C:\*`, and `Get-ChildItem C:\ | Remove-Item`.
fn removed<'c>(script: &StepScript<'_>, command: &'c Command, args: &'c [Word]) -> Option<&'c Word> {
    if is_filtered(args) {
        return None;
    }
    let taken = |w: &&Word| {
        let path = path_of(&w.text);
        w.redirect.is_none() && path.starts_with("c:/") && covers(&path, POWERSHELL_FILE, true)
    };
    if let Some(word) = args.iter().find(taken) {
        return Some(word);
    }
    let read = command.reads.iter().find(|r| r.through == Through::Input)?;
    let lister = script.commands().get(read.command)?;
    let (program, listed) = lister.program()?;
    let lists = matches!(program, "get-childitem" | "gci" | "dir" | "ls") && !is_filtered(listed);
    let all = |w: &&Word| {
        let path = path_of(&w.text);
        path == "c:/" || (path.starts_with("c:/") && covers(&path, POWERSHELL_FILE, true))
    };
    let folder = listed.iter().find(all).filter(|_| lists)?;
    // The word lies in the command that lists; what is marked is the one that removes.
    command.words.first().filter(|_| !folder.text.is_empty())
}

fn is_filtered(args: &[Word]) -> bool {
    args.iter().any(|w| {
        FILTERS
            .iter()
            .any(|f| w.text.eq_ignore_ascii_case(f) || w.text.to_lowercase().starts_with(&format!("{f}:")))
    })
}

/// A path of Windows in lower case, with `/` and the drive by its letter.
fn path_of(text: &str) -> String {
    let path = with_single_slashes(&text.to_lowercase().replace('\\', "/"));
    let drive =
        ["$env:systemdrive", "${env:systemdrive}", "%systemdrive%"].iter().find_map(|d| path.strip_prefix(d));
    drive.map_or(path.clone(), |rest| format!("c:{rest}"))
}
