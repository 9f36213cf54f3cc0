//! `x.y`, `x[i]`, and the methods of handles.

use std::sync::Arc;

use super::declare::State;
use super::errors;
use super::eval::Expect;
use super::module::{Checker, Env};
use super::program::{Key, Labels, ResourceId};
use super::ty::Type;
use super::value::{Field, Fields, Handle, Kind, Value, deferred_by};
use crate::arm;
use crate::base::Span;
use crate::syntax::ast::{Arg, Ident};

impl<'a> Checker<'a, '_> {
    /// `base.name`
    pub(crate) fn member(
        &mut self,
        base: Value,
        name: &Ident,
        optional: bool,
        span: Span,
        env: &Env,
    ) -> Value {
        let at = env.span(name.range);
        let labels = base.labels.clone();
        match &base.kind {
            Kind::Unknown => Value::unknown(span),
            Kind::Null if optional || self.judging.is_some() => Value::new(Kind::Null, span),
            Kind::Null => {
                self.report(errors::member_of_null(&name.text, at, base.span));
                Value::unknown(span)
            }
            Kind::Object(fields) => match fields.get(&name.text) {
                Some(field) => held(field).at(span).with_labels(&open(&labels)),
                None if optional || self.judging.is_some() => Value::new(Kind::Null, span),
                None => {
                    let known: Vec<Arc<str>> = fields.names().cloned().collect();
                    self.report(errors::no_such_member(&name.text, at, "the object", &known));
                    Value::unknown(span)
                }
            },
            Kind::Body(body) => match body.fields.get(&name.text) {
                Some(field) => field.value.clone().at(span),
                None if optional || self.judging.is_some() => Value::new(Kind::Null, span),
                None => {
                    let known: Vec<Arc<str>> = body.fields.names().cloned().collect();
                    self.report(errors::no_such_member(&name.text, at, "the block", &known));
                    Value::unknown(span)
                }
            },
            Kind::Namespace(instance) => self.namespace_member(*instance, name, at, span),
            Kind::Builtin(path) => self.azure_member(path, name, at, span),
            Kind::Handle(handle) => self.handle_member(&handle.clone(), name, at, optional, span),
            Kind::Variant(keyword, fields) => match fields.get(&name.text) {
                Some(field) => field.value.clone().at(span),
                None if optional => Value::new(Kind::Null, span),
                None => {
                    let known: Vec<Arc<str>> = fields.names().cloned().collect();
                    self.report(errors::no_such_member(&name.text, at, &format!("`{keyword}(…)`"), &known));
                    Value::unknown(span)
                }
            },
            Kind::Deferred(expr, ty) => match self.deferred_member(ty, &name.text) {
                Some(inner) => {
                    let expr = arm::Expr::Member {
                        base: Box::new(expr.clone()),
                        name: name.text.clone(),
                        safe: optional,
                    };
                    Value::deferred(expr, inner, labels, span)
                }
                None => {
                    self.report(errors::no_such_member(&name.text, at, &base.describe(), &[]));
                    Value::unknown(span)
                }
            },
            _ => {
                self.report(errors::no_such_member(&name.text, at, &base.describe(), &[]));
                Value::unknown(span)
            }
        }
    }

    fn deferred_member(&self, ty: &Type, name: &str) -> Option<Type> {
        match ty {
            Type::Any => Some(Type::Any),
            Type::Map(inner) => Some((**inner).clone()),
            Type::Object(shape) => shape.iter().find(|s| &*s.name == name).map(|s| s.ty.clone()),
            Type::Optional(inner) => self.deferred_member(inner, name),
            Type::Union(items) => {
                let all = items.iter().all(|item| self.deferred_member(item, name).is_some());
                all.then_some(Type::Any)
            }
            _ => None,
        }
    }

    fn namespace_member(&mut self, instance: usize, name: &Ident, at: Span, span: Span) -> Value {
        if name.text.starts_with('_') {
            self.report(errors::private_member(&name.text, at));
            return Value::unknown(span);
        }
        match self.symbol(instance, &name.text, at) {
            Some(value) => value.at(span),
            None => {
                let known = self.public_names(instance);
                let file = self.instances.get(instance).map(|i| i.file).unwrap_or_default();
                let is_type = self.graph.module(file).is_some_and(|m| m.types.contains_key(&name.text));
                self.report(if is_type {
                    errors::type_as_value(&name.text, at)
                } else {
                    errors::no_such_member(&name.text, at, "the module", &known)
                });
                Value::unknown(span)
            }
        }
    }

    fn handle_member(
        &mut self,
        handle: &Handle,
        name: &Ident,
        at: Span,
        optional: bool,
        span: Span,
    ) -> Value {
        let id = match handle {
            Handle::Resource(id) => *id,
            _ if &*name.text == "id" => return self.handle_id(handle, span),
            _ => {
                self.report(errors::no_such_member(&name.text, at, "it", &["id".into()]));
                return Value::unknown(span);
            }
        };
        if let Some(child) = self.child_named(id, &name.text) {
            return Value::new(Kind::Handle(Handle::Resource(child)), span);
        }
        let identity = &*self.keyword_of(id) == "identity";
        match &*name.text {
            "id" => return self.handle_id(handle, span),
            "name" => return self.resource_name(id).at(span),
            "properties" => return self.runtime_properties(id, span),
            "principal_id" if identity => return self.runtime_member(id, "principalId", span),
            "client_id" if identity => return self.runtime_member(id, "clientId", span),
            _ => {}
        }
        let fields = self.resource_fields(id);
        match fields.get(&name.text) {
            Some(field) => field.value.clone().at(span),
            None => {
                let known_prop = self.knows_property(id, &name.text);
                if optional || known_prop {
                    return Value::new(Kind::Null, span);
                }
                let known = self.member_names(id);
                let what = format!("the {} `{}`", self.keyword_of(id), self.declared_of(id));
                self.report(errors::no_such_member(&name.text, at, &what, &known));
                Value::unknown(span)
            }
        }
    }

    /// What Azure answers for a deployed or existing resource.
    fn runtime_properties(&mut self, id: ResourceId, span: Span) -> Value {
        if self.slots.get(id.0 as usize).is_some_and(|slot| slot.state == State::Open && !slot.existing) {
            self.report(errors::own_properties(&self.declared_of(id), span, self.span_of(id)));
            return Value::unknown(span);
        }
        let resource = self.handle_id(&Handle::Resource(id), span);
        let Some(expr) = resource.to_expr() else { return Value::unknown(span) };
        let args = match self.asked_by(id) {
            Some(symbol) => vec![arm::Expr::Str(symbol)],
            None => vec![expr, arm::Expr::Str(self.api_version_of(id))],
        };
        let call = arm::Expr::call("reference", args);
        let what = format!("what Azure knows of `{}`", self.declared_of(id));
        let value = Value::deferred(call, Type::Any, deferred_by(what, span), span);
        Value { belongs_to: Some(id), ..value }
    }

    fn runtime_member(&mut self, id: ResourceId, member: &str, span: Span) -> Value {
        let value = self.runtime_properties(id, span);
        match value.kind.clone() {
            Kind::Deferred(expr, _) => {
                Value { kind: Kind::Deferred(expr.member(member), Type::STRING), ..value }
            }
            _ => value,
        }
    }

    /// An element of what only Azure knows, or by an index that only it knows.
    fn deferred_index(&mut self, base: Value, index: Value, span: Span) -> Value {
        let labels = base.labels.join(&index.labels);
        let ty = match &base.type_of() {
            Type::List(inner) | Type::Map(inner) => (**inner).clone(),
            _ => Type::Any,
        };
        let plain = self.as_plain(base, span);
        match (plain.to_expr(), index.to_expr()) {
            (Some(b), Some(i)) => {
                let expr = arm::Expr::Index { base: Box::new(b), index: Box::new(i), safe: false };
                Value::deferred(expr, ty, labels, span)
            }
            _ => Value::unknown(span),
        }
    }

    /// `base[index]`
    pub(crate) fn index(&mut self, base: Value, index: Value, span: Span) -> Value {
        if base.is_unknown() || index.is_unknown() {
            return Value::unknown(span);
        }
        let base = self.as_list(base);
        match (&base.kind, &index.kind) {
            (Kind::Null, _) if self.judging.is_some() => Value::new(Kind::Null, span),
            (Kind::List(items), Kind::Int(n)) => match usize::try_from(*n).ok().and_then(|i| items.get(i)) {
                Some(value) => {
                    let item = value.clone().hop(|| "this list holds it".to_owned(), value.span);
                    item.at(span).with_labels(&open(&base.labels).join(&index.labels))
                }
                None => {
                    self.report(errors::index_outside(*n, items.len(), index.span));
                    Value::unknown(span)
                }
            },
            (Kind::Object(fields), Kind::Str(name)) => match fields.get(name) {
                Some(field) => held(field).at(span).with_labels(&open(&base.labels).join(&index.labels)),
                None => {
                    let known: Vec<Arc<str>> = fields.names().cloned().collect();
                    self.report(errors::no_such_member(name, index.span, "the object", &known));
                    Value::unknown(span)
                }
            },
            (Kind::Handle(Handle::Resource(id)), Kind::Str(name)) => match self.child_named(*id, name) {
                Some(child) => Value::new(Kind::Handle(Handle::Resource(child)), span),
                None => {
                    let known = self.member_names(*id);
                    let what = format!("the {} `{}`", self.keyword_of(*id), self.declared_of(*id));
                    self.report(errors::no_such_member(name, index.span, &what, &known));
                    Value::unknown(span)
                }
            },
            (Kind::List(_), Kind::Deferred(_, Type::Int { .. } | Type::Any))
            | (Kind::Object(_), Kind::Deferred(..))
            | (Kind::Deferred(_, Type::List(_) | Type::Map(_) | Type::Object(_) | Type::Any), _) => {
                self.deferred_index(base, index, span)
            }
            (Kind::Deferred(_, Type::Union(items)), _) if items.iter().all(holds_elements) => {
                self.deferred_index(base, index, span)
            }
            _ => {
                self.report(errors::cannot_index(&base, &index, span));
                Value::unknown(span)
            }
        }
    }

    /// `vault.secret("x")`, `account.blob("path")`, `definition.version("1.2.3")`, `image.output("name")`
    pub(crate) fn method(
        &mut self,
        handle: &Handle,
        name: &Ident,
        args: &'a [Arg],
        span: Span,
        env: &Env,
    ) -> Value {
        let args = self.eval_args(args, env, &|_, _| Expect::None);
        let at = env.span(name.range);
        let Handle::Resource(id) = handle else {
            self.report(errors::not_callable(&name.text, at));
            return Value::unknown(span);
        };
        let keyword = self.keyword_of(*id);
        let named =
            |wanted: &str| args.named.iter().find(|(n, _, _)| &**n == wanted).map(|(_, _, v)| v.clone());
        let first = args.positional.first().cloned();
        let usage = match (&*keyword, &*name.text) {
            ("storage_account", "blob") => "blob(\"container/path\")",
            ("vault", "secret") => "secret(\"name\", identity = id?, version = \"…\"?)",
            ("definition", "version") => "version(\"1.2.3\")",
            ("image", "output") => "output(\"name\")",
            _ => {
                let what = format!("the {keyword} `{}`", self.declared_of(*id));
                self.report(errors::no_such_method(&name.text, at, &what, &keyword));
                return Value::unknown(span);
            }
        };
        let allowed = ["identity", "version"];
        let surplus =
            args.named.iter().find(|(n, _, _)| !(&*name.text == "secret" && allowed.contains(&&**n)));
        if args.positional.len() != 1 || surplus.is_some() {
            self.report(errors::wrong_arguments(&name.text, usage, span));
            return Value::unknown(span);
        }
        let Some(first) = first else { return Value::unknown(span) };
        if first.is_unknown() {
            return Value::unknown(span);
        }
        match &*name.text {
            "blob" => self.blob_url(*id, first, span),
            "version" => {
                Value::new(Kind::Handle(Handle::Version { definition: *id, version: Arc::new(first) }), span)
            }
            _ => {
                let Some(text) = first.as_str().cloned() else {
                    self.report(match first.kind {
                        Kind::Deferred(..) => {
                            errors::deferred(&first, &format!("the name in `{}(…)`", name.text), first.span)
                        }
                        _ => errors::type_mismatch(&first, "a string", first.span),
                    });
                    return Value::unknown(span);
                };
                if &*name.text == "output" {
                    return Value::new(Kind::Handle(Handle::Output { image: *id, name: text }), span);
                }
                let identity = match named("identity").map(|v| v.kind) {
                    Some(Kind::Handle(Handle::Resource(identity))) => Some(identity),
                    Some(Kind::Unknown) | None => None,
                    Some(_) => {
                        self.report(errors::wrong_arguments("secret", usage, span));
                        None
                    }
                };
                let version = named("version").and_then(|v| v.as_str().cloned());
                if !is_secret_name(&text) {
                    self.report(errors::bad_secret_name(&text, first.span));
                }
                if let Some(given) = named("version")
                    && let Some(version) = given.as_str().filter(|version| !is_secret_version(version))
                {
                    self.report(errors::bad_secret_version(version, given.span));
                }
                Value::new(Kind::Handle(Handle::Secret { vault: *id, name: text, version, identity }), span)
            }
        }
    }

    /// The URL of a blob. The suffix is the public cloud's (azure-basics section 1 of permissions: others differ).
    fn blob_url(&mut self, account: ResourceId, path: Value, span: Span) -> Value {
        if let Some(text) = path.as_str()
            && !text.trim_matches('/').contains('/')
        {
            self.report(errors::blob_without_container(text, path.span));
        }
        let host = self.resource_name(account);
        let labels = host.labels.join(&path.labels);
        let (Some(host), Some(path)) = (self.text_of(host), self.text_of(path)) else {
            return Value::unknown(span);
        };
        let part = |text: Result<Arc<str>, arm::Expr>| match text {
            Ok(text) => arm::Expr::Str(text),
            Err(expr) => expr,
        };
        let parts = vec![
            arm::Expr::Str("https://".into()),
            part(host),
            arm::Expr::Str(".blob.core.windows.net/".into()),
            part(path),
        ];
        let value = match arm::interpolate(parts) {
            arm::Expr::Str(url) => Value::str(url, span),
            expr => Value::deferred(expr, Type::Domain(super::ty::Domain::Url), labels.clone(), span),
        };
        Value { belongs_to: Some(account), labels, ..value }
    }

    /// The names that may follow a resource's handle, for "did you mean".
    pub(crate) fn member_names(&self, id: ResourceId) -> Vec<Arc<str>> {
        let mut names: Vec<Arc<str>> = vec!["id".into(), "name".into()];
        names.extend(self.children_of(id).map(|(name, _)| name));
        names.extend(self.property_names(id));
        names
    }

    /// The fields of a resource as the author wrote them, under aib names.
    pub(crate) fn resource_fields(&mut self, id: ResourceId) -> Arc<Fields> {
        self.force(id);
        self.slots.get(id.0 as usize).map(|s| s.fields.clone()).unwrap_or_default()
    }
}

/// The labels of what is in something without those of its other parts: each part that is secret says so itself.
fn open(labels: &Labels) -> Labels {
    Labels { secret: None, ..labels.clone() }
}

/// The value of a member of an object, which a secret came through.
fn held(field: &Field) -> Value {
    let name = || match &field.key {
        Key::Str(name) => format!("`{name}` holds it"),
        Key::Expr(_) => "this member holds it".to_owned(),
    };
    field.value.clone().hop(name, field.key_span)
}

/// Whether values of a type have elements.
fn holds_elements(ty: &Type) -> bool {
    matches!(ty, Type::List(_) | Type::Map(_) | Type::Object(_) | Type::Any)
}

/// Whether a text may name a secret: 1 to 127 letters, digits and `-` (learn.microsoft.com/azure/key-vault/general/
/// about-keys-secrets-certificates, vault-name and object-name).
fn is_secret_name(text: &str) -> bool {
    (1..=127).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// Whether a text may be the version of a secret: 32 hexadecimal digits (the same page, object-version).
fn is_secret_version(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit())
}
