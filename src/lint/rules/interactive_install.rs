//! Commands that ask something, where nobody answers.

use std::cell::LazyCell;
use std::collections::HashMap;

use crate::base::TextRange;
use crate::check::StepScript;
use crate::diag::{Diagnostic, Sink, code};
use crate::lint::askers::{Question, question};
use crate::lint::finding::{finding, replace_part};
use crate::lint::within::{Wrappers, in_function, is_conditional};
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};
use crate::script::{Command, Dialect};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::INTERACTIVE_INSTALL,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-troubleshoot, where such steps end in timeouts",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        check_image(cx, image, sink);
    }
}

fn check_image(cx: &Context<'_>, image: &Image<'_>, sink: &mut Sink) {
    let scripts: Vec<&StepScript<'_>> = image.scripts().map(|(_, script)| script).collect();
    // What answers once and for all, a setting of apt's that a step writes: the first step that names it.
    let mut settled: HashMap<&str, Option<usize>> = HashMap::new();
    for (at, script) in scripts.iter().enumerate() {
        let wrappers = LazyCell::new(|| Wrappers::new(&script.script));
        for command in script.commands() {
            let is_asked =
                |command| !in_function(&script.script, command) && !wrappers.may_be_answered(command);
            if let Some(question) = question(command).filter(|_| is_asked(command)) {
                let is_settled = question.asker.settled_by.iter().any(|text| {
                    let first = || scripts.iter().position(|script| script.mentions(text));
                    settled.entry(text).or_insert_with(first).is_some_and(|first| first <= at)
                });
                if !is_settled {
                    sink.push(report(cx, script, command, &question));
                }
            } else if let Some(shown) = prompt(command).filter(|_| is_asked(command))
                && !is_conditional(&script.script, command)
            {
                let title = format!("`{shown}` waits for somebody to type something");
                let d = finding(&code::INTERACTIVE_INSTALL, &cx.place(script, command.range), title)
                    .here("nobody is there during a build")
                    .note("a step has no terminal: it fails here, or waits until the time of the whole build is over")
                    .help("give the value to the step, or leave the question out");
                sink.push(d);
            }
        }
    }
}

/// Commands that do nothing but ask.
static PROMPTS: &[(Dialect, &str)] =
    &[(Dialect::Sh, "read"), (Dialect::PowerShell, "read-host"), (Dialect::PowerShell, "pause")];

/// How a command that does nothing but ask is called.
fn prompt(command: &Command) -> Option<&str> {
    let (program, args) = command.program()?;
    PROMPTS.iter().find(|(dialect, name)| *dialect == command.dialect && *name == program)?;
    let has = |letter: char| args.iter().any(|w| is_short(&w.text, letter));
    // Without a text of its own it reads what something else wrote; with a time limit it goes on.
    let asks = command.dialect == Dialect::PowerShell || (has('p') && !has('t') && !has('u'));
    asks.then_some(command.called()?.text.as_str())
}

fn is_short(text: &str, letter: char) -> bool {
    text.strip_prefix('-').is_some_and(|letters| letters.len() <= 4 && letters.contains(letter))
}

fn report(
    cx: &Context<'_>,
    script: &StepScript<'_>,
    command: &Command,
    question: &Question<'_>,
) -> Diagnostic {
    let asker = question.asker;
    let name = command.program().map_or("", |(name, _)| name);
    let called = command.called();
    let (shown, behind) = match question.verb {
        Some(verb) => (format!("{name} {}", verb.text), Some(verb)),
        None => (called.map_or_else(|| name.to_owned(), |w| w.text.clone()), called),
    };
    let title = format!("`{shown}` asks, and nobody answers");
    let d = finding(&code::INTERACTIVE_INSTALL, &cx.place(script, command.range), title)
        .here(format!("without `{}`", asker.answer))
        .note(asker.why)
        .help(format!("write `{shown} {}`", asker.answer));
    match behind.filter(|w| is_as_written(script, w.range, &w.text)) {
        Some(word) if cx.shows(script, word.range) => {
            let text = format!("{} {}", word.text, asker.answer);
            replace_part(d, &cx.place(script, word.range), &text)
        }
        _ => d,
    }
}

/// Whether a word stands in the script as it is.
fn is_as_written(script: &StepScript<'_>, range: TextRange, text: &str) -> bool {
    script.text.get(range.to_usize()) == Some(text)
}
