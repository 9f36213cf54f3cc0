//! Files for Linux that go elsewhere than to `/tmp`.

use crate::base::has_placeholder;
use crate::check::PlacedFile;
use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Rule, RuleMeta};
use crate::schema::Os;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::FILE_OUTSIDE_TMP,
        confidence: Confidence::Certain,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#file-customizer",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let Some(os) = image.is(Os::Linux) else { continue };
        let outside = |f: &&PlacedFile<'_>| {
            f.path.starts_with(['/', '~']) && !f.path.starts_with("/tmp/") && !has_placeholder(f.path)
        };
        for file in image.walk.files.iter().filter(outside) {
            let name = file.path.rsplit('/').next().unwrap_or_default();
            let title = format!("file for `{}` on Linux", file.path);
            let d = finding(&code::FILE_OUTSIDE_TMP, &file.node.origin, title)
                .here("the service can write below /tmp only")
                .also(os.span, "the image is Linux")
                .note("files are copied by a user without privileges");
            sink.push(match name {
                "" => d.help(cx.words(
                    "put it below /tmp, and move it in a later `shell` step",
                    "put it below /tmp, and move it in a later `Shell` step",
                )),
                _ => d.help(format!(
                    "put it at `/tmp/{name}`, and move it in a later step: `sudo mv /tmp/{name} {}`",
                    file.path
                )),
            });
        }
    }
}
