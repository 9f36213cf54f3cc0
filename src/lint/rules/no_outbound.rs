//! Subnets that do not reach what a build fetches.

use crate::base::Span;
use crate::check::{Node, without_fetch};
use crate::diag::{Sink, code};
use crate::lint::context::fact;
use crate::lint::finding::finding;
use crate::lint::values::host;
use crate::lint::within::is_meant;
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta, shell};
use crate::script::{Command, Dialect, Word};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::NO_OUTBOUND,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-networking",
        on: true,
    },
    check,
};

/// A program that installs packages, when told to by one of [`ORDERS`].
struct Installer {
    dialect: Dialect,
    programs: &'static [&'static str],
    /// Options by which it asks nobody.
    offline: &'static [&'static str],
    /// Options that name whom it asks instead.
    sources: &'static [&'static str],
}

const DEBIAN: &[&str] = &["--no-download", "--print-uris", "-s", "--simulate", "--dry-run"];
const RED_HAT: &[&str] = &["-C", "--cacheonly"];

static INSTALLERS: &[Installer] = &[
    Installer { dialect: Dialect::Sh, programs: &["apt", "apt-get"], offline: DEBIAN, sources: &[] },
    Installer {
        dialect: Dialect::Sh,
        programs: &["dnf", "yum", "tdnf", "microdnf"],
        offline: RED_HAT,
        sources: &["--repofrompath", "-c", "--config"],
    },
    Installer {
        dialect: Dialect::Sh,
        programs: &["zypper"],
        offline: &["--no-remote", "--no-refresh"],
        sources: &["--plus-repo", "-p"],
    },
    Installer { dialect: Dialect::Sh, programs: &["snap"], offline: &[], sources: &[] },
    Installer {
        dialect: Dialect::Sh,
        programs: &["pip", "pip3"],
        offline: &["--no-index"],
        sources: &["-i", "--index-url"],
    },
    Installer {
        dialect: Dialect::PowerShell,
        programs: &["choco"],
        offline: &["--noop", "--what-if"],
        sources: &["-s", "--source", "-source"],
    },
    Installer {
        dialect: Dialect::PowerShell,
        programs: &["winget"],
        offline: &["-m", "--manifest"],
        sources: &["-s", "--source"],
    },
    Installer {
        dialect: Dialect::PowerShell,
        programs: &["install-module", "install-script"],
        offline: &["-whatif"],
        sources: &["-repository"],
    },
];
static ORDERS: &[&str] =
    &["install", "update", "upgrade", "dist-upgrade", "full-upgrade", "makecache", "refresh"];
/// Sources by these names are public.
static PUBLIC_SOURCES: &[&str] = &["chocolatey", "psgallery", "winget", "msstore"];
/// Ends of packages in files.
static PACKAGES: &[&str] = &[".deb", ".rpm", ".whl", ".snap", ".tar.gz", ".nupkg", ".msix"];
/// Words, in lower case, by which a script may change whom the installers of this machine ask.
static OTHER_SOURCES: &[&str] = &[
    "sources.list",
    "/etc/apt",
    "yum.repos.d",
    "zypp/repos.d",
    "addrepo",
    "--add-repo",
    "pip.conf",
    "pip config",
    "pip_",
    "choco source",
    "chocolatey.config",
    "register-psrepository",
    "set-psrepository",
    "wuserver",
];
/// Azure's own services that a subnet without a way out reaches through private or service endpoints.
/// <https://learn.microsoft.com/azure/private-link/private-endpoint-dns>
static PRIVATE_ENDPOINTS: &[&str] = &[
    ".core.windows.net",
    ".vault.azure.net",
    ".azurecr.io",
    ".database.windows.net",
    ".servicebus.windows.net",
    ".azurewebsites.net",
];

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        if let Some((id, fact)) = closed(cx, image, "vmProfile.vnetConfig.containerInstanceSubnetId") {
            let d = finding(
                &code::NO_OUTBOUND,
                &id.origin,
                "the build's container does not reach the internet",
            )
            .here("it needs ports 443 and 445 to reach the service, and 22 or 5986 to reach the build VM")
            .also(fact.origin.span, "there is no way out of this subnet")
            .help("give the subnet a NAT gateway or a firewall with a route to it");
            sink.push(d);
        }
        let Some((id, fact)) = closed(cx, image, "vmProfile.vnetConfig.subnetId") else { continue };
        let Some((at, title)) = fetches(cx, image) else { continue };
        let d = finding(&code::NO_OUTBOUND, &id.origin, "the build VM does not reach what it fetches")
            .here("the build VM's subnet")
            .also(fact.origin.span, "there is no way out of this subnet")
            .also(at, format!("{title} fetches something"))
            .help("give the subnet a NAT gateway or a firewall with a route to it; what the service itself fetches, `file` and `script`, needs none");
        sink.push(d);
    }
}

