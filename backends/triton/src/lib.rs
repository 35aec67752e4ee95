//! A running Triton server, over the v2 protocol: health, repository, versions.
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use modelium_core::Context;
//! use modelium_core::deploy::triton::{Publish, TritonDeployer, TritonOptions, health};
//! use modelium_triton::{ServerOptions, TritonServer};
//!
//! let server = Arc::new(TritonServer::new("http://localhost:8000", ServerOptions::default())?);
//! let deployer = TritonDeployer::new(TritonOptions::default())
//!     .publishing(Publish::to("models"))
//!     .controlling(server.clone());
//! println!("{:?}", health(&*server, None, &Context::new())?);
//! # Ok::<(), modelium_core::Error>(())
//! ```
//!
//! The server is not trusted: every exchange is bounded in time and bytes, no redirect is followed, no proxy is taken
//! from the environment unless asked for, and what it answers is read as data. The protocol is
//! <https://github.com/kserve/kserve/tree/master/docs/predict-api/v2> with Triton's model repository extension.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing))]

mod error;
mod exchange;

use std::fmt;
use std::time::Duration;

use modelium_core::deploy::triton::{IndexEntry, Load, ModelControl};
use modelium_core::{Context, Error, ErrorKind, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use error::ServerError;
use exchange::{Answer, Exchange, Method};

/// How to speak to a server.
#[derive(Clone)]
pub struct ServerOptions {
    /// How long one question may take, connection and answer included.
    pub timeout: Duration,
    /// How long loading a model may take: the server answers when the model serves.
    pub load_timeout: Duration,
    /// Bytes of one answer.
    pub max_answer_bytes: u64,
    /// Headers sent along, such as `Authorization`.
    pub headers: Vec<(String, String)>,
    /// Use the proxy that the environment names.
    pub proxy_from_environment: bool,
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(5),
            load_timeout: Duration::from_mins(10),
            max_answer_bytes: 16 << 20,
            headers: Vec::new(),
            proxy_from_environment: false,
        }
    }
}

impl fmt::Debug for ServerOptions {
    /// Leaves out what headers say: secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("ServerOptions")
            .field("timeout", &self.timeout)
            .field("load_timeout", &self.load_timeout)
            .field("max_answer_bytes", &self.max_answer_bytes)
            .field("headers", &headers)
            .field("proxy_from_environment", &self.proxy_from_environment)
            .finish()
    }
}

/// A Triton server by its URL.
#[derive(Debug, Clone)]
pub struct TritonServer {
    exchange: Exchange,
    timeout: Duration,
    load_timeout: Duration,
}

/// What a server says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ServerMetadata {
    /// `triton`.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it can beyond the protocol.
    #[serde(default)]
    pub extensions: Vec<String>,
}

impl TritonServer {
    /// A server at `url`: scheme, host and port; `http` if the scheme is left out. Nothing is sent yet.
    ///
    /// # Errors
    /// `InvalidArgument` if it is no such URL, or a header cannot be sent.
    pub fn new(url: &str, options: ServerOptions) -> Result<Self> {
        let (timeout, load_timeout) = (options.timeout, options.load_timeout);
        Ok(Self { exchange: Exchange::new(url, options)?, timeout, load_timeout })
    }

    /// Name, version and extensions of the server.
    ///
    /// # Errors
    /// `Backend` if nobody answers, or something that is no Triton.
    pub fn metadata(&self, cx: &Context) -> Result<ServerMetadata> {
        self.document("v2", cx)
    }

    /// What a model takes and gives, as the server serves it: the protocol's model metadata.
    ///
    /// # Errors
    /// `Backend` with what the server says if it does not serve the model.
    pub fn model_metadata(&self, model: &str, version: Option<u64>, cx: &Context) -> Result<serde_json::Value> {
        self.document(&model_path(model, version, "")?, cx)
    }

    /// The configuration of a model, with all that the server filled in.
    ///
    /// # Errors
    /// `Backend` with what the server says if it does not serve the model.
    pub fn model_config(&self, model: &str, version: Option<u64>, cx: &Context) -> Result<serde_json::Value> {
        self.document(&model_path(model, version, "/config")?, cx)
    }

    /// How often and how fast a model ran.
    ///
    /// # Errors
    /// `Backend` with what the server says if it does not serve the model.
    pub fn statistics(&self, model: &str, version: Option<u64>, cx: &Context) -> Result<serde_json::Value> {
        self.document(&model_path(model, version, "/stats")?, cx)
    }

    fn ask(&self, method: Method, path: &str, cx: &Context) -> Result<Answer> {
        self.exchange.run(method, path, self.timeout, cx)
    }

    fn document<T: DeserializeOwned>(&self, path: &str, cx: &Context) -> Result<T> {
        let answer = self.ask(Method::Get, path, cx)?;
        if answer.status == 200 { self.parse(path, &answer) } else { Err(self.refused(path, &answer)) }
    }

    fn parse<T: DeserializeOwned>(&self, path: &str, answer: &Answer) -> Result<T> {
        serde_json::from_slice(&answer.body).map_err(|reason| {
            let what = if answer.body.starts_with(b"<") { "a web page".to_owned() } else { reason.to_string() };
            ServerError::NotTriton { url: self.exchange.at(path), what }.into()
        })
    }

