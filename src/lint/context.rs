//! What rules look at.

use super::lines::Lines;
use crate::base::{SourceMap, Span, TextRange};
use crate::check::{
    Fact, ImageFacts, Key, Member, Node, NodeKind, Object, Origin, Program, Resource, ResourceId, Scripts,
    Simulation, StepScript, StepView, WrittenIn, neighbours, simulate,
};
use crate::schema::{Os, Ty};

/// A program, and what was computed of it once for all rules.
#[derive(Debug)]
pub struct Context<'a> {
    /// The program.
    pub program: &'a Program,
    /// The images that it deploys.
    pub images: Vec<Image<'a>>,
    /// The images that imported files deploy beside them: no finding is about them, but they take names and versions.
    pub neighbours: Vec<Image<'a>>,
    lines: Lines,
    sources: &'a SourceMap,
}

/// An image that is deployed.
#[derive(Debug)]
pub struct Image<'a> {
    /// Its id.
    pub id: ResourceId,
    /// The image.
    pub resource: &'a Resource,
    /// The walk over its steps.
    pub walk: Simulation<'a>,
}

/// A file or script that the service fetches.
#[derive(Clone, Copy, Debug)]
pub struct Download<'a> {
    /// Its address.
    pub url: &'a Node,
    /// The address, as far as it is known; not a placeholder.
    pub text: &'a str,
    /// The object that it stands in.
    pub object: &'a Object,
}

impl Download<'_> {
    /// Whether a checksum says what has to lie at its address.
    pub fn is_pinned(&self) -> bool {
        let sum = self.object.get("sha256Checksum");
        sum.is_some_and(|sum| sum.as_str().is_none_or(|text| !text.is_empty()))
    }
}

impl<'a> Context<'a> {
    /// The context of a program.
    pub fn new(program: &'a Program, sources: &'a SourceMap) -> Self {
        let mut scripts = Scripts::default();
        let images =
            program.deployed("image").map(|(id, resource)| Image::new(program, id, resource, &mut scripts));
        let images: Vec<Image<'a>> = images.collect();
        let neighbours = neighbours(program.iter()).into_iter();
        let neighbours =
            neighbours.map(|(id, resource)| Image::new(program, id, resource, &mut scripts)).collect();
        let mut lines = Lines::default();
        images.iter().for_each(|image| lines.add(&image.walk, sources));
        Self { program, images, neighbours, lines, sources }
    }

