//! What makes letters look like a credential, and what makes them look like something else.

/// Words of people who show how a credential looks.
const PLACEHOLDERS: [&str; 12] = [
    "example",
    "your",
    "placeholder",
    "dummy",
    "redacted",
    "xxxx",
    "changeme",
    "insert",
    "replace",
    "sample_",
    "fake_",
    "****",
];

/// Bits of one letter, by how often each occurs.
#[expect(clippy::cast_precision_loss, reason = "counts of letters in a short text")]
pub(super) fn entropy(text: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in text.bytes() {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count = count.saturating_add(1);
        }
    }
    let total = text.len() as f64;
    let shares = counts.iter().filter(|count| **count > 0).map(|count| f64::from(*count) / total);
    shares.fold(0.0, |sum, share| sum - share * share.log2())
}

/// True for letters that chance could have made, and that nobody wrote as an example.
pub(super) fn is_random(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let digits_only = text.bytes().all(|byte| byte.is_ascii_digit());
    entropy(text) >= 3.0 && !digits_only && !PLACEHOLDERS.iter().any(|word| lower.contains(word))
}

/// True for a name under which people keep credentials.
pub(super) fn names_a_secret(key: &str) -> bool {
    const NAMES: [&str; 15] = [
        "apikey",
        "secret",
        "secretkey",
        "secretaccesskey",
        "awssecret",
        "clientsecret",
        "accesstoken",
        "authtoken",
        "password",
        "passwd",
        "privatekey",
        "accesskey",
        "bearertoken",
        "refreshtoken",
        "hftoken",
    ];
    let last = key.rsplit(['.', '/', ':', ' ']).next().unwrap_or(key);
    let plain: String = last.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    NAMES.iter().any(|name| plain.ends_with(name))
}

/// True for a value that has no other reason to look as it does.
///
/// Words, paths, hashes and numbers are left out: a credential mixes letters of both cases with digits.
pub(super) fn could_be_a_secret(value: &str) -> bool {
    let length = value.len();
    let plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=_-.~!@#$%^&*".contains(&byte));
    let has = |class: fn(&u8) -> bool| value.as_bytes().iter().any(class);
    let mixed = has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_digit);
    let path = value.matches('/').count() > 2 || value.starts_with(['/', '.']);
    (16..=512).contains(&length) && plain && mixed && !path && entropy(value) >= 3.5 && is_random(value)
}

/// CRC-32 as GitHub and npm put it at the end of a token: six digits to the base 62.
pub(super) fn checksum_is_right(random: &str, checksum: &str) -> bool {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut rest = crc32(random.as_bytes());
    checksum.len() == 6
        && checksum.bytes().rev().all(|found| {
            let digit = DIGITS.get((rest % 62) as usize);
            rest /= 62;
            digit == Some(&found)
        })
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
    };
    !bytes.iter().fold(!0, step)
}

/// The bytes of text to the base 64, with either of its alphabets and without padding.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let (mut word, mut bits) = (0_u32, 0_u32);
    for letter in text.trim_end_matches('=').bytes() {
        let six = match letter {
            b'A'..=b'Z' => letter.wrapping_sub(b'A'),
            b'a'..=b'z' => letter.wrapping_sub(b'a').wrapping_add(26),
            b'0'..=b'9' => letter.wrapping_sub(b'0').wrapping_add(52),
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        word = word.wrapping_shl(6) | u32::from(six);
        bits = bits.saturating_add(6);
        if bits >= 8 {
            bits = bits.saturating_sub(8);
            bytes.push(u8::try_from(word.wrapping_shr(bits) & 0xff).unwrap_or_default());
        }
    }
    Some(bytes)
}
