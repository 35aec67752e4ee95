//! Has a server load what was published, and waits until it serves it.

use std::thread;
use std::time::{Duration, Instant};

use crate::context::Context;
use crate::error::{Error, ErrorKind, Result};

use super::super::control::{IndexEntry, Load, ModelControl};

/// Loads the model and waits until the version is ready. `stale` is what the index said of the version before.
pub(super) fn load(
    server: &dyn ModelControl,
    name: &str,
    version: u64,
    stale: Option<&str>,
    wait: Duration,
    cx: &Context,
) -> Result<()> {
    let mode = server.load(name, cx).map_err(|error| explain(error, name, version))?;
    let start = Instant::now();
    let mut pause = Duration::from_millis(10);
    loop {
        cx.tick("deploy", 0, 0)?;
        if server.ready(name, Some(version), cx)? {
            tracing::info!(target: "modelium.apply", name, version, "ready");
            return Ok(());
        }
        let row = row(server, name, version, cx)?;
        let failed = row.as_ref().filter(|row| row.state == "UNAVAILABLE").map(|row| row.reason.as_str());
        // a server that loads by itself may still show why an earlier attempt at this number failed
        let failed = failed.filter(|reason| !reason.is_empty() && *reason != "unloaded" && Some(*reason) != stale);
        if let Some(reason) = failed {
            let first = reason.lines().next().unwrap_or_default(); // a traceback may follow
            let message = format!("the server does not serve version {version} of '{name}': {first}");
            return Err(Error::new(ErrorKind::Backend, message).with_item(server.url()));
        }
        if start.elapsed() >= wait {
            return Err(late(server, name, version, wait, mode, row));
        }
        thread::sleep(pause.min(wait.saturating_sub(start.elapsed())));
        pause = pause.saturating_mul(2).min(Duration::from_millis(250));
    }
}

/// What the index says is wrong with a version.
pub(super) fn reason(server: &dyn ModelControl, name: &str, version: u64, cx: &Context) -> Result<Option<String>> {
    Ok(row(server, name, version, cx)?.map(|row| row.reason))
}

fn row(server: &dyn ModelControl, name: &str, version: u64, cx: &Context) -> Result<Option<IndexEntry>> {
    let mut index = server.index(cx)?.into_iter();
    Ok(index.find(|row| row.name == name && row.version == Some(version)))
}

fn late(
    server: &dyn ModelControl,
    name: &str,
    version: u64,
    wait: Duration,
    mode: Load,
    row: Option<IndexEntry>,
) -> Error {
    let message = format!("version {version} of '{name}' is not ready after {wait:?}");
    let error = Error::new(ErrorKind::Backend, message).with_item(server.url());
    let error = match row {
        Some(IndexEntry { state, reason, .. }) if !state.is_empty() || !reason.is_empty() => {
            error.with_note(format!("the server says: {}", format!("{state} {reason}").trim()))
        }
        _ => error.with_note("the server does not know the version; see that it reads this repository"),
    };
    if mode == Load::NotExplicit {
        return error.with_note(
            "the server loads by itself: in mode poll wait longer than its poll interval, in mode none restart it",
        );
    }
    error
}

fn explain(error: Error, name: &str, version: u64) -> Error {
    if error.kind() == ErrorKind::Cancelled {
        return error;
    }
    let silent = error.message().contains("failed to poll from model repository");
    let error = error.with_item(format!("version {version} of '{name}'"));
    if silent {
        return error.with_note(
            "the server cannot read the model's folder or its config and tells why only in its log; lint the repository",
        );
    }
    error
}

/// After files were put back: has the server load them, and adds to `error` what became of it.
pub(super) fn again(server: &dyn ModelControl, name: &str, restored: Result<()>, error: Error) -> Error {
    if let Err(second) = restored {
        return error.with_note(format!("the repository could not be put back as it was: {second}"));
    }
    let error = error.with_note("the repository is as it was before");
    // not with the caller's context: after a cancellation the server must get its model back all the same
    match server.load(name, &Context::new()) {
        Ok(_) => error.with_note("the server goes on with what it served before"),
        Err(second) => error.with_note(format!("the server did not load what it served before: {second}")),
    }
}
