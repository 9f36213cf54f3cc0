//! The only file that knows pest: runs the grammar and copies its token queue into a [`Cst`].

use std::num::NonZeroUsize;
use std::sync::Once;

use pest::{Parser, Token};

use super::cst::{Cst, CstBuilder};
use super::kind::SyntaxKind;

/// The rules of `grammar/*.pest`.
#[derive(pest_derive::Parser)]
#[grammar = "../grammar/file.pest"]
#[grammar = "../grammar/items.pest"]
#[grammar = "../grammar/values.pest"]
#[grammar = "../grammar/types.pest"]
#[grammar = "../grammar/tokens.pest"]
#[grammar = "../grammar/trivia.pest"]
#[grammar = "../grammar/recovery.pest"]
struct Grammar;

/// How many rule calls one parse may take: about 64 for each byte of the largest file.
const CALL_LIMIT: usize = 64 * super::MAX_BYTES;

/// Runs the grammar. `None` if pest gave up: its stack or the call limit was exhausted.
pub(super) fn parse_tree(text: &str, guarded: bool) -> Option<Cst> {
    static LIMIT: Once = Once::new();
    LIMIT.call_once(|| pest::set_call_limit(NonZeroUsize::new(CALL_LIMIT)));
    let rule = if guarded { Rule::file_guarded } else { Rule::file };
    let pairs = Grammar::parse(rule, text).ok()?;
    let tokens = pairs.tokens();
    let mut builder = CstBuilder::with_capacity(tokens.len() / 2);
    for token in tokens {
        match token {
            Token::Start { rule: Rule::EOI | Rule::comment, .. }
            | Token::End { rule: Rule::EOI | Rule::comment, .. } => {}
            Token::Start { rule, pos } => builder.start(SyntaxKind::from(rule), pos.pos()),
            Token::End { rule, pos } => builder.end(SyntaxKind::from(rule), pos.pos()),
        }
    }
    Some(builder.finish(text.len()))
}
