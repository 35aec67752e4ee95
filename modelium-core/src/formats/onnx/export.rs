//! IR → ONNX, streamed: lengths are counted first, then each weight goes once from where it lies to the file.

use crate::artifact::Sink;
use crate::context::Context;
use crate::error::{Error, Location, Result};
use crate::formats::onnx::encode;
use crate::formats::onnx::error::OnnxFault;
use crate::formats::onnx::placement::Placement;
use crate::formats::{Exporter, FormatId, Weights};
use crate::ir::{Checked, Model};
use crate::tensor::{Data, External};
use crate::wire::protobuf::Encoder;

/// Protobuf readers count a message's bytes in 31 bits.
const LARGEST: u64 = i32::MAX.unsigned_abs() as u64;

/// Initializers from this size on go beside a model that does not fit in one file, as the package onnx has it.
const THRESHOLD: u64 = 1024;

/// Writes ONNX models.
///
/// # Behavior
/// - A model that was read from a file in canonical field order, as every protobuf library writes it, comes out byte for
///   byte the same with [`Weights::InPlace`], and with [`Weights::Auto`] too if it had no external data.
/// - The file beside `name` is `name.data`. Tensors of 1 MiB and more start at multiples of 4096 bytes in it, smaller
///   ones at multiples of 64; tensors that are the same stored bytes share them.
/// - Memory is independent of the size of the weights, those aside that a file stores as varints and that move out of
///   the model: each of them is decoded as a whole.
#[derive(Debug, Clone, Copy, Default)]
pub struct OnnxExporter;

impl Exporter for OnnxExporter {
    fn format(&self) -> FormatId {
        FormatId::ONNX
    }

    #[tracing::instrument(name = "modelium.export", skip_all, fields(format = "onnx", file = name))]
    fn export(
        &self,
        model: Checked<'_>,
        name: &str,
        weights: Weights,
        out: &mut dyn Sink,
        cx: &Context,
    ) -> Result<Vec<String>> {
        let model = model.model();
        let beside = |threshold| {
            let file = name.rsplit_once('/').map_or(name, |(_, file)| file);
            Placement::beside(model, format!("{file}.data"), threshold)
        };
        let placement = match weights {
            Weights::InPlace => Placement::as_it_is(),
            Weights::Beside { threshold_bytes } => beside(threshold_bytes),
            Weights::Auto => {
                let inside = Placement::inside();
                if encoded_len_at(model, &inside)? <= LARGEST { inside } else { beside(THRESHOLD) }
            }
        };
        let bytes = encoded_len_at(model, &placement)?;
        if bytes > LARGEST {
            return Err(OnnxFault::TooLarge { bytes }.at(Location::file(name)));
        }

        let mut names = vec![name.to_owned()];
        let (parts, size) = placement.parts();
        if !parts.is_empty() {
            let data = format!("{name}.data");
            write(out, &data, size, cx, |out| {
                for (offset, tensor) in parts {
                    out.tick()?;
                    let gap = usize::try_from(offset.saturating_sub(out.len())).unwrap_or_default();
                    out.raw(&vec![0; gap])?;
                    if let Data::Raw(blob) | Data::External(External { blob, .. }) = &tensor.data {
                        out.raw_blob(blob)?;
                        continue;
                    }
                    let elements = tensor.to_le_bytes();
                    out.raw(&elements.ok_or_else(|| Error::internal("a tensor without elements was moved"))?)?;
                }
                Ok(())
            })?;
            names.push(data);
        }
        write(out, name, bytes, cx, |out| encode::model(out, model, &placement))?;
        Ok(names)
    }
}

/// Bytes of the model as one file, weights included.
///
/// # Errors
/// None that a model can cause: counting writes nothing.
pub(crate) fn encoded_len(model: &Model) -> Result<u64> {
    encoded_len_at(model, &Placement::inside())
}

fn encoded_len_at(model: &Model, placement: &Placement<'_>) -> Result<u64> {
    let mut counted = Encoder::counting();
    encode::model(&mut counted, model, placement)?;
    Ok(counted.len())
}

fn write(
    out: &mut dyn Sink,
    name: &str,
    size: u64,
    cx: &Context,
    content: impl FnOnce(&mut Encoder<'_>) -> Result<()>,
) -> Result<()> {
    let mut file = out.create(name)?;
    let mut encoder = Encoder::writing(&mut *file, name, size, cx);
    content(&mut encoder)?;
    if encoder.len() != size {
        return Err(Error::internal(format!("wrote {} bytes where {size} were counted", encoder.len())).with_file(name));
    }
    file.flush().map_err(|error| Error::io("write", name, error))
}
