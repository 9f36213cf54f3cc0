//! The shapes of the table: resource kinds, object types, properties, unions.
//!
//! A row is written once, as a `static`, with `const fn` builders: `Prop::new("timeout", "buildTimeoutInMinutes",
//! Ty::Minutes).since(V2019_05).limit(…).doc("…")`. The aib side of a row is its [`Prop::name`]; the ARM side is
//! [`Prop::arm`], a dotted path below the ARM object that the surrounding block stands for.

use std::fmt;

/// An API version of the target, such as `2024-02-01`. Versions of one provider order as their texts do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ApiVersion(pub &'static str);

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl ApiVersion {
    /// Whether it is a preview.
    pub fn is_preview(self) -> bool {
        self.0.ends_with("-preview")
    }
}

/// A kind of resource that a file can declare, and the ARM type it becomes.
#[derive(Debug)]
pub struct ResourceKind {
    /// The word that declares it: `image`.
    pub keyword: &'static str,
    /// The ARM type: `Microsoft.VirtualMachineImages/imageTemplates`.
    pub arm_type: &'static str,
    /// The known API versions, oldest first.
    pub versions: &'static [ApiVersion],
    /// The version written unless something asks for another.
    pub default_version: ApiVersion,
    /// The keyword of the resource it is declared in: `gallery` for `definition`.
    pub parent: Option<&'static str>,
    /// Whether a file may declare one that is deployed, rather than refer to an existing one.
    pub deployable: bool,
    /// Whether ARM wants `properties` even if there is nothing to say in it.
    pub needs_properties: bool,
    /// What its name must look like.
    pub name: NameRule,
    /// How the default name follows from the declared one.
    pub default_name: DefaultName,
    /// Its properties, from the resource's own root: `location`, `tags`, `properties.…`.
    pub body: &'static ObjectType,
    /// The properties that an `existing` one takes besides its facts: `id`, `resource_group`, …
    pub reference: &'static [Prop],
    /// What it is.
    pub doc: &'static str,
    /// Its page in Azure's documentation.
    pub link: &'static str,
}

/// How a resource's name follows from its declared name when none is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DefaultName {
    /// The declared name as it is.
    AsDeclared,
    /// With `-` for `_`.
    Hyphens,
    /// There is none: it must be written.
    Required,
}

/// What a name must look like. Hand-coded, since some of Azure's patterns use look-behind.
#[derive(Clone, Copy, Debug)]
pub struct NameRule {
    /// The fewest characters.
    pub min: usize,
    /// The most characters.
    pub max: usize,
    /// The punctuation allowed besides ASCII letters and digits.
    pub punctuation: &'static str,
    /// Whether upper-case letters are allowed.
    pub upper: bool,
    /// Whether it must begin with a letter.
    pub letter_first: bool,
    /// The punctuation it may begin with.
    pub first: &'static str,
    /// The punctuation it may end with.
    pub last: &'static str,
    /// The rule in words, for messages.
    pub words: &'static str,
}

/// An object of the target: a block in aib.
#[derive(Debug)]
pub struct ObjectType {
    /// Its name, in the words of the target's documentation.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// Its properties, in the order in which they are emitted.
    pub props: &'static [Prop],
    /// The ordered entries that its block holds besides properties: steps, targets.
    pub entries: Option<&'static Entries>,
    /// The property that a bare value sets where the object is expected: `"northeurope"` for `{ name = "northeurope" }`.
    pub shorthand: Option<&'static str>,
    /// What the target says of several properties together.
    pub rules: &'static [CrossRule],
}

/// The ordered entries of a block.
#[derive(Debug)]
pub struct Entries {
    /// The ARM member that holds the list, below the block's object; empty if the block is the list itself.
    pub arm: &'static str,
    /// What may stand in it.
    pub union: &'static Union,
    /// When the member appeared.
    pub since: Option<ApiVersion>,
}

