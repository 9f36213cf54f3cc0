//! From brush's tree to commands.

use brush_parser::ast::{
    AndOr, AndOrList, Assignment as Assigned, AssignmentName, Command as Ast, CommandPrefixOrSuffixItem,
    CompoundCommand, CompoundList, FunctionDefinition, IfClauseCommand, Pipeline, Program, SeparatorOperator,
    SimpleCommand, SubshellCommand, Word as AstWord,
};
use brush_parser::{SourceSpan, Token};

use super::tokens::ARITHMETIC;
use super::words::{Pieces, Quoting, pieces};
use super::{Context, read};
use crate::base::TextRange;
use crate::script::model::{
    Assignment, BashOnly, Command, Dialect, Function, Reach, Read, Script, Through, Variable, Within, Word,
};
use crate::script::place::{Characters, Place};
use crate::script::program::Program as Runs;

/// Takes the commands of a tree over; gives the command whose output is that of the last.
pub(super) fn program(
    tree: &Program,
    tokens: &[Token],
    text: &str,
    place: &Place,
    context: Context,
    out: &mut Script,
) -> Option<usize> {
    let mut walk =
        Walk { text, tokens, characters: Characters::new(text), place: *place, depth: context.depth, out };
    tree.complete_commands.iter().filter_map(|list| walk.list(list, context.scope)).last()
}

pub(super) struct Walk<'t, 's> {
    pub(super) text: &'t str,
    pub(super) tokens: &'t [Token],
    characters: Characters,
    pub(super) place: Place,
    depth: usize,
    pub(super) out: &'s mut Script,
}

/// What encloses a command.
pub(super) type Scope = Option<usize>;
/// A command whose output goes on.
type Output = Option<usize>;

impl Walk<'_, '_> {
    fn list(&mut self, list: &CompoundList, scope: Scope) -> Output {
        let mut last = None;
        for item in &list.0 {
            let inner = match item.1 {
                SeparatorOperator::Async => self.out.open(Within::Background, scope),
                SeparatorOperator::Sequence => scope,
            };
            last = self.and_or(&item.0, inner).or(last);
        }
        last
    }

    /// A list in a scope of its own.
    fn list_in(&mut self, kind: Within, list: &CompoundList, scope: Scope) -> Output {
        let inner = self.out.open(kind, scope);
        self.depth += 1;
        let last = self.list(list, inner);
        self.depth -= 1;
        last
    }

    fn and_or(&mut self, list: &AndOrList, scope: Scope) -> Output {
        let Some(last) = list.additional.last() else { return self.pipeline(&list.first, scope) };
        let is_chain = list.additional.iter().all(|next| matches!(next, AndOr::And(_)));
        let scope = if is_chain { self.out.open(Within::Chain, scope) } else { scope };
        let condition = self.out.open(Within::Condition, scope);
        let branch = self.out.open(Within::Branch, scope);
        let mut output = self.pipeline(&list.first, condition);
        for next in &list.additional {
            let (AndOr::And(pipeline) | AndOr::Or(pipeline)) = next;
            let inner = if std::ptr::eq(next, last) { branch } else { condition };
            output = self.pipeline(pipeline, inner).or(output);
        }
        output
    }

    fn pipeline(&mut self, pipeline: &Pipeline, scope: Scope) -> Output {
        let scope = if pipeline.bang { self.out.open(Within::Negated, scope) } else { scope };
        let mut before: Output = None;
        for (at, command) in pipeline.seq.iter().enumerate() {
            let is_last = at + 1 == pipeline.seq.len();
            let inner = if is_last { scope } else { self.out.open(Within::Subshell, scope) };
            let first = self.out.commands.len();
            let output = self.command(command, inner);
            if let Some(source) = before {
                self.feed(first, source);
            }
            before = output;
        }
        before
    }

    /// Gives the output of a command to the commands from `first` on that get their input from nowhere else.
    fn feed(&mut self, first: usize, source: usize) {
        let scopes = &self.out.scopes;
        for command in self.out.commands.iter_mut().skip(first) {
            // What a substitution runs reads the input of the script.
            let kinds = std::iter::successors(command.scope, |at| scopes.get(*at).and_then(|s| s.outer));
            let own = !kinds.filter_map(|at| scopes.get(at)).any(|s| s.kind == Within::Substitution);
            let has_input =
                command.input.is_some() || command.reads.iter().any(|r| r.through == Through::Input);
            if own && !has_input {
                command.reads.push(Read { command: source, through: Through::Input });
            }
        }
    }

