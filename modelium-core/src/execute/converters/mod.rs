//! The converters that come with the library, one for each operation.

mod export;
mod import;
mod package;
mod parity;
mod simplify;

use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use crate::execute::Converter;
use crate::registry::Registry;

/// Who does which operation. Cheap to clone.
#[derive(Clone)]
pub struct Converters {
    registry: Registry,
    list: Vec<Arc<dyn Converter>>,
}

impl Converters {
    /// One for each operation, working with what the registry lists.
    pub fn builtin(registry: &Registry) -> Self {
        let list: Vec<Arc<dyn Converter>> = vec![
            Arc::new(import::Import(registry.clone())),
            Arc::new(simplify::Simplify(registry.clone())),
            Arc::new(export::Export(registry.clone())),
            Arc::new(parity::Parity(registry.clone())),
            Arc::new(package::Package(registry.clone())),
        ];
        Self { registry: registry.clone(), list }
    }

    /// Lets another one do its operation from here on.
    #[must_use]
    pub fn with(mut self, converter: Arc<dyn Converter>) -> Self {
        self.list.push(converter);
        self
    }

    /// Who does an operation.
    ///
    /// # Errors
    /// `Unsupported` if nobody does.
    pub fn find(&self, operation: &str) -> Result<&dyn Converter> {
        let found = self.list.iter().rev().find(|converter| converter.operation() == operation);
        found
            .map(AsRef::as_ref)
            .ok_or_else(|| Error::new(ErrorKind::Unsupported, format!("nothing here does the operation '{operation}'")))
    }

    /// What converters work with.
    pub(super) fn registry(&self) -> &Registry {
        &self.registry
    }
}

impl From<&Registry> for Converters {
    fn from(registry: &Registry) -> Self {
        Self::builtin(registry)
    }
}

/// The operation is not the converter's: the executor chose it by name, so that this is a defect.
fn not_mine(expected: &str, found: &str) -> Error {
    Error::internal(format!("the converter of '{expected}' was given '{found}'"))
}
