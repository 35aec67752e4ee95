//! Import allocates for the structure of a model and stays within the limits; export allocates next to nothing.
//!
//! A binary of its own: the allocator that counts serves one test at a time.
#![expect(clippy::disallowed_methods, reason = "tests write their data to disk")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use modelium_core::formats::onnx::{OnnxExporter, OnnxImporter};
use modelium_core::formats::{Exporter as _, Importer as _, Weights};
use modelium_core::ir;
use modelium_core::wire::protobuf::Encoder;
use modelium_core::{Artifact, Context, ErrorKind, FileSink, Limits, Result, Sink};

struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

// SAFETY: every call goes to the system's allocator with its own arguments; the counters change nothing about it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(now, Ordering::Relaxed);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// The result, and the most bytes that were allocated at one time beyond those before.
fn peak<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = NOW.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    let result = work();
    (result, PEAK.load(Ordering::Relaxed).saturating_sub(before))
}

/// A sink that forgets what is written.
struct Nowhere(u64);

impl Sink for Nowhere {
    fn create(&mut self, _: &str) -> Result<Box<dyn Write + Send + '_>> {
        Ok(Box::new(self))
    }

    fn commit(&mut self) -> Result<()> {
        Ok(())
    }
}

impl Write for Nowhere {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn encoded(fields: impl Fn(&mut Encoder<'_>) -> Result<()>) -> Vec<u8> {
    let (mut bytes, cx) = (Vec::new(), Context::new());
    fields(&mut Encoder::writing(&mut bytes, "model", 0, &cx)).unwrap();
    bytes
}

/// A model of one Identity, with the given fields in its graph.
fn model(graph: impl Fn(&mut Encoder<'_>) -> Result<()>) -> Vec<u8> {
    let port = |out: &mut Encoder<'_>, name: &str| {
        out.bytes(1, name.as_bytes())?;
        out.message(2, |out| out.message(1, |out| out.int(1, 1)))
    };
    encoded(|out| {
        out.int(1, 10)?;
        out.message(7, |out| {
            out.message(1, |out| {
                out.bytes(1, b"x")?;
                out.bytes(2, b"y")?;
                out.bytes(4, b"Identity")
            })?;
            out.bytes(2, b"g")?;
            graph(out)?;
            out.message(11, |out| port(out, "x"))?;
            out.message(12, |out| port(out, "y"))
        })?;
        out.message(8, |out| {
            out.bytes(1, b"")?;
            out.int(2, 21)
        })
    })
}

#[test]
fn weights_are_neither_copied_in_nor_out() {
    let _alone = ONE_AT_A_TIME.lock();
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("m.onnx");
    let weights = vec![1_u8; 64 << 20]; // of 16 Mi floats
    let bytes = model(|out| {
        out.message(5, |out| {
            out.int(1, 16 << 20)?;
            out.int(2, 1)?;
            out.bytes(8, b"w")?;
            out.bytes(9, &weights)
        })
    });
    std::fs::write(&path, bytes).unwrap();
    drop(weights);
    let cx = Context::new();
    let artifact = Artifact::open(&path, &cx).unwrap();
    let (imported, bytes) = peak(|| OnnxImporter.import(&artifact, &cx).unwrap());
    assert!(bytes < 64 << 10, "import allocated {bytes} bytes");
    let checked = ir::check(&imported, &cx).unwrap();
    let mut sink = FileSink::create(place.path().join("out.onnx")).unwrap();
    for weights in [Weights::InPlace, Weights::Auto, Weights::Beside { threshold_bytes: 1024 }] {
        let (names, bytes) = peak(|| OnnxExporter.export(checked, "out.onnx", weights, &mut Nowhere(0), &cx).unwrap());
        // one part of a weight on its way from file to file, and what was there before
        assert!(bytes < (256 + 64) << 10, "export {weights:?} of {names:?} allocated {bytes} bytes");
    }
    let (_, bytes) = peak(|| OnnxExporter.export(checked, "out.onnx", Weights::Auto, &mut sink, &cx).unwrap());
    assert!(bytes < 2 << 20, "export into a file allocated {bytes} bytes");
    sink.commit().unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), std::fs::read(place.path().join("out.onnx")).unwrap());
}

/// What the structure of a model may take.
const CAP: usize = 8 << 20;

