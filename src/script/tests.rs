use super::{Dialect, FaultKind, Script, Through, Within, read};

/// The programs that run, with their arguments.
fn programs(dialect: Dialect, text: &str) -> Vec<String> {
    let script = read(text, dialect);
    let show = |(name, args): (&str, &[super::Word])| {
        let args = args.iter().map(|w| match w.redirect {
            Some(super::Redirect::Output) => format!(">{}", w.text),
            Some(super::Redirect::Input) => format!("<{}", w.text),
            None => w.text.clone(),
        });
        std::iter::once(name.to_owned()).chain(args).collect::<Vec<_>>().join(" ")
    };
    script.commands.iter().filter_map(|c| c.program()).map(show).collect()
}

fn check(dialect: Dialect, table: &[(&str, &[&str])]) {
    for (text, expected) in table {
        assert_eq!(programs(dialect, text), *expected, "{text}");
        assert!(read(text, dialect).faults.is_empty(), "{text}: {:?}", read(text, dialect).faults);
    }
}

#[test]
fn commands_of_shells() {
    check(
        Dialect::Sh,
        &[
            ("sudo -E /sbin/reboot now", &["reboot now"]),
            ("X=1 sudo -u root shutdown -r +1 # later", &["shutdown -r +1"]),
            (
                "test -e x && reboot || echo 'no reboot; here'",
                &["test -e x", "reboot", "echo no reboot; here"],
            ),
            ("# reboot", &[]),
            ("cat <<EOF >/etc/x\nreboot\nEOF\ndate", &["cat >/etc/x", "date"]),
            ("cat > x <<'A' && cat <<B\nreboot\nA\nhalt\nB\ndate", &["cat >x", "cat", "date"]),
            ("command -v reboot >/dev/null", &[]),
            ("command -p reboot", &["reboot"]),
            ("reboot() {\n  echo no\n}\nreboot", &["echo no"]),
            ("function reboot {\n  echo no\n}", &["echo no"]),
            ("case $x in\n  reboot) date ;;\nesac", &["date"]),
            ("echo $(id -u) reboot", &["echo $(id -u) reboot", "id -u"]),
            ("echo \"a\nreboot\" 2>&1", &["echo a\nreboot"]),
            ("apt-get install -y \\\n  reboot", &["apt-get install -y reboot"]),
            ("echo `date` x", &["echo `date` x", "date"]),
            ("echo `echo \\`date\\``", &["echo `echo \\`date\\``", "date", "echo `date`"]),
            ("echo \"$(echo \"$(date)\")\"", &["echo $(echo \"$(date)\")", "echo $(date)", "date"]),
            ("( cd /x; make ) && ( ( reboot ) )", &["cd /x", "make", "reboot"]),
            ("((x = 1)); for ((i=0; i<3; i++)); do date; done", &["date"]),
            ("[[ -f /x && $y == z* ]] && date", &["[[ -f /x $y == z* ]]", "date"]),
            ("if date; then halt; elif id; then w; else x; fi", &["date", "halt", "id", "w", "x"]),
            ("for reboot in a b; do echo $reboot; done", &["echo $reboot"]),
            ("while read -r l; do echo $l; done < /etc/x", &["read -r l", "echo $l"]),
            ("! date | grep x", &["date", "grep x"]),
            ("time date", &["date"]),
            ("{ date; } > out", &["date >out"]),
            ("nohup timeout -k 5 10 nice -n 3 date &", &["date"]),
            ("env -u A B=1 date", &["date"]),
            ("find . | xargs -I{} -n 1 rm -f {}", &["find .", "rm -f {}"]),
            ("echo ${x:-$(date)}", &["echo ${x:-$(date)}", "date"]),
            ("echo $((1 + $(date)))", &["echo $((1 + $(date)))", "date"]),
            ("x=$(curl -s y)", &["curl -s y"]),
            ("arr=(reboot \"halt now\")", &[]),
            ("diff <(date) <(id) > >(cat)", &["diff (date) (id) >(cat)", "date", "id", "cat"]),
            ("alias r=reboot", &["alias r=reboot"]),
            ("echo don\\'t; date", &["echo don't", "date"]),
            ("echo ü $(date) é; id", &["echo ü $(date) é", "date", "id"]),
            ("echo $'a\\'b' c", &["echo a\\'b c"]),
            ("a\r\nb\r\n", &["a", "b"]),
            ("echo @(a|b) x+(y)", &["echo @(a|b) x+(y)"]),
            ("echo a\\", &["echo a"]),
            ("echo {a,b} #c\ndate", &["echo {a,b}", "date"]),
            ("99999999999>x", &[]),
            ("a[${b-~99999999999999999999}]=1", &[]),
        ],
    );
}

