//! One publisher for each model at a time.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};

/// A lock on one model of a repository. The kernel lets go of it when its process ends, however that happens.
pub(super) struct Lock {
    /// Files in a repository's root are skipped by Triton; the file stays, since removing it would let two hold it.
    _file: File,
}

impl Lock {
    /// Waits for other publishers of the model, at most so long.
    pub(super) fn take(repository: &Path, name: &str, wait: Duration, cx: &Context) -> Result<Self> {
        let path = repository.join(format!(".{name}.lock"));
        let options = File::options().create(true).truncate(false).write(true).open(&path);
        let file = options.map_err(|error| Error::io("open the lock", &path, error))?;
        let start = Instant::now();
        loop {
            cx.tick("deploy", 0, 0)?;
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::Error(error)) => return Err(Error::io("lock", &path, error)),
                Err(TryLockError::WouldBlock) if start.elapsed() < wait => thread::sleep(Duration::from_millis(20)),
                Err(TryLockError::WouldBlock) => {
                    let message = format!("another publisher has held the model for {wait:?}");
                    return Err(Error::new(ErrorKind::Io, message)
                        .with_file(path.display().to_string())
                        .with_note("try again when it is done, or wait longer: Publish::lock_wait"));
                }
            }
        }
    }
}
