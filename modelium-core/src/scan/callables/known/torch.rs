//! PyTorch: how tensors, storages and modules are put together again.

use crate::scan::callables::Row;
use crate::scan::callables::known::Shape::{self, Any, Apply, Class, Data, Made, Reference, Tensor, TorchFile};

/// In the order of the modules.
pub(super) static TABLE: &[Row<Shape>] = &[
    ("torch", Any, "Size Tensor Generator ScriptObject"),
    ("torch", Data, "device dtype finfo iinfo layout memory_format qscheme"),
    (
        "torch",
        Reference,
        "FloatStorage DoubleStorage HalfStorage BFloat16Storage LongStorage IntStorage ShortStorage CharStorage ByteStorage BoolStorage ComplexFloatStorage ComplexDoubleStorage QUInt8Storage QInt8Storage QInt32Storage QUInt4x2Storage QUInt2x4Storage UntypedStorage TypedStorage",
    ),
    (
        "torch",
        Reference,
        "float float16 float32 float64 double half bfloat16 int int8 int16 int32 int64 long short uint8 uint16 uint32 uint64 bool complex32 complex64 complex128 cfloat cdouble chalf quint8 qint8 qint32 quint4x2 quint2x4 float8_e4m3fn float8_e5m2 float8_e4m3fnuz float8_e5m2fnuz float8_e8m0fnu float4_e2m1fn_x2",
    ),
    (
        "torch",
        Reference,
        "strided sparse_coo sparse_csr sparse_csc sparse_bsr sparse_bsc contiguous_format channels_last channels_last_3d preserve_format per_tensor_affine per_channel_affine per_tensor_symmetric per_channel_symmetric per_channel_affine_float_qparams",
    ),
    (
        "torch",
        Reference,
        "FloatTensor DoubleTensor HalfTensor BFloat16Tensor LongTensor IntTensor ShortTensor CharTensor ByteTensor BoolTensor",
    ),
    (
        "torch",
        Reference,
        "relu tanh sigmoid softmax log_softmax abs exp log sqrt sin cos add mul sum mean cat stack matmul square",
    ),
    ("torch._C", Any, "Generator"),
    ("torch._C", Reference, "DoubleStorageBase FloatStorageBase _TensorBase TensorBase Size device dtype"),
    ("torch._C._nn", Reference, "gelu silu relu6 elu_ hardswish hardsigmoid hardtanh leaky_relu mish softplus linear"),
    ("torch._tensor", Any, "Tensor"),
    ("torch._tensor", Apply, "_rebuild_from_type _rebuild_from_type_v2"),
    ("torch._utils", Any, "_rebuild_parameter _rebuild_parameter_with_state"),
    (
        "torch._utils",
        Data,
        "_rebuild_device_tensor_from_numpy _rebuild_meta_tensor_no_storage _rebuild_xla_tensor _rebuild_mlc_tensor _rebuild_nested_tensor _rebuild_sparse_tensor _rebuild_sparse_csr_tensor _rebuild_device_tensor_from_cpu_tensor",
    ),
    ("torch._utils", Class, "_rebuild_wrapper_subclass"),
    ("torch._utils", Tensor, "_rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_qtensor"),
    ("torch.backends", Reference, "cudnn"),
    (
        "torch.cuda",
        Reference,
        "FloatStorage DoubleStorage HalfStorage BFloat16Storage LongStorage IntStorage ShortStorage CharStorage ByteStorage BoolStorage FloatTensor DoubleTensor HalfTensor LongTensor IntTensor ByteTensor",
    ),
    ("torch.distributed.checkpoint.metadata", Data, "_MEM_FORMAT_ENCODING"),
    (
        "torch.jit._pickle",
        Data,
        "build_intlist build_tensorlist build_doublelist build_boollist build_stringlist build_tensor_from_id restore_type_tag",
    ),
    ("torch.nested._internal.nested_tensor", Data, "_rebuild_njt"),
    (
        "torch.nn.functional",
        Reference,
        "relu relu_ relu6 gelu silu mish tanh sigmoid softmax log_softmax elu selu celu leaky_relu softplus softsign hardtanh hardswish hardsigmoid logsigmoid glu cross_entropy mse_loss l1_loss nll_loss binary_cross_entropy binary_cross_entropy_with_logits smooth_l1_loss kl_div normalize interpolate dropout linear",
    ),
    (
        "torch.nn.init",
        Reference,
        "xavier_uniform_ xavier_normal_ kaiming_uniform_ kaiming_normal_ normal_ uniform_ zeros_ ones_ constant_ trunc_normal_ orthogonal_",
    ),
    ("torch.nn.parameter", Any, "Parameter Buffer UninitializedParameter UninitializedBuffer"),
    (
        "torch.return_types",
        Any,
        "aminmax cummax cummin frexp geqrf histogram histogramdd kthvalue linalg_cholesky_ex linalg_eig linalg_eigh linalg_inv_ex linalg_ldl_factor linalg_ldl_factor_ex linalg_lstsq linalg_lu linalg_lu_factor linalg_lu_factor_ex linalg_qr linalg_slogdet linalg_solve_ex linalg_svd lu_unpack max median min mode nanmedian qr slogdet sort svd topk triangular_solve",
    ),
    ("torch.serialization", Data, "_get_layout"),
    ("torch.storage", Made, "UntypedStorage TypedStorage _UntypedStorage _TypedStorage"),
    ("torch.storage", TorchFile, "_load_from_bytes"),
    ("torch.torch_version", Data, "TorchVersion"),
    ("torch.utils.hooks", Any, "RemovableHandle BackwardHook"),
    ("torch.version", Reference, "cuda"),
    ("torchvision.transforms.autoaugment", Data, "AutoAugmentPolicy"),
];
