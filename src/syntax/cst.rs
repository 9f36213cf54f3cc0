//! The lossless tree: one array in preorder, owned, of byte ranges and kinds.

use super::kind::{KindClass, SyntaxKind};
use crate::base::TextRange;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct NodeData {
    kind: SyntaxKind,
    start: u32,
    end: u32,
    /// The index after its last descendant.
    next: u32,
    /// The index of its parent; its own for the root.
    parent: u32,
}

/// A file as a lossless tree: its leaves and the white space between them are the source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cst {
    nodes: Vec<NodeData>,
}

/// A node of a [`Cst`].
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    cst: &'a Cst,
    id: u32,
}

const NOTHING: NodeData = NodeData { kind: SyntaxKind::File, start: 0, end: 0, next: 1, parent: 0 };

impl Cst {
    /// A tree that holds the whole file as one piece of text that was not understood.
    pub(super) fn opaque(len: usize) -> Self {
        let end = TextRange::at(len).end;
        let junk = NodeData { kind: SyntaxKind::Junk, start: 0, end, next: 2, parent: 0 };
        let mut nodes = vec![NodeData { end, next: 2, ..NOTHING }, junk];
        if len == 0 {
            nodes = vec![NOTHING];
        }
        Self { nodes }
    }

    /// The same tree with its nodes at other places of a text of this length.
    pub(super) fn moved(mut self, len: usize, to: impl Fn(TextRange) -> TextRange) -> Self {
        for node in &mut self.nodes {
            let TextRange { start, end } = to(TextRange { start: node.start, end: node.end });
            (node.start, node.end) = (start, end);
        }
        if let Some(root) = self.nodes.first_mut() {
            (root.start, root.end) = (0, TextRange::at(len).end);
        }
        self
    }

    /// The file.
    pub fn root(&self) -> Node<'_> {
        Node { cst: self, id: 0 }
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Never: there is always a root.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// All nodes, parents before children, in the order of the source.
    pub fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        (0..self.len32()).map(|id| Node { cst: self, id })
    }

    /// The smallest node that holds `offset`; where two touch there, the later one, unless it is punctuation and
    /// the earlier is a word.
    pub fn covering(&self, offset: u32) -> Node<'_> {
        let mut node = self.root();
        loop {
            let mut best: Option<Node<'_>> = None;
            for child in node.children() {
                let range = child.range();
                if range.start > offset {
                    break;
                }
                if offset > range.end {
                    continue;
                }
                let keeps = best.is_some_and(|b| b.is_word() && !child.is_word() && b.range().end == offset);
                if !keeps {
                    best = Some(child);
                }
            }
            match best {
                Some(child) => node = child,
                None => return node,
            }
        }
    }

    fn len32(&self) -> u32 {
        u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)
    }

    fn get(&self, id: u32) -> NodeData {
        self.nodes.get(id as usize).copied().unwrap_or(NOTHING)
    }
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && std::ptr::eq(self.cst, other.cst)
    }
}

impl<'a> Node<'a> {
    /// What it is.
    pub fn kind(self) -> SyntaxKind {
        self.cst.get(self.id).kind
    }

    /// Its place in preorder: stable for one tree.
    pub fn index(self) -> usize {
        self.id as usize
    }

    /// Where it stands, without comments before and after.
    pub fn range(self) -> TextRange {
        let data = self.cst.get(self.id);
        TextRange { start: data.start, end: data.end }
    }

    /// Its text in the source it was parsed from.
    pub fn text(self, source: &str) -> &str {
        source.get(self.range().to_usize()).unwrap_or("")
    }

    /// Whether it has no children.
    pub fn is_leaf(self) -> bool {
        self.cst.get(self.id).next == self.id + 1
    }

    /// The node around it; none for the file.
    pub fn parent(self) -> Option<Node<'a>> {
        (self.id != 0).then(|| Node { cst: self.cst, id: self.cst.get(self.id).parent })
    }

    /// The nodes around it, from the inside out.
    pub fn ancestors(self) -> impl Iterator<Item = Node<'a>> {
        std::iter::successors(self.parent(), |n| n.parent())
    }

    /// What it consists of, comments included.
    pub fn children(self) -> Children<'a> {
        Children { cst: self.cst, at: self.id + 1, end: self.cst.get(self.id).next }
    }

    /// What it consists of, without comments.
    pub fn parts(self) -> impl Iterator<Item = Node<'a>> {
        self.children().filter(|c| !c.kind().is_trivia())
    }

    /// Its first child of a kind.
    pub fn child(self, kind: SyntaxKind) -> Option<Node<'a>> {
        self.children().find(|c| c.kind() == kind)
    }

    /// The node that follows it in the same parent.
    pub fn next_sibling(self) -> Option<Node<'a>> {
        let next = self.cst.get(self.id).next;
        (next < self.cst.get(self.cst.get(self.id).parent).next && self.id != 0)
            .then_some(Node { cst: self.cst, id: next })
    }

    /// The node that stands before it in the same parent.
    pub fn prev_sibling(self) -> Option<Node<'a>> {
        let parent = self.parent()?;
        let mut node = Node { cst: self.cst, id: self.id.checked_sub(1)? };
        while node.id > parent.id && self.cst.get(node.id).parent != parent.id {
            node.id = self.cst.get(node.id).parent;
        }
        (node.id > parent.id).then_some(node)
    }

    fn is_word(self) -> bool {
        matches!(self.kind(), SyntaxKind::Ident | SyntaxKind::Name | SyntaxKind::Number) || !self.is_leaf()
    }
}

