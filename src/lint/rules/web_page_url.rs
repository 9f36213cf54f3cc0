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
            let Some(raw) = raw(download.text) else { continue };
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

/// The address of a file, if a text is that of a page that shows it.
fn raw(url: &str) -> Option<String> {
    let (host, path) = host(url)?;
    match host.as_str() {
        "github.com" => {
            let mut parts = path.splitn(4, '/').skip(1);
            let (owner, repository, rest) = (parts.next()?, parts.next()?, parts.next()?);
            let rest = rest.strip_prefix("blob/")?;
            Some(format!("https://raw.githubusercontent.com/{owner}/{repository}/{rest}"))
        }
        // Groups of GitLab may nest, and may be called `blob`; `-` is a word of its own.
        "gitlab.com" => {
            let (project, file) = path.split_once("/-/blob/")?;
            Some(format!("https://gitlab.com{project}/-/raw/{file}"))
        }
        "bitbucket.org" => {
            let mut parts = path.splitn(4, '/').skip(1);
            let (owner, repository, rest) = (parts.next()?, parts.next()?, parts.next()?);
            let file = rest.strip_prefix("src/").filter(|rest| rest.contains('/'))?;
            Some(format!("https://bitbucket.org/{owner}/{repository}/raw/{file}"))
        }
        _ => None,
    }
}
