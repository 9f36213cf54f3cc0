//! What a comparison finds.

use super::classes::Rule;
use super::tree::Tree;

/// What two documents differ in.
#[derive(Clone, Debug, Default)]
pub struct Difference {
    /// Parameters: what a deployment is asked for.
    pub parameters: Vec<Change>,
    /// Variables that are too large to be compared where they are used.
    pub variables: Vec<Change>,
    /// Resources, in the order of the new document; those that are gone last.
    pub resources: Vec<ResourceChange>,
    /// Outputs.
    pub outputs: Vec<Change>,
    /// Rights that the images need; nothing unless both sides are sources.
    pub roles: Option<Vec<RoleChange>>,
}

/// Whether something came, went or is different.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Only the new side has it.
    Added,
    /// Only the old side has it.
    Removed,
    /// Both have it, with different values.
    Changed,
    /// The same element at another place of its list.
    Moved,
}

/// What a change means for a resource that exists.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Class {
    /// It concerns the deployment, not the resource, or nothing is known of it.
    Changed,
    /// A new resource.
    Create,
    /// A resource that is not deployed any more.
    Remove,
    /// Azure changes the resource.
    InPlace,
    /// A new resource beside the old one, since the name follows from the content.
    Beside,
    /// Azure refuses the change; the resource has to be deleted and created.
    Refused,
    /// The resource has to be deleted and created.
    Replace,
}

/// A resource that differs.
#[derive(Clone, Debug)]
pub struct ResourceChange {
    /// Whether it came, went or is different.
    pub kind: Kind,
    /// Its type, as the table spells it.
    pub ty: String,
    /// What it is in a sentence: `image template`.
    pub noun: &'static str,
    /// Its name; the new one if there are two.
    pub name: String,
    /// Its old name, if that is another one.
    pub old_name: Option<String>,
    /// Where it stands in the old document and in the new one.
    pub pointers: (Option<String>, Option<String>),
    /// What has to be done.
    pub class: Class,
    /// What is different in it.
    pub changes: Vec<Change>,
    /// What follows, in words.
    pub consequences: Vec<Word>,
}

/// A difference in a value.
#[derive(Clone, Debug)]
pub struct Change {
    /// Whether it came, went, moved or is different.
    pub kind: Kind,
    /// Where: a JSON pointer below what it belongs to, on the new side unless it is gone.
    pub path: String,
    /// Where it stood on the old side, if that is elsewhere.
    pub old_path: Option<String>,
    /// What it is, for elements of lists: `Shell "install"`.
    pub label: Option<String>,
    /// The value of the old side.
    pub old: Option<Tree>,
    /// The value of the new side.
    pub new: Option<Tree>,
    /// What it means; nothing for parameters and outputs.
    pub class: Option<Class>,
    /// The row that says so.
    pub rule: Option<&'static Rule>,
    /// Whether it follows from the other default of a parameter: a deployment that gives a value does not see it.
    pub by_default: bool,
}

/// What a consequence is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Topic {
    /// What has to be done, and what goes with it.
    Resource,
    /// Rights.
    Roles,
    /// Versions of images.
    Versions,
}

/// A consequence, in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word {
    /// What it is about.
    pub topic: Topic,
    /// One sentence without its full stop.
    pub text: String,
}

/// A right that is needed on one side only, or in another form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RoleChange {
    /// Whether it came, went or is different.
    pub kind: Kind,
    /// Who has it.
    pub principal: String,
    /// The id of that: a text, or an expression in brackets.
    pub principal_id: String,
    /// Where.
    pub scope: String,
    /// The id of that: a text, or an expression in brackets.
    pub scope_id: String,
    /// What it was.
    pub old: Option<String>,
    /// What it is.
    pub new: Option<String>,
    /// What makes it necessary.
    pub reasons: Vec<String>,
}

impl Difference {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.parameters.is_empty()
            && self.variables.is_empty()
            && self.resources.is_empty()
            && self.outputs.is_empty()
            && self.roles.as_ref().is_none_or(Vec::is_empty)
    }
}

impl Kind {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Moved => "moved",
        }
    }
}

impl Class {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Create => "create",
            Self::Remove => "remove",
            Self::InPlace => "in-place",
            Self::Beside => "beside",
            Self::Refused => "refused",
            Self::Replace => "replace",
        }
    }
}

impl Topic {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Resource => "resource",
            Self::Roles => "roles",
            Self::Versions => "versions",
        }
    }
}
