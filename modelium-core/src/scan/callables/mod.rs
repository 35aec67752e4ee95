//! The judgement of names in Python: what is harmless to call, what acts, and how.
//!
//! Two kinds of tables, one row for each module and meaning:
//!
//! - what is **known** to be harmless, and with which arguments ([`known`]); this alone makes a file clean;
//! - what is known to **act** ([`act`]); this only tells a file that runs code from one that calls something unknown.
//!
//! A name is looked up by its canonical [`path`], so that `nt.system`, `posix.system` and `os.system` are one. A dotted
//! name walks through whatever a module happens to import (`torch.serialization` + `os.system`), so names that act are
//! recognised at every step, and names that are known must be known as a whole.
//!
//! To teach it a library: a row in the table of its family below, from the library's own writer.

mod acts;
mod alias;
mod known;
mod trees;

pub use acts::{Act, act, act_of_word};
pub use alias::path;
pub use known::{Shape, known};
pub use trees::{Trust, is_class_name, trust};

/// One row: a module, what the names in it mean, and the names; `*` stands for the module and all below it.
type Row<T> = (&'static str, T, &'static str);

/// What a table says about a path.
#[derive(Debug, Clone, Copy)]
struct Found<T> {
    meaning: T,
    /// How precise the row is: two for each step, and one more for a name than for the `*` beside it.
    steps: usize,
    /// True if the row speaks of the whole path, not of something on the way.
    whole: bool,
}

/// The row that says most about a path: the one that matches the most steps.
fn find<T: Copy>(table: &[Row<T>], path: &str) -> Option<Found<T>> {
    let mut best: Option<Found<T>> = None;
    let ends = path.match_indices('.').map(|(at, _)| at).chain([path.len()]);
    for (index, end) in ends.enumerate() {
        let (module, rest) = path.split_at_checked(end).unwrap_or_default();
        let rest = rest.strip_prefix('.').unwrap_or(rest);
        let step = rest.split('.').next().unwrap_or_default();
        let from = table.partition_point(|row| row.0 < module);
        let rows = table.get(from..).unwrap_or_default().iter().take_while(|row| row.0 == module);
        for (_, meaning, names) in rows {
            for name in names.split_ascii_whitespace() {
                let found = if name == "*" {
                    // what a module has imported is not its own: it is found, but not as a whole
                    let whole = !rest.contains('.');
                    Found { meaning: *meaning, steps: index.saturating_mul(2).saturating_add(1), whole }
                } else if name == step {
                    let whole = rest.len() == step.len();
                    Found { meaning: *meaning, steps: index.saturating_mul(2).saturating_add(2), whole }
                } else {
                    continue;
                };
                if best.is_none_or(|best| found.steps > best.steps) {
                    best = Some(found);
                }
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_in_order() {
        for table in acts::TABLES {
            let modules: Vec<_> = table.iter().map(|row| row.0).collect();
            assert!(modules.is_sorted(), "{:?}", modules.windows(2).find(|pair| pair.first() > pair.last()));
        }
        for table in known::TABLES {
            let modules: Vec<_> = table.iter().map(|row| row.0).collect();
            assert!(modules.is_sorted(), "{:?}", modules.windows(2).find(|pair| pair.first() > pair.last()));
        }
    }

    #[test]
    fn a_name_that_acts_is_seen_through_every_alias() {
        for (module, name) in [
            ("posix", "system"),
            ("nt", "system"),
            ("os", "system"),
            ("torch", "os.system"),
            ("torch.serialization", "os.system"),
            ("random", "_os.system"),
            ("commands", "getoutput"),
            ("__builtin__", "eval"),
            ("numpy", "f2py.crackfortran.eval"),
        ] {
            let path = path(module, name);
            assert!(act(&path).is_some_and(Act::endangers), "{path}");
        }
    }

    #[test]
    fn a_name_of_a_library_that_looks_like_a_module_of_python_does_not_act() {
        for (module, name) in [("scipy.signal", "lti"), ("sklearn.svm._classes", "SVC"), ("pandas.io.sql", "SQLTable")]
        {
            let path = path(module, name);
            assert_eq!(act(&path), None, "{path}");
        }
    }

    #[test]
    fn a_known_name_is_known_as_a_whole() {
        assert!(known("collections.OrderedDict").is_some());
        assert!(known("collections.OrderedDict.fromkeys").is_none());
        assert!(known("pandas._libs.tslibs.offsets.Day").is_some());
        assert!(known("pandas._libs.tslibs.offsets.np.load").is_none());
        assert!(known("numpy._core.multiarray._reconstruct").is_some());
    }
}
