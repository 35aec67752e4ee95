//! A model that was opened.

use std::ffi::c_char;
use std::mem::MaybeUninit;

use modelium_core::pipeline::Opened;

use crate::arguments::{give, given, to_json};
use crate::error::{modelium_error, modelium_status};
use crate::gate::gate;

/// A model that was opened and described. Its files stay mapped while it lives. Free it with `modelium_model_free`.
pub struct modelium_model {
    opened: Opened,
}

impl modelium_model {
    pub(crate) fn new(opened: Opened) -> Self {
        Self { opened }
    }

    pub(crate) fn opened(&self) -> &Opened {
        &self.opened
    }
}

/// All that analysis found out (`schemas/model_descriptor.json`): format, inputs, outputs, operators, parameters, costs,
/// findings.
#[unsafe(no_mangle)]
pub extern "C" fn modelium_model_describe(
    model: Option<&modelium_model>,
    descriptor: Option<&mut MaybeUninit<*mut c_char>>,
    error: Option<&mut MaybeUninit<*mut modelium_error>>,
) -> modelium_status {
    gate(error, || {
        let (model, slot) = (given(model, "model")?, given(descriptor, "descriptor")?);
        give(slot, to_json(&model.opened.descriptor)?);
        Ok(())
    })
}

/// Frees a model; NULL is fine.
#[unsafe(no_mangle)]
pub extern "C" fn modelium_model_free(model: Option<Box<modelium_model>>) {
    gate(None, || {
        drop(model);
        Ok(())
    });
}