/// Fields that are small in the file and large in memory, `count` of them.
type Amplifier = (&'static str, fn(&mut Encoder<'_>, u32) -> Result<()>);

const AMPLIFIERS: [Amplifier; 14] = [
    ("empty nodes", |out, count| (0..count).try_for_each(|_| out.bytes(1, b""))),
    ("empty tensors", |out, count| {
        (0..count).try_for_each(|n| {
            out.message(5, |out| {
                out.int(1, 0)?;
                out.int(2, 1)?;
                out.bytes(8, n.to_string().as_bytes())
            })
        })
    }),
    ("value infos", |out, count| {
        (0..count).try_for_each(|n| {
            out.message(13, |out| {
                out.bytes(1, n.to_string().as_bytes())?;
                out.message(2, |out| out.message(1, |out| out.message(2, |out| out.bytes(1, b""))))
            })
        })
    }),
    ("metadata", |out, count| (0..count).try_for_each(|_| out.bytes(16, b""))),
    ("unknown numbers", |out, count| (0..count).try_for_each(|n| out.int(100 + n % 2, 1))),
    ("unknown bytes", |out, count| (0..count).try_for_each(|_| out.bytes(100, b""))),
    ("inputs of a node", |out, count| {
        out.message(1, |out| (0..count).try_for_each(|n| out.bytes(1, n.to_string().as_bytes())))
    }),
    ("attributes", |out, count| {
        out.message(1, |out| (0..count).try_for_each(|_| out.message(5, |out| out.int(20, 2))))
    }),
    ("integers", |out, count| {
        out.message(1, |out| {
            out.message(5, |out| {
                out.int(20, 7)?;
                out.bytes(8, &vec![1; count as usize])
            })
        })
    }),
    ("floats", |out, count| {
        out.message(1, |out| {
            out.message(5, |out| {
                out.int(20, 6)?;
                (0..count).try_for_each(|_| out.float(7, 1.0))
            })
        })
    }),
    ("strings", |out, count| {
        out.message(1, |out| {
            out.message(5, |out| {
                out.int(20, 8)?;
                (0..count).try_for_each(|_| out.bytes(9, b""))
            })
        })
    }),
    ("subgraphs", |out, count| {
        out.message(1, |out| {
            out.message(5, |out| {
                out.int(20, 10)?;
                (0..count).try_for_each(|_| out.bytes(11, b""))
            })
        })
    }),
    ("types", |out, count| {
        out.message(1, |out| {
            out.message(5, |out| {
                out.int(20, 14)?;
                (0..count).try_for_each(|_| out.message(15, |out| out.bytes(4, b"\x0a\0")))
            })
        })
    }),
    ("elements one by one", |out, count| {
        out.message(5, |out| {
            out.int(1, i64::from(count))?;
            out.int(2, 1)?;
            out.bytes(8, b"w")?;
            (0..count).try_for_each(|_| out.float(4, 1.0))
        })
    }),
];

#[test]
fn no_file_makes_import_take_more_than_the_limit() {
    let _alone = ONE_AT_A_TIME.lock();
    let limits = Limits { structure_bytes: CAP as u64, ..Limits::default() };
    let cx = Context::new().with_limits(limits);
    for (name, fields) in AMPLIFIERS {
        let mut count = 1000;
        loop {
            let bytes = model(|out| fields(out, count));
            let file = bytes.len();
            let artifact = Artifact::from_bytes("m", bytes);
            let (result, taken) = peak(|| OnnxImporter.import(&artifact, &cx));
            assert!(taken < CAP, "{count} {name} in {file} bytes took {taken}: {:?}", result.err());
            match result {
                Ok(_) => count = count * 5 / 4,
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{name}: {error:?}");
                    assert!(taken < 64 << 10, "{count} {name} took {taken} before they were refused");
                    break;
                }
            }
        }
    }
}

#[test]
fn a_hundred_million_empty_nodes_are_refused_at_once() {
    let _alone = ONE_AT_A_TIME.lock();
    let bytes = model(|out| out.raw(&[0x0a, 0].repeat(100_000_000)));
    let artifact = Artifact::from_bytes("m", bytes);
    let (result, taken) = peak(|| OnnxImporter.import(&artifact, &Context::new()));
    assert_eq!(result.unwrap_err().kind(), ErrorKind::LimitExceeded);
    assert!(taken < 64 << 10, "took {taken} bytes");
}
