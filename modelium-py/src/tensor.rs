//! Tensors through the buffer protocol: numpy, and whatever else speaks it, without importing either.

use std::ffi::{CStr, CString, c_int, c_void};

use modelium_core::tensor::{DType, Tensor as CoreTensor};
use modelium_core::{Error, Result};
use pyo3::buffer::PyUntypedBuffer;
use pyo3::exceptions::PyBufferError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// A named tensor; `numpy.asarray(tensor)` and `memoryview(tensor)` see its elements without a copy.
#[pyclass(module = "modelium", frozen)]
pub(crate) struct Tensor {
    name: String,
    dtype: DType,
    bytes: bytes::Bytes,
    shape: Vec<isize>,
    strides: Vec<isize>,
    format: CString,
}

impl Tensor {
    /// Shows a core tensor to Python.
    pub(crate) fn new(tensor: &CoreTensor) -> Result<Self> {
        let name = tensor.name.clone().unwrap_or_default();
        let Some((format, width)) = format_of(tensor.dtype) else {
            return Err(Error::new(
                modelium_core::ErrorKind::Unsupported,
                format!("tensor '{name}' holds {}, which the buffer protocol has no form for", tensor.dtype),
            ));
        };
        let bytes = match &tensor.data {
            modelium_core::tensor::Data::Raw(blob) => blob.bytes().clone(),
            _ => bytes::Bytes::from(tensor.to_le_bytes().unwrap_or_default().into_owned()),
        };
        let shape: Vec<isize> = tensor.dims.iter().map(|&dim| isize::try_from(dim).unwrap_or(isize::MAX)).collect();
        let mut strides = vec![0; shape.len()];
        let mut stride = width;
        for (slot, dim) in strides.iter_mut().zip(&shape).rev() {
            *slot = stride;
            stride = stride.saturating_mul((*dim).max(1));
        }
        Ok(Self { name, dtype: tensor.dtype, bytes, shape, strides, format: format.to_owned() })
    }

    /// Its name.
    pub(crate) fn label(&self) -> &str {
        &self.name
    }
}

#[pymethods]
impl Tensor {
    /// Its name.
    #[getter]
    fn name(&self) -> &str {
        &self.name
    }

    /// Element type: `float32`.
    #[getter]
    fn dtype(&self) -> &'static str {
        self.dtype.name()
    }

    /// Dimensions, outermost first.
    #[getter]
    fn shape<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.shape)
    }

    fn __repr__(&self) -> String {
        format!("Tensor({:?}, {}, {:?})", self.name, self.dtype, self.shape)
    }

    /// Lends the elements, read-only.
    ///
    /// # Safety
    /// `view` comes from the interpreter and is valid, as the buffer protocol demands.
    unsafe fn __getbuffer__(slf: Bound<'_, Self>, view: *mut ffi::Py_buffer, flags: c_int) -> PyResult<()> {
        if view.is_null() {
            return Err(PyBufferError::new_err("no view to fill"));
        }
        if flags & ffi::PyBUF_WRITABLE == ffi::PyBUF_WRITABLE {
            return Err(PyBufferError::new_err("a modelium tensor is read-only; copy it to change it"));
        }
        let this = slf.get();
        let item = item_size(this.dtype);
        // SAFETY: `view` is valid per the contract; every pointer put into it belongs to this object, which the view's
        // own reference keeps alive and which is frozen, so that nothing moves while the view exists.
        unsafe {
            (*view).buf = this.bytes.as_ptr() as *mut c_void;
            (*view).len = isize::try_from(this.bytes.len()).unwrap_or(isize::MAX);
            (*view).readonly = 1;
            (*view).itemsize = item;
            (*view).format = if flags & ffi::PyBUF_FORMAT == ffi::PyBUF_FORMAT {
                this.format.as_ptr().cast_mut()
            } else {
                std::ptr::null_mut()
            };
            (*view).ndim = c_int::try_from(this.shape.len()).unwrap_or(c_int::MAX);
            (*view).shape = if flags & ffi::PyBUF_ND == ffi::PyBUF_ND {
                this.shape.as_ptr().cast_mut()
            } else {
                std::ptr::null_mut()
            };
            (*view).strides = if flags & ffi::PyBUF_STRIDES == ffi::PyBUF_STRIDES {
                this.strides.as_ptr().cast_mut()
            } else {
                std::ptr::null_mut()
            };
            (*view).suboffsets = std::ptr::null_mut();
            (*view).internal = std::ptr::null_mut();
            (*view).obj = slf.into_ptr();
        }
        Ok(())
    }
}

