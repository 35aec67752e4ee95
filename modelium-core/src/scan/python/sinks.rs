//! Names of Python that act. They label: most source that names them is honest.

use super::Does;

/// What a name does.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sink {
    pub(super) does: Does,
    /// A name that other things have too: it counts where it is called or handed on.
    pub(super) builtin: bool,
}

const BUILTINS: &[&str] = &["exec", "eval", "__import__", "getattr"];

/// Modules of which every member acts, and those members that do not.
const MODULES: &[(&str, Does, &[&str])] = &[
    (
        "subprocess",
        Does::Runs,
        &["CalledProcessError", "TimeoutExpired", "PIPE", "DEVNULL", "STDOUT", "SubprocessError", "CompletedProcess"],
    ),
    ("commands", Does::Runs, &[]),
    ("runpy", Does::Runs, &[]),
    ("pty", Does::Runs, &[]),
    ("socket", Does::Connects, &["gethostname", "error", "timeout"]),
    ("ftplib", Does::Connects, &[]),
    ("smtplib", Does::Connects, &[]),
    ("telnetlib", Does::Connects, &[]),
    ("http.client", Does::Connects, &["HTTPException", "HTTPResponse"]),
    ("urllib.request", Does::Connects, &[]),
    ("urllib2", Does::Connects, &[]),
    ("requests", Does::Connects, &["exceptions", "Response", "RequestException", "HTTPError", "ConnectionError"]),
    ("httpx", Does::Connects, &[]),
    ("aiohttp", Does::Connects, &[]),
    ("paramiko", Does::Connects, &[]),
    ("websocket", Does::Connects, &[]),
    ("websockets", Does::Connects, &[]),
];

/// Members that act.
const MEMBERS: &[(&str, Does)] = &[
    ("os.system", Does::Runs),
    ("os.popen", Does::Runs),
    ("os.startfile", Does::Runs),
    ("os.fork", Does::Runs),
    ("os.forkpty", Does::Runs),
    ("os.posix_spawn", Does::Runs),
    ("os.posix_spawnp", Does::Runs),
    ("posix.system", Does::Runs),
    ("nt.system", Does::Runs),
    ("asyncio.create_subprocess_shell", Does::Runs),
    ("asyncio.create_subprocess_exec", Does::Runs),
    ("builtins.exec", Does::Runs),
    ("builtins.eval", Does::Runs),
    ("builtins.__import__", Does::Runs),
    ("importlib.import_module", Does::Runs),
    ("importlib.__import__", Does::Runs),
    ("importlib.util.spec_from_file_location", Does::Runs),
    ("importlib.machinery.SourceFileLoader", Does::Runs),
    ("imp.load_source", Does::Runs),
    ("imp.load_module", Does::Runs),
    ("code.interact", Does::Runs),
    ("code.InteractiveInterpreter", Does::Runs),
    ("pip.main", Does::Runs),
    ("pip._internal.main", Does::Runs),
    ("torch.hub.load", Does::Runs),
    ("torch.utils.cpp_extension.load", Does::Runs),
    ("torch.utils.cpp_extension.load_inline", Does::Runs),
    ("types.FunctionType", Does::Runs),
    ("types.CodeType", Does::Runs),
    ("ctypes.CDLL", Does::Loads),
    ("ctypes.cdll", Does::Loads),
    ("ctypes.PyDLL", Does::Loads),
    ("ctypes.windll", Does::Loads),
    ("ctypes.WinDLL", Does::Loads),
    ("torch.ops.load_library", Does::Loads),
    ("torch.classes.load_library", Does::Loads),
    ("pickle.load", Does::Loads),
    ("pickle.loads", Does::Loads),
    ("pickle.Unpickler", Does::Loads),
    ("cPickle.loads", Does::Loads),
    ("cloudpickle.load", Does::Loads),
    ("cloudpickle.loads", Does::Loads),
    ("dill.load", Does::Loads),
    ("dill.loads", Does::Loads),
    ("marshal.load", Does::Loads),
    ("marshal.loads", Does::Loads),
    ("os.remove", Does::Destroys),
    ("os.unlink", Does::Destroys),
    ("os.rmdir", Does::Destroys),
    ("os.removedirs", Does::Destroys),
    ("shutil.rmtree", Does::Destroys),
    ("os.kill", Does::Destroys),
    ("urllib.urlopen", Does::Connects),
    ("urllib.urlretrieve", Does::Connects),
];

/// Attributes by which any object leads to everything.
const WAYS: &[&str] = &["__subclasses__", "__globals__", "__builtins__", "__loader__"];

/// What a dotted name does; `attribute` says that something stands in front of it.
pub(super) fn sink(name: &str, attribute: bool) -> Option<Sink> {
    let last = name.rsplit('.').next().unwrap_or(name);
    if name.split('.').any(|step| WAYS.contains(&step)) {
        return Some(Sink { does: Does::Runs, builtin: false });
    }
    if attribute {
        // behind a call or a subscript: `import_module('os').system('x')`
        let runs = matches!(last, "system" | "popen" | "check_output" | "Popen");
        return runs.then_some(Sink { does: Does::Runs, builtin: true });
    }
    if BUILTINS.contains(&name) {
        return Some(Sink { does: Does::Runs, builtin: true });
    }
    let family = ["os.exec", "os.spawn"].iter().any(|start| name.starts_with(start));
    if family {
        return Some(Sink { does: Does::Runs, builtin: false });
    }
    let member = MEMBERS
        .iter()
        .find(|(member, _)| name == *member || name.strip_prefix(member).is_some_and(|rest| rest.starts_with('.')));
    if let Some((_, does)) = member {
        return Some(Sink { does: *does, builtin: false });
    }
    let (_, does, harmless) =
        MODULES.iter().find(|(module, ..)| name.strip_prefix(module).is_some_and(|rest| rest.starts_with('.')))?;
    (!harmless.contains(&last)).then_some(Sink { does: *does, builtin: false })
}

/// Functions that give text or bytes which nobody could read before.
pub(super) fn decodes(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "b64decode",
        "b32decode",
        "b16decode",
        "b85decode",
        "a85decode",
        "urlsafe_b64decode",
        "standard_b64decode",
        "decodebytes",
        "unhexlify",
        "fromhex",
        "decompress",
        "rot13",
        "urlopen",
        "urlretrieve",
        "requests",
        "httpx",
    ];
    NAMES.contains(&name)
}

/// Modules whose members `getattr` must not pick.
pub(super) fn leads_to_modules(name: &str) -> bool {
    matches!(
        name,
        "os" | "posix"
            | "nt"
            | "subprocess"
            | "builtins"
            | "__builtins__"
            | "sys"
            | "importlib"
            | "ctypes"
            | "shutil"
            | "socket"
            | "__import__"
            | "globals"
    )
}
