//! Which of TensorFlow's messages some bytes are. None has a magic number; each has a shape that no other has.

use crate::blob::Blob;
use crate::wire::protobuf::{FieldView, Message, WireType};

/// Fields that are looked at before bytes are believed to be a message.
const LOOKED_AT: usize = 64;

/// The last bytes of a table, in little-endian order.
pub(super) const TABLE_MAGIC: [u8; 8] = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb];

/// What some bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    SavedModel,
    MetaGraph,
    GraphDef,
    /// `keras_metadata.pb` of Keras before version 3.
    KerasMetadata,
    /// `fingerprint.pb`: hashes of the other files.
    Fingerprint,
    /// The index of a tensor bundle.
    Index,
}

/// Tells what the bytes are; looks at the first fields, at their first bytes, and at the last eight.
pub(super) fn kind(blob: &Blob) -> Option<Kind> {
    if blob.len() >= 48 && blob.ends_with(&TABLE_MAGIC) {
        return Some(Kind::Index);
    }
    let message = Message::whole(blob);
    match blob.first()? {
        // version 1, then graphs
        0x08 if blob.starts_with(&[0x08, 0x01, 0x12]) && is_saved_model(message) => Some(Kind::SavedModel),
        0x08 if is_fingerprint(message) => Some(Kind::Fingerprint),
        // without its version, which no writer leaves out but any loader does without
        0x12 if is_saved_model(message) => Some(Kind::SavedModel),
        0x0a if is_keras_metadata(message) => Some(Kind::KerasMetadata),
        0x0a | 0x12 | 0x22 if is_meta_graph(message) => Some(Kind::MetaGraph),
        0x0a | 0x12 | 0x22 if is_graph(message) => Some(Kind::GraphDef),
        _ => None,
    }
}

/// The first fields of a message; none if its encoding is broken among them.
fn head(message: Message<'_>) -> Option<Vec<FieldView<'_>>> {
    let mut fields = Vec::new();
    for field in message.fields().take(LOOKED_AT) {
        fields.push(field.ok()?);
    }
    Some(fields)
}

/// The first fields of a message up to where its encoding breaks: a file that was cut off is still what it was.
fn start(message: Message<'_>) -> Vec<FieldView<'_>> {
    message.fields().take(LOOKED_AT).map_while(Result::ok).collect()
}

fn is_saved_model(message: Message<'_>) -> bool {
    let fields = start(message);
    let shaped = fields.iter().all(|field| match field.number {
        1 => field.wire() == WireType::Varint,
        2 => field.is_message(),
        _ => false,
    });
    let graphs = fields.iter().filter(|field| field.number == 2);
    shaped && graphs.take(1).any(|graph| graph.message().is_ok_and(is_meta_graph))
}

/// `MetaGraphDef`: facts about the writer, then a graph.
pub(super) fn is_meta_graph(message: Message<'_>) -> bool {
    let fields = start(message);
    let shaped = fields.iter().all(|field| (1..=7).contains(&field.number) && field.is_message());
    let info = fields.iter().find(|field| field.number == 1).and_then(|field| field.message().ok());
    let informed = info.and_then(head).is_some_and(|info| {
        // tags, or the version of tensorflow
        info.iter().any(|field| matches!(field.number, 4 | 5) && is_name(field.raw()))
            && info.iter().all(|field| (1..=8).contains(&field.number))
    });
    let graph = fields.iter().find(|field| field.number == 2).and_then(|field| field.message().ok());
    shaped && (informed || graph.is_some_and(is_graph))
}

/// `GraphDef`: nodes with a name and an operator, or a library of functions.
pub(super) fn is_graph(message: Message<'_>) -> bool {
    let fields = start(message);
    let shaped = fields.iter().all(|field| match field.number {
        1 | 2 | 4 | 5 => field.is_message(),
        3 => field.wire() == WireType::Varint,
        _ => false,
    });
    let node = fields.iter().find(|field| field.number == 1).and_then(|field| field.message().ok());
    let library = fields.iter().find(|field| field.number == 2).and_then(|field| field.message().ok());
    match (node, library) {
        _ if !shaped => false,
        (Some(node), _) => is_node(node),
        (None, Some(library)) => {
            let function = head(library).and_then(|fields| fields.into_iter().find(|field| field.number == 1));
            let signature = function
                .and_then(|function| head(function.message().ok()?)?.into_iter().find(|field| field.number == 1));
            let name = signature
                .and_then(|signature| head(signature.message().ok()?)?.into_iter().find(|field| field.number == 1));
            name.is_some_and(|name| is_name(name.raw()))
        }
        (None, None) => false,
    }
}

/// `NodeDef`.
fn is_node(message: Message<'_>) -> bool {
    let Some(fields) = head(message) else { return false };
    let shaped = fields.iter().all(|field| (1..=7).contains(&field.number) && field.is_message());
    let text = |number| fields.iter().find(|field| field.number == number).map(FieldView::raw);
    shaped && text(1).is_some_and(is_name) && text(2).is_some_and(is_operator)
}

/// Printable text without blanks, as names of nodes are.
fn is_name(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.len() < 4096 && bytes.iter().all(|byte| byte.is_ascii_graphic() || *byte >= 0x80)
}

/// `Operator` or `Library>Operator`.
fn is_operator(bytes: &[u8]) -> bool {
    let starts = bytes.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
    starts && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'>' | b':' | b'.' | b'-'))
}

