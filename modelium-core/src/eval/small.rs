//! Floats of at most eight bits, and integers of two and four: what their codes mean.

use crate::tensor::DType;

/// The layout of a float of few bits: a sign, an exponent, a mantissa.
struct Format {
    exponent: u32,
    mantissa: u32,
    bias: i32,
    most: f64,
    special: Special,
}

/// Which codes are not numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Special {
    /// None.
    Nothing,
    /// All bits of exponent and mantissa set: not a number.
    LastCode,
    /// The code of minus zero: not a number.
    MinusZero,
    /// The highest exponent: infinity and not a number, as IEEE has it.
    HighestExponent,
}

fn format(dtype: DType) -> Option<Format> {
    let (exponent, mantissa, bias, most, special) = match dtype {
        DType::Float4E2M1 => (2, 1, 1, 6.0, Special::Nothing),
        DType::Float6E2M3 => (2, 3, 1, 7.5, Special::Nothing),
        DType::Float6E3M2 => (3, 2, 3, 28.0, Special::Nothing),
        DType::Float8E4M3Fn => (4, 3, 7, 448.0, Special::LastCode),
        DType::Float8E4M3FnUz => (4, 3, 8, 240.0, Special::MinusZero),
        DType::Float8E5M2 => (5, 2, 15, 57344.0, Special::HighestExponent),
        DType::Float8E5M2FnUz => (5, 2, 16, 57344.0, Special::MinusZero),
        _ => return None,
    };
    Some(Format { exponent, mantissa, bias, most, special })
}

/// True for floats of at most eight bits.
pub(super) fn is_float(dtype: DType) -> bool {
    dtype == DType::Float8E8M0 || format(dtype).is_some()
}

/// The number that a code stands for. Zero for types that are not small.
pub(super) fn decode(dtype: DType, code: u8) -> f32 {
    match dtype {
        DType::Int2 => return f32::from(((code << 6).cast_signed()) >> 6),
        DType::Int4 => return f32::from(((code << 4).cast_signed()) >> 4),
        DType::Uint2 | DType::Uint4 => return f32::from(code),
        DType::Float8E8M0 if code == 0xff => return f32::NAN,
        DType::Float8E8M0 => return 2_f64.powi(i32::from(code) - 127) as f32,
        _ => {}
    }
    let Some(Format { exponent, mantissa, bias, special, .. }) = format(dtype) else { return 0.0 };
    let sign = code >> (exponent + mantissa) & 1;
    let field = i32::from(code >> mantissa & ((1 << exponent) - 1));
    let fraction = code & ((1 << mantissa) - 1);
    let all_ones = field == (1 << exponent) - 1;
    let magnitude = match special {
        Special::LastCode if all_ones && u32::from(fraction) == (1 << mantissa) - 1 => f64::NAN,
        Special::MinusZero if sign == 1 && field == 0 && fraction == 0 => return f32::NAN,
        Special::HighestExponent if all_ones => {
            if fraction == 0 {
                f64::INFINITY
            } else {
                f64::NAN
            }
        }
        _ if field == 0 => f64::from(fraction) * 2_f64.powi(1 - bias - mantissa.cast_signed()),
        _ => (f64::from(fraction) + f64::from(1_u32 << mantissa)) * 2_f64.powi(field - bias - mantissa.cast_signed()),
    };
    let magnitude = magnitude as f32;
    if sign == 1 { -magnitude } else { magnitude }
}

/// The code of the nearest number, ties to the even one. Beyond the largest: that one if `saturate`, or else infinity or
/// not a number, whichever the type has.
pub(super) fn encode(dtype: DType, value: f64, saturate: bool) -> u8 {
    match dtype {
        DType::Int2 => return (value.clamp(-2.0, 1.0).round_ties_even() as i8).cast_unsigned() & 3,
        DType::Int4 => return (value.clamp(-8.0, 7.0).round_ties_even() as i8).cast_unsigned() & 15,
        DType::Uint2 => return value.clamp(0.0, 3.0).round_ties_even() as u8,
        DType::Uint4 => return value.clamp(0.0, 15.0).round_ties_even() as u8,
        DType::Float8E8M0 => return encode_power(value, "up", saturate),
        _ => {}
    }
    let Some(Format { exponent, mantissa, bias, most, special }) = format(dtype) else { return 0 };
    let sign = u8::from(value.is_sign_negative()) << (exponent + mantissa);
    let highest = ((1_u8 << exponent) - 1) << mantissa;
    let not_a_number = match special {
        Special::Nothing => 0,
        Special::LastCode => sign | highest | ((1 << mantissa) - 1),
        Special::MinusZero => 1 << (exponent + mantissa),
        Special::HighestExponent => sign | highest | (1 << (mantissa - 1)),
    };
    if value.is_nan() {
        return not_a_number;
    }
    let magnitude = value.abs();
    let least = 1 - bias;
    // the exponent of a normal f64, which is all that matters here
    let power = (((magnitude.to_bits() >> 52) & 0x7ff) as i32 - 1023).max(least);
    let steps = (magnitude / 2_f64.powi(power - mantissa.cast_signed())).round_ties_even();
    if magnitude.is_infinite() || steps * 2_f64.powi(power - mantissa.cast_signed()) > most {
        return match special {
            _ if saturate || special == Special::Nothing => sign | encode(dtype, most, true),
            Special::HighestExponent => sign | highest,
            _ => not_a_number,
        };
    }
    let steps = steps as i32;
    let one = 1 << mantissa;
    let code = if steps < one { steps } else { (power + bias) * one + (steps - one) };
    if code == 0 && special == Special::MinusZero { 0 } else { sign | code as u8 }
}

/// The code of a power of two in float8e8m0, which has neither sign nor zero. `mode` is `up`, `down` or `nearest`.
pub(super) fn encode_power(value: f64, mode: &str, saturate: bool) -> u8 {
    if value.is_nan() {
        return 0xff;
    }
    let magnitude = value.abs();
    let (least, most) = (2_f64.powi(-127), 2_f64.powi(127));
    let low = if magnitude < 2_f64.powi(-128) { least / 2.0 } else { 2_f64.powi(exponent_of(magnitude)) };
    let power = match mode {
        "down" => low,
        "nearest" if magnitude < low * 1.5 => low,
        _ if magnitude > low => low * 2.0,
        _ => low,
    };
    if magnitude.is_infinite() || power > most {
        return if saturate { 0xfe } else { 0xff };
    }
    if power < least || magnitude == 0.0 {
        return if saturate { 0 } else { 0xff };
    }
    (exponent_of(power) + 127) as u8
}

fn exponent_of(value: f64) -> i32 {
    ((value.to_bits() >> 52) & 0x7ff) as i32 - 1023
}
