//! Files fetched without encryption.

use crate::check::Phase;
use crate::diag::{Severity, Sink, code};
use crate::lint::finding::{finding, rewrite};
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta, shell};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::PLAIN_HTTP,
        confidence: Confidence::Certain,
        evidence: "an inference: what travels in the clear can be changed on the way",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for download in image.downloads() {
            if let Some((scheme, rest)) = download.text.split_once("://")
                && scheme.eq_ignore_ascii_case("http")
            {
                let pinned = download.is_pinned();
                let mut d = finding(&code::PLAIN_HTTP, &download.url.origin, "an address without encryption")
                    .here(match pinned {
                        true => "anyone on the way can read it; the checksum keeps it from being changed",
                        false => "anyone on the way can change what arrives",
                    })
                    .help("write `https://`");
                if pinned {
                    d.severity = Severity::Info;
                }
                sink.push(rewrite(d, &download.url.origin, &format!("https://{rest}")));
            }
        }
        fetched_by_scripts(cx, image, sink);
    }
}

/// What scripts fetch into the image. A check may ask a server in whatever way it is served.
fn fetched_by_scripts(cx: &Context<'_>, image: &Image<'_>, sink: &mut Sink) {
    for (_, script) in image.scripts().filter(|(step, _)| step.phase == Phase::Customize) {
        for command in script.commands() {
            if let Some(address) = shell::fetches_in_the_clear(command) {
                let title = format!("`{}` is fetched without encryption", address.shown());
                let d = finding(&code::PLAIN_HTTP, &cx.place(script, address.range), title)
                    .here("anyone on the way can change what arrives")
                    .help("write `https://`");
                sink.push(d);
            }
        }
    }
}
