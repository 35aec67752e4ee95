//! What takes long can be stopped.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use modelium_core::Context;
use modelium_core::context::{CancelToken, Observer, Progress};
use modelium_core::error::ErrorKind;
use modelium_core::runtime::Runtime as _;
use modelium_core::tensor::{DType, Tensor};

use crate::support::{floats, open, runtime};

/// A loop that would take half a minute or more: `subgraphs_loop` runs its body as often as its first input says.
fn endless() -> Vec<Tensor> {
    let times = Tensor::new("times", DType::Int64, vec![], 5_000_000_i64.to_le_bytes().to_vec()).expect("one number");
    vec![times, floats("start", &[2], &[0.0; 2]), floats("step", &[2], &[1.0; 2])]
}

#[test]
fn a_run_stops_when_it_is_cancelled() {
    let cancel = CancelToken::default();
    let cx = Context::new().with_cancel(cancel.clone());
    let mut session = runtime().load(&open("tests/corpus/onnx/subgraphs_loop.onnx"), &cx).expect("it loads");
    let started = Instant::now();
    let error = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(100));
            cancel.cancel();
        });
        session.run(&endless(), &cx).expect_err("it is cancelled")
    });
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert!(started.elapsed() < Duration::from_secs(20), "it took {:?}", started.elapsed());
}

#[test]
fn a_run_stops_when_the_observer_breaks() {
    struct Impatient(Instant);
    impl Observer for Impatient {
        fn progress(&self, _: &Progress<'_>) -> ControlFlow<()> {
            if self.0.elapsed() > Duration::from_millis(300) {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        }
    }
    let mut session =
        runtime().load(&open("tests/corpus/onnx/subgraphs_loop.onnx"), &Context::new()).expect("it loads");
    let cx = Context::new().with_observer(Arc::new(Impatient(Instant::now())));
    let error = session.run(&endless(), &cx).expect_err("the observer breaks");
    assert_eq!(error.kind(), ErrorKind::Cancelled);
}

#[test]
fn nothing_starts_once_it_is_cancelled() {
    let cancel = CancelToken::default();
    cancel.cancel();
    let cx = Context::new().with_cancel(cancel);
    let error = runtime().load(&open("tests/corpus/onnx/net_mlp.onnx"), &cx).map(|_| ()).expect_err("cancelled");
    assert_eq!(error.kind(), ErrorKind::Cancelled);
}
