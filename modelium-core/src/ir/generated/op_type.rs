// Written by tests/generate/onnx_schemas.py from the package onnx 1.23.2. Do not edit.

use crate::ir::schema::OtherOp;

/// An operator: one variant for each that the ONNX specification names, [`OpType::Other`] for the rest.
///
/// Variants are ordered by domain, then by name, and so is the derived `Ord`. A value is made with
/// [`OpType::new`], so that a known operator is never an `Other`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OpType {
    /// `Abs` of domain `ai.onnx`.
    Abs,
    /// `Acos` of domain `ai.onnx`.
    Acos,
    /// `Acosh` of domain `ai.onnx`.
    Acosh,
    /// `Add` of domain `ai.onnx`.
    Add,
    /// `AffineGrid` of domain `ai.onnx`.
    AffineGrid,
    /// `And` of domain `ai.onnx`.
    And,
    /// `ArgMax` of domain `ai.onnx`.
    ArgMax,
    /// `ArgMin` of domain `ai.onnx`.
    ArgMin,
    /// `Asin` of domain `ai.onnx`.
    Asin,
    /// `Asinh` of domain `ai.onnx`.
    Asinh,
    /// `Atan` of domain `ai.onnx`.
    Atan,
    /// `Atanh` of domain `ai.onnx`.
    Atanh,
    /// `Attention` of domain `ai.onnx`.
    Attention,
    /// `AveragePool` of domain `ai.onnx`.
    AveragePool,
    /// `BatchNormalization` of domain `ai.onnx`.
    BatchNormalization,
    /// `Bernoulli` of domain `ai.onnx`.
    Bernoulli,
    /// `BitCast` of domain `ai.onnx`.
    BitCast,
    /// `BitShift` of domain `ai.onnx`.
    BitShift,
    /// `BitwiseAnd` of domain `ai.onnx`.
    BitwiseAnd,
    /// `BitwiseNot` of domain `ai.onnx`.
    BitwiseNot,
    /// `BitwiseOr` of domain `ai.onnx`.
    BitwiseOr,
    /// `BitwiseXor` of domain `ai.onnx`.
    BitwiseXor,
    /// `BlackmanWindow` of domain `ai.onnx`.
    BlackmanWindow,
    /// `Cast` of domain `ai.onnx`.
    Cast,
    /// `CastLike` of domain `ai.onnx`.
    CastLike,
    /// `CausalConvWithState` of domain `ai.onnx`.
    CausalConvWithState,
    /// `Ceil` of domain `ai.onnx`.
    Ceil,
    /// `Celu` of domain `ai.onnx`.
    Celu,
    /// `CenterCropPad` of domain `ai.onnx`.
    CenterCropPad,
    /// `Clip` of domain `ai.onnx`.
    Clip,
    /// `Col2Im` of domain `ai.onnx`.
    Col2Im,
    /// `Compress` of domain `ai.onnx`.
    Compress,
    /// `Concat` of domain `ai.onnx`.
    Concat,
    /// `ConcatFromSequence` of domain `ai.onnx`.
    ConcatFromSequence,
    /// `Constant` of domain `ai.onnx`.
    Constant,
    /// `ConstantOfShape` of domain `ai.onnx`.
    ConstantOfShape,
    /// `Conv` of domain `ai.onnx`.
    Conv,
    /// `ConvInteger` of domain `ai.onnx`.
    ConvInteger,
    /// `ConvTranspose` of domain `ai.onnx`.
    ConvTranspose,
    /// `Cos` of domain `ai.onnx`.
    Cos,
    /// `Cosh` of domain `ai.onnx`.
    Cosh,
    /// `CumProd` of domain `ai.onnx`.
    CumProd,
    /// `CumSum` of domain `ai.onnx`.
    CumSum,
    /// `DFT` of domain `ai.onnx`.
    DFT,
    /// `DeformConv` of domain `ai.onnx`.
    DeformConv,
    /// `DepthToSpace` of domain `ai.onnx`.
    DepthToSpace,
    /// `DequantizeLinear` of domain `ai.onnx`.
    DequantizeLinear,
    /// `Det` of domain `ai.onnx`.
    Det,
    /// `Div` of domain `ai.onnx`.
    Div,
    /// `Dropout` of domain `ai.onnx`.
    Dropout,
    /// `DynamicQuantizeLinear` of domain `ai.onnx`.
    DynamicQuantizeLinear,
    /// `Einsum` of domain `ai.onnx`.
    Einsum,
    /// `Elu` of domain `ai.onnx`.
    Elu,
    /// `Equal` of domain `ai.onnx`.
    Equal,
    /// `Erf` of domain `ai.onnx`.
    Erf,
    /// `Exp` of domain `ai.onnx`.
    Exp,
    /// `Expand` of domain `ai.onnx`.
    Expand,
    /// `EyeLike` of domain `ai.onnx`.
    EyeLike,
    /// `Flatten` of domain `ai.onnx`.
    Flatten,
    /// `Floor` of domain `ai.onnx`.
    Floor,
    /// `GRU` of domain `ai.onnx`.
    GRU,
    /// `Gather` of domain `ai.onnx`.
    Gather,
    /// `GatherElements` of domain `ai.onnx`.
    GatherElements,
    /// `GatherND` of domain `ai.onnx`.
    GatherND,
    /// `Gelu` of domain `ai.onnx`.
    Gelu,
    /// `Gemm` of domain `ai.onnx`.
    Gemm,
    /// `GlobalAveragePool` of domain `ai.onnx`.
    GlobalAveragePool,
    /// `GlobalLpPool` of domain `ai.onnx`.
    GlobalLpPool,
    /// `GlobalMaxPool` of domain `ai.onnx`.
    GlobalMaxPool,
    /// `Greater` of domain `ai.onnx`.
    Greater,
    /// `GreaterOrEqual` of domain `ai.onnx`.
    GreaterOrEqual,
    /// `GridSample` of domain `ai.onnx`.
    GridSample,
    /// `GroupNormalization` of domain `ai.onnx`.
    GroupNormalization,
    /// `HammingWindow` of domain `ai.onnx`.
    HammingWindow,
    /// `HannWindow` of domain `ai.onnx`.
    HannWindow,
    /// `HardSigmoid` of domain `ai.onnx`.
    HardSigmoid,
    /// `HardSwish` of domain `ai.onnx`.
    HardSwish,
    /// `Hardmax` of domain `ai.onnx`.
    Hardmax,
    /// `Identity` of domain `ai.onnx`.
    Identity,
    /// `If` of domain `ai.onnx`.
    If,
    /// `ImageDecoder` of domain `ai.onnx`.
    ImageDecoder,
    /// `InstanceNormalization` of domain `ai.onnx`.
    InstanceNormalization,
    /// `IsInf` of domain `ai.onnx`.
    IsInf,
    /// `IsNaN` of domain `ai.onnx`.
    IsNaN,
    /// `LRN` of domain `ai.onnx`.
    LRN,
    /// `LSTM` of domain `ai.onnx`.
    LSTM,
    /// `LayerNormalization` of domain `ai.onnx`.
    LayerNormalization,
    /// `LeakyRelu` of domain `ai.onnx`.
    LeakyRelu,
    /// `Less` of domain `ai.onnx`.
    Less,
    /// `LessOrEqual` of domain `ai.onnx`.
    LessOrEqual,
    /// `LinearAttention` of domain `ai.onnx`.
    LinearAttention,
    /// `Log` of domain `ai.onnx`.
    Log,
    /// `LogSoftmax` of domain `ai.onnx`.
    LogSoftmax,
    /// `Loop` of domain `ai.onnx`.
    Loop,
    /// `LpNormalization` of domain `ai.onnx`.
    LpNormalization,
    /// `LpPool` of domain `ai.onnx`.
    LpPool,
    /// `MatMul` of domain `ai.onnx`.
    MatMul,
    /// `MatMulInteger` of domain `ai.onnx`.
    MatMulInteger,
    /// `Max` of domain `ai.onnx`.
    Max,
    /// `MaxPool` of domain `ai.onnx`.
    MaxPool,
    /// `MaxRoiPool` of domain `ai.onnx`.
    MaxRoiPool,
    /// `MaxUnpool` of domain `ai.onnx`.
    MaxUnpool,
    /// `Mean` of domain `ai.onnx`.
    Mean,
    /// `MeanVarianceNormalization` of domain `ai.onnx`.
    MeanVarianceNormalization,
    /// `MelWeightMatrix` of domain `ai.onnx`.
    MelWeightMatrix,
    /// `Min` of domain `ai.onnx`.
    Min,
    /// `Mish` of domain `ai.onnx`.
    Mish,
    /// `Mod` of domain `ai.onnx`.
    Mod,
    /// `Mul` of domain `ai.onnx`.
    Mul,
    /// `Multinomial` of domain `ai.onnx`.
    Multinomial,
    /// `Neg` of domain `ai.onnx`.
    Neg,
    /// `NegativeLogLikelihoodLoss` of domain `ai.onnx`.
    NegativeLogLikelihoodLoss,
    /// `NonMaxSuppression` of domain `ai.onnx`.
    NonMaxSuppression,
    /// `NonZero` of domain `ai.onnx`.
    NonZero,
    /// `Not` of domain `ai.onnx`.
    Not,
    /// `OneHot` of domain `ai.onnx`.
    OneHot,
    /// `Optional` of domain `ai.onnx`.
    Optional,
    /// `OptionalGetElement` of domain `ai.onnx`.
    OptionalGetElement,
    /// `OptionalHasElement` of domain `ai.onnx`.
    OptionalHasElement,
    /// `Or` of domain `ai.onnx`.
    Or,
    /// `PRelu` of domain `ai.onnx`.
    PRelu,
    /// `Pad` of domain `ai.onnx`.
    Pad,
    /// `Pow` of domain `ai.onnx`.
    Pow,
    /// `QLinearConv` of domain `ai.onnx`.
    QLinearConv,
    /// `QLinearMatMul` of domain `ai.onnx`.
    QLinearMatMul,
    /// `QuantizeLinear` of domain `ai.onnx`.
    QuantizeLinear,
    /// `RMSNormalization` of domain `ai.onnx`.
    RMSNormalization,
    /// `RNN` of domain `ai.onnx`.
    RNN,
    /// `RandomNormal` of domain `ai.onnx`.
    RandomNormal,
    /// `RandomNormalLike` of domain `ai.onnx`.
    RandomNormalLike,
    /// `RandomUniform` of domain `ai.onnx`.
    RandomUniform,
    /// `RandomUniformLike` of domain `ai.onnx`.
    RandomUniformLike,
    /// `Range` of domain `ai.onnx`.
    Range,
    /// `Reciprocal` of domain `ai.onnx`.
    Reciprocal,
    /// `ReduceL1` of domain `ai.onnx`.
    ReduceL1,
    /// `ReduceL2` of domain `ai.onnx`.
    ReduceL2,
    /// `ReduceLogSum` of domain `ai.onnx`.
    ReduceLogSum,
    /// `ReduceLogSumExp` of domain `ai.onnx`.
    ReduceLogSumExp,
    /// `ReduceMax` of domain `ai.onnx`.
    ReduceMax,
    /// `ReduceMean` of domain `ai.onnx`.
    ReduceMean,
    /// `ReduceMin` of domain `ai.onnx`.
    ReduceMin,
    /// `ReduceProd` of domain `ai.onnx`.
    ReduceProd,
    /// `ReduceSum` of domain `ai.onnx`.
    ReduceSum,
    /// `ReduceSumSquare` of domain `ai.onnx`.
    ReduceSumSquare,
    /// `RegexFullMatch` of domain `ai.onnx`.
    RegexFullMatch,
    /// `Relu` of domain `ai.onnx`.
    Relu,
    /// `Reshape` of domain `ai.onnx`.
    Reshape,
    /// `Resize` of domain `ai.onnx`.
    Resize,
    /// `ReverseSequence` of domain `ai.onnx`.
    ReverseSequence,
    /// `RoiAlign` of domain `ai.onnx`.
    RoiAlign,
    /// `RotaryEmbedding` of domain `ai.onnx`.
    RotaryEmbedding,
    /// `Round` of domain `ai.onnx`.
    Round,
    /// `STFT` of domain `ai.onnx`.
    STFT,
    /// `Scan` of domain `ai.onnx`.
    Scan,
    /// `Scatter` of domain `ai.onnx`.
    Scatter,
    /// `ScatterElements` of domain `ai.onnx`.
    ScatterElements,
    /// `ScatterND` of domain `ai.onnx`.
    ScatterND,
    /// `Selu` of domain `ai.onnx`.
    Selu,
    /// `SequenceAt` of domain `ai.onnx`.
    SequenceAt,
    /// `SequenceConstruct` of domain `ai.onnx`.
    SequenceConstruct,
    /// `SequenceEmpty` of domain `ai.onnx`.
    SequenceEmpty,
    /// `SequenceErase` of domain `ai.onnx`.
    SequenceErase,
    /// `SequenceInsert` of domain `ai.onnx`.
    SequenceInsert,
    /// `SequenceLength` of domain `ai.onnx`.
    SequenceLength,
    /// `SequenceMap` of domain `ai.onnx`.
    SequenceMap,
    /// `Shape` of domain `ai.onnx`.
    Shape,
    /// `Shrink` of domain `ai.onnx`.
    Shrink,
    /// `Sigmoid` of domain `ai.onnx`.
    Sigmoid,
    /// `Sign` of domain `ai.onnx`.
    Sign,
    /// `Sin` of domain `ai.onnx`.
    Sin,
    /// `Sinh` of domain `ai.onnx`.
    Sinh,
    /// `Size` of domain `ai.onnx`.
    Size,
    /// `Slice` of domain `ai.onnx`.
    Slice,
    /// `Softmax` of domain `ai.onnx`.
    Softmax,
    /// `SoftmaxCrossEntropyLoss` of domain `ai.onnx`.
    SoftmaxCrossEntropyLoss,
    /// `Softplus` of domain `ai.onnx`.
    Softplus,
    /// `Softsign` of domain `ai.onnx`.
    Softsign,
    /// `SpaceToDepth` of domain `ai.onnx`.
    SpaceToDepth,
    /// `Split` of domain `ai.onnx`.
    Split,
    /// `SplitToSequence` of domain `ai.onnx`.
    SplitToSequence,
    /// `Sqrt` of domain `ai.onnx`.
    Sqrt,
    /// `Squeeze` of domain `ai.onnx`.
    Squeeze,
    /// `StringConcat` of domain `ai.onnx`.
    StringConcat,
    /// `StringNormalizer` of domain `ai.onnx`.
    StringNormalizer,
    /// `StringSplit` of domain `ai.onnx`.
    StringSplit,
    /// `Sub` of domain `ai.onnx`.
    Sub,
    /// `Sum` of domain `ai.onnx`.
    Sum,
    /// `SwiGLU` of domain `ai.onnx`.
    SwiGLU,
    /// `Swish` of domain `ai.onnx`.
    Swish,
    /// `Tan` of domain `ai.onnx`.
    Tan,
    /// `Tanh` of domain `ai.onnx`.
    Tanh,
    /// `TensorScatter` of domain `ai.onnx`.
    TensorScatter,
    /// `TfIdfVectorizer` of domain `ai.onnx`.
    TfIdfVectorizer,
    /// `ThresholdedRelu` of domain `ai.onnx`.
    ThresholdedRelu,
    /// `Tile` of domain `ai.onnx`.
    Tile,
    /// `TopK` of domain `ai.onnx`.
    TopK,
    /// `Transpose` of domain `ai.onnx`.
    Transpose,
    /// `Trilu` of domain `ai.onnx`.
    Trilu,
    /// `Unique` of domain `ai.onnx`.
    Unique,
    /// `Unsqueeze` of domain `ai.onnx`.
    Unsqueeze,
    /// `Upsample` of domain `ai.onnx`.
    Upsample,
    /// `Where` of domain `ai.onnx`.
    Where,
    /// `Xor` of domain `ai.onnx`.
    Xor,
    /// `ArrayFeatureExtractor` of domain `ai.onnx.ml`.
    ArrayFeatureExtractor,
    /// `Binarizer` of domain `ai.onnx.ml`.
    Binarizer,
    /// `CastMap` of domain `ai.onnx.ml`.
    CastMap,
    /// `CategoryMapper` of domain `ai.onnx.ml`.
    CategoryMapper,
    /// `DictVectorizer` of domain `ai.onnx.ml`.
    DictVectorizer,
    /// `FeatureVectorizer` of domain `ai.onnx.ml`.
    FeatureVectorizer,
    /// `Imputer` of domain `ai.onnx.ml`.
    Imputer,
    /// `LabelEncoder` of domain `ai.onnx.ml`.
    LabelEncoder,
    /// `LinearClassifier` of domain `ai.onnx.ml`.
    LinearClassifier,
    /// `LinearRegressor` of domain `ai.onnx.ml`.
    LinearRegressor,
    /// `Normalizer` of domain `ai.onnx.ml`.
    Normalizer,
    /// `OneHotEncoder` of domain `ai.onnx.ml`.
    OneHotEncoder,
    /// `SVMClassifier` of domain `ai.onnx.ml`.
    SVMClassifier,
    /// `SVMRegressor` of domain `ai.onnx.ml`.
    SVMRegressor,
    /// `Scaler` of domain `ai.onnx.ml`.
    Scaler,
    /// `TreeEnsemble` of domain `ai.onnx.ml`.
    TreeEnsemble,
    /// `TreeEnsembleClassifier` of domain `ai.onnx.ml`.
    TreeEnsembleClassifier,
    /// `TreeEnsembleRegressor` of domain `ai.onnx.ml`.
    TreeEnsembleRegressor,
    /// `ZipMap` of domain `ai.onnx.ml`.
    ZipMap,
    /// `FlexAttention` of domain `ai.onnx.preview`.
    FlexAttention,
    /// `Adagrad` of domain `ai.onnx.preview.training`.
    Adagrad,
    /// `Adam` of domain `ai.onnx.preview.training`.
    Adam,
    /// `Gradient` of domain `ai.onnx.preview.training`.
    Gradient,
    /// `Momentum` of domain `ai.onnx.preview.training`.
    Momentum,
    /// An operator of another domain, or one that the specification does not name.
    Other(Box<OtherOp>),
}

