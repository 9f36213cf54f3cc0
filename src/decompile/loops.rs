//! Variables that a loop of the template makes: the loop stays as it is, and a constant names what it makes.

use super::names::pleasant;
use super::out::{Entry, Ex};
use super::scope::{Named, Scope, Type};
use crate::arm::{self, Expr};
use crate::json::{Data, Object, Value};
use crate::syntax::{is_name, quote};

impl Scope {
    /// Gives a variable its name in the source.
    pub(super) fn name_constant(&mut self, arm: &str) {
        let plain = is_name(arm) && !self.names.is_taken(arm);
        let wanted = if plain { arm.to_owned() } else { pleasant(arm).unwrap_or_else(|| "value".into()) };
        let name = self.names.take(&wanted);
        self.variables.insert(arm.to_lowercase(), Named { name, ty: Type::Any });
    }

    /// The constants that stand for variables which a loop of the template makes, where something names them.
    pub(super) fn loop_constants(&self, section: Option<&Value>) -> Vec<Entry> {
        let members = section.and_then(Value::as_object).map(Object::effective).unwrap_or_default();
        let names = members.into_iter().flat_map(|member| match &*member.key.text {
            key if key.eq_ignore_ascii_case("copy") => {
                let items = member.value.as_list().unwrap_or_default().iter();
                items.filter_map(|item| item.get("name")?.as_text()).collect()
            }
            key => vec![key],
        });
        let of = |arm: &str| {
            let named = self.variables.get(&arm.to_lowercase())?;
            let variable = arm::print_template(&Expr::variable(arm), &|_| None);
            Some(Entry::set(format!("let {}", named.name), Ex::atom(format!("arm({})", quote(&variable)))))
        };
        names.filter(|arm| self.used_loops.contains(&arm.to_lowercase())).filter_map(of).collect()
    }
}

/// Whether an object holds the loop that makes one of its members, at any depth.
pub(super) fn holds_loop(value: &Value) -> bool {
    let Some(object) = value.as_object() else { return false };
    object.members.iter().any(|member| {
        let is_loop =
            member.key.text.eq_ignore_ascii_case("copy") && matches!(member.value.data, Data::List(_));
        is_loop || holds_loop(&member.value)
    })
}
