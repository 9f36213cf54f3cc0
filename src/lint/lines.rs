//! Where each line of a script stands. A script of several lines is one literal, and so is its origin; findings point at lines.

use std::collections::HashMap;

use crate::base::{SourceMap, Span, TextRange};
use crate::check::{Node, Origin, Simulation};

/// The places of the lines of scripts, and the files that scripts were read from, by the address of their nodes.
#[derive(Debug, Default)]
pub(super) struct Lines {
    places: HashMap<usize, Span>,
    files: HashMap<usize, String>,
}

impl Lines {
    /// Adds the lines of every step.
    pub(super) fn add(&mut self, walk: &Simulation<'_>, sources: &SourceMap) {
        for step in &walk.steps {
            for group in step.lines().chunk_by(|a, b| a.origin.span == b.origin.span) {
                self.add_group(group, sources);
            }
        }
    }

    /// Lines that come from one literal.
    fn add_group(&mut self, group: &[Node], sources: &SourceMap) {
        let Some(span) = group.first().map(|n| n.origin.span) else { return };
        let literal = sources.text_of(span);
        if let (Some(first), Some(name)) = (group.first(), file_name(literal)) {
            self.files.insert(address(first), name.to_owned());
        }
        let written = content_lines(literal, span);
        // Text that a value brought in would shift the lines; then the literal as a whole is the place.
        let fits = written.len() >= group.len()
            && written.iter().skip(group.len()).all(|(_, text)| text.trim().is_empty());
        if !fits || !literal.contains('\n') {
            return;
        }
        self.places.extend(group.iter().zip(&written).map(|(node, (span, _))| (address(node), *span)));
    }

    /// The file that a script was read from, by its first line.
    pub(super) fn file_of(&self, node: &Node) -> Option<&str> {
        self.files.get(&address(node)).map(String::as_str)
    }

    /// The origin of a node, narrowed to its line.
    pub(super) fn origin(&self, node: &Node) -> Origin {
        let span = self.places.get(&address(node)).copied().unwrap_or(node.origin.span);
        Origin { span, via: node.origin.via.clone() }
    }
}

/// The name in `file("./setup.sh")`.
fn file_name(text: &str) -> Option<&str> {
    text.strip_prefix("file(")?.strip_suffix(')')?.trim().strip_prefix('"')?.strip_suffix('"')
}

fn address(node: &Node) -> usize {
    std::ptr::from_ref(node).addr()
}

/// The lines of a literal between its quotes, each without the white space around it.
fn content_lines(text: &str, span: Span) -> Vec<(Span, &str)> {
    let is_quotes = |line: &str| line.trim().chars().all(|c| "'\"".contains(c));
    let mut at = span.range.start as usize;
    let mut lines = Vec::new();
    for line in text.split_inclusive('\n') {
        let lead = line.len() - line.trim_start().len();
        let range = TextRange::new(at + lead, at + lead + line.trim().len());
        lines.push((Span { range, ..span }, line));
        at += line.len();
    }
    if lines.last().is_some_and(|(_, line)| is_quotes(line)) {
        lines.pop();
    }
    if lines.first().is_some_and(|(_, line)| is_quotes(line)) {
        lines.remove(0);
    }
    lines
}