/// Objects told apart by one member.
#[derive(Debug)]
pub struct Union {
    /// What it is called in messages: `customizer`, `source`.
    pub name: &'static str,
    /// The ARM member that tells them apart: `type`, `scheme`, `kind`.
    pub discriminator: &'static str,
    /// Where the service is known to refuse a discriminator in another letter case in versions that otherwise do not compare
    /// it: from which version on, and what shows it.
    pub exact: Option<(ApiVersion, &'static str)>,
    /// The variants.
    pub variants: &'static [Variant],
}

/// A variant of a union.
#[derive(Debug)]
pub struct Variant {
    /// The aib word: an entry's keyword (`shell`) or a call (`latest(major = 1)`).
    pub keyword: &'static str,
    /// The discriminator's value: `Shell`.
    pub arm: &'static str,
    /// Values of older versions: `shell` up to 2018-02-01-preview.
    pub legacy: &'static [Legacy],
    /// What the entry's label does.
    pub label: LabelRole,
    /// The property that the entry's main value sets.
    pub main: Option<&'static str>,
    /// Its properties.
    pub body: &'static ObjectType,
    /// The first version that has it; all versions if absent.
    pub since: Option<ApiVersion>,
    /// The last version that has it.
    pub until: Option<ApiVersion>,
    /// Which operating system it runs on, if only one.
    pub os: Option<Os>,
    /// What it does.
    pub doc: &'static str,
}

/// An operating system.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Os {
    /// Linux
    Linux,
    /// Windows
    Windows,
}

impl Os {
    /// The bare word in aib.
    pub fn word(self) -> &'static str {
        match self {
            Self::Linux => "linux",
            Self::Windows => "windows",
        }
    }
    /// The name in ARM and in prose.
    pub fn name(self) -> &'static str {
        match self {
            Self::Linux => "Linux",
            Self::Windows => "Windows",
        }
    }
}

/// What the label of an entry does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LabelRole {
    /// There is none.
    None,
    /// A string that sets this property: `shell "install"` sets `name`.
    Sets(&'static str),
    /// A path to a declaration (or a string) that sets this property: `gallery prod.web`.
    Refers(&'static str),
}

/// A name that a member or discriminator value had up to a version.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Legacy {
    /// The last version with this spelling.
    pub until: ApiVersion,
    /// The spelling.
    pub arm: &'static str,
}

/// A property.
#[derive(Debug)]
pub struct Prop {
    /// The aib spelling.
    pub name: &'static str,
    /// The dotted path below the block's ARM object; empty if the property has no ARM counterpart (see `role`).
    pub arm: &'static str,
    /// Spellings of older versions (the whole dotted path).
    pub legacy: &'static [Legacy],
    /// What it holds.
    pub ty: Ty,
    /// What it means to the compiler, where that is not just its ARM member.
    pub role: Role,
    /// Whether it must be written. [`Required::Since`] for members that became required.
    pub required: Required,
    /// Whether only the service writes it.
    pub read_only: bool,
    /// Why not to use it any more, and what instead.
    pub deprecated: Option<&'static str>,
    /// The property that takes the same value in the place of a deprecated one.
    pub successor: Option<&'static str>,
    /// The first version that has it; all versions if absent.
    pub since: Option<ApiVersion>,
    /// The last version that has it.
    pub until: Option<ApiVersion>,
    /// Bounds of the value.
    pub limit: Limit,
    /// What the service assumes when it is absent, in aib.
    pub default: Option<&'static str>,
    /// What the compiler writes when it is absent.
    pub implied: Implied,
    /// What it does.
    pub doc: &'static str,
}

/// What the compiler writes for a property that the author left out, in a block that is there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Implied {
    /// Nothing: the member is absent.
    Nothing,
    /// This value, as a word of aib: a member of the enumeration, `true`, or the text itself.
    Value(&'static str),
    /// A name that follows from the declared one, see [`ResourceKind::default_name`].
    DeclaredName,
    /// The location of the resource group that is deployed to.
    GroupLocation,
    /// The location of the resource that the block stands in.
    ResourceLocation,
    /// A run output name, unique in the image and stable between builds.
    OutputName,
}

