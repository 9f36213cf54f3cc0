//! What the names of VM sizes say, and which families cannot boot generation 2.
//!
//! Names follow <https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions>: family, number of processors (and
//! of those that are left on), features, then parts behind `_`: accelerator, memory, version.

/// A size, as its name tells it. Texts are in lower case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VmSize {
    /// `basic` or `standard`
    tier: Tier,
    /// `d`, `nv`; older sizes with premium storage have it here: `ds`.
    family: String,
    /// `ps`, `ads`
    features: String,
    /// Whether a part between features and version names an accelerator or an amount of memory.
    has_more: bool,
    /// The first version has no number.
    version: u8,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Tier {
    Basic,
    Standard,
}

/// A family, some versions of which boot generation 1 only.
struct Generation1 {
    tier: Tier,
    family: &'static str,
    versions: &'static [u8],
}

/// Families without generation 2, where none of the features is `s`, which stands for premium storage: Dv3 has generation 1
/// only, Dsv3 has both.
///
/// Evidence: the series' own pages ("VM Generation Support: Generation 1" of Av2, Dv2, Dv3, Ev3),
/// <https://learn.microsoft.com/azure/virtual-machines/generation-2> for the families A, and NC and NV of the first version; builds that ended with
/// "cannot boot Hypervisor Generation '2'": jenkinsci/azure-vm-agents-plugin#305 (`Basic_A0`), microsoft/ga4gh-tes#43 (`Standard_D1_v2`),
/// coreos/coreos-assembler#4120 (`Standard_D2_v3`), skypilot-org/skypilot#133 (`Standard_NC6_Promo`). Nothing was found of D, DS, F, G, H and
/// L of the first version, which therefore are not here.
static GENERATION_1: &[Generation1] = &[
    Generation1 { tier: Tier::Basic, family: "a", versions: &[1] },
    Generation1 { tier: Tier::Standard, family: "a", versions: &[1, 2] },
    Generation1 { tier: Tier::Standard, family: "d", versions: &[2, 3] },
    Generation1 { tier: Tier::Standard, family: "e", versions: &[3] },
    Generation1 { tier: Tier::Standard, family: "nc", versions: &[1] },
    Generation1 { tier: Tier::Standard, family: "nv", versions: &[1] },
];

/// Families that have Arm64 sizes, which have the feature `p`: Dpsv5, Epdsv6, Bpsv2.
static WITH_ARM64: &[&str] = &["b", "d", "e"];

/// Families all of whose sizes without the feature `p` are x64. Not here is what has accelerators: of those some are Arm64
/// without the letter.
static X64: &[&str] = &["a", "b", "d", "ds", "dc", "e", "ec", "f", "fx", "g", "gs", "l", "m"];

const PREMIUM_STORAGE: char = 's';
const ARM64: char = 'p';

impl VmSize {
    /// Reads a name; Azure compares them without letter case. None for what does not follow the convention.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let mut parts = name.split('_');
        let tier = match parts.next()? {
            "basic" => Tier::Basic,
            "standard" => Tier::Standard,
            _ => return None,
        };
        let size = parts.next()?;
        let (family, rest) = size.split_at_checked(size.find(|c: char| c.is_ascii_digit())?)?;
        let features = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-');
        if family.is_empty() || !features.chars().all(|c| c.is_ascii_alphabetic()) {
            return None;
        }
        let mut read =
            Self { tier, family: family.into(), features: features.into(), has_more: false, version: 1 };
        for part in parts.filter(|part| *part != "promo") {
            match part.strip_prefix('v').and_then(|number| number.parse().ok()) {
                Some(version) => read.version = version,
                None => read.has_more = true,
            }
        }
        Some(read)
    }

    /// Whether VMs of this size surely boot generation 1 only.
    pub fn lacks_generation_2(&self) -> bool {
        let is_listed = GENERATION_1.iter().any(|row| {
            row.tier == self.tier && row.family == self.family && row.versions.contains(&self.version)
        });
        is_listed && !self.has_more && !self.features.contains(PREMIUM_STORAGE)
    }

    /// The architecture of its processors, as definitions name it, if the name tells it.
    pub fn architecture(&self) -> Option<&'static str> {
        let listed = |families: &[&str]| families.contains(&&*self.family) && !self.has_more;
        match self.features.contains(ARM64) {
            true if listed(WITH_ARM64) => Some("Arm64"),
            false if listed(X64) => Some("x64"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::VmSize;

    #[track_caller]
    fn facts(name: &str) -> (bool, Option<&'static str>) {
        let size = VmSize::parse(name).unwrap();
        (size.lacks_generation_2(), size.architecture())
    }

    #[test]
    fn names_tell_the_generation() {
        let old = [
            "Basic_A0",
            "Standard_A1",
            "Standard_A2_v2",
            "Standard_A8m_v2",
            "Standard_D1_v2",
            "standard_d15i_V2",
            "Standard_D2_v2_Promo",
            "Standard_D2_v3",
            "Standard_E4_v3",
            "Standard_E64i_v3",
            "Standard_NC6",
            "Standard_NC24r",
            "Standard_NC6_Promo",
            "Standard_NV12",
        ];
        let both = [
            "Standard_D1",
            "Standard_DS1_v2",
            "Standard_DS11-1_v2",
            "Standard_D2s_v3",
            "Standard_E4-2s_v3",
            "Standard_D2_v4",
            "Standard_D2_v5",
            "Standard_E4_v5",
            "Standard_F2",
            "Standard_F2s_v2",
            "Standard_G1",
            "Standard_NC6s_v3",
            "Standard_NC4as_T4_v3",
            "Standard_NV12s_v3",
            "Standard_NV4as_v4",
            "Standard_B2ms",
            "Standard_DC2s",
            "Standard_D16as_v5",
            "Standard_NCC40ads_H100_v5",
        ];
        assert!(old.iter().all(|name| facts(name).0));
        assert!(both.iter().all(|name| !facts(name).0));
    }

    #[test]
    fn names_tell_the_architecture() {
        let arm = [
            "Standard_D4ps_v5",
            "Standard_D4plds_v5",
            "Standard_E4pds_v6",
            "Standard_B2pts_v2",
            "standard_d2PS_v6",
        ];
        let x64 = [
            "Basic_A1",
            "Standard_B2ms",
            "Standard_D2_v2_Promo",
            "Standard_DS1_v2",
            "Standard_D4s_v5",
            "Standard_E8-4ads_v5",
            "Standard_F4s_v2",
            "Standard_L8s_v3",
            "Standard_M64ms",
            "Standard_DC2as_v5",
            "Standard_FX4mds",
        ];
        let unknown = [
            "Standard_ND128isr_NDR_GB200_v6",
            "Standard_NC6",
            "Standard_NP10s",
            "Standard_PB6s",
            "Standard_HB120rs_v3",
            "Standard_M96ds_1_v3",
            "Standard_X4ps_v9",
            "Standard_NC4as_T4_v3",
        ];
        assert!(arm.iter().all(|name| facts(name).1 == Some("Arm64")));
        assert!(x64.iter().all(|name| facts(name).1 == Some("x64")));
        assert!(unknown.iter().all(|name| facts(name).1.is_none()));
        for name in ["", "Standard", "D4s_v5", "Standard_D4$s", "Standard_4s", "Standard_D4ß_v5"] {
            assert_eq!(VmSize::parse(name), None, "{name}");
        }
    }
}
