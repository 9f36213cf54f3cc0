//! Steps: scripts split into lines, variables and secrets put before them.

use std::sync::Arc;

use super::body::EntryValue;
use super::convert::Conversion;
use super::errors;
use super::lines::split_lines;
use super::module::Checker;
use super::natives::quoted;
use super::program::{Key, Labels, Member, Node, NodeKind, Object, Origin, Reference, ResourceId};
use super::shells::{SHELLS, Shell, failing_code};
use super::ty::Type;
use super::value::{FieldKey, Fields, Handle, Kind, Value};
use crate::arm;
use crate::base::Span;
use crate::schema::{Prop, Role};

/// Lines that go before a step's own, and what they are made from.
#[derive(Default)]
pub(crate) struct Prelude {
    lines: Vec<Node>,
    hidden: Vec<Member>,
    span: Option<Span>,
}

impl Checker<'_, '_> {
    /// Looks at a step before its conversion: local scripts are inlined, `env` and `secrets` become lines.
    pub(crate) fn prelude(&mut self, c: &mut Conversion, entry: &EntryValue, fields: &mut Fields) -> Prelude {
        self.local_file(c, entry, fields);
        let mut prelude = Prelude::default();
        let shell = entry.variant.os.and_then(|os| SHELLS.iter().find(|s| s.os == os));
        let role = |role: Role| entry.variant.body.props.iter().find(|p| p.role == role);
        let written = |role: Option<&'static Prop>| role.and_then(|prop| fields.get(prop.name));
        if let (Some(env), Some(secrets)) = (written(role(Role::Env)), written(role(Role::Secrets))) {
            self.one_variable_each(c, &env.value, &secrets.value);
        }
        if let Some(prop) = role(Role::Env)
            && let Some(field) = fields.map.shift_remove(&FieldKey::Str(prop.name.into()))
            && let Some(shell) = shell
        {
            prelude.span = Some(field.key_span);
            self.env_lines(c, &field.value, prop, shell, &mut prelude);
        }
        if let Some(prop) = role(Role::Secrets)
            && let Some(field) = fields.map.shift_remove(&FieldKey::Str(prop.name.into()))
            && let Some(shell) = shell
        {
            prelude.span = prelude.span.or(Some(field.key_span));
            let exit = failing_code(fields.get("exit_codes").map(|f| &f.value));
            self.secret_lines(c, &field.value, field.key_span, prop, (shell, exit), &mut prelude);
        }
        prelude
    }

    /// `script = "./setup.sh"` is inlined; a `file` step's local source is refused with the way out.
    fn local_file(&mut self, c: &mut Conversion, entry: &EntryValue, fields: &mut Fields) {
        let names = ["script", "source"];
        for name in names {
            let Some(field) = fields.get(name).cloned() else { continue };
            let Some(text) = field.value.as_str().cloned() else { continue };
            if !(text.starts_with("./") || text.starts_with("../")) {
                continue;
            }
            let inline = entry.variant.body.props.iter().find(|p| p.role == Role::Script);
            let Some(inline) = inline.filter(|_| name == "script") else {
                let d = errors::local_source(&text, field.value.span);
                self.complain(c, d);
                fields.insert(name.into(), field.key_span, Value::unknown(field.value.span));
                continue;
            };
            fields.map.shift_remove(&FieldKey::Str(name.into()));
            let value = match self.files.text(field.value.span.file, &text) {
                Ok(content) => Value::str(content.replace("\r\n", "\n"), field.value.span),
                Err(error) => {
                    let d = crate::resolve::load_failed(
                        &format!("can't read `{text}`"),
                        field.value.span,
                        &text,
                        &error,
                    );
                    self.complain(c, d);
                    Value::unknown(field.value.span)
                }
            };
            if let Some(first) = fields.insert(inline.name.into(), field.key_span, value) {
                let d = errors::duplicate_property(inline.name, field.key_span, first.key_span);
                self.complain(c, d);
            }
        }
    }

    /// A variable of `env` and one of `secrets` by the same name: the second line would hide the first.
    fn one_variable_each(&mut self, c: &mut Conversion, env: &Value, secrets: &Value) {
        let (Kind::Object(env), Kind::Object(secrets)) = (&env.kind, &secrets.kind) else { return };
        for (key, second) in &secrets.map {
            if let (Some(first), Key::Str(name)) = (env.map.get(key), &second.key) {
                let d = errors::variable_twice(name, second.key_span, first.key_span);
                self.complain(c, d);
            }
        }
    }

    fn env_lines(
        &mut self,
        c: &mut Conversion,
        value: &Value,
        prop: &'static Prop,
        shell: &Shell,
        out: &mut Prelude,
    ) {
        let Some(fields) = self.variables(c, value, prop) else { return };
        let mut hidden = Object::default();
        for field in fields.map.values() {
            let Key::Str(name) = &field.key else { continue };
            if field.value.labels.secret.is_some() {
                let d = errors::secret_sink(
                    &field.value,
                    &format!("the variable `{name}` of a step"),
                    field.value.span,
                );
                self.complain(c, d);
                continue;
            }
            let labels = field.value.labels.clone();
            let Some(text) = self.text_of(field.value.clone()) else { continue };
            let (before, after) = shell.export;
            let line = join(
                &before.replace("{}", name),
                vec![quoted(text, shell.quotes)],
                &after.replace("{}", name),
            );
            let origin = Origin { span: field.value.span, via: c.via.clone() };
            out.lines.push(line_node(line, origin.clone(), labels));
            let node = self.plain_node(&field.value);
            hidden.members.push(Member {
                key: field.key.clone(),
                key_origin: origin,
                prop: None,
                value: node,
            });
        }
        out.hidden.push(hidden_member(prop, hidden, value.span));
    }

