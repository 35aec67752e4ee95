//! Encodings that formats share.
