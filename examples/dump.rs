fn main() {
    for path in std::env::args().skip(1) {
    let text = std::fs::read_to_string(&path).unwrap();
    let p = aib::syntax::parse(aib::base::FileId(0), &text);
    let m = aib::base::SourceFile::new("x", text.clone());
    for e in &p.errors {
        println!("{path}: {} {}", e.code.id, e.title);
        for l in &e.labels {
            let a = m.position(l.span.range.start);
            println!("    {}:{} {:?} {}", a.line, a.column, m.slice(l.span.range), l.message);
        }
        for n in &e.notes { println!("    note: {n}"); }
        if let Some(h) = &e.help { println!("    help: {h}"); }
        for f in &e.fixes { println!("    fix: {} {:?} {:?}", f.title, f.applicability, f.edits); }
    }
    if std::env::var("CST").is_ok() {
    for n in p.cst.nodes() {
        let d = n.ancestors().count();
        println!("{}{:?}@{:?} {}", "  ".repeat(d), n.kind(), n.range(), if n.is_leaf() { format!("{:?}", n.text(&text)) } else { String::new() });
    }
    }
    if std::env::var("AST").is_ok() {
    println!("{:#?}", p.ast);
    }
    }
}
