//! Files for folders below `/tmp` that no earlier step made.

use std::collections::HashSet;

use crate::base::has_placeholder;
use crate::check::{PlacedFile, StepScript};
use crate::diag::{Diagnostic, Sink, code};
use crate::lint::files::{fills_folder, mentions};
use crate::lint::finding::finding;
use crate::lint::{Confidence, Context, Image, Rule, RuleMeta};
use crate::schema::Os;
use crate::script::{Command, HOLE, Word};

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        code: &code::MISSING_FOLDER,
        confidence: Confidence::Likely,
        // On Windows the files go through packer-community/winrmcp, which makes the folder (`restoreContent` in winrmcp/cp.go).
        evidence: "https://learn.microsoft.com/azure/virtual-machines/linux/image-builder-json#file-customizer: folders have to be there; on Linux Packer copies with scp, which makes none",
        on: true,
    },
    check,
};

/// What the build VM surely has of the folders that files may go to.
const TEMPORARY: &str = "/tmp/";

/// Programs that make no folder below `/tmp` of a name that they are not given, whatever they are given.
static MAKE_NONE: &[&str] = &[
    "set",
    "echo",
    "printf",
    "true",
    ":",
    "exit",
    "export",
    "unset",
    "sleep",
    "date",
    "id",
    "uname",
    "hostname",
    "cat",
    "head",
    "tail",
    "grep",
    "egrep",
    "sed",
    "awk",
    "cut",
    "tr",
    "sort",
    "wc",
    "test",
    "[",
    "[[",
    "command",
    "which",
    "apt",
    "apt-get",
    "apt-cache",
    "apt-key",
    "apt-mark",
    "add-apt-repository",
    "debconf-set-selections",
    "dpkg",
    "dpkg-reconfigure",
    "dnf",
    "yum",
    "tdnf",
    "microdnf",
    "zypper",
    "rpm",
    "snap",
    "systemctl",
    "service",
    "useradd",
    "usermod",
    "userdel",
    "groupadd",
    "groupmod",
    "chpasswd",
    "passwd",
    "chmod",
    "chown",
    "chgrp",
    "rm",
    "touch",
    "tee",
    "update-ca-certificates",
    "update-ca-trust",
    "update-grub",
    "sysctl",
    "hostnamectl",
    "timedatectl",
    "localectl",
    "locale-gen",
    "ufw",
    "firewall-cmd",
    "setenforce",
    "nginx",
    "sha256sum",
    "sync",
];
/// Programs that make folders, all of which they are given.
static MAKE_GIVEN: &[&str] =
    &["mkdir", "install", "cp", "mv", "ln", "curl", "wget", "gpg", "cd", "tar", "unzip", "git", "rsync"];

fn check(cx: &Context<'_>, sink: &mut Sink) {
    for image in cx.images.iter().filter(|image| image.is(Os::Linux).is_some() && !image.walk.opaque_base) {
        let mut told: HashSet<&str> = HashSet::new();
        for file in &image.walk.files {
            let Some(folder) = folder_of(file).filter(|folder| told.insert(folder)) else { continue };
            if image.walk.steps.iter().take(file.step).any(|step| {
                let is_script = step.effect.commands.is_some();
                is_script && image.script(step.index).is_none_or(|script| may_make(script, file.path, folder))
            }) {
                continue;
            }
            sink.push(report(image, file, folder));
        }
    }
}

/// The folder below `/tmp` that a file goes to.
fn folder_of<'a>(file: &PlacedFile<'a>) -> Option<&'a str> {
    let (folder, name) = file.path.rsplit_once('/')?;
    // A path may be written in more than one way.
    let is_odd = folder.contains("..") || folder.contains("//") || folder.contains("/./");
    let is_plain = !has_placeholder(file.path) && !is_odd && !folder.ends_with(['/', '.']);
    (is_plain && !name.is_empty() && folder.starts_with(TEMPORARY)).then_some(folder)
}

/// Whether a script may make a folder: it says its name, or does something of which nobody knows what it makes.
fn may_make(script: &StepScript<'_>, path: &str, folder: &str) -> bool {
    let mut parts = folder.split('/').skip(2);
    script.script.in_parts
        || script.text.contains(HOLE)
        || parts.any(|part| mentions(&script.text, part))
        || script.commands().iter().any(|command| fills_folder(command, path) || !makes_others(command))
}

/// Whether a command surely makes no folders, or others.
fn makes_others(command: &Command) -> bool {
    let Some((name, args)) = command.program() else { return false };
    command.wraps.is_some()
        || MAKE_NONE.contains(&name)
        || (MAKE_GIVEN.contains(&name) && args.iter().all(Word::is_known))
}

fn report(image: &Image<'_>, file: &PlacedFile<'_>, folder: &str) -> Diagnostic {
    let title = format!("nothing makes the folder `{folder}`");
    let d = finding(&code::MISSING_FOLDER, &file.node.origin, title)
        .here("the file is copied into it")
        .note("files are copied by a user without privileges, and no folder is made for them: the step fails where it is not there");
    match image.walk.step(file.step).and_then(|step| step.name()) {
        Some(name) => d.help(format!("make it in a step before `{name}`, as that user: `mkdir -p {folder}`")),
        None => d.help(format!("make it in an earlier step, as that user: `mkdir -p {folder}`")),
    }
}