impl OpType {
    /// The name inside its domain, as a node spells it.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "one arm for each operator")]
    pub fn name(&self) -> &str {
        match self {
            Self::Abs => "Abs",
            Self::Acos => "Acos",
            Self::Acosh => "Acosh",
            Self::Add => "Add",
            Self::AffineGrid => "AffineGrid",
            Self::And => "And",
            Self::ArgMax => "ArgMax",
            Self::ArgMin => "ArgMin",
            Self::Asin => "Asin",
            Self::Asinh => "Asinh",
            Self::Atan => "Atan",
            Self::Atanh => "Atanh",
            Self::Attention => "Attention",
            Self::AveragePool => "AveragePool",
            Self::BatchNormalization => "BatchNormalization",
            Self::Bernoulli => "Bernoulli",
            Self::BitCast => "BitCast",
            Self::BitShift => "BitShift",
            Self::BitwiseAnd => "BitwiseAnd",
            Self::BitwiseNot => "BitwiseNot",
            Self::BitwiseOr => "BitwiseOr",
            Self::BitwiseXor => "BitwiseXor",
            Self::BlackmanWindow => "BlackmanWindow",
            Self::Cast => "Cast",
            Self::CastLike => "CastLike",
            Self::CausalConvWithState => "CausalConvWithState",
            Self::Ceil => "Ceil",
            Self::Celu => "Celu",
            Self::CenterCropPad => "CenterCropPad",
            Self::Clip => "Clip",
            Self::Col2Im => "Col2Im",
            Self::Compress => "Compress",
            Self::Concat => "Concat",
            Self::ConcatFromSequence => "ConcatFromSequence",
            Self::Constant => "Constant",
            Self::ConstantOfShape => "ConstantOfShape",
            Self::Conv => "Conv",
            Self::ConvInteger => "ConvInteger",
            Self::ConvTranspose => "ConvTranspose",
            Self::Cos => "Cos",
            Self::Cosh => "Cosh",
            Self::CumProd => "CumProd",
            Self::CumSum => "CumSum",
            Self::DFT => "DFT",
            Self::DeformConv => "DeformConv",
            Self::DepthToSpace => "DepthToSpace",
            Self::DequantizeLinear => "DequantizeLinear",
            Self::Det => "Det",
            Self::Div => "Div",
            Self::Dropout => "Dropout",
            Self::DynamicQuantizeLinear => "DynamicQuantizeLinear",
            Self::Einsum => "Einsum",
            Self::Elu => "Elu",
            Self::Equal => "Equal",
            Self::Erf => "Erf",
            Self::Exp => "Exp",
            Self::Expand => "Expand",
            Self::EyeLike => "EyeLike",
            Self::Flatten => "Flatten",
            Self::Floor => "Floor",
            Self::GRU => "GRU",
            Self::Gather => "Gather",
            Self::GatherElements => "GatherElements",
            Self::GatherND => "GatherND",
            Self::Gelu => "Gelu",
            Self::Gemm => "Gemm",
            Self::GlobalAveragePool => "GlobalAveragePool",
            Self::GlobalLpPool => "GlobalLpPool",
            Self::GlobalMaxPool => "GlobalMaxPool",
            Self::Greater => "Greater",
            Self::GreaterOrEqual => "GreaterOrEqual",
            Self::GridSample => "GridSample",
            Self::GroupNormalization => "GroupNormalization",
            Self::HammingWindow => "HammingWindow",
            Self::HannWindow => "HannWindow",
            Self::HardSigmoid => "HardSigmoid",
            Self::HardSwish => "HardSwish",
            Self::Hardmax => "Hardmax",
            Self::Identity => "Identity",
            Self::If => "If",
            Self::ImageDecoder => "ImageDecoder",
            Self::InstanceNormalization => "InstanceNormalization",
            Self::IsInf => "IsInf",
            Self::IsNaN => "IsNaN",
            Self::LRN => "LRN",
            Self::LSTM => "LSTM",
            Self::LayerNormalization => "LayerNormalization",
            Self::LeakyRelu => "LeakyRelu",
            Self::Less => "Less",
            Self::LessOrEqual => "LessOrEqual",
            Self::LinearAttention => "LinearAttention",
            Self::Log => "Log",
            Self::LogSoftmax => "LogSoftmax",
            Self::Loop => "Loop",
            Self::LpNormalization => "LpNormalization",
            Self::LpPool => "LpPool",
            Self::MatMul => "MatMul",
            Self::MatMulInteger => "MatMulInteger",
            Self::Max => "Max",
            Self::MaxPool => "MaxPool",
            Self::MaxRoiPool => "MaxRoiPool",
            Self::MaxUnpool => "MaxUnpool",
            Self::Mean => "Mean",
            Self::MeanVarianceNormalization => "MeanVarianceNormalization",
            Self::MelWeightMatrix => "MelWeightMatrix",
            Self::Min => "Min",
            Self::Mish => "Mish",
            Self::Mod => "Mod",
            Self::Mul => "Mul",
            Self::Multinomial => "Multinomial",
            Self::Neg => "Neg",
            Self::NegativeLogLikelihoodLoss => "NegativeLogLikelihoodLoss",
            Self::NonMaxSuppression => "NonMaxSuppression",
            Self::NonZero => "NonZero",
            Self::Not => "Not",
            Self::OneHot => "OneHot",
            Self::Optional => "Optional",
            Self::OptionalGetElement => "OptionalGetElement",
            Self::OptionalHasElement => "OptionalHasElement",
            Self::Or => "Or",
            Self::PRelu => "PRelu",
            Self::Pad => "Pad",
            Self::Pow => "Pow",
            Self::QLinearConv => "QLinearConv",
            Self::QLinearMatMul => "QLinearMatMul",
            Self::QuantizeLinear => "QuantizeLinear",
            Self::RMSNormalization => "RMSNormalization",
            Self::RNN => "RNN",
            Self::RandomNormal => "RandomNormal",
            Self::RandomNormalLike => "RandomNormalLike",
            Self::RandomUniform => "RandomUniform",
            Self::RandomUniformLike => "RandomUniformLike",
            Self::Range => "Range",
            Self::Reciprocal => "Reciprocal",
            Self::ReduceL1 => "ReduceL1",
            Self::ReduceL2 => "ReduceL2",
            Self::ReduceLogSum => "ReduceLogSum",
            Self::ReduceLogSumExp => "ReduceLogSumExp",
            Self::ReduceMax => "ReduceMax",
            Self::ReduceMean => "ReduceMean",
            Self::ReduceMin => "ReduceMin",
            Self::ReduceProd => "ReduceProd",
            Self::ReduceSum => "ReduceSum",
            Self::ReduceSumSquare => "ReduceSumSquare",
            Self::RegexFullMatch => "RegexFullMatch",
            Self::Relu => "Relu",
            Self::Reshape => "Reshape",
            Self::Resize => "Resize",
            Self::ReverseSequence => "ReverseSequence",
            Self::RoiAlign => "RoiAlign",
            Self::RotaryEmbedding => "RotaryEmbedding",
            Self::Round => "Round",
            Self::STFT => "STFT",
            Self::Scan => "Scan",
            Self::Scatter => "Scatter",
            Self::ScatterElements => "ScatterElements",
            Self::ScatterND => "ScatterND",
            Self::Selu => "Selu",
            Self::SequenceAt => "SequenceAt",
            Self::SequenceConstruct => "SequenceConstruct",
            Self::SequenceEmpty => "SequenceEmpty",
            Self::SequenceErase => "SequenceErase",
            Self::SequenceInsert => "SequenceInsert",
            Self::SequenceLength => "SequenceLength",
            Self::SequenceMap => "SequenceMap",
            Self::Shape => "Shape",
            Self::Shrink => "Shrink",
            Self::Sigmoid => "Sigmoid",
            Self::Sign => "Sign",
            Self::Sin => "Sin",
            Self::Sinh => "Sinh",
            Self::Size => "Size",
            Self::Slice => "Slice",
            Self::Softmax => "Softmax",
            Self::SoftmaxCrossEntropyLoss => "SoftmaxCrossEntropyLoss",
            Self::Softplus => "Softplus",
            Self::Softsign => "Softsign",
            Self::SpaceToDepth => "SpaceToDepth",
            Self::Split => "Split",
            Self::SplitToSequence => "SplitToSequence",
            Self::Sqrt => "Sqrt",
            Self::Squeeze => "Squeeze",
            Self::StringConcat => "StringConcat",
            Self::StringNormalizer => "StringNormalizer",
            Self::StringSplit => "StringSplit",
            Self::Sub => "Sub",
            Self::Sum => "Sum",
            Self::SwiGLU => "SwiGLU",
            Self::Swish => "Swish",
            Self::Tan => "Tan",
            Self::Tanh => "Tanh",
            Self::TensorScatter => "TensorScatter",
            Self::TfIdfVectorizer => "TfIdfVectorizer",
            Self::ThresholdedRelu => "ThresholdedRelu",
            Self::Tile => "Tile",
            Self::TopK => "TopK",
            Self::Transpose => "Transpose",
            Self::Trilu => "Trilu",
            Self::Unique => "Unique",
            Self::Unsqueeze => "Unsqueeze",
            Self::Upsample => "Upsample",
            Self::Where => "Where",
            Self::Xor => "Xor",
            Self::ArrayFeatureExtractor => "ArrayFeatureExtractor",
            Self::Binarizer => "Binarizer",
            Self::CastMap => "CastMap",
            Self::CategoryMapper => "CategoryMapper",
            Self::DictVectorizer => "DictVectorizer",
            Self::FeatureVectorizer => "FeatureVectorizer",
            Self::Imputer => "Imputer",
            Self::LabelEncoder => "LabelEncoder",
            Self::LinearClassifier => "LinearClassifier",
            Self::LinearRegressor => "LinearRegressor",
            Self::Normalizer => "Normalizer",
            Self::OneHotEncoder => "OneHotEncoder",
            Self::SVMClassifier => "SVMClassifier",
            Self::SVMRegressor => "SVMRegressor",
            Self::Scaler => "Scaler",
            Self::TreeEnsemble => "TreeEnsemble",
            Self::TreeEnsembleClassifier => "TreeEnsembleClassifier",
            Self::TreeEnsembleRegressor => "TreeEnsembleRegressor",
            Self::ZipMap => "ZipMap",
            Self::FlexAttention => "FlexAttention",
            Self::Adagrad => "Adagrad",
            Self::Adam => "Adam",
            Self::Gradient => "Gradient",
            Self::Momentum => "Momentum",
            Self::Other(other) => other.name(),
        }
    }

