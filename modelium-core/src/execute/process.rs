//! A child process that is held on a short leash: fed one request, heard line by line, ended with its children.
//!
//! It is started by `posix_spawn` in a process group of its own, never by a fork of the host that runs code in between.
//! One loop on the caller's thread watches its pipes, the clock and the context; no threads are started.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};

/// The stage of which the context hears while a child is waited for.
pub(super) const WAITING: &str = "worker";

/// The program that steps run in, and what to call it with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerProgram {
    /// The executable.
    pub program: PathBuf,
    /// Arguments in front of everything else: `-m`, `modelium._worker`.
    pub arguments: Vec<OsString>,
}

impl WorkerProgram {
    /// A program without arguments.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self { program: program.into(), arguments: Vec::new() }
    }

    /// Finds `modelium-worker` beside the host's executable, else in the folders of `path`, as `PATH` spells them.
    ///
    /// # Errors
    /// `Backend` if it is in neither place.
    pub fn find(path: Option<&std::ffi::OsStr>) -> Result<Self> {
        let name = format!("modelium-worker{}", std::env::consts::EXE_SUFFIX);
        let beside = std::env::current_exe().ok().and_then(|host| host.parent().map(Path::to_owned));
        let folders = beside.into_iter().chain(path.into_iter().flat_map(|path| std::env::split_paths(path)));
        let found = folders.map(|folder| folder.join(&name)).find(|program| program.is_file());
        found.map(Self::new).ok_or_else(|| {
            Error::new(ErrorKind::Backend, format!("no '{name}' beside this program or on the path"))
                .with_note("install it with `cargo install`, name it in the options, or run in process")
        })
    }
}

/// How a child ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ended {
    /// Its exit code; `None` if a signal ended it.
    pub(super) code: Option<i32>,
    /// The signal that ended it.
    pub(super) signal: Option<i32>,
    /// What it wrote to stderr, the last part if it was much.
    pub(super) log: String,
}

impl Ended {
    /// How it ended, in words.
    pub(super) fn describe(&self) -> String {
        match (self.code, self.signal) {
            (Some(code), _) => format!("it ended with exit code {code}"),
            (None, Some(signal)) => format!("it was ended by signal {signal}{}", signal_name(signal)),
            (None, None) => "it ended".to_owned(),
        }
    }
}

fn signal_name(signal: i32) -> &'static str {
    match signal {
        4 => " (illegal instruction)",
        6 => " (abort)",
        7 => " (bus error)",
        8 => " (arithmetic)",
        9 => " (kill; the system does so when memory runs out)",
        11 => " (segmentation fault)",
        15 => " (terminate)",
        _ => "",
    }
}

/// What a child may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leash {
    /// Time on the wall clock.
    pub(super) wall: Duration,
    /// The longest line that is heard.
    pub(super) line_bytes: usize,
    /// How much of stderr is kept.
    pub(super) log_bytes: usize,
}

/// Runs a child to its end: feeds it `request`, calls `hear` with each line of its stdout.
///
/// # Errors
/// `LimitExceeded` past the wall-clock limit, `Cancelled` by the context, `Backend` if it cannot be started or writes a
/// line that is too long, or what `hear` says. The child and its group are gone by then in every case.
#[cfg(unix)]
pub(super) fn run(
    program: &WorkerProgram,
    request: &[u8],
    leash: &Leash,
    hear: &mut dyn FnMut(&str) -> Result<()>,
    cx: &Context,
) -> Result<Ended> {
    unix::run(program, request, leash, hear, cx)
}

/// Child processes with limits need Unix.
#[cfg(not(unix))]
pub(super) fn run(
    _: &WorkerProgram,
    _: &[u8],
    _: &Leash,
    _: &mut dyn FnMut(&str) -> Result<()>,
    _: &Context,
) -> Result<Ended> {
    Err(Error::new(ErrorKind::Unsupported, "workers need a Unix system; run in process instead"))
}

