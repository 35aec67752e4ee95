//! Sizes beyond 2 and 4 GiB, without a disk that holds them: sparse files, and a sink that forgets.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Seek as _, SeekFrom, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use modelium_core::formats::onnx::{OnnxExporter, OnnxImporter};
use modelium_core::formats::{Exporter as _, Importer as _, Weights};
use modelium_core::ir::{self, Model};
use modelium_core::wire::protobuf::Encoder;
use modelium_core::{Artifact, Context, ErrorKind, Observer, Progress, Result, Sink};

const GIB: u64 = 1 << 30;

/// A sink that counts the bytes of each file.
#[derive(Default)]
struct Counting(BTreeMap<String, u64>);

struct Counter<'a>(&'a mut u64);

impl Sink for Counting {
    fn create(&mut self, name: &str) -> Result<Box<dyn Write + Send + '_>> {
        Ok(Box::new(Counter(self.0.entry(name.to_owned()).or_default())))
    }

    fn commit(&mut self) -> Result<()> {
        Ok(())
    }
}

impl Write for Counter<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        *self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Writes a model of external weights, each with its offset and its number of floats in `weights.bin`.
fn write_model(folder: &Path, weights: &[(u64, u64)]) {
    let cx = Context::new();
    let mut file = File::create(folder.join("model.onnx")).unwrap();
    let mut out = Encoder::writing(&mut file, "model.onnx", 0, &cx);
    let entry = |out: &mut Encoder<'_>, key: &str, value: &str| {
        out.message(13, |out| {
            out.bytes(1, key.as_bytes())?;
            out.bytes(2, value.as_bytes())
        })
    };
    let port = |out: &mut Encoder<'_>, name: &str| {
        out.bytes(1, name.as_bytes())?;
        out.message(2, |out| out.message(1, |out| out.int(1, 1)))
    };
    let write = |out: &mut Encoder<'_>| {
        out.int(1, 10)?;
        out.message(7, |out| {
            out.message(1, |out| {
                out.bytes(1, b"x")?;
                out.bytes(2, b"y")?;
                out.bytes(4, b"Identity")
            })?;
            out.bytes(2, b"g")?;
            for (index, (offset, elements)) in weights.iter().enumerate() {
                out.message(5, |out| {
                    out.int(1, elements.cast_signed())?;
                    out.int(2, 1)?;
                    out.bytes(8, format!("w{index}").as_bytes())?;
                    entry(out, "location", "weights.bin")?;
                    entry(out, "offset", &offset.to_string())?;
                    entry(out, "length", &(elements * 4).to_string())?;
                    out.int(14, 1)
                })?;
            }
            out.message(11, |out| port(out, "x"))?;
            out.message(12, |out| port(out, "y"))
        })?;
        out.message(8, |out| {
            out.bytes(1, b"")?;
            out.int(2, 21)
        })
    };
    write(&mut out).unwrap();
}

fn import(folder: &Path) -> Model {
    let cx = Context::new();
    OnnxImporter.import(&Artifact::open(folder.join("model.onnx"), &cx).unwrap(), &cx).unwrap()
}

fn sizes(model: &Model, weights: Weights) -> Result<BTreeMap<String, u64>> {
    let (cx, mut sink) = (Context::new(), Counting::default());
    OnnxExporter.export(ir::check(model, &cx)?, "m.onnx", weights, &mut sink, &cx)?;
    Ok(sink.0)
}

#[test]
fn external_data_lies_beyond_four_gibibytes() {
    let place = tempfile::tempdir().unwrap();
    write_model(place.path(), &[(5 * GIB, 2)]);
    let mut file = File::create(place.path().join("weights.bin")).unwrap();
    file.seek(SeekFrom::Start(5 * GIB)).unwrap();
    file.write_all(&[1, 2, 3, 4, 5, 6, 7, 8]).unwrap();
    let model = import(place.path());
    assert_eq!(model.graph.initializers[0].tensor.to_le_bytes().unwrap().as_ref(), [1, 2, 3, 4, 5, 6, 7, 8]);
}

#[test]
fn weights_that_do_not_fit_into_one_file_go_beside_it() {
    let place = tempfile::tempdir().unwrap();
    // 3 GiB in two tensors, and one of 512 bytes, which stays inside
    write_model(place.path(), &[(0, GIB / 4), (GIB, GIB / 2), (0, 128)]);
    File::create(place.path().join("weights.bin")).unwrap().set_len(4 * GIB).unwrap();
    let model = import(place.path());
    let found = sizes(&model, Weights::Auto).unwrap();
    assert_eq!(found["m.onnx.data"], 3 * GIB);
    assert!((512..1024).contains(&found["m.onnx"]), "{found:?}");
    let found = sizes(&model, Weights::InPlace).unwrap();
    assert_eq!(found["m.onnx"], fs::metadata(place.path().join("model.onnx")).unwrap().len());
    let error = sizes(&model, Weights::Beside { threshold_bytes: u64::MAX }).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.message().contains("ONNX files end below 2 GiB"), "{error}");
}

/// Stops export after so many reports.
struct Impatient(std::sync::atomic::AtomicU32);

impl Observer for Impatient {
    fn progress(&self, progress: &Progress<'_>) -> ControlFlow<()> {
        assert_eq!(progress.stage, "export");
        assert!(progress.done <= progress.total, "{progress:?}");
        let before = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        if before == 100 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

#[test]
fn export_stops_when_it_is_told_to() {
    let place = tempfile::tempdir().unwrap();
    write_model(place.path(), &[(0, GIB / 4)]);
    File::create(place.path().join("weights.bin")).unwrap().set_len(GIB).unwrap();
    let model = import(place.path());
    let checked = ir::check(&model, &Context::new()).unwrap();
    let cx = Context::new().with_observer(Arc::new(Impatient(0.into())));
    let mut sink = Counting::default();
    let error = OnnxExporter.export(checked, "m.onnx", Weights::Auto, &mut sink, &cx).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert!(sink.0["m.onnx"] < GIB / 2, "{:?}", sink.0);
}

#[test]
fn the_deepest_nesting_that_the_limits_allow_is_read() {
    // each subgraph is three messages: graph, node, attribute; the model and the types of its outputs are the rest
    let cx = Context::new();
    let mut bytes = Vec::new();
    let mut out = Encoder::writing(&mut bytes, "deep", 0, &cx);
    let nested = nest(20);
    out.int(1, 10).unwrap();
    out.bytes(7, &nested).unwrap();
    let model = OnnxImporter.import(&Artifact::from_bytes("deep", bytes), &cx).unwrap();
    assert_eq!(model.graphs().len(), 21);
}

fn nest(levels: u32) -> Vec<u8> {
    let (cx, mut bytes) = (Context::new(), Vec::new());
    let inner = (levels > 0).then(|| nest(levels - 1));
    let mut out = Encoder::writing(&mut bytes, "deep", 0, &cx);
    if let Some(inner) = inner {
        let attribute = |out: &mut Encoder<'_>| {
            out.bytes(1, b"body")?;
            out.bytes(6, &inner)?;
            out.int(20, 5)
        };
        out.message(1, |out| out.message(5, attribute)).unwrap();
    }
    out.bytes(2, b"g").unwrap();
    bytes
}
