//! The regions of Azure, and which of them run Image Builder. A table that ages: see [`REGIONS_DATE`].

/// When the table was last compared with Azure's own lists.
pub const REGIONS_DATE: &str = "2026-08";

/// A region.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Region {
    /// The name in templates: `westeurope`.
    pub name: &'static str,
    /// The name in prose: `West Europe`.
    pub display: &'static str,
    /// The region it is paired with, if that is known and there is one.
    pub pair: Option<&'static str>,
    /// Whether it has availability zones, if that is known.
    pub zones: Option<bool>,
    /// Whether an image template can be there.
    pub image_builder: Service,
}

/// Whether a region runs the Image Builder service.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Service {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// Behind a preview feature.
    Preview,
}

/// The known regions by name. Azure has others; a name that is not here is no error.
pub static REGIONS: &[Region] = &[
    row("australiacentral", "Australia Central", Some("australiacentral2"), Some(false), Service::No),
    row("australiacentral2", "Australia Central 2", Some("australiacentral"), Some(false), Service::No),
    row("australiaeast", "Australia East", Some("australiasoutheast"), Some(true), Service::Yes),
    row("australiasoutheast", "Australia Southeast", Some("australiaeast"), Some(false), Service::Yes),
    row("austriaeast", "Austria East", None, Some(true), Service::No),
    row("belgiumcentral", "Belgium Central", None, Some(true), Service::No),
    row("brazilsouth", "Brazil South", Some("southcentralus"), Some(true), Service::Yes),
    row("brazilsoutheast", "Brazil Southeast", Some("brazilsouth"), Some(false), Service::No),
    row("canadacentral", "Canada Central", Some("canadaeast"), Some(true), Service::Yes),
    row("canadaeast", "Canada East", Some("canadacentral"), Some(false), Service::No),
    row("centralindia", "Central India", Some("southindia"), Some(true), Service::Yes),
    row("centralus", "Central US", Some("eastus2"), Some(true), Service::Yes),
    row("chilecentral", "Chile Central", None, None, Service::No),
    row("denmarkeast", "Denmark East", None, None, Service::No),
    row("eastasia", "East Asia", Some("southeastasia"), Some(true), Service::Yes),
    row("eastus", "East US", Some("westus"), Some(true), Service::Yes),
    row("eastus2", "East US 2", Some("centralus"), Some(true), Service::Yes),
    row("francecentral", "France Central", Some("francesouth"), Some(true), Service::Yes),
    row("francesouth", "France South", Some("francecentral"), Some(false), Service::No),
    row("germanynorth", "Germany North", Some("germanywestcentral"), Some(false), Service::No),
    row("germanywestcentral", "Germany West Central", Some("germanynorth"), Some(true), Service::Yes),
    row("indiasouthcentral", "India South Central", None, None, Service::No),
    row("indonesiacentral", "Indonesia Central", None, Some(true), Service::No),
    row("israelcentral", "Israel Central", None, Some(true), Service::Yes),
    row("israelnorthwest", "Israel Northwest", None, None, Service::No),
    row("italynorth", "Italy North", None, Some(true), Service::Yes),
    row("japaneast", "Japan East", Some("japanwest"), Some(true), Service::Yes),
    row("japanwest", "Japan West", Some("japaneast"), Some(true), Service::No),
    row("jioindiacentral", "Jio India Central", None, None, Service::No),
    row("jioindiawest", "Jio India West", None, None, Service::Yes),
    row("koreacentral", "Korea Central", Some("koreasouth"), Some(true), Service::Yes),
    row("koreasouth", "Korea South", Some("koreacentral"), Some(false), Service::No),
    row("malaysiasouth", "Malaysia South", None, None, Service::No),
    row("malaysiawest", "Malaysia West", None, None, Service::No),
    row("mexicocentral", "Mexico Central", None, Some(true), Service::No),
    row("newzealandnorth", "New Zealand North", None, Some(true), Service::Yes),
    row("northcentralus", "North Central US", Some("southcentralus"), Some(false), Service::Yes),
    row("northeurope", "North Europe", Some("westeurope"), Some(true), Service::Yes),
    row("norwayeast", "Norway East", Some("norwaywest"), Some(true), Service::Yes),
    row("norwaywest", "Norway West", Some("norwayeast"), Some(false), Service::No),
    row("polandcentral", "Poland Central", None, Some(true), Service::Yes),
    row("qatarcentral", "Qatar Central", None, Some(true), Service::Yes),
    row("saudiarabiaeast", "Saudi Arabia East", None, None, Service::No),
    row("southafricanorth", "South Africa North", Some("southafricawest"), Some(true), Service::Yes),
    row("southafricawest", "South Africa West", Some("southafricanorth"), Some(false), Service::No),
    row("southcentralus", "South Central US", Some("northcentralus"), Some(true), Service::Yes),
    row("southeastasia", "Southeast Asia", Some("eastasia"), Some(true), Service::Yes),
    row("southindia", "South India", Some("centralindia"), Some(false), Service::No),
    row("spaincentral", "Spain Central", None, Some(true), Service::No),
    row("swedencentral", "Sweden Central", Some("swedensouth"), Some(true), Service::Yes),
    row("swedensouth", "Sweden South", Some("swedencentral"), None, Service::No),
    row("switzerlandnorth", "Switzerland North", Some("switzerlandwest"), Some(true), Service::Yes),
    row("switzerlandwest", "Switzerland West", Some("switzerlandnorth"), Some(false), Service::No),
    row("taiwannorth", "Taiwan North", None, None, Service::No),
    row("taiwannorthwest", "Taiwan Northwest", None, None, Service::Yes),
    row("uaecentral", "UAE Central", Some("uaenorth"), Some(false), Service::No),
    row("uaenorth", "UAE North", Some("uaecentral"), Some(true), Service::Yes),
    row("uksouth", "UK South", Some("ukwest"), Some(true), Service::Yes),
    row("ukwest", "UK West", Some("uksouth"), Some(false), Service::Yes),
    row("westcentralus", "West Central US", Some("westus2"), Some(false), Service::Yes),
    row("westeurope", "West Europe", Some("northeurope"), Some(true), Service::Yes),
    row("westindia", "West India", Some("southindia"), Some(false), Service::No),
    row("westus", "West US", Some("eastus"), Some(false), Service::Yes),
    row("westus2", "West US 2", Some("westcentralus"), Some(true), Service::Yes),
    row("westus3", "West US 3", Some("eastus"), Some(true), Service::Yes),
    row("usgovarizona", "USGov Arizona", None, None, Service::Preview),
    row("usgovtexas", "USGov Texas", None, None, Service::No),
    row("usgovvirginia", "USGov Virginia", None, None, Service::Preview),
    row("usdodcentral", "USDoD Central", None, None, Service::No),
    row("usdodeast", "USDoD East", None, None, Service::No),
    row("chinaeast", "China East", Some("chinanorth"), None, Service::No),
    row("chinaeast2", "China East 2", Some("chinanorth2"), None, Service::No),
    row("chinaeast3", "China East 3", Some("chinanorth3"), None, Service::No),
    row("chinanorth", "China North", Some("chinaeast"), None, Service::No),
    row("chinanorth2", "China North 2", Some("chinaeast2"), None, Service::No),
    row("chinanorth3", "China North 3", Some("chinaeast3"), None, Service::Yes),
];

const fn row(
    name: &'static str,
    display: &'static str,
    pair: Option<&'static str>,
    zones: Option<bool>,
    image_builder: Service,
) -> Region {
    Region { name, display, pair, zones, image_builder }
}

/// Brings a region's name into the form in which names compare: `East US 2` becomes `eastus2`.
pub fn normalise_region(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// The region with this name, in any of its spellings.
pub fn region(name: &str) -> Option<&'static Region> {
    let name = normalise_region(name);
    REGIONS.iter().find(|r| r.name == name)
}
