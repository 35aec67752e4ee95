//! One spelling for each name.

/// Modules that are the same module, or its implementation, or its name in Python 2; the longest prefix counts.
const MODULES: &[(&str, &str)] = &[
    ("HTMLParser", "html.parser"),
    ("Queue", "queue"),
    ("SimpleHTTPServer", "http.server"),
    ("BaseHTTPServer", "http.server"),
    ("CGIHTTPServer", "http.server"),
    ("SimpleXMLRPCServer", "xmlrpc.server"),
    ("DocXMLRPCServer", "xmlrpc.server"),
    ("SocketServer", "socketserver"),
    ("StringIO", "io"),
    ("UserDict", "collections"),
    ("UserList", "collections"),
    ("UserString", "collections"),
    ("_abcoll", "collections.abc"),
    ("__builtin__", "builtins"),
    ("__builtins__", "builtins"),
    ("_bootlocale", "locale"),
    ("_codecs", "_codecs"),
    ("_collections", "collections"),
    ("_ctypes", "ctypes"),
    ("_datetime", "datetime"),
    ("_decimal", "decimal"),
    ("_pydatetime", "datetime"),
    ("_pydecimal", "decimal"),
    ("_frozen_importlib", "importlib"),
    ("_frozen_importlib_external", "importlib"),
    ("_functools", "functools"),
    ("_imp", "imp"),
    ("_io", "io"),
    ("_pyio", "io"),
    ("_operator", "operator"),
    ("_pickle", "pickle"),
    ("_random", "random"),
    ("_signal", "signal"),
    ("_socket", "socket"),
    ("_sqlite3", "sqlite3"),
    ("_ssl", "ssl"),
    ("_thread", "threading"),
    ("_weakref", "weakref"),
    ("anydbm", "dbm"),
    ("cPickle", "pickle"),
    ("cProfile", "cProfile"),
    ("cStringIO", "io"),
    ("commands", "subprocess"),
    ("copy_reg", "copyreg"),
    ("dbhash", "dbm.bsd"),
    ("dumbdbm", "dbm.dumb"),
    ("exceptions", "builtins"),
    ("gdbm", "dbm.gnu"),
    ("httplib", "http.client"),
    ("joblib.externals.cloudpickle", "cloudpickle"),
    ("joblib.externals.loky.backend.popen_loky_posix", "multiprocessing"),
    ("md5", "hashlib"),
    ("nt", "os"),
    ("ntpath", "os.path"),
    ("numpy.core", "numpy._core"),
    ("numpy.core._internal", "numpy._core._internal"),
    ("pathlib._abc", "pathlib"),
    ("pathlib._local", "pathlib"),
    ("posix", "os"),
    ("posixpath", "os.path"),
    ("pyspark.cloudpickle", "cloudpickle"),
    ("ray.cloudpickle", "cloudpickle"),
    ("sha", "hashlib"),
    ("sklearn.externals.joblib", "joblib"),
    ("sre_compile", "re"),
    ("thread", "threading"),
    ("urllib2", "urllib.request"),
    ("whichdb", "dbm"),
    ("xmlrpclib", "xmlrpc.client"),
];

/// Names that moved or changed between Python 2 and 3, after their module was spelt as above.
const NAMES: &[(&str, &str)] = &[
    ("builtins.apply", "builtins.exec"),
    ("builtins.execfile", "builtins.exec"),
    ("builtins.file", "builtins.open"),
    ("builtins.intern", "sys.intern"),
    ("builtins.long", "builtins.int"),
    ("builtins.raw_input", "builtins.input"),
    ("builtins.reduce", "functools.reduce"),
    ("builtins.unichr", "builtins.chr"),
    ("builtins.unicode", "builtins.str"),
    ("builtins.basestring", "builtins.str"),
    ("builtins.xrange", "builtins.range"),
    ("itertools.ifilter", "builtins.filter"),
    ("itertools.imap", "builtins.map"),
    ("itertools.izip", "builtins.zip"),
    ("os.getcwdu", "os.getcwd"),
    ("urllib.urlopen", "urllib.request.urlopen"),
    ("urllib.urlretrieve", "urllib.request.urlretrieve"),
];

/// The one spelling of `module.name`.
pub fn path(module: &str, name: &str) -> String {
    let mut spelt = module.to_owned();
    let ends = module.match_indices('.').map(|(at, _)| at).chain([module.len()]);
    for end in ends {
        let (prefix, rest) = module.split_at_checked(end).unwrap_or_default();
        if let Some((_, canonical)) = MODULES.iter().find(|(alias, _)| *alias == prefix) {
            spelt = format!("{canonical}{rest}");
        }
    }
    let path = if name.is_empty() { spelt } else { format!("{spelt}.{name}") };
    match NAMES.iter().find(|(alias, _)| *alias == path) {
        Some((_, canonical)) => (*canonical).to_owned(),
        None => path,
    }
}
