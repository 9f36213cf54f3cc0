//! Scripts of PowerShell: tree-sitter's tree, which has holes where the text is no PowerShell, and its commands.

mod faults;
mod refused;
mod walk;
mod words;

use std::ops::ControlFlow;

use tree_sitter::{ParseOptions, ParseState, Parser, Tree};

use super::model::Script;
use super::place::Place;
use super::sh::Context;

/// Reads a script into what was found so far. Gives the place of the command whose output is that of the script.
pub(super) fn read(text: &str, place: &Place, context: Context, out: &mut Script) -> Option<usize> {
    let Some(tree) = parse(text) else {
        out.in_parts = true;
        return None;
    };
    out.in_parts |= tree.root_node().has_error();
    if context.wants_faults {
        let scanned = if tree.root_node().has_error() { faults::first(text) } else { None };
        out.faults.extend(scanned.or_else(|| refused::first(tree.root_node(), text)));
    }
    walk::script(tree.root_node(), text, *place, context, out)
}

/// How often the parser asks whether to go on, for each byte of the text; it asks after some hundred steps. Ordinary scripts
/// stay far below, a megabyte of brackets does not get there either.
const ASKED_PER_BYTE: usize = 1;

fn parse(text: &str) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_powershell::LANGUAGE.into()).ok()?;
    let mut left = 10_000 + ASKED_PER_BYTE * text.len();
    let mut go_on = |_: &ParseState| {
        left = left.saturating_sub(1);
        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut go_on);
    let bytes = text.as_bytes();
    parser.parse_with_options(&mut |at, _| bytes.get(at..).unwrap_or_default(), None, Some(options))
}