/// Whether a property must be written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Required {
    /// It may be left out.
    No,
    /// It must be written.
    Always,
    /// It must be written from this version on.
    Since(ApiVersion),
    /// It must be written up to this version.
    Until(ApiVersion),
}

/// Bounds of a value; all inclusive.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Limit {
    /// The smallest number (for [`Ty::Minutes`] in minutes, for [`Ty::Gigabytes`] in GB).
    pub min: Option<i64>,
    /// The largest number.
    pub max: Option<i64>,
    /// The fewest characters or elements.
    pub min_len: Option<usize>,
    /// The most characters or elements.
    pub max_len: Option<usize>,
}

/// What a property holds.
#[derive(Clone, Copy, Debug)]
pub enum Ty {
    /// Text.
    Str,
    /// Text that must look like a name.
    Name(&'static NameRule),
    /// A 32-bit integer.
    Int,
    /// A truth value.
    Bool,
    /// A duration in aib, whole minutes as an integer in ARM.
    Minutes,
    /// A duration in aib, `5m` as a string in ARM.
    GoDuration,
    /// A size in aib, whole gigabytes as an integer in ARM.
    Gigabytes,
    /// A truth value in aib, `Enabled` or `Disabled` in ARM.
    State,
    /// One of these.
    Enum(&'static Enumeration),
    /// A list.
    List(&'static Ty),
    /// A map from text.
    Map(&'static Ty),
    /// Tags: a map from text to text with the limits of ARM tags.
    Tags,
    /// An object.
    Object(&'static ObjectType),
    /// One of several objects: a call of a variant, or what converts to one.
    Union(&'static Union),
    /// The id of a resource of one of these kinds (their keywords): a handle, or text.
    Id(&'static [&'static str]),
    /// The template's identity: one handle or id in aib, the ARM identity object in ARM.
    Identity,
    /// The staging group: a name or id of a resource group, or `existing("name")`.
    ResourceGroup,
    /// Commands: a string that is split into lines, or a list taken as it is.
    Script,
    /// The URL of a file that the service fetches.
    Url,
    /// A SHA-256 in lower-case hexadecimal digits.
    Sha256,
    /// A region.
    Region,
    /// A version of a gallery image, `1.2.3`.
    Version,
    /// Anything, passed on as it is.
    Any,
}

/// A closed or open enumeration.
#[derive(Debug)]
pub struct Enumeration {
    /// What it is called in messages.
    pub name: &'static str,
    /// Its members.
    pub values: &'static [EnumValue],
    /// Whether the schema accepts other texts too.
    pub open: bool,
}

/// A member of an enumeration.
#[derive(Debug)]
pub struct EnumValue {
    /// The bare word in aib: `trusted_launch_supported`.
    pub name: &'static str,
    /// What ARM writes.
    pub arm: Lit,
    /// The first version that has it.
    pub since: Option<ApiVersion>,
    /// What it means.
    pub doc: &'static str,
}

/// A literal of ARM.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lit {
    /// Text
    Str(&'static str),
    /// A truth value: `continueDistributeOnFailure` is an enumeration in aib.
    Bool(bool),
}

/// What a property means to the compiler besides its ARM member.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// Nothing more.
    Member,
    /// The resource's name.
    Name,
    /// The API version.
    ApiVersion,
    /// Members merged as they are: into `properties` of a resource, into the object itself of a step or target.
    Raw,
    /// Members merged into the resource itself, beside `properties`; `null` leaves one out.
    Envelope,
    /// A fact for the checker, not emitted: the operating system.
    Os,
    /// Variables exported before an inline script.
    Env,
    /// Secrets fetched before an inline script.
    Secrets,
    /// The commands of a step.
    Script,
    /// Capabilities that a step provides.
    Provides,
    /// Capabilities that a step requires.
    Requires,
    /// Whether a step leaves a restart pending.
    NeedsRestart,
    /// The whole id of an existing resource.
    ReferenceId,
    /// The resource group of an existing resource.
    ReferenceGroup,
    /// The subscription of an existing resource.
    ReferenceSubscription,
    /// The virtual network of an existing subnet.
    ReferenceVnet,
    /// The explicit version appended to a gallery target's id.
    TargetVersion,
    /// A feature of an image definition: becomes an element `{name, value}` of `properties.features`, the name being
    /// `arm`. A truth value is written as the text `True` or `False`.
    Feature,
    /// A fact that only the author knows about an existing resource, read by rules.
    Fact,
    /// Resources that this one waits for.
    DependsOn,
}

/// What the target says of several properties together. Names are aib names of the same object.
#[derive(Debug)]
pub enum CrossRule {
    /// Exactly one of these must be written.
    ExactlyOne {
        /// These.
        props: &'static [&'static str],
        /// Why, in words that can follow a colon.
        why: &'static str,
    },
    /// At most one of these may be written.
    AtMostOne {
        /// These.
        props: &'static [&'static str],
        /// Why, in words that can follow a colon.
        why: &'static str,
    },
    /// The first needs the second.
    Requires {
        /// The first.
        prop: &'static str,
        /// The second.
        needs: &'static str,
        /// Why, in words that can follow a colon.
        why: &'static str,
    },
    /// The first, when `true`, needs the second to be `true`.
    RequiresTrue {
        /// The first.
        prop: &'static str,
        /// The second.
        needs: &'static str,
        /// Why, in words that can follow a colon.
        why: &'static str,
    },
}

impl Prop {
    /// A plain, optional member of all versions.
    pub const fn new(name: &'static str, arm: &'static str, ty: Ty) -> Self {
        Self {
            name,
            arm,
            legacy: &[],
            ty,
            role: Role::Member,
            required: Required::No,
            read_only: false,
            deprecated: None,
            successor: None,
            since: None,
            until: None,
            limit: Limit { min: None, max: None, min_len: None, max_len: None },
            default: None,
            implied: Implied::Nothing,
            doc: "",
        }
    }
    /// What it does, in one or two sentences.
    #[must_use]
    pub const fn doc(mut self, doc: &'static str) -> Self {
        self.doc = doc;
        self
    }
    /// The first version that has it.
    #[must_use]
    pub const fn since(mut self, version: ApiVersion) -> Self {
        self.since = Some(version);
        self
    }
    /// The last version that has it.
    #[must_use]
    pub const fn until(mut self, version: ApiVersion) -> Self {
        self.until = Some(version);
        self
    }
    /// It must be written.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = Required::Always;
        self
    }
    /// It must be written in some versions.
    #[must_use]
    pub const fn required_in(mut self, required: Required) -> Self {
        self.required = required;
        self
    }
    /// Only the service writes it.
    #[must_use]
    pub const fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }
    /// Another property takes its value.
    #[must_use]
    pub const fn succeeded_by(mut self, name: &'static str) -> Self {
        self.successor = Some(name);
        self
    }

