//! Texts nobody would write: a small seeded generator.

/// A pseudo-random sequence (SplitMix64): the same seed gives the same texts on every machine.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { usize::try_from(self.next() % n as u64).expect("it is below n") }
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

const TOKENS: &[&str] = &[
    "import", "param", "let", "fn", "type", "recipe", "output", "assert", "policy", "resource", "existing",
    "use", "for", "if", "else", "elif", "in", "as", "from", "with", "on", "secret", "and", "or", "a", "web",
    "image", "gallery", "true", "null", "1", "1_000", "1.5", "2h", "64GB", "512MB", "0x1F", "\"a\"", "\"${",
    "\"", "\"\"\"", "'", "'''", "'a'", "\\", "\\n", "${", "{", "}", "{", "}", "(", ")", "[", "]", "<", ">",
    "=", "==", "=>", ":=", ":", "?", "?.", "??", ",", ";", ".", "..", "...", "->", "|", "||", "&&", "!", "-",
    "+", "*", "/", "%", "//", "/*", "*/", "///", "#", "@", "$", "`", "\n", "\n", "\n", "\r\n", "\r", "\t",
    " ", " ", " ", "\n  ", "\u{feff}", "\u{a0}", "é", "“", "🦀", "\0",
];

/// Tokens in any order.
pub(crate) fn tokens(random: &mut Random, count: usize) -> String {
    let mut text = String::new();
    for _ in 0..count {
        text.push_str(random.pick(TOKENS));
        if random.below(3) == 0 {
            text.push(' ');
        }
    }
    text
}

/// Any bytes, as text.
pub(crate) fn bytes(random: &mut Random, count: usize) -> String {
    let bytes: Vec<u8> = (0..count).map(|_| u8::try_from(random.below(256)).expect("a byte")).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A place in a text where it can be cut.
pub(crate) fn cut(random: &mut Random, text: &str) -> usize {
    let mut at = random.below(text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A valid text with a few pieces removed, doubled or replaced.
pub(crate) fn mutate(random: &mut Random, text: &str) -> String {
    let mut text = text.to_string();
    for _ in 0..=random.below(3) {
        let from = cut(random, &text);
        let mut to = (from + random.below(12)).min(text.len());
        while !text.is_char_boundary(to) {
            to -= 1;
        }
        let to = to.max(from);
        match random.below(4) {
            0 => text.replace_range(from..to, ""),
            1 => text.replace_range(from..to, random.pick(TOKENS)),
            2 => text.insert_str(from, random.pick(TOKENS)),
            _ => {
                let piece = text[from..to].to_string();
                let at = cut(random, &text);
                text.insert_str(at, &piece);
            }
        }
    }
    text
}
