//! What may have put a file in its place before a script looks for it: the image itself, or a program that does not name it.

use super::Image;
use crate::check::StepScript;
use crate::script::{Command, Dialect};

/// Programs of shells that put no file where they were not told to.
static SHELL: &[&str] = &[
    ":",
    "[",
    "[[",
    "add-apt-repository",
    "apt",
    "apt-cache",
    "apt-get",
    "apt-key",
    "apt-mark",
    "awk",
    "basename",
    "cat",
    "cd",
    "chgrp",
    "chmod",
    "chown",
    "chpasswd",
    "command",
    "cp",
    "curl",
    "cut",
    "date",
    "debconf-set-selections",
    "declare",
    "df",
    "diff",
    "dirname",
    "dnf",
    "dpkg",
    "du",
    "echo",
    "egrep",
    "exit",
    "export",
    "false",
    "fgrep",
    "find",
    "firewall-cmd",
    "free",
    "getent",
    "grep",
    "groupadd",
    "groups",
    "hash",
    "head",
    "hostname",
    "hostnamectl",
    "id",
    "install",
    "ip",
    "local",
    "localectl",
    "locale-gen",
    "ln",
    "ls",
    "lsb_release",
    "md5sum",
    "microdnf",
    "mkdir",
    "modprobe",
    "mount",
    "mv",
    "passwd",
    "popd",
    "printf",
    "ps",
    "pushd",
    "pwd",
    "read",
    "readlink",
    "readonly",
    "return",
    "rm",
    "rmdir",
    "rpm",
    "sed",
    "semanage",
    "service",
    "set",
    "setenforce",
    "sha256sum",
    "sha512sum",
    "shift",
    "sleep",
    "snap",
    "sort",
    "stat",
    "swapoff",
    "swapon",
    "sync",
    "sysctl",
    "systemctl",
    "tail",
    "tdnf",
    "tee",
    "test",
    "timedatectl",
    "touch",
    "tr",
    "trap",
    "true",
    "type",
    "ufw",
    "ulimit",
    "umask",
    "umount",
    "uname",
    "uniq",
    "unset",
    "update-ca-certificates",
    "update-grub",
    "useradd",
    "usermod",
    "wait",
    "wc",
    "wget",
    "which",
    "whoami",
    "yum",
    "zypper",
];
/// Cmdlets that put no file where they were not told to.
static CMDLETS: &[&str] = &[
    "cd",
    "chdir",
    "copy-item",
    "dir",
    "echo",
    "exit",
    "import-module",
    "install-windowsfeature",
    "invoke-restmethod",
    "invoke-webrequest",
    "irm",
    "iwr",
    "join-path",
    "ls",
    "md",
    "mkdir",
    "move-item",
    "pop-location",
    "push-location",
    "restart-service",
    "return",
    "set-location",
    "split-path",
    "start-service",
    "start-sleep",
    "stop-service",
    "throw",
    "uninstall-windowsfeature",
];
/// Verbs of such cmdlets.
static VERBS: &[&str] = &[
    "add-",
    "clear-",
    "convertfrom-",
    "convertto-",
    "disable-",
    "enable-",
    "foreach-",
    "format-",
    "get-",
    "measure-",
    "new-",
    "out-",
    "register-",
    "remove-",
    "select-",
    "set-",
    "sort-",
    "test-",
    "unregister-",
    "where-",
    "write-",
];
/// Programs that write where their arguments say, so that none of these may be unknown.
static WRITERS: &[&str] = &[
    "add-content",
    "awk",
    "copy-item",
    "cp",
    "curl",
    "find",
    "install",
    "invoke-restmethod",
    "invoke-webrequest",
    "irm",
    "iwr",
    "ln",
    "md",
    "mkdir",
    "move-item",
    "mv",
    "new-item",
    "out-file",
    "sed",
    "set-content",
    "tee",
    "touch",
    "wget",
];
/// Arguments by which those call the file as someone else says, or take many.
static NAMED_ELSEWHERE: &[&str] = &[
    "--content-disposition",
    "--recursive",
    "-exec",
    "-execdir",
    "-i",
    "-J",
    "-r",
    "-OJ",
    "-JO",
    "-LOJ",
    "-OJL",
    "-LJO",
    "--remote-header-name",
    "--mirror",
    "-m",
];

/// Whether a command may put files somewhere that it does not name.
pub(super) fn may_make_anything(command: &Command) -> bool {
    let Some((program, args)) = command.program() else { return true };
    let is_tame = match command.dialect {
        Dialect::Sh => SHELL.contains(&program),
        Dialect::PowerShell => {
            CMDLETS.contains(&program) || VERBS.iter().any(|verb| program.starts_with(verb))
        }
    };
    let writes_unknown = command.words.iter().any(|w| w.is_output() && !w.is_known())
        || (WRITERS.contains(&program) && args.iter().any(|w| !w.is_known()));
    let named_elsewhere = matches!(program, "curl" | "wget" | "find")
        && args.iter().any(|w| NAMED_ELSEWHERE.contains(&w.text.as_str()));
    !is_tame || writes_unknown || named_elsewhere
}

/// Whether a script calls methods, which do what no command does.
pub(super) fn calls_methods(script: &StepScript<'_>, text: &str) -> bool {
    script.script.dialect == Dialect::PowerShell && (text.contains("::") || text.contains(")."))
}

/// Folders that are empty on a Marketplace image, but for what the system itself puts there under names of its own.
static EMPTY: &[&str] = &["/tmp/", "/var/tmp/", "c:/windows/temp/", "c:/temp/"];
/// What is on the disk of every Windows, so that nobody can tell what is in it.
static WINDOWS: &[&str] = &[
    "$recycle.bin",
    "boot",
    "documents and settings",
    "inetpub",
    "packages",
    "perflogs",
    "program files",
    "program files (x86)",
    "programdata",
    "recovery",
    "system volume information",
    "users",
    "windows",
    "windowsazure",
];
/// Publishers whose images hold Windows and nothing on top of it that would stand in a folder of its own.
static PLAIN_WINDOWS: &[&str] = &["microsoftwindowsserver", "microsoftwindowsdesktop"];

/// Whether a file of this path cannot be on what an image starts from. Of a gallery's image, or of a managed one, nobody
/// can tell.
pub(super) fn starts_without(image: &Image<'_>, path: &str) -> bool {
    let text = |member: &str| image.at(member).and_then(|node| node.as_str()).map(|text| text.to_lowercase());
    if text("source.type").as_deref() != Some("platformimage") {
        return false;
    }
    let path = path.to_lowercase().replace('\\', "/");
    if EMPTY.iter().any(|folder| path.starts_with(folder)) {
        return true;
    }
    let is_plain = text("source.publisher").is_some_and(|name| PLAIN_WINDOWS.contains(&name.as_str()));
    let top = path.strip_prefix("c:/").and_then(|rest| rest.split('/').next());
    is_plain && top.is_some_and(|top| !top.is_empty() && !top.contains('~') && !WINDOWS.contains(&top))
}
