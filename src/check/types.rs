//! Types as written to types, and values against types.

use std::sync::Arc;

use super::errors;
use super::module::{Checker, Env, address};
use super::program::{Key, Secret};
use super::ty::{Domain, Shape, Type};
use super::value::{Fields, Handle, Kind, Value};
use crate::base::{FileId, Span};
use crate::diag::{Diagnostic, code};
use crate::resolve::SymbolKind;
use crate::syntax::ast::{self, Ident, Refinement, RefinementKind, TypeExpr, TypeKind};

/// A type that was read.
#[derive(Clone, Debug)]
pub(crate) struct KnownType {
    ty: Type,
    secret: bool,
    /// The parts of it, written out.
    weight: u32,
}

/// The most parts of one declared type, written out.
const MAX_TYPE: u32 = 10_000;

/// A declared type with its label.
#[derive(Clone, Debug)]
pub(crate) struct Declared {
    pub(crate) ty: Type,
    pub(crate) secret: bool,
}

/// A type with a name of its own.
struct NamedType {
    name: &'static str,
    args: usize,
    ty: fn(&[Type]) -> Type,
}

fn first(args: &[Type]) -> Arc<Type> {
    Arc::new(args.first().cloned().unwrap_or(Type::Any))
}

/// The types of the language.
static TYPES: &[NamedType] = &[
    NamedType { name: "string", args: 0, ty: |_| Type::STRING },
    NamedType { name: "int", args: 0, ty: |_| Type::INT },
    NamedType { name: "bool", args: 0, ty: |_| Type::Bool },
    NamedType { name: "duration", args: 0, ty: |_| Type::Duration },
    NamedType { name: "size", args: 0, ty: |_| Type::Size },
    NamedType { name: "any", args: 0, ty: |_| Type::Any },
    NamedType { name: "object", args: 0, ty: |_| Type::Map(Arc::new(Type::Any)) },
    NamedType { name: "array", args: 0, ty: |_| Type::List(Arc::new(Type::Any)) },
    NamedType { name: "list", args: 1, ty: |a| Type::List(first(a)) },
    NamedType { name: "map", args: 1, ty: |a| Type::Map(first(a)) },
    NamedType { name: "region", args: 0, ty: |_| Type::Domain(Domain::Region) },
    NamedType { name: "url", args: 0, ty: |_| Type::Domain(Domain::Url) },
    NamedType { name: "sha256", args: 0, ty: |_| Type::Domain(Domain::Sha256) },
    NamedType { name: "guid", args: 0, ty: |_| Type::Domain(Domain::Guid) },
    NamedType { name: "version", args: 0, ty: |_| Type::Domain(Domain::Version) },
    NamedType { name: "gallery", args: 0, ty: |_| Type::Handle("gallery") },
    NamedType { name: "definition", args: 0, ty: |_| Type::Handle("definition") },
    NamedType { name: "image", args: 0, ty: |_| Type::Handle("image") },
    NamedType { name: "identity", args: 0, ty: |_| Type::Handle("identity") },
    NamedType { name: "subnet", args: 0, ty: |_| Type::Handle("subnet") },
    NamedType { name: "vault", args: 0, ty: |_| Type::Handle("vault") },
    NamedType { name: "storage_account", args: 0, ty: |_| Type::Handle("storage_account") },
    NamedType { name: "managed_image", args: 0, ty: |_| Type::Handle("managed_image") },
    NamedType { name: "secret_ref", args: 0, ty: |_| Type::Handle("secret_ref") },
    NamedType { name: "source", args: 0, ty: |_| Type::Source },
];

/// The beginning of the trail of a secret.
pub(crate) fn secret_source(what: String, span: Span) -> Arc<Secret> {
    Arc::new(Secret { what: what.into(), span, from: None })
}

