//! Paths in the style of the other operating system.

use crate::base::has_placeholder;
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};
use crate::schema::Os;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::FOREIGN_PATH,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#file-customizer",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let Some(os) = &image.facts().os else { continue };
        for file in &image.walk.files {
            let Some(style) = style(file.path).filter(|s| *s != os.value && !has_placeholder(file.path))
            else {
                continue;
            };
            let title = format!("a path of {} in a {} image", style.name(), os.value.name());
            let example = match os.value {
                Os::Linux => "/tmp/app.conf",
                Os::Windows => "C:\\app.conf",
            };
            let d = finding(&code::FOREIGN_PATH, &file.node.origin, title)
                .here(format!("there is no such path on {}", os.value.name()))
                .also(os.span, format!("the image is {}", os.value.name()))
                .help(format!("write a path such as `{example}`"));
            sink.push(d);
        }
    }
}

/// The operating system whose paths look like this.
fn style(path: &str) -> Option<Os> {
    let mut chars = path.chars();
    let drive = chars.next().is_some_and(|c| c.is_ascii_alphabetic()) && chars.next() == Some(':');
    match () {
        () if drive || path.starts_with("\\\\") => Some(Os::Windows),
        () if path.starts_with(['/', '~']) => Some(Os::Linux),
        () => None,
    }
}
