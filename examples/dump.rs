fn main() {
    let path = std::env::args().nth(1).unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    let p = aib::syntax::parse(aib::base::FileId(0), &text);
    for n in p.cst.nodes() {
        let d = n.ancestors().count();
        println!("{}{:?}@{:?} {}", "  ".repeat(d), n.kind(), n.range(), if n.is_leaf() { format!("{:?}", n.text(&text)) } else { String::new() });
    }
    println!("{:#?}", p.ast);
    println!("{:#?}", p.errors);
}
