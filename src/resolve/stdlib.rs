//! The standard library: aib files embedded in the binary.

/// A module of the standard library.
#[derive(Clone, Copy, Debug)]
pub struct StdModule {
    /// Its import path: `std/linux`.
    pub path: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// All modules, by path.
pub static STDLIB: &[StdModule] = &[
    StdModule { path: "std/linux", text: include_str!("../../stdlib/linux.aib") },
    StdModule { path: "std/marketplace", text: include_str!("../../stdlib/marketplace.aib") },
    StdModule { path: "std/regions", text: include_str!("../../stdlib/regions.aib") },
    StdModule { path: "std/windows", text: include_str!("../../stdlib/windows.aib") },
];

/// The module with this import path.
pub fn std_module(path: &str) -> Option<&'static StdModule> {
    STDLIB.iter().find(|m| m.path == path)
}