#[test]
fn scripts_within_commands_of_shells() {
    check(
        Dialect::Sh,
        &[
            ("bash -c 'date; sudo reboot'", &["bash -c date; sudo reboot", "date", "reboot"]),
            ("sudo sh -exc \"cp $X /tmp/y\"", &["sh -exc cp $X /tmp/y", "cp $X /tmp/y"]),
            ("su - x -c 'date'", &["su - x -c date", "date"]),
            ("sudo bash <<'EOF'\ndate\nEOF", &["bash", "date"]),
            ("bash -s -- a <<EOF\ndate\nEOF", &["bash -s -- a", "date"]),
            ("cat <<EOF | sudo bash\ndate\nEOF", &["cat", "bash", "date"]),
            ("echo 'date' | sh", &["echo date", "date", "sh"]),
            ("bash <<< 'date'", &["bash", "date"]),
            ("eval 'date'", &["eval date", "date"]),
            ("trap 'rm -rf /x' EXIT", &["trap rm -rf /x EXIT", "rm -rf /x"]),
            ("bash -c \"bash -c 'date'\"", &["bash -c bash -c 'date'", "bash -c date", "date"]),
            ("bash -c \"$(curl x)\"", &["bash -c $(curl x)", "curl x"]),
            ("bash x.sh <<EOF\ndate\nEOF", &["bash x.sh"]),
            ("python3 -c 'import os'", &["python3 -c import os"]),
            ("ssh host 'reboot'", &["ssh host reboot"]),
            ("pwsh -Command 'Get-Date'", &["pwsh -Command Get-Date", "get-date"]),
        ],
    );
}

#[test]
fn commands_of_powershell() {
    check(
        Dialect::PowerShell,
        &[
            (
                "& \"$env:SystemRoot\\System32\\Sysprep\\Sysprep.exe\" /oobe /generalize",
                &["sysprep /oobe /generalize"],
            ),
            ("if ($x) { Restart-Computer -Force }", &["restart-computer -Force"]),
            ("'Restart-Computer'", &[]),
            ("\"Restart-Computer\" | Out-File x", &["out-file x"]),
            ("Start-Process -FilePath C:\\sysprep.exe -Wait", &["sysprep"]),
            (
                "Start-Process -Wait sysprep.exe -ArgumentList '/oobe', '/generalize /quiet'",
                &["sysprep /oobe /generalize /quiet"],
            ),
            ("cmd.exe /c shutdown /r", &["shutdown /r"]),
            (
                "cmd /c \"net user a Secret12 /add & shutdown /r\"",
                &["cmd /c net user a Secret12 /add & shutdown /r", "net user a Secret12 /add", "shutdown /r"],
            ),
            ("<# Restart-Computer #> Get-Date # Restart-Computer", &["get-date"]),
            ("$s = @'\nRestart-Computer\n'@\nGet-Date", &["get-date"]),
            (
                "((Get-Content x) -replace 'Sysprep.exe /generalize','y') | Set-Content x",
                &["get-content x", "set-content x"],
            ),
            ("Write-Host \"it is $(Get-Date)\"", &["write-host it is $(Get-Date)", "get-date"]),
            ("Foo `\n  -Bar x", &["foo -Bar x"]),
            ("Foo -Uri:\"http://x\"", &["foo -Uri http://x"]),
            ("Foo a, 'b', \"c\"", &["foo a b c"]),
            ("Foo > c:\\x 2> $null", &["foo >c:\\x >$null"]),
            ("function Restart-Computer { Get-Date }\nRestart-Computer", &["get-date"]),
            ("Invoke-Command -ScriptBlock { Get-Date }", &["invoke-command -ScriptBlock {…}", "get-date"]),
            (
                "iex ((New-Object Net.WebClient).DownloadString('https://x'))",
                &[
                    "iex ((New-Object Net.WebClient).DownloadString('https://x'))",
                    ".downloadstring https://x",
                    "new-object Net.WebClient",
                ],
            ),
            (
                "Invoke-Expression 'Get-Date; Get-Item x'",
                &["invoke-expression Get-Date; Get-Item x", "get-date", "get-item x"],
            ),
            (
                "powershell -NoProfile -Command \"Get-Date\"",
                &["powershell -NoProfile -Command Get-Date", "get-date"],
            ),
            (
                "Start-Process powershell -ArgumentList '-Command Get-Date'",
                &["powershell -Command Get-Date", "get-date"],
            ),
            ("try { Foo } catch { Bar }", &["foo", "bar"]),
            ("foreach ($i in 1, 2) { Foo $i }", &["foo $i"]),
            ("$x = Foo -a; $y", &["foo -a"]),
            ("Write-Host 'it''s' \"a\"\"b\"", &["write-host it's a\"b"]),
        ],
    );
}

