//! Statements and blocks.

use std::sync::Arc;

use super::Lower;
use super::exprs::missing;
use super::mend::{Margin, declares_nothing, drop_bare, is_bare, unknown_part};
use crate::base::TextRange;
use crate::syntax::ast::{
    Assert, Binding, Block, Doc, Entry, EntryLabel, Expr, ExprKind, For, Function, Ident, If, Import,
    ImportName, ImportTarget, Policy, RawResource, Recipe, Stmt, StmtKind, StrForm, StrLit, StrPart,
    TypeDecl, Use,
};
use crate::syntax::cst::Node;
use crate::syntax::errors::{self, Chain};
use crate::syntax::kind::SyntaxKind;
use crate::syntax::slip::{holds_entries, indexed_name, slipped_entry};
use crate::syntax::text::{is_name, is_value_word};
use crate::syntax::words;

impl<'a> Lower<'a> {
    /// The statements of a file or block. Those that stand behind it, as its margin shows, are put aside.
    pub(super) fn statements(&mut self, container: Node<'_>, top: bool, mut margin: Margin) -> Vec<Stmt> {
        let mut items: Vec<Stmt> = Vec::new();
        let mut behind: Vec<Stmt> = std::mem::take(&mut self.spilled);
        let mut docs = Vec::new();
        let mut since_stray = 0;
        let mut last: Option<Node<'_>> = None;
        for node in container.children() {
            let at = node.range().start;
            let own_line = last.is_none_or(|l| self.breaks(l.range().end, at));
            match node.kind() {
                SyntaxKind::DocComment if own_line => docs.push(self.doc_line(node)),
                kind if kind.is_trivia() => {}
                _ if self.is_text(at) => {}
                kind if kind.is_statement() => {
                    let runs_on = !own_line && last.is_some_and(|l| l.kind().is_statement());
                    if runs_on {
                        drop_bare(&mut items);
                    }
                    let kind = self.statement(node, top);
                    let kind = kind.filter(|k| !(runs_on && (is_bare(k) || top && declares_nothing(k))));
                    let stmt = kind.map(|kind| Stmt { kind, doc: join(&docs), range: node.range() });
                    for stmt in stmt.into_iter().chain(std::mem::take(&mut self.spilled)) {
                        let inside = margin.takes(self.source, stmt.range.start);
                        (if inside { &mut items } else { &mut behind }).push(stmt);
                    }
                    docs.clear();
                }
                SyntaxKind::StrayBlock => {
                    let follows = last.is_some_and(|l| l.kind().is_statement() || l.kind().is_trivia());
                    self.adopt(node, follows, &mut items);
                }
                SyntaxKind::StrayClose => {
                    self.enclose(at, since_stray, &mut items);
                    since_stray = items.len();
                }
                SyntaxKind::Junk if !own_line => drop_bare(&mut items),
                _ => {}
            }
            if node.kind() != SyntaxKind::Bom {
                last = Some(node);
            }
        }
        self.by_layout |= margin.decides || !behind.is_empty();
        self.spilled = behind;
        items
    }

