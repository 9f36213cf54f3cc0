//! Files that a later file step overwrites before anything used them.

use crate::base::has_placeholder;
use crate::check::{PlacedFile, StepView};
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};
use crate::schema::Os;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::FILE_OVERWRITTEN,
        confidence: Confidence::Likely,
        evidence: "https://developer.hashicorp.com/packer/docs/provisioners/file",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let mut last: std::collections::HashMap<String, &PlacedFile<'_>> = std::collections::HashMap::new();
        for file in &image.walk.files {
            if has_placeholder(file.path) {
                continue;
            }
            if let Some(first) = last.insert(key(image, file.path), file)
                && !used_between(image, first, file)
            {
                let title = format!("`{}` is written twice", file.path);
                let d = finding(&code::FILE_OVERWRITTEN, &file.node.origin, title)
                    .here("overwrites the file")
                    .also(first.node.origin.span, "which was put there here, and which nothing used")
                    .help("give them different destinations, or remove the first step");
                sink.push(d);
            }
        }
    }
}

/// Windows does not tell letter cases and slashes apart.
fn key(image: &Image<'_>, path: &str) -> String {
    match image.walk.os {
        Some(Os::Windows) => path.to_lowercase().replace('/', "\\"),
        _ => path.to_owned(),
    }
}

/// Whether a step between the two may have used the first file: one that names it, or whose commands are not known.
fn used_between(image: &Image<'_>, first: &PlacedFile<'_>, second: &PlacedFile<'_>) -> bool {
    let name = first.path.rsplit(['/', '\\']).next().unwrap_or(first.path);
    let uses = |s: &StepView<'_>| s.may_touch(name);
    image.walk.after(first.step).take_while(|s| s.index < second.step).any(uses)
        || image.walk.step(first.step).map(|s| s.phase) != image.walk.step(second.step).map(|s| s.phase)
}