/// The children of a node, in order.
#[derive(Clone, Debug)]
pub struct Children<'a> {
    cst: &'a Cst,
    at: u32,
    end: u32,
}

impl<'a> Iterator for Children<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        if self.at >= self.end {
            return None;
        }
        let node = Node { cst: self.cst, id: self.at };
        self.at = self.cst.get(self.at).next;
        Some(node)
    }
}

/// Builds a tree from the starts and ends of its nodes.
///
/// pest skips white space and comments before it knows whether an optional part follows, so a node's comments may
/// lie behind its last part: these are handed to the parent. What is missing moves in front of them, to the end of
/// what was last understood.
pub(super) struct CstBuilder {
    nodes: Vec<NodeData>,
    open: Vec<u32>,
}

impl CstBuilder {
    pub(super) fn with_capacity(nodes: usize) -> Self {
        Self { nodes: Vec::with_capacity(nodes), open: Vec::with_capacity(64) }
    }

    pub(super) fn start(&mut self, kind: SyntaxKind, at: usize) {
        let parent = self.open.last().copied().unwrap_or(0);
        let at = TextRange::at(at).start;
        if kind.class() == KindClass::Missing {
            self.missing(kind, at, parent);
            return;
        }
        let id = self.next_id();
        self.nodes.push(NodeData { kind, start: at, end: at, next: id + 1, parent });
        self.open.push(id);
    }

    pub(super) fn end(&mut self, kind: SyntaxKind, at: usize) {
        if kind.class() == KindClass::Missing {
            return;
        }
        let Some(id) = self.open.pop() else { return };
        let len = self.next_id();
        let kept = len - self.trailing_trivia(id);
        if id == 0 {
            self.set(id, |n| n.next = len);
            return;
        }
        let (parent, end) = if len == id + 1 {
            (id, TextRange::at(at).end)
        } else {
            (self.open.last().copied().unwrap_or(0), self.data(kept.saturating_sub(1)).end)
        };
        self.set(id, |n| {
            n.next = kept;
            n.end = end;
        });
        for comment in kept..len {
            self.set(comment, |n| n.parent = parent);
        }
    }

    pub(super) fn finish(mut self, len: usize) -> Cst {
        let end = TextRange::at(len).end;
        if self.nodes.is_empty() {
            self.nodes.push(NOTHING);
        }
        self.set(0, |n| {
            n.start = 0;
            n.end = end;
        });
        Cst { nodes: self.nodes }
    }

    /// Nothing, put before the comments that were skipped in search of it. It never becomes open: see `end`.
    fn missing(&mut self, kind: SyntaxKind, at: u32, parent: u32) {
        let len = self.next_id();
        let id = len - self.trailing_trivia(parent);
        let before = id.saturating_sub(1);
        let at = if before == parent { at } else { self.data(before).end };
        let node = NodeData { kind, start: at, end: at, next: id + 1, parent };
        self.nodes.insert(id as usize, node);
        for comment in id + 1..=len {
            self.set(comment, |n| n.next += 1);
        }
    }

    /// How many comments directly in `id` stand at the end of the array.
    fn trailing_trivia(&self, id: u32) -> u32 {
        let comments = self.nodes.iter().rev().take_while(|n| n.kind.is_trivia() && n.parent == id).count();
        u32::try_from(comments).unwrap_or(0)
    }

    fn next_id(&self) -> u32 {
        u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)
    }

    fn data(&self, id: u32) -> NodeData {
        self.nodes.get(id as usize).copied().unwrap_or(NOTHING)
    }

    fn set(&mut self, id: u32, edit: impl FnOnce(&mut NodeData)) {
        if let Some(node) = self.nodes.get_mut(id as usize) {
            edit(node);
        }
    }
}
