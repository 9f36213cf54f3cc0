//! Entries that the grammar reads as a part of a value.

use super::cst::Node;
use super::kind::SyntaxKind;
use super::text::{indent_at, is_name};

/// An entry whose keyword was taken for the last operand of the property before it.
#[derive(Clone, Copy)]
pub(super) struct Slip<'a> {
    /// The keyword.
    pub(super) keyword: Node<'a>,
    /// Its block.
    pub(super) block: Node<'a>,
    /// Where the value that is missing should stand: behind the operator or `=`.
    pub(super) wanted_at: u32,
}

/// `source = x +` or `source =`, and on the next line `distribute { … }`: a value that goes on is indented deeper than
/// what it belongs to.
pub(super) fn slipped_entry<'a>(source: &str, property: Node<'a>) -> Option<Slip<'a>> {
    let block = property.child(SyntaxKind::Block)?;
    let value = property.child(SyntaxKind::Expr)?;
    let mut parts: Vec<Node<'a>> = value.parts().collect();
    let keyword = parts.pop().filter(|n| n.kind() == SyntaxKind::Name)?;
    let before = match parts.pop() {
        Some(operator) if operator.kind() == SyntaxKind::Operator => operator,
        Some(_) => return None,
        None => property.child(SyntaxKind::Eq)?,
    };
    let own = indent_at(source, property.range().start)?;
    let indent = indent_at(source, keyword.range().start)?;
    let lone = source.get(keyword.range().end as usize..block.range().start as usize)?;
    let slips = indent <= own && lone.bytes().all(|b| b == b' ');
    slips.then_some(Slip { keyword, block, wanted_at: before.range().end })
}

/// Whether the value of a property is an object that holds an entry with a label: `distribute = { managed_image "m" }`.
pub(super) fn holds_entries(source: &str, property: Node<'_>) -> bool {
    let is_entry = |member: Node<'_>| {
        let label = member.next_sibling().filter(|n| n.kind() == SyntaxKind::ObjectMember);
        member.kind() == SyntaxKind::ObjectMember
            && member.child(SyntaxKind::Ident).is_some()
            && member.child(SyntaxKind::MissingValue).is_some()
            && label.is_some_and(|l| {
                let gap = source.get(member.range().end as usize..l.range().start as usize);
                gap.is_some_and(|g| !g.contains('\n'))
            })
    };
    let value = property.child(SyntaxKind::Expr).filter(|v| v.parts().count() == 1);
    let object = value.and_then(|v| v.child(SyntaxKind::Object));
    object.is_some_and(|o| o.children().any(is_entry))
}

/// The name in the index of a label that is one plain string: `gallery prod["web"]`.
pub(super) fn indexed_name<'s>(source: &'s str, label: Node<'_>) -> Option<&'s str> {
    let mut links = label.parts();
    let index = links.next().filter(|_| links.next().is_none())?;
    let value = index.child(SyntaxKind::Expr).filter(|v| v.parts().count() == 1)?;
    let string = value.parts().next().filter(|n| n.kind().is_string())?;
    let text = source.get(string.range().to_usize())?;
    let inner = text.get(1..text.len().checked_sub(1)?)?;
    is_name(inner).then_some(inner)
}
