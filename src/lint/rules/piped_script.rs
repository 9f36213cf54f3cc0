//! Downloads that run without ever being a file.

use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta, shell};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::PIPED_SCRIPT,
        confidence: Confidence::Likely,
        evidence: "an inference: what runs while it arrives has no checksum, and half of it runs if the connection breaks",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for (_, script) in image.scripts() {
            for command in script.commands() {
                if let Some(how) = shell::runs_download(&script.script, &script.text, command) {
                    let title =
                        format!("what `{}` fetches is run unseen by `{}`", how.fetched_by, how.run_by);
                    let d = finding(&code::PIPED_SCRIPT, &cx.place(script, how.range), title)
                        .here("whatever lies there at build time runs, and the first half of it if the connection breaks")
                        .help(cx.words(
                            "write `script = \"https://…\"` with its `sha256` on the step, or fetch it into a file, compare \
                             its SHA-256, then run it",
                            "write its URL as `scriptUri` with its `sha256Checksum`, or fetch it into a file, compare its \
                             SHA-256, then run it",
                        ));
                    sink.push(d);
                }
            }
        }
    }
}
