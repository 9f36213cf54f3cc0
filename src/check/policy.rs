//! Asserts, policies, and what concerns the whole program.

use std::collections::HashMap;

use super::body::{Around, Body};
use super::errors;
use super::eval::Expect;
use super::module::{Checker, Env, address};
use super::neighbours;
use super::program::{Kind as ResourceType, Node, NodeKind, Resource, ResourceId};
use super::value::{Handle, Kind, Value};
use crate::base::Span;
use crate::resolve::SymbolKind;
use crate::syntax::ast::{Assert, Policy, StmtKind};

impl<'a> Checker<'a, '_> {
    /// Evaluates an assert. `about` is the image that a policy looks at.
    pub(crate) fn check_assert(&mut self, assert: &'a Assert, env: &Env, about: Option<(ResourceId, &str)>) {
        // A policy looks at images that may lack what it asks for: that is null there, not a mistake of the policy.
        self.judging = about.map(|(image, _)| image);
        let value = self.eval(&assert.condition, env, Expect::None);
        self.judging = None;
        let message = assert.message.as_ref().map(|m| self.eval(m, env, Expect::None));
        let judged = match about {
            Some(_) => &mut self.judged.policies,
            None => &mut self.judged.asserts,
        };
        match &value.kind {
            Kind::Bool(true) => judged.held += 1,
            Kind::Bool(false) => judged.failed += 1,
            Kind::Deferred(..) => judged.open += 1,
            _ => {}
        }
        match &value.kind {
            Kind::Bool(true) | Kind::Unknown => {}
            Kind::Bool(false) => {
                let text = message.as_ref().and_then(Value::as_str).cloned();
                let d = match about {
                    Some((image, policy)) => errors::policy_violated(
                        policy,
                        text.as_deref(),
                        &self.declared_of(image),
                        self.span_of(image),
                        value.span,
                    ),
                    None => errors::assertion_failed(text.as_deref(), env.span(assert.condition.range)),
                };
                self.report_via(d, &env.via);
            }
            Kind::Deferred(..) if about.is_some() => {
                // What only Azure knows can't be judged here, which is no fault of the image.
            }
            // A test stands for a deployment of which not everything can be given: it is counted as open.
            Kind::Deferred(..) if self.options.defaults => {}
            Kind::Deferred(..) => self.report(errors::deferred(&value, "an assert", value.span)),
            _ => self.report(errors::type_mismatch(&value, "a bool", value.span)),
        }
    }

    /// Runs the policies that the entry file declares or its imports bring, over every image that it deploys.
    pub(crate) fn check_policies(&mut self) {
        let mut policies: Vec<(usize, &'a Policy)> = Vec::new();
        for instance in 0..self.instances.len() {
            let file = self.instances.get(instance).map(|i| i.file).unwrap_or_default();
            let Some(module) = self.graph.module(file) else { continue };
            for stmt in &module.ast.items {
                if let StmtKind::Policy(policy) = &stmt.kind {
                    policies.push((instance, policy));
                }
            }
        }
        let images: Vec<ResourceId> = (0u32..)
            .map(ResourceId)
            .zip(&self.slots)
            .filter(|(_, s)| !s.existing && matches!(s.kind, ResourceType::Known(k) if k.keyword == "image"))
            .map(|(id, _)| id)
            .collect();
        for (instance, policy) in policies {
            let env = self.env_of(instance);
            let text = policy.text.as_ref().and_then(|t| t.as_text()).unwrap_or_default();
            if let Some(kind) = &policy.kind
                && &*kind.text != "image"
            {
                let at = env.span(kind.range);
                self.report(errors::unknown_entry(&kind.text, at, "policy subject", &["image"]));
                continue;
            }
            let Some(name) = &policy.binding else { continue };
            for image in &images {
                let mut inner = env.clone();
                let handle = Value::new(Kind::Handle(Handle::Resource(*image)), env.span(name.range));
                inner.bind(name.text.clone(), handle);
                for stmt in &policy.body.items {
                    match &stmt.kind {
                        StmtKind::Assert(assert) => self.check_assert(assert, &inner, Some((*image, &text))),
                        StmtKind::Let(binding) => {
                            if let Some(name) = &binding.name {
                                let at = inner.span(name.range);
                                self.judging = Some(*image);
                                let value = self.let_value(binding, &name.text, at, &inner.clone());
                                self.judging = None;
                                inner.bind(name.text.clone(), value);
                            }
                        }
                        _ => self.report(errors::misplaced(stmt, inner.span(stmt.range))),
                    }
                }
            }
        }
    }

    /// Functions and recipes of the entry file that nothing calls are looked at once, with unknown arguments.
    pub(crate) fn check_unused_callables(&mut self, entry: usize) {
        let file = self.instances.get(entry).map(|i| i.file).unwrap_or_default();
        let Some(module) = self.graph.module(file) else { return };
        let symbols: Vec<SymbolKind<'a>> = module.symbols.values().map(|s| s.kind).collect();
        for kind in symbols {
            let (node, params) = match kind {
                SymbolKind::Fn(f) => (address(f), &f.params),
                SymbolKind::Recipe(_, r) => (address(r), &r.params),
                _ => continue,
            };
            if self.called.contains(&node) {
                continue;
            }
            let mut env = self.env_of(entry);
            for param in params {
                if let Some(ty) = &param.ty {
                    self.type_of_expr(ty, &env);
                }
                if let Some(default) = &param.value {
                    self.eval(default, &env.clone(), Expect::None);
                }
                if let Some(name) = &param.name {
                    let at = env.span(name.range);
                    env.bind(name.text.clone(), Value::unknown(at));
                }
            }
            match kind {
                SymbolKind::Fn(f) => {
                    if let Some(result) = &f.result {
                        self.type_of_expr(result, &env);
                    }
                    if let Some(body) = &f.body {
                        self.eval(body, &env, Expect::None);
                    }
                }
                SymbolKind::Recipe(_, recipe) => self.check_recipe(recipe, &env),
                _ => {}
            }
        }
    }

    /// A recipe by itself: its steps are those of `customize`, or of `validate` where only that has them.
    fn check_recipe(&mut self, recipe: &'a crate::syntax::ast::Recipe, env: &Env) {
        let Some(customize) = crate::schema::IMAGE.body.prop("customize") else { return };
        let crate::schema::Ty::Object(ty) = customize.ty else { return };
        let around = Around { ty, root: None, reference: &[], entries_only: true };
        let body: Body = self.eval_body(&recipe.body.items, around, env);
        let Some(on) = self.recipe_os(recipe, env) else { return };
        let name = recipe.name.as_ref().map(|n| n.text.clone()).unwrap_or_default();
        for entry in &body.entries {
            if let Some(os) = entry.variant.os
                && os != on.0
            {
                self.report(errors::step_against_recipe(entry.variant.keyword, entry.span, &name, on));
            }
        }
    }

    /// What concerns the whole program: names that collide, hashes where they have no place.
    pub(crate) fn check_whole(&mut self) {
        self.check_duplicate_resources();
        self.check_param_case();
        self.check_hashes();
        self.check_limits();
    }

    /// Two resources of one type and name (image-templates.md, rule R09): compared without case, as ARM does.
    fn check_duplicate_resources(&mut self) {
        let mut seen: HashMap<(String, String), Vec<(&Resource, Span)>> = HashMap::new();
        let mut found = Vec::new();
        let ids = (0u32..).map(ResourceId).zip(&self.slots);
        let beside = neighbours(ids.filter_map(|(id, slot)| Some((id, slot.resource.as_ref()?))));
        // Those of imported files come first: the finding is about what this one deploys.
        let beside: Vec<ResourceId> = beside.into_iter().map(|(id, _)| id).collect();
        let imported = beside.iter().filter_map(|id| self.slots.get(id.0 as usize));
        let own = self.slots.iter().filter(|slot| slot.resource.as_ref().is_some_and(|r| !r.existing));
        for slot in imported.chain(own) {
            let Some(resource) = slot.resource.as_ref() else { continue };
            let Some(name) = resource.name.as_str() else { continue };
            let parent = slot
                .parent
                .and_then(|p| self.slots.get(p.0 as usize))
                .map(|p| p.declared.to_lowercase())
                .unwrap_or_default();
            let key = (resource.kind.arm_type().to_lowercase(), format!("{parent}/{}", name.to_lowercase()));
            let named_so = seen.entry(key).or_default();
            match named_so.iter().find(|(other, _)| other.may_stand_beside(resource)) {
                Some((_, first)) if !resource.imported => found.push((
                    name.clone(),
                    resource.kind.keyword().to_string(),
                    slot.span,
                    *first,
                    slot.declared.clone(),
                )),
                _ => named_so.push((resource, slot.span)),
            }
        }
        for (name, keyword, span, first, declared) in found {
            self.report(errors::duplicate_resource(&keyword, &name, &declared, span, first));
        }
    }

    /// ARM tells names of parameters apart without regard to letter case.
    fn check_param_case(&mut self) {
        let mut seen: HashMap<String, (std::sync::Arc<str>, Span)> = HashMap::new();
        let mut found = Vec::new();
        for (name, span) in self.params.declared() {
            match seen.get(&name.to_lowercase()) {
                Some((first, at)) => found.push((name, span, first.clone(), *at)),
                None => {
                    seen.insert(name.to_lowercase(), (name, span));
                }
            }
        }
        for (name, span, first, at) in found {
            self.report(errors::same_but_for_case(&name, span, &first, at));
        }
    }

    /// `content_hash()` may stand in the `name` of an image only.
    fn check_hashes(&mut self) {
        if self.content_hashes.is_empty() {
            return;
        }
        let holds = |node: &Node| {
            let mut found = None;
            node.walk(&mut |n| {
                if let NodeKind::Expr(expr) = &n.kind {
                    expr.walk(&mut |e| {
                        if matches!(e, crate::arm::Expr::Call { name, .. } if &**name == super::natives::CONTENT_HASH) {
                            found.get_or_insert(n.origin.span);
                        }
                    });
                }
            });
            found
        };
        let mut wrong = Vec::new();
        for slot in &self.slots {
            let Some(resource) = &slot.resource else { continue };
            if resource.existing {
                continue;
            }
            let is_image = resource.kind.keyword() == "image";
            if !is_image {
                wrong.extend(holds(&resource.name));
            }
        }
        // Elsewhere a reference to the image's name or id is right; only a call written there is wrong.
        let named: Vec<Span> = self
            .slots
            .iter()
            .filter(|s| matches!(s.kind, ResourceType::Known(k) if k.keyword == "image"))
            .filter_map(|s| s.head.as_ref().and_then(|h| h.name.as_ref()).map(|v| v.span))
            .collect();
        for span in self.content_hashes.clone() {
            let inside = |outer: &Span| outer.file == span.file && outer.range.contains(span.range);
            if !named.iter().any(inside) {
                wrong.push(span);
            }
        }
        for span in wrong {
            self.report(errors::hash_outside_name(span));
        }
    }

    /// ARM's limits of a template (azure-basics.md, section 4).
    fn check_limits(&mut self) {
        let deployed = self.slots.iter().filter(|s| s.resource.as_ref().is_some_and(|r| !r.existing)).count();
        let outputs = self.outputs.len();
        let params = self.params.names().len();
        let last = self.slots.last().map(|s| s.span).unwrap_or_default();
        for (what, count, most) in
            [("resources", deployed, 800), ("outputs", outputs, 64), ("parameters", params, 256)]
        {
            if count > most {
                self.report(errors::arm_limit(what, count, most, last));
            }
        }
    }

    /// The steps or targets of a block as the list that they are; anything else as it is.
    pub(crate) fn as_list(&self, value: Value) -> Value {
        match &value.kind {
            Kind::Body(body) if body.is_list() => {
                Value::list(self.entries_as_values(body, value.span), value.span)
            }
            _ => value,
        }
    }

    /// Steps and targets as objects, for policies that walk them.
    fn entries_as_values(&self, body: &Body, span: Span) -> Vec<Value> {
        body.entries
            .iter()
            .map(|entry| {
                let mut fields = entry.fields.clone();
                fields.insert("kind".into(), entry.span, Value::str(entry.variant.keyword, entry.span));
                Value::object(fields, span)
            })
            .collect()
    }
}