    fn secret_lines(
        &mut self,
        c: &mut Conversion,
        value: &Value,
        key_span: Span,
        prop: &'static Prop,
        (shell, exit): (&Shell, i64),
        out: &mut Prelude,
    ) {
        let Some(fields) = self.variables(c, value, prop) else { return };
        let mut hidden = Object::default();
        let mut calls = Vec::new();
        let identities = self.vm_identities(c.owner);
        for field in fields.map.values() {
            let Key::Str(name) = &field.key else { continue };
            let span = field.value.span;
            let Kind::Handle(Handle::Secret { vault, name: secret, version, identity }) = &field.value.kind
            else {
                if !field.value.is_unknown() {
                    let d = errors::not_a_secret(name, &field.value);
                    self.complain(c, d);
                }
                continue;
            };
            let (vault, identity) = (*vault, *identity);
            let chosen = match (identity, identities.first()) {
                (Some(id), _) if identities.contains(&id) => id,
                (Some(id), _) => {
                    let d = errors::identity_not_on_vm(&self.declared_of(id), span);
                    self.complain(c, d);
                    continue;
                }
                (None, Some(first)) => *first,
                (None, None) => {
                    let d = errors::secrets_need_identity(key_span);
                    self.complain(c, d);
                    continue;
                }
            };
            let full = match version {
                Some(version) => format!("{secret}/{version}"),
                None => secret.to_string(),
            };
            let Some(call) = self.fetch_call(vault, &full, chosen, shell, span) else { continue };
            let (before, after) = shell.call;
            let filled = |text: &str| text.replace("{}", name).replace("{exit}", &exit.to_string());
            let line = join(&filled(before), call, &filled(after));
            let origin = Origin { span, via: c.via.clone() };
            calls.push(line_node(line, origin.clone(), Labels::default()));
            hidden.members.push(secret_member(name, secret, vault, chosen, &origin));
        }
        let origin = Origin { span: key_span, via: c.via.clone() };
        let fixed =
            |lines: &[&str]| -> Vec<Node> { lines.iter().map(|l| Node::str(*l, origin.clone())).collect() };
        if !calls.is_empty() {
            out.lines.extend(fixed(shell.fetch));
            out.lines.extend(calls);
            out.lines.extend(fixed(shell.forget));
        }
        out.hidden.push(hidden_member(prop, hidden, value.span));
    }

    /// The arguments of the function that fetches a secret: vault, secret, identity.
    fn fetch_call(
        &mut self,
        vault: ResourceId,
        secret: &str,
        identity: ResourceId,
        shell: &Shell,
        span: Span,
    ) -> Option<Vec<Result<Arc<str>, arm::Expr>>> {
        let host = self.resource_name(vault);
        let host = self.text_of(host)?;
        let url = join("https://", vec![host], ".vault.azure.net");
        let id = self.handle_id(&Handle::Resource(identity), span);
        let id = self.text_of(id)?;
        let args = [url, Ok(secret.into()), id];
        let mut parts = Vec::new();
        for (index, arg) in args.into_iter().enumerate() {
            if index > 0 {
                parts.push(Ok(" ".into()));
            }
            parts.push(quoted(arg, shell.quotes));
        }
        Some(parts)
    }

    /// The variables of `env` or `secrets`: an object whose keys a shell takes as names.
    fn variables(&mut self, c: &mut Conversion, value: &Value, prop: &'static Prop) -> Option<Arc<Fields>> {
        match &value.kind {
            Kind::Object(fields) => {
                for field in fields.map.values() {
                    match &field.key {
                        Key::Str(name) if is_variable(name) => {}
                        Key::Str(name) => {
                            let d = errors::bad_variable(name, field.key_span);
                            self.complain(c, d);
                        }
                        Key::Expr(_) => {
                            let d = errors::deferred(&field.value, "the name of a variable", field.key_span);
                            self.complain(c, d);
                        }
                    }
                }
                Some(fields.clone())
            }
            Kind::Unknown | Kind::Null => None,
            _ => {
                self.mismatch(c, value, "an object of variables", prop);
                None
            }
        }
    }

