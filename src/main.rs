//! The `aib` command: see [`aib::cli`].
fn main() {}
