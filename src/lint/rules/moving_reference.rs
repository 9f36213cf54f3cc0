//! Addresses whose content changes by design.

use crate::diag::{Diagnostic, Severity, Sink, code};
use crate::lint::context::Download;
use crate::lint::finding::finding;
use crate::lint::values::host;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::MOVING_REFERENCE,
        confidence: Confidence::Likely,
        evidence: "https://azure.github.io/PSRule.Rules.Azure/en/rules/Azure.ImageBuilder.CustomizeHash/",
        on: true,
    },
    check,
};

/// Branches that everyone has.
static BRANCHES: &[&str] = &["main", "master", "develop", "trunk", "head"];

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        for download in image.downloads() {
            if let Some(part) = moving(download.text) {
                sink.push(match download.is_pinned() {
                    true => stops_fitting(part, &download),
                    false => unpinned(cx, part, &download),
                });
            }
        }
    }
}

/// Without a checksum, whatever lies there is taken.
fn unpinned(cx: &Context<'_>, part: &str, download: &Download<'_>) -> Diagnostic {
    let title = format!("`{part}` in an address moves, and no checksum says what is meant");
    finding(&code::MOVING_REFERENCE, &download.url.origin, title)
        .here("whatever lies there when the template is created goes into the image")
        .help(cx.words(
            "name a commit or a release, `…/3f1c2d…/install.sh` in place of a branch, and write `sha256` beside it",
            "name a commit or a release, `…/3f1c2d…/install.sh` in place of a branch, and write `sha256Checksum` beside it",
        ))
}

/// With a checksum nothing else is taken, and one day nothing at all.
fn stops_fitting(part: &str, download: &Download<'_>) -> Diagnostic {
    let title = format!("`{part}` in an address moves, the checksum beside it does not");
    let mut d = finding(&code::MOVING_REFERENCE, &download.url.origin, title)
        .here("once the file changes, the service refuses it, and no template is made")
        .help("name a commit or a release: `…/3f1c2d…/install.sh` in place of a branch");
    d.severity = Severity::Info;
    d
}

/// The part of an address that stands for whatever is newest.
pub(super) fn moving(url: &str) -> Option<&str> {
    let (host, path) = host(url)?;
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).collect();
    let is_branch = |part: &&str| BRANCHES.iter().any(|b| part.eq_ignore_ascii_case(b));
    match host.as_str() {
        // /owner/repository/branch/path, or with refs/heads/ before the branch.
        "raw.githubusercontent.com" => match parts.as_slice() {
            [_, _, "refs", "heads", branch, ..] => Some(branch),
            [_, _, branch, _, ..] => Some(*branch).filter(is_branch),
            _ => None,
        },
        "github.com" => match parts.as_slice() {
            [_, _, "raw", "refs", "heads", branch, ..] => Some(branch),
            [_, _, "raw", branch, ..] => Some(*branch).filter(is_branch),
            [_, _, "releases", latest @ "latest", ..] => Some(latest),
            _ => None,
        },
        // /group/project/-/raw/branch/path; groups may nest.
        "gitlab.com" => match behind(&parts, "-")? {
            ["raw", "refs", "heads", branch, ..] => Some(branch),
            ["raw", branch, _, ..] => Some(*branch).filter(is_branch),
            _ => None,
        },
        "bitbucket.org" => match parts.as_slice() {
            [_, _, "raw", branch, _, ..] => Some(*branch).filter(is_branch),
            _ => None,
        },
        _ => None,
    }
}

/// The parts of an address behind one of them.
fn behind<'p, 'u>(parts: &'p [&'u str], part: &str) -> Option<&'p [&'u str]> {
    let at = parts.iter().position(|p| *p == part)?;
    parts.get(at + 1..)
}
