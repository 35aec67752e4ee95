//! A tokenizer against the model that it comes with.

use std::collections::BTreeMap;

use super::Tokenizer;
use crate::finding::{Finding, Severity};

/// What the model says of its tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ModelFacts {
    /// `vocab_size` of its configuration.
    pub vocabulary: Option<u64>,
    /// Rows of its token embedding, as its header says.
    pub embedding_rows: Option<u64>,
    /// Tokens that it was made for.
    pub context: Option<u64>,
    /// Numbers of special tokens: `bos_token` → 1. Several where any of them will do.
    pub ids: BTreeMap<String, Vec<u64>>,
}

/// What does not fit together.
///
/// | code | severity | meaning |
/// |---|---|---|
/// | `tokenizer.beyond_embedding` | error | the tokenizer can produce a number for which the model has no row |
/// | `tokenizer.embedding_disagrees` | warning | `vocab_size` is not the rows of the embedding |
/// | `tokenizer.special_token_disagrees` | warning | a special token has another number in the configuration |
/// | `tokenizer.longer_than_model` | note | texts may be longer than the model was made for |
pub fn check(tokenizer: &Tokenizer, model: &ModelFacts) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut find = |code, severity, message: String| findings.push(Finding::new(code, severity, message));
    let descriptor = &tokenizer.descriptor;
    if let Some((vocabulary, rows)) = model.vocabulary.zip(model.embedding_rows).filter(|(said, rows)| said != rows) {
        let message = format!("the configuration says {vocabulary} tokens, the embedding has {rows} rows");
        find("tokenizer.embedding_disagrees", Severity::Warning, message);
    }
    let (rows, of) = match (model.embedding_rows, model.vocabulary) {
        (Some(rows), _) => (Some(rows), "the embedding has"),
        (None, vocabulary) => (vocabulary, "the configuration has"),
    };
    if let Some((highest, rows)) = descriptor.highest_id.zip(rows).filter(|(highest, rows)| highest >= rows) {
        let message = format!("the tokenizer's highest token is {highest}, {of} {rows} rows");
        find("tokenizer.beyond_embedding", Severity::Error, message);
    }
    for (name, ids) in &model.ids {
        let token = descriptor.special.get(name);
        let Some((token, id)) = token.and_then(|token| Some((token, *tokenizer.ids.get(token)?))) else { continue };
        if !ids.is_empty() && !ids.contains(&id) {
            let expected: Vec<_> = ids.iter().map(u64::to_string).collect();
            let message = format!(
                "{name} is '{token}', number {id} of the tokenizer; the configuration says {}",
                expected.join(" or ")
            );
            find("tokenizer.special_token_disagrees", Severity::Warning, message);
        }
    }
    if let Some((most, context)) = descriptor.max_length.zip(model.context).filter(|(most, context)| most > context) {
        let message = format!("the tokenizer lets texts have {most} tokens, the model was made for {context}");
        find("tokenizer.longer_than_model", Severity::Note, message);
    }
    findings
}
