//! What only root may do on Linux, as tables: commands, and places.

use super::calls::{Call, sh};
use crate::script::Command;

const HELP: &[&str] = &["--help", "-h", "--version"];

/// Packages: apt-get(8), dnf(8) and zypper(8) lock what only root may open; `-s` and its like only pretend.
const APT: &[&str] = &[
    "install",
    "reinstall",
    "remove",
    "purge",
    "update",
    "upgrade",
    "full-upgrade",
    "dist-upgrade",
    "safe-upgrade",
    "autoremove",
    "build-dep",
];
const APT_ASKS: &[&str] = &[
    "-s",
    "-ys",
    "-sy",
    "--simulate",
    "--just-print",
    "--dry-run",
    "--recon",
    "--no-act",
    "--print-uris",
    "--help",
    "-h",
    "download",
    "changelog",
    "source",
    "list",
    "show",
    "search",
    "policy",
    "depends",
    "rdepends",
];
const DNF: &[&str] = &[
    "install",
    "reinstall",
    "remove",
    "erase",
    "update",
    "upgrade",
    "distro-sync",
    "groupinstall",
    "localinstall",
    "autoremove",
];
const DNF_ASKS: &[&str] = &[
    "list",
    "info",
    "search",
    "provides",
    "repoquery",
    "check-update",
    "history",
    "download",
    "help",
    "--help",
    "-h",
    "--assumeno",
    "--downloadonly",
    "--installroot*",
];
/// systemctl(1): without root these ask polkit, which asks somebody who is not there.
const UNITS: &[&str] = &[
    "enable",
    "disable",
    "start",
    "stop",
    "restart",
    "reload",
    "mask",
    "unmask",
    "daemon-reload",
    "daemon-reexec",
    "set-default",
    "try-restart",
    "reload-or-restart",
    "reenable",
];
const UNITS_ASK: &[&str] = &[
    "--user",
    "--root*",
    "--help",
    "-h",
    "status",
    "show",
    "cat",
    "list-units",
    "list-unit-files",
    "is-active",
    "is-enabled",
    "is-failed",
    // What stops the machine is told of by another rule.
    "reboot.target",
    "poweroff.target",
    "halt.target",
];

/// Commands that fail without root, whatever they are about. Of their manuals, October 2026.
static CALLS: &[Call] = &[
    sh(&["apt", "apt-get", "aptitude"], &[APT]).without(APT_ASKS),
    sh(&["dnf", "dnf5", "yum", "tdnf", "microdnf"], &[DNF]).without(DNF_ASKS),
    sh(&["zypper"], &[&["install", "in", "remove", "rm", "update", "up", "patch", "dup", "addrepo", "ar"]])
        .without(&[
            "search",
            "se",
            "info",
            "if",
            "--help",
            "-h",
            "--dry-run",
            "-d",
            "--root*",
            "--installroot*",
        ]),
    sh(&["yum-config-manager"], &[&["--add-repo*", "--enable", "--disable"]]),
    sh(&["rpm"], &[])
        .cased(&["-i", "-ivh", "-ih", "-U", "-Uvh", "-Uh", "--install", "--upgrade", "--import"])
        .without(&["-q*", "--query", "--root*", "--dbpath*", "--test", "--help"]),
    sh(&["dpkg"], &[])
        .cased(&[
            "-i",
            "-r",
            "-P",
            "--install",
            "--remove",
            "--purge",
            "--unpack",
            "--configure",
            "--add-architecture",
        ])
        .without(&["--root*", "--instdir*", "--admindir*", "--dry-run", "--no-act", "--simulate", "--help"]),
    sh(&["snap"], &[&["install", "remove", "refresh"]]).without(&["--list", "--help", "-h"]),
    sh(&["add-apt-repository"], &[]).without(HELP),
    sh(&["apt-key"], &[&["add", "adv"]]).without(HELP),
    sh(&["debconf-set-selections", "dpkg-reconfigure", "locale-gen"], &[]).without(HELP),
    sh(&["useradd", "userdel", "usermod", "adduser", "deluser"], &[]).without(&[
        "--help",
        "-h",
        "--version",
        "-D",
        "--defaults",
    ]),
    sh(&["groupadd", "groupdel", "groupmod", "addgroup", "delgroup", "chpasswd"], &[]).without(HELP),
    sh(&["systemctl"], &[UNITS]).without(UNITS_ASK),
    sh(&["service"], &[&["start", "stop", "restart", "reload"]]).without(&["--status-all"]),
    sh(&["hostnamectl"], &[&["set-hostname"]]),
    sh(&["timedatectl"], &[&["set-timezone", "set-ntp", "set-time"]]),
    sh(&["localectl"], &[&["set-locale", "set-keymap"]]),
    sh(&["sysctl"], &[&["-w", "--write", "-p", "--load*", "--system"]]).without(HELP),
    sh(&["update-ca-certificates", "update-ca-trust", "update-grub", "update-initramfs"], &[]).without(HELP),
    sh(&["update-alternatives", "alternatives"], &[&["--install", "--set", "--remove"]]),
    sh(&["modprobe"], &[]).without(&["-n", "-c", "-d", "--show*", "--dry-run", "--help", "--version"]),
    sh(&["setenforce", "xfs_growfs", "lvextend", "pvresize"], &[]).without(HELP),
    sh(&["swapon"], &[]).without(&["--help", "-h", "--version", "-s", "--summary", "--show*"]),
    sh(&["semanage"], &[&["-a", "-m", "--add", "--modify"]]),
];

/// Whether a command fails without root, whatever it is about.
pub(super) fn needs_root(command: &Command) -> bool {
    CALLS.iter().any(|call| call.is(command))
}

/// Who may write below a folder.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ground {
    /// Only root, on every Linux: what a package or a step brings there is root's too.
    Roots,
    /// Only root, unless somebody gave a folder in it away.
    Lent,
}

/// The folders of the Filesystem Hierarchy Standard 3.0 that belong to root and that nobody else may write to.
static ROOTS: &[(&str, Ground)] = &[
    ("/etc", Ground::Roots),
    ("/usr", Ground::Roots),
    ("/boot", Ground::Roots),
    ("/root", Ground::Roots),
    ("/lib", Ground::Roots),
    ("/lib64", Ground::Roots),
    ("/bin", Ground::Roots),
    ("/sbin", Ground::Roots),
    ("/opt", Ground::Lent),
    ("/srv", Ground::Lent),
    ("/var/lib", Ground::Lent),
    ("/var/opt", Ground::Lent),
    ("/var/www", Ground::Lent),
];
/// What lies in `/` besides them.
static OTHERS: &[&str] =
    &["tmp", "var", "dev", "home", "run", "proc", "sys", "mnt", "media", "data", "datadrive", "nix", "snap"];

/// Who may write a path, if not everybody may.
pub(super) fn ground_of(path: &str) -> Option<Ground> {
    if path.contains("..") || path.contains("//") {
        return None;
    }
    if let Some((_, ground)) = ROOTS.iter().find(|(root, _)| is_in(path, root)) {
        return Some(*ground);
    }
    // A folder of one's own in `/` is made by root, whoever may write to it then.
    let (first, _) = path.strip_prefix('/')?.split_once('/').unwrap_or((path.strip_prefix('/')?, ""));
    let is_name =
        !first.is_empty() && first.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
    (is_name && !OTHERS.contains(&first)).then_some(Ground::Lent)
}

/// Whether a path is a folder, or lies in it.
pub(super) fn is_in(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
