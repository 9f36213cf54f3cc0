//! Text to tree: grammar, lossless concrete tree, and the abstract tree that passes read.
pub mod ast;
