//! Files that a script fetches and that nothing compares with anything.

use crate::check::Phase;
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::shell::fetches_a_file;
use crate::lint::within::may_run_here;
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};
use crate::script::Dialect;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::UNCHECKED_DOWNLOAD,
        confidence: Confidence::Likely,
        evidence: "an inference, as for scripts that the service fetches: https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.ImageBuilder.CustomizeHash/",
        on: false,
    },
    check,
};

/// What a script has in it that looks at what was fetched, in whatever way.
static CHECKS: &[&str] = &[
    "sha256",
    "sha512",
    "sha1",
    "shasum",
    "md5",
    "b2sum",
    "checksum",
    "signature",
    "verify",
    "FileHash",
    "ComputeHash",
    "hashfile",
    "dgst",
    "gpgv",
    "checksig",
    "cosign",
    "minisign",
];

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in cx.images.iter().filter(|image| !may_check(image)) {
        for (_, script) in image.scripts().filter(|(step, _)| step.phase == Phase::Customize) {
            let mut fetched = script
                .commands()
                .iter()
                .filter(|command| may_run_here(script, command))
                .filter_map(|command| Some((command, fetches_a_file(command)?)));
            let Some((_, address)) = fetched.next() else { continue };
            let title = format!("nothing compares what `{}` gives", address.shown());
            let d = finding(&code::UNCHECKED_DOWNLOAD, &cx.place(script, address.range), title)
                .here("whatever lies there at build time goes into the image");
            let d = match fetched.count() {
                0 => d,
                more => d.note(format!("the step fetches {more} more")),
            };
            sink.push(d.help(match script.script.dialect {
                Dialect::Sh => "compare it: `echo \"<sha256>  <file>\" | sha256sum -c`",
                Dialect::PowerShell => {
                    "compare it: `if ((Get-FileHash <file>).Hash -ne '<sha256>') { throw }`"
                }
            }));
        }
    }
}

/// Whether a script of an image may look at what was fetched: it says a word of that.
fn may_check(image: &Image<'_>) -> bool {
    image.scripts().any(|(_, script)| CHECKS.iter().any(|text| script.mentions(text)))
}
