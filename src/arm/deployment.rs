//! What is known about a deployment before there is one.

use std::sync::Arc;

use super::expr::Expr;
use super::fold::fold;
use super::value::Value;

/// Where a template is deployed to, as far as that is known.
#[derive(Clone, Default, Debug)]
pub struct Deployment {
    /// The id of the subscription.
    pub subscription: Option<String>,
    /// The name of the resource group.
    pub resource_group: Option<String>,
}

impl Deployment {
    /// The value of an expression, if it follows from what is known.
    pub fn known(&self, expr: &Expr) -> Option<Value> {
        fold(&Known { deployment: self }.put(expr)).as_value()
    }
}

/// Puts what is known about the deployment into expressions.
struct Known<'a> {
    deployment: &'a Deployment,
}

impl Known<'_> {
    fn put(&self, expr: &Expr) -> Expr {
        match expr {
            Expr::Str(_) | Expr::Int(_) | Expr::Bool(_) | Expr::Null => expr.clone(),
            Expr::Shared { expr, .. } => self.put(expr),
            Expr::Call { name, args } => {
                let args: Vec<_> = args.iter().map(|arg| self.put(arg)).collect();
                self.id(name, &args).map_or_else(|| Expr::Call { name: Arc::clone(name), args }, Expr::str)
            }
            Expr::Member { base, name, safe } => match self.property(base, name) {
                Some(text) => Expr::str(text),
                None => Expr::Member { base: Box::new(self.put(base)), name: Arc::clone(name), safe: *safe },
            },
            Expr::Index { base, index, safe } => {
                Expr::Index { base: Box::new(self.put(base)), index: Box::new(self.put(index)), safe: *safe }
            }
        }
    }

    /// A property of the group or subscription that is deployed to.
    fn property(&self, base: &Expr, member: &str) -> Option<String> {
        let Expr::Call { name, args } = base else { return None };
        let (group, subscription) = (&self.deployment.resource_group, &self.deployment.subscription);
        match (name.to_lowercase().as_str(), member.to_lowercase().as_str()) {
            _ if !args.is_empty() => None,
            ("resourcegroup", "name") => group.clone(),
            ("resourcegroup", "id") => Some(group_id(subscription.as_deref()?, group.as_deref()?)),
            ("subscription", "subscriptionid") => subscription.clone(),
            ("subscription", "id") => Some(format!("/subscriptions/{}", subscription.as_deref()?)),
            _ => None,
        }
    }

    /// The id that a function makes of its arguments.
    fn id(&self, function: &str, args: &[Expr]) -> Option<String> {
        let in_group = function.eq_ignore_ascii_case("resourceId");
        if !in_group && !function.eq_ignore_ascii_case("subscriptionResourceId") {
            return None;
        }
        let texts = args.iter().map(|arg| match fold(arg) {
            Expr::Str(text) => Some(text),
            _ => None,
        });
        let texts: Vec<Arc<str>> = texts.collect::<Option<_>>()?;
        let is_type =
            |at: usize, text: &str| text.contains('/') && text.matches('/').count() == texts.len() - at - 1;
        let at = texts.iter().enumerate().position(|(at, text)| is_type(at, text))?;
        let (lead, rest) = texts.split_at(at);
        let (ty, names) = rest.split_first()?;
        let own = (self.deployment.subscription.as_deref(), self.deployment.resource_group.as_deref());
        let (subscription, group) = match (in_group, lead) {
            (_, []) => own,
            (true, [group]) => (own.0, Some(&**group)),
            (true, [subscription, group]) => (Some(&**subscription), Some(&**group)),
            (false, [subscription]) => (Some(&**subscription), None),
            _ => return None,
        };
        let mut out = match in_group {
            true => group_id(subscription?, group?),
            false => format!("/subscriptions/{}", subscription?),
        };
        let mut types = ty.split('/');
        out += "/providers/";
        out += types.next()?;
        for (ty, name) in types.zip(names) {
            out += &format!("/{ty}/{name}");
        }
        Some(out)
    }
}

fn group_id(subscription: &str, group: &str) -> String {
    format!("/subscriptions/{subscription}/resourceGroups/{group}")
}
