//! Small programs for tests, written as JSON: `"[…]"` is an expression in which `variables('x')` is the shared value
//! `x`; `"@x"` is the id of resource `x`, also as a key. Members of a resource that begin with `$` are not its body:
//! `$name`, `$parent`, `$existing`, `$group`, `$subscription`, `$id`, `$when`, `$after`, `$windows`, `$staging`.

use std::sync::Arc;

use super::build::names;
use crate::arm::{Expr, TemplateString, Value, fold_call, parse_template_string};
use crate::base::{FileId, Span, TextRange};
use crate::check::{
    Fact, ImageFacts, Key, Kind, Member, Node, NodeKind, Object, Origin, Output, Param, Program, Reference,
    Resource, ResourceId, Shared,
};
use crate::plan::build::as_expr;
use crate::schema::{Os, Prop, Role, Ty, resource_kind};

static SECRETS: Prop = Prop::new("secrets", "", Ty::Any).role(Role::Secrets);
static FACT: Prop = Prop::new("staging_group_exists", "", Ty::Bool).role(Role::Fact);

/// A program that is being put together.
#[derive(Default)]
pub(crate) struct Fixture {
    pub(crate) program: Program,
    at: usize,
}

impl Fixture {
    fn span(&mut self) -> Span {
        self.at += 10;
        TextRange::new(self.at, self.at + 5).in_file(FileId(0))
    }

    pub(crate) fn param(&mut self, name: &str, arm_type: &'static str, default: &str) -> &mut Param {
        let default = (!default.is_empty()).then(|| self.json(default));
        let span = self.span();
        self.program.params.push(Param {
            own: false,
            name: name.into(),
            arm_type,
            secret: false,
            allowed: Vec::new(),
            range: (None, None),
            length: (None, None),
            default,
            description: None,
            span,
        });
        self.program.params.last_mut().unwrap()
    }

    pub(crate) fn shared(&mut self, name: &str, expr: &str) {
        let expr = Arc::new(self.expr(expr));
        let span = self.span();
        self.program.shared.push(Shared { name: name.into(), expr, span });
    }

    pub(crate) fn output(&mut self, name: &str, value: &str) -> &mut Output {
        let (value, span) = (self.json(value), self.span());
        let output =
            Output { name: name.into(), arm_type: "string", value, condition: None, description: None, span };
        self.program.outputs.push(output);
        self.program.outputs.last_mut().unwrap()
    }

    /// Adds a resource of a kind (or of an ARM type) under a declared name.
    pub(crate) fn resource(&mut self, kind: &str, declared: &str, json: &str) -> ResourceId {
        let body = self.json(json);
        let span = self.span();
        let NodeKind::Object(object) = body.kind else { panic!("{json}") };
        let (special, members): (Vec<_>, Vec<_>) =
            object.members.into_iter().partition(|m| matches!(&m.key, Key::Str(key) if key.starts_with('$')));
        let take =
            |key: &str| special.iter().find(|m| m.key == Key::Str(key.into())).map(|m| m.value.clone());
        let target = |node: &Node| node.reference.as_ref().unwrap().target;
        let known = resource_kind(kind);
        let mut body = Object { members, ..Object::default() };
        if take("$staging").is_some() {
            body.hidden.push(Member {
                key: Key::Str("staging_group_exists".into()),
                key_origin: Origin::default(),
                prop: Some(&FACT),
                value: Node::new(NodeKind::Bool(true), Origin::default()),
            });
        }
        let os = take("$windows").map(|_| Fact { value: Os::Windows, span });
        let id = ResourceId(u32::try_from(self.program.resources.len()).unwrap());
        self.program.resources.push(Resource {
            kind: known.map_or_else(|| Kind::Raw(kind.into()), Kind::Known),
            declared: declared.into(),
            existing: take("$existing").is_some(),
            imported: false,
            api_version: known.map_or("2024-01-01", |kind| kind.default_version.0).into(),
            name: take("$name").unwrap_or_else(|| Node::str(declared, span.into())),
            parent: take("$parent").as_ref().map(target),
            id: take("$id").unwrap_or_else(|| Node::new(NodeKind::Null, span.into())),
            group: take("$group"),
            subscription: take("$subscription"),
            condition: take("$when").as_ref().and_then(as_expr),
            body: Node::new(NodeKind::Object(body), span.into()),
            envelope: Object::default(),
            unnamed: false,
            listed: false,
            network: None,
            facts: ImageFacts { os, ..ImageFacts::default() },
            depends_on: take("$after").iter().map(target).collect(),
            waits_for_more: false,
            span,
        });
        if take("$id").is_none() {
            self.program.resources.last_mut().unwrap().id = self.id_of(id, span);
        }
        id
    }

