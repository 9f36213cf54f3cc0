//! JSON pointers (RFC 6901): `/resources/0/name`.

/// A key as a step of a pointer.
pub fn pointer_step(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The keys and indices that a pointer leads through.
pub fn pointer_steps(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~"))
}

#[cfg(test)]
mod tests {
    use super::{pointer_step, pointer_steps};

    #[test]
    fn steps_are_read_as_they_are_written() {
        let keys = ["a/b", "~", "~1", "", "0"];
        let pointer: String = keys.iter().map(|key| format!("/{}", pointer_step(key))).collect();
        assert_eq!(pointer, "/a~1b/~0/~01//0");
        assert_eq!(pointer_steps(&pointer).collect::<Vec<_>>(), keys);
        assert_eq!(pointer_steps("").count(), 0);
    }
}