    /// Not to be used any more; says what instead.
    #[must_use]
    pub const fn deprecated(mut self, instead: &'static str) -> Self {
        self.deprecated = Some(instead);
        self
    }
    /// The smallest and largest number.
    #[must_use]
    pub const fn range(mut self, min: i64, max: i64) -> Self {
        self.limit.min = Some(min);
        self.limit.max = Some(max);
        self
    }
    /// The smallest number.
    #[must_use]
    pub const fn min(mut self, min: i64) -> Self {
        self.limit.min = Some(min);
        self
    }
    /// The fewest and most characters or elements.
    #[must_use]
    pub const fn length(mut self, min: usize, max: usize) -> Self {
        self.limit.min_len = Some(min);
        self.limit.max_len = Some(max);
        self
    }
    /// What the service assumes when it is absent, in aib.
    #[must_use]
    pub const fn default(mut self, value: &'static str) -> Self {
        self.default = Some(value);
        self
    }
    /// What the compiler writes when it is absent.
    #[must_use]
    pub const fn implied(mut self, implied: Implied) -> Self {
        self.implied = implied;
        self
    }
    /// What it means to the compiler.
    #[must_use]
    pub const fn role(mut self, role: Role) -> Self {
        self.role = role;
        self
    }
    /// Spellings of older versions.
    #[must_use]
    pub const fn legacy(mut self, legacy: &'static [Legacy]) -> Self {
        self.legacy = legacy;
        self
    }
    /// Its dotted ARM path in a version.
    pub fn arm_in(&self, version: ApiVersion) -> &'static str {
        self.legacy.iter().find(|l| version <= l.until).map_or(self.arm, |l| l.arm)
    }
    /// Whether a version has it.
    pub fn is_in(&self, version: ApiVersion) -> bool {
        self.since.is_none_or(|s| version >= s) && self.until.is_none_or(|u| version <= u)
    }
    /// Whether it must be written in a version.
    pub fn is_required_in(&self, version: ApiVersion) -> bool {
        match self.required {
            Required::No => false,
            Required::Always => true,
            Required::Since(v) => version >= v,
            Required::Until(v) => version <= v,
        }
    }
}

