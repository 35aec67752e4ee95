//! What is known of dotted names that configs make a loader import or call.
//!
//! For names that stand in configs and not in pickles: which libraries' trees are harmless to build from, and which
//! names act. The first decides; the second only labels.

use crate::scan::callables::{act, path};

/// What a dotted name is to a loader that calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    /// Building it is what the library is for.
    Harmless,
    /// It runs code, writes, reads or reaches the network.
    Acts,
    /// Nothing is known of it.
    Unknown,
}

/// Modules with everything below them that act, whichever of their members is called.
const ACTING_MODULES: &[&str] = &[
    "os",
    "posix",
    "nt",
    "posixpath",
    "ntpath",
    "subprocess",
    "_posixsubprocess",
    "sys",
    "shutil",
    "socket",
    "_socket",
    "ssl",
    "http",
    "urllib",
    "urllib2",
    "urllib3",
    "httplib",
    "requests",
    "httpx",
    "aiohttp",
    "ftplib",
    "smtplib",
    "poplib",
    "imaplib",
    "telnetlib",
    "xmlrpc",
    "webbrowser",
    "antigravity",
    "importlib",
    "imp",
    "runpy",
    "pkgutil",
    "zipimport",
    "codeop",
    "codecs",
    "pdb",
    "bdb",
    "trace",
    "profile",
    "cProfile",
    "timeit",
    "doctest",
    "unittest",
    "pty",
    "tty",
    "commands",
    "popen2",
    "multiprocessing",
    "concurrent",
    "threading",
    "_thread",
    "asyncio",
    "signal",
    "ctypes",
    "_ctypes",
    "cffi",
    "pickle",
    "_pickle",
    "cPickle",
    "dill",
    "cloudpickle",
    "joblib",
    "shelve",
    "marshal",
    "types",
    "inspect",
    "gc",
    "builtins",
    "__builtin__",
    "operator",
    "_operator",
    "pip",
    "ensurepip",
    "venv",
    "setuptools",
    "pkg_resources",
    "distutils",
    "tempfile",
    "glob",
    "fileinput",
    "linecache",
    "resource",
    "fcntl",
    "mmap",
    "sqlite3",
    "yaml",
    "jsonpickle",
    "paramiko",
    "fabric",
    "pexpect",
    "sh",
    "plumbum",
    "invoke",
    "psutil",
    "boto3",
    "git",
    "jinja2",
    "mako",
    "lib2to3",
    "idlelib",
    "site",
    "_interpreters",
    "_xxsubinterpreters",
    "tarfile",
    "zipfile",
    "atexit",
    "readline",
    "turtle",
    "tkinter",
    "IPython",
    "ipykernel",
    "nbconvert",
];

/// Members that act inside of libraries that are otherwise harmless.
const ACTING_MEMBERS: &[&str] = &[
    "code.interact",
    "code.InteractiveConsole",
    "code.InteractiveInterpreter",
    "functools.reduce",
    "hydra.utils.call",
    "hydra.utils.get_class",
    "hydra.utils.get_method",
    "hydra.utils.get_object",
    "hydra.utils.instantiate",
    "logging.FileHandler",
    "logging.config",
    "logging.handlers",
    "matplotlib.pyplot.switch_backend",
    "torch.multiprocessing",
    "torch.load",
    "torch.save",
    "torch.hub",
    "torch.jit.load",
    "torch.package",
    "torch.ops",
    "torch.classes",
    "torch.distributed.rpc",
    "torch.utils.cpp_extension",
    "torch.utils.model_zoo",
    "torch._inductor",
    "torch._dynamo",
    "torch.serialization",
    "numpy.load",
    "numpy.save",
    "numpy.savetxt",
    "numpy.fromfile",
    "numpy.memmap",
    "numpy.testing",
    "numpy.f2py",
    "numpy.distutils",
    "numpy.ctypeslib",
    "pandas.eval",
    "pandas.read_pickle",
    "pandas.io",
    "pandas.core.computation",
    "nemo.core.classes.common.import_class_by_path",
    "nemo.utils.model_utils.import_class_by_path",
    "transformers.dynamic_module_utils",
    "scipy.io",
    "scipy.weave",
    "sklearn.datasets",
    "sklearn.utils._testing",
    "keras.utils.get_file",
    "keras.config.enable_unsafe_deserialization",
    "tensorflow.keras.utils.get_file",
    "tensorflow.io",
    "tensorflow.py_function",
    "tensorflow.numpy_function",
];

/// Last steps that act wherever they stand: a harmless object leads to them.
const ACTING_ENDS: &[&str] = &["system", "popen", "exec", "eval", "import_module"];

/// Modules that other modules import and so lead to: `torch.nn.modules.os`.
const ACTING_STEPS: &[&str] =
    &["os", "posix", "subprocess", "builtins", "importlib", "shutil", "socket", "runpy", "ctypes", "pickle", "pty"];

/// Members of those modules that only compute, as configs use them.
const COMPUTING: &[&str] = &[
    "builtins.abs",
    "builtins.bool",
    "builtins.complex",
    "builtins.dict",
    "builtins.float",
    "builtins.frozenset",
    "builtins.int",
    "builtins.len",
    "builtins.list",
    "builtins.range",
    "builtins.round",
    "builtins.set",
    "builtins.slice",
    "builtins.str",
    "builtins.tuple",
    "os.cpu_count",
    "os.path.basename",
    "os.path.dirname",
    "os.path.join",
    "os.path.splitext",
];

/// Names without a module that act: builtins.
const BUILTINS: &[&str] =
    &["exec", "eval", "compile", "open", "__import__", "getattr", "setattr", "globals", "input", "breakpoint"];

/// True for a name whose use acts: what the tables of callables say, and what only configs name, modules by themselves.
pub(crate) fn acts(name: &str) -> bool {
    let root = name.split('.').next().unwrap_or(name);
    let below = |tree: &str| name.strip_prefix(tree).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let known = || {
        let (module, member) = name.rsplit_once('.')?;
        act(&path(module, member)).filter(|act| act.endangers())
    };
    if COMPUTING.contains(&name) {
        return false;
    }
    ACTING_MODULES.contains(&root)
        || BUILTINS.contains(&name) // a name without a module is one of the builtins
        || ACTING_MEMBERS.iter().any(|tree| below(tree))
        || leads_elsewhere(name)
        || name.rsplit_once('.').is_some_and(|(_, end)| ACTING_ENDS.contains(&end))
        || known().is_some()
}

/// True for a chain of names that leaves its library: through a module that it imports, or through a dunder.
pub(crate) fn leads_elsewhere(name: &str) -> bool {
    name.split('.').skip(1).any(|step| {
        let dunder = step.starts_with("__") && step.ends_with("__") && step.len() > 4;
        dunder || ACTING_STEPS.contains(&step)
    })
}

/// True if a name lies in one of these trees. A tree that ends in a dot takes what is below it, any other the name alone.
pub(crate) fn within(name: &str, trees: &[&str]) -> bool {
    trees.iter().any(|tree| if tree.ends_with('.') { name.starts_with(tree) } else { name == *tree })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_of_attributes_acts_if_one_of_its_steps_does() {
        for name in ["os.system", "posix.system", "torch.nn.modules.os.system", "a.__class__", "eval", "torch.hub.load"]
        {
            assert!(acts(name), "{name}");
        }
        for name in [
            "torch.nn.Linear",
            "nemo.collections.asr.models.EncDecCTCModel",
            "opensmile.Smile",
            "os.path.join",
            "builtins.int",
        ] {
            assert!(!acts(name), "{name}");
        }
    }
}