    fn command(&mut self, command: &Ast, scope: Scope) -> Output {
        match command {
            Ast::Simple(simple) => self.simple(simple, scope),
            Ast::Compound(compound, redirects) => {
                let first = self.out.commands.len();
                let output = self.compound(compound, scope);
                for redirect in redirects.iter().flat_map(|list| &list.0) {
                    let mut words = Words::default();
                    self.redirect(redirect, &mut words, scope);
                    for read in words.reads.iter().filter(|r| r.through == Through::Input) {
                        self.feed(first, read.command);
                    }
                    if let Some(command) = output.and_then(|at| self.out.commands.get_mut(at)) {
                        command.words.extend(words.words.into_iter().filter(Word::is_output));
                    }
                }
                output
            }
            Ast::Function(function) => {
                self.function(function, scope);
                None
            }
            Ast::ExtendedTest(test, _) => self.test(&test.loc, scope),
        }
    }

    fn compound(&mut self, command: &CompoundCommand, scope: Scope) -> Output {
        match command {
            CompoundCommand::BraceGroup(group) => self.list(&group.list, scope),
            CompoundCommand::Subshell(shell) => self.list_in(Within::Subshell, &shell.list, scope),
            CompoundCommand::IfClause(clause) => self.branches(clause, scope),
            CompoundCommand::WhileClause(clause) | CompoundCommand::UntilClause(clause) => {
                self.list_in(Within::Condition, &clause.0, scope);
                self.list_in(Within::Branch, &clause.1.list, scope)
            }
            CompoundCommand::ForClause(clause) => {
                if clause.variable_name == "_" {
                    // What took the place of `((…))`.
                    self.bash_only("((…))", &clause.loc);
                } else {
                    let range = self.range(&clause.loc);
                    self.assign(clause.variable_name.clone(), range, Reach::Script, scope);
                }
                let words = clause.values.iter().flatten();
                words.for_each(|word| _ = self.word(word, scope));
                self.list_in(Within::Branch, &clause.body.list, scope)
            }
            CompoundCommand::ArithmeticForClause(clause) => {
                self.bash_only("((…))", &clause.loc);
                self.list_in(Within::Branch, &clause.body.list, scope)
            }
            CompoundCommand::CaseClause(clause) => {
                self.word(&clause.value, scope);
                let mut last = None;
                for list in clause.cases.iter().filter_map(|case| case.cmd.as_ref()) {
                    last = self.list_in(Within::Branch, list, scope).or(last);
                }
                last
            }
            CompoundCommand::Arithmetic(arithmetic) => {
                self.bash_only("((…))", &arithmetic.loc);
                None
            }
            CompoundCommand::Coprocess(process) => {
                self.bash_only("coproc", &process.loc);
                let inner = self.out.open(Within::Background, scope);
                self.command(&process.body, inner)
            }
        }
    }

    fn branches(&mut self, clause: &IfClauseCommand, scope: Scope) -> Output {
        self.list_in(Within::Condition, &clause.condition, scope);
        let mut last = self.list_in(Within::Branch, &clause.then, scope);
        for part in clause.elses.iter().flatten() {
            if let Some(condition) = &part.condition {
                self.list_in(Within::Condition, condition, scope);
            }
            last = self.list_in(Within::Branch, &part.body, scope).or(last);
        }
        last
    }

    fn function(&mut self, function: &FunctionDefinition, scope: Scope) {
        let name = function.fname.loc.as_ref().and_then(|loc| self.text.get(self.bytes(loc)));
        let name = name.unwrap_or(&function.fname.value).to_owned();
        let range = function.fname.loc.as_ref().map_or(TextRange::at(0), |loc| self.range(loc));
        let before = function.fname.loc.as_ref().and_then(|loc| self.text.get(..self.bytes(loc).start));
        if before.is_some_and(|text| text.trim_end().ends_with("function"))
            && let Some(loc) = &function.fname.loc
        {
            self.bash_only("function", loc);
        }
        self.out.functions.push(Function { name: name.clone(), range, scope });
        let inner = self.out.open(Within::Function(name), scope);
        self.depth += 1;
        self.compound(&function.body.0, inner);
        self.depth -= 1;
    }

