use super::*;

fn kinds(text: &str) -> Vec<&'static str> {
    find(text).into_iter().map(|secret| secret.what).collect()
}

/// Joined here, so that no tool that reads this file takes it for a credential.
fn joined(parts: &[&str]) -> String {
    parts.concat()
}

#[test]
fn credentials_are_known_by_their_structure() {
    let letters = "q9W3eR7tY1uI5oP0aS8dF4gH6jK2lZxCvBnM1a2b";
    for (text, what) in [
        (joined(&["AKIA", "Q3EGUTZB7X5LMNPA"]), "an access key of AWS"),
        (joined(&["sk-", "proj-A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8S9t0"]), "a key of OpenAI"),
        (joined(&["hf_", "QwErTyUiOpAsDfGhJkLzXcVbNmQwErTyUi"]), "a token of Hugging Face"),
        (joined(&["AIza", "SyD3f4G5h6J7k8L9m0N1p2Q3r4S5t6U7v8W"]), "a key of Google"),
        (joined(&["xoxb-", "2345678901234-2345678901234-", "AbCdEfGhIjKlMnOpQrStUvWx"]), "a token of Slack"),
        (joined(&["aws_secret_access_key", " = ", letters]), "a credential by its name"),
        (joined(&["postgres://admin:", "s3cr3t-Pa55@db.internal:5432/models"]), "an address with a password"),
    ] {
        assert_eq!(kinds(&text), [what], "{text}");
    }
}

#[test]
fn the_checksum_of_a_token_is_recomputed() {
    // the checksum of 30 zeros, by zlib.crc32 and base 62
    let (random, sum) = ("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ", "0mLq17");
    let right = find(&joined(&["ghp_", random, sum]));
    assert!(right[0].checked, "{right:?}");
    assert!(!find(&joined(&["ghp_", random, "0mLq18"]))[0].checked);
}

#[test]
fn a_private_key_needs_a_body() {
    let body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";
    let key = joined(&["-----BEGIN ", "PRIVATE KEY-----\\n", body, "\\n-----END PRIVATE KEY-----"]);
    assert_eq!(kinds(&key), ["a private key"]);
    assert!(kinds("the text '-----BEGIN PRIVATE KEY-----' starts a key").is_empty());
    assert!(kinds(&joined(&["-----BEGIN ", "PUBLIC KEY-----\\n", body])).is_empty());
}

#[test]
fn what_only_looks_like_a_credential_is_none() {
    for text in [
        "AKIAIOSFODNN7EXAMPLE",
        "sk-your-key-here-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "hf_quantizer_config_of_the_model_that_is_long",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "550e8400-e29b-41d4-a716-446655440000",
        "\"bos_token\": \"<|begin_of_text|>\", \"pad_token_id\": 128004",
        "\"password\": \"correct horse battery staple\"",
        "https://huggingface.co/meta-llama/Llama-2-7b-hf/resolve/main/model.safetensors",
        "postgres://user:password@localhost:5432/db",
        "https://user:${TOKEN}@github.com/x/y",
        "risk-assessmentmodelforcreditcardtransactions2024",
        "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4AKIAmaskAKIA",
        "api_key: os.environ['OPENAI_API_KEY']",
        "\"api_key\": null",
        "task-specific-adapters-for-everything-and-more",
    ] {
        assert!(find(text).is_empty(), "{text}: {:?}", find(text));
    }
}

#[test]
fn evidence_does_not_give_the_secret_away() {
    assert_eq!(redact("AKIAQ3EGUTZB7X5LMNPA"), "AKIA… (20 characters)");
}