fn is_keras_metadata(message: Message<'_>) -> bool {
    let first = start(message).into_iter().next();
    let Some(node) = first.filter(|field| field.number == 1).and_then(|field| head(field.message().ok()?)) else {
        return false;
    };
    let text = |number| node.iter().find(|field| field.number == number).map(FieldView::raw);
    text(4).is_some_and(|identifier| identifier.starts_with(b"_tf_keras_"))
        && text(5).is_some_and(|json| json.starts_with(b"{"))
}

fn is_fingerprint(message: Message<'_>) -> bool {
    let Some(fields) = head(message) else { return false };
    let shaped = fields.iter().all(|field| match field.number {
        1..=5 => field.wire() == WireType::Varint,
        6 => field.message().is_ok_and(|version| head(version).is_some()),
        7 => field.is_message() && is_name(field.raw()),
        _ => false,
    });
    shaped && fields.len() >= 4
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> Option<Kind> {
        kind(&Blob::from_bytes("m", bytes.to_vec()))
    }

    #[test]
    fn messages_are_told_by_their_fields() {
        let node = b"\x0a\x06\x0a\x01x\x12\x01A";
        assert_eq!(of(node), Some(Kind::GraphDef));
        let mut meta = b"\x0a\x0a\x22\x05serve\x2a\x01\x32\x12\x08".to_vec();
        meta.extend(node);
        assert_eq!(of(&meta), Some(Kind::MetaGraph));
        let mut saved = vec![0x08, 1, 0x12, u8::try_from(meta.len()).unwrap()];
        saved.extend(&meta);
        assert_eq!(of(&saved), Some(Kind::SavedModel));
    }

    #[test]
    fn other_messages_are_none_of_them() {
        assert_eq!(of(b"\x08\x0a\x12\x07pytorch\x3a\x00"), None, "ONNX");
        assert_eq!(of(b"\x08\x01\x12\x05skl2x\x3a\x00"), None, "ONNX of version 1");
        assert_eq!(of(b"\x08\x05\x12\x05\x0a\x03\x0a\x01x\xa2\x1f\x00"), None, "Core ML");
        assert_eq!(of(b"\x0a\x04\x08\x00\x10\x00"), None, "Paddle");
        assert_eq!(of(b"\x0a\x08\x0a\x01a\x15\x00\x00\x00\x00"), None, "sentencepiece");
    }
}
