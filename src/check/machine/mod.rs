//! The build VM as an abstract machine: what each step finds, and what it leaves behind.
//!
//! [`simulate`] walks the steps of an image once: `customize` on the build VM, the hidden generalisation, then `validate` on
//! a new VM from the image. What a kind of step does is a row of [`EFFECTS`], beside the keywords of the table of the target.
//! Rules only read the result. Invariant: the walk is linear in the steps and never fails; what is unknown (a text known
//! only to Azure, an operating system nobody stated) stays unknown.

mod generalize;
mod inherit;
mod script;
mod step;

pub use generalize::{DEPROVISION_SCRIPT, DEPROVISION_SCRIPT_LINUX, DEPROVISION_SCRIPT_WINDOWS};
pub use script::{Scripts, StepScript};
pub use step::{EFFECTS, Effect, Phase, StepView};

use std::collections::HashMap;

use crate::base::TextRange;

use super::program::{Node, Program, Resource, ResourceId, WrittenIn};
use crate::schema::{Os, Role};

/// Something that a step provides for later ones to require.
#[derive(Clone, Copy, Debug)]
pub struct Capability<'a> {
    /// Its name.
    pub name: &'a str,
    /// Where it is written.
    pub node: &'a Node,
    /// The step of this image that provides it; none if an image that this one is built from does.
    pub step: Option<usize>,
}

/// A file that a `file` step puts on the VM.
#[derive(Clone, Copy, Debug)]
pub struct PlacedFile<'a> {
    /// The path, as written.
    pub path: &'a str,
    /// Where the path is written.
    pub node: &'a Node,
    /// The step.
    pub step: usize,
}

/// The command that generalised the VM.
#[derive(Clone, Copy, Debug)]
pub struct Generalised {
    /// The command, in the script of the step.
    pub range: TextRange,
    /// The command's name, as written.
    pub command: &'static str,
    /// The step.
    pub step: usize,
}

/// The state that a step finds. What accumulates (capabilities, files) is asked of the [`Simulation`] by step.
#[derive(Clone, Copy, Debug, Default)]
pub struct VmState {
    /// The step that left a restart pending.
    pub restart: Option<usize>,
    /// The last step that restarted the VM.
    pub restarted: Option<usize>,
    /// The last step that installed updates.
    pub updated: Option<usize>,
    /// What generalised the VM, other than the hidden last step.
    pub generalised: Option<Generalised>,
}

/// The whole walk over one image.
#[derive(Debug)]
pub struct Simulation<'a> {
    /// The steps in the order in which they run: those of `customize`, then those of `validate`.
    pub steps: Vec<StepView<'a>>,
    /// The operating system, where it is known.
    pub os: Option<Os>,
    /// All that steps provide, in order; what the image is built from comes first.
    pub capabilities: Vec<Capability<'a>>,
    /// All files that steps place, in order.
    pub files: Vec<PlacedFile<'a>>,
    /// The state in which the hidden generalisation finds the build VM.
    pub end: VmState,
    /// The script of each step that has one.
    pub scripts: Vec<Option<StepScript<'a>>>,
    /// Whether the image starts from something whose contents these files do not tell: a gallery or managed image that no
    /// image here makes.
    pub opaque_base: bool,
    states: Vec<VmState>,
    providers: HashMap<&'a str, Vec<Capability<'a>>>,
}

/// Walks the steps of an image.
pub fn simulate<'a>(
    program: &'a Program,
    id: ResourceId,
    image: &'a Resource,
    scripts: &mut Scripts,
) -> Simulation<'a> {
    let (inherited, opaque_base) = inherit::capabilities(program, id, image);
    let mut walk = Simulation {
        steps: Vec::new(),
        os: image.facts.os.as_ref().map(|os| os.value),
        capabilities: inherited,
        files: Vec::new(),
        end: VmState::default(),
        scripts: Vec::new(),
        opaque_base,
        states: Vec::new(),
        providers: HashMap::new(),
    };
    let mut state = VmState::default();
    for node in image.customize() {
        walk.take(Phase::Customize, node, program.written_in, &mut state, scripts);
    }
    walk.end = state;
    // The hidden generalisation and the boot of a new VM leave no restart pending.
    state = VmState { restart: None, ..state };
    for node in image.validations() {
        walk.take(Phase::Validate, node, program.written_in, &mut state, scripts);
    }
    for capability in &walk.capabilities {
        walk.providers.entry(capability.name).or_default().push(*capability);
    }
    walk
}

impl<'a> Simulation<'a> {
    /// The step at an index.
    pub fn step(&self, index: usize) -> Option<&StepView<'a>> {
        self.steps.get(index)
    }

    /// The steps with the state that each finds.
    pub fn moments(&self) -> impl Iterator<Item = (&StepView<'a>, &VmState)> {
        self.steps.iter().zip(&self.states)
    }

    /// The steps that follow one in its phase.
    pub fn after(&self, index: usize) -> impl Iterator<Item = &StepView<'a>> {
        let phase = self.step(index).map(|s| s.phase);
        self.steps.iter().skip(index + 1).take_while(move |s| Some(s.phase) == phase)
    }

    /// What provides a capability before a step runs: the last that does.
    pub fn provided_before(&self, name: &str, step: usize) -> Option<&Capability<'a>> {
        self.providers.get(name)?.iter().rev().find(|c| c.step.is_none_or(|at| at < step))
    }

    /// The first that provides a capability at all.
    pub fn provider(&self, name: &str) -> Option<&Capability<'a>> {
        self.providers.get(name)?.first()
    }

    fn take(
        &mut self,
        phase: Phase,
        node: &'a Node,
        written_in: WrittenIn,
        state: &mut VmState,
        scripts: &mut Scripts,
    ) {
        let index = self.steps.len();
        let Some(step) = StepView::new(index, phase, node, written_in) else { return };
        self.states.push(*state);
        self.capabilities.extend(provides(&step));
        if step.effect.places_file
            && let Some((path, node)) = step.destination()
        {
            self.files.push(PlacedFile { path, node, step: index });
        }
        if step.effect.restarts {
            state.restart = None;
            state.restarted = Some(index);
        }
        if step.effect.updates {
            state.updated = Some(index);
        }
        if step.needs_restart() {
            state.restart = Some(index);
        }
        let script = step.script(scripts);
        if state.generalised.is_none() {
            state.generalised = script.as_ref().and_then(|script| step::generalises(&step, script));
        }
        self.scripts.push(script);
        self.steps.push(step);
    }
}

/// What a step provides.
fn provides<'a>(step: &StepView<'a>) -> impl Iterator<Item = Capability<'a>> + use<'a> {
    let index = step.index;
    step.names(Role::Provides).map(move |(name, node)| Capability { name, node, step: Some(index) })
}
