//! A worker of one's own: a registry, and converters that take the place of the library's.
//!
//! These ones misbehave as the first argument says, so that the tests can see what a host makes of it.
#![expect(clippy::disallowed_methods, reason = "it starts a process that a worker must not leave behind")]

use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::Duration;

use modelium_core::execute::{Converter, Converters, Done, Work, serve};
use modelium_core::{Context, Error, ErrorKind, Registry, Result, Sink};

/// An import that does something else.
struct Faulty(String);

impl Converter for Faulty {
    fn operation(&self) -> &'static str {
        "import"
    }

    fn convert(&self, _: Work<'_>, out: &mut dyn Sink, cx: &Context) -> Result<Done> {
        let _ = out;
        match self.0.as_str() {
            "sleep" => loop {
                cx.tick("import", 1, 0)?;
                std::thread::sleep(Duration::from_millis(20));
            },
            "hang" => std::thread::sleep(Duration::from_hours(1)), // hears nothing
            "child" => {
                // leaves a mark where nothing should be after its parent was killed
                let late = std::env::args().nth(2).unwrap_or_default();
                let child = Command::new("/bin/sh").args(["-c", "sleep 3; : > \"$0\"", &late]).spawn();
                child.map_err(|error| Error::io("start", "sh", error))?;
                std::thread::sleep(Duration::from_hours(1));
            }
            "allocate" => {
                let mut kept = Vec::new();
                loop {
                    kept.push(vec![1_u8; 64 << 20]);
                    cx.tick("import", kept.len() as u64, 0)?;
                }
            }
            "abort" => std::process::abort(),
            "panic" => panic!("made to panic"),
            "print" => {
                #[expect(clippy::print_stdout, reason = "what a library in a worker may do")]
                {
                    println!("a library talks");
                }
            }
            _ => {}
        }
        Err(Error::new(ErrorKind::Malformed, "made to fail"))
    }
}

fn main() -> ExitCode {
    let fault = std::env::args().nth(1).unwrap_or_default();
    let registry = Registry::builtin();
    let code = serve(Converters::builtin(&registry).with(Arc::new(Faulty(fault))));
    u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from)
}