/// The subnet at a path, and where it says that it has no way out.
fn closed<'a>(cx: &Context<'a>, image: &Image<'a>, path: &str) -> Option<(&'a Node, &'a Node)> {
    let id = image.at(path)?;
    let subnet = cx.program.resource(id.reference.as_ref()?.target)?;
    let outbound = fact(subnet, "outbound")?;
    (outbound.as_bool() == Some(false)).then_some((id, outbound))
}

/// The first step that surely fetches something from the internet, and what to call it. What an image of a gallery brings
/// with it, or a script that the service fetches sets, may be a proxy.
fn fetches(cx: &Context<'_>, image: &Image<'_>) -> Option<(Span, String)> {
    if image
        .at("source.type")
        .and_then(Node::as_str)
        .is_none_or(|kind| !kind.eq_ignore_ascii_case("PlatformImage"))
    {
        return None;
    }
    let mut asks_others = false;
    for step in &image.walk.steps {
        if step.effect.updates && !asks_others {
            return Some((step.origin().span, step.title()));
        }
        let Some(script) = image.script(step.index) else {
            if step.effect.commands.is_some() {
                return None;
            }
            continue;
        };
        let text = without_comments(&without_fetch(&script.text));
        if text.contains("proxy") {
            return None;
        }
        asks_others |= OTHER_SOURCES.iter().any(|word| text.contains(word));
        // A fetch that may fail does not end the build.
        let fetches = |c: &&Command| is_meant(script, c) && (downloads(c) || (!asks_others && installs(c)));
        if let Some(command) = script.commands().iter().find(fetches) {
            return Some((cx.place(script, command.range).span, step.title()));
        }
    }
    None
}

/// A script in lower case, without lines that are comments.
fn without_comments(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    lines.flat_map(|line| [line, "\n"]).collect::<String>().to_lowercase()
}

/// Whether a command fetches packages.
fn installs(command: &Command) -> bool {
    let Some((program, args)) = command.program() else { return false };
    let is_row = |row: &&Installer| row.dialect == command.dialect && row.programs.contains(&program);
    let Some(row) = INSTALLERS.iter().find(is_row) else { return false };
    let is_order = |w: &Word| ORDERS.contains(&w.text.to_lowercase().as_str());
    let order = args.iter().position(is_order);
    if order.is_none() && !program.starts_with("install-") {
        return false;
    }
    let is_one_of = |w: &Word, options: &[&str]| options.iter().any(|o| w.text.eq_ignore_ascii_case(o));
    if args.iter().any(|w| is_one_of(w, row.offline)) || other_source(row, args) {
        return false;
    }
    // Packages in files; what they need besides is not known.
    let mut named = args.iter().skip(order.map_or(0, |at| at + 1));
    let is_file = |w: &Word| {
        w.text.starts_with(['.', '/', '~', '$'])
            || w.text.get(1..2) == Some(":")
            || (PACKAGES.iter().any(|end| w.text.ends_with(end)) && !w.text.contains("://"))
    };
    !named.any(|w| w.redirect.is_none() && is_file(w))
}

/// Whether an installer is told to ask someone other than the public sources.
fn other_source(row: &Installer, args: &[Word]) -> bool {
    let is_public =
        |text: &str| PUBLIC_SOURCES.iter().any(|name| text.eq_ignore_ascii_case(name)) || is_public(text);
    args.iter().enumerate().any(|(at, word)| {
        let (option, joined) = match word.text.split_once(['=', ':']) {
            Some((option, value)) if option.starts_with('-') => (option, Some(value)),
            _ => (word.text.as_str(), None),
        };
        let value = joined.or_else(|| args.get(at + 1).map(|w| w.text.as_str()));
        row.sources.iter().any(|o| o.eq_ignore_ascii_case(option)) && !value.is_some_and(is_public)
    })
}

/// Whether a command fetches something by its address.
fn downloads(command: &Command) -> bool {
    let Some((_, args)) = command.program().filter(|_| shell::is_fetcher(command)) else { return false };
    let options = || args.iter().map(|w| w.text.as_str());
    if options().any(|o| matches!(o, "-x" | "--proxy" | "--preproxy")) {
        return false;
    }
    let before = std::iter::once("").chain(options());
    args.iter().zip(before).any(|(word, before)| !shell::names_another(before) && is_public(&word.text))
}

/// Whether an address is surely not one of the machine itself, of a network of one's own, or of a private endpoint.
fn is_public(url: &str) -> bool {
    host(url).is_some_and(|(host, _)| {
        let is_name =
            host.contains('.') && host.chars().any(|c| c.is_ascii_alphabetic()) && !host.contains('$');
        let is_private = ["local", "internal", "lan", "corp", "localdomain", "intranet", "home", "arpa"]
            .iter()
            .any(|end| host.rsplit('.').next() == Some(end));
        let has_endpoint = PRIVATE_ENDPOINTS.iter().any(|end| host.ends_with(end));
        is_name && !is_private && !has_endpoint
    })
}
