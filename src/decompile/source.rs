//! What an image is built from.

use super::code::Code;
use super::out::Ex;
use super::rows::Around;
use super::scope::{Meaning, Scope, Type};
use crate::check::marketplace_images;
use crate::json::{Object, Value};
use crate::syntax::quote;

impl Scope {
    /// A source; nothing where only an object as it is says it.
    pub(super) fn fit_source(&mut self, object: &Object, kind: &str, _: &Around) -> Option<Ex> {
        let only = |names: &[&str]| {
            object.members.iter().all(|m| names.contains(&&*m.key.text))
                && object.effective().len() == object.members.len()
        };
        let ex = match kind {
            "PlatformImage" if only(&["type", "publisher", "offer", "sku", "version", "planInfo"]) => {
                self.platform_image(object)
            }
            "SharedImageVersion" if only(&["type", "imageVersionId"]) => {
                self.gallery_version(object.get("imageVersionId")?)
            }
            "ManagedImage" if only(&["type", "imageId"]) => self.managed_image(object.get("imageId")?),
            _ => None,
        }?;
        for member in &object.members {
            let lines = self.comments_of(&member.value);
            self.pending.extend(lines);
        }
        Some(ex)
    }

    fn platform_image(&mut self, object: &Object) -> Option<Ex> {
        let mut text = |key: &str| -> Option<Code> {
            let code = self.text_code(object.get(key)?)?;
            matches!(code.ty, Type::Text | Type::Any).then_some(code)
        };
        let [publisher, offer, sku] = [text("publisher")?, text("offer")?, text("sku")?];
        let version = match object.get("version") {
            None => None,
            Some(_) => Some(text("version")?),
        };
        let plan = match object.get("planInfo") {
            None => None,
            Some(value) => Some(self.plan(value)?),
        };
        let latest = version.as_ref().is_some_and(|code| code.text == "\"latest\"");
        let spells = |text: &str, code: &Code| quote(text) == code.text;
        let known = marketplace_images().iter().find(|known| {
            let same_plan = match (&known.plan, &plan) {
                (None, None) => true,
                (Some(known), Some(plan)) => known.iter().zip(plan).all(|(k, p)| spells(k, p)),
                _ => false,
            };
            same_plan
                && spells(known.publisher, &publisher)
                && spells(known.offer, &offer)
                && spells(known.sku, &sku)
        });
        if let Some(known) = known.filter(|_| latest) {
            self.uses_marketplace = true;
            return Some(Ex::atom(format!("marketplace.{}", known.name)));
        }
        let mut args: Vec<Ex> = [publisher, offer, sku].into_iter().map(|code| Ex::atom(code.text)).collect();
        match version {
            Some(_) if latest => {}
            Some(code) => args.push(Ex::atom(format!("version = {}", code.text))),
            None => args.push(Ex::atom("version = null")),
        }
        if let Some([publisher, product, name]) = plan {
            args.push(Ex::atom(format!(
                "plan = {{ name = {}, product = {}, publisher = {} }}",
                name.text, product.text, publisher.text
            )));
        }
        Some(Ex::Call("platform_image".into(), args))
    }

    /// Publisher, product and name of a plan that has just these.
    fn plan(&mut self, value: &Value) -> Option<[Code; 3]> {
        let object = value.as_object()?;
        if object.members.len() != 3 {
            return None;
        }
        let mut text = |key: &str| {
            let code = self.text_code(object.get(key)?)?;
            matches!(code.ty, Type::Text | Type::Any).then_some(code)
        };
        Some([text("planPublisher")?, text("planProduct")?, text("planName")?])
    }

    fn gallery_version(&mut self, id: &Value) -> Option<Ex> {
        static KINDS: &[&str] = &["version"];
        let path = match self.meaning(id.as_text()?, id.range) {
            Meaning::Text(text) => self.literal_id(KINDS, &text),
            Meaning::Expr(expr) => self.expr_id(KINDS, &expr),
            Meaning::Broken => return None,
        };
        if let Some(path) = path {
            return Some(Ex::atom(self.version_source(path)));
        }
        let code = self.text_code(id)?;
        matches!(code.ty, Type::Text | Type::Any)
            .then(|| Ex::Call("gallery_version".into(), vec![Ex::atom(code.text)]))
    }

    fn managed_image(&mut self, id: &Value) -> Option<Ex> {
        static KINDS: &[&str] = &["managed_image"];
        if let Meaning::Text(text) = self.meaning(id.as_text()?, id.range)
            && let Some(path) = self.managed_source(&text)
        {
            return Some(Ex::atom(path));
        }
        let id = self.fit_id(KINDS, id)?;
        Some(Ex::Call("managed_image".into(), vec![id]))
    }
}