impl ObjectType {
    /// An object without entries, shorthand or cross rules.
    pub const fn plain(name: &'static str, doc: &'static str, props: &'static [Prop]) -> Self {
        Self { name, doc, props, entries: None, shorthand: None, rules: &[] }
    }
    /// The property with this aib name.
    pub fn prop(&self, name: &str) -> Option<&'static Prop> {
        self.props.iter().find(|p| p.name == name)
    }
    /// The property whose ARM path is, or ends in, this member.
    pub fn prop_by_arm(&self, member: &str) -> Option<&'static Prop> {
        self.props
            .iter()
            .find(|p| !p.arm.is_empty() && (p.arm == member || p.arm.rsplit('.').next() == Some(member)))
    }
}

impl Union {
    /// The variant with this aib keyword.
    pub fn variant(&self, keyword: &str) -> Option<&'static Variant> {
        self.variants.iter().find(|v| v.keyword == keyword)
    }
}

impl Variant {
    /// The discriminator's value in a version.
    pub fn arm_in(&self, version: ApiVersion) -> &'static str {
        self.legacy.iter().find(|l| version <= l.until).map_or(self.arm, |l| l.arm)
    }
    /// Whether a version has it.
    pub fn is_in(&self, version: ApiVersion) -> bool {
        self.since.is_none_or(|s| version >= s) && self.until.is_none_or(|u| version <= u)
    }
}

impl Enumeration {
    /// The member with this aib word, or whose ARM text is this.
    pub fn find(&self, word: &str) -> Option<&'static EnumValue> {
        self.values.iter().find(|v| v.name == word || matches!(v.arm, Lit::Str(text) if text == word))
    }
}

impl NameRule {
    fn is_letter(&self, c: char) -> bool {
        c.is_ascii_digit() || c.is_ascii_lowercase() || (self.upper && c.is_ascii_uppercase())
    }

    /// Whether a text may be a part of a name: of one whose other parts are known only to Azure.
    pub fn accepts_in(&self, part: &str) -> bool {
        part.chars().count() <= self.max
            && part.chars().all(|c| self.is_letter(c) || self.punctuation.contains(c))
    }

    /// Whether a name follows the rule.
    pub fn accepts(&self, name: &str) -> bool {
        let length = name.chars().count();
        let letter = |c: char| self.is_letter(c);
        (self.min..=self.max).contains(&length)
            && self.accepts_in(name)
            && name.chars().next().is_none_or(|c| letter(c) || self.first.contains(c))
            && (!self.letter_first || name.chars().next().is_none_or(|c| c.is_ascii_alphabetic()))
            && name.chars().next_back().is_none_or(|c| letter(c) || self.last.contains(c))
    }
}
