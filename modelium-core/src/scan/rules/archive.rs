//! Rules about archives: what their members do to whoever unpacks them, and where loaders disagree about them.

use crate::finding::{Rule, Severity};

/// The rules of this area.
pub const RULES: &[&Rule] = &[
    &TOO_DEEP,
    &TOO_MANY,
    &BOMB,
    &ESCAPES,
    &LINK_ESCAPES,
    &LINK,
    &DEVICE,
    &OVERLAP,
    &DUPLICATE,
    &DISAGREES,
    &HIDDEN,
    &PREFIX,
    &TRAILING,
    &ENCRYPTED,
    &CHECKSUM,
    &UNREADABLE,
];

/// What most rules about archives share.
const fn rule(id: &'static str, title: &'static str, remedy: &'static str, cwe: &'static [u16]) -> Rule {
    let (owasp, atlas) = (&["ML06"], &["AML.T0010"]);
    Rule { id, severity: Severity::Suspicious, title, remedy, cwe, owasp, atlas }
}

/// Archives nested beyond the cap.
pub const TOO_DEEP: Rule = rule(
    "archive.too_deep",
    "Archives nested too deeply",
    "unpack the outer archives by hand and scan what is inside",
    &[400],
);

/// More members than the cap.
pub const TOO_MANY: Rule = rule(
    "archive.too_many_members",
    "An archive of very many members",
    "do not unpack it; models have hundreds of files, not hundreds of thousands",
    &[400],
);

/// Few bytes that inflate to very many.
pub const BOMB: Rule = rule(
    "archive.bomb",
    "Inflates to far more than models do",
    "do not unpack it; ask its publisher for an archive without compression",
    &[409],
);

/// A member whose name leads out of the folder.
pub const ESCAPES: Rule = Rule {
    severity: Severity::Danger,
    ..rule("archive.escapes", "A member leads out of its folder", "do not unpack it", &[22])
};

/// A link whose target lies outside the folder.
pub const LINK_ESCAPES: Rule = Rule {
    severity: Severity::Danger,
    ..rule("archive.link_escapes", "A link leads out of its folder", "do not unpack it", &[59, 22])
};

/// A link whose target lies inside.
pub const LINK: Rule = Rule {
    severity: Severity::Note,
    ..rule("archive.link", "A link between members", "unpack it with a tool that does not follow links", &[59])
};

/// A device or a pipe.
pub const DEVICE: Rule = rule(
    "archive.device",
    "A device or a pipe in an archive",
    "do not unpack it; models hold files and folders",
    &[20],
);

/// Members that share bytes.
pub const OVERLAP: Rule = rule(
    "archive.overlap",
    "Members that share bytes",
    "do not unpack it; no honest tool writes such archives",
    &[409],
);

/// Members that are one file to a loader.
pub const DUPLICATE: Rule = rule(
    "archive.duplicate",
    "Two members of one name",
    "ask its publisher; loaders differ in which of the two they read",
    &[436],
);

/// Records that say different things of one member.
pub const DISAGREES: Rule = rule(
    "archive.disagrees",
    "The archive contradicts itself",
    "ask its publisher; loaders differ in which record they believe",
    &[436],
);

/// A member that only some readers see.
pub const HIDDEN: Rule = rule(
    "archive.hidden_member",
    "A member that the directory does not list",
    "ask its publisher; readers of streams see what the directory hides",
    &[436],
);

/// Bytes before an archive.
pub const PREFIX: Rule = rule(
    "archive.prefix",
    "Bytes before the archive",
    "ask its publisher; such a file is one thing to one loader and another to the next",
    &[436],
);

/// Bytes behind an archive or a stream.
pub const TRAILING: Rule = rule(
    "archive.trailing",
    "Bytes behind the end of the archive",
    "ask its publisher; loaders differ in whether they see them",
    &[436],
);

/// Members whose flags say that they are encrypted.
pub const ENCRYPTED: Rule = rule(
    "archive.encrypted",
    "Members said to be encrypted",
    "ask its publisher; models are not encrypted, and loaders exist that ignore the flag",
    &[436],
);

/// A checksum that is not that of the bytes.
pub const CHECKSUM: Rule = rule(
    "archive.wrong_checksum",
    "A checksum that is not that of the bytes",
    "fetch the file again; loaders differ in whether they look at it",
    &[354],
);

/// An archive that loaders unpack and this scanner cannot.
pub const UNREADABLE: Rule = rule(
    "archive.unreadable",
    "An archive whose members cannot be examined",
    "unpack it by hand and scan what is inside; models do not come in such archives",
    &[693],
);
