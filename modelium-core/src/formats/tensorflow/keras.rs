//! What Keras before version 3 leaves in a saved model: the configuration of each object, as JSON.

use crate::error::Result;
use crate::scan::keras::{Loader, judge_text};
use crate::scan::{Exam, Part};
use crate::wire::protobuf::Message;

/// Judges `keras_metadata.pb`: each object's configuration.
pub(super) fn judge_metadata(message: Message<'_>, part: &Part, exam: &mut Exam<'_>) -> Result<()> {
    for node in message.fields() {
        let node = node?;
        if node.number != 1 {
            continue;
        }
        for field in node.message()?.fields() {
            let field = field?;
            if field.number == 5 {
                judge_config(field.message()?, part, exam)?;
            }
        }
    }
    Ok(())
}

/// Judges the configuration of one object.
pub(super) fn judge_config(text: Message<'_>, part: &Part, exam: &mut Exam<'_>) -> Result<()> {
    judge_text(&text.to_blob(), "metadata", Loader::SavedModel, part, exam).map(drop)
}
