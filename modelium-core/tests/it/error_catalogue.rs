//! Every message that a leaf error can print, in one list that is read when it changes.

use std::fmt::Write as _;

use crate::support::{golden, sources};

/// The message templates of `#[error("…")]` attributes, in order.
fn messages(source: &str) -> Vec<String> {
    source
        .split("#[error(")
        .skip(1)
        .filter_map(|rest| {
            let text = rest.trim_start().strip_prefix('"')?;
            let mut message = String::new();
            let mut characters = text.chars();
            while let Some(character) = characters.next() {
                match character {
                    '"' => return Some(message),
                    '\\' => match characters.next()? {
                        '\n' => {
                            while characters.as_str().starts_with([' ', '\n']) {
                                characters.next();
                            }
                        }
                        escaped => {
                            message.push('\\');
                            message.push(escaped);
                        }
                    },
                    _ => message.push(character),
                }
            }
            None
        })
        .collect()
}

#[test]
fn messages_are_those_of_the_catalogue() {
    let mut catalogue = String::new();
    for (file, source) in sources() {
        for message in messages(&source) {
            writeln!(catalogue, "{file}: {message}").expect("writing to a string does not fail");
        }
    }
    golden("tests/golden/error_messages.txt", &catalogue);
}

#[test]
fn messages_follow_the_house_style() {
    for (file, source) in sources() {
        for message in messages(&source) {
            let lower = message.to_lowercase();
            assert!(!message.ends_with('.'), "{file}: full stop: {message}");
            assert!(!lower.contains("failed to"), "{file}: say what was found: {message}");
            let first = message.chars().next().unwrap_or('a');
            let acronym = message.chars().nth(1).is_some_and(char::is_uppercase);
            let name = ["Triton", "Python"].iter().any(|name| message.starts_with(name));
            assert!(!first.is_uppercase() || acronym || name, "{file}: lower case: {message}");
        }
    }
}
