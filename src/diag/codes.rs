//! The table of codes: one row a code, and its page under `docs/codes/`.

use super::Applicability;

/// How bad a finding is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Probably wrong, or fragile.
    Warning,
    /// Wrong: nothing is emitted.
    Error,
}

impl Severity {
    /// The word used in every format.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// What a code is about: the language itself, or the target that the language describes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Class {
    /// Syntax, names, types of expressions: without these nothing has a meaning.
    Language,
    /// What Azure would refuse or do.
    Target,
}

macro_rules! categories {
    ($($(#[doc = $doc:literal])* $variant:ident $name:literal)*) => {
        /// What a finding is about.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Category { $($(#[doc = $doc])* $variant,)* }

        impl Category {
            /// All of them, in the order in which they are listed.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word for it, in kebab-case.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

categories! {
    /// Syntax, names and types of expressions.
    Language "language"
    /// Values that the target refuses, or that do not do what they seem to.
    Schema "schema"
    /// The order of the steps, and what each finds.
    Ordering "ordering"
    /// What scripts do to the machine that they run on.
    Scripts "scripts"
    /// Credentials.
    Secrets "secrets"
    /// Sources, targets and what lies between them.
    Gallery "gallery"
    /// Networks, regions and resource groups.
    Network "network"
    /// Where scripts and files come from.
    SupplyChain "supply-chain"
    /// What a build costs, and whether it ends in time.
    CostAndTime "cost-and-time"
    /// The rules of a team.
    Policy "policy"
    /// How a source is written.
    Style "style"
    /// What reading a template into source could not keep as it was.
    Conversion "conversion"
}

/// A row of the table.
#[derive(PartialEq, Eq, Debug)]
pub struct Code {
    /// `AIB101`: stable for ever, never used again for something else.
    pub id: &'static str,
    /// The kebab-case name, worded for the fault, so that "allow *name*" reads right.
    pub name: &'static str,
    /// The severity unless configured.
    pub severity: Severity,
    /// What it is about.
    pub category: Category,
    /// The surest mend that its findings may bring, if they bring any.
    pub fix: Option<Applicability>,
    /// The page: what, why, a wrong and a right example.
    pub page: &'static str,
}

macro_rules! fix {
    (None) => {
        None
    };
    ($applicability:ident) => {
        Some(Applicability::$applicability)
    };
}

macro_rules! codes {
    ($($ident:ident $id:literal $name:literal $severity:ident $category:ident $fix:ident)*) => {
        /// Every code, by its name in the source.
        pub mod code {
            use super::{Applicability, Category, Code, Severity};
            $(
                #[doc = concat!("`", $id, "` ", $name)]
                pub static $ident: Code = Code {
                    id: $id, name: $name, severity: Severity::$severity, category: Category::$category, fix: fix!($fix),
                    page: include_str!(concat!("../../docs/codes/", $id, ".md")),
                };
            )*
        }
        /// Every code, in the order of the table.
        pub static CODES: &[&Code] = &[$(&code::$ident),*];
    };
}

// A number only tells codes apart; what one is about is in its row. To choose the next: 0xx files and syntax, 1xx names and
// modules, 2xx types and values, 3xx the target's shape, 4xx steps and scripts, 5xx secrets, 6xx gallery and sources, 7xx other
// rules of the target, 8xx JSON, 9xx mistakes of aib itself.
codes! {
    SYNTAX                  "AIB001" "syntax-error"            Error   Language    Safe
    UNTERMINATED_STRING     "AIB002" "unterminated-string"     Error   Language    None
    UNCLOSED_BRACKET        "AIB003" "unclosed-bracket"        Error   Language    None
    WRONG_ASSIGNMENT        "AIB004" "wrong-assignment"        Error   Language    Safe
    WRONG_COMMENT           "AIB005" "wrong-comment"           Error   Language    Safe
    NESTING_TOO_DEEP        "AIB006" "nesting-too-deep"        Error   Language    None
    FILE_TOO_LARGE          "AIB007" "file-too-large"          Error   Language    None
    INVALID_ESCAPE          "AIB008" "invalid-escape"          Error   Language    None
    INVALID_NUMBER          "AIB009" "invalid-number"          Error   Language    Safe
    MISSING_SEPARATOR       "AIB010" "missing-separator"       Error   Language    Safe
    BRACE_ON_NEXT_LINE      "AIB011" "brace-on-next-line"      Error   Language    Safe
    FOREIGN_WORD            "AIB012" "foreign-word"            Error   Language    Safe
    UNKNOWN_NAME            "AIB100" "unknown-name"            Error   Language    Unsafe
    DUPLICATE_NAME          "AIB101" "duplicate-name"          Error   Language    None
    PRIVATE_NAME            "AIB102" "private-name"            Error   Language    None
    IMPORT_FAILED           "AIB103" "import-failed"           Error   Language    None
    IMPORT_RING             "AIB104" "import-ring"             Error   Language    None
    OUTSIDE_WORKSPACE       "AIB105" "outside-workspace"       Error   Language    None
    UNKNOWN_TYPE            "AIB106" "unknown-type"            Error   Language    Unsafe
    CYCLIC_DEFINITION       "AIB107" "cyclic-definition"       Error   Language    None
    MISPLACED               "AIB108" "misplaced-statement"     Error   Language    Unsafe
    UNKNOWN_MEMBER          "AIB109" "unknown-member"          Error   Language    Unsafe
    CONFLICTING_PARAMETERS  "AIB110" "conflicting-parameters"  Error   Language    None
    UNKNOWN_PARAMETER       "AIB111" "unknown-parameter"       Error   Language    Unsafe
    TYPE_MISMATCH           "AIB200" "type-mismatch"           Error   Language    None
    NOT_CALLABLE            "AIB201" "not-callable"            Error   Language    None
    WRONG_ARGUMENTS         "AIB202" "wrong-arguments"         Error   Language    Unsafe
    DEFERRED                "AIB203" "deferred-value"          Error   Language    None
    TOO_LARGE               "AIB204" "too-large"               Error   Language    None
    EVALUATION              "AIB205" "evaluation-failed"       Error   Language    None
    BAD_REFINEMENT          "AIB206" "bad-refinement"          Error   Language    None
    ARM_EXPRESSION          "AIB207" "invalid-arm-expression"  Error   Language    None
    ASSERTION_FAILED        "AIB208" "assertion-failed"        Error   Language    None
    POLICY_VIOLATED         "AIB209" "policy-violated"         Error   Policy      None
    UNKNOWN_PROPERTY        "AIB300" "unknown-property"        Error   Schema      Safe
    ARM_SPELLING            "AIB301" "arm-spelling"            Error   Schema      Unsafe
    MISSING_PROPERTY        "AIB302" "missing-property"        Error   Schema      None
    NOT_IN_VERSION          "AIB303" "not-in-version"          Error   Schema      None
    READ_ONLY_PROPERTY      "AIB304" "read-only-property"      Error   Schema      None
    EXCLUDING_PROPERTIES    "AIB305" "excluding-properties"    Error   Schema      None
    REQUIRES_PROPERTY       "AIB306" "requires-property"       Error   Schema      None
    PROPERTY_TYPE           "AIB307" "property-type"           Error   Schema      Safe
    OUT_OF_BOUNDS           "AIB308" "out-of-bounds"           Error   Schema      None
    VALUE_NOT_ALLOWED       "AIB309" "value-not-allowed"       Error   Schema      Unsafe
    INVALID_VALUE           "AIB310" "invalid-value"           Error   Schema      Safe
    INVALID_NAME            "AIB311" "invalid-name"            Error   Schema      None
    INVALID_ID              "AIB312" "invalid-id"              Error   Schema      None
    WRONG_KIND              "AIB313" "wrong-kind"              Error   Schema      None
    DUPLICATE_PROPERTY      "AIB314" "duplicate-property"      Error   Schema      None
    UNKNOWN_ENTRY           "AIB315" "unknown-entry"           Error   Schema      Safe
    STEPS_IN_SPREAD         "AIB316" "steps-in-spread"         Error   Schema      None
    DEPRECATED_PROPERTY     "AIB317" "deprecated-property"     Warning Schema      Unsafe
    UNKNOWN_VERSION         "AIB318" "unknown-version"         Error   Schema      None
    OLD_VERSION             "AIB319" "old-version"             Error   Schema      None
    LOCAL_FILE              "AIB320" "local-file"              Error   Schema      Unsafe
    DUPLICATE_RESOURCE      "AIB321" "duplicate-resource"      Error   Schema      None
    RAW_MEMBERS             "AIB322" "raw-members"             Info    Schema      None
    DEFERRED_VERSION        "AIB323" "deferred-version"        Warning Schema      None
    LATE_FUNCTION           "AIB324" "late-function"           Error   Schema      None
    REFUSED_CALL            "AIB325" "refused-call"            Error   Schema      None
    STEP_AGAINST_RECIPE     "AIB400" "step-against-recipe"     Error   Ordering    None
    STEP_FOR_OTHER_OS       "AIB401" "step-for-other-os"       Error   Ordering    None
    UNMET_REQUIREMENT       "AIB402" "unmet-requirement"       Error   Ordering    None
    FILE_USED_EARLY         "AIB403" "file-used-early"         Error   Ordering    None
    PENDING_RESTART         "AIB404" "pending-restart"         Error   Ordering    None
    STEP_AFTER_GENERALIZE   "AIB405" "step-after-generalize"   Error   Ordering    None
    REBOOT_IN_SCRIPT        "AIB406" "reboot-in-script"        Warning Scripts     None
    DEPROVISION_SCRIPT_LOST "AIB407" "deprovision-script-lost" Warning Scripts     None
    FILE_OUTSIDE_TMP        "AIB408" "file-outside-tmp"        Error   Ordering    None
    FOREIGN_PATH            "AIB409" "foreign-path"            Error   Ordering    None
    BAD_DESTINATION         "AIB410" "bad-destination"         Error   Ordering    None
    FILE_OVERWRITTEN        "AIB411" "file-overwritten"        Warning Ordering    None
    NO_RESTART_AFTER_UPDATE "AIB412" "no-restart-after-update" Info    Ordering    None
    LOST_TEMP_FILE          "AIB413" "lost-temp-file"          Warning Ordering    None
    SCRIPT_SYNTAX           "AIB414" "script-syntax"           Error   Scripts     None
    VARIABLE_LOST           "AIB415" "variable-lost"           Warning Scripts     None
    BASH_IN_SH              "AIB416" "bash-in-sh"               Warning Scripts     None
    UPDATE_BEFORE_RESTART   "AIB417" "update-before-restart"   Warning Ordering    None
    MISSING_FOLDER          "AIB418" "missing-folder"          Warning Ordering    None
    IDLE_DEPROVISION_SCRIPT "AIB420" "idle-deprovision-script"  Warning Ordering    Unsafe
    IDLE_RESTART            "AIB421" "idle-restart"             Info    Ordering    None
    UNCHECKED_FILE          "AIB422" "unchecked-file"           Info    Ordering    None
    INTERACTIVE_INSTALL     "AIB430" "interactive-install"      Warning Scripts     Unsafe
    REMOTE_ACCESS_LOST      "AIB431" "remote-access-lost"       Warning Scripts     None
    NETWORK_ADAPTER_CHANGE  "AIB432" "network-adapter-change"   Warning Scripts     None
    HYPER_V_SYSPREP         "AIB434" "hyper-v-sysprep"          Warning Scripts     None
    MISSING_SUDO            "AIB435" "missing-sudo"            Warning Scripts     Unsafe
    MISSING_ELEVATION       "AIB436" "missing-elevation"       Warning Scripts     Unsafe
    SECRET_LEAK             "AIB500" "secret-leak"             Error   Secrets     None
    SECRET_REVEALED         "AIB501" "secret-revealed"         Warning Secrets     None
    NEEDLESS_REVEAL         "AIB502" "needless-reveal"         Warning Secrets     None
    SECRETS_NEED_IDENTITY   "AIB503" "secrets-need-identity"   Error   Secrets     None
    SAS_TOKEN               "AIB510" "sas-token"               Error   Secrets     None
    CREDENTIAL_LITERAL      "AIB511" "credential-literal"      Error   Secrets     None
    PASSWORD_LITERAL        "AIB512" "password-literal"        Warning Secrets     None
    PASSWORD_PARAMETER      "AIB513" "password-parameter"      Warning Secrets     None
    NO_GALLERY_OUTPUT       "AIB600" "no-gallery-output"       Error   Gallery     Unsafe
    OS_CONTRADICTS          "AIB601" "os-contradicts"          Error   Gallery     None
    DEFINITION_MISMATCH     "AIB610" "definition-mismatch"     Error   Gallery     None
    SECURITY_MISMATCH       "AIB611" "security-mismatch"       Error   Gallery     None
    UNSUPPORTED_SECURITY    "AIB612" "unsupported-security"    Error   Gallery     None
    SECURITY_NEEDS_V2       "AIB613" "security-needs-v2"       Error   Gallery     None
    PLAN_MISMATCH           "AIB614" "plan-mismatch"           Error   Gallery     None
    SPECIALIZED_DEFINITION  "AIB615" "specialized-definition"  Error   Gallery     None
    DUPLICATE_REGION        "AIB616" "duplicate-region"        Error   Gallery     None
    HOME_REGION_MISSING     "AIB617" "home-region-missing"     Error   Gallery     None
    TOO_MANY_REPLICAS       "AIB618" "too-many-replicas"       Error   Gallery     None
    DUPLICATE_TARGET        "AIB619" "duplicate-target"        Error   Gallery     None
    DUPLICATE_OUTPUT        "AIB620" "duplicate-output"        Error   Gallery     None
    DUPLICATE_IDENTIFIER    "AIB621" "duplicate-identifier"    Error   Gallery     None
    ARM64_MANAGED_IMAGE     "AIB622" "arm64-managed-image"     Error   Gallery     None
    BAD_IMAGE_VERSION       "AIB623" "bad-image-version"       Error   Gallery     None
    SOURCE_NOT_REPLICATED   "AIB624" "source-not-replicated"   Error   Gallery     None
    DEAD_TRIGGER            "AIB625" "dead-trigger"            Error   Gallery     None
    NO_TARGET               "AIB626" "no-target"               Error   Gallery     None
    NO_REGIONS              "AIB627" "no-regions"              Warning Gallery     None
    HARDENED_SOURCE         "AIB630" "hardened-source"          Warning Gallery     None
    SOURCE_PAST_SUPPORT     "AIB631" "source-past-support"      Warning Gallery     None
    TWO_SUBSCRIPTIONS       "AIB632" "two-subscriptions"        Error   Gallery     None
    FIXED_VERSION_AUTO_RUN  "AIB633" "fixed-version-auto-run"   Info    Gallery     None
    VHD_WITHOUT_URI         "AIB634" "vhd-without-uri"          Info    Gallery     None
    GENERATION_1_SOURCE     "AIB635" "generation-1-source"      Info    Gallery     None
    TRUSTED_LAUNCH_LOST     "AIB636" "trusted-launch-lost"      Warning Gallery     None
    DISTRIBUTE_ON_FAILURE   "AIB637" "distribute-on-failure"    Warning Gallery     None
    DISK_TOO_SMALL          "AIB638" "disk-too-small"           Warning Gallery     Unsafe
    SHARED_DEFINITION       "AIB639" "shared-definition"        Warning Gallery     None
    MANAGED_IMAGE_IN_OTHER_REGION "AIB640" "managed-image-in-other-region" Error Gallery None
    PLAIN_HTTP              "AIB710" "plain-http"              Warning SupplyChain Unsafe
    UNPINNED_DOWNLOAD       "AIB711" "unpinned-download"       Warning SupplyChain None
    MOVING_REFERENCE        "AIB712" "moving-reference"        Warning SupplyChain None
    WEB_PAGE_URL            "AIB713" "web-page-url"            Error   SupplyChain Unsafe
    STORAGE_ROLE_UNKNOWN    "AIB714" "storage-role-unknown"    Info    SupplyChain None
    PIPED_SCRIPT            "AIB715" "piped-script"            Warning SupplyChain None
    UNCHECKED_DOWNLOAD      "AIB716" "unchecked-download"      Info    SupplyChain None
    TIMEOUT_TOO_SHORT       "AIB720" "timeout-too-short"       Error   CostAndTime Unsafe
    WINDOWS_TIMEOUT         "AIB721" "windows-timeout"         Warning CostAndTime None
    WINDOWS_DEFAULT_SIZE    "AIB722" "windows-default-size"    Warning CostAndTime None
    ARM64_DEFAULT_SIZE      "AIB723" "arm64-default-size"      Warning CostAndTime None
    UNSUPPORTED_LOCATION    "AIB724" "unsupported-location"    Warning Network     None
    CONTAINER_SUBNET        "AIB725" "container-subnet"        Error   Network     None
    SHARED_STAGING_GROUP    "AIB726" "shared-staging-group"    Error   Network     None
    UNKNOWN_REGION          "AIB727" "unknown-region"          Warning Network     Unsafe
    UPDATE_FILTER           "AIB730" "update-filter"           Warning Schema      None
    USELESS_UPDATE_FILTER   "AIB731" "useless-update-filter"   Warning Schema      None
    EXIT_CODES_WITHOUT_ZERO "AIB732" "exit-codes-without-zero" Warning Schema      None
    IDLE_CHECKSUM           "AIB733" "idle-checksum"           Warning Schema      None
    ELEVATED_WITHOUT_SYSTEM "AIB734" "elevated-without-system"  Warning Schema      Unsafe
    SCRIPT_FOR_OTHER_SHELL  "AIB735" "script-for-other-shell"   Warning Schema      None
    SOURCE_ONLY_VALIDATION  "AIB736" "source-only-validation"   Warning Schema      None
    FIXED_TEMPLATE_NAME     "AIB737" "fixed-template-name"      Info    Schema      None
    ROLE_ASSIGNED_LATE      "AIB738" "role-assigned-late"       Warning Schema      None
    MISSING_OPERATOR_ROLE   "AIB739" "missing-operator-role"    Warning Schema      None
    INVALID_ALLOW           "AIB740" "invalid-allow"           Warning Style       None
    ALLOW_WITHOUT_REASON    "AIB741" "allow-without-reason"    Warning Style       None
    UNUSED_ALLOW            "AIB742" "unused-allow"            Warning Style       Safe
    ASSIGNMENT_WITHOUT_TYPE "AIB745" "assignment-without-type"  Warning Schema      None
    ROLE_WITH_WILDCARD      "AIB746" "role-with-wildcard"       Warning Schema      None
    OWN_STAGING_GROUP       "AIB750" "own-staging-group"        Error   Network     None
    NO_BUILD_NETWORK        "AIB751" "no-build-network"         Info    Network     None
    PROXY_NETWORK           "AIB752" "proxy-network"            Info    Network     None
    SUBNET_IN_OTHER_REGION  "AIB753" "subnet-in-other-region"   Error   Network     None
    NO_OUTBOUND             "AIB754" "no-outbound"              Warning Network     None
    FIREWALLED_STORAGE      "AIB755" "firewalled-storage"       Error   Network     None
    FIREWALLED_VAULT        "AIB756" "firewalled-vault"         Error   Network     None
    VM_LEFT_RUNNING         "AIB760" "vm-left-running"          Info    CostAndTime Unsafe
    NO_BOOT_OPTIMIZATION    "AIB761" "no-boot-optimization"     Info    CostAndTime None
    WINDOWS_SMALL_SIZE      "AIB762" "windows-small-size"       Warning CostAndTime None
    RESTART_TOO_SHORT       "AIB763" "restart-too-short"        Warning CostAndTime Unsafe
    SIZE_WITHOUT_GENERATION_2 "AIB764" "size-without-generation-2" Error CostAndTime None
    SIZE_FOR_OTHER_ARCHITECTURE "AIB765" "size-for-other-architecture" Error CostAndTime None
    RESTART_OUTLASTS_BUILD  "AIB770" "restart-outlasts-build"  Warning CostAndTime None
    STEPS_OUTLAST_BUILD     "AIB771" "steps-outlast-build"     Warning CostAndTime None
    DEFINITION_IN_OTHER_REGION "AIB772" "definition-in-other-region" Info CostAndTime None
    BROKEN_JSON             "AIB800" "broken-json"             Error   Language    None
    DUPLICATE_KEY           "AIB801" "duplicate-key"           Warning Schema      None
    UNQUOTED_PLACEHOLDER    "AIB802" "unquoted-placeholder"    Warning Schema      None
    NO_TEMPLATE             "AIB810" "no-template"             Error   Language    None
    KEPT_RAW                "AIB811" "kept-raw"                Info    Conversion  None
    NOT_CARRIED             "AIB812" "not-carried-over"        Warning Conversion  None
    BROKEN_EXPRESSION       "AIB813" "broken-expression"       Warning Conversion  None
    GENERATOR_DROPPED       "AIB814" "generator-dropped"       Info    Conversion  None
    UNDECLARED_NAME         "AIB815" "undeclared-name"         Warning Conversion  None
    DEFAULTED_DEFINITION    "AIB820" "defaulted-definition"     Info    Gallery     None
    DEFINITION_MADE_LATE    "AIB821" "definition-made-late"     Warning Gallery     None
    UNUSED_NAME             "AIB822" "unused-name"              Info    Style       None
    OLD_SCHEMA              "AIB823" "old-schema"               Info    Style       Unsafe
    FORMAT_UNSOUND          "AIB900" "format-unsound"          Error   Language    None
}

impl Code {
    /// Whether it is about the language itself, or about the target.
    pub fn class(&self) -> Class {
        if self.category == Category::Language { Class::Language } else { Class::Target }
    }

    /// What it means, in a sentence: the first one of its page.
    pub fn summary(&self) -> String {
        let text = self.page.split("\n\n").nth(1).unwrap_or_default().replace('\n', " ");
        match text.split_once(". ") {
            Some((first, _)) => first.to_string(),
            None => text.trim_end_matches('.').to_string(),
        }
    }
}

/// The code with this id or name, in any letter case.
pub fn find_code(text: &str) -> Option<&'static Code> {
    CODES.iter().copied().find(|c| c.id.eq_ignore_ascii_case(text) || c.name.eq_ignore_ascii_case(text))
}
