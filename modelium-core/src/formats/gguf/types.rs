//! The tensor types of ggml: how many elements a block has, and how many bytes it takes.

use crate::tensor::DType;

/// A tensor type.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Type {
    /// Its number in files.
    pub(super) code: u32,
    /// Its name as descriptors spell it: that of the plain type, or ggml's own.
    pub(super) name: &'static str,
    /// Elements of one block; rows consist of whole blocks.
    pub(super) block: u64,
    /// Bytes of one block.
    pub(super) bytes: u64,
}

const fn plain(code: u32, dtype: DType, bytes: u64) -> Type {
    let name = match dtype {
        DType::Float32 => "float32",
        DType::Float16 => "float16",
        DType::Bfloat16 => "bfloat16",
        DType::Float64 => "float64",
        DType::Int8 => "int8",
        DType::Int16 => "int16",
        DType::Int32 => "int32",
        _ => "int64",
    };
    Type { code, name, block: 1, bytes }
}

const fn blocks(code: u32, name: &'static str, block: u64, bytes: u64) -> Type {
    Type { code, name, block, bytes }
}

/// `ggml_type` and the `block_*` structures of ggml. Types that ggml dropped keep the sizes that they had.
const TYPES: [Type; 42] = [
    plain(0, DType::Float32, 4),
    plain(1, DType::Float16, 2),
    blocks(2, "q4_0", 32, 18),
    blocks(3, "q4_1", 32, 20),
    blocks(4, "q4_2", 16, 10),
    blocks(5, "q4_3", 16, 12),
    blocks(6, "q5_0", 32, 22),
    blocks(7, "q5_1", 32, 24),
    blocks(8, "q8_0", 32, 34),
    blocks(9, "q8_1", 32, 36),
    blocks(10, "q2_k", 256, 84),
    blocks(11, "q3_k", 256, 110),
    blocks(12, "q4_k", 256, 144),
    blocks(13, "q5_k", 256, 176),
    blocks(14, "q6_k", 256, 210),
    blocks(15, "q8_k", 256, 292),
    blocks(16, "iq2_xxs", 256, 66),
    blocks(17, "iq2_xs", 256, 74),
    blocks(18, "iq3_xxs", 256, 98),
    blocks(19, "iq1_s", 256, 50),
    blocks(20, "iq4_nl", 32, 18),
    blocks(21, "iq3_s", 256, 110),
    blocks(22, "iq2_s", 256, 82),
    blocks(23, "iq4_xs", 256, 136),
    plain(24, DType::Int8, 1),
    plain(25, DType::Int16, 2),
    plain(26, DType::Int32, 4),
    plain(27, DType::Int64, 8),
    plain(28, DType::Float64, 8),
    blocks(29, "iq1_m", 256, 56),
    plain(30, DType::Bfloat16, 2),
    blocks(31, "q4_0_4_4", 32, 18),
    blocks(32, "q4_0_4_8", 32, 18),
    blocks(33, "q4_0_8_8", 32, 18),
    blocks(34, "tq1_0", 256, 54),
    blocks(35, "tq2_0", 256, 66),
    blocks(36, "iq4_nl_4_4", 32, 18),
    blocks(37, "iq4_nl_4_8", 32, 18),
    blocks(38, "iq4_nl_8_8", 32, 18),
    blocks(39, "mxfp4", 32, 17),
    blocks(40, "nvfp4", 64, 36),
    blocks(41, "q1_0", 128, 18),
];

/// The newest type that is known.
pub(super) const NEWEST: u32 = 41;

/// The type of a number.
pub(super) fn by_code(code: u32) -> Option<&'static Type> {
    TYPES.iter().find(|ty| ty.code == code)
}

/// `general.file_type`: what most tensors are, as `llama_ftype` numbers it.
pub(super) fn file_type(code: u64) -> Option<&'static str> {
    const NAMES: [(u64, &str); 37] = [
        (0, "f32"),
        (1, "f16"),
        (2, "q4_0"),
        (3, "q4_1"),
        (4, "q4_1_some_f16"),
        (5, "q4_2"),
        (6, "q4_3"),
        (7, "q8_0"),
        (8, "q5_0"),
        (9, "q5_1"),
        (10, "q2_k"),
        (11, "q3_k_s"),
        (12, "q3_k_m"),
        (13, "q3_k_l"),
        (14, "q4_k_s"),
        (15, "q4_k_m"),
        (16, "q5_k_s"),
        (17, "q5_k_m"),
        (18, "q6_k"),
        (19, "iq2_xxs"),
        (20, "iq2_xs"),
        (21, "q2_k_s"),
        (22, "iq3_xs"),
        (23, "iq3_xxs"),
        (24, "iq1_s"),
        (25, "iq4_nl"),
        (26, "iq3_s"),
        (27, "iq3_m"),
        (28, "iq2_s"),
        (29, "iq2_m"),
        (30, "iq4_xs"),
        (31, "iq1_m"),
        (32, "bf16"),
        (36, "tq1_0"),
        (37, "tq2_0"),
        (38, "mxfp4_moe"),
        (39, "nvfp4"),
    ];
    NAMES.iter().find(|(known, _)| *known == code).map(|(_, name)| *name)
}
