//! Names that are safe as files and folders on every operating system.

/// Why a name is not safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the message says it")]
pub enum NameError {
    #[error("it is empty")]
    Empty,
    #[error("it has more than {MAX_NAME_BYTES} bytes")]
    TooLong,
    #[error("it holds {0:?}; letters, digits, '.', '-' and '_' are safe everywhere")]
    Character(char),
    #[error("it begins with '{0}'")]
    Begin(char),
    #[error("it ends with '.'")]
    End,
    #[error("it is a device's name on Windows")]
    Device,
}

/// The longest name of a model, a step or a file.
pub const MAX_NAME_BYTES: usize = 128;

/// Checks one name: of a model, of a step, of a file without its folder.
pub fn check_name(name: &str) -> Result<(), NameError> {
    let Some(first) = name.chars().next() else { return Err(NameError::Empty) };
    if name.len() > MAX_NAME_BYTES {
        return Err(NameError::TooLong);
    }
    if let Some(odd) = name.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))) {
        return Err(NameError::Character(odd));
    }
    if matches!(first, '.' | '-') {
        return Err(NameError::Begin(first));
    }
    if name.ends_with('.') {
        return Err(NameError::End);
    }
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = |device: &str| stem.strip_prefix(device).is_some_and(|n| matches!(n.as_bytes(), [b'0'..=b'9']));
    if matches!(stem.as_str(), "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt") {
        return Err(NameError::Device);
    }
    Ok(())
}

/// The safe name nearest to what a caller called something; `model` if nothing of it can be kept.
pub fn safe_name(text: &str) -> String {
    let kept = text.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' });
    let name: String = kept.take(MAX_NAME_BYTES).collect();
    let name = name.trim_start_matches(['.', '-', '_']).trim_end_matches(['.', '_']);
    if check_name(name).is_ok() { name.to_owned() } else { "model".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_elsewhere_is_no_name() {
        for name in ["", "..", ".", "a/b", "a\\b", "C:", "a\0", "-rf", ".hidden", "a.", "nul", "COM1.onnx", "é"] {
            assert!(check_name(name).is_err(), "{name:?}");
        }
        for name in ["model.onnx", "resnet-50_v1.5", "7", "common"] {
            assert_eq!(check_name(name), Ok(()), "{name:?}");
        }
    }

    #[test]
    fn the_nearest_safe_name_is_safe() {
        for (text, name) in
            [("my model", "my_model"), ("../..", "model"), ("ünet", "net"), ("nul", "model"), ("a", "a")]
        {
            assert_eq!(safe_name(text), name);
        }
    }
}
