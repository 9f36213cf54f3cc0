//! Names of files as people read them.

use std::path::{Component, Path, PathBuf};

use super::unusable::Unusable;

/// The current directory, which names are relative to.
#[derive(Clone, Debug)]
pub(super) struct Cwd(PathBuf);

impl Cwd {
    /// Asks the system for it.
    pub(super) fn get() -> Result<Self, Unusable> {
        let found = std::env::current_dir().and_then(|path| path.canonicalize());
        found.map(Self).map_err(|e| Unusable::new(format!("can't find the current directory: {}", words(&e))))
    }

    /// Its canonical path.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// A canonical path as shown: relative to the current directory where the two have more than the root in common.
    pub(super) fn shown(&self, path: &Path) -> String {
        let common = self.0.components().zip(path.components()).take_while(|(a, b)| a == b).count();
        let is_name = |c: &Component<'_>| matches!(c, Component::Normal(_));
        let related = path.components().take(common).any(|c| is_name(&c)) || self.0.parent().is_none();
        if !related {
            return slashed(path.components());
        }
        let ups = self.0.components().skip(common).map(|_| Component::ParentDir);
        let shown = slashed(ups.chain(path.components().skip(common)));
        if shown.is_empty() { ".".to_string() } else { shown }
    }

    /// The name of a file that an argument names: as written where that is a plain relative path.
    pub(super) fn shown_argument(&self, argument: &Path, canonical: &Path) -> String {
        let plain = argument.components().all(|c| matches!(c, Component::Normal(_) | Component::CurDir));
        if !plain {
            return self.shown(canonical);
        }
        slashed(argument.components().filter(|c| *c != Component::CurDir))
    }
}

fn slashed<'a>(components: impl Iterator<Item = Component<'a>>) -> String {
    let mut out = String::new();
    for component in components {
        if !out.is_empty() && !out.ends_with('/') {
            out.push('/');
        }
        match component {
            Component::RootDir if out.is_empty() => out.push('/'),
            Component::RootDir => {}
            other => out.push_str(&other.as_os_str().to_string_lossy()),
        }
    }
    out
}

/// The system's words for a failure, as the second half of a title.
pub(super) fn words(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn paths_are_shown_relative_to_the_current_directory() {
        let cwd = Cwd(PathBuf::from("/home/ada/images"));
        let shown = |p: &str| cwd.shown(Path::new(p));
        assert_eq!(shown("/home/ada/images/web.aib"), "web.aib");
        assert_eq!(shown("/home/ada/images"), ".");
        assert_eq!(shown("/home/ada/shared/x.aib"), "../shared/x.aib");
        assert_eq!(shown("/srv/x.aib"), "/srv/x.aib");
        assert_eq!(Cwd(PathBuf::from("/")).shown(Path::new("/srv/x.aib")), "srv/x.aib");
        let argument = |p: &str| cwd.shown_argument(Path::new(p), Path::new("/home/ada/images/real.aib"));
        assert_eq!(argument("./sub/link.aib"), "sub/link.aib");
        assert_eq!(argument("../images/link.aib"), "real.aib");
    }
}