    /// The identities that the build VM has.
    fn vm_identities(&self, image: ResourceId) -> Vec<ResourceId> {
        let Some(slot) = self.slots.get(image.0 as usize) else { return Vec::new() };
        let list = slot
            .fields
            .get("build")
            .and_then(|f| f.value.as_object().cloned())
            .and_then(|b| b.get("vm_identities").map(|f| f.value.clone()));
        match list.map(|v| v.kind) {
            Some(Kind::List(items)) => items
                .iter()
                .filter_map(|v| match v.kind {
                    Kind::Handle(Handle::Resource(id)) => Some(id),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Puts a prelude before a step's own lines.
    pub(crate) fn apply_prelude(&mut self, c: &mut Conversion, object: &mut Object, prelude: Prelude) {
        object.hidden.extend(prelude.hidden);
        if prelude.lines.is_empty() {
            return;
        }
        let inline = object.members.iter_mut().find(|m| m.key == Key::Str("inline".into()));
        match inline.map(|m| &mut m.value.kind) {
            Some(NodeKind::List(lines)) => {
                // A line that names the interpreter stays the first.
                let first = lines.first().and_then(Node::as_str).is_some_and(|l| l.starts_with("#!"));
                let at = usize::from(first);
                let rest = lines.split_off(at.min(lines.len()));
                lines.extend(prelude.lines);
                lines.extend(rest);
            }
            Some(NodeKind::Invalid) => {}
            Some(kind @ NodeKind::Expr(_)) => {
                let span = prelude.span.unwrap_or_default();
                let d = errors::prelude_needs_lines(span);
                *kind = NodeKind::Invalid;
                self.complain(c, d);
            }
            _ => {
                let d = errors::prelude_needs_inline(prelude.span.unwrap_or_default());
                self.complain(c, d);
            }
        }
    }

    /// Commands: a string is split into lines, a list is taken as it is.
    pub(crate) fn script_node(
        &mut self,
        c: &mut Conversion,
        value: &Value,
        prop: &'static Prop,
    ) -> Option<Node> {
        let lines = match &value.kind {
            Kind::List(items) => items.to_vec(),
            Kind::Deferred(expr, Type::List(_)) => {
                return Some(self.labelled(c, NodeKind::Expr(expr.clone()), value));
            }
            Kind::Str(_) | Kind::Deferred(..) => match split_lines(value) {
                Some(lines) => lines,
                None => {
                    let Kind::Deferred(expr, ty) = &value.kind else { return None };
                    if !(ty.is_text() || *ty == Type::Any) {
                        return self.mismatch(c, value, "a string or a list of strings", prop);
                    }
                    let split = arm::Expr::call("split", vec![expr.clone(), arm::Expr::Str("\n".into())]);
                    return Some(self.labelled(c, NodeKind::Expr(split), value));
                }
            },
            _ => return self.mismatch(c, value, "a string or a list of strings", prop),
        };
        let empty = lines.iter().all(|l| l.as_str().is_some_and(|t| t.trim().is_empty()));
        if empty {
            let d = errors::empty_script(prop, value.span);
            self.complain(c, d);
            return None;
        }
        static TEXT: crate::schema::Ty = crate::schema::Ty::Str;
        let nodes: Vec<Node> = lines.iter().filter_map(|l| self.node(c, l, &TEXT, prop)).collect();
        Some(self.labelled(c, NodeKind::List(nodes), value))
    }
}

/// Text parts between a beginning and an end.
fn join(before: &str, parts: Vec<Result<Arc<str>, arm::Expr>>, after: &str) -> Result<Arc<str>, arm::Expr> {
    let mut exprs = vec![arm::Expr::Str(before.into())];
    exprs.extend(parts.into_iter().map(|p| p.map_or_else(|e| e, arm::Expr::Str)));
    exprs.push(arm::Expr::Str(after.into()));
    match arm::interpolate(exprs) {
        arm::Expr::Str(text) => Ok(text),
        expr => Err(expr),
    }
}

fn line_node(line: Result<Arc<str>, arm::Expr>, origin: Origin, labels: Labels) -> Node {
    let kind = match line {
        Ok(text) => NodeKind::Str(text),
        Err(expr) => NodeKind::Expr(expr),
    };
    Node { kind, origin, labels, reference: None }
}

fn hidden_member(prop: &'static Prop, object: Object, span: Span) -> Member {
    Member {
        key: Key::Str(prop.name.into()),
        key_origin: Origin::from(span),
        prop: Some(prop),
        value: Node::new(NodeKind::Object(object), Origin::from(span)),
    }
}

/// What the roles need to know of a fetched secret: its name with the vault, and the identity that fetches it.
fn secret_member(
    variable: &Arc<str>,
    secret: &Arc<str>,
    vault: ResourceId,
    identity: ResourceId,
    origin: &Origin,
) -> Member {
    let node = |text: &Arc<str>, target: ResourceId| Node {
        reference: Some(Reference::to(target)),
        ..Node::str(text.clone(), origin.clone())
    };
    let member = |key: &str, value: Node| Member {
        key: Key::Str(key.into()),
        key_origin: origin.clone(),
        prop: None,
        value,
    };
    let object = Object {
        members: vec![
            member("secret", node(secret, vault)),
            member("identity", node(&Arc::from(""), identity)),
        ],
        ..Object::default()
    };
    Member {
        key: Key::Str(variable.clone()),
        key_origin: origin.clone(),
        prop: None,
        value: Node::new(NodeKind::Object(object), origin.clone()),
    }
}

fn is_variable(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}