    /// Of two wordings the one for what the program is written in.
    pub fn words(&self, aib: &'static str, json: &'static str) -> &'static str {
        match self.program.written_in {
            WrittenIn::Aib => aib,
            WrittenIn::Json => json,
        }
    }

    /// Where a node came from; for a line of a script, that line.
    pub fn origin(&self, node: &Node) -> Origin {
        self.lines.origin(node)
    }

    /// The file that a line of a script was read from, as the author names it.
    pub fn file_of(&self, line: &Node) -> Option<&str> {
        self.lines.file_of(line)
    }

    /// Where a part of a script came from: the part itself where the source has it, else its line.
    pub fn place(&self, script: &StepScript<'_>, range: TextRange) -> Origin {
        let Some((line, part)) = script.line(range) else { return Origin::default() };
        self.part(line, part)
    }

    /// Where a part of a line came from: the part itself where the source has it, else the line.
    pub fn part(&self, line: &Node, part: TextRange) -> Origin {
        self.lines.part(line, part, self.sources)
    }

    /// Whether the source has a part of a script as it is, or with escapes.
    pub fn shows(&self, script: &StepScript<'_>, range: TextRange) -> bool {
        script.line(range).is_some_and(|(node, part)| self.lines.find(node, part, self.sources).is_some())
    }

    /// All images that lie in the resource group as far as is known; those of imported files first.
    pub fn all_images(&self) -> impl Iterator<Item = &Image<'a>> {
        self.neighbours.iter().chain(&self.images)
    }

    /// Whether there are nested deployments: nothing is seen of what is in them, and they may go to another group.
    pub fn has_nested(&self) -> bool {
        self.program.iter().any(|(_, resource)| is_nested(resource))
    }

    /// The definition that a node refers to.
    pub fn definition(&self, node: &Node) -> Option<(ResourceId, &'a Resource)> {
        let id = node.reference.as_ref()?.target;
        let resource = self.program.resource(id)?;
        (resource.kind.keyword() == "definition").then_some((id, resource))
    }

    /// The region that is written of a resource itself.
    pub fn own_region(&self, resource: &'a Resource) -> Option<&'a Node> {
        resource.body.get("location").or_else(|| fact(resource, "location"))
    }

    /// The region of a resource: its own, else its parent's.
    pub fn region(&self, resource: &'a Resource) -> Option<&'a Node> {
        let own = self.own_region(resource);
        // A definition that says nothing gets the group's region from the compiler; its gallery may know better.
        match (own, resource.parent.and_then(|id| self.program.resource(id))) {
            (Some(node), _) if node.as_str().is_some() => Some(node),
            (_, Some(parent)) => self.region(parent).or(own),
            (own, None) => own,
        }
    }
}

impl<'a> Image<'a> {
    fn new(program: &'a Program, id: ResourceId, resource: &'a Resource, scripts: &mut Scripts) -> Self {
        Self { id, resource, walk: simulate(program, id, resource, scripts) }
    }

    /// Whether a step runs on the operating system of the image, as far as both are known.
    pub fn can_run(&self, step: &StepView<'_>) -> bool {
        step.os.is_none_or(|wanted| self.facts().os.as_ref().is_none_or(|os| os.value == wanted))
    }

    /// Whether each of its steps is of a kind that is known: else one may do anything.
    pub fn knows_all_steps(&self) -> bool {
        self.walk.steps.len() == self.resource.customize().len() + self.resource.validations().len()
    }

    /// The node at a path of members below `properties`.
    pub fn at(&self, path: &str) -> Option<&'a Node> {
        self.resource.body.get("properties")?.at(path)
    }

    /// Whether there is surely nothing at a path of members below `properties`: not where a part of it is known only to
    /// Azure.
    pub fn lacks(&self, path: &str) -> bool {
        let Some(mut node) = self.resource.body.get("properties") else { return true };
        for member in path.split('.') {
            match (&node.kind, node.get(member)) {
                (_, Some(inner)) => node = inner,
                (NodeKind::Object(_) | NodeKind::Null, None) => return true,
                _ => return false,
            }
        }
        matches!(node.kind, NodeKind::Null)
    }

    /// What is known of what it is built from.
    pub fn facts(&self) -> &'a ImageFacts {
        &self.resource.facts
    }

    /// Where it is said that it is of an operating system, if it is.
    pub fn is(&self, os: Os) -> Option<&'a Fact<Os>> {
        self.facts().os.as_ref().filter(|fact| fact.value == os)
    }

    /// Where its declaration begins.
    pub fn span(&self) -> Span {
        self.resource.span
    }

    /// The steps that have a script, with it.
    pub fn scripts(&self) -> impl Iterator<Item = (&StepView<'a>, &StepScript<'a>)> {
        let steps = self.walk.steps.iter().zip(&self.walk.scripts);
        steps.filter_map(|(step, script)| Some((step, script.as_ref()?)))
    }

    /// The script of a step.
    pub fn script(&self, step: usize) -> Option<&StepScript<'a>> {
        self.walk.scripts.get(step)?.as_ref()
    }

    /// The addresses of everything that the service fetches, with the objects that they stand in.
    pub fn addresses(&self) -> Vec<(&'a Node, &'a Object)> {
        let mut found = Vec::new();
        self.resource.body.walk(&mut |node| {
            let Some(object) = node.as_object() else { return };
            let urls = object.members.iter().filter(|m| m.prop.is_some_and(|p| matches!(p.ty, Ty::Url)));
            found.extend(urls.map(|Member { value, .. }| (value, object)));
        });
        found
    }

    /// Everything that the service fetches, as far as the addresses are known.
    pub fn downloads(&self) -> Vec<Download<'a>> {
        let known = |(url, object)| {
            let text = super::values::known(url).filter(|text| !text.is_empty())?;
            Some(Download { url, text, object })
        };
        self.addresses().into_iter().filter_map(known).collect()
    }

    /// Its targets of a kind, by keyword.
    pub fn targets(&self, keyword: &'static str) -> impl Iterator<Item = &'a Object> + use<'a> {
        let objects = self.resource.targets().iter().filter_map(Node::as_object);
        objects.filter(move |o| o.variant.is_some_and(|v| v.keyword == keyword))
    }
}

/// Whether a resource is a nested deployment.
pub(super) fn is_nested(resource: &Resource) -> bool {
    resource.kind.arm_type().eq_ignore_ascii_case("Microsoft.Resources/deployments")
}

/// A fact that is written but not emitted, by its aib name.
pub(super) fn fact<'a>(resource: &'a Resource, name: &str) -> Option<&'a Node> {
    let hidden = &resource.body.as_object()?.hidden;
    hidden.iter().find(|m| matches!(&m.key, Key::Str(key) if &**key == name)).map(|m| &m.value)
}
