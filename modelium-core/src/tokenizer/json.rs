//! `tokenizer.json`, the file of the library tokenizers.

use std::collections::HashSet;

use super::Tokenizer;
use crate::blob::Blob;
use crate::context::Context;
use crate::descriptor::tokenizer::AddedToken;
use crate::error::Result;
use crate::wire::json_stream::{Kind, Reader};

/// What the model of a file says.
#[derive(Debug, Default)]
struct Model {
    kind: Option<String>,
    /// The vocabulary is a list of pieces with scores.
    scored: bool,
    vocabulary: Option<u64>,
    highest: Option<u64>,
    merges: Option<u64>,
    byte_fallback: bool,
    /// It has keys of a WordPiece model.
    pieces: bool,
    /// Added tokens that the vocabulary has too.
    inside: HashSet<String>,
}

/// Reads the file as a stream; gives the entries of its vocabulary.
pub(super) fn read(blob: &Blob, tokenizer: &mut Tokenizer, cx: &Context) -> Result<Option<u64>> {
    let mut model = Model::default();
    let mut added: Vec<AddedToken> = Vec::new();
    let mut steps: [Vec<String>; 4] = Default::default();
    let mut truncation = None;
    let mut reader = Reader::new(blob, cx);
    reader.object(|reader, key| match key {
        "truncation" => reader.object(|reader, key| {
            if key == "max_length" {
                truncation = reader.number()?;
            }
            Ok(())
        }),
        "added_tokens" => reader.array(|reader| {
            added.extend(added_token(reader)?);
            Ok(())
        }),
        "model" => {
            let texts = added.iter().map(|token| token.content.as_str()).collect();
            model_of(reader, &texts, &mut model)
        }
        _ => {
            let names = ["normalizer", "pre_tokenizer", "post_processor", "decoder"];
            match names.iter().position(|name| *name == key).and_then(|index| steps.get_mut(index)) {
                Some(steps) => steps_of(reader, steps),
                None => Ok(()),
            }
        }
    })?;
    reader.finish()?;
    let Some(vocabulary) = model.vocabulary else { return Ok(None) };
    let kind = match model.kind.as_deref() {
        Some(kind) => kind.to_ascii_lowercase(),
        None if model.merges.is_some() => "bpe".to_owned(),
        None if model.scored => "unigram".to_owned(),
        None if model.pieces => "wordpiece".to_owned(),
        None => "wordlevel".to_owned(),
    };
    tokenizer.describe("tokenizers", &kind, vocabulary, model.highest);
    for token in added {
        let inside = model.inside.contains(&token.content);
        tokenizer.add(token, inside);
    }
    let descriptor = &mut tokenizer.descriptor;
    (descriptor.merges, descriptor.byte_fallback, descriptor.truncation) =
        (model.merges, model.byte_fallback, truncation);
    [descriptor.normalizer, descriptor.pre_tokenizer, descriptor.post_processor, descriptor.decoder] = steps;
    Ok(Some(vocabulary))
}

fn added_token(reader: &mut Reader<'_>) -> Result<Option<AddedToken>> {
    let (mut id, mut content, mut special) = (None, None, false);
    reader.object(|reader, key| {
        match key {
            "id" => id = reader.number()?,
            "content" => content = reader.string()?.map(std::borrow::Cow::into_owned),
            "special" => special = reader.value()?.as_bool().unwrap_or_default(),
            _ => {}
        }
        Ok(())
    })?;
    Ok(id.zip(content).map(|(id, content)| AddedToken { id, content, special }))
}

/// The names of steps, those inside of sequences in their order.
fn steps_of(reader: &mut Reader<'_>, steps: &mut Vec<String>) -> Result<()> {
    reader.object(|reader, key| {
        match key {
            "type" => {
                steps.extend(reader.string()?.filter(|name| name != "Sequence").map(std::borrow::Cow::into_owned));
            }
            "normalizers" | "pretokenizers" | "processors" | "decoders" => {
                reader.array(|reader| steps_of(reader, steps))?;
            }
            _ => {}
        }
        Ok(())
    })
}

fn model_of(reader: &mut Reader<'_>, added: &HashSet<&str>, model: &mut Model) -> Result<()> {
    reader.object(|reader, key| {
        match key {
            "type" => model.kind = reader.string()?.map(std::borrow::Cow::into_owned),
            "byte_fallback" => model.byte_fallback = reader.value()?.as_bool().unwrap_or_default(),
            "continuing_subword_prefix" => model.pieces |= reader.kind()? == Kind::String,
            "max_input_chars_per_word" => model.pieces = true,
            "merges" => {
                let mut count = 0_u64;
                reader.array(|_| {
                    count = count.saturating_add(1);
                    Ok(())
                })?;
                model.merges = Some(count);
            }
            "vocab" => vocabulary(reader, added, model)?,
            _ => {}
        }
        Ok(())
    })
}

/// `{"token": id}`, or `[["token", score]]` where the place is the number.
fn vocabulary(reader: &mut Reader<'_>, added: &HashSet<&str>, model: &mut Model) -> Result<()> {
    let (mut count, mut highest) = (0_u64, None);
    let mut inside = |text: &str| {
        if added.contains(text) {
            model.inside.insert(text.to_owned());
        }
    };
    if reader.kind()? == Kind::Array {
        model.scored = true;
        reader.array(|reader| {
            let mut first = true;
            reader.array(|reader| {
                if std::mem::take(&mut first) {
                    inside(reader.string()?.as_deref().unwrap_or_default());
                }
                Ok(())
            })?;
            highest = Some(count);
            count = count.saturating_add(1);
            Ok(())
        })?;
    } else {
        reader.object(|reader, text| {
            inside(text);
            highest = highest.max(reader.number()?);
            count = count.saturating_add(1);
            Ok(())
        })?;
    }
    (model.vocabulary, model.highest) = (Some(count), highest);
    Ok(())
}
