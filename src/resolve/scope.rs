//! The names that a file declares at its top level.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;

use super::errors;
use crate::base::{FileId, Span};
use crate::diag::Sink;
use crate::syntax::Parsed;
use crate::syntax::ast::{self, EntryLabel, Ident, Stmt, StmtKind};

/// A module: a file and its names.
#[derive(Debug)]
pub struct Module<'a> {
    /// The file.
    pub file: FileId,
    /// Its tree.
    pub ast: &'a ast::File,
    /// Its values, functions, recipes, resources and namespaces.
    pub symbols: IndexMap<Arc<str>, Symbol<'a>>,
    /// Its types, which have a namespace of their own.
    pub types: HashMap<Arc<str>, (Span, &'a ast::TypeDecl)>,
    /// Where its imports lead, by statement address.
    pub imports: Vec<ImportEdge<'a>>,
    /// Names that it declares too, left unread because nothing uses them: for "did you mean".
    pub left_out: &'a [Arc<str>],
}

/// An import that was followed.
#[derive(Debug)]
pub struct ImportEdge<'a> {
    /// The statement.
    pub import: &'a ast::Import,
    /// Where it leads; absent if it was reported as broken.
    pub target: Option<FileId>,
}

/// A declared name.
#[derive(Clone, Debug)]
pub struct Symbol<'a> {
    /// Where the name is declared.
    pub span: Span,
    /// What it names.
    pub kind: SymbolKind<'a>,
}

/// What a name names.
#[derive(Clone, Copy, Debug)]
pub enum SymbolKind<'a> {
    /// A parameter.
    Param(&'a Stmt, &'a ast::Binding),
    /// A constant.
    Let(&'a Stmt, &'a ast::Binding),
    /// A function.
    Fn(&'a ast::Function),
    /// A recipe.
    Recipe(&'a Stmt, &'a ast::Recipe),
    /// A resource, whatever its keyword.
    Resource(&'a Stmt),
    /// A whole imported module.
    Namespace(&'a ast::Import, FileId),
    /// A name of an imported module.
    Imported(&'a ast::Import, FileId, &'a Ident),
    /// An import that failed and was reported.
    Broken,
}

impl SymbolKind<'_> {
    /// What it is, in words.
    pub fn noun(&self) -> &'static str {
        match self {
            Self::Param(..) => "parameter",
            Self::Let(..) => "constant",
            Self::Fn(_) => "function",
            Self::Recipe(..) => "recipe",
            Self::Resource(_) => "resource",
            Self::Namespace(..) => "module",
            Self::Imported(..) | Self::Broken => "import",
        }
    }
}

impl<'a> Module<'a> {
    /// Collects the names of a file. `imports` are its import statements in order, already followed.
    pub(crate) fn collect(parsed: &'a Parsed, imports: Vec<ImportEdge<'a>>, sink: &mut Sink) -> Self {
        let mut module = Self {
            file: parsed.file,
            ast: &parsed.ast,
            symbols: IndexMap::new(),
            types: HashMap::new(),
            imports: Vec::new(),
            left_out: &parsed.left_out,
        };
        // Own declarations first: a local name wins over an imported one.
        module.declare(&parsed.ast.items, sink);
        for edge in &imports {
            module.bring_in(edge, sink);
        }
        module.imports = imports;
        super::shadow::check(&module, sink);
        module
    }

    fn declare(&mut self, items: &'a [Stmt], sink: &mut Sink) {
        for stmt in items {
            match &stmt.kind {
                StmtKind::Param(b) => self.add(b.name.as_ref(), SymbolKind::Param(stmt, b), sink),
                StmtKind::Let(b) => self.add(b.name.as_ref(), SymbolKind::Let(stmt, b), sink),
                StmtKind::Fn(f) => self.add(f.name.as_ref(), SymbolKind::Fn(f), sink),
                StmtKind::Recipe(r) => self.add(r.name.as_ref(), SymbolKind::Recipe(stmt, r), sink),
                StmtKind::Resource(r) => self.add(r.name.as_ref(), SymbolKind::Resource(stmt), sink),
                StmtKind::Entry(e) => {
                    if let Some(EntryLabel::Path(path)) = &e.label
                        && let [name] = path.as_slice()
                    {
                        self.add(Some(name), SymbolKind::Resource(stmt), sink);
                    }
                }
                StmtKind::Type(t) => self.add_type(t, sink),
                // What an `if` declares is visible in the whole file; what a `for` declares only inside it.
                StmtKind::If(choice) => {
                    self.declare(&choice.then.items, sink);
                    if let Some(other) = &choice.otherwise {
                        self.declare(&other.items, sink);
                    }
                }
                _ => {}
            }
        }
    }

    fn add(&mut self, name: Option<&'a Ident>, kind: SymbolKind<'a>, sink: &mut Sink) {
        let Some(name) = name else { return };
        let span = name.range.in_file(self.file);
        if let Some(first) = self.symbols.get(&name.text) {
            sink.push(errors::duplicate_name(&name.text, span, first.span, first.kind.noun()));
            return;
        }
        self.symbols.insert(name.text.clone(), Symbol { span, kind });
    }

    fn add_type(&mut self, decl: &'a ast::TypeDecl, sink: &mut Sink) {
        let Some(name) = &decl.name else { return };
        let span = name.range.in_file(self.file);
        if let Some((first, _)) = self.types.get(&name.text) {
            sink.push(errors::duplicate_name(&name.text, span, *first, "type"));
            return;
        }
        self.types.insert(name.text.clone(), (span, decl));
    }

    fn bring_in(&mut self, edge: &ImportEdge<'a>, sink: &mut Sink) {
        let import = edge.import;
        if let Some(names) = &import.names {
            for name in names {
                let local = name.alias.as_ref().unwrap_or(&name.name);
                if name.name.text.starts_with('_') {
                    sink.push(errors::private_name(&name.name.text, name.name.range.in_file(self.file)));
                }
                let kind =
                    edge.target.map_or(SymbolKind::Broken, |f| SymbolKind::Imported(import, f, &name.name));
                self.add_imported(&local.text, local.range.in_file(self.file), kind, sink);
            }
            return;
        }
        let Some(target) = &import.target else { return };
        let (name, range) = match &import.alias {
            Some(alias) => (alias.text.clone(), alias.range),
            None => match default_alias(&target.path) {
                Some(name) => (name, target.range),
                None => {
                    sink.push(errors::import_needs_alias(&target.path, target.range.in_file(self.file)));
                    return;
                }
            },
        };
        let kind = edge.target.map_or(SymbolKind::Broken, |f| SymbolKind::Namespace(import, f));
        self.add_imported(&name, range.in_file(self.file), kind, sink);
    }

    fn add_imported(&mut self, name: &Arc<str>, span: Span, kind: SymbolKind<'a>, sink: &mut Sink) {
        match self.symbols.get(name) {
            // Two imports of one name collide; a declaration of the file itself wins in silence.
            Some(first) if matches!(first.kind, SymbolKind::Namespace(..) | SymbolKind::Imported(..)) => {
                sink.push(errors::duplicate_name(name, span, first.span, "import"));
            }
            Some(_) => {}
            None => {
                self.symbols.insert(name.clone(), Symbol { span, kind });
            }
        }
    }
}

/// The name under which `import std/linux` or `import "./company.aib"` is known without `as`.
fn default_alias(path: &str) -> Option<Arc<str>> {
    let last = path.rsplit('/').next()?;
    let stem = last.strip_suffix(".aib").unwrap_or(last);
    let mut chars = stem.chars();
    let starts_well = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    (starts_well && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')).then(|| Arc::from(stem))
}
