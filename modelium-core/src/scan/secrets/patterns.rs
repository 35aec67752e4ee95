//! How credentials look, issuer by issuer.

use std::ops::RangeInclusive;

use crate::scan::secrets::Secret;
use crate::scan::secrets::shapes::{self, base64, checksum_is_right, is_random};

/// A token: what it begins with, and what must follow.
struct Token {
    what: &'static str,
    prefix: &'static str,
    alphabet: Alphabet,
    length: RangeInclusive<usize>,
    /// The last six letters are a checksum of those before.
    checksum: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Alphabet {
    /// Letters and digits.
    Plain,
    /// And `_` and `-`.
    Url,
    /// And `.`, for tokens of several parts.
    Parts,
    /// Upper-case letters and the digits from 2 to 7.
    Base32,
    /// Lower-case hexadecimal digits.
    Hex,
}

impl Alphabet {
    fn has(self, byte: u8) -> bool {
        match self {
            Self::Plain => byte.is_ascii_alphanumeric(),
            Self::Url => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
            Self::Parts => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'),
            Self::Base32 => byte.is_ascii_uppercase() || matches!(byte, b'2'..=b'7'),
            Self::Hex => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        }
    }
}

const fn token(what: &'static str, prefix: &'static str, alphabet: Alphabet, least: usize, most: usize) -> Token {
    Token { what, prefix, alphabet, length: least..=most, checksum: false }
}

const fn checked(what: &'static str, prefix: &'static str) -> Token {
    Token { what, prefix, alphabet: Alphabet::Plain, length: 36..=36, checksum: true }
}

use Alphabet::{Base32, Hex, Parts, Plain, Url};

/// Of two prefixes that begin alike the longer one stands first.
const TOKENS: &[Token] = &[
    token("an access key of AWS", "AKIA", Base32, 16, 16),
    token("a temporary access key of AWS", "ASIA", Base32, 16, 16),
    checked("a token of GitHub", "ghp_"),
    checked("a token of GitHub", "gho_"),
    checked("a token of GitHub", "ghu_"),
    checked("a token of GitHub", "ghs_"),
    checked("a token of GitHub", "ghr_"),
    token("a token of GitHub", "github_pat_", Url, 82, 82),
    token("a token of GitLab", "glpat-", Url, 20, 64),
    token("a token of Hugging Face", "hf_", Plain, 34, 40),
    token("a token of Hugging Face", "api_org_", Plain, 34, 40),
    token("a key of Anthropic", "sk-ant-", Url, 32, 160),
    token("a key of OpenRouter", "sk-or-v1-", Hex, 64, 64),
    token("a key of OpenAI", "sk-proj-", Url, 32, 200),
    token("a key of OpenAI", "sk-svcacct-", Url, 32, 200),
    token("a key of OpenAI", "sk-admin-", Url, 32, 200),
    token("a key of OpenAI", "sk-", Plain, 32, 64),
    token("a key of Groq", "gsk_", Plain, 52, 52),
    token("a key of NVIDIA", "nvapi-", Url, 60, 80),
    token("a key of xAI", "xai-", Plain, 80, 80),
    token("a key of Perplexity", "pplx-", Plain, 48, 56),
    token("a token of Replicate", "r8_", Plain, 37, 37),
    token("a token of Databricks", "dapi", Hex, 32, 32),
    token("a token of Slack", "xoxb-", Url, 24, 120),
    token("a token of Slack", "xoxp-", Url, 24, 120),
    token("a token of Slack", "xoxa-", Url, 24, 120),
    token("a token of Slack", "xoxr-", Url, 24, 120),
    token("a token of Slack", "xoxs-", Url, 24, 120),
    token("a token of Slack", "xapp-", Url, 24, 140),
    token("a key of Google", "AIza", Url, 35, 35),
    token("an OAuth secret of Google", "GOCSPX-", Url, 28, 28),
    token("a key of Stripe", "sk_live_", Plain, 24, 120),
    token("a key of Stripe", "rk_live_", Plain, 24, 120),
    checked("a token of npm", "npm_"),
    token("a token of PyPI", "pypi-AgEIcHlwaS5vcmc", Url, 40, 250),
    token("a token of PyPI", "pypi-AgENdGVzdC5weXBpLm9yZw", Url, 40, 250),
    token("a token of Docker", "dckr_pat_", Url, 27, 27),
    token("a token of DigitalOcean", "dop_v1_", Hex, 64, 64),
    token("a token of Shopify", "shpat_", Hex, 32, 32),
    token("a key of SendGrid", "SG.", Parts, 66, 66),
    token("a token of LangSmith", "lsv2_pt_", Url, 40, 48),
    token("a secret key of age", "AGE-SECRET-KEY-1", Plain, 58, 58),
];

/// Tokens with a prefix of their issuer.
pub(super) fn tokens(text: &str, found: &mut Vec<Secret>) {
    for token in TOKENS {
        for (start, _) in text.match_indices(token.prefix) {
            let rest = text.get(start.saturating_add(token.prefix.len())..).unwrap_or_default();
            let length = rest.bytes().take_while(|byte| token.alphabet.has(*byte)).count();
            let body = rest.get(..length).unwrap_or_default().trim_end_matches(['-', '_', '.']);
            let next = rest.as_bytes().get(length);
            let edges = !follows_letter(text, start) && next.is_none_or(|byte| !byte.is_ascii_alphanumeric());
            if !edges || !token.length.contains(&body.len()) || !is_random(body) {
                continue;
            }
            let split = body.len().saturating_sub(6);
            let right = body.split_at_checked(split).is_some_and(|(random, sum)| checksum_is_right(random, sum));
            let end = start.saturating_add(token.prefix.len()).saturating_add(body.len());
            found.push(Secret { what: token.what, range: start..end, checked: token.checksum && right });
        }
    }
}

/// True if the byte in front belongs to the same word.
fn follows_letter(text: &str, start: usize) -> bool {
    let before = start.checked_sub(1).and_then(|before| text.as_bytes().get(before));
    before.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+' | b'/' | b'-' | b'.'))
}

/// Private keys in PEM, line breaks spelt or real.
pub(super) fn private_keys(text: &str, found: &mut Vec<Secret>) {
    const BEGIN: &str = "-----BEGIN ";
    for (start, _) in text.match_indices(BEGIN) {
        let rest = text.get(start.saturating_add(BEGIN.len())..).unwrap_or_default();
        let kind = rest.split("-----").next().unwrap_or_default();
        if kind.len() > 40 || !(kind.ends_with("PRIVATE KEY") || kind.ends_with("PRIVATE KEY BLOCK")) {
            continue;
        }
        let body = rest.get(kind.len().saturating_add(5)..).unwrap_or_default();
        let body = body.split("-----").next().unwrap_or_default();
        let cut = body.char_indices().nth(4096).map_or(body.len(), |(at, _)| at);
        let letters: String = body.get(..cut).unwrap_or_default().replace("\\n", "\n").split_whitespace().collect();
        let is_key = letters.len() >= 40
            && letters.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=:,-".contains(&byte));
        if is_key && shapes::entropy(&letters) > 3.5 {
            let end = start.saturating_add(BEGIN.len()).saturating_add(kind.len()).saturating_add(5);
            found.push(Secret { what: "a private key", range: start..end, checked: false });
        }
    }
}

/// JSON web tokens: three parts, of which the first two are JSON.
pub(super) fn web_tokens(text: &str, found: &mut Vec<Secret>) {
    for (start, _) in text.match_indices("eyJ") {
        if follows_letter(text, start) {
            continue;
        }
        let rest = text.get(start..).unwrap_or_default();
        let length = rest.bytes().take(1 << 14).take_while(|byte| Parts.has(*byte)).count();
        let mut parts = rest.get(..length).unwrap_or_default().split('.');
        let (Some(header), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let reads = |part: &str, word: &str| {
            let bytes = base64(part).unwrap_or_default();
            std::str::from_utf8(&bytes)
                .is_ok_and(|text| text.starts_with('{') && text.ends_with('}') && text.contains(word))
        };
        if reads(header, "\"alg\"") && reads(payload, "\"") && signature.len() >= 20 && is_random(signature) {
            found.push(Secret { what: "a JSON web token", range: start..start.saturating_add(length), checked: false });
        }
    }
}

/// Addresses with a user's password, and keys of Azure and Slack that stand in addresses.
pub(super) fn urls(text: &str, found: &mut Vec<Secret>) {
    for (mark, _) in text.match_indices("://") {
        let scheme_length = text.get(..mark).unwrap_or_default().bytes().rev();
        let scheme_length =
            scheme_length.take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-'));
        let start = mark.saturating_sub(scheme_length.count());
        let rest = text.get(mark.saturating_add(3)..).unwrap_or_default();
        let length = rest.bytes().take(2048).take_while(|byte| byte.is_ascii_graphic() && !b"\"'`<>\\".contains(byte));
        let address = rest.get(..length.count()).unwrap_or_default();
        let authority = address.split(['/', '?', '#']).next().unwrap_or_default();
        let Some((login, host)) = authority.rsplit_once('@') else { continue };
        let Some((user, password)) = login.split_once(':') else { continue };
        let name = host.split(':').next().unwrap_or_default();
        let shown = matches!(name, "" | "localhost" | "127.0.0.1" | "host" | "hostname" | "server")
            || matches!(name.rsplit_once('.'), Some((rest, "com" | "org" | "net")) if rest.ends_with("example"))
            || name == "example"
            || name.contains("${");
        let lower = password.to_ascii_lowercase();
        let meant =
            matches!(lower.as_str(), "" | "password" | "pass" | "passwd" | "pw" | "secret" | "user" | "pwd" | "token")
                || lower == user.to_ascii_lowercase()
                || password.contains(['$', '{', '}', '*', '%'])
                || ["xxx", "your", "example", "changeme", "placeholder"].iter().any(|word| lower.contains(word));
        if !shown && !meant && password.len() >= 4 {
            let end = mark.saturating_add(3).saturating_add(login.len());
            found.push(Secret { what: "an address with a password", range: start..end, checked: false });
        }
    }
    for (start, prefix) in text.match_indices("AccountKey=").chain(text.match_indices("SharedAccessKey=")) {
        let rest = text.get(start.saturating_add(prefix.len())..).unwrap_or_default();
        let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(byte)).count();
        if (40..=90).contains(&length) && rest.get(..length).is_some_and(is_random) {
            let start = start.saturating_add(prefix.len());
            found.push(Secret { what: "a key of Azure", range: start..start.saturating_add(length), checked: false });
        }
    }
    for (start, prefix) in text.match_indices("hooks.slack.com/services/T") {
        let rest = text.get(start.saturating_add(prefix.len())..).unwrap_or_default();
        let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'/').count();
        let path = rest.get(..length).unwrap_or_default();
        if path.matches('/').count() == 2 && length >= 36 && is_random(path) {
            let end = start.saturating_add(prefix.len()).saturating_add(length);
            found.push(Secret { what: "a webhook of Slack", range: start..end, checked: false });
        }
    }
}

