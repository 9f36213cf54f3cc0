//! Which statements were not understood, and are left as they are.

use std::collections::HashSet;

use crate::diag::code;
use crate::syntax::{KindClass, Node, Parsed, SyntaxKind};

/// Findings that do not put the structure of a statement in doubt.
const HARMLESS: &[&str] = &[code::INVALID_ESCAPE.id, code::INVALID_NUMBER.id, code::WRONG_COMMENT.id];

/// The indices of the statements that hold something wrong which no inner statement holds.
pub(super) fn broken(parsed: &Parsed) -> HashSet<usize> {
    let mut found = HashSet::new();
    if parsed.errors.is_empty() {
        return found;
    }
    for node in parsed.cst.nodes() {
        if is_wrong(node)
            && let Some(statement) = node.ancestors().find(|n| is_statement(*n))
        {
            found.insert(statement.index());
        }
    }
    found.extend(reported(parsed));
    found
}

/// Whether a node is, or stands for, something wrong in the statement around it. What stands wrongly among statements
/// is left as it is by itself.
fn is_wrong(node: Node<'_>) -> bool {
    match node.kind().class() {
        KindClass::Missing => true,
        KindClass::Wrong => !is_in_body(node),
        _ => false,
    }
}

/// Whether a node is a statement; a spread may also be an element of a list or object.
fn is_statement(node: Node<'_>) -> bool {
    node.kind().is_statement() && is_in_body(node)
}

fn is_in_body(node: Node<'_>) -> bool {
    node.parent().is_some_and(|p| matches!(p.kind(), SyntaxKind::File | SyntaxKind::Block))
}

/// The innermost statements that findings point into. What is missing at the end of one is a node of its tree.
fn reported(parsed: &Parsed) -> Vec<usize> {
    let errors = parsed.errors.iter().filter(|e| !HARMLESS.contains(&e.code.id));
    let mut places: Vec<u32> = errors.map(|e| e.span().range.start).collect();
    places.sort_unstable();
    let mut places = places.into_iter().peekable();
    let mut open: Vec<Node<'_>> = Vec::new();
    let mut found = Vec::new();
    let innermost = |open: &mut Vec<Node<'_>>, place: u32| {
        while open.pop_if(|n| n.range().end <= place).is_some() {}
        open.last().map(|n| n.index())
    };
    // What stands wrongly among statements is none, but findings about it do not concern the one around.
    let stands = |n: &Node<'_>| is_statement(*n) || n.kind().class() == KindClass::Wrong;
    for node in parsed.cst.nodes().filter(stands) {
        while let Some(place) = places.next_if(|p| *p < node.range().start) {
            found.extend(innermost(&mut open, place));
        }
        innermost(&mut open, node.range().start);
        open.push(node);
    }
    for place in places {
        found.extend(innermost(&mut open, place));
    }
    found
}
