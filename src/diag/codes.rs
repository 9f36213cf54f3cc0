//! The table of codes: one row a code, and its page under `docs/codes/`.

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

/// A row of the table.
#[derive(PartialEq, Eq, Debug)]
pub struct Code {
    /// `AIB101`: stable for ever, never used again for something else.
    pub id: &'static str,
    /// The kebab-case name, worded for the fault, so that "allow *name*" reads right.
    pub name: &'static str,
    /// The severity unless configured.
    pub severity: Severity,
    /// Language or target.
    pub class: Class,
    /// The page: what, why, a wrong and a right example.
    pub page: &'static str,
}

macro_rules! codes {
    ($($ident:ident $id:literal $name:literal $severity:ident $class:ident)*) => {
        /// Every code, by its name in the source.
        pub mod code {
            use super::{Class, Code, Severity};
            $(
                #[doc = concat!("`", $id, "` ", $name)]
                pub static $ident: Code = Code {
                    id: $id, name: $name, severity: Severity::$severity, class: Class::$class,
                    page: include_str!(concat!("../../docs/codes/", $id, ".md")),
                };
            )*
        }
        /// Every code, in the order of the table.
        pub static CODES: &[&Code] = &[$(&code::$ident),*];
    };
}

// Numbers: 0xx files and syntax, 1xx names and modules, 2xx types and values, 3xx the target's shape,
// 4xx ordering, 5xx secrets, 6xx gallery and sources, 7xx other rules of the target, 8xx JSON, 9xx mistakes of aib itself.
codes! {
    SYNTAX                  "AIB001" "syntax-error"            Error   Language
    UNTERMINATED_STRING     "AIB002" "unterminated-string"     Error   Language
    UNCLOSED_BRACKET        "AIB003" "unclosed-bracket"        Error   Language
    WRONG_ASSIGNMENT        "AIB004" "wrong-assignment"        Error   Language
    WRONG_COMMENT           "AIB005" "wrong-comment"           Error   Language
    NESTING_TOO_DEEP        "AIB006" "nesting-too-deep"        Error   Language
    FILE_TOO_LARGE          "AIB007" "file-too-large"          Error   Language
    INVALID_ESCAPE          "AIB008" "invalid-escape"          Error   Language
    INVALID_NUMBER          "AIB009" "invalid-number"          Error   Language
    MISSING_SEPARATOR       "AIB010" "missing-separator"       Error   Language
    BRACE_ON_NEXT_LINE      "AIB011" "brace-on-next-line"      Error   Language
    FOREIGN_WORD            "AIB012" "foreign-word"            Error   Language
    UNKNOWN_NAME            "AIB100" "unknown-name"            Error   Language
    DUPLICATE_NAME          "AIB101" "duplicate-name"          Error   Language
    PRIVATE_NAME            "AIB102" "private-name"            Error   Language
    IMPORT_FAILED           "AIB103" "import-failed"           Error   Language
    IMPORT_RING             "AIB104" "import-ring"             Error   Language
    OUTSIDE_WORKSPACE       "AIB105" "outside-workspace"       Error   Language
    UNKNOWN_TYPE            "AIB106" "unknown-type"            Error   Language
    CYCLIC_DEFINITION       "AIB107" "cyclic-definition"       Error   Language
    MISPLACED               "AIB108" "misplaced-statement"     Error   Language
    UNKNOWN_MEMBER          "AIB109" "unknown-member"          Error   Language
    CONFLICTING_PARAMETERS  "AIB110" "conflicting-parameters"  Error   Language
    UNKNOWN_PARAMETER       "AIB111" "unknown-parameter"       Error   Language
    TYPE_MISMATCH           "AIB200" "type-mismatch"           Error   Language
    NOT_CALLABLE            "AIB201" "not-callable"            Error   Language
    WRONG_ARGUMENTS         "AIB202" "wrong-arguments"         Error   Language
    DEFERRED                "AIB203" "deferred-value"          Error   Language
    TOO_LARGE               "AIB204" "too-large"               Error   Language
    EVALUATION              "AIB205" "evaluation-failed"       Error   Language
    BAD_REFINEMENT          "AIB206" "bad-refinement"          Error   Language
    ARM_EXPRESSION          "AIB207" "invalid-arm-expression"  Error   Language
    ASSERTION_FAILED        "AIB208" "assertion-failed"        Error   Language
    POLICY_VIOLATED         "AIB209" "policy-violated"         Error   Target
    UNKNOWN_PROPERTY        "AIB300" "unknown-property"        Error   Target
    ARM_SPELLING            "AIB301" "arm-spelling"            Error   Target
    MISSING_PROPERTY        "AIB302" "missing-property"        Error   Target
    NOT_IN_VERSION          "AIB303" "not-in-version"          Error   Target
    READ_ONLY_PROPERTY      "AIB304" "read-only-property"      Error   Target
    EXCLUDING_PROPERTIES    "AIB305" "excluding-properties"    Error   Target
    REQUIRES_PROPERTY       "AIB306" "requires-property"       Error   Target
    PROPERTY_TYPE           "AIB307" "property-type"           Error   Target
    OUT_OF_BOUNDS           "AIB308" "out-of-bounds"           Error   Target
    VALUE_NOT_ALLOWED       "AIB309" "value-not-allowed"       Error   Target
    INVALID_VALUE           "AIB310" "invalid-value"           Error   Target
    INVALID_NAME            "AIB311" "invalid-name"            Error   Target
    INVALID_ID              "AIB312" "invalid-id"              Error   Target
    WRONG_KIND              "AIB313" "wrong-kind"              Error   Target
    DUPLICATE_PROPERTY      "AIB314" "duplicate-property"      Error   Target
    UNKNOWN_ENTRY           "AIB315" "unknown-entry"           Error   Target
    STEPS_IN_SPREAD         "AIB316" "steps-in-spread"         Error   Target
    DEPRECATED_PROPERTY     "AIB317" "deprecated-property"     Warning Target
    UNKNOWN_VERSION         "AIB318" "unknown-version"         Error   Target
    OLD_VERSION             "AIB319" "old-version"             Error   Target
    LOCAL_FILE              "AIB320" "local-file"              Error   Target
    DUPLICATE_RESOURCE      "AIB321" "duplicate-resource"      Error   Target
    RAW_MEMBERS             "AIB322" "raw-members"             Info    Target
    DEFERRED_VERSION        "AIB323" "deferred-version"        Warning Target
    LATE_FUNCTION           "AIB324" "late-function"           Error   Target
    REFUSED_CALL            "AIB325" "refused-call"            Error   Target
    STEP_AGAINST_RECIPE     "AIB400" "step-against-recipe"     Error   Target
    STEP_FOR_OTHER_OS       "AIB401" "step-for-other-os"       Error   Target
    UNMET_REQUIREMENT       "AIB402" "unmet-requirement"       Error   Target
    FILE_USED_EARLY         "AIB403" "file-used-early"         Error   Target
    PENDING_RESTART         "AIB404" "pending-restart"         Error   Target
    STEP_AFTER_GENERALIZE   "AIB405" "step-after-generalize"   Error   Target
    REBOOT_IN_SCRIPT        "AIB406" "reboot-in-script"        Warning Target
    DEPROVISION_SCRIPT_LOST "AIB407" "deprovision-script-lost" Warning Target
    FILE_OUTSIDE_TMP        "AIB408" "file-outside-tmp"        Error   Target
    FOREIGN_PATH            "AIB409" "foreign-path"            Error   Target
    BAD_DESTINATION         "AIB410" "bad-destination"         Error   Target
    FILE_OVERWRITTEN        "AIB411" "file-overwritten"        Warning Target
    NO_RESTART_AFTER_UPDATE "AIB412" "no-restart-after-update" Info    Target
    LOST_TEMP_FILE          "AIB413" "lost-temp-file"          Warning Target
    SCRIPT_SYNTAX           "AIB414" "script-syntax"           Error   Target
    SECRET_LEAK             "AIB500" "secret-leak"             Error   Target
    SECRET_REVEALED         "AIB501" "secret-revealed"         Warning Target
    NEEDLESS_REVEAL         "AIB502" "needless-reveal"         Warning Target
    SECRETS_NEED_IDENTITY   "AIB503" "secrets-need-identity"   Error   Target
    SAS_TOKEN               "AIB510" "sas-token"               Error   Target
    CREDENTIAL_LITERAL      "AIB511" "credential-literal"      Error   Target
    PASSWORD_LITERAL        "AIB512" "password-literal"        Warning Target
    NO_GALLERY_OUTPUT       "AIB600" "no-gallery-output"       Error   Target
    OS_CONTRADICTS          "AIB601" "os-contradicts"          Error   Target
    DEFINITION_MISMATCH     "AIB610" "definition-mismatch"     Error   Target
    SECURITY_MISMATCH       "AIB611" "security-mismatch"       Error   Target
    UNSUPPORTED_SECURITY    "AIB612" "unsupported-security"    Error   Target
    SECURITY_NEEDS_V2       "AIB613" "security-needs-v2"       Error   Target
    PLAN_MISMATCH           "AIB614" "plan-mismatch"           Error   Target
    SPECIALIZED_DEFINITION  "AIB615" "specialized-definition"  Error   Target
    DUPLICATE_REGION        "AIB616" "duplicate-region"        Error   Target
    HOME_REGION_MISSING     "AIB617" "home-region-missing"     Error   Target
    TOO_MANY_REPLICAS       "AIB618" "too-many-replicas"       Error   Target
    DUPLICATE_TARGET        "AIB619" "duplicate-target"        Error   Target
    DUPLICATE_OUTPUT        "AIB620" "duplicate-output"        Error   Target
    DUPLICATE_IDENTIFIER    "AIB621" "duplicate-identifier"    Error   Target
    ARM64_MANAGED_IMAGE     "AIB622" "arm64-managed-image"     Error   Target
    BAD_IMAGE_VERSION       "AIB623" "bad-image-version"       Error   Target
    SOURCE_NOT_REPLICATED   "AIB624" "source-not-replicated"   Error   Target
    DEAD_TRIGGER            "AIB625" "dead-trigger"            Error   Target
    NO_TARGET               "AIB626" "no-target"               Error   Target
    NO_REGIONS              "AIB627" "no-regions"              Warning Target
    PLAIN_HTTP              "AIB710" "plain-http"              Warning Target
    UNPINNED_DOWNLOAD       "AIB711" "unpinned-download"       Warning Target
    MOVING_REFERENCE        "AIB712" "moving-reference"        Warning Target
    WEB_PAGE_URL            "AIB713" "web-page-url"            Error   Target
    STORAGE_ROLE_UNKNOWN    "AIB714" "storage-role-unknown"    Info    Target
    PIPED_SCRIPT            "AIB715" "piped-script"            Warning Target
    TIMEOUT_TOO_SHORT       "AIB720" "timeout-too-short"       Error   Target
    WINDOWS_TIMEOUT         "AIB721" "windows-timeout"         Warning Target
    WINDOWS_DEFAULT_SIZE    "AIB722" "windows-default-size"    Warning Target
    ARM64_DEFAULT_SIZE      "AIB723" "arm64-default-size"      Warning Target
    UNSUPPORTED_LOCATION    "AIB724" "unsupported-location"    Warning Target
    CONTAINER_SUBNET        "AIB725" "container-subnet"        Error   Target
    SHARED_STAGING_GROUP    "AIB726" "shared-staging-group"    Error   Target
    UNKNOWN_REGION          "AIB727" "unknown-region"          Warning Target
    UPDATE_FILTER           "AIB730" "update-filter"           Error   Target
    USELESS_UPDATE_FILTER   "AIB731" "useless-update-filter"   Warning Target
    EXIT_CODES_WITHOUT_ZERO "AIB732" "exit-codes-without-zero" Warning Target
    IDLE_CHECKSUM           "AIB733" "idle-checksum"           Warning Target
    BROKEN_JSON             "AIB800" "broken-json"             Error   Language
    DUPLICATE_KEY           "AIB801" "duplicate-key"           Warning Target
    UNQUOTED_PLACEHOLDER    "AIB802" "unquoted-placeholder"    Warning Target
    NO_TEMPLATE             "AIB810" "no-template"             Error   Language
    KEPT_RAW                "AIB811" "kept-raw"                Info    Target
    NOT_CARRIED             "AIB812" "not-carried-over"        Warning Target
    BROKEN_EXPRESSION       "AIB813" "broken-expression"       Warning Target
    GENERATOR_DROPPED       "AIB814" "generator-dropped"       Info    Target
    UNDECLARED_NAME         "AIB815" "undeclared-name"         Warning Target
    FORMAT_UNSOUND          "AIB900" "format-unsound"          Error   Language
}

/// The code with this id or name, in any letter case.
pub fn find_code(text: &str) -> Option<&'static Code> {
    CODES.iter().copied().find(|c| c.id.eq_ignore_ascii_case(text) || c.name.eq_ignore_ascii_case(text))
}
