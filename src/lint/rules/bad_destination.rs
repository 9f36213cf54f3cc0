//! Destinations that name no file.

use crate::base::has_placeholder;
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::BAD_DESTINATION,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#file-customizer",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for file in &image.walk.files {
            if has_placeholder(file.path) {
                continue;
            }
            let Some((what, help)) = fault(file.path) else { continue };
            let title = format!("`destination` {what}");
            sink.push(
                finding(&code::BAD_DESTINATION, &file.node.origin, title)
                    .here("must be the full path of the file, its name included")
                    .help(help),
            );
        }
    }
}

fn fault(path: &str) -> Option<(&'static str, &'static str)> {
    if path.is_empty() {
        return Some(("is empty", "write the path and name that the file gets, such as `/tmp/app.conf`"));
    }
    if path.ends_with(['/', '\\']) {
        return Some(("is a folder", "add the name of the file"));
    }
    let mut chars = path.chars();
    let drive = chars.next().is_some_and(|c| c.is_ascii_alphabetic()) && chars.next() == Some(':');
    // Variables and a home directory may expand to full paths.
    let absolute = drive || path.starts_with(['/', '\\', '~', '$', '%']);
    (!absolute).then_some(("is a relative path", "write the path from the root on, such as `/tmp/app.conf`"))
}