    /// `[[ … ]]`: its words are those between the brackets.
    fn test(&mut self, loc: &SourceSpan, scope: Scope) -> Output {
        self.bash_only("[[", loc);
        let from = self.tokens.partition_point(|t| t.location().start.index < loc.start.index);
        let tokens = self.tokens.get(from..).unwrap_or_default();
        let mut words = Words::default();
        for token in tokens.iter().take_while(|t| t.location().end.index <= loc.end.index) {
            if let Token::Word(..) = token {
                let found = self.read_word(self.bytes(token.location()), Quoting::None, scope, &mut words);
                words.words.push(found);
            }
        }
        self.push(words, loc, scope)
    }

    fn simple(&mut self, simple: &SimpleCommand, scope: Scope) -> Output {
        let mut words = Words::default();
        let reach = if simple.word_or_name.is_some() { Reach::Part } else { Reach::Script };
        for item in simple.prefix.iter().flat_map(|prefix| &prefix.0) {
            match item {
                CommandPrefixOrSuffixItem::AssignmentWord(assigned, _) => {
                    self.assigned(assigned, reach, scope, &mut words);
                }
                item => self.item(item, &mut words, scope),
            }
        }
        let name = simple.word_or_name.as_ref()?;
        let name_loc = name.loc.as_ref()?;
        if name.value == ARITHMETIC
            && self.text.get(self.bytes(name_loc)).is_some_and(|t| t.starts_with("(("))
        {
            self.bash_only("((…))", name_loc);
            return None;
        }
        let name = self.read_word(self.bytes(name_loc), Quoting::None, scope, &mut words);
        let declares = super::declare::reach_of(&name.text);
        words.words.push(name);
        for item in simple.suffix.iter().flat_map(|suffix| &suffix.0) {
            self.item(item, &mut words, scope);
            match (declares, item) {
                (Some(reach), CommandPrefixOrSuffixItem::AssignmentWord(assigned, _)) => {
                    let name = variable_of(assigned);
                    let range = self.range(&assigned.loc);
                    self.assign(name, range, reach, scope);
                }
                (Some(reach), CommandPrefixOrSuffixItem::Word(_)) => {
                    let word = words.words.last().filter(|w| crate::script::program::is_name(&w.text));
                    if let Some((name, range)) = word.map(|w| (w.text.clone(), w.range)) {
                        self.assign(name, range, reach, scope);
                    }
                }
                _ => {}
            }
        }
        self.push(words, name_loc, scope)
    }

    fn push(&mut self, words: Words, first: &SourceSpan, scope: Scope) -> Output {
        let mut range = self.range(first);
        for word in &words.words {
            range = range.cover(word.range);
        }
        self.builtins(&words.words, scope);
        self.out.commands.push(Command {
            range,
            dialect: Dialect::Sh,
            program: Runs::of_sh(&words.words),
            words: words.words,
            reads: words.reads,
            input: words.input,
            scope,
            wraps: None,
            in_other_shell: false,
        });
        let at = self.out.commands.len() - 1;
        for reader in words.readers {
            self.feed(reader, at);
        }
        Some(at)
    }

    pub(super) fn item(&mut self, item: &CommandPrefixOrSuffixItem, words: &mut Words, scope: Scope) {
        match item {
            CommandPrefixOrSuffixItem::IoRedirect(redirect) => self.redirect(redirect, words, scope),
            CommandPrefixOrSuffixItem::Word(word) | CommandPrefixOrSuffixItem::AssignmentWord(_, word) => {
                if let CommandPrefixOrSuffixItem::AssignmentWord(assigned, _) = item
                    && word.loc.is_none()
                {
                    // `declare -a x=(a b)`: the word has no place of its own.
                    self.value(self.bytes(&assigned.loc), words, scope);
                    return;
                }
                if let Some(loc) = &word.loc {
                    let found = self.read_word(self.bytes(loc), Quoting::None, scope, words);
                    words.words.push(found);
                }
            }
            CommandPrefixOrSuffixItem::ProcessSubstitution(kind, shell) => {
                let word = self.process(kind, shell, Through::File, words, scope);
                words.words.push(word);
            }
        }
    }

    /// `X=…` before a command or alone.
    fn assigned(&mut self, assigned: &Assigned, reach: Reach, scope: Scope, words: &mut Words) {
        let bytes = self.bytes(&assigned.loc);
        if matches!(assigned.name, AssignmentName::ArrayElementName(..))
            || matches!(assigned.value, brush_parser::ast::AssignmentValue::Array(_))
        {
            self.bash_only("x=(…)", &assigned.loc);
        }
        if assigned.append {
            self.bash_only("x+=…", &assigned.loc);
        }
        self.value(bytes, words, scope);
        let range = self.range(&assigned.loc);
        self.assign(variable_of(assigned), range, reach, scope);
    }

