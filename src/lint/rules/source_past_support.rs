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
    /// The same of Pro, where that ended before Enterprise and Education.
    pro: Option<&'static str>,
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
        pro: None,
    },
    Ended {
        publisher: "canonical",
        offer: "ubuntuserver",
        skus: &["18.04", "18_04"],
        what: "Ubuntu 18.04",
        month: "2023-05",
        pro: None,
    },
    Ended {
        publisher: "canonical",
        offer: "0001-com-ubuntu-server-xenial",
        skus: &[],
        what: "Ubuntu 16.04",
        month: "2021-04",
        pro: None,
    },
    Ended {
        publisher: "canonical",
        offer: "0001-com-ubuntu-server-bionic",
        skus: &[],
        what: "Ubuntu 18.04",
        month: "2023-05",
        pro: None,
    },
    Ended {
        publisher: "openlogic",
        offer: "centos",
        skus: &["8"],
        what: "CentOS 8",
        month: "2021-12",
        pro: None,
    },
    Ended { publisher: "openlogic", offer: "centos", skus: &[], what: "CentOS", month: "2024-06", pro: None },
    Ended {
        publisher: DESKTOP,
        offer: "windows-7",
        skus: &[],
        what: "Windows 7",
        month: "2020-01",
        pro: None,
    },
    Ended {
        publisher: DESKTOP,
        offer: "windows-10",
        skus: &["19h1"],
        what: "Windows 10 1903",
        month: "2020-12",
        pro: None,
    },
    Ended {
        publisher: DESKTOP,
        offer: "windows-10",
        skus: &["19h2"],
        what: "Windows 10 1909",
        month: "2022-05",
        pro: Some("2021-05"),
    },
    Ended {
        publisher: DESKTOP,
        offer: "windows-10",
        skus: &["20h1"],
        what: "Windows 10 2004",
        month: "2021-12",
        pro: None,
    },
    Ended {
        publisher: DESKTOP,
        offer: "windows-10",
        skus: &["20h2"],
        what: "Windows 10 20H2",
        month: "2023-05",
        pro: Some("2022-05"),
    },
    Ended {
        publisher: DESKTOP,
        offer: "windows-10",
        skus: &["21h1"],
        what: "Windows 10 21H1",
        month: "2022-12",
        pro: None,
    },
    Ended {
        publisher: DESKTOP,
        offer: "windows-10",
        skus: &["21h2"],
        what: "Windows 10 21H2",
        month: "2024-06",
        pro: Some("2023-06"),
    },
    Ended {
        publisher: DESKTOP,
        offer: "windows-11",
        skus: &["21h2"],
        what: "Windows 11 21H2",
        month: "2024-10",
        pro: Some("2023-10"),
    },
    Ended {
        publisher: DESKTOP,
        offer: "windows-11",
        skus: &["22h2"],
        what: "Windows 11 22H2",
        month: "2025-10",
        pro: Some("2024-10"),
    },
];

/// Words of SKUs of the offer with Office, which holds both systems.
const WINDOWS_10: &str = "win10";
const WINDOWS_11: &str = "win11";
/// Releases that its SKUs begin with from before there was another system than Windows 10.
static RELEASES: &[&str] = &["19h1", "19h2", "20h1", "20h2", "21h1"];

impl Ended {
    /// When support ended for the edition of a SKU.
    fn month_of(&self, sku: &str) -> &'static str {
        let is_pro = sku.split('-').any(|word| word.starts_with("pro"));
        self.pro.filter(|_| is_pro).unwrap_or(self.month)
    }
}

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
            .here(format!("its support ended in {}", ended.month_of(&sku)))
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
        "office-365" if words.iter().any(|word| *word == WINDOWS_10 || RELEASES.contains(word)) => {
            "windows-10"
        }
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

#[cfg(test)]
mod tests {
    use super::{DESKTOP, ended};

    #[test]
    fn editions_end_in_months_of_their_own() {
        let month =
            |offer: &str, sku: &str| ended(DESKTOP, offer, sku).map(|row| (row.what, row.month_of(sku)));
        assert_eq!(month("windows-10", "20h2-pro"), Some(("Windows 10 20H2", "2022-05")));
        assert_eq!(month("windows-10", "20h2-pron-g2"), Some(("Windows 10 20H2", "2022-05")));
        assert_eq!(month("windows-10", "20h2-ent"), Some(("Windows 10 20H2", "2023-05")));
        assert_eq!(month("windows-10", "20h2-evd"), Some(("Windows 10 20H2", "2023-05")));
        assert_eq!(month("office-365", "19h2-evd-o365pp"), Some(("Windows 10 1909", "2022-05")));
        assert_eq!(month("office-365", "win10-21h2-avd-m365"), Some(("Windows 10 21H2", "2024-06")));
        assert_eq!(month("office-365", "win11-24h2-avd-m365"), None);
    }
}
