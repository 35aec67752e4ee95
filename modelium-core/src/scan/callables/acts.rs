//! What is known to act, and how: labels for findings, never a reason to pass.

mod packages;
mod stdlib;

use crate::scan::callables::{Row, find};

pub(super) static TABLES: &[&[Row<Act>]] = &[stdlib::TABLE, packages::TABLE];

/// What a call does beyond computing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Act {
    /// Runs code that it is given or finds.
    Execute,
    /// Starts another program.
    Spawn,
    /// Imports what it is told to, or finds a function by its name.
    Import,
    /// Changes files or folders.
    Write,
    /// Reaches the network, or waits for it.
    Network,
    /// Loads something that is itself a program: another pickle.
    Load,
    /// Loads native code or touches raw memory.
    Native,
    /// Has something run later: at exit, by a timer, by a signal.
    Defer,
    /// Changes the process itself: its modules, its environment, its guards.
    Tamper,
    /// Reads files or the environment.
    Read,
    /// Compiles source code or templates.
    Compile,
    /// Makes temporary files or folders.
    Temporary,
    /// Opens a file as its mode says: reads, unless the mode is one that writes.
    Open,
    /// Fetches attributes by name: what matters is what is done with them.
    Reach,
}

impl Act {
    /// In words, to follow the name.
    pub fn verb(self) -> &'static str {
        match self {
            Self::Execute => "runs code",
            Self::Spawn => "starts a program",
            Self::Import => "imports what it is told to",
            Self::Write => "changes files",
            Self::Network => "reaches the network",
            Self::Load => "loads something that can run code itself",
            Self::Native => "loads native code or touches raw memory",
            Self::Defer => "has something run later",
            Self::Tamper => "changes the process",
            Self::Read => "reads what lies outside of the file",
            Self::Compile => "compiles code",
            Self::Temporary => "makes temporary files",
            Self::Open => "opens a file",
            Self::Reach => "fetches attributes by name",
        }
    }

    /// True if one call is enough to do harm.
    pub fn endangers(self) -> bool {
        !matches!(self, Self::Read | Self::Compile | Self::Temporary | Self::Open | Self::Reach)
    }
}

/// Modules that many others import, so that their names can be reached through any module.
const EXPOSED: &[&str] = &[
    "builtins",
    "ctypes",
    "importlib",
    "marshal",
    "nt",
    "os",
    "posix",
    "pty",
    "runpy",
    "shutil",
    "socket",
    "subprocess",
    "sys",
    "webbrowser",
];

/// Special methods that only make objects.
const PLAIN_SPECIALS: &[&str] = &["__new__", "__init__", "__call__"];
/// Special attributes from which all of the interpreter can be reached.
const INSIDE: &[&str] = &[
    "__bases__",
    "__builtins__",
    "__closure__",
    "__code__",
    "__globals__",
    "__import__",
    "__loader__",
    "__mro__",
    "__reduce__",
    "__reduce_ex__",
    "__spec__",
    "__subclasses__",
];

/// What a callable of that canonical path is known to do.
pub fn act(path: &str) -> Option<Act> {
    let whole = TABLES.iter().filter_map(|table| find(table, path)).max_by_key(|found| found.steps);
    if let Some(found) = whole {
        return Some(found.meaning);
    }
    // what lies behind modules, classes and functions leads everywhere
    let special = |step: &&str| step.starts_with("__") && step.ends_with("__") && !PLAIN_SPECIALS.contains(step);
    let mut specials = path.split('.').skip(1).filter(special).peekable();
    if specials.peek().is_some() {
        return Some(if specials.any(|step| INSIDE.contains(&step)) { Act::Execute } else { Act::Reach });
    }
    // reached through a module that imports it: torch.serialization.os.system
    path.match_indices('.').find_map(|(at, _)| {
        let rest = path.get(at.saturating_add(1)..)?.trim_start_matches('_');
        let (module, name) = rest.split_once('.')?;
        let module = if module == "builtins__" { "builtins" } else { module };
        let exposed = EXPOSED.contains(&module).then(|| super::path(module, name))?;
        find(stdlib::TABLE, &exposed).map(|found| found.meaning)
    })
}

/// What the last word of an unknown name says that it does.
pub fn act_of_word(path: &str) -> Option<Act> {
    let word = path.rsplit('.').next().unwrap_or(path).trim_start_matches('_');
    let of = |act, words: &str| words.split_ascii_whitespace().any(|listed| listed == word).then_some(act);
    None.or_else(|| {
        of(
            Act::Spawn,
            "system popen Popen popen2 popen3 spawn spawnv spawnve spawnl getoutput getstatusoutput check_output \
             check_call run_command run_cmd run_shell run_shell_command exec_command execute_command call_subprocess \
             shell run_subprocess start_process startfile os_system",
        )
    })
    .or_else(|| {
        of(
            Act::Execute,
            "exec eval execfile exec_code eval_code run_code runcode runsource runstring run_string run_module run_path \
             exec_module run_script run_file run_source execute_code safe_eval literal_exec evaluate_expression",
        )
    })
    .or_else(|| {
        of(
            Act::Import,
            "import_module load_module import_string import_from_string load_source import_file dynamic_import \
             import_object import_class locate resolve_name import_item get_class_from_string load_class",
        )
    })
    .or_else(|| {
        of(
            Act::Network,
            "urlopen urlretrieve download_file download_url download_url_to_file load_state_dict_from_url wget \
             http_get snapshot_download hf_hub_download",
        )
    })
    .or_else(|| of(Act::Write, "rmtree unlink write_text write_bytes write_file remove_file delete_file extractall"))
    .or_else(|| of(Act::Load, "loads unsafe_load load_pickle read_pickle unpickle pickle_load from_pickle"))
}
