//! Did you mean …?, and lists of words in a sentence.

/// The candidate nearest to `name`, if one is near enough to be what was meant.
///
/// The distance allowed grows with the length of the word: none in a word of one or two letters, which a slip makes
/// another, one in a word of up to four, two up to eight, three beyond. A difference of case or of `-` for `_` alone always counts as near.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let fold = |s: &str| s.to_lowercase().replace('-', "_");
    let wanted = fold(name);
    let length = wanted.chars().count();
    if length == 0 {
        return None;
    }
    let allowed = match length {
        0..=2 => 0,
        3..=4 => 1,
        5..=8 => 2,
        _ => 3,
    };
    candidates
        .into_iter()
        // As many letters as one is longer than the other must differ; that is seen without comparing them.
        .filter(|c| *c != name && c.chars().count().abs_diff(length) <= allowed)
        .map(|c| (strsim::osa_distance(&wanted, &fold(c)), c))
        .filter(|&(distance, c)| distance <= allowed && distance < c.chars().count().max(2))
        .min_by_key(|&(distance, c)| (distance, c.len()))
        .map(|(_, c)| c)
}

/// Words as a list in a sentence: `a`, `a or b`, `a, b or c`. Past `limit` words the rest is counted.
pub fn list_words<S: AsRef<str>>(words: &[S], joiner: &str, limit: usize) -> String {
    let shown: Vec<&str> = words.iter().take(limit).map(AsRef::as_ref).collect();
    if words.len() > limit {
        return format!("{} and {} more", shown.join(", "), words.len() - limit);
    }
    match shown.as_slice() {
        [] => String::new(),
        [one] => (*one).to_string(),
        [init @ .., last] => format!("{} {joiner} {last}", init.join(", ")),
    }
}

/// `1 thing`, `2 things`.
pub fn plural(n: usize, noun: &str) -> String {
    if n == 1 { format!("{n} {noun}") } else { format!("{n} {noun}s") }
}
