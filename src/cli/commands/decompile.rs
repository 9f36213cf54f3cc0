//! `aib decompile`

use std::path::Path;

use super::{inputs, tell};
use crate::analysis;
use crate::cli::args::{Decompile, Findings, PlaceholdersAre};
use crate::cli::exit::Exit;
use crate::cli::failure::{self, Failure};
use crate::cli::terminal::Terminal;
use crate::cli::write::{self, Target};
use crate::decompile::{Options, Placeholders};

pub(super) fn run(args: &Decompile, terminal: &Terminal) -> Result<Exit, Failure> {
    let out = args.out.as_deref().filter(|out| *out != Path::new("-"));
    if out.is_none() && args.files.len() > 1 {
        return Err(failure::several_to_stdout(args.files.len()));
    }
    let one_file = out.filter(|out| is_source(out));
    if let Some(out) = one_file.filter(|_| args.files.len() > 1) {
        return Err(failure::several_to_one_file(args.files.len(), out));
    }
    let placeholders = match args.placeholders {
        PlaceholdersAre::Literal => Placeholders::Literal,
        PlaceholdersAre::Param => Placeholders::Param,
    };
    let options = Options { placeholders, ..Options::default() };
    let files: Vec<_> = args.files.iter().map(|path| inputs::file(path)).collect();
    let (outcome, written) = analysis::decompile(&files, &options);
    let exit = tell::outcome(&outcome, &Findings::default(), terminal)?;
    let Some(out) = out else {
        written.iter().try_for_each(|file| terminal.artifact(&file.text))?;
        return Ok(exit);
    };
    let targets: Vec<Target<'_>> = written
        .iter()
        .map(|file| {
            let path = if one_file.is_some() { out.to_owned() } else { out.join(&file.name) };
            let shown = path.display().to_string().replace('\\', "/");
            Target { path, shown, text: &file.text }
        })
        .collect();
    let mut names: Vec<String> = targets.iter().map(|t| t.shown.to_lowercase()).collect();
    names.sort_unstable();
    if let Some(twice) = names.windows(2).find_map(|pair| (pair.first() == pair.last()).then(|| pair.first()))
    {
        return Err(failure::same_artifact(twice.map_or("", |name| name)));
    }
    // Somebody may have worked on what is there, and it may be the input itself.
    let differing: Vec<&str> = targets.iter().filter(|t| t.replaces()).map(|t| t.shown.as_str()).collect();
    if !args.force && !differing.is_empty() {
        return Err(failure::would_overwrite(&differing));
    }
    write::write_all(&targets)?;
    let shown: Vec<&str> = targets.iter().map(|t| t.shown.as_str()).collect();
    if !shown.is_empty() {
        terminal.tell(&format!("wrote {}\n", shown.join(", ")));
    }
    Ok(exit)
}

/// Whether what is to be written to is called like a source: then it is that file, unless there is a folder of the name.
fn is_source(out: &Path) -> bool {
    out.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("aib")) && !out.is_dir()
}