/// The texts of the places of what is found.
fn texts(text: &str, ranges: impl IntoIterator<Item = crate::base::TextRange>) -> Vec<&str> {
    ranges.into_iter().map(|range| text.get(range.to_usize()).unwrap()).collect()
}

#[test]
fn places_are_bytes_of_the_text() {
    for (dialect, text, expected) in [
        (Dialect::Sh, "é; X=1 sudo reboot 'a b' # c", &["é", "sudo reboot 'a b'"][..]),
        (Dialect::Sh, "bash -c 'date; id -u'", &["bash -c 'date; id -u'", "date", "id -u"]),
        (Dialect::Sh, "bash <<'E'\n\tdate x\nE", &["bash", "date x"]),
        (Dialect::Sh, "bash -c \"a \\\"b\\\"\"", &["bash -c \"a \\\"b\\\"\"", "\"a \\\"b\\\"\""]),
        (Dialect::Sh, "x \"$(\n  y z)\"", &["x \"$(\n  y z)\"", "y z"]),
        (Dialect::PowerShell, "é; Foo 'b c'", &["é", "Foo 'b c'"]),
        (Dialect::PowerShell, "powershell -Command \"Foo b\"", &["powershell -Command \"Foo b\"", "Foo b"]),
    ] {
        assert_eq!(texts(text, read(text, dialect).commands.iter().map(|c| c.range)), expected, "{text}");
    }
}

#[test]
fn commands_know_whose_output_they_read() {
    let reads = |dialect, text: &str| -> Vec<(usize, usize, Through)> {
        let script = read(text, dialect);
        let all = script.commands.iter().enumerate();
        all.flat_map(|(at, c)| c.reads.iter().map(move |r| (at, r.command, r.through))).collect()
    };
    let sh = |text| reads(Dialect::Sh, text);
    assert_eq!(sh("curl x | sudo bash"), [(1, 0, Through::Input)]);
    assert_eq!(sh("curl x |\n bash"), [(1, 0, Through::Input)]);
    assert_eq!(sh("curl x | tee y | bash"), [(1, 0, Through::Input), (2, 1, Through::Input)]);
    assert_eq!(sh("curl x || bash"), []);
    assert_eq!(sh("curl x; bash"), []);
    assert_eq!(sh("bash <(curl x)"), [(0, 1, Through::File)]);
    assert_eq!(sh("bash < <(curl x)"), [(0, 1, Through::Input)]);
    assert_eq!(sh("bash -c \"$(curl x)\""), [(0, 1, Through::Argument)]);
    assert_eq!(sh("bash <<< \"$(curl x)\""), [(0, 1, Through::Input)]);
    assert_eq!(sh("(a; curl x) | { bash; }"), [(2, 1, Through::Input)]);
    assert_eq!(sh("a | (echo $(b))"), [(1, 2, Through::Argument), (1, 0, Through::Input)]);
    let ps = |text| reads(Dialect::PowerShell, text);
    assert_eq!(ps("irm x | iex"), [(1, 0, Through::Input)]);
    assert_eq!(ps("iex (irm x)"), [(0, 1, Through::Argument)]);
    assert_eq!(ps("iex \"$(irm x)\""), [(0, 1, Through::Argument)]);
    assert_eq!(ps("irm x; iex"), []);
}