    fn id_of(&self, id: ResourceId, span: Span) -> Node {
        let resource = self.program.resource(id).unwrap();
        let mut args: Vec<_> =
            resource.subscription.iter().chain(&resource.group).map(|node| as_expr(node).unwrap()).collect();
        args.push(Expr::str(resource.kind.arm_type()));
        for name in names(&self.program, resource) {
            match as_expr(name).unwrap() {
                Expr::Str(text) => args.extend(text.split('/').map(Expr::str)),
                expr => args.push(expr),
            }
        }
        let mut node = Node::new(NodeKind::Expr(Expr::call("resourceId", args)), span.into());
        node.reference = Some(Reference::to(id));
        node
    }

    fn json(&mut self, text: &str) -> Node {
        let value = fold_call("json", &[Value::from(text)]).unwrap_or_else(|| panic!("{text}"));
        self.node(&value)
    }

    fn node(&mut self, value: &Value) -> Node {
        let span = self.span();
        let kind = match value {
            Value::Null => NodeKind::Null,
            Value::Bool(value) => NodeKind::Bool(*value),
            Value::Int(number) => NodeKind::Int(*number),
            Value::Float(number) => NodeKind::Decimal(number.to_string().into()),
            Value::Str(text) => return self.text(text, span),
            Value::Array(items) => NodeKind::List(items.iter().map(|item| self.node(item)).collect()),
            Value::Object(members) => {
                let mut object = Object::default();
                for (key, value) in members {
                    let mut value = self.node(value);
                    let key = match self.text(key, span) {
                        Node { kind: NodeKind::Str(text), .. } => Key::Str(text),
                        node => {
                            value.reference = node.reference.clone();
                            Key::Expr(as_expr(&node).unwrap())
                        }
                    };
                    let secret = key == Key::Str("secrets".into());
                    let member = Member {
                        key,
                        key_origin: Origin::default(),
                        prop: secret.then_some(&SECRETS),
                        value,
                    };
                    if secret { object.hidden.push(member) } else { object.members.push(member) }
                }
                NodeKind::Object(object)
            }
        };
        Node::new(kind, span.into())
    }

    fn text(&mut self, text: &str, span: Span) -> Node {
        if let Some(name) = text.strip_prefix('@') {
            let (name, literal) =
                name.split_once('=').map_or((name, None), |(name, text)| (name, Some(text)));
            let found = self.program.iter().find(|(_, r)| &*r.declared == name).map(|(id, _)| id);
            let id = found.unwrap_or_else(|| panic!("{name}"));
            let mut node = self.id_of(id, span);
            if let Some(literal) = literal {
                node.kind = NodeKind::Str(literal.into());
            } else {
                node.kind = self.program.resource(id).unwrap().id.kind.clone();
            }
            return node;
        }
        match parse_template_string(text).unwrap() {
            TemplateString::Literal(text) => Node::str(text, span.into()),
            TemplateString::Expr(expr) => Node::new(NodeKind::Expr(self.share(expr)), span.into()),
        }
    }

    fn expr(&self, text: &str) -> Expr {
        self.share(crate::arm::parse(text).unwrap())
    }

    /// Puts shared values where `variables('x')` is written.
    fn share(&self, expr: Expr) -> Expr {
        match expr {
            Expr::Call { name, args } if &*name == "variables" => {
                let Some(Expr::Str(wanted)) = args.first() else { panic!("variables") };
                let (id, shared) =
                    (0u32..).zip(&self.program.shared).find(|(_, s)| s.name == *wanted).unwrap();
                Expr::Shared { id, expr: Arc::clone(&shared.expr) }
            }
            Expr::Call { name, args } => {
                Expr::Call { name, args: args.into_iter().map(|a| self.share(a)).collect() }
            }
            Expr::Member { base, name, safe } => {
                Expr::Member { base: Box::new(self.share(*base)), name, safe }
            }
            Expr::Index { base, index, safe } => {
                Expr::Index { base: Box::new(self.share(*base)), index: Box::new(self.share(*index)), safe }
            }
            other => other,
        }
    }
}
