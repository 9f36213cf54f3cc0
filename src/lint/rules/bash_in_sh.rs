//! Scripts for bash that `sh` runs.

use crate::check::StepScript;
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::known;
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};
use crate::script::{BashOnly, Dialect, HOLE};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::BASH_IN_SH,
        confidence: Confidence::Likely,
        evidence: "https://developer.hashicorp.com/packer/docs/provisioners/shell#inline_shebang: inline commands run with `/bin/sh -e`",
        on: true,
    },
    check,
};

/// Publishers whose images have dash as `/bin/sh`: <https://wiki.ubuntu.com/DashAsBinSh>, <https://wiki.debian.org/Shell>. Red Hat,
/// SUSE, Oracle and Microsoft have bash there.
static WITH_DASH: &[&str] = &["canonical", "debian"];

/// What of bash's dash takes for something else and goes on; it fails at all the rest.
static MISTAKEN: &[(&str, &str)] = &[
    ("&>", "dash runs the command in the background and empties the file"),
    ("{a,b}", "dash takes the braces as they stand"),
    ("$'…'", "dash takes the dollar sign and the escapes as they stand"),
    ("$\"…\"", "dash takes the dollar sign as it stands"),
];

/// How many other places a finding shows.
const MAX_OTHERS: usize = 3;

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in cx.images.iter().filter(|image| has_dash(image)) {
        for (_, script) in image.scripts().filter(|(_, script)| is_for_sh(script)) {
            report(cx, script, sink);
        }
    }
}

fn has_dash(image: &Image<'_>) -> bool {
    let publisher = image.at("source.publisher").and_then(known);
    publisher.is_some_and(|p| WITH_DASH.iter().any(|name| name.eq_ignore_ascii_case(p)))
}

/// Whether nothing in a script says that it runs in bash, or sees to that.
fn is_for_sh(script: &StepScript<'_>) -> bool {
    script.script.dialect == Dialect::Sh
        && !script.text.trim_start().starts_with("#!")
        && !script.mentions("BASH_VERSION")
        && !script.commands().iter().any(|command| {
            // `exec bash "$0"`
            let is_exec = command.words.first().is_some_and(|w| w.text == "exec");
            is_exec && command.program().is_some_and(|(name, _)| name == "bash")
        })
}

/// An expansion as the script writes it, anything else by the name of its kind.
fn written<'s>(script: &'s StepScript<'_>, part: &BashOnly) -> &'s str {
    const LONGEST: usize = 40;
    let is_whole = |text: &&str| {
        text.starts_with("${")
            && text.ends_with('}')
            && text.len() <= LONGEST
            && !text.contains(['\n', '`', HOLE])
    };
    script.text.get(part.range.to_usize()).filter(is_whole).unwrap_or(part.what)
}

fn report(cx: &Context<'_>, script: &StepScript<'_>, sink: &mut Sink) {
    let mut parts = script.script.bash_only.iter();
    let Some(first) = parts.next() else { return };
    let place = cx.place(script, first.range);
    let title = format!("`{}` is bash's, and the step runs in `sh`", written(script, first));
    let mistaken = MISTAKEN.iter().find(|(what, _)| *what == first.what);
    let mut d = finding(&code::BASH_IN_SH, &place, title)
        .here(mistaken.map_or("dash, the `sh` of this image, fails here", |(_, does)| does))
        .note("Image Builder runs inline commands with `/bin/sh -e`, which is dash on Debian and Ubuntu")
        .help("write what every `sh` has, or give the commands to bash: `bash -e <<'END'` … `END`");
    let mut shown = vec![place.span];
    for part in parts {
        let span = cx.place(script, part.range).span;
        if shown.len() <= MAX_OTHERS && !shown.contains(&span) {
            shown.push(span);
            d = d.also(span, format!("`{}` here", written(script, part)));
        }
    }
    sink.push(d);
}