#[test]
fn commands_know_what_encloses_them() {
    let within = |text: &str, program: &str| -> Vec<Within> {
        let script = read(text, Dialect::Sh);
        let command =
            script.commands.iter().find(|c| c.program().is_some_and(|(n, _)| n == program)).unwrap();
        script.within(command).cloned().collect()
    };
    assert_eq!(within("(halt)", "halt"), [Within::Subshell]);
    assert_eq!(within("f() { halt; }", "halt"), [Within::Function("f".into())]);
    assert_eq!(within("if halt; then x; fi", "halt"), [Within::Condition]);
    assert_eq!(within("if x; then halt; fi", "halt"), [Within::Branch]);
    assert_eq!(within("a && halt", "halt"), [Within::Branch, Within::Chain]);
    assert_eq!(within("halt || a", "halt"), [Within::Condition]);
    assert_eq!(within("! halt", "halt"), [Within::Negated]);
    assert_eq!(within("halt & x", "halt"), [Within::Background]);
    assert_eq!(within("echo $(halt)", "halt"), [Within::Substitution]);
    assert_eq!(within("bash -c '(halt)'", "halt"), [Within::Subshell, Within::Wrapper("bash".into())]);
    assert_eq!(within("halt | x", "halt"), [Within::Subshell]);
}

fn variables(script: &Script) -> (Vec<String>, Vec<String>, Vec<String>) {
    let set = script.assignments.iter().map(|a| format!("{} {:?}", a.name, a.reach)).collect();
    let used = script.uses.iter().map(|u| u.name.clone()).collect();
    (set, used, script.functions.iter().map(|f| f.name.clone()).collect())
}

#[test]
fn variables_and_functions_are_found() {
    let text = "A=1; export B=$A C; D=2 cmd; f() { local E=3; }; for G in 1; do read H; done; echo \"${I:-$J}\" '$K' $1";
    let (set, used, functions) = variables(&read(text, Dialect::Sh));
    assert_eq!(set, ["A Script", "B Programs", "C Programs", "D Part", "E Part", "G Script", "H Script"]);
    assert_eq!(used, ["A", "I", "J"]);
    assert_eq!(functions, ["f"]);
    let text = "$a = 1; $env:B = $c; ${env:D} = 1; function E { \"$f $env:G\" }; Set-Item Env:H 1; \
                [Environment]::SetEnvironmentVariable('I', '1', 'Machine'); foo $j\\x; '$k'";
    let (set, used, functions) = variables(&read(text, Dialect::PowerShell));
    assert_eq!(set, ["a Script", "B Programs", "D Programs", "H Programs", "I Machine"]);
    assert_eq!(used, ["c", "f", "G", "j"]);
    assert_eq!(functions, ["E"]);
    let text = "[int]$a, $b = 1, 2; [string]$c = ''; foreach ($d in $e) { }; $f.g = 1; & { param($h = $i) }; \
                Get-Item x -OutVariable j -ErrorVariable +k";
    let (set, used, _) = variables(&read(text, Dialect::PowerShell));
    let set: Vec<&str> = set.iter().filter_map(|s| s.strip_suffix(" Script")).collect();
    assert_eq!(set, ["a", "b", "c", "d", "h", "j", "k"]);
    assert_eq!(used, ["e", "f", "i"]);
    let text = "printf -v a x; mapfile -t b; getopts 'x:' c; unset d";
    let (set, ..) = variables(&read(text, Dialect::Sh));
    assert_eq!(set, ["a Script", "b Script", "c Script", "d Part"]);
    let text = "$a ${b} ${c:-x} ${d-x} ${e:=x} ${f:?} ${g+x} ${h#x} ${i:1}";
    let script = read(text, Dialect::Sh);
    let lacking: String = script.uses.iter().filter(|u| u.may_lack).map(|u| &*u.name).collect();
    assert_eq!(lacking, "cdefg");
}

