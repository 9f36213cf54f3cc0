//! Roles that people have, against what is needed.

use super::held::{HeldPermission, HeldRole};
use super::pattern::{allows, is_wild};
use super::report::{Because, Report, Role};

/// How roles that people have compare with what is needed.
#[derive(Debug, Default)]
pub struct Comparison {
    /// Actions that are needed, and that none of the roles allows.
    pub missing: Vec<Missing>,
    /// What the roles allow and nothing needs.
    pub excess: Vec<Excess>,
    /// Scopes at which something is needed, and where none of the roles may be assigned.
    pub out_of_reach: Vec<String>,
    /// The roles of Azure's that are needed besides.
    pub built_in: Vec<BuiltInRole>,
}

/// An action that is needed, and that none of the roles allows.
#[derive(Debug)]
pub struct Missing {
    /// The action.
    pub action: String,
    /// Where it is needed, for people.
    pub scope: String,
    /// What made it necessary.
    pub because: Vec<Because>,
}

/// What a role allows and nothing needs.
#[derive(Debug)]
pub struct Excess {
    /// The role's name.
    pub role: String,
    /// What it allows, as it is written.
    pub pattern: String,
    /// Whether it stands among the data actions.
    pub data: bool,
    /// The actions that are needed, if it allows some of those among others; none if nothing of it is needed.
    pub needed: Vec<String>,
}

/// A role of Azure's that is needed.
#[derive(Debug)]
pub struct BuiltInRole {
    /// Its name.
    pub name: &'static str,
    /// Where, for people.
    pub scope: String,
    /// The role that holds what is used of it; none if it has to be assigned besides.
    pub held_by: Option<String>,
}

impl Comparison {
    /// Whether the roles are exactly what is needed.
    pub fn is_exact(&self) -> bool {
        self.missing.is_empty() && self.excess.is_empty() && self.out_of_reach.is_empty()
    }
}

/// What is needed by actions, with whether it is about data.
struct Needed<'a> {
    actions: Vec<&'a str>,
    data: Vec<&'a str>,
}

/// Compares roles with what a report says is needed.
pub fn compare(report: &Report, held: &[HeldRole]) -> Comparison {
    let mut out = Comparison::default();
    let mut needed = Needed { actions: Vec::new(), data: Vec::new() };
    for right in report.parties.iter().flat_map(|party| &party.rights) {
        match &right.role {
            Role::BuiltIn { name, uses, .. } => {
                let holds = |role: &&HeldRole| {
                    uses.actions.iter().all(|action| role.grants(action, false))
                        && uses.data_actions.iter().all(|action| role.grants(action, true))
                };
                let held_by = held.iter().find(holds).map(|role| role.name.clone());
                if held_by.is_some() {
                    needed.actions.extend(uses.actions);
                    needed.data.extend(uses.data_actions);
                }
                out.built_in.push(BuiltInRole { name, scope: right.scope.clone(), held_by });
            }
            Role::Custom => {
                // What is not known may be anywhere.
                let is_known = right.scope_id.starts_with('/');
                let there: Vec<&HeldRole> =
                    held.iter().filter(|role| !is_known || role.reaches(&right.scope_id)).collect();
                if there.is_empty() && !out.out_of_reach.contains(&right.scope_id) {
                    out.out_of_reach.push(right.scope_id.clone());
                }
                for block in &right.blocks {
                    needed.actions.extend(block.actions.iter().map(String::as_str));
                    let is_lacking = |action: &&String| {
                        !there.is_empty() && !there.iter().any(|r| r.grants(action, false))
                    };
                    for action in block.actions.iter().filter(is_lacking) {
                        out.lacks(action, &right.scope, &block.because);
                    }
                }
            }
        }
    }
    for role in held {
        for set in &role.permissions {
            out.excess.extend(excess(role, &set.actions, &set.not_actions, &needed.actions, false));
            out.excess.extend(excess(role, &set.data_actions, &set.not_data_actions, &needed.data, true));
        }
    }
    out
}

impl Comparison {
    fn lacks(&mut self, action: &str, scope: &str, because: &[Because]) {
        match self.missing.iter_mut().find(|missing| missing.action == action && missing.scope == scope) {
            Some(known) => known.because.extend(because.iter().cloned()),
            None => self.missing.push(Missing {
                action: action.to_owned(),
                scope: scope.to_owned(),
                because: because.to_vec(),
            }),
        }
    }
}

/// What of these patterns nothing needs.
fn excess(role: &HeldRole, patterns: &[String], not: &[String], needed: &[&str], data: bool) -> Vec<Excess> {
    let is_out = |action: &str| not.iter().any(|pattern| allows(pattern, action));
    let of = |pattern: &String| {
        let is_needed_so = needed.iter().any(|action| action.eq_ignore_ascii_case(pattern));
        if is_needed_so || is_out(pattern) {
            return None;
        }
        let mut of_it: Vec<String> = Vec::new();
        for action in needed.iter().filter(|action| allows(pattern, action) && !is_out(action)) {
            if !of_it.iter().any(|known| known == action) {
                of_it.push((*action).to_owned());
            }
        }
        (of_it.is_empty() || is_wild(pattern)).then(|| Excess {
            role: role.name.clone(),
            pattern: pattern.clone(),
            data,
            needed: of_it,
        })
    };
    patterns.iter().filter_map(of).collect()
}

impl HeldRole {
    /// Whether it allows an action, or a data action.
    fn grants(&self, action: &str, data: bool) -> bool {
        let in_set = |set: &HeldPermission| {
            let (yes, no) = match data {
                false => (&set.actions, &set.not_actions),
                true => (&set.data_actions, &set.not_data_actions),
            };
            let any = |patterns: &[String]| patterns.iter().any(|pattern| allows(pattern, action));
            any(yes) && !any(no)
        };
        self.permissions.iter().any(in_set)
    }

    /// Whether it may be assigned at a scope, as far as its scopes are known.
    fn reaches(&self, scope: &str) -> bool {
        // What lies below a management group is not known.
        let is_known = |known: &str| {
            let is_group = known.to_lowercase().starts_with("/providers/microsoft.management/");
            known.starts_with('/') && !is_group && !known.contains(['<', '[', '{'])
        };
        let within = |outer: &str| {
            let outer = outer.trim_end_matches('/').to_lowercase();
            let rest = scope.to_lowercase().strip_prefix(&outer).map(str::to_owned);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.scopes.is_empty() || self.scopes.iter().any(|known| !is_known(known) || within(known))
    }
}
