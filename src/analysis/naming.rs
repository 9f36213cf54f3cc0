//! Where the artifacts of an entry go, under the folder of the output.

use std::path::{Component, Path};

use super::entry::Entry;

/// The folder of each entry's artifacts, relative to that of the output, with `/`: empty for an entry whose name no
/// other entry has; else its folder, relative to the deepest folder that those of the same name have in common.
pub(super) fn folders(entries: &[Entry]) -> Vec<String> {
    entries
        .iter()
        .map(|entry| {
            let same = |other: &&Entry| other.stem.eq_ignore_ascii_case(&entry.stem);
            let folders = || entries.iter().filter(same).map(|other| &other.folder);
            if folders().count() < 2 {
                return String::new();
            }
            let shared = |n: usize| folders().all(|f| starts_alike(f, &entry.folder, n));
            let total = entry.folder.components().count();
            let common = (0..=total).rev().find(|&n| shared(n)).unwrap_or(0);
            let own = entry.folder.components().skip(common);
            let names = own.filter_map(|c| match c {
                Component::Normal(name) => Some(name.to_string_lossy()),
                _ => None,
            });
            names.collect::<Vec<_>>().join("/")
        })
        .collect()
}

/// Whether two paths have their first `n` components in common.
fn starts_alike(a: &Path, b: &Path, n: usize) -> bool {
    a.components().count() >= n && a.components().zip(b.components()).take(n).all(|(x, y)| x == y)
}
