//! Rules about files of arrays, HDF5 and zarr: where their values come from, and what must run to read them.

use crate::finding::{Rule, Severity};

/// The rules of this area.
pub const RULES: &[&Rule] = &[&LEADS_ELSEWHERE, &OPAQUE, &NEEDS_PLUGIN, &PICKLED];

/// HDF5 data that lies in another file: external links, external storage, virtual datasets.
pub const LEADS_ELSEWHERE: Rule = Rule {
    id: "hdf5.leads_elsewhere",
    severity: Severity::Suspicious,
    title: "HDF5 data that is read from another file",
    remedy: "ask for a file that holds its data itself",
    cwe: &[73, 200],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// HDF5 values of an opaque type, which readers take for serialised objects.
pub const OPAQUE: Rule = Rule {
    id: "hdf5.opaque",
    severity: Severity::Suspicious,
    title: "HDF5 values of an opaque type",
    remedy: "find out which program reads them, and what it does with them",
    cwe: &[502],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// HDF5 values behind a filter that the library does not bring.
pub const NEEDS_PLUGIN: Rule = Rule {
    id: "hdf5.needs_plugin",
    severity: Severity::Suspicious,
    title: "HDF5 values that need a native plugin",
    remedy: "trust the plugin as you would trust a program, and load it only from where you know it comes",
    cwe: &[94],
    owasp: &["ML06"],
    atlas: &["AML.T0010"],
};

/// Arrays of objects: each element is a pickle.
pub const PICKLED: Rule = Rule {
    id: "zarr.pickled",
    severity: Severity::Danger,
    title: "Arrays whose elements are unpickled",
    remedy: "do not read the array; ask for one of numbers",
    cwe: &[502],
    owasp: &["ML06"],
    atlas: &["AML.T0010", "AML.T0011.000"],
};