#[cfg(unix)]
mod unix {
    use std::io::{ErrorKind as IoKind, Read, Write};
    use std::os::fd::{AsFd, BorrowedFd};
    use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
    use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
    use std::time::Instant;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
    use rustix::process::{Pid, Signal, kill_process_group};

    use super::{Context, Ended, Error, ErrorKind, Leash, Result, WAITING, WorkerProgram};

    /// How long the loop sleeps at the most: a cancelled run ends within a tenth of a second.
    const PULSE: Timespec = Timespec { tv_sec: 0, tv_nsec: 25_000_000 };

    /// Variables that a worker gets of the host's: where libraries, interpreters and temporary files are.
    const ENVIRONMENT: [&str; 14] = [
        "PATH",
        "HOME",
        "TMPDIR",
        "LANG",
        "LC_ALL",
        "LD_LIBRARY_PATH",
        "ORT_DYLIB_PATH",
        "PYTHONPATH",
        "PYTHONHOME",
        "PYTHONUTF8",
        "VIRTUAL_ENV",
        "CUDA_VISIBLE_DEVICES",
        "RUST_BACKTRACE",
        "MODELIUM_LOG",
    ];

    /// The child and its process group; both are gone when this goes out of scope.
    struct Group {
        child: Child,
        ended: Option<ExitStatus>,
    }

    impl Group {
        /// How the child ended; `None` while it runs. What it left running is killed with its end.
        fn ended(&mut self) -> std::io::Result<Option<ExitStatus>> {
            if self.ended.is_none() {
                self.ended = self.child.try_wait()?;
                if self.ended.is_some() {
                    self.kill_group();
                }
            }
            Ok(self.ended)
        }

