//! What publishing and health need of a running server; `backends/triton` speaks it over HTTP.

use crate::context::Context;
use crate::error::Result;

/// The parts of the v2 protocol that manage models.
///
/// # Behavior
/// - Every call is bounded in time, and stops early when the context is cancelled.
/// - What the server says about a model is an answer, not an error: `ready` is `false` for a model it does not know.
/// - An error is of kind `Backend` and carries the server's own message, or says that nobody answered.
pub trait ModelControl: Send + Sync {
    /// Where the server is, for people.
    fn url(&self) -> &str;

    /// The process answers.
    fn live(&self, cx: &Context) -> Result<bool>;

    /// Everything that the server was told to serve is served.
    fn ready_all(&self, cx: &Context) -> Result<bool>;

    /// This version of the model answers requests; any version if none is named.
    fn ready(&self, model: &str, version: Option<u64>, cx: &Context) -> Result<bool>;

    /// Each model in the server's repositories, and each version that it loaded or tried to.
    fn index(&self, cx: &Context) -> Result<Vec<IndexEntry>>;

    /// Loads the model, or loads it again after its files changed.
    ///
    /// # Errors
    /// `Backend` with the server's reason if the model does not load; what was served before is served still.
    fn load(&self, model: &str, cx: &Context) -> Result<Load>;

    /// Stops serving the model.
    fn unload(&self, model: &str, cx: &Context) -> Result<Load>;
}

/// What became of a request to load or unload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Load {
    /// Done.
    Done,
    /// The server decides by itself what to load: it runs with `--model-control-mode` poll or none.
    NotExplicit,
}

/// One line of the repository index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexEntry {
    /// The model.
    pub name: String,
    /// The version; `None` if the server has not tried any.
    pub version: Option<u64>,
    /// `READY`, `LOADING`, `UNLOADING`, `UNAVAILABLE`, or empty.
    pub state: String,
    /// Why it is in that state; may be empty.
    pub reason: String,
}
