//! One question and its answer, bounded in time and bytes.

use std::fmt;
use std::io;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use modelium_core::{Context, Error, Result};
use serde::Deserialize;
use ureq::http::{Request, Uri};
use ureq::{Agent, Proxy};

use crate::ServerOptions;
use crate::error::ServerError;

/// How often a waiting caller looks whether it was cancelled.
const LOOK: Duration = Duration::from_millis(50);

/// Everything that is needed to ask one server.
#[derive(Clone)]
pub(crate) struct Exchange {
    /// Without a slash at the end.
    url: String,
    headers: Vec<(String, String)>,
    agent: Agent,
    max_answer_bytes: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Post,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// Where a redirect leads.
    location: Option<String>,
}

impl Exchange {
    pub(crate) fn new(url: &str, options: ServerOptions) -> Result<Self> {
        let url = base(url)?;
        for (name, value) in &options.headers {
            let built = Request::builder().uri(&url).header(name, value).body(());
            // the value may be a secret, and stays out of the message
            built.map_err(|error| lift(ServerError::Header { name: name.clone(), reason: error.to_string() }))?;
        }
        let proxy = if options.proxy_from_environment { Proxy::try_from_env() } else { None };
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(proxy)
            // a connection of before a restart, or of before a fork, is worth nothing
            .max_idle_connections(0)
            .user_agent(concat!("modelium/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        Ok(Self { url, headers: options.headers, agent, max_answer_bytes: options.max_answer_bytes })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The URL of a path.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}/{path}", self.url)
    }

    /// Asks, and comes back early if the caller cancels.
    ///
    /// The exchange runs on a thread of its own, because a blocking read cannot be called off. After a cancellation
    /// the thread lives until its time limit and then ends unheard.
    pub(crate) fn run(&self, method: Method, path: &str, limit: Duration, cx: &Context) -> Result<Answer> {
        cx.tick("deploy", 0, 0)?;
        let (sender, receiver) = sync_channel(1);
        let (this, url) = (self.clone(), self.at(path));
        let work = move || {
            let _ = sender.send(this.exchange(method, &url, limit)); // nobody may be waiting any more
        };
        let started = thread::Builder::new().name("modelium-triton".to_owned()).spawn(work);
        started.map_err(|error| Error::io("start a thread for", &self.url, error))?;
        loop {
            match receiver.recv_timeout(LOOK) {
                Ok(answer) => return answer.map_err(lift),
                Err(RecvTimeoutError::Timeout) => cx.tick("deploy", 0, 0)?,
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Error::internal("an exchange ended without a result"));
                }
            }
        }
    }

    fn exchange(&self, method: Method, url: &str, limit: Duration) -> Result<Answer, ServerError> {
        let explain = |error| self.explain(error, url, limit);
        let response = match method {
            Method::Get => {
                let mut request = self.agent.get(url).config().timeout_global(Some(limit)).build();
                for (name, value) in &self.headers {
                    request = request.header(name, value);
                }
                request.call()
            }
            Method::Post => {
                let mut request = self.agent.post(url).config().timeout_global(Some(limit)).build();
                for (name, value) in &self.headers {
                    request = request.header(name, value);
                }
                request.send_empty()
            }
        };
        let mut response = response.map_err(explain)?;
        let status = response.status().as_u16();
        let location = response.headers().get("location").and_then(|to| to.to_str().ok()).map(str::to_owned);
        let body = response.body_mut().with_config().limit(self.max_answer_bytes).read_to_vec().map_err(explain)?;
        let answer = Answer { status, body, location };
        match answer.location {
            Some(to) if (300..400).contains(&status) => Err(ServerError::Redirect { url: url.to_owned(), to }),
            _ => Ok(answer),
        }
    }

    fn explain(&self, error: ureq::Error, url: &str, limit: Duration) -> ServerError {
        let url = url.to_owned();
        match error {
            ureq::Error::Timeout(_) => ServerError::Late { url, limit },
            ureq::Error::HostNotFound => ServerError::NoHost { url },
            ureq::Error::BodyExceedsLimit(_) => ServerError::TooLong { url, limit: self.max_answer_bytes },
            ureq::Error::Io(error) => of_io(&error, url, limit),
            ureq::Error::Protocol(error) => ServerError::NotHttp { url, reason: error.to_string() },
            ureq::Error::Tls(reason) => ServerError::Tls { url, reason: reason.to_owned() },
            ureq::Error::Rustls(error) => ServerError::Tls { url, reason: error.to_string() },
            other => ServerError::Connection { url, reason: other.to_string() },
        }
    }
}

fn of_io(error: &io::Error, url: String, limit: Duration) -> ServerError {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => ServerError::NobodyListens { url },
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => ServerError::Late { url, limit },
        io::ErrorKind::InvalidData => ServerError::NotHttp { url, reason: error.to_string() },
        _ => ServerError::Connection { url, reason: error.to_string() },
    }
}

fn lift(error: ServerError) -> Error {
    let note = error.note();
    let error = Error::from(error);
    if let Some(note) = note { error.with_note(note) } else { error }
}

/// Checks a server's URL: scheme, host, port, perhaps a path.
fn base(url: &str) -> Result<String> {
    let refuse = |reason| Err(lift(ServerError::Url { url: url.escape_debug().to_string(), reason }));
    let trimmed = url.trim_end_matches('/');
    let whole = if trimmed.contains("://") { trimmed.to_owned() } else { format!("http://{trimmed}") };
    let Ok(uri) = whole.parse::<Uri>() else { return refuse("expected http://host:port") };
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return refuse("expected http or https");
    }
    let Some(authority) = uri.authority().filter(|authority| !authority.host().is_empty()) else {
        return refuse("it names no host");
    };
    if authority.as_str().contains('@') {
        return refuse("it holds a password; send it by ServerOptions::headers");
    }
    if uri.query().is_some() || url.contains('#') {
        return refuse("it has a query or a fragment");
    }
    Ok(whole)
}

impl Answer {
    /// Whether the server answered in the protocol's own form, also when it says no.
    pub(crate) fn is_json(&self) -> bool {
        self.body.is_empty() || serde_json::from_slice::<Refusal>(&self.body).is_ok()
    }

    /// The server's own words: the protocol's `error`, else the beginning of the text.
    pub(crate) fn message(&self) -> String {
        if let Ok(refusal) = serde_json::from_slice::<Refusal>(&self.body) {
            return refusal.error;
        }
        String::from_utf8_lossy(&self.body).chars().take(300).collect()
    }
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange").field("url", &self.url).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_a_scheme_a_host_and_perhaps_a_path() {
        assert_eq!(base("localhost:8000").unwrap(), "http://localhost:8000");
        assert_eq!(base("https://triton.example/a/").unwrap(), "https://triton.example/a");
        assert_eq!(base("http://[::1]:8000").unwrap(), "http://[::1]:8000");
        for (url, reason) in [
            ("", "'' is no URL of a server: expected http://host:port"),
            ("grpc://localhost:8001", "'grpc://localhost:8001' is no URL of a server: expected http or https"),
            ("http://a b", "'http://a b' is no URL of a server: expected http://host:port"),
            ("http://h?x=1", "'http://h?x=1' is no URL of a server: it has a query or a fragment"),
        ] {
            assert_eq!(base(url).unwrap_err().message(), reason);
        }
        let secret = base("http://me:secret@h").unwrap_err();
        assert!(secret.message().contains("it holds a password"));
    }
}
