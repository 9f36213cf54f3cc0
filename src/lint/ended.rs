//! Systems that get no more updates, by the parts of the platform images that hold them.

use self::Ends::{All, Editions};
use self::Offer::{Begins, Is};

/// A system past its end of support. Texts are in lower case, but for what it is called.
#[derive(Debug)]
pub(super) struct Ended {
    publisher: &'static str,
    offer: Offer,
    /// What the SKU or a word of it begins with, if not all of the offer have ended.
    skus: &'static [&'static str],
    /// What it is called.
    pub(super) what: &'static str,
    ends: Ends,
    pub(super) source: &'static Source,
}

/// Which offers a row means.
#[derive(Debug)]
enum Offer {
    Is(&'static str),
    /// With what follows: the daily builds, those for high performance computing.
    Begins(&'static str),
}

/// The month of the last update that every VM in Azure gets without paying for more.
#[derive(Debug)]
enum Ends {
    All(&'static str),
    /// Pro ends before Enterprise, its multi-session and Education, which may not have ended yet.
    Editions {
        pro: &'static str,
        others: Option<&'static str>,
    },
}

/// Where the months of a row are from.
#[derive(Debug)]
pub(super) struct Source {
    /// Where who makes it says so.
    pub(super) page: &'static str,
    /// The state of what was read: that page, or what <https://endoflife.date> has of it.
    pub(super) of: &'static str,
}

const fn source(page: &'static str, of: &'static str) -> Source {
    Source { page, of }
}

static UBUNTU: Source = source("https://wiki.ubuntu.com/Releases", "2026-04");
/// Months of the long-term support, which everybody gets; what is extended after it is paid for.
static DEBIAN: Source = source("https://wiki.debian.org/LTS", "2025-05");
/// Months of the maintenance; the Extended Life Cycle Support after it is paid for.
static RHEL: Source = source("https://access.redhat.com/support/policy/updates/errata", "2024-11");
static CENTOS: Source = source(
    "https://learn.microsoft.com/azure/virtual-machines/workloads/centos/centos-end-of-life",
    "2024-03",
);
static AZURE_LINUX: Source =
    source("https://learn.microsoft.com/azure/azure-linux/release-cadence-lifecycle", "2026-07");
/// Months of the general support; the Long Term Service Pack Support after it is paid for.
static SLES: Source = source("https://www.suse.com/lifecycle", "2024-12");
static LEAP: Source = source("https://en.opensuse.org/Lifetime", "2026-05");
/// Months of the premier support; the extended support after it is paid for.
static ORACLE: Source = source("https://www.oracle.com/a/ocom/docs/elsp-lifetime-069338.pdf", "2023-12");
/// Months of the extended support. The Extended Security Updates after it, which cost nothing in Azure, have ended too: those
/// for 2012 in 2026-10, those for 2008 in 2023-01.
static SERVER: Source =
    source("https://learn.microsoft.com/lifecycle/products/?terms=Windows%20Server", "2026-07");
static WINDOWS_7: Source = source("https://learn.microsoft.com/lifecycle/products/windows-7", "2022-01");
static WINDOWS_10: Source =
    source("https://learn.microsoft.com/windows/release-health/release-information", "2024-11");
static WINDOWS_11: Source =
    source("https://learn.microsoft.com/windows/release-health/windows11-release-information", "2026-11");

const CANONICAL: &str = "canonical";
const AZURE: &str = "microsoftcblmariner";
const WINDOWS: &str = "microsoftwindowsserver";
const DESKTOP: &str = "microsoftwindowsdesktop";
/// The semi-annual channel has an offer of its own: `WindowsServerSemiAnnual`.
const ANY_SERVER: Offer = Begins("windowsserver");
const TEN: Offer = Begins("windows-10");
const ELEVEN: Offer = Begins("windows-11");

/// The months of Pro and of the others.
const fn ends(pro: &'static str, others: &'static str) -> Ends {
    Editions { pro, others: Some(others) }
}

const fn row(
    publisher: &'static str,
    offer: Offer,
    skus: &'static [&'static str],
    what: &'static str,
    ends: Ends,
    source: &'static Source,
) -> Ended {
    Ended { publisher, offer, skus, what, ends, source }
}

/// State: 2026-11. The first row that fits counts.
///
/// Not here: what is paid for (Ubuntu Pro, subscriptions that are brought along, SAP), channels with long-term servicing, and
/// Windows 10 22H2, whose Extended Security Updates cost nothing in Azure Virtual Desktop until 2028
/// (<https://techcommunity.microsoft.com/blog/azurevirtualdesktopblog/windows-10-extended-security-updates-for-azure-virtual-desktop/4459715>,
/// of 2025-10).
static ENDED: &[Ended] = &[
    row(CANONICAL, Is("ubuntuserver"), &["14.04", "14_04"], "Ubuntu 14.04", All("2019-04"), &UBUNTU),
    row(CANONICAL, Is("ubuntuserver"), &["16.04", "16_04"], "Ubuntu 16.04", All("2021-04"), &UBUNTU),
    row(CANONICAL, Is("ubuntuserver"), &["17.10", "17_10"], "Ubuntu 17.10", All("2018-07"), &UBUNTU),
    row(CANONICAL, Is("ubuntuserver"), &["18.04", "18_04"], "Ubuntu 18.04", All("2023-05"), &UBUNTU),
    row(CANONICAL, Is("ubuntuserver"), &["18.10", "18_10"], "Ubuntu 18.10", All("2019-07"), &UBUNTU),
    row(CANONICAL, Is("ubuntuserver"), &["19.04", "19_04"], "Ubuntu 19.04", All("2020-01"), &UBUNTU),
    row(CANONICAL, Is("ubuntuserver"), &["19.10", "19_10"], "Ubuntu 19.10", All("2020-07"), &UBUNTU),
    row(CANONICAL, Begins("0001-com-ubuntu-server-xenial"), &[], "Ubuntu 16.04", All("2021-04"), &UBUNTU),
    row(CANONICAL, Begins("0001-com-ubuntu-server-bionic"), &[], "Ubuntu 18.04", All("2023-05"), &UBUNTU),
    row(CANONICAL, Begins("0001-com-ubuntu-server-eoan"), &[], "Ubuntu 19.10", All("2020-07"), &UBUNTU),
    row(CANONICAL, Begins("0001-com-ubuntu-server-focal"), &[], "Ubuntu 20.04", All("2025-05"), &UBUNTU),
    row(CANONICAL, Begins("0001-com-ubuntu-minimal-focal"), &[], "Ubuntu 20.04", All("2025-05"), &UBUNTU),
    row(CANONICAL, Begins("0001-com-ubuntu-server-groovy"), &[], "Ubuntu 20.10", All("2021-07"), &UBUNTU),
    row(CANONICAL, Begins("0001-com-ubuntu-server-hirsute"), &[], "Ubuntu 21.04", All("2022-01"), &UBUNTU),
    row(CANONICAL, Begins("0001-com-ubuntu-server-impish"), &[], "Ubuntu 21.10", All("2022-07"), &UBUNTU),
    row(CANONICAL, Begins("0001-com-ubuntu-server-kinetic"), &[], "Ubuntu 22.10", All("2023-07"), &UBUNTU),
    row(CANONICAL, Begins("0001-com-ubuntu-server-lunar"), &[], "Ubuntu 23.04", All("2024-01"), &UBUNTU),
    row(CANONICAL, Begins("0001-com-ubuntu-server-mantic"), &[], "Ubuntu 23.10", All("2024-07"), &UBUNTU),
    row(CANONICAL, Begins("ubuntu-24_10"), &[], "Ubuntu 24.10", All("2025-07"), &UBUNTU),
    row(CANONICAL, Begins("ubuntu-25_04"), &[], "Ubuntu 25.04", All("2026-01"), &UBUNTU),
    row(CANONICAL, Begins("ubuntu-25_10"), &[], "Ubuntu 25.10", All("2026-07"), &UBUNTU),
    row("credativ", Is("debian"), &["7"], "Debian 7", All("2018-05"), &DEBIAN),
    row("credativ", Is("debian"), &["8"], "Debian 8", All("2020-06"), &DEBIAN),
    row("credativ", Is("debian"), &["9"], "Debian 9", All("2022-07"), &DEBIAN),
    row("debian", Begins("debian-9"), &[], "Debian 9", All("2022-07"), &DEBIAN),
    row("debian", Begins("debian-10"), &[], "Debian 10", All("2024-06"), &DEBIAN),
    row("debian", Begins("debian-11"), &[], "Debian 11", All("2026-08"), &DEBIAN),
    row("redhat", Is("rhel"), &["6"], "RHEL 6", All("2020-11"), &RHEL),
    row("redhat", Is("rhel"), &["7"], "RHEL 7", All("2024-06"), &RHEL),
    row("openlogic", Begins("centos"), &["6"], "CentOS 6", All("2020-11"), &CENTOS),
    row("openlogic", Begins("centos"), &["7"], "CentOS 7", All("2024-06"), &CENTOS),
    row("openlogic", Begins("centos"), &["8"], "CentOS 8", All("2021-12"), &CENTOS),
    row("openlogic", Begins("centos"), &[], "CentOS", All("2024-06"), &CENTOS),
    row(AZURE, Is("cbl-mariner"), &["1"], "CBL-Mariner 1", All("2023-08"), &AZURE_LINUX),
    row(AZURE, Is("cbl-mariner"), &["2"], "CBL-Mariner 2", All("2025-07"), &AZURE_LINUX),
    row("suse", Begins("sles-12-sp"), &[], "SLES 12", All("2024-10"), &SLES),
    row("suse", Begins("sles-15-sp1"), &[], "SLES 15 SP1", All("2021-01"), &SLES),
    row("suse", Begins("sles-15-sp2"), &[], "SLES 15 SP2", All("2021-12"), &SLES),
    row("suse", Begins("sles-15-sp3"), &[], "SLES 15 SP3", All("2022-12"), &SLES),
    row("suse", Begins("sles-15-sp4"), &[], "SLES 15 SP4", All("2023-12"), &SLES),
    row("suse", Begins("sles-15-sp5"), &[], "SLES 15 SP5", All("2024-12"), &SLES),
    row("suse", Begins("opensuse-leap-15-3"), &[], "openSUSE Leap 15.3", All("2022-12"), &LEAP),
    row("suse", Begins("opensuse-leap-15-4"), &[], "openSUSE Leap 15.4", All("2023-12"), &LEAP),
    row("suse", Begins("opensuse-leap-15-5"), &[], "openSUSE Leap 15.5", All("2024-12"), &LEAP),
    row("suse", Begins("opensuse-leap-15-6"), &[], "openSUSE Leap 15.6", All("2026-04"), &LEAP),
    row("oracle", Is("oracle-linux"), &["6", "ol6"], "Oracle Linux 6", All("2021-03"), &ORACLE),
    row("oracle", Is("oracle-linux"), &["7", "ol7"], "Oracle Linux 7", All("2024-12"), &ORACLE),
    row(WINDOWS, ANY_SERVER, &["2008-r2"], "Windows Server 2008 R2", All("2020-01"), &SERVER),
    row(WINDOWS, ANY_SERVER, &["2012-r2"], "Windows Server 2012 R2", All("2023-10"), &SERVER),
    row(WINDOWS, ANY_SERVER, &["2012"], "Windows Server 2012", All("2023-10"), &SERVER),
    row(WINDOWS, ANY_SERVER, &["1709"], "Windows Server 1709", All("2019-04"), &SERVER),
    row(WINDOWS, ANY_SERVER, &["1803"], "Windows Server 1803", All("2019-11"), &SERVER),
    row(WINDOWS, ANY_SERVER, &["1809"], "Windows Server 1809", All("2020-11"), &SERVER),
    row(WINDOWS, ANY_SERVER, &["1903"], "Windows Server 1903", All("2020-12"), &SERVER),
    row(WINDOWS, ANY_SERVER, &["1909"], "Windows Server 1909", All("2021-05"), &SERVER),
    row(WINDOWS, ANY_SERVER, &["2004"], "Windows Server 2004", All("2021-12"), &SERVER),
    row(WINDOWS, ANY_SERVER, &["20h2"], "Windows Server 20H2", All("2022-08"), &SERVER),
    row(DESKTOP, Begins("windows-7"), &[], "Windows 7", All("2020-01"), &WINDOWS_7),
    row(DESKTOP, TEN, &["rs3"], "Windows 10 1709", ends("2019-04", "2020-10"), &WINDOWS_10),
    row(DESKTOP, TEN, &["rs4"], "Windows 10 1803", ends("2019-11", "2021-05"), &WINDOWS_10),
    row(DESKTOP, TEN, &["rs5"], "Windows 10 1809", ends("2020-11", "2021-05"), &WINDOWS_10),
    row(DESKTOP, TEN, &["19h1"], "Windows 10 1903", All("2020-12"), &WINDOWS_10),
    row(DESKTOP, TEN, &["19h2"], "Windows 10 1909", ends("2021-05", "2022-05"), &WINDOWS_10),
    row(DESKTOP, TEN, &["20h1"], "Windows 10 2004", All("2021-12"), &WINDOWS_10),
    row(DESKTOP, TEN, &["20h2"], "Windows 10 20H2", ends("2022-05", "2023-05"), &WINDOWS_10),
    row(DESKTOP, TEN, &["21h1"], "Windows 10 21H1", All("2022-12"), &WINDOWS_10),
    row(DESKTOP, TEN, &["21h2"], "Windows 10 21H2", ends("2023-06", "2024-06"), &WINDOWS_10),
    row(DESKTOP, ELEVEN, &["21h2"], "Windows 11 21H2", ends("2023-10", "2024-10"), &WINDOWS_11),
    row(DESKTOP, ELEVEN, &["22h2"], "Windows 11 22H2", ends("2024-10", "2025-10"), &WINDOWS_11),
    row(DESKTOP, ELEVEN, &["23h2"], "Windows 11 23H2", ends("2025-11", "2026-11"), &WINDOWS_11),
    // Enterprise and Education get updates until 2027-10.
    row(
        DESKTOP,
        ELEVEN,
        &["24h2"],
        "Windows 11 24H2 Pro",
        Editions { pro: "2026-10", others: None },
        &WINDOWS_11,
    ),
];

/// What an image has in its offer or SKU where somebody pays for its support, or where it lasts longer than that of its system.
static LONGER: &[&str] = &["ltsc", "ltsb", "byos", "sap"];

/// Words of SKUs of the offer with Office, which holds both systems.
const WORD_10: &str = "win10";
const WORD_11: &str = "win11";
/// Releases that its SKUs begin with from before there was another system than Windows 10.
static RELEASES: &[&str] = &["rs5", "19h1", "19h2", "20h1", "20h2", "21h1"];

impl Ended {
    /// When support ended for the edition of a SKU, if it has.
    pub(super) fn month_of(&self, sku: &str) -> Option<&'static str> {
        let is_pro = sku.split('-').any(|word| word.starts_with("pro"));
        match self.ends {
            All(month) => Some(month),
            Editions { pro, .. } if is_pro => Some(pro),
            Editions { others, .. } => others,
        }
    }
}

/// The row of a platform image, whose parts are in lower case.
pub(super) fn ended(publisher: &str, offer: &str, sku: &str) -> Option<&'static Ended> {
    if LONGER.iter().any(|text| offer.contains(text) || sku.contains(text)) {
        return None;
    }
    // With Office the SKU tells which system it is.
    let words: Vec<&str> = sku.split('-').collect();
    let offer = match offer {
        "office-365" if words.iter().any(|word| *word == WORD_10 || RELEASES.contains(word)) => "windows-10",
        "office-365" if words.contains(&WORD_11) => "windows-11",
        other => other,
    };
    let begins = |starts: &&str| sku.starts_with(starts) || words.iter().any(|word| word.starts_with(starts));
    ENDED.iter().find(|row| {
        let is_offered = match row.offer {
            Is(name) => offer == name,
            Begins(name) => offer.starts_with(name),
        };
        row.publisher == publisher
            && is_offered
            && (row.skus.is_empty() || row.skus.iter().any(begins))
            && row.month_of(sku).is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::{DESKTOP, ENDED, Ends, ended};

    #[test]
    fn editions_end_in_months_of_their_own() {
        let month = |offer: &str, sku: &str| {
            ended(DESKTOP, offer, sku).map(|row| (row.what, row.month_of(sku).unwrap()))
        };
        assert_eq!(month("windows-10", "20h2-pro"), Some(("Windows 10 20H2", "2022-05")));
        assert_eq!(month("windows-10", "20h2-pron-g2"), Some(("Windows 10 20H2", "2022-05")));
        assert_eq!(month("windows-10", "20h2-ent"), Some(("Windows 10 20H2", "2023-05")));
        assert_eq!(month("windows-10", "20h2-evd"), Some(("Windows 10 20H2", "2023-05")));
        assert_eq!(month("office-365", "19h2-evd-o365pp"), Some(("Windows 10 1909", "2022-05")));
        assert_eq!(month("office-365", "win10-21h2-avd-m365"), Some(("Windows 10 21H2", "2024-06")));
        assert_eq!(month("office-365", "win11-24h2-avd-m365"), None);
        assert_eq!(month("windows-11", "win11-23h2-pro"), Some(("Windows 11 23H2", "2025-11")));
        assert_eq!(month("windows-11", "win11-23h2-avd"), Some(("Windows 11 23H2", "2026-11")));
        assert_eq!(month("windows-11", "win11-24h2-pro"), Some(("Windows 11 24H2 Pro", "2026-10")));
        assert_eq!(month("windows-11", "win11-24h2-ent"), None);
    }

    #[test]
    fn rows_say_where_they_are_from_and_end_before_the_state_of_the_table() {
        for row in ENDED {
            assert!(row.source.page.starts_with("https://") && row.source.of.len() == 7, "{row:?}");
            let months = match row.ends {
                Ends::All(month) => vec![month],
                Ends::Editions { pro, others } => [Some(pro), others].into_iter().flatten().collect(),
            };
            assert!(months.iter().all(|month| month.len() == 7 && *month <= "2026-11"), "{row:?}");
        }
    }
}