    /// What is expanded in a value.
    fn value(&mut self, bytes: std::ops::Range<usize>, words: &mut Words, scope: Scope) {
        // What a value reads is not what the command reads.
        let mut inner = Words::default();
        self.read_word(bytes, Quoting::None, scope, &mut inner);
        words.readers.append(&mut inner.readers);
    }

    fn word(&mut self, word: &AstWord, scope: Scope) -> Option<Word> {
        let loc = word.loc.as_ref()?;
        Some(self.read_word(self.bytes(loc), Quoting::None, scope, &mut Words::default()))
    }

    /// Reads a word and the scripts in it.
    pub(super) fn read_word(
        &mut self,
        bytes: std::ops::Range<usize>,
        quoting: Quoting,
        scope: Scope,
        words: &mut Words,
    ) -> Word {
        let Pieces { mut word, verbatim, substitutions, variables, bash_only } =
            pieces(self.text, bytes.clone(), quoting);
        word.range = self.place.range(bytes.start, bytes.end);
        word.verbatim = match self.place {
            Place::At(_) => verbatim.map(|v| self.place.range(v.start, v.end)),
            Place::Within(_) => None,
        };
        for (name, at, may_lack) in variables {
            let range = self.place.range(at.start, at.end);
            self.out.uses.push(Variable { name, environment: false, may_lack, range, scope });
        }
        for (what, at) in bash_only {
            self.out.bash_only.push(BashOnly { what, range: self.place.range(at.start, at.end) });
        }
        for part in substitutions {
            let at = part.inner.start;
            let (text, place) = match &part.text {
                None => (self.text.get(part.inner.clone()).unwrap_or_default(), self.place.inner(at)),
                Some(text) => (text.as_str(), Place::Within(self.place.range(at, part.inner.end))),
            };
            let inner = self.out.open(Within::Substitution, scope);
            let context = Context { scope: inner, depth: self.depth + 1, wants_faults: false };
            if let Some(command) = read(text, &place, context, self.out) {
                words.reads.push(Read { command, through: Through::Argument });
            }
        }
        word
    }

    /// `<( … )` and `>( … )`.
    pub(super) fn process(
        &mut self,
        kind: &brush_parser::ast::ProcessSubstitutionKind,
        shell: &SubshellCommand,
        through: Through,
        words: &mut Words,
        scope: Scope,
    ) -> Word {
        self.bash_only("<(…)", &shell.loc);
        let first = self.out.commands.len();
        let output = self.list_in(Within::Subshell, &shell.list, scope);
        match kind {
            brush_parser::ast::ProcessSubstitutionKind::Read => {
                words.reads.extend(output.map(|command| Read { command, through }));
            }
            brush_parser::ast::ProcessSubstitutionKind::Write => words.readers.push(first),
        }
        let bytes = self.bytes(&shell.loc);
        let text = self.text.get(bytes.clone()).unwrap_or_default().to_owned();
        let expansions = std::iter::once(0..text.len()).collect();
        Word { range: self.place.range(bytes.start, bytes.end), text, expansions, ..Word::default() }
    }

    pub(super) fn bytes(&self, loc: &SourceSpan) -> std::ops::Range<usize> {
        self.characters.token(self.text, loc.start.index, loc.end.index)
    }

    pub(super) fn range(&self, loc: &SourceSpan) -> TextRange {
        let bytes = self.bytes(loc);
        self.place.range(bytes.start, bytes.end)
    }

    pub(super) fn assign(&mut self, name: String, range: TextRange, reach: Reach, scope: Scope) {
        self.out.assignments.push(Assignment { name, range, reach, scope });
    }

    pub(super) fn bash_only(&mut self, what: &'static str, loc: &SourceSpan) {
        let range = self.range(loc);
        self.out.bash_only.push(BashOnly { what, range });
    }
}

fn variable_of(assigned: &Assigned) -> String {
    match &assigned.name {
        AssignmentName::VariableName(name) | AssignmentName::ArrayElementName(name, _) => name.clone(),
    }
}

/// The words of a command while they are read.
#[derive(Default)]
pub(super) struct Words {
    pub(super) words: Vec<Word>,
    pub(super) reads: Vec<Read>,
    pub(super) input: Option<Word>,
    /// From which command on those stand that read what this one writes: `tee >(gzip)`.
    pub(super) readers: Vec<usize>,
}