    /// Whether a question about readiness was answered with yes.
    fn yes(&self, path: &str, cx: &Context) -> Result<bool> {
        let answer = self.ask(Method::Get, path, cx)?;
        match answer.status {
            200 => Ok(true),
            // Triton's own 400; gateways and other servers of the protocol say 503; an unknown version is a 404
            400 | 503 => Ok(false),
            404 if answer.is_json() => Ok(false),
            _ => Err(self.refused(path, &answer)),
        }
    }

    /// A request to load or unload, which a server may leave to itself.
    fn control(&self, model: &str, verb: &str, cx: &Context) -> Result<Load> {
        let path = format!("v2/repository/models/{}/{verb}", segment(model)?);
        let answer = self.exchange.run(Method::Post, &path, self.load_timeout, cx)?;
        if answer.status == 200 {
            return Ok(Load::Done);
        }
        if answer.message().contains("explicit model load / unload is not allowed") {
            return Ok(Load::NotExplicit);
        }
        Err(self.refused(&path, &answer))
    }

    /// The server's own words, its first line as the message and all of it as a note.
    fn refused(&self, path: &str, answer: &Answer) -> Error {
        let all = answer.message();
        let first = all.lines().next().unwrap_or_default().trim_end_matches([';', ' ']).to_owned();
        let more = all.trim() != first;
        let error: Error = if !answer.is_json() && answer.status == 404 {
            ServerError::NotTriton { url: self.exchange.at(path), what: "status 404".to_owned() }.into()
        } else if first.is_empty() {
            ServerError::Silent { url: self.exchange.at(path), status: answer.status }.into()
        } else {
            ServerError::Refused { reason: first }.into()
        };
        if more { error.with_note(format!("the server's whole answer: {}", all.trim())) } else { error }
    }
}

/// A row of the repository index as it comes.
#[derive(Deserialize)]
struct Row {
    name: String,
    #[serde(default)]
    version: Option<String>,
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    reason: Option<String>,
}

impl ModelControl for TritonServer {
    fn url(&self) -> &str {
        self.exchange.url()
    }

    fn live(&self, cx: &Context) -> Result<bool> {
        self.yes("v2/health/live", cx)
    }

    fn ready_all(&self, cx: &Context) -> Result<bool> {
        self.yes("v2/health/ready", cx)
    }

    fn ready(&self, model: &str, version: Option<u64>, cx: &Context) -> Result<bool> {
        self.yes(&model_path(model, version, "/ready")?, cx)
    }

    fn index(&self, cx: &Context) -> Result<Vec<IndexEntry>> {
        let path = "v2/repository/index";
        let answer = self.ask(Method::Post, path, cx)?;
        if answer.status != 200 {
            return Err(self.refused(path, &answer));
        }
        let rows: Vec<Row> = self.parse(path, &answer)?;
        let entry = |row: Row| IndexEntry {
            name: row.name,
            version: row.version.and_then(|version| version.parse().ok()),
            state: row.state.unwrap_or_default(),
            reason: row.reason.unwrap_or_default(),
        };
        Ok(rows.into_iter().map(entry).collect())
    }

    #[tracing::instrument(name = "modelium.load", skip_all, fields(url = self.url(), model = model))]
    fn load(&self, model: &str, cx: &Context) -> Result<Load> {
        self.control(model, "load", cx)
    }

    #[tracing::instrument(name = "modelium.unload", skip_all, fields(url = self.url(), model = model))]
    fn unload(&self, model: &str, cx: &Context) -> Result<Load> {
        self.control(model, "unload", cx)
    }
}

fn model_path(model: &str, version: Option<u64>, rest: &str) -> Result<String> {
    let model = segment(model)?;
    Ok(match version {
        Some(version) => format!("v2/models/{model}/versions/{version}{rest}"),
        None => format!("v2/models/{model}{rest}"),
    })
}

/// A model's name as one segment of a path. Triton takes it as it is, so what would need encoding cannot be asked for.
fn segment(model: &str) -> Result<&str> {
    let plain = |letter: char| letter.is_ascii_graphic() && !"/?#%\\\"<>^`{|}".contains(letter);
    if !model.is_empty() && !matches!(model, "." | "..") && model.chars().all(plain) {
        return Ok(model);
    }
    let message = format!("the model name '{}' cannot stand in a URL, and Triton decodes none", model.escape_debug());
    Err(Error::new(ErrorKind::InvalidArgument, message)
        .with_note("rename the model: letters, digits, '.', '_' and '-'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_need_encoding_are_refused() {
        assert_eq!(model_path("m.v1", Some(3), "/ready").unwrap(), "v2/models/m.v1/versions/3/ready");
        for name in ["", "..", "a b", "a/b", "a%20b", "modèle", "a?b"] {
            assert_eq!(segment(name).unwrap_err().kind(), ErrorKind::InvalidArgument, "{name}");
        }
    }

    #[test]
    fn secrets_stay_out_of_debug_output() {
        let headers = vec![("Authorization".to_owned(), "Bearer secret".to_owned())];
        let options = ServerOptions { headers, ..ServerOptions::default() };
        assert!(!format!("{options:?}").contains("secret"));
        let server = TritonServer::new("localhost:8000", options).unwrap();
        assert!(!format!("{server:?}").contains("secret"));
        assert_eq!(server.url(), "http://localhost:8000");
    }
}