/// Values that stand under the name of a credential: `"client_secret": "…"`, `aws_secret_access_key = …`.
pub(super) fn labelled(text: &str, found: &mut Vec<Secret>) {
    const LABELS: [&str; 12] = [
        "api_key",
        "apikey",
        "api-key",
        "secret_key",
        "secret_access_key",
        "access_key",
        "client_secret",
        "access_token",
        "auth_token",
        "password",
        "passwd",
        "hf_token",
    ];
    let lower = text.to_ascii_lowercase();
    for label in LABELS {
        for (start, _) in lower.match_indices(label) {
            let rest = text.get(start.saturating_add(label.len())..).unwrap_or_default();
            let between = rest.bytes().take_while(|byte| b"\"'\\ \t:=".contains(byte)).count();
            let separator = rest.get(..between).unwrap_or_default();
            if between > 8 || !separator.contains([':', '=']) {
                continue;
            }
            let rest = rest.get(between..).unwrap_or_default();
            let stops = |byte: &u8| byte.is_ascii_graphic() && !b"\"'`\\,;()[]{}<>".contains(byte);
            let value = rest.get(..rest.bytes().take_while(stops).count()).unwrap_or_default();
            if shapes::could_be_a_secret(value) {
                let begin = start.saturating_add(label.len()).saturating_add(between);
                let range = begin..begin.saturating_add(value.len());
                found.push(Secret { what: "a credential by its name", range, checked: false });
            }
        }
    }
}
