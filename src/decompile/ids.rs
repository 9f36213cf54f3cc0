//! Ids of resources as references: to what the file declares, or to an existing resource that it then declares.

use super::names::pleasant;
use super::scope::Scope;
use crate::arm::Expr;
use crate::schema::{ResourceKind, id_kind};
use crate::syntax::quote;

/// The parts of an id, as code.
struct Parts {
    subscription: Option<String>,
    group: Option<String>,
    /// The names, outermost first.
    names: Vec<String>,
}

/// What a resource is called where its name tells nothing.
static DEFAULT_NAMES: &[(&str, &str)] = &[
    ("identity", "builder"),
    ("gallery", "images"),
    ("subnet", "build_subnet"),
    ("definition", "image"),
    ("image", "main"),
    ("managed_image", "base"),
];

/// What a resource of a kind is called where its name tells nothing.
pub(super) fn default_name(kind: &ResourceKind) -> &'static str {
    let row = DEFAULT_NAMES.iter().find(|(keyword, _)| *keyword == kind.keyword);
    row.map_or(kind.keyword, |(_, name)| name)
}

impl Scope {
    /// The path that says a literal id, if one does exactly.
    pub(super) fn literal_id(&mut self, kinds: &'static [&'static str], text: &str) -> Option<String> {
        let mut segments = text.strip_prefix("/subscriptions/")?.split('/');
        let subscription = segments.next()?;
        if segments.next()? != "resourceGroups" {
            return None;
        }
        let group = segments.next()?;
        if segments.next()? != "providers" {
            return None;
        }
        let provider = segments.next()?;
        let rest: Vec<&str> = segments.collect();
        let mut ty = provider.to_owned();
        let mut names = Vec::new();
        for pair in rest.chunks(2) {
            let [segment, name] = pair else { return None };
            ty.push_str(&format!("/{segment}"));
            names.push(quote(name));
        }
        let plain = |text: &str| !text.is_empty() && !text.contains(['[', ']']);
        if !plain(subscription) || !plain(group) || !rest.iter().all(|part| plain(part)) {
            return None;
        }
        let parts = Parts { subscription: Some(quote(subscription)), group: Some(quote(group)), names };
        self.reference(kinds, &ty, parts)
    }

    /// The path that says the id which an expression gives, if one does exactly.
    pub(super) fn expr_id(&mut self, kinds: &'static [&'static str], expr: &Expr) -> Option<String> {
        if let Some(key) = self.key_of(expr)
            && let Some(found) = self.declared.get(&key).filter(|d| kinds.contains(&d.keyword))
            && self.may_refer(found.index)
        {
            return Some(found.path.clone());
        }
        let Expr::Call { name, args } = expr else { return None };
        if !name.eq_ignore_ascii_case("resourceId") {
            return self.written_id(kinds, expr);
        }
        let at = args.iter().position(|arg| matches!(arg, Expr::Str(text) if text.contains('/')))?;
        let Some(Expr::Str(ty)) = args.get(at) else { return None };
        let ty = ty.to_string();
        let (lead, names) = (args.get(..at)?.to_vec(), args.get(at + 1..)?.to_vec());
        if names.len() != ty.matches('/').count() || lead.len() > 2 {
            return None;
        }
        let mut code = |expr: &Expr| self.code(expr).text;
        let group = lead.last().map(&mut code);
        let subscription = (lead.len() == 2).then(|| lead.first().map(&mut code)).flatten();
        let names = names.iter().map(&mut code).collect();
        self.reference(kinds, &ty, Parts { subscription, group, names })
    }

    /// The path that says an id which is put together as text: `/subscriptions/${…}/resourceGroups/…`.
    fn written_id(&mut self, kinds: &'static [&'static str], expr: &Expr) -> Option<String> {
        let codes = self.name_parts(expr)?;
        let [front, word, subscription, groups, group, providers, provider, rest @ ..] = codes.as_slice()
        else {
            return None;
        };
        let known =
            [(front, ""), (word, "subscriptions"), (groups, "resourceGroups"), (providers, "providers")];
        if !known.iter().all(|(code, text)| **code == quote(text)) || rest.len() % 2 > 0 {
            return None;
        }
        let literal = |code: &str| code.strip_prefix('"')?.strip_suffix('"').map(str::to_owned);
        let mut ty = literal(provider)?;
        let mut names = Vec::new();
        for pair in rest.chunks(2) {
            let [segment, name] = pair else { return None };
            ty.push_str(&format!("/{}", literal(segment)?));
            names.push(name.clone());
        }
        let (subscription, group) = (Some(subscription.clone()), Some(group.clone()));
        self.reference(kinds, &ty, Parts { subscription, group, names })
    }

    /// The path of the existing resource with this id, which is declared if it is new.
    fn reference(&mut self, kinds: &'static [&'static str], ty: &str, parts: Parts) -> Option<String> {
        let (_, kind) =
            kinds.iter().filter_map(|k| Some((k, id_kind(k)?))).find(|(_, k)| k.arm_type == ty)?;
        let Parts { names, .. } = &parts;
        match (kind.keyword, names.as_slice()) {
            ("identity" | "vault" | "storage_account", [name]) => Some(self.existing_one(kind, name, &parts)),
            ("subnet", [vnet, name]) => {
                let mut entries = vec![("vnet", vnet.clone()), ("name", name.clone())];
                entries.extend(place_of(&parts));
                Some(self.existing(kind, &wanted(kind, name), entries))
            }
            ("definition", [gallery, name]) => Some(self.definition(gallery, name, &parts)),
            ("version", [gallery, name, version]) => {
                let definition = self.definition(gallery, name, &parts);
                Some(format!("{definition}.version({version})"))
            }
            _ => None,
        }
    }

    fn existing_one(&mut self, kind: &'static ResourceKind, name: &str, parts: &Parts) -> String {
        let mut entries = vec![("name", name.to_owned())];
        entries.extend(place_of(parts));
        self.existing(kind, &wanted(kind, name), entries)
    }

    fn definition(&mut self, gallery: &str, name: &str, parts: &Parts) -> String {
        let gallery = self.existing_one(&crate::schema::GALLERY, gallery, parts);
        self.existing_definition(&gallery, &wanted(&crate::schema::DEFINITION, name), name)
    }

    /// The path of a version of a gallery image as a source: `contoso.web`, or with a version.
    pub(super) fn version_source(&mut self, path: String) -> String {
        match path.strip_suffix(".version(\"latest\")") {
            Some(definition) => definition.to_owned(),
            None => path,
        }
    }

    /// An existing managed image as a source.
    pub(super) fn managed_source(&mut self, text: &str) -> Option<String> {
        let tail = text.split("/providers/Microsoft.Compute/images/").nth(1)?;
        let head: Vec<&str> = text.split('/').collect();
        let (Some(subscription), Some(group)) = (head.get(2), head.get(4)) else { return None };
        let (subscription, group) = ((*subscription).to_owned(), (*group).to_owned());
        let again = format!(
            "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Compute/images/{tail}"
        );
        if again != text || tail.contains('/') || [tail, &subscription, &group].iter().any(|t| t.is_empty()) {
            return None;
        }
        let kind = &crate::schema::MANAGED_IMAGE;
        let name = quote(tail);
        let entries = vec![
            ("name", name.clone()),
            ("resource_group", quote(&group)),
            ("subscription", quote(&subscription)),
        ];
        Some(self.existing(kind, &wanted(kind, &name), entries))
    }
}

fn place_of(parts: &Parts) -> Vec<(&'static str, String)> {
    let mut out = Vec::new();
    out.extend(parts.group.clone().map(|group| ("resource_group", group)));
    out.extend(parts.subscription.clone().map(|subscription| ("subscription", subscription)));
    out
}

/// What a resource is called in the source, by the code of its name.
pub(super) fn wanted(kind: &ResourceKind, code: &str) -> String {
    let literal = code.starts_with(['"', '\'']);
    let text = code.trim_matches(['"', '\'']);
    let placeholder = text.contains(['<', '{', '$', '%']) || text.contains("__");
    let name = pleasant(text).filter(|_| !(literal && placeholder)).map(|name| {
        let short = ["_name", "_id"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name);
        short.to_owned()
    });
    name.filter(|name| name.len() > 2 && name != kind.keyword)
        .unwrap_or_else(|| default_name(kind).to_owned())
}
