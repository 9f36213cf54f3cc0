//! brush panics on some texts that nobody would write. Those that are known are made harmless before it sees them; a panic at
//! any other is caught here, and the text is one that can't be read.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs code of brush's; none if it panics, of which nothing is printed. It is given nothing that it could leave half done.
pub(super) fn guarded<T>(brush: impl FnOnce() -> T) -> Option<T> {
    keep_quiet();
    let outer = IS_GUARDED.replace(true);
    let done = catch_unwind(AssertUnwindSafe(brush)).ok();
    IS_GUARDED.set(outer);
    done
}

/// Has panics within [`guarded`] print nothing; all others are told as before.
fn keep_quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| {
            if !IS_GUARDED.get() {
                before(panic);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn a_panic_of_brush_is_a_text_that_cannot_be_read() {
        // The number of a directory that is too large for brush.
        let options = brush_parser::ParserOptions::default();
        let parse = |word: &str| guarded(|| brush_parser::word::parse(word, &options).is_ok());
        assert_eq!(parse("~1"), Some(true));
        assert_eq!(parse("~99999999999999999999999"), None);
        assert_eq!(parse("~2"), Some(true));
    }
}