/// The buffer protocol's format of an element type and its width in bytes.
fn format_of(dtype: DType) -> Option<(&'static CStr, isize)> {
    let format = match dtype {
        DType::Bool => c"?",
        DType::Int8 => c"b",
        DType::Uint8 => c"B",
        DType::Int16 => c"h",
        DType::Uint16 => c"H",
        DType::Int32 => c"i",
        DType::Uint32 => c"I",
        DType::Int64 => c"q",
        DType::Uint64 => c"Q",
        DType::Float16 => c"e",
        DType::Float32 => c"f",
        DType::Float64 => c"d",
        DType::Complex64 => c"Zf",
        DType::Complex128 => c"Zd",
        _ => return None,
    };
    Some((format, item_size(dtype)))
}

fn item_size(dtype: DType) -> isize {
    dtype.bits().and_then(|bits| isize::try_from(bits / 8).ok()).unwrap_or(1)
}

/// Copies a Python buffer (a numpy array) into a core tensor.
pub(crate) fn from_buffer(name: &str, object: &Bound<'_, PyAny>) -> PyResult<CoreTensor> {
    let buffer = PyUntypedBuffer::get(object)?;
    let refuse = |why: String| PyBufferError::new_err(format!("array '{name}': {why}"));
    let format = buffer.format().to_str().unwrap_or("");
    let dtype = dtype_of(format, buffer.item_size()).ok_or_else(|| {
        refuse(format!("element format '{format}' of {} bytes is not a tensor's", buffer.item_size()))
    })?;
    if !buffer.is_c_contiguous() {
        return Err(refuse("the array must be contiguous in C order (numpy.ascontiguousarray)".to_owned()));
    }
    let bytes = if buffer.len_bytes() == 0 {
        Vec::new()
    } else {
        // SAFETY: a C-contiguous buffer is `len_bytes` bytes from `buf_ptr`, alive while `buffer` is, and the GIL is held.
        unsafe { std::slice::from_raw_parts(buffer.buf_ptr().cast::<u8>().cast_const(), buffer.len_bytes()) }.to_vec()
    };
    let dims = buffer.shape().iter().map(|&dim| dim as u64).collect();
    CoreTensor::new(name, dtype, dims, bytes).ok_or_else(|| refuse("its byte count does not fit its shape".to_owned()))
}

/// The element type of a buffer's format: byte order marks are native's, and C's `l` is as wide as the item says.
fn dtype_of(format: &str, width: usize) -> Option<DType> {
    let code = format.trim_start_matches(['@', '=', '<']);
    Some(match (code, width) {
        ("?", 1) => DType::Bool,
        ("b", 1) => DType::Int8,
        ("B" | "c" | "", 1) => DType::Uint8,
        ("h", 2) => DType::Int16,
        ("H", 2) => DType::Uint16,
        ("i" | "l", 4) => DType::Int32,
        ("I" | "L", 4) => DType::Uint32,
        ("q" | "l", 8) => DType::Int64,
        ("Q" | "L", 8) => DType::Uint64,
        ("e", 2) => DType::Float16,
        ("f", 4) => DType::Float32,
        ("d", 8) => DType::Float64,
        ("Zf", 8) => DType::Complex64,
        ("Zd", 16) => DType::Complex128,
        _ => return None,
    })
}