#[test]
fn what_is_not_read_in_full_says_so() {
    let nested = |depth: usize| format!("{}v=1{}", "( ".repeat(depth), " )".repeat(depth));
    assert!(!read(&nested(4), Dialect::Sh).in_parts);
    for text in [&*nested(100), "if true; then\nv=1", "echo 'a"] {
        assert!(read(text, Dialect::Sh).in_parts, "{text}");
    }
    assert!(!read("$v = @(1)", Dialect::PowerShell).in_parts);
    assert!(read("$v = @(1", Dialect::PowerShell).in_parts);
}

#[test]
fn what_only_bash_has_is_found() {
    let text = "[[ a ]]; x=(1 2); function f { :; }; diff <(a) b; a <<< b; a &> b; source x; echo ${x//a/b} ${x:1:2} \
                ${x^^} {1..3} $'a' ((1)); x+=1; ((x)); echo ${x:-1} ${x#a} ${#x} {a} \"{1..3}\" '[['";
    let text = text.replace(" ((1))", "");
    let script = read(&text, Dialect::Sh);
    let found: Vec<&str> = script.bash_only.iter().map(|b| b.what).collect();
    assert_eq!(
        found,
        [
            "[[", "x=(…)", "function", "<(…)", "<<<", "&>", "source", "${x/a/b}", "${x:1}", "${x^}", "{a,b}",
            "$'…'", "x+=…", "((…))"
        ]
    );
    for part in &script.bash_only {
        assert!(text.get(part.range.to_usize()).is_some_and(|t| !t.is_empty()), "{part:?}");
    }
}

/// Faults in short: what, where it is noticed, where it begins.
fn in_words(found: &Option<String>) -> &str {
    found.as_deref().unwrap_or("the end of the line")
}

fn faults(dialect: Dialect, text: &str) -> Vec<String> {
    let show = |kind: &FaultKind| match kind {
        FaultKind::Unclosed { open, close } => format!("{open} without {close}"),
        FaultKind::Unexpected { found, expected: Some(expected) } => {
            format!("{} for {expected}", in_words(found))
        }
        FaultKind::Unexpected { found, expected: None } => format!("{} unexpected", in_words(found)),
        FaultKind::Refused { what, .. } => format!("{what} refused"),
        FaultKind::Unfinished { after } => format!("nothing after {after}"),
    };
    let script = read(text, dialect);
    let at = |range: crate::base::TextRange| range.start;
    script
        .faults
        .iter()
        .map(|f| match f.opened {
            Some(opened) => format!("{} @{} {}", show(&f.kind), at(opened), at(f.at)),
            None => format!("{} @{}", show(&f.kind), at(f.at)),
        })
        .collect()
}

