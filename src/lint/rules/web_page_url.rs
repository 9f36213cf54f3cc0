//! Addresses of pages that show a file instead of the file.

use crate::diag::{Sink, code};
use crate::lint::finding::{finding, rewrite};
use crate::lint::values::host;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::WEB_PAGE_URL,
        confidence: Confidence::Likely,
        evidence: "https://github.com/Azure/azure-powershell/pull/12229",
        on: true,
    },
    check,
};

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for download in image.downloads() {
            let Some((host, path)) = host(download.text) else { continue };
            let mut parts = path.splitn(4, '/').skip(1);
            let (Some(owner), Some(repository), Some(rest)) = (parts.next(), parts.next(), parts.next())
            else {
                continue;
            };
            let Some(rest) = rest.strip_prefix("blob/").filter(|_| host == "github.com") else { continue };
            let raw = format!("https://raw.githubusercontent.com/{owner}/{repository}/{rest}");
            let d = finding(
                &code::WEB_PAGE_URL,
                &download.url.origin,
                "the address of a web page that shows the file",
            )
            .here("the service would fetch the page, not the file")
            .help(format!("write `{raw}`"));
            sink.push(rewrite(d, &download.url.origin, &raw));
        }
    }
}
