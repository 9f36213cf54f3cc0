//! What images are called where their own name tells nothing: after what they become, or after their file.

use super::names::pleasant;
use super::scope::Scope;
use super::text::Part;
use crate::arm::Expr;
use crate::json::Value;

/// Names that tell no image from another.
static TELL_NOTHING: &[&str] = &[
    "name",
    "image",
    "images",
    "template",
    "image_template",
    "imagetemplate",
    "image_name",
    "template_name",
    "template_image",
    "image_definition",
    "image_def",
    "image_def_name",
    "golden_image",
    "my_image",
    "custom_image",
    "aib_template",
    "aib_image",
    "golden_image_template",
    "main",
];

/// What names are put together with that changes from one deployment to the next, or is the same everywhere.
static CHANGING: &[&str] = &["time", "base_time", "timestamp", "date", "suffix", "prefix", "name", "id"];

/// How many letters a word has that tells something.
const LEAST_WORD: usize = 3;

/// Names of files that say what every file is.
static COMMON_FILES: &[&str] = &[
    "azuredeploy",
    "deploy",
    "main",
    "template",
    "maintemplate",
    "armtemplate",
    "imagetemplate",
    "image",
    "stdin",
];

/// Whether a name tells no image from another.
pub(super) fn tells_nothing(name: &str) -> bool {
    TELL_NOTHING.contains(&name)
}

impl Scope {
    /// A name after the text that a name is put together with, else after the last parameter or variable in it that
    /// tells something.
    pub(super) fn named_in(&mut self, expr: &Expr) -> Option<String> {
        self.plain_ids = true;
        let parts = self.code(expr).into_parts();
        self.plain_ids = false;
        // Behind the last slash stands the resource's own name.
        let own = parts.iter().rposition(|part| matches!(part, Part::Text(text) if text.contains('/')));
        let own = parts.get(own.unwrap_or_default()..).unwrap_or_default();
        let texts = own.iter().filter_map(|part| match part {
            Part::Text(text) => pleasant(text.rsplit('/').next().unwrap_or_default()),
            Part::Code(_) => None,
        });
        let says_word =
            |text: &String| text.split(|c: char| !c.is_ascii_alphabetic()).any(|w| w.len() >= LEAST_WORD);
        let texts = texts.filter(|text| says_word(text) && !text.starts_with('_'));
        let telling = texts.filter(|text| (LEAST_WORD..40).contains(&text.len()) && !tells_nothing(text));
        telling.max_by_key(String::len).or_else(|| {
            let mut names = Vec::new();
            expr.walk(&mut |expr| {
                if let Expr::Call { name, args } = expr
                    && (name.eq_ignore_ascii_case("parameters") || name.eq_ignore_ascii_case("variables"))
                    && let [Expr::Str(text)] = args.as_slice()
                {
                    names.extend(pleasant(text));
                }
            });
            names.into_iter().rfind(|name| !CHANGING.contains(&name.as_str()))
        })
    }

    /// What an image of a template is called: by this name where it tells something, else after the default of the
    /// parameter that names it, what the image becomes, or the file.
    pub(super) fn image_name(&mut self, image: &Value, name: String) -> String {
        if !tells_nothing(&name) {
            return name;
        }
        let code = image.get("name").and_then(|name| self.text_code(name));
        let default = code.and_then(|code| self.defaults.get(&code.text)).and_then(|text| tidy(text));
        let default = default.filter(|name| !tells_nothing(name));
        default.or_else(|| telling_name(image, &self.stem)).unwrap_or(name)
    }
}

/// A name for an image after what it is distributed as, else after its file.
pub(super) fn telling_name(image: &Value, stem: &str) -> Option<String> {
    let target = target_name(image);
    let tells = |name: &String| !tells_nothing(name);
    target.clone().filter(tells).or_else(|| stem_name(stem)).or(target).filter(|name| name != "image")
}

/// A name of a thing as a name in the source, if it is no placeholder and not too long.
pub(super) fn tidy(text: &str) -> Option<String> {
    let placeholder = text.contains(['<', '>', '{', '}', '%', '[', ']']) || text.contains("__");
    pleasant(text).filter(|name| !placeholder && (3..=32).contains(&name.len()))
}

/// The name of what an image is distributed as.
fn target_name(body: &Value) -> Option<String> {
    let targets = body.get("properties")?.get("distribute")?.as_list()?;
    targets.iter().find_map(|target| {
        let id = ["galleryImageId", "imageId"].iter().find_map(|key| target.get(key)?.as_text())?;
        tidy(id.split("/versions/").next()?.rsplit('/').next()?)
    })
}

/// The last words of a file's name, without the numbers in front of it.
fn stem_name(stem: &str) -> Option<String> {
    let plain: String = stem.chars().filter(char::is_ascii_alphanumeric).collect();
    if COMMON_FILES.contains(&plain.to_ascii_lowercase().as_str()) {
        return None;
    }
    let article = |word: &str| ["a", "an", "the", "with", "of"].contains(&word);
    let words = stem.split(['-', '_', '.', ' ']).filter(|word| !word.is_empty() && !article(word));
    let words: Vec<&str> = words.collect();
    let number = |word: &&&str| word.bytes().all(|b| b.is_ascii_digit());
    let kept: Vec<&str> = words.iter().filter(|word| !number(word)).copied().collect();
    (1..=3).rev().find_map(|count| tidy(&kept.get(kept.len().checked_sub(count)?..)?.join("_")))
}
