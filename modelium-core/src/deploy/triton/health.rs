//! How a server is, per model and version, and why not.

use crate::context::Context;
use crate::deploy::{Deployment, Health, ModelHealth};
use crate::error::Result;

use super::control::{IndexEntry, ModelControl};

/// Asks a server about all models, or about one.
///
/// About all models, `ready` is what the server says of itself. About one, it is whether any version of it serves.
///
/// # Errors
/// `Backend` if nobody answers.
pub fn health(server: &dyn ModelControl, model: Option<&str>, cx: &Context) -> Result<Health> {
    if !server.live(cx)? {
        return Ok(dead());
    }
    let rows: Vec<_> =
        server.index(cx)?.into_iter().filter(|row| model.is_none_or(|model| row.name == model)).collect();
    let mut models = rows.into_iter().map(|row| of_row(server, row, cx)).collect::<Result<Vec<_>>>()?;
    let ready = match model {
        Some(model) => server.ready(model, None, cx)?,
        None => server.ready_all(cx)?,
    };
    if let Some(name) = model.filter(|_| models.is_empty()) {
        let reason = Some("the server's repositories have no such model".to_owned());
        models.push(ModelHealth { name: name.to_owned(), version: None, ready, reason });
    }
    let unexplained = !ready && models.iter().all(|model| model.ready);
    let reason = unexplained.then(|| {
        "every version in the index is ready and the server is not: it is starting, a version of before is unloading, \
         or a folder in its repository is no model"
            .to_owned()
    });
    Ok(Health { live: true, ready, reason, models })
}

/// Asks the server of a deployment whether it serves the version.
pub(super) fn of_deployment(server: &dyn ModelControl, deployment: &Deployment, cx: &Context) -> Result<Health> {
    let mut health = health(server, Some(&deployment.name), cx)?;
    if health.live {
        health.ready = server.ready(&deployment.name, Some(deployment.version), cx)?;
        health.reason = None;
        let known = health.models.iter().any(|model| model.version == Some(deployment.version));
        if !known {
            health.models.retain(|model| model.version.is_some());
            health.models.push(ModelHealth {
                name: deployment.name.clone(),
                version: Some(deployment.version),
                ready: health.ready,
                reason: (!health.ready).then(|| {
                    format!("the server has not tried this version; see that it reads {}", deployment.root.display())
                }),
            });
        }
    }
    Ok(health)
}

fn dead() -> Health {
    let reason = Some("something answers, and says that the server is not live".to_owned());
    Health { live: false, ready: false, reason, models: Vec::new() }
}

fn of_row(server: &dyn ModelControl, row: IndexEntry, cx: &Context) -> Result<ModelHealth> {
    let IndexEntry { name, version, state, reason } = row;
    let reason = reason.lines().next().unwrap_or_default().to_owned(); // a traceback may follow
    let ready = version.is_some() && server.ready(&name, version, cx)?;
    let why = match (state.as_str(), reason.as_str()) {
        _ if ready => None,
        ("" | "UNAVAILABLE", "") if version.is_none() => Some("it was never loaded".to_owned()),
        ("UNAVAILABLE", "") => Some("unavailable, and the server does not say why".to_owned()),
        ("UNAVAILABLE" | "", reason) => Some(reason.to_owned()),
        (state, "") => Some(state.to_ascii_lowercase()),
        (state, reason) => Some(format!("{}: {reason}", state.to_ascii_lowercase())),
    };
    Ok(ModelHealth { name, version, ready, reason: why })
}
