//! What names must look like. Sources: the API's own patterns, Azure's resource name rules, the gallery's documentation;
//! where two of them differ, what both accept.

use crate::schema::model::NameRule;

/// Image templates and triggers: `^[A-Za-z0-9-_.]{1,64}$`.
pub(super) static IMAGE: NameRule = NameRule {
    min: 1,
    max: 64,
    punctuation: "-_.",
    upper: true,
    letter_first: false,
    first: "-_.",
    last: "-_.",
    words: "1 to 64 letters, digits, `-`, `_` or `.`",
};

/// Run outputs: `^[A-Za-z0-9-_.]{1,64}$`.
pub(super) static RUN_OUTPUT: NameRule = NameRule {
    min: 1,
    max: 64,
    punctuation: "-_.",
    upper: true,
    letter_first: false,
    first: "-_.",
    last: "-_.",
    words: "1 to 64 letters, digits, `-`, `_` or `.`",
};

/// Galleries. The schema's pattern also allows `-`; the service does not.
pub(super) static GALLERY: NameRule = NameRule {
    min: 1,
    max: 80,
    punctuation: "_.",
    upper: true,
    letter_first: false,
    first: "",
    last: "",
    words: "1 to 80 letters, digits, `_` or `.`, with a letter or digit at both ends",
};

/// Image definitions.
pub(super) static DEFINITION: NameRule = NameRule {
    min: 1,
    max: 80,
    punctuation: "_-.",
    upper: true,
    letter_first: false,
    first: "",
    last: "",
    words: "1 to 80 letters, digits, `_`, `-` or `.`, with a letter or digit at both ends",
};

/// Versions of images: `1.2.3`, or `latest` where a source may say so. [`crate::schema::Ty::Version`] is the stricter one.
pub(super) static VERSION: NameRule = NameRule {
    min: 1,
    max: 32,
    punctuation: ".",
    upper: false,
    letter_first: false,
    first: "",
    last: "",
    words: "three numbers such as `1.2.3`, or `latest`",
};

/// The publisher of an image definition's identifier.
pub(super) static PUBLISHER: NameRule = NameRule {
    min: 1,
    max: 128,
    punctuation: "-_.",
    upper: true,
    letter_first: false,
    first: "-_.",
    last: "-_",
    words: "1 to 128 letters, digits, `-`, `_` or `.`, with no `.` at the end",
};

/// The offer or SKU of an image definition's identifier.
pub(super) static OFFER: NameRule = NameRule {
    min: 1,
    max: 64,
    punctuation: "-_.",
    upper: true,
    letter_first: false,
    first: "-_.",
    last: "-_",
    words: "1 to 64 letters, digits, `-`, `_` or `.`, with no `.` at the end",
};

/// User-assigned identities.
pub(super) static IDENTITY: NameRule = NameRule {
    min: 3,
    max: 128,
    punctuation: "-_",
    upper: true,
    letter_first: false,
    first: "",
    last: "-_",
    words: "3 to 128 letters, digits, `-` or `_`, with a letter or digit first",
};

/// Subnets.
pub(super) static SUBNET: NameRule = NameRule {
    min: 1,
    max: 80,
    punctuation: "_.-",
    upper: true,
    letter_first: false,
    first: "",
    last: "_",
    words: "1 to 80 letters, digits, `_`, `.` or `-`, with a letter or digit first and a letter, digit or `_` last",
};

/// Virtual networks.
pub(super) static VNET: NameRule = NameRule {
    min: 2,
    max: 64,
    punctuation: "_.-",
    upper: true,
    letter_first: false,
    first: "",
    last: "_",
    words: "2 to 64 letters, digits, `_`, `.` or `-`, with a letter or digit first and a letter, digit or `_` last",
};

/// Key vaults.
pub(super) static VAULT: NameRule = NameRule {
    min: 3,
    max: 24,
    punctuation: "-",
    upper: true,
    letter_first: true,
    first: "",
    last: "",
    words: "3 to 24 letters, digits or `-`, with a letter first and a letter or digit last",
};

/// Storage accounts.
pub(super) static STORAGE_ACCOUNT: NameRule = NameRule {
    min: 3,
    max: 24,
    punctuation: "",
    upper: false,
    letter_first: false,
    first: "",
    last: "",
    words: "3 to 24 lower-case letters or digits",
};

/// Managed images.
pub(super) static MANAGED_IMAGE: NameRule = NameRule {
    min: 1,
    max: 80,
    punctuation: "_.-",
    upper: true,
    letter_first: false,
    first: "",
    last: "_",
    words: "1 to 80 letters, digits, `_`, `.` or `-`, with a letter or digit first and a letter, digit or `_` last",
};
