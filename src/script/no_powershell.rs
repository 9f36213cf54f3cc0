//! What stands in the place of the reader of PowerShell where there is no C compiler for the target.

use super::model::Script;
use super::place::Place;
use super::sh::Context;

/// Reads nothing.
pub(super) fn read(_: &str, _: &Place, _: Context, _: &mut Script) -> Option<usize> {
    None
}