impl<'a> Checker<'a, '_> {
    /// What a written type means. Unknown names are reported.
    pub(crate) fn type_of_expr(&mut self, ty: &'a TypeExpr, env: &Env) -> Declared {
        let mut secret = false;
        let ty = self.read_type(ty, env.file, env.instance, &mut secret, 0);
        Declared { ty, secret }
    }

    fn read_type(
        &mut self,
        ty: &'a TypeExpr,
        file: FileId,
        instance: usize,
        secret: &mut bool,
        depth: usize,
    ) -> Type {
        let span = ty.range.in_file(file);
        self.type_weight = self.type_weight.saturating_add(1);
        if depth > 64 {
            self.report(
                Diagnostic::new(&code::CYCLIC_DEFINITION, span, "the type refers to itself")
                    .help("write the type out: types cannot be recursive"),
            );
            return Type::Unknown;
        }
        let mut inner = |c: &mut Self, t: &'a TypeExpr| c.read_type(t, file, instance, secret, depth + 1);
        match &ty.kind {
            TypeKind::Missing => Type::Unknown,
            TypeKind::Paren(t) => inner(self, t),
            TypeKind::Optional(t) => Type::Optional(Arc::new(inner(self, t))),
            TypeKind::Secret(t) => {
                let inner = inner(self, t);
                *secret = true;
                if !(inner.is_text() || matches!(inner.arm_type(), "object") || inner == Type::Unknown) {
                    self.report(errors::secret_type(&inner, span));
                    return Type::Unknown;
                }
                inner
            }
            TypeKind::Literal(text) => match text.as_text() {
                Some(text) => Type::Literals(Arc::from([text])),
                None => Type::Unknown,
            },
            TypeKind::Union(items) => {
                let items: Vec<Type> = items.iter().map(|t| inner(self, t)).collect();
                union(items)
            }
            TypeKind::Object(fields) => {
                let mut shape: Vec<Shape> = Vec::new();
                for field in fields {
                    let ty = inner(self, &field.ty);
                    shape.push(Shape { name: field.name.text.clone(), optional: field.optional, ty });
                }
                Type::Object(Arc::new(shape))
            }
            TypeKind::Named { path, args, refinement } => {
                let args_ty: Vec<Type> = if path.first().is_some_and(|p| &*p.text == "resource_id") {
                    Vec::new()
                } else {
                    args.iter().map(|t| inner(self, t)).collect()
                };
                let base = self.named_type(path, args, &args_ty, file, instance, secret, depth, span);
                match refinement {
                    Some(refinement) => self.refine(base, refinement, file),
                    None => base,
                }
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the state of one walk; a struct would only rename it")]
    fn named_type(
        &mut self,
        path: &'a [Ident],
        args: &'a [TypeExpr],
        args_ty: &[Type],
        file: FileId,
        instance: usize,
        secret: &mut bool,
        depth: usize,
        span: Span,
    ) -> Type {
        let [name] = path else { return self.foreign_type(path, file, instance, secret, depth, span) };
        if let Some((_, decl)) = self.graph.module(file).and_then(|m| m.types.get(&name.text)) {
            return self.declared_type(decl, file, instance, secret, depth);
        }
        if let Some(symbol) = self.graph.module(file).and_then(|m| m.symbols.get(&name.text))
            && let SymbolKind::Imported(_, target, wanted) = symbol.kind
            && let Some((_, decl)) = self.graph.module(target).and_then(|m| m.types.get(&wanted.text))
        {
            return self.declared_type(decl, target, instance, secret, depth);
        }
        if &*name.text == "resource_id" {
            let kind = match args {
                [TypeExpr { kind: TypeKind::Named { path, .. }, .. }] => {
                    path.first().map(|p| p.text.clone()).unwrap_or_default()
                }
                _ => "resource".into(),
            };
            return Type::ResourceId(kind);
        }
        match TYPES.iter().find(|t| t.name == &*name.text) {
            Some(row) if args_ty.len() <= row.args => (row.ty)(args_ty),
            Some(row) => {
                self.report(
                    Diagnostic::new(
                        &code::UNKNOWN_TYPE,
                        span,
                        match row.args {
                            0 => format!("`{}` takes no type in `<>`", row.name),
                            n => format!("`{}` takes {} in `<>`", row.name, crate::base::plural(n, "type")),
                        },
                    )
                    .help(if row.args == 0 {
                        format!("write `{}`", row.name)
                    } else {
                        format!("write `{}<string>`", row.name)
                    }),
                );
                Type::Unknown
            }
            None => {
                let mut known: Vec<Arc<str>> = TYPES.iter().map(|t| Arc::from(t.name)).collect();
                if let Some(module) = self.graph.module(file) {
                    known.extend(module.types.keys().cloned());
                }
                self.report(errors::unknown_type(&name.text, span, &known));
                Type::Unknown
            }
        }
    }

    /// The type of a declaration, read once: types share their parts, so that a few lines can stand for a huge one.
    fn declared_type(
        &mut self,
        decl: &'a ast::TypeDecl,
        file: FileId,
        instance: usize,
        secret: &mut bool,
        depth: usize,
    ) -> Type {
        let key = address(decl);
        if let Some(known) = self.types.get(&key) {
            self.type_weight = self.type_weight.saturating_add(known.weight);
            *secret |= known.secret;
            return known.ty.clone();
        }
        let Some(written) = &decl.ty else { return Type::Unknown };
        let before = self.type_weight;
        let mut own_secret = false;
        let mut ty = self.read_type(written, file, instance, &mut own_secret, depth + 1);
        let mut weight = self.type_weight.saturating_sub(before);
        if weight > MAX_TYPE {
            self.report(errors::type_too_large(MAX_TYPE, written.range.in_file(file)));
            (ty, weight) = (Type::Unknown, 1);
        }
        *secret |= own_secret;
        self.types.insert(key, KnownType { ty: ty.clone(), secret: own_secret, weight });
        ty
    }

    /// `company.environment`
    fn foreign_type(
        &mut self,
        path: &'a [Ident],
        file: FileId,
        instance: usize,
        secret: &mut bool,
        depth: usize,
        span: Span,
    ) -> Type {
        let [module, name] = path else {
            self.report(errors::unknown_type("", span, &[]));
            return Type::Unknown;
        };
        let target =
            self.graph.module(file).and_then(|m| m.symbols.get(&module.text)).and_then(|s| match s.kind {
                SymbolKind::Namespace(_, target) => Some(target),
                _ => None,
            });
        let found =
            target.and_then(|t| self.graph.module(t)).and_then(|m| m.types.get(&name.text).map(|t| t.1));
        match (target, found) {
            (Some(target), Some(decl)) => self.declared_type(decl, target, instance, secret, depth),
            _ => {
                let known: Vec<Arc<str>> = target
                    .and_then(|t| self.graph.module(t))
                    .map(|m| m.types.keys().cloned().collect())
                    .unwrap_or_default();
                self.report(errors::unknown_type(&format!("{}.{}", module.text, name.text), span, &known));
                Type::Unknown
            }
        }
    }

    fn refine(&mut self, base: Type, refinement: &'a Refinement, file: FileId) -> Type {
        let span = refinement.range.in_file(file);
        match (&base, &refinement.kind) {
            (Type::Int { .. }, RefinementKind::Range { low, high }) => {
                if !self.check_range(*low, *high, span) {
                    return Type::INT;
                }
                Type::Int { min: *low, max: *high }
            }
            (Type::String { pattern, .. }, RefinementKind::Range { low, high }) => {
                if !self.check_range(*low, *high, span) {
                    return base;
                }
                Type::String { min: *low, max: *high, pattern: pattern.clone() }
            }
            (Type::String { min, max, .. }, RefinementKind::Pattern(text)) => {
                let Some(pattern) = text.as_text() else { return Type::Unknown };
                if let Err(error) = self.regexes.compile(&pattern) {
                    self.report(
                        Diagnostic::new(&code::BAD_REFINEMENT, span, "the pattern is no regular expression")
                            .note(error)
                            .help("patterns are written in the syntax of Rust's `regex` crate"),
                    );
                    return Type::Unknown;
                }
                Type::String { min: *min, max: *max, pattern: Some(pattern) }
            }
            (Type::Unknown, _) => Type::Unknown,
            _ => {
                self.report(
                    Diagnostic::new(&code::BAD_REFINEMENT, span, format!("{base} can't be refined so"))
                        .help("`int(1..10)`, `string(3..24)` and `string('^[a-z]+$')` can"),
                );
                base
            }
        }
    }

    /// Whether there is anything between two bounds.
    fn check_range(&mut self, low: Option<i64>, high: Option<i64>, span: Span) -> bool {
        if let (Some(low), Some(high)) = (low, high)
            && low > high
        {
            self.report(
                Diagnostic::new(
                    &code::BAD_REFINEMENT,
                    span,
                    format!("no value lies between {low} and {high}"),
                )
                .help(format!("write `({high}..{low})`")),
            );
            return false;
        }
        true
    }

    /// Reads every type that a file declares, so that their mistakes show even if unused.
    pub(crate) fn check_types(&mut self, file: FileId, instance: usize) {
        let mut decls: Vec<(Span, &'a TypeExpr)> = self
            .graph
            .module(file)
            .map(|m| m.types.values().filter_map(|(span, d)| Some((*span, d.ty.as_ref()?))).collect())
            .unwrap_or_default();
        decls.sort_by_key(|(span, _)| *span);
        for (_, ty) in decls {
            self.read_type(ty, file, instance, &mut false, 0);
        }
    }

    /// A value where a type is declared: checked, and coerced where the type says more. `what` names the place.
    pub(crate) fn conform(&mut self, value: Value, ty: &Type, what: &str) -> Value {
        let complaint = match (&value.kind, ty) {
            (Kind::Unknown, _) | (_, Type::Unknown | Type::Any) => return value,
            (Kind::Deferred(_, have), _) => {
                if ty.accepts(have) || (have == &Type::STRING && matches!(ty, Type::Domain(_) | Type::Source))
                {
                    return value;
                }
                None
            }
            (Kind::Null, Type::Optional(_) | Type::Null) => return value,
            (_, Type::Optional(inner)) => return self.conform(value, inner, what),
            (_, Type::Union(items)) => {
                if let Some(fits) = items.iter().find(|t| self.fits(&value, t)) {
                    return self.conform(value, fits, what);
                }
                None
            }
            (Kind::List(items), Type::List(inner)) => {
                let items = items
                    .iter()
                    .map(|v| self.conform(v.clone(), inner, &format!("an element of {what}")))
                    .collect();
                return Value { kind: Kind::List(Arc::new(items)), ..value };
            }
            (Kind::Object(fields), Type::Map(inner)) => {
                let mut out = Fields::default();
                for f in fields.map.values() {
                    let v = self.conform(f.value.clone(), inner, &format!("a member of {what}"));
                    out.insert_key(f.key.clone(), f.key_span, v);
                }
                return Value { kind: Kind::Object(Arc::new(out)), ..value };
            }
            (Kind::Object(fields), Type::Object(shape)) => {
                let fields = self.conform_shape(&fields.clone(), shape, &value, what);
                return Value { kind: Kind::Object(Arc::new(fields)), ..value };
            }
            _ if self.fits(&value, ty) => return value,
            _ => self.complaint(&value, ty),
        };
        self.report(errors::does_not_fit(&value, ty, what, complaint));
        Value::unknown(value.span)
    }

    fn conform_shape(&mut self, fields: &Fields, shape: &[Shape], value: &Value, what: &str) -> Fields {
        let mut out = Fields::default();
        for field in fields.map.values() {
            let Key::Str(name) = &field.key else { continue };
            match shape.iter().find(|s| s.name == *name) {
                Some(s) => {
                    let v = self.conform(field.value.clone(), &s.ty, &format!("`{name}` of {what}"));
                    out.insert(name.clone(), field.key_span, v);
                }
                None => {
                    let known: Vec<Arc<str>> = shape.iter().map(|s| s.name.clone()).collect();
                    let open: Vec<Arc<str>> =
                        known.iter().filter(|k| fields.get(k).is_none()).cloned().collect();
                    self.report(errors::no_such_field(name, field.key_span, &known, &open));
                }
            }
        }
        for s in shape {
            if out.get(&s.name).is_none() {
                if s.optional || matches!(s.ty, Type::Optional(_)) {
                    out.insert(s.name.clone(), value.span, Value::new(Kind::Null, value.span));
                } else if fields.get(&s.name).is_none() {
                    self.report(errors::missing_member(&s.name, what, value.span));
                }
            }
        }
        out
    }

    /// Whether a value fits a type, without a word.
    fn fits(&mut self, value: &Value, ty: &Type) -> bool {
        match (&value.kind, ty) {
            (Kind::Unknown, _) | (_, Type::Any | Type::Unknown) => true,
            (_, Type::Optional(inner)) => matches!(value.kind, Kind::Null) || self.fits(value, inner),
            (_, Type::Union(items)) => items.iter().any(|t| self.fits(value, t)),
            (Kind::Deferred(_, have), _) => ty.accepts(have),
            (Kind::Str(text), Type::Literals(values)) => values.contains(text),
            (Kind::Str(text), Type::Domain(d)) => d.complaint(text).is_none(),
            (Kind::Str(text), Type::String { min, max, pattern }) => {
                let n = i64::try_from(text.encode_utf16().count()).unwrap_or(i64::MAX);
                min.is_none_or(|m| n >= m)
                    && max.is_none_or(|m| n <= m)
                    && pattern.as_ref().is_none_or(|p| self.regexes.matches(p, text))
            }
            (Kind::Int(n), Type::Int { min, max }) => {
                min.is_none_or(|m| *n >= m) && max.is_none_or(|m| *n <= m)
            }
            (Kind::List(items), Type::List(inner)) => items.iter().all(|v| self.fits(v, inner)),
            (Kind::Object(f), Type::Map(inner)) => f.map.values().all(|f| self.fits(&f.value, inner)),
            (Kind::Object(f), Type::Object(shape)) => {
                f.names().all(|n| shape.iter().any(|s| s.name == *n))
                    && shape.iter().all(|s| match f.get(&s.name) {
                        Some(field) => self.fits(&field.value, &s.ty),
                        None => s.optional,
                    })
            }
            (Kind::Str(_), Type::ResourceId(_)) => true,
            (Kind::Handle(_), Type::ResourceId(_)) => true,
            (Kind::Handle(Handle::Resource(id)), Type::Handle(kind)) => &*self.keyword_of(*id) == *kind,
            (Kind::Handle(Handle::Secret { .. }), Type::Handle("secret_ref")) => true,
            (Kind::Handle(Handle::Version { .. } | Handle::Output { .. }), Type::Source) => true,
            (Kind::Handle(Handle::Resource(id)), Type::Source) => {
                ["image", "definition", "managed_image"].contains(&&*self.keyword_of(*id))
            }
            (Kind::Variant(..), Type::Source) => true,
            (Kind::Str(_), Type::Source) => false,
            _ => ty.accepts(&value.type_of()),
        }
    }

    /// What exactly is wrong, where the type alone does not say it.
    fn complaint(&self, value: &Value, ty: &Type) -> Option<String> {
        match (&value.kind, ty) {
            (Kind::Str(text), Type::Domain(d)) => d.complaint(text).map(str::to_string),
            (Kind::Str(text), Type::String { min, max, pattern }) => {
                let n = text.encode_utf16().count();
                let outside = min.is_some_and(|m| (n as i64) < m) || max.is_some_and(|m| (n as i64) > m);
                match pattern {
                    _ if outside => Some(format!("it has {n} characters")),
                    Some(p) => Some(format!("it does not match `{p}`")),
                    None => None,
                }
            }
            _ => None,
        }
    }
}

/// A union: literals join into one enumeration.
fn union(items: Vec<Type>) -> Type {
    let literals: Option<Vec<Arc<str>>> = items
        .iter()
        .map(|t| match t {
            Type::Literals(values) => Some(values.to_vec()),
            _ => None,
        })
        .collect::<Option<Vec<_>>>()
        .map(|v| v.concat());
    match literals {
        Some(mut values) => {
            let mut seen = std::collections::HashSet::new();
            values.retain(|v| seen.insert(v.clone()));
            Type::Literals(values.into())
        }
        None => Type::Union(Arc::new(items)),
    }
}
