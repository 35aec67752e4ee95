//! Rich data crosses the border as the same documents that every language gets.

use modelium_core::{Error, Result};
use pyo3::exceptions::{PyRecursionError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value};

/// The Python form of a document: dicts, lists, strings, numbers, booleans, None.
pub(crate) fn to_python<'py>(py: Python<'py>, document: &impl Serialize) -> PyResult<Bound<'py, PyAny>> {
    let value = serde_json::to_value(document).map_err(|error| PyValueError::new_err(error.to_string()))?;
    build(py, &value)
}

fn build<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::Null => py.None().into_bound(py),
        Value::Bool(value) => PyBool::new(py, *value).to_owned().into_any(),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(value), _) => value.into_pyobject(py)?.into_any(),
            (_, Some(value)) => value.into_pyobject(py)?.into_any(),
            _ => PyFloat::new(py, number.as_f64().unwrap_or(f64::NAN)).into_any(),
        },
        Value::String(text) => PyString::new(py, text).into_any(),
        Value::Array(items) => {
            let list = PyList::empty(py);
            items.iter().try_for_each(|item| list.append(build(py, item)?))?;
            list.into_any()
        }
        Value::Object(members) => {
            let dict = PyDict::new(py);
            members.iter().try_for_each(|(key, value)| dict.set_item(key, build(py, value)?))?;
            dict.into_any()
        }
    })
}

/// A document from its Python form; a JSON string is taken as well.
///
/// # Errors
/// `TypeError` for objects that JSON has no form for; `InvalidArgumentError` where a field is wrong.
pub(crate) fn from_python<T: DeserializeOwned>(what: &str, object: &Bound<'_, PyAny>) -> PyResult<T> {
    let parsed = match object.cast::<PyString>() {
        Ok(text) => serde_json::from_str(text.to_str()?),
        Err(_) => serde_json::from_value(read(object, 64)?),
    };
    parsed.map_err(|error| {
        crate::error::to_python(object.py(), &Error::argument(format!("the {what} is not understood: {error}")))
    })
}

fn read(object: &Bound<'_, PyAny>, depth: u32) -> PyResult<Value> {
    if depth == 0 {
        return Err(PyRecursionError::new_err("the document is nested too deeply"));
    }
    if object.is_none() {
        return Ok(Value::Null);
    }
    if let Ok(value) = object.cast::<PyBool>() {
        return Ok(Value::Bool(value.is_true()));
    }
    if object.is_instance_of::<PyInt>() {
        return object.extract::<u64>().map(Value::from).or_else(|_| object.extract::<i64>().map(Value::from));
    }
    if let Ok(value) = object.cast::<PyFloat>() {
        let number = Number::from_f64(value.value());
        return number.map(Value::Number).ok_or_else(|| PyValueError::new_err("numbers must be finite"));
    }
    if let Ok(text) = object.cast::<PyString>() {
        return Ok(Value::String(text.to_str()?.to_owned()));
    }
    if let Ok(dict) = object.cast::<PyDict>() {
        let members = dict.iter().map(|(key, value)| Ok((key.extract::<String>()?, read(&value, depth - 1)?)));
        return members.collect::<PyResult<Map<_, _>>>().map(Value::Object);
    }
    if object.is_instance_of::<PyList>() || object.is_instance_of::<PyTuple>() {
        let items = object.try_iter()?.map(|item| read(&item?, depth - 1));
        return items.collect::<PyResult<Vec<_>>>().map(Value::Array);
    }
    Err(PyTypeError::new_err(format!("a document cannot hold a {}", object.get_type().name()?)))
}

/// A document from what a host's object returned, as a core result.
pub(crate) fn from_host<T: DeserializeOwned>(what: &str, object: &Bound<'_, PyAny>) -> Result<T> {
    from_python(what, object).map_err(|error| crate::error::from_python(object.py(), what, &error))
}
