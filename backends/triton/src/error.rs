//! What can go wrong between us and a server.

use std::time::Duration;

use modelium_core::ErrorKind;
use modelium_core::error::Classify;

/// See the messages; each says where and what to check.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServerError {
    #[error("'{url}' is no URL of a server: {reason}")]
    Url { url: String, reason: &'static str },
    #[error("the header '{name}' cannot be sent: {reason}")]
    Header { name: String, reason: String },
    #[error("nobody listens at {url}")]
    NobodyListens { url: String },
    #[error("no host of that name: {url}")]
    NoHost { url: String },
    #[error("no answer from {url} within {limit:?}")]
    Late { url: String, limit: Duration },
    #[error("the answer of {url} is longer than {limit} bytes")]
    TooLong { url: String, limit: u64 },
    #[error("{url} leads elsewhere, to {to}; redirects are not followed")]
    Redirect { url: String, to: String },
    #[error("{url} does not speak HTTP: {reason}")]
    NotHttp { url: String, reason: String },
    #[error("no secure connection to {url}: {reason}")]
    Tls { url: String, reason: String },
    #[error("the connection to {url} failed: {reason}")]
    Connection { url: String, reason: String },
    #[error("{url} is no Triton: it answers with {what}")]
    NotTriton { url: String, what: String },
    #[error("{url} answers with status {status} and no word of explanation")]
    Silent { url: String, status: u16 },
    #[error("{reason}")]
    Refused { reason: String },
}

impl ServerError {
    /// What to check.
    pub(crate) fn note(&self) -> Option<&'static str> {
        Some(match self {
            Self::NobodyListens { .. } => {
                "start the server, or check host and port: Triton's HTTP port is 8000 unless --http-port says otherwise"
            }
            Self::NotHttp { .. } => {
                "this may be the gRPC port; Triton's HTTP port is 8000 unless --http-port says otherwise"
            }
            Self::Late { .. } => {
                "the server may be loading or hanging; look at its log, or wait longer by ServerOptions"
            }
            Self::Redirect { .. } => "name the server itself",
            Self::NotTriton { .. } => "check host, port and path; the metrics port is another one",
            Self::Tls { .. } => "check the scheme and the server's certificate",
            _ => return None,
        })
    }
}

impl Classify for ServerError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Url { .. } | Self::Header { .. } => ErrorKind::InvalidArgument,
            Self::TooLong { .. } => ErrorKind::LimitExceeded,
            _ => ErrorKind::Backend,
        }
    }
}