#[test]
fn faults_of_shells() {
    for (text, expected) in [
        ("if a; then\n  b\n", "if without fi @0 13"),
        ("for x in a; do\n  b\n", "do without done @12 17"),
        ("case x in\n a) b;;\n", "case without esac @0 15"),
        ("f() {\n  b\n", "{ without } @4 8"),
        ("( a", "( without ) @0 2"),
        ("echo 'a\nb", "' without ' @5 8"),
        ("x\necho \"a\nb", "\" without \" @7 10"),
        ("echo `a\n", "` without ` @5 5"),
        ("echo $(a\n", "$( without ) @5 5"),
        ("echo \"b $(a\n\"", "\" without \" @12 12"),
        ("echo ${a\n", "${ without } @5 5"),
        ("a |", "nothing after | @2"),
        ("a &&\n", "nothing after && @2"),
        ("fi", "fi unexpected @0"),
        ("else echo", "else unexpected @0"),
        ("a\nthen b", "then unexpected @2"),
        ("for x in a; do elif b; done", "elif for done @12 15"),
        ("a\ndone\n", "done unexpected @2"),
        ("if a; then b; done", "done for fi @0 14"),
        ("if a; b; fi", "fi for then @9"),
        ("for x in a; b; done", "b for do @12"),
        ("while a; b; done", "done for do @12"),
        ("a )", ") unexpected @2"),
        ("{ a; )", ") for } @0 5"),
        ("a ;; b", ";; unexpected @2"),
        ("if a; then fi", "fi unexpected @11"),
        ("cat <<EOF\na\n EOF\n", "<<EOF without EOF @4 13"),
    ] {
        assert_eq!(faults(Dialect::Sh, text), [expected], "{text}");
    }
    for text in [
        "if a; then\n  echo \u{e000}\n",
        "echo <name> | (",
        "if {{x}}; then",
        "",
        "\n\n",
        "# only 'a comment",
        "echo 'a' \"b\" `c` $(d) ${e}",
        "cat <<EOF\ndon't\nEOF\n",
        "echo \"it's\" # don't",
        "a=$(case x in a) b;; esac)",
        "a=$(cat <<E\nit's\nE\n)",
        "a=$(cat <<E)\nx\nE\n",
        "x() { a; }; [ -f x ] || { b; }",
        "echo [ ] { } if then",
        "[[ $a != b && $c =~ d|e && ! -f x && (1 -lt 2) && a < b ]]",
    ] {
        assert_eq!(faults(Dialect::Sh, text), [""; 0], "{text}");
    }
}

#[test]
fn faults_of_powershell() {
    for (text, expected) in [
        ("if ($x) {\n  Foo\n", "{ without } @8 12"),
        ("Foo 'a\nb", "' without ' @4 7"),
        ("Foo \"a\nb", "\" without \" @4 7"),
        ("$x = @'\na\n '@", "@' without '@ @5 11"),
        ("Foo (1", "( without ) @4 4"),
        ("Foo }", "} unexpected @4"),
        ("if ($x { Foo }", "( without ) @3 13"),
        ("foo (1 }", "} for ) @4 7"),
        ("<# a", "<# without #> @0 3"),
        ("Foo && Bar", "`&&` refused @4"),
        ("if ($a) { Foo || Bar }", "`||` refused @14"),
        ("$x = Foo &&\n  Bar", "`&&` refused @9"),
        ("Foo \"a $(B && C)\"", "`&&` refused @11"),
        ("try { Foo }\nBar", "`try` without `catch` or `finally` refused @0"),
        ("try { try { Foo } } catch { }", "`try` without `catch` or `finally` refused @6"),
        ("if (Foo) then { Bar }", "`then` refused @9"),
        ("if ($a) { 1 } else if ($b) { 2 }", "`else if` refused @14"),
        ("Foo\nfor i in 1 2 3; do\n  echo $i\ndone", "`for … in` without brackets refused @4"),
        ("foreach $x in $y { Foo }", "`foreach … in` without brackets refused @0"),
        ("if [ -d /x ]; then\n  Foo\nfi", "`if` without brackets refused @0"),
        ("if $a -eq 1 { Foo }", "`if` without brackets refused @0"),
        ("$x = @{ a = 1, b = 2 }", "`,` between the entries of a table refused @13"),
        ("Foo @{\n  a = 'x',\n  b = 'y'\n}", "`,` between the entries of a table refused @16"),
        ("$x = $a ?? 2", "`??` refused @8"),
        ("return $a ?? 2", "`??` refused @10"),
        ("$a ??= 'x'", "`??=` refused @3"),
        ("$x = $a ? 1 : 2", "`? :` refused @8"),
        ("$x = 1 +", "nothing after + @7"),
        ("Foo |\n", "nothing after | @4"),
    ] {
        assert_eq!(faults(Dialect::PowerShell, text), [expected], "{text}");
    }
    for text in [
        "Foo 'it''s' \"a`\"b\" # don't",
        "<# don't #> Foo",
        "$x = @\"\n\"don't\"\n\"@",
        "Foo \"a $(Bar \"b\") c\"",
        "Foo –Bar “don't”",
        "cmd --% a ' b",
        "${a'b} = 1",
        "Foo a#b",
        "Foo \u{e000} {",
        "foreach ($x in @(1, 2)) { @{ a = '}' } }",
        "cmd /c \"a && b\"",
        "cmd /c 'a || b' # && c",
        "cmd --% /c a && b",
        "$x = @'\na && b\n'@",
        "pwsh -Command \"a && b\"",
        "$c = \"a && b\"; cmd /c $c",
        "<# a && b #> Foo",
        "Foo `&`& Bar",
        "& Foo",
        "try { Foo }\n# a comment\ncatch { Bar }",
        "try { Foo }\n\n\ncatch [IO.IOException] { Bar } finally { }",
        "try { Foo } finally { Bar }",
        "try { Foo }\ncatch [IO.IOException], [Net.WebException]\n{ Bar }",
        "Try { Foo } Catch { Bar }",
        "if ($a) { 1 }\nelseif ($b) { 2 }\nelse { 3 }",
        "if ($a) { 1 } else { if ($b) { 2 } }",
        "else { 1 }",
        "Foo then { Bar }",
        "Foo for i in 1 2",
        "Foo `\n  if $a -b",
        "Get-Item x |\n  foreach { $_ }",
        "$x = @{ a = 1, 2; b = 3 }",
        "$x = @{\n  a = 1,\n    2\n  b = 3\n}",
        "dir | ? { $_ } | % { $_ }",
        "$a?.b",
        "Foo ? : 1",
        "Foo $a ?? b",
        "echo a +",
        "dir *",
        "Foo a |\n  Bar",
    ] {
        assert_eq!(faults(Dialect::PowerShell, text), [""; 0], "{text}");
    }
}