        fn kill_group(&self) {
            if let Some(pid) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
                let _ = kill_process_group(pid, Signal::KILL); // it may be gone already
            }
        }
    }

    impl Drop for Group {
        fn drop(&mut self) {
            if self.ended.is_none() {
                self.kill_group();
                let _ = self.child.wait(); // so that no zombie is left
            }
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that starts processes")]
    fn spawn(program: &WorkerProgram) -> Result<Group> {
        let kept = ENVIRONMENT.iter().filter_map(|name| std::env::var_os(name).map(|value| (name, value)));
        let child = Command::new(&program.program)
            .args(&program.arguments)
            .env_clear()
            .envs(kept)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn();
        child.map(|child| Group { child, ended: None }).map_err(|error| {
            Error::new(ErrorKind::Backend, format!("cannot start the worker: {error}"))
                .with_file(program.program.display().to_string())
        })
    }

    fn nonblocking(pipe: impl AsFd) -> Result<()> {
        let set = fcntl_getfl(&pipe).and_then(|flags| fcntl_setfl(&pipe, flags | OFlags::NONBLOCK));
        set.map_err(|error| Error::io("prepare", "the worker's pipe", error.into()))
    }

    pub(super) fn run(
        program: &WorkerProgram,
        request: &[u8],
        leash: &Leash,
        hear: &mut dyn FnMut(&str) -> Result<()>,
        cx: &Context,
    ) -> Result<Ended> {
        let started = Instant::now();
        let mut group = spawn(program)?;
        let (Some(stdin), Some(mut stdout), Some(mut stderr)) =
            (group.child.stdin.take(), group.child.stdout.take(), group.child.stderr.take())
        else {
            return Err(Error::internal("a piped child has no pipes"));
        };
        nonblocking(&stdin)?;
        nonblocking(&stdout)?;
        nonblocking(&stderr)?;
        let mut feed = Some((stdin, request));
        let mut lines = Lines { pending: Vec::new(), longest: leash.line_bytes };
        let mut log = Tail { bytes: Vec::new(), most: leash.log_bytes };
        loop {
            let ended = group.ended().map_err(|error| Error::io("wait for", &program.program, error))?;
            feed = feed.take().and_then(|(pipe, rest)| write_some(pipe, rest));
            let heard_all = drain(&mut stdout, |bytes| lines.push(bytes, hear))?;
            let logged_all = drain(&mut stderr, |bytes| {
                log.push(bytes);
                Ok(())
            })?;
            if let Some(status) = ended {
                lines.finish(hear)?;
                return Ok(Ended { code: status.code(), signal: status.signal(), log: log.into_text() });
            }
            cx.tick(WAITING, started.elapsed().as_secs(), leash.wall.as_secs())?;
            if started.elapsed() > leash.wall {
                let error = format!("the worker took more than {} s and was ended", leash.wall.as_secs_f64());
                return Err(Error::new(ErrorKind::LimitExceeded, error)
                    .with_note("raise wall_seconds in the step's limits if the machine is slow"));
            }
            let mut watched: Vec<PollFd<'_>> = Vec::new();
            let reads: [(bool, BorrowedFd<'_>); 2] = [(heard_all, stdout.as_fd()), (logged_all, stderr.as_fd())];
            watched.extend(reads.iter().filter(|(closed, _)| !closed).map(|(_, fd)| PollFd::new(fd, PollFlags::IN)));
            watched.extend(feed.as_ref().map(|(pipe, _)| PollFd::new(pipe, PollFlags::OUT)));
            let _ = poll(&mut watched, Some(&PULSE)); // an interruption is a shorter sleep
        }
    }

    /// Writes what the pipe takes; `None` once all is written or nobody reads, which closes the pipe.
    fn write_some(mut pipe: ChildStdin, mut rest: &[u8]) -> Option<(ChildStdin, &[u8])> {
        while !rest.is_empty() {
            match pipe.write(rest) {
                Ok(0) => return None,
                Ok(written) => rest = rest.get(written..).unwrap_or_default(),
                Err(error) if error.kind() == IoKind::WouldBlock => return Some((pipe, rest)),
                Err(error) if error.kind() == IoKind::Interrupted => {}
                Err(_) => return None, // it ended; its exit says why
            }
        }
        None
    }

    /// Reads what is there; true once the other end is closed.
    fn drain(pipe: &mut impl Read, mut take: impl FnMut(&[u8]) -> Result<()>) -> Result<bool> {
        let mut buffer = [0; 16 << 10];
        loop {
            match pipe.read(&mut buffer) {
                Ok(0) => return Ok(true),
                Ok(read) => take(buffer.get(..read).unwrap_or_default())?,
                Err(error) if error.kind() == IoKind::WouldBlock => return Ok(false),
                Err(error) if error.kind() == IoKind::Interrupted => {}
                Err(error) => return Err(Error::io("read", "the worker's output", error)),
            }
        }
    }

    /// Cuts a stream into lines.
    struct Lines {
        pending: Vec<u8>,
        longest: usize,
    }

    impl Lines {
        fn push(&mut self, bytes: &[u8], hear: &mut dyn FnMut(&str) -> Result<()>) -> Result<()> {
            for part in bytes.split_inclusive(|&byte| byte == b'\n') {
                self.pending.extend_from_slice(part);
                if self.pending.len() > self.longest {
                    let error = format!("the worker wrote a line of more than {} bytes", self.longest);
                    return Err(Error::new(ErrorKind::Backend, error));
                }
                if part.ends_with(b"\n") {
                    self.finish(hear)?;
                }
            }
            Ok(())
        }

        fn finish(&mut self, hear: &mut dyn FnMut(&str) -> Result<()>) -> Result<()> {
            let line = std::mem::take(&mut self.pending);
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_end();
            if text.is_empty() { Ok(()) } else { hear(text) }
        }
    }

    /// The last bytes of a stream.
    struct Tail {
        bytes: Vec<u8>,
        most: usize,
    }

    impl Tail {
        fn push(&mut self, bytes: &[u8]) {
            self.bytes.extend_from_slice(bytes);
            if self.bytes.len() > self.most.saturating_mul(2) {
                self.bytes.drain(..self.bytes.len().saturating_sub(self.most));
            }
        }

        fn into_text(mut self) -> String {
            self.bytes.drain(..self.bytes.len().saturating_sub(self.most));
            String::from_utf8_lossy(&self.bytes).into_owned()
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::sync::Arc;
    use std::time::Instant;

    use super::*;
    use crate::context::{CancelToken, Observer, Progress};

    fn shell(script: &str) -> WorkerProgram {
        WorkerProgram { program: "/bin/sh".into(), arguments: vec!["-c".into(), script.into()] }
    }

    fn leash(seconds: f64) -> Leash {
        Leash { wall: Duration::from_secs_f64(seconds), line_bytes: 1 << 20, log_bytes: 64 }
    }

    fn heard(script: &str, request: &[u8], seconds: f64, cx: &Context) -> (Result<Ended>, Vec<String>) {
        let mut lines = Vec::new();
        let mut hear = |line: &str| {
            lines.push(line.to_owned());
            Ok(())
        };
        let ended = run(&shell(script), request, &leash(seconds), &mut hear, cx);
        (ended, lines)
    }

    #[test]
    fn it_is_fed_and_heard() {
        let request = vec![b'x'; 1 << 20]; // more than a pipe holds
        let (ended, lines) = heard("wc -c; echo last; echo why >&2; exit 3", &request, 10.0, &Context::new());
        let ended = ended.unwrap();
        assert_eq!((ended.code, ended.log.as_str()), (Some(3), "why\n"));
        assert_eq!(lines, ["1048576", "last"]);
        assert_eq!(ended.describe(), "it ended with exit code 3");
    }

    #[test]
    fn it_is_ended_with_its_children_when_time_is_up() {
        let marker = tempfile::tempdir().unwrap();
        let script = format!("(sleep 2; touch {}/late) & sleep 60", marker.path().display());
        let (started, cx) = (Instant::now(), Context::new());
        let error = heard(&script, b"", 0.3, &cx).0.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LimitExceeded);
        assert!(started.elapsed() < Duration::from_secs(2));
        std::thread::sleep(Duration::from_millis(2500));
        assert!(!marker.path().join("late").exists());
    }

    #[test]
    fn a_child_that_outlives_it_does_not_hold_the_pipe() {
        let (ended, lines) = heard("sleep 60 & echo done", b"", 10.0, &Context::new());
        assert_eq!((ended.unwrap().code, lines), (Some(0), vec!["done".to_owned()]));
    }

    #[test]
    fn cancelling_ends_it_soon() {
        struct Stop(CancelToken, Instant);
        impl Observer for Stop {
            fn progress(&self, _: &Progress<'_>) -> std::ops::ControlFlow<()> {
                if self.1.elapsed() > Duration::from_millis(200) {
                    self.0.cancel();
                }
                std::ops::ControlFlow::Continue(())
            }
        }
        let token = CancelToken::default();
        let stop = Stop(token.clone(), Instant::now());
        let cx = Context::new().with_cancel(token).with_observer(Arc::new(stop));
        let error = heard("sleep 60", b"", 60.0, &cx).0.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled);
    }

    #[test]
    fn a_signal_is_told_in_words() {
        let (ended, _) = heard("kill -SEGV $$", b"", 10.0, &Context::new());
        assert_eq!(ended.unwrap().describe(), "it was ended by signal 11 (segmentation fault)");
    }

    #[test]
    fn a_flood_without_lines_is_refused() {
        let (ended, _) = heard("yes | tr -d '\\n'", b"", 10.0, &Context::new());
        assert_eq!(ended.unwrap_err().kind(), ErrorKind::Backend);
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let program = WorkerProgram::new("/absent/modelium-worker");
        let error = run(&program, b"", &leash(1.0), &mut |_| Ok(()), &Context::new()).unwrap_err();
        assert!(error.to_string().contains("/absent/modelium-worker"), "{error}");
    }
}
