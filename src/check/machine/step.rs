//! One step as the machine sees it, and what each kind of step does.

use super::Generalised;
use super::generalize::DEPROVISION_SCRIPT;
use super::script::{Scripts, StepScript};
use crate::check::program::{Node, Object, Origin, WrittenIn};
use crate::schema::{Os, Role};
use crate::script::Dialect;

/// What a kind of step does to the VM.
#[derive(PartialEq, Eq, Debug)]
pub struct Effect {
    /// The keyword of its row in the table of the target.
    pub keyword: &'static str,
    /// The language of its inline commands, if it runs any.
    pub commands: Option<Dialect>,
    /// Whether it puts a file at its `destination`.
    pub places_file: bool,
    /// Whether it restarts the VM, so that no restart is pending afterwards.
    pub restarts: bool,
    /// Whether it installs updates.
    pub updates: bool,
    /// Why it cannot run while a restart is pending, if it cannot.
    pub settled: Option<&'static str>,
}

const NOTHING: Effect = Effect {
    keyword: "",
    commands: None,
    places_file: false,
    restarts: false,
    updates: false,
    settled: None,
};

/// The effects of the kinds of steps. Windows Update restarts the VM until no update is left
/// (rgl/packer-plugin-windows-update, which the service runs).
pub static EFFECTS: &[Effect] = &[
    Effect { keyword: "shell", commands: Some(Dialect::Sh), ..NOTHING },
    Effect { keyword: "powershell", commands: Some(Dialect::PowerShell), ..NOTHING },
    Effect { keyword: "file", places_file: true, ..NOTHING },
    Effect { keyword: "restart", restarts: true, ..NOTHING },
    Effect {
        keyword: "windows_update",
        restarts: true,
        updates: true,
        settled: Some("Windows Update fails with 0x80240016 while a restart is pending"),
        ..NOTHING
    },
];

/// On which VM a step runs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Phase {
    /// On the build VM.
    Customize,
    /// On a new VM made from the image.
    Validate,
}

/// A step.
#[derive(Clone, Copy, Debug)]
pub struct StepView<'a> {
    /// Its place among all steps of the image.
    pub index: usize,
    /// On which VM it runs.
    pub phase: Phase,
    /// The whole step.
    pub node: &'a Node,
    /// Its members.
    pub object: &'a Object,
    /// What its kind does.
    pub effect: &'static Effect,
    /// The operating system that it runs on, if only one.
    pub os: Option<Os>,
    /// The word for its kind, as its author writes it: `restart`, `WindowsRestart`.
    pub word: &'static str,
}

impl<'a> StepView<'a> {
    /// The view of a node; none if it is no step that the table knows.
    pub fn new(index: usize, phase: Phase, node: &'a Node, written_in: WrittenIn) -> Option<Self> {
        let object = node.as_object()?;
        let variant = object.variant?;
        let effect = EFFECTS.iter().find(|e| e.keyword == variant.keyword)?;
        let word = match written_in {
            WrittenIn::Aib => effect.keyword,
            WrittenIn::Json => variant.arm,
        };
        Some(Self { index, phase, node, object, effect, os: variant.os, word })
    }

    /// Where it is written.
    pub fn origin(&self) -> &'a Origin {
        &self.node.origin
    }

    /// Its name, if it has one that is known.
    pub fn name(&self) -> Option<&'a str> {
        self.object.get("name")?.as_str().map(|name| &**name)
    }

    /// What to call it in a message: "step `install`", "the `shell` step".
    pub fn title(&self) -> String {
        match self.name() {
            Some(name) => format!("step `{name}`"),
            None => format!("the `{}` step", self.word),
        }
    }

    /// The names that it lists for a role, with where each is written.
    pub fn names(&self, role: Role) -> impl Iterator<Item = (&'a str, &'a Node)> + use<'a> {
        let list = self.object.hidden(role).and_then(Node::as_list).unwrap_or_default();
        list.iter().filter_map(|node| Some((&**node.as_str()?, node)))
    }

    /// Whether it leaves a restart pending.
    pub fn needs_restart(&self) -> bool {
        self.object.hidden(Role::NeedsRestart).and_then(Node::as_bool) == Some(true)
    }

    /// Where it puts a file, if that is known.
    pub fn destination(&self) -> Option<(&'a str, &'a Node)> {
        let node = self.object.get("destination")?;
        Some((node.as_str()?, node))
    }

    /// Its inline lines, those that are not known included.
    pub fn lines(&self) -> &'a [Node] {
        self.object.get("inline").and_then(Node::as_list).unwrap_or_default()
    }

    /// Reads its inline lines, if it is of a kind that runs any.
    pub fn script(&self, scripts: &mut Scripts) -> Option<StepScript<'a>> {
        let dialect = self.effect.commands?;
        Some(self.lines())
            .filter(|lines| !lines.is_empty())
            .map(|lines| StepScript::read(lines, dialect, scripts))
    }

    /// Whether its commands may have to do with a file of this name: they name it, or not all of them are known.
    pub fn may_touch(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        let names = |line: &Node| line.as_str().is_none_or(|line| line.to_lowercase().contains(&name));
        self.effect.commands.is_some() && (self.lines().is_empty() || self.lines().iter().any(names))
    }
}

/// A command that generalises a VM, as a word and the argument that makes it do so.
struct Generaliser {
    program: &'static str,
    argument: &'static str,
    shown: &'static str,
}

static GENERALISERS: &[Generaliser] = &[
    Generaliser { program: "sysprep", argument: "generalize", shown: "sysprep /generalize" },
    Generaliser { program: "waagent", argument: "deprovision", shown: "waagent -deprovision" },
];

/// The first command of a step that generalises the VM. A step that has to do with the service's own script, which authors
/// patch, does not count.
pub(super) fn generalises(step: &StepView<'_>, script: &StepScript<'_>) -> Option<Generalised> {
    let candidates = || GENERALISERS.iter().filter(|g| script.mentions(g.program));
    if candidates().next().is_none() || script.mentions(DEPROVISION_SCRIPT) {
        return None;
    }
    script.commands().iter().find_map(|command| {
        let (program, args) = command.program()?;
        let found = candidates().find(|g| {
            g.program == program && args.iter().any(|word| word.text.to_lowercase().contains(g.argument))
        })?;
        Some(Generalised { range: command.range, command: found.shown, step: step.index })
    })
}
