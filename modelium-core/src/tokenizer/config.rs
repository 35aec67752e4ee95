//! The small files beside a vocabulary: class, special tokens, templates.

use super::Tokenizer;
use crate::blob::Blob;
use crate::context::Context;
use crate::descriptor::tokenizer::{AddedToken, ChatTemplate};
use crate::error::Result;
use crate::finding::Severity;
use crate::scan::{Depth, Exam, template};
use crate::wire::json::{self, Json};

/// A template of a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template<'a> {
    /// Its name; `default` for the only one.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
}

/// The templates under `chat_template`: one text, a list of names and texts, or an object of texts.
pub fn templates(config: &Json) -> Vec<Template<'_>> {
    let Some(value) = config.get("chat_template") else { return Vec::new() };
    if let Some(text) = value.as_str() {
        return vec![Template { name: "default", text }];
    }
    let listed = value.items().iter().filter_map(|item| {
        let name = item.get("name").and_then(Json::as_str).unwrap_or("default");
        item.get("template").and_then(Json::as_str).map(|text| Template { name, text })
    });
    let named = value.entries().iter().filter_map(|(name, text)| text.as_str().map(|text| Template { name, text }));
    listed.chain(named).collect()
}

/// `tokenizer_config.json`.
pub(super) fn settings(blob: &Blob, tokenizer: &mut Tokenizer, cx: &Context) -> Result<Option<u64>> {
    let config = json::parse(blob, cx)?.root;
    tokenizer.descriptor.class = config.get("tokenizer_class").and_then(Json::as_str).map(str::to_owned);
    // "no bound" is spelt as 10^30, which is no number of tokens
    tokenizer.descriptor.max_length =
        config.get("model_max_length").and_then(Json::as_u64).filter(|most| *most < 1 << 40);
    special_tokens(&config, "tokenizer_config.json", tokenizer);
    let listed = config.get("added_tokens_decoder").map(Json::entries).unwrap_or_default();
    for (id, token) in listed {
        let (Ok(id), Some(content)) = (id.parse::<u64>(), token.get("content").and_then(Json::as_str)) else {
            continue;
        };
        let special = token.get("special").and_then(Json::as_bool).unwrap_or_default();
        added_token(tokenizer, "tokenizer_config.json", AddedToken { id, content: content.to_owned(), special });
    }
    chat_templates(&config, blob, tokenizer, cx)?;
    Ok(None)
}

/// `special_tokens_map.json`.
pub(super) fn special(blob: &Blob, tokenizer: &mut Tokenizer, cx: &Context) -> Result<Option<u64>> {
    special_tokens(&json::parse(blob, cx)?.root, "special_tokens_map.json", tokenizer);
    Ok(None)
}

/// `added_tokens.json`: `{"token": id}`.
pub(super) fn added(blob: &Blob, tokenizer: &mut Tokenizer, cx: &Context) -> Result<Option<u64>> {
    for (content, id) in json::parse(blob, cx)?.root.entries() {
        if let Some(id) = id.as_u64() {
            let token = AddedToken { id, content: content.clone(), special: false };
            added_token(tokenizer, "added_tokens.json", token);
        }
    }
    Ok(None)
}

/// `chat_template.json`, which processors write.
pub(super) fn chat_template(blob: &Blob, tokenizer: &mut Tokenizer, cx: &Context) -> Result<Option<u64>> {
    chat_templates(&json::parse(blob, cx)?.root, blob, tokenizer, cx)?;
    Ok(None)
}

/// `chat_template.jinja`: the text alone.
pub(super) fn jinja(blob: &Blob, tokenizer: &mut Tokenizer, cx: &Context) -> Result<Option<u64>> {
    let text = String::from_utf8_lossy(blob);
    // it stands before what `tokenizer_config.json` holds under the same name
    tokenizer.descriptor.chat_templates.retain(|template| template.name != "default");
    keep(&Template { name: "default", text: &text }, blob, tokenizer, cx)?;
    Ok(None)
}

fn chat_templates(config: &Json, blob: &Blob, tokenizer: &mut Tokenizer, cx: &Context) -> Result<()> {
    templates(config).iter().try_for_each(|template| keep(template, blob, tokenizer, cx))
}

fn keep(found: &Template<'_>, blob: &Blob, tokenizer: &mut Tokenizer, cx: &Context) -> Result<()> {
    let mut exam = Exam::new(&[], Depth::Structure, cx);
    let facts = template::examine(&blob.location(0), found.text, &mut exam)?.unwrap_or_default();
    tokenizer.findings.extend(exam.finish().findings);
    tokenizer.descriptor.chat_templates.push(ChatTemplate {
        name: found.name.to_owned(),
        bytes: found.text.len() as u64,
        file: Some(blob.name().rsplit('/').next().unwrap_or_default().to_owned()),
        variables: facts.variables,
        roles: facts.roles,
        tools: facts.tools,
    });
    Ok(())
}

/// Tokens with a part to play: a text, or an object with its text.
fn special_tokens(config: &Json, file: &str, tokenizer: &mut Tokenizer) {
    let content = |token: &Json| token.as_str().or_else(|| token.get("content")?.as_str()).map(str::to_owned);
    for (key, value) in config.entries().iter().filter(|(key, _)| key.ends_with("_token") && !is_flag(key)) {
        let Some(text) = content(value) else { continue };
        if let Some(before) =
            tokenizer.descriptor.special.insert(key.clone(), text.clone()).filter(|before| *before != text)
        {
            let message = format!("'{file}' says that {key} is '{text}', another file says '{before}'");
            tokenizer.find("tokenizer.special_tokens_disagree", Severity::Warning, message);
        }
    }
}

/// Keys that end like tokens and say what to do with them.
fn is_flag(key: &str) -> bool {
    key.starts_with("add_") || key.starts_with("use_")
}

fn added_token(tokenizer: &mut Tokenizer, file: &str, token: AddedToken) {
    let same = |known: &&mut AddedToken| known.content == token.content || known.id == token.id;
    match tokenizer.descriptor.added.iter_mut().find(same) {
        Some(known) if known.content == token.content && known.id == token.id => known.special |= token.special,
        Some(known) => {
            let message = format!(
                "'{file}' says that token {} is '{}', another file that {} is '{}'",
                token.id, token.content, known.id, known.content
            );
            tokenizer.find("tokenizer.added_tokens_disagree", Severity::Warning, message);
        }
        None => {
            let inside = tokenizer.descriptor.vocabulary.is_some_and(|vocabulary| token.id < vocabulary);
            tokenizer.add(token, inside);
        }
    }
}
