//! Quantised checkpoints: what `quantization_config` says, and how many parameters their packed tensors stand for.

use crate::descriptor::TensorDescriptor;
use crate::wire::json::Json;

/// How the matrices of a checkpoint are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quantization {
    /// `gptq`, `awq`, `bitsandbytes`, `fp8`, `compressed-tensors`, …, as the file spells it.
    pub(super) method: String,
    /// Bits of a code, where the file says so.
    pub(super) bits: Option<u64>,
}

impl Quantization {
    /// What a configuration says.
    pub(super) fn of(config: &Json) -> Option<Self> {
        let found = config.get("quantization_config").or_else(|| config.at(&["text_config", "quantization_config"]))?;
        let method = found.get("quant_method").or_else(|| found.get("quantization_method"))?.as_str()?.to_owned();
        let flag = |key: &str| found.get(key).and_then(Json::as_bool).unwrap_or_default();
        let group = || {
            let groups = found.get("config_groups")?.entries();
            groups.iter().find_map(|(_, group)| group.at(&["weights", "num_bits"])?.as_u64())
        };
        let bits = ["bits", "w_bit", "nbits", "weight_bits"].iter().find_map(|key| found.get(key)?.as_u64());
        let bits = bits.or_else(group).or(match method.as_str() {
            "bitsandbytes" if flag("load_in_4bit") || flag("_load_in_4bit") => Some(4),
            "bitsandbytes" if flag("load_in_8bit") || flag("_load_in_8bit") => Some(8),
            "fp8" | "fbgemm_fp8" => Some(8),
            "mxfp4" => Some(4),
            _ => None,
        });
        Some(Self { method, bits })
    }

    /// The package that a loader needs for it.
    pub(super) fn package(&self) -> Option<&'static str> {
        Some(match self.method.as_str() {
            "gptq" => "gptqmodel",
            "awq" => "autoawq",
            "bitsandbytes" => "bitsandbytes",
            "compressed-tensors" => "compressed-tensors",
            "aqlm" => "aqlm",
            "quanto" => "optimum-quanto",
            "hqq" => "hqq",
            "torchao" => "torchao",
            "eetq" => "eetq",
            "higgs" => "flute-kernel",
            "vptq" => "vptq",
            "mxfp4" => "kernels",
            _ => return None,
        })
    }
}

/// Tensors that belong to a code and are no parameters: scales, zeros, orders, states.
const BESIDE: &[&str] = &[
    ".qzeros",
    ".g_idx",
    ".absmax",
    ".quant_map",
    ".nested_absmax",
    ".nested_quant_map",
    ".SCB",
    ".weight_format",
    ".weight_scale",
    ".weight_scale_inv",
    ".weight_zero_point",
    ".weight_g_idx",
    ".weight_shape",
    ".input_scale",
    ".output_scale",
    ".weight_scale_2",
    "_scale_inv",
    "_scales",
    ".k_scale",
    ".v_scale",
    ".input_global_scale",
    ".weight_global_scale",
];

/// Parameters that stored tensors stand for. Packed codes count by their bits, what belongs to them does not count.
pub(super) fn parameters(tensors: &[TensorDescriptor], quantization: Option<&Quantization>) -> u64 {
    let plain = |tensor: &TensorDescriptor| if tensor.shares.is_some() { 0 } else { tensor.elements() };
    let Some(quantization) = quantization else {
        return tensors.iter().map(plain).fold(0, u64::saturating_add);
    };
    let bits = quantization.bits.filter(|bits| (1..=32).contains(bits));
    let packed: std::collections::HashSet<&str> =
        tensors.iter().filter_map(|tensor| tensor.name.strip_suffix(".qweight")).collect();
    let of = |tensor: &TensorDescriptor| {
        let name = tensor.name.as_str();
        let scales = name.strip_suffix(".scales").is_some_and(|module| packed.contains(module));
        if scales || BESIDE.iter().any(|end| name.ends_with(end)) || name.contains(".quant_state.") {
            return 0;
        }
        let codes_of = |width: u64| tensor.elements().saturating_mul(width).checked_div(bits.unwrap_or(width));
        let codes = match (name, tensor.dtype.as_str()) {
            (name, "int32") if name.ends_with(".qweight") || name.ends_with(".weight_packed") => codes_of(32),
            (name, "uint8")
                if name.ends_with(".weight") || name.ends_with("_blocks") || name.ends_with(".weight_packed") =>
            {
                codes_of(8)
            }
            _ => None,
        };
        codes.unwrap_or_else(|| plain(tensor))
    };
    tensors.iter().map(of).fold(0, u64::saturating_add)
}
