//! The types of parameters and outputs.

/// A type that a parameter or output may have (Microsoft Learn, "Data types in ARM templates").
#[derive(Debug)]
pub struct ParameterType {
    /// Its name, as Azure's tools write it; they read it in any letter case.
    pub name: &'static str,
    /// The type of what it holds.
    pub holds: &'static str,
    /// Whether Azure keeps its values secret.
    pub secret: bool,
}

const fn plain(name: &'static str) -> ParameterType {
    ParameterType { name, holds: name, secret: false }
}

/// All of them.
pub static PARAMETER_TYPES: &[ParameterType] = &[
    plain("string"),
    plain("int"),
    plain("bool"),
    plain("object"),
    plain("array"),
    ParameterType { name: "securestring", holds: "string", secret: true },
    ParameterType { name: "secureObject", holds: "object", secret: true },
];

/// The type of this name, in any letter case.
pub fn parameter_type(name: &str) -> Option<&'static ParameterType> {
    PARAMETER_TYPES.iter().find(|ty| ty.name.eq_ignore_ascii_case(name))
}