    fn doc_line(&self, node: Node<'_>) -> &'a str {
        let line = self.text(node).trim_end();
        let line = line.strip_prefix("///").unwrap_or(line);
        line.strip_prefix(' ').unwrap_or(line)
    }

    fn statement(&mut self, node: Node<'_>, top: bool) -> Option<StmtKind> {
        Some(match node.kind() {
            SyntaxKind::Property | SyntaxKind::QuotedProperty => StmtKind::Entry(self.property(node)?),
            SyntaxKind::Entry => return self.entry(node, top),
            SyntaxKind::Spread => StmtKind::Spread(self.expr_in(node)),
            SyntaxKind::Import => StmtKind::Import(self.import(node)),
            SyntaxKind::Param => StmtKind::Param(self.binding(node)),
            SyntaxKind::Let => StmtKind::Let(self.binding(node)),
            SyntaxKind::Output => StmtKind::Output(self.binding(node)),
            SyntaxKind::Fn => self.function(node),
            SyntaxKind::TypeDecl => {
                StmtKind::Type(TypeDecl { name: self.name_of(node), ty: self.type_in(node) })
            }
            SyntaxKind::Recipe => self.recipe(node),
            SyntaxKind::Assert => self.assert(node),
            SyntaxKind::Policy => self.policy(node),
            SyntaxKind::Resource => self.resource(node),
            SyntaxKind::Use => StmtKind::Use(Use { target: self.expr_in(node) }),
            SyntaxKind::For => self.for_stmt(node),
            SyntaxKind::If => {
                let parts: Vec<Node<'_>> = node.parts().collect();
                self.if_stmt(&parts)
            }
            _ => return None,
        })
    }

    fn function(&mut self, node: Node<'_>) -> StmtKind {
        StmtKind::Fn(Function {
            name: self.name_of(node),
            params: self.params(node),
            result: self.type_in(node),
            body: self.value(node),
        })
    }

    fn recipe(&mut self, node: Node<'_>) -> StmtKind {
        StmtKind::Recipe(Recipe {
            name: self.name_of(node),
            params: self.params(node),
            on: self.word_after(node, SyntaxKind::KwOn),
            body: self.body(node),
        })
    }

    fn policy(&mut self, node: Node<'_>) -> StmtKind {
        StmtKind::Policy(Policy {
            text: self.string_in(node),
            kind: self.word_after(node, SyntaxKind::KwFor),
            binding: self.word_after(node, SyntaxKind::KwAs),
            body: self.body(node),
        })
    }

    fn resource(&mut self, node: Node<'_>) -> StmtKind {
        StmtKind::Resource(RawResource {
            existing: node.child(SyntaxKind::KwExisting).map(Node::range),
            ty: self.string_in(node),
            name: self.name_of(node),
            body: self.body(node),
        })
    }

    fn name_of(&self, node: Node<'_>) -> Option<Ident> {
        // A word in quotes is the name that was meant.
        if let Some(quoted) = node.child(SyntaxKind::WrongName) {
            let text = self.text(quoted).trim_matches(['"', '\'']);
            return is_name(text).then(|| Ident { text: Arc::from(text), range: quoted.range() });
        }
        // A name that can never be used was reported, and declares nothing.
        node.child(SyntaxKind::Ident).filter(|n| !is_value_word(self.text(*n))).map(|n| self.ident(n))
    }

    fn word_after(&self, node: Node<'_>, keyword: SyntaxKind) -> Option<Ident> {
        let next = node.parts().skip_while(|n| n.kind() != keyword).nth(1)?;
        (next.kind() == SyntaxKind::Ident).then(|| self.ident(next))
    }

    /// The expression after `=`; `None` if there is no `=`.
    pub(super) fn value(&mut self, node: Node<'_>) -> Option<Expr> {
        let child = node.parts().find(|n| {
            matches!(n.kind(), SyntaxKind::Expr | SyntaxKind::MissingExpr | SyntaxKind::MissingValue)
        })?;
        Some(self.expr(child))
    }

    fn binding(&mut self, node: Node<'_>) -> Binding {
        // In `let a b` the second name is a value without its `=`, as has been reported.
        let annotation = node.child(SyntaxKind::TypeAnnotation).filter(|n| {
            n.child(SyntaxKind::MissingColon).is_none() || node.child(SyntaxKind::MissingValue).is_none()
        });
        Binding {
            name: self.name_of(node),
            known_as: node.child(SyntaxKind::KnownAs).and_then(|n| self.string_in(n)),
            ty: annotation.and_then(|n| self.type_in(n)),
            value: self.value(node),
        }
    }

    fn params(&mut self, node: Node<'_>) -> Vec<Binding> {
        let Some(params) = node.child(SyntaxKind::Params) else { return Vec::new() };
        let defs = params.children().filter(|n| n.kind() == SyntaxKind::ParamDef);
        defs.map(|n| self.binding(n)).collect()
    }

    fn string_in(&mut self, node: Node<'_>) -> Option<StrLit> {
        let string = node.children().find(|n| n.kind().is_string())?;
        string.child(SyntaxKind::Unterminated).is_none().then(|| self.string(string))
    }

    pub(super) fn block(&mut self, node: Node<'_>) -> Block {
        let range = node.range();
        let margin = self.margin_of(node);
        let items = self.nested(1, range, |lower| lower.statements(node, false, margin));
        let mut items = items.unwrap_or_default();
        items.extend(self.rest_unknown(node));
        Block { items, range }
    }

    pub(super) fn block_in(&mut self, node: Node<'_>) -> Block {
        node.child(SyntaxKind::Block).map(|n| self.block(n)).unwrap_or_default()
    }

    /// The block of a statement that must have one: empty, at the end, if it is missing.
    fn body(&mut self, node: Node<'_>) -> Block {
        match node.child(SyntaxKind::Block) {
            Some(block) => self.block(block),
            None => {
                let end = node.range().end;
                Block { items: Vec::new(), range: TextRange { start: end, end } }
            }
        }
    }

    fn property(&mut self, node: Node<'_>) -> Option<Entry> {
        let key = node.parts().next()?;
        let keyword = match key.kind() {
            SyntaxKind::Ident => self.ident(key),
            _ => self.quoted_key(key),
        };
        if let Some(slip) = slipped_entry(self.source, node) {
            return Some(self.slipped(keyword, node, slip));
        }
        let value = match holds_entries(self.source, node) {
            true => Some(missing(node.range().end)),
            false => self.value(node),
        };
        let block = node.child(SyntaxKind::Block).map(|n| self.block(n));
        Some(Entry { existing: None, keyword, label: None, value, block })
    }

    /// A quoted key; what is interpolated in it has been reported, and counts as nothing.
    fn quoted_key(&mut self, key: Node<'_>) -> Ident {
        let string = self.string(key);
        let text = string.as_text().unwrap_or_else(|| {
            let texts = string.parts.iter().filter_map(|p| match p {
                StrPart::Text { text, .. } => Some(text.as_ref()),
                StrPart::Interpolation(_) => None,
            });
            Arc::from(texts.collect::<String>())
        });
        Ident { text, range: key.range() }
    }

    fn entry(&mut self, node: Node<'_>, top: bool) -> Option<StmtKind> {
        let keyword = node.child(SyntaxKind::Ident)?;
        if let Some(tail) = node.child(SyntaxKind::WrongTail) {
            return self.bare_call(keyword, tail, node);
        }
        let label = node.parts().find_map(|n| match n.kind() {
            SyntaxKind::Path => Some(self.path_label(n)),
            kind if kind.is_string() => Some(EntryLabel::Str(self.string(n))),
            _ => None,
        });
        if top && let Some(meant) = words::meant_declaration(self.text(keyword), node) {
            let (name, value) = (self.label_name(label), self.value(node));
            let binding = Binding { name, known_as: None, ty: None, value };
            return match meant {
                words::Meant::Let => Some(StmtKind::Let(binding)),
                words::Meant::Param => Some(StmtKind::Param(binding)),
                words::Meant::Output => Some(StmtKind::Output(binding)),
                words::Meant::Other(_) => None,
            };
        }
        Some(StmtKind::Entry(Entry {
            existing: node.child(SyntaxKind::KwExisting).map(Node::range),
            keyword: self.ident(keyword),
            label,
            value: self.value(node),
            block: node.child(SyntaxKind::Block).map(|n| self.block(n)),
        }))
    }

    /// `gallery prod.web`. An index that is no name leaves a label that nobody knows.
    fn path_label(&mut self, path: Node<'_>) -> EntryLabel {
        let names = path.children().filter(|c| c.kind() == SyntaxKind::Ident);
        let mut names: Vec<Ident> = names.map(|c| self.ident(c)).collect();
        let index = path.next_sibling().filter(|n| n.kind() == SyntaxKind::WrongLabel);
        let Some(index) = index else { return EntryLabel::Path(names) };
        match indexed_name(self.source, index) {
            Some(name) => {
                names.push(Ident { text: Arc::from(name), range: index.range() });
                EntryLabel::Path(names)
            }
            None => {
                let parts = vec![StrPart::Interpolation(missing(index.range().end))];
                EntryLabel::Str(StrLit { parts, form: StrForm::Line, range: path.range() })
            }
        }
    }

    fn label_name(&self, label: Option<EntryLabel>) -> Option<Ident> {
        match label? {
            EntryLabel::Path(path) => path.into_iter().next(),
            EntryLabel::Str(_) => None,
        }
    }

    /// `linux.docker()` without `use` is taken for one; anything else of that shape means nothing.
    fn bare_call(&mut self, keyword: Node<'_>, tail: Node<'_>, node: Node<'_>) -> Option<StmtKind> {
        let links: Vec<Node<'_>> = tail.parts().collect();
        if links.len() == 1 && node.parts().count() == 2 {
            // A recipe or a step: nobody knows.
            return Some(unknown_part(node.range().start));
        }
        let is_call = links.last().is_some_and(|n| n.kind() == SyntaxKind::Call);
        if !is_call || node.child(SyntaxKind::Block).is_some() || self.value(node).is_some() {
            return None;
        }
        let name = ExprKind::Name(Arc::from(self.text(keyword)));
        let start = Expr { kind: name, range: keyword.range() };
        let target = self.nested(links.len(), node.range(), |lower| {
            links.iter().fold(start, |base, link| lower.postfix(base, *link))
        });
        Some(StmtKind::Use(Use { target: target? }))
    }

    fn import(&mut self, node: Node<'_>) -> Import {
        let names = node.child(SyntaxKind::ImportNames).map(|names| {
            let names = names.children().filter(|n| n.kind() == SyntaxKind::ImportName);
            names
                .filter_map(|n| {
                    let alias = self.word_after(n, SyntaxKind::KwAs);
                    Some(ImportName { name: self.ident(n.child(SyntaxKind::Ident)?), alias })
                })
                .collect()
        });
        let target = node.parts().find_map(|n| match n.kind() {
            SyntaxKind::ImportPath => Some(ImportTarget { path: Arc::from(self.text(n)), range: n.range() }),
            kind if kind.is_string() && n.child(SyntaxKind::Unterminated).is_some() => None,
            kind if kind.is_string() => {
                let Some(path) = self.string(n).as_text() else {
                    self.errors.push(errors::interpolated_path(n.range().in_file(self.file)));
                    return None;
                };
                Some(ImportTarget { path, range: n.range() })
            }
            _ => None,
        });
        let with = node.child(SyntaxKind::Object).map(|n| self.object(n));
        Import { target, alias: self.word_after(node, SyntaxKind::KwAs), names, with }
    }

    fn assert(&mut self, node: Node<'_>) -> StmtKind {
        let mut parts = node
            .parts()
            .filter(|n| matches!(n.kind(), SyntaxKind::Expr | SyntaxKind::MissingExpr))
            .map(|n| self.expr(n));
        let condition = parts.next().unwrap_or_else(|| missing(node.range().end));
        StmtKind::Assert(Assert { condition, message: parts.next() })
    }

    fn for_stmt(&mut self, node: Node<'_>) -> StmtKind {
        let idents = node.children().filter(|n| n.kind() == SyntaxKind::Ident);
        let bindings = idents.map(|n| self.ident(n)).collect();
        let mut values = node
            .parts()
            .filter(|n| matches!(n.kind(), SyntaxKind::Expr | SyntaxKind::MissingExpr))
            .map(|n| self.expr(n));
        let iterable = values.next().unwrap_or_else(|| missing(node.range().end));
        let condition = values.next();
        StmtKind::For(For { bindings, iterable, condition, body: self.body(node) })
    }

    /// `parts` begins at `if`.
    fn if_stmt(&mut self, parts: &[Node<'_>]) -> StmtKind {
        let mut rest = parts.iter().skip(1).copied();
        let at = parts.first().map_or(0, |n| n.range().end);
        let condition = rest.next().map_or_else(|| missing(at), |n| self.expr(n));
        let then = self.branch(rest.next());
        let otherwise = rest.next().and_then(|word| {
            let tail = parts.get(if word.kind() == SyntaxKind::Elif { 3 } else { 4 }..)?;
            let first = tail.first()?;
            if !matches!(first.kind(), SyntaxKind::KwIf | SyntaxKind::Elif) {
                return Some(self.branch(Some(*first)));
            }
            let range = tail.iter().map(|n| n.range()).reduce(TextRange::cover)?;
            let kind = self.chained(Chain::Branches, 2, range, |lower| lower.if_stmt(tail))?;
            Some(Block { items: vec![Stmt { kind, doc: None, range }], range })
        });
        StmtKind::If(If { condition, then, otherwise })
    }

    fn branch(&mut self, node: Option<Node<'_>>) -> Block {
        match node {
            Some(n) if n.kind() == SyntaxKind::Block => self.block(n),
            Some(n) => Block { items: Vec::new(), range: n.range() },
            None => Block::default(),
        }
    }
}

fn join(docs: &[&str]) -> Doc {
    (!docs.is_empty()).then(|| Arc::from(docs.join("\n")))
}
