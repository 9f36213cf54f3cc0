//! One file: whole processes, beside one that does nothing.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::material::Folder;
use super::measure::{Case, Result, compare};

/// The command that is measured.
pub(crate) const AIB: &str = env!("CARGO_BIN_EXE_aib");

const EXAMPLES: &[(&str, &str)] =
    &[("linux-minimal", "docs/examples/linux-minimal.aib"), ("typical", "docs/examples/typical/main.aib")];

pub(crate) fn run() -> Result<()> {
    let folder = Folder::new("start")?;
    let nothing = nothing(folder.path())?;
    let out = folder.path().join("out");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));

    let program = nothing.as_os_str();
    let mut cases = vec![Case::new("a program that does nothing", move || process::<&str>(program, &[]))];
    cases.push(Case::new("aib --version", || process(AIB, &["--version"])));
    for (name, file) in EXAMPLES {
        let file = root.join(file);
        let checked = file.clone();
        let check = move || process(AIB, &[OsStr::new("check"), checked.as_os_str()]);
        cases.push(Case::new(format!("aib check {name}"), check));
        let out = out.clone();
        let build = move || {
            process(AIB, &[OsStr::new("build"), OsStr::new("--out"), out.as_os_str(), file.as_os_str()])
        };
        cases.push(Case::new(format!("aib build {name}"), build).at_most(1.5));
    }
    compare("one file, whole processes", 300, cases)?;
    Ok(())
}

/// Builds the smallest program that rustc makes.
fn nothing(folder: &Path) -> Result<PathBuf> {
    let source = folder.join("nothing.rs");
    std::fs::write(&source, "fn main() {}\n")?;
    let program = folder.join("nothing").with_extension(std::env::consts::EXE_EXTENSION);
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let done = Command::new(rustc).arg("-O").arg("-o").arg(&program).arg(&source).status()?;
    if !done.success() {
        return Err("rustc can't build an empty program".into());
    }
    Ok(program)
}

/// Runs a program to its end; its output goes nowhere.
pub(crate) fn process<A: AsRef<OsStr>>(program: impl AsRef<OsStr>, arguments: &[A]) -> Result<()> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} failed: {status}").into()) }
}
