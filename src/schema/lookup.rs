//! Finding rows: kinds by keyword and ARM type, every place of a kind's body, aib spellings of ARM members.

use crate::schema::model::{ApiVersion, ObjectType, Prop, ResourceKind, Role, Ty, Union};
use crate::schema::tables::{RESOURCE_KINDS, gallery::VERSION};

/// The kind that this word declares.
pub fn resource_kind(keyword: &str) -> Option<&'static ResourceKind> {
    RESOURCE_KINDS.iter().copied().find(|k| k.keyword == keyword)
}

/// The kind that [`Ty::Id`] names with this word: those that can be declared, and versions of gallery images.
pub fn id_kind(keyword: &str) -> Option<&'static ResourceKind> {
    resource_kind(keyword).or((keyword == VERSION.keyword).then_some(&VERSION))
}

/// The kind that becomes this ARM type, compared without case as ARM does.
pub fn resource_kind_by_arm(arm_type: &str) -> Option<&'static ResourceKind> {
    RESOURCE_KINDS.iter().copied().find(|k| k.arm_type.eq_ignore_ascii_case(arm_type))
}

/// A property, and where in a resource it stands.
#[derive(Clone, Debug)]
pub struct Place {
    /// The row.
    pub prop: &'static Prop,
    /// The object that holds the row.
    pub object: &'static ObjectType,
    /// The path in aib: `customize.shell.inline`, `distribute.gallery.regions[].name`.
    pub path: String,
    /// The path in ARM from the resource's root, without variants: `properties.customize[].inline`. Empty if the row has
    /// no ARM counterpart.
    pub arm: String,
    /// The first version that has it, all that encloses it taken into account.
    pub since: Option<ApiVersion>,
    /// The last version that has it, all that encloses it taken into account.
    pub until: Option<ApiVersion>,
}

/// Every property of a kind, outer before inner, in the order of the table.
pub fn places(kind: &'static ResourceKind) -> Vec<Place> {
    let mut out = Vec::new();
    of_object(kind.body, &Scope::default(), &mut out);
    out
}

/// What encloses an object: its paths and the versions that have it.
#[derive(Clone, Default)]
struct Scope {
    path: String,
    arm: String,
    since: Option<ApiVersion>,
    until: Option<ApiVersion>,
}

impl Scope {
    fn inner(&self, name: &str, arm: &str, since: Option<ApiVersion>, until: Option<ApiVersion>) -> Self {
        Self {
            path: join(&self.path, name),
            arm: join(&self.arm, arm),
            since: self.since.max(since),
            until: [self.until, until].into_iter().flatten().min(),
        }
    }

    fn element(mut self) -> Self {
        self.arm.push_str("[]");
        self
    }
}

/// A path below another one.
pub(super) fn join(outer: &str, inner: &str) -> String {
    match (outer, inner) {
        ("", path) | (path, "") => path.to_owned(),
        (outer, inner) => format!("{outer}.{inner}"),
    }
}

fn of_object(object: &'static ObjectType, scope: &Scope, out: &mut Vec<Place>) {
    for prop in object.props {
        let inner = scope.inner(prop.name, prop.arm, prop.since, prop.until);
        let arm = match (prop.role, prop.arm) {
            (Role::Feature, _) => join(&scope.arm, "properties.features[]"),
            (_, "") => String::new(),
            _ => inner.arm.clone(),
        };
        out.push(Place {
            prop,
            object,
            path: inner.path.clone(),
            arm,
            since: inner.since,
            until: inner.until,
        });
        of_type(&prop.ty, inner, out);
    }
    if let Some(entries) = object.entries {
        of_union(entries.union, &scope.inner("", entries.arm, entries.since, None).element(), out);
    }
}

fn of_type(ty: &'static Ty, scope: Scope, out: &mut Vec<Place>) {
    match ty {
        Ty::Object(object) => of_object(object, &scope, out),
        Ty::Union(union) => of_union(union, &scope, out),
        Ty::List(item) => {
            let mut scope = scope.element();
            scope.path.push_str("[]");
            of_type(item, scope, out);
        }
        _ => {}
    }
}

fn of_union(union: &'static Union, scope: &Scope, out: &mut Vec<Place>) {
    for variant in union.variants {
        of_object(variant.body, &scope.inner(variant.keyword, "", variant.since, variant.until), out);
    }
}

/// The aib path of an ARM member below a block, for authors who write the ARM name: `buildTimeoutInMinutes` in an image
/// is `build.timeout`. Looks through objects, not into steps, targets and lists; nearer members win.
pub fn spelling_of(object: &'static ObjectType, member: &str) -> Option<String> {
    // Everywhere the same word, and nothing of its own.
    if member == "properties" {
        return None;
    }
    let mut level = vec![(String::new(), object)];
    while !level.is_empty() {
        let mut next = Vec::new();
        for (prefix, object) in level {
            if let Some(prop) = object.prop_by_arm(member).or_else(|| by_inner_segment(object, member)) {
                return Some(format!("{prefix}{}", prop.name));
            }
            next.extend(object.props.iter().filter_map(|p| match p.ty {
                Ty::Object(inner) => Some((format!("{prefix}{}.", p.name), inner)),
                _ => None,
            }));
        }
        level = next;
    }
    None
}

/// The property in whose block an object of ARM is spelled out member by member: `build` for `vmProfile`.
pub fn block_of(object: &'static ObjectType, member: &str) -> Option<&'static Prop> {
    object.props.iter().find(|prop| match prop.ty {
        Ty::Object(inner) => inner.props.iter().any(|p| p.arm.split('.').any(|s| s == member)),
        _ => false,
    })
}

/// The row whose ARM path passes through this member, if there is just one: `autoRun` of `properties.autoRun.state`.
fn by_inner_segment(object: &'static ObjectType, member: &str) -> Option<&'static Prop> {
    let mut rows = object.props.iter().filter(|p| p.arm.split('.').any(|s| s == member));
    let first = rows.next();
    if rows.next().is_some() { None } else { first }
}