#[test]
fn other_lines_of_a_broken_script_are_read() {
    for text in [
        "sudo reboot\nif a; then\n b\n",
        "fi\nsudo reboot",
        "a )\nif sudo reboot; then",
        "echo 'a\nb' )\nreboot",
    ] {
        assert!(programs(Dialect::Sh, text).contains(&"reboot".to_owned()), "{text}");
    }
    for text in ["cat <<E\nreboot\nE\nfi", "echo 'a\nreboot\n' )", "cat <<E\nreboot"] {
        assert!(!programs(Dialect::Sh, text).contains(&"reboot".to_owned()), "{text}");
    }
    assert_eq!(
        programs(Dialect::PowerShell, "Restart-Computer -Force\nif ($x) {"),
        ["restart-computer -Force"]
    );
}

/// Texts that take long, or much of the stack, if nobody looks: read on a stack such as tests have.
#[test]
fn hostile_texts_cost_little() {
    let n = 20_000;
    let texts: Vec<String> = [
        "$(",
        "(",
        "((",
        "( ",
        "{ ",
        "if a; then ",
        "case a in b) ",
        "f() { ",
        "`",
        "\"$(",
        "${a-",
        "<(",
        "a <( ",
        "[[ ( ",
        "$((",
        "a[$((",
        "@(",
        "\\",
        "'",
        "\"",
        "<<E\n",
        "for ((",
        "coproc { ",
        "function f { ",
        "case x in fi) { ",
        "case x in (esac) ",
        "| ",
        "&& ",
        ";",
        "a=( ",
        "${a[${b[",
        "bash -c '",
        "eval \"",
        "{a,",
        "~9",
        "99999",
        "@'\n",
        "@\"",
        "@{",
        "#",
        "<#",
        "$x = @(",
        "[",
        "if (",
        "a | ",
        "-",
        "`n",
        "\u{e000}",
        "é$(",
        "a.b(",
    ]
    .iter()
    .map(|part| part.repeat(n))
    .collect();
    let work = move || {
        for text in &texts {
            for dialect in [Dialect::Sh, Dialect::PowerShell] {
                let start = std::time::Instant::now();
                read(text, dialect);
                let time = start.elapsed();
                let part: String = text.chars().take(20).collect();
                assert!(time.as_secs() < 10, "{dialect:?} {part} {time:?}");
            }
        }
    };
    std::thread::Builder::new().stack_size(1 << 20).spawn(work).unwrap().join().unwrap();
}
