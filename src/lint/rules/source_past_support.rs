//! Sources whose system gets no more updates.

use crate::diag::{Sink, code};
use crate::lint::finding::finding;
use crate::lint::values::known;
use crate::lint::{Confidence, Context, Rule, RuleMeta};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::SOURCE_PAST_SUPPORT,
        confidence: Confidence::Likely,
        evidence: "https://learn.microsoft.com/lifecycle/products, https://wiki.ubuntu.com/Releases and https://learn.microsoft.com/azure/virtual-machines/workloads/centos/centos-end-of-life, as of 2026-08",
        on: true,
    },
    check,
};

/// A system past its end of support, by the parts of the images that hold it. Texts are in lower case.
struct Ended {
    publisher: &'static str,
    /// How the offer begins.
    offer: &'static str,
    /// What a word of the SKU begins with, if not all of the offer have ended.
    skus: &'static [&'static str],
    what: &'static str,
    /// The month of the last update that everybody gets.
    month: &'static str,
}

const DESKTOP: &str = "microsoftwindowsdesktop";

/// State: 2026-08. Images with support that is paid for, and those of a long-term servicing channel, are not here.
static ENDED: &[Ended] = &[
    Ended {
        publisher: "canonical",
        offer: "ubuntuserver",
        skus: &["16.04", "16_04"],
        what: "Ubuntu 16.04",
        month: "2021-04",
    },
    Ended {
        publisher: "canonical",
        offer: "ubuntuserver",
        skus: &["18.04", "18_04"],
        what: "Ubuntu 18.04",
        month: "2023-05",
    },
    Ended {
        publisher: "canonical",
        offer: "0001-com-ubuntu-server-xenial",
        skus: &[],
        what: "Ubuntu 16.04",
        month: "2021-04",
    },
    Ended {
        publisher: "canonical",
        offer: "0001-com-ubuntu-server-bionic",
        skus: &[],
        what: "Ubuntu 18.04",
        month: "2023-05",
    },
    Ended { publisher: "openlogic", offer: "centos", skus: &["8"], what: "CentOS 8", month: "2021-12" },
    Ended { publisher: "openlogic", offer: "centos", skus: &[], what: "CentOS", month: "2024-06" },
    Ended { publisher: DESKTOP, offer: "windows-7", skus: &[], what: "Windows 7", month: "2020-01" },
    Ended {
        publisher: DESKTOP,
        offer: "windows-10",
        skus: &["19h1"],
        what: "Windows 10 1903",
        month: "2020-12",
    },
    Ended {
        publisher: DESKTOP,
        offer: "windows-10",
        skus: &["19h2"],
        what: "Windows 10 1909",
        month: "2022-05",
    },
    Ended {
        publisher: DESKTOP,
        offer: "windows-10",
        skus: &["20h1"],
        what: "Windows 10 2004",
        month: "2021-12",
    },
    Ended {
        publisher: DESKTOP,
        offer: "windows-10",
        skus: &["20h2"],
        what: "Windows 10 20H2",
        month: "2023-05",
    },
    Ended {
        publisher: DESKTOP,
        offer: "windows-10",
        skus: &["21h1"],
        what: "Windows 10 21H1",
        month: "2022-12",
    },
    Ended {
        publisher: DESKTOP,
        offer: "windows-10",
        skus: &["21h2"],
        what: "Windows 10 21H2",
        month: "2024-06",
    },
    Ended {
        publisher: DESKTOP,
        offer: "windows-11",
        skus: &["21h2"],
        what: "Windows 11 21H2",
        month: "2024-10",
    },
    Ended {
        publisher: DESKTOP,
        offer: "windows-11",
        skus: &["22h2"],
        what: "Windows 11 22H2",
        month: "2025-10",
    },
    Ended {
        publisher: DESKTOP,
        offer: "office-365",
        skus: &["19h1", "19h2", "20h1", "20h2", "21h1"],
        what: "this release of Windows 10",
        month: "2023-05",
    },
];

/// Words of SKUs of the offer with Office, which holds both systems.
const WINDOWS_10: &str = "win10";
const WINDOWS_11: &str = "win11";

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in &cx.images {
        let part = |name: &str| Some(known(image.at("source")?.get(name)?)?.to_lowercase());
        let (Some(publisher), Some(offer), Some(sku)) = (part("publisher"), part("offer"), part("sku"))
        else {
            continue;
        };
        let Some(ended) = ended(&publisher, &offer, &sku) else { continue };
        let Some(node) = image.at("source.sku") else { continue };
        let title = format!("{} gets no more updates", ended.what);
        let d = finding(&code::SOURCE_PAST_SUPPORT, &node.origin, title)
            .here(format!("its support ended in {}", ended.month))
            .note("publishers take such images from the Marketplace; the build then ends with \"InternalOperationError\"")
            .help("build from a newer release");
        sink.push(d);
    }
}

fn ended(publisher: &str, offer: &str, sku: &str) -> Option<&'static Ended> {
    if sku.contains("ltsc") || sku.contains("ltsb") {
        return None;
    }
    // With Office the SKU tells which system it is.
    let words: Vec<&str> = sku.split('-').collect();
    let offer = match offer {
        "office-365" if words.contains(&WINDOWS_10) => "windows-10",
        "office-365" if words.contains(&WINDOWS_11) => "windows-11",
        other => other,
    };
    let begins = |starts: &&str| words.iter().any(|word| word.starts_with(starts));
    ENDED.iter().find(|row| {
        row.publisher == publisher
            && offer.starts_with(row.offer)
            && (row.skus.is_empty() || row.skus.iter().any(begins))
    })
}
