//! The reference of the built-in functions, in Markdown, from the rows.

use std::fmt::Write as _;

use super::functions::{BUILTINS, Builtin, Eval};

/// The page of all built-in functions: how each is called, what it does, what it becomes.
pub fn function_page() -> String {
    let mut page = String::from(
        "<!-- Generated from src/check/functions.rs. Edit the rows, then run `UPDATE=1 cargo test --test it docs`. -->\n\
         # Built-in functions\n\n\
         Arguments come by place or by name (`join(list = xs, separator = \",\")`); those with `?` may be left out, and `…`\n\
         stands for any number of further ones. A declaration or import of the same name wins over a built-in function.\n\n\
         ## Functions of ARM\n\n\
         With arguments that are known they are computed by aib, to what Azure would compute; with arguments that only Azure\n\
         knows they become the ARM function in the last column.\n\n\
         | function | what it gives | in ARM |\n|---|---|---|\n",
    );
    for (builtin, function) in BUILTINS.iter().filter_map(|b| Some((b, b.arm()?))) {
        let _ = writeln!(page, "| `{}` | {} | `{function}` |", builtin.signature(), builtin.doc);
    }
    page.push_str(
        "\n## Functions of the compiler\n\n\
         They exist while aib runs. What they give is folded into the template.\n\n\
         | function | what it gives |\n|---|---|\n",
    );
    for builtin in BUILTINS.iter().filter(|b| b.arm().is_none()) {
        let _ = writeln!(page, "| `{}` | {} |", builtin.signature(), builtin.doc);
    }
    page
}

impl Builtin {
    /// The function of ARM that it is, if it is one.
    fn arm(&self) -> Option<&'static str> {
        match self.eval {
            Eval::Arm(function) => Some(function),
            Eval::Native(_) => None,
        }
    }
}