    /// The domain; `""` is the default one, which is also spelt `ai.onnx`.
    #[must_use]
    pub fn domain(&self) -> &str {
        match self {
            Self::ArrayFeatureExtractor | Self::Binarizer | Self::CastMap | Self::CategoryMapper | Self::DictVectorizer | Self::FeatureVectorizer | Self::Imputer | Self::LabelEncoder | Self::LinearClassifier | Self::LinearRegressor | Self::Normalizer | Self::OneHotEncoder | Self::SVMClassifier | Self::SVMRegressor | Self::Scaler | Self::TreeEnsemble | Self::TreeEnsembleClassifier | Self::TreeEnsembleRegressor | Self::ZipMap => "ai.onnx.ml",
            Self::FlexAttention => "ai.onnx.preview",
            Self::Adagrad | Self::Adam | Self::Gradient | Self::Momentum => "ai.onnx.preview.training",
            Self::Other(other) => other.domain(),
            _ => "",
        }
    }
}

/// Every known operator by domain and name; both levels are sorted by bytes.
pub(in crate::ir) static BY_DOMAIN: &[(&str, &[(&str, OpType)])] = &[
    ("", &[
        ("Abs", OpType::Abs),
        ("Acos", OpType::Acos),
        ("Acosh", OpType::Acosh),
        ("Add", OpType::Add),
        ("AffineGrid", OpType::AffineGrid),
        ("And", OpType::And),
        ("ArgMax", OpType::ArgMax),
        ("ArgMin", OpType::ArgMin),
        ("Asin", OpType::Asin),
        ("Asinh", OpType::Asinh),
        ("Atan", OpType::Atan),
        ("Atanh", OpType::Atanh),
        ("Attention", OpType::Attention),
        ("AveragePool", OpType::AveragePool),
        ("BatchNormalization", OpType::BatchNormalization),
        ("Bernoulli", OpType::Bernoulli),
        ("BitCast", OpType::BitCast),
        ("BitShift", OpType::BitShift),
        ("BitwiseAnd", OpType::BitwiseAnd),
        ("BitwiseNot", OpType::BitwiseNot),
        ("BitwiseOr", OpType::BitwiseOr),
        ("BitwiseXor", OpType::BitwiseXor),
        ("BlackmanWindow", OpType::BlackmanWindow),
        ("Cast", OpType::Cast),
        ("CastLike", OpType::CastLike),
        ("CausalConvWithState", OpType::CausalConvWithState),
        ("Ceil", OpType::Ceil),
        ("Celu", OpType::Celu),
        ("CenterCropPad", OpType::CenterCropPad),
        ("Clip", OpType::Clip),
        ("Col2Im", OpType::Col2Im),
        ("Compress", OpType::Compress),
        ("Concat", OpType::Concat),
        ("ConcatFromSequence", OpType::ConcatFromSequence),
        ("Constant", OpType::Constant),
        ("ConstantOfShape", OpType::ConstantOfShape),
        ("Conv", OpType::Conv),
        ("ConvInteger", OpType::ConvInteger),
        ("ConvTranspose", OpType::ConvTranspose),
        ("Cos", OpType::Cos),
        ("Cosh", OpType::Cosh),
        ("CumProd", OpType::CumProd),
        ("CumSum", OpType::CumSum),
        ("DFT", OpType::DFT),
        ("DeformConv", OpType::DeformConv),
        ("DepthToSpace", OpType::DepthToSpace),
        ("DequantizeLinear", OpType::DequantizeLinear),
        ("Det", OpType::Det),
        ("Div", OpType::Div),
        ("Dropout", OpType::Dropout),
        ("DynamicQuantizeLinear", OpType::DynamicQuantizeLinear),
        ("Einsum", OpType::Einsum),
        ("Elu", OpType::Elu),
        ("Equal", OpType::Equal),
        ("Erf", OpType::Erf),
        ("Exp", OpType::Exp),
        ("Expand", OpType::Expand),
        ("EyeLike", OpType::EyeLike),
        ("Flatten", OpType::Flatten),
        ("Floor", OpType::Floor),
        ("GRU", OpType::GRU),
        ("Gather", OpType::Gather),
        ("GatherElements", OpType::GatherElements),
        ("GatherND", OpType::GatherND),
        ("Gelu", OpType::Gelu),
        ("Gemm", OpType::Gemm),
        ("GlobalAveragePool", OpType::GlobalAveragePool),
        ("GlobalLpPool", OpType::GlobalLpPool),
        ("GlobalMaxPool", OpType::GlobalMaxPool),
        ("Greater", OpType::Greater),
        ("GreaterOrEqual", OpType::GreaterOrEqual),
        ("GridSample", OpType::GridSample),
        ("GroupNormalization", OpType::GroupNormalization),
        ("HammingWindow", OpType::HammingWindow),
        ("HannWindow", OpType::HannWindow),
        ("HardSigmoid", OpType::HardSigmoid),
        ("HardSwish", OpType::HardSwish),
        ("Hardmax", OpType::Hardmax),
        ("Identity", OpType::Identity),
        ("If", OpType::If),
        ("ImageDecoder", OpType::ImageDecoder),
        ("InstanceNormalization", OpType::InstanceNormalization),
        ("IsInf", OpType::IsInf),
        ("IsNaN", OpType::IsNaN),
        ("LRN", OpType::LRN),
        ("LSTM", OpType::LSTM),
        ("LayerNormalization", OpType::LayerNormalization),
        ("LeakyRelu", OpType::LeakyRelu),
        ("Less", OpType::Less),
        ("LessOrEqual", OpType::LessOrEqual),
        ("LinearAttention", OpType::LinearAttention),
        ("Log", OpType::Log),
        ("LogSoftmax", OpType::LogSoftmax),
        ("Loop", OpType::Loop),
        ("LpNormalization", OpType::LpNormalization),
        ("LpPool", OpType::LpPool),
        ("MatMul", OpType::MatMul),
        ("MatMulInteger", OpType::MatMulInteger),
        ("Max", OpType::Max),
        ("MaxPool", OpType::MaxPool),
        ("MaxRoiPool", OpType::MaxRoiPool),
        ("MaxUnpool", OpType::MaxUnpool),
        ("Mean", OpType::Mean),
        ("MeanVarianceNormalization", OpType::MeanVarianceNormalization),
        ("MelWeightMatrix", OpType::MelWeightMatrix),
        ("Min", OpType::Min),
        ("Mish", OpType::Mish),
        ("Mod", OpType::Mod),
        ("Mul", OpType::Mul),
        ("Multinomial", OpType::Multinomial),
        ("Neg", OpType::Neg),
        ("NegativeLogLikelihoodLoss", OpType::NegativeLogLikelihoodLoss),
        ("NonMaxSuppression", OpType::NonMaxSuppression),
        ("NonZero", OpType::NonZero),
        ("Not", OpType::Not),
        ("OneHot", OpType::OneHot),
        ("Optional", OpType::Optional),
        ("OptionalGetElement", OpType::OptionalGetElement),
        ("OptionalHasElement", OpType::OptionalHasElement),
        ("Or", OpType::Or),
        ("PRelu", OpType::PRelu),
        ("Pad", OpType::Pad),
        ("Pow", OpType::Pow),
        ("QLinearConv", OpType::QLinearConv),
        ("QLinearMatMul", OpType::QLinearMatMul),
        ("QuantizeLinear", OpType::QuantizeLinear),
        ("RMSNormalization", OpType::RMSNormalization),
        ("RNN", OpType::RNN),
        ("RandomNormal", OpType::RandomNormal),
        ("RandomNormalLike", OpType::RandomNormalLike),
        ("RandomUniform", OpType::RandomUniform),
        ("RandomUniformLike", OpType::RandomUniformLike),
        ("Range", OpType::Range),
        ("Reciprocal", OpType::Reciprocal),
        ("ReduceL1", OpType::ReduceL1),
        ("ReduceL2", OpType::ReduceL2),
        ("ReduceLogSum", OpType::ReduceLogSum),
        ("ReduceLogSumExp", OpType::ReduceLogSumExp),
        ("ReduceMax", OpType::ReduceMax),
        ("ReduceMean", OpType::ReduceMean),
        ("ReduceMin", OpType::ReduceMin),
        ("ReduceProd", OpType::ReduceProd),
        ("ReduceSum", OpType::ReduceSum),
        ("ReduceSumSquare", OpType::ReduceSumSquare),
        ("RegexFullMatch", OpType::RegexFullMatch),
        ("Relu", OpType::Relu),
        ("Reshape", OpType::Reshape),
        ("Resize", OpType::Resize),
        ("ReverseSequence", OpType::ReverseSequence),
        ("RoiAlign", OpType::RoiAlign),
        ("RotaryEmbedding", OpType::RotaryEmbedding),
        ("Round", OpType::Round),
        ("STFT", OpType::STFT),
        ("Scan", OpType::Scan),
        ("Scatter", OpType::Scatter),
        ("ScatterElements", OpType::ScatterElements),
        ("ScatterND", OpType::ScatterND),
        ("Selu", OpType::Selu),
        ("SequenceAt", OpType::SequenceAt),
        ("SequenceConstruct", OpType::SequenceConstruct),
        ("SequenceEmpty", OpType::SequenceEmpty),
        ("SequenceErase", OpType::SequenceErase),
        ("SequenceInsert", OpType::SequenceInsert),
        ("SequenceLength", OpType::SequenceLength),
        ("SequenceMap", OpType::SequenceMap),
        ("Shape", OpType::Shape),
        ("Shrink", OpType::Shrink),
        ("Sigmoid", OpType::Sigmoid),
        ("Sign", OpType::Sign),
        ("Sin", OpType::Sin),
        ("Sinh", OpType::Sinh),
        ("Size", OpType::Size),
        ("Slice", OpType::Slice),
        ("Softmax", OpType::Softmax),
        ("SoftmaxCrossEntropyLoss", OpType::SoftmaxCrossEntropyLoss),
        ("Softplus", OpType::Softplus),
        ("Softsign", OpType::Softsign),
        ("SpaceToDepth", OpType::SpaceToDepth),
        ("Split", OpType::Split),
        ("SplitToSequence", OpType::SplitToSequence),
        ("Sqrt", OpType::Sqrt),
        ("Squeeze", OpType::Squeeze),
        ("StringConcat", OpType::StringConcat),
        ("StringNormalizer", OpType::StringNormalizer),
        ("StringSplit", OpType::StringSplit),
        ("Sub", OpType::Sub),
        ("Sum", OpType::Sum),
        ("SwiGLU", OpType::SwiGLU),
        ("Swish", OpType::Swish),
        ("Tan", OpType::Tan),
        ("Tanh", OpType::Tanh),
        ("TensorScatter", OpType::TensorScatter),
        ("TfIdfVectorizer", OpType::TfIdfVectorizer),
        ("ThresholdedRelu", OpType::ThresholdedRelu),
        ("Tile", OpType::Tile),
        ("TopK", OpType::TopK),
        ("Transpose", OpType::Transpose),
        ("Trilu", OpType::Trilu),
        ("Unique", OpType::Unique),
        ("Unsqueeze", OpType::Unsqueeze),
        ("Upsample", OpType::Upsample),
        ("Where", OpType::Where),
        ("Xor", OpType::Xor),
    ]),
    ("ai.onnx.ml", &[
        ("ArrayFeatureExtractor", OpType::ArrayFeatureExtractor),
        ("Binarizer", OpType::Binarizer),
        ("CastMap", OpType::CastMap),
        ("CategoryMapper", OpType::CategoryMapper),
        ("DictVectorizer", OpType::DictVectorizer),
        ("FeatureVectorizer", OpType::FeatureVectorizer),
        ("Imputer", OpType::Imputer),
        ("LabelEncoder", OpType::LabelEncoder),
        ("LinearClassifier", OpType::LinearClassifier),
        ("LinearRegressor", OpType::LinearRegressor),
        ("Normalizer", OpType::Normalizer),
        ("OneHotEncoder", OpType::OneHotEncoder),
        ("SVMClassifier", OpType::SVMClassifier),
        ("SVMRegressor", OpType::SVMRegressor),
        ("Scaler", OpType::Scaler),
        ("TreeEnsemble", OpType::TreeEnsemble),
        ("TreeEnsembleClassifier", OpType::TreeEnsembleClassifier),
        ("TreeEnsembleRegressor", OpType::TreeEnsembleRegressor),
        ("ZipMap", OpType::ZipMap),
    ]),
    ("ai.onnx.preview", &[
        ("FlexAttention", OpType::FlexAttention),
    ]),
    ("ai.onnx.preview.training", &[
        ("Adagrad", OpType::Adagrad),
        ("Adam", OpType::Adam),
        ("Gradient", OpType::Gradient),
        ("Momentum", OpType::Momentum),
    ]),
];
