"""Callables that act, of every module tree and every kind of effect; each in another spelling of the call."""

from .ops import call, stream

OUT = "/nonexistent/owned"
HOST = "203.0.113.1"
URL = f"http://{HOST}/x"
PICKLE = b"\x80\x04cos\nsystem\n\x8c\x04true\x85R."

# (module:name, arguments)
RUNS = [
    ("posix:system", "true"), ("nt:system", "true"), ("os:popen", "true"), ("os:execvp", "true", ["true"]),
    ("os:spawnlp", 0, "true", "true"), ("os:posix_spawn", "/bin/true", ["true"], {}), ("posix:fork",), ("os:startfile", "x"),
    ("os:abort",), ("os:kill", 0, 9),
    ("subprocess:call", ["true"]), ("subprocess:getoutput", "true"), ("subprocess:check_output", "true"),
    ("subprocess:run", ["true"]), ("commands:getoutput", "true"), ("popen2:popen3", "true"), ("pty:spawn", "true"),
    ("_posixsubprocess:fork_exec", ["true"], [b"/bin/true"]), ("multiprocessing.popen_fork:Popen", None),
    ("multiprocessing.process:BaseProcess", None), ("multiprocessing.spawn:_main", 3, 4), ("multiprocessing.connection:Client", HOST),
    ("asyncio.subprocess:create_subprocess_shell", "true"), ("asyncio.base_events:BaseEventLoop.subprocess_shell", None, None, "true"),
    ("concurrent.futures.thread:ThreadPoolExecutor",), ("webbrowser:open", URL), ("platform:popen", "true"), ("antigravity:geohash", 1, 2, b"x"),
    ("distutils.file_util:write_file", OUT, ["x"]), ("distutils.core:run_setup", "setup.py"), ("setuptools:setup",),
    ("ensurepip:bootstrap",), ("ensurepip:_run_pip", ["install", "x"]), ("pip:main", ["install", "x"]), ("pip._internal:main", ["install", "x"]),
    ("pip._internal.cli.main:main", ["install", "x"]), ("pip._vendor.distlib.scripts:ScriptMaker", "a", "b"),
    ("idlelib.pyshell:ModifiedInterpreter.runcommand", None, "pass"), ("idlelib.run:Executive.runcode", None, "pass"),
    ("idlelib.calltip:Calltip.fetch_tip", None, "pass"), ("idlelib.debugobj:ObjectTreeItem.SetText", None, "pass"),
    ("bdb:Bdb.run", None, "pass"), ("pdb:runeval", "1"), ("pdb:Pdb.do_break", None, "x"), ("profile:run", "pass"), ("cProfile:runctx", "pass", {}, {}),
    ("profile:Profile.run", None, "pass"), ("hotshot:Profile", OUT), ("timeit:repeat", "pass"), ("timeit:main", ["pass"]),
    ("doctest:debug_script", "pass"), ("doctest:testsource", "os", "x"), ("code:InteractiveInterpreter.runsource", None, "pass"), ("code:interact",),
    ("codeop:Compile",), ("runpy:_run_code", "pass", {}), ("runpy:run_module", "this"), ("lib2to3.pgen2.driver:load_grammar", "x"),
    ("builtins:eval", "1"), ("__builtin__:execfile", "x"), ("builtins:compile", "pass", "x", "exec"), ("builtins:__import__", "this"),
    ("builtins:getattr", "x", "__class__"), ("builtins:breakpoint",), ("builtins:delattr", "x", "y"), ("builtins:vars",), ("builtins:globals",),
    ("importlib:__import__", "this"), ("importlib.util:spec_from_file_location", "x", OUT), ("importlib.machinery:SourceFileLoader", "x", OUT),
    ("importlib._bootstrap:_load", None), ("importlib._bootstrap_external:ExtensionFileLoader", "x", OUT), ("_frozen_importlib_external:SourcelessFileLoader.load_module", None, "x"),
    ("imp:load_source", "x", OUT), ("imp:load_dynamic", "x", OUT), ("_imp:create_dynamic", None), ("zipimport:zipimporter", "x.zip"), ("pkgutil:find_loader", "this"),
    ("pydoc:locate", "os.system"), ("pydoc:pipepager", "x", "true"), ("pydoc:render_doc", "this"), ("site:addpackage", "/nonexistent", "x.pth", None), ("site:addsitedir", "/nonexistent"),
    ("marshal:loads", b"N"), ("types:FunctionType", None, {}), ("types:CodeType", 0), ("new:code", 0), ("ctypes:CDLL", "libc.so.6"),
    ("ctypes:memmove", 0, 0, 0), ("ctypes:cdll.LoadLibrary", "x.so"), ("_ctypes:dlopen", "x.so", 2), ("ctypes.util:find_library", "c"), ("ctypes.util:_findLib_gcc", "c"),
    ("ctypes:string_at", 0), ("_testcapi:run_in_subinterp", "pass"), ("_xxsubinterpreters:run_string", 1, "pass"), ("_interpreters:exec", 1, "pass"),
    ("test.support.script_helper:assert_python_ok", "-c", "pass"), ("test.support:run_in_subinterp", "pass"), ("unittest.mock:_importer", "os.system"),
    ("unittest.loader:TestLoader.discover", None, "/nonexistent"), ("uuid:_get_command_stdout", "true"), ("_aix_support:_read_cmd_output", "true"),
    ("_osx_support:_read_output", "true"), ("_osx_support:_find_build_tool", "true"), ("_bootsubprocess:check_output", ["true"]), ("_pyrepl.pager:pipe_pager", "x", "true"),
    ("threading:Timer", 0, None), ("_thread:start_new_thread", None, ()), ("signal:signal", 15, None), ("sys:settrace", None), ("sys:setprofile", None),
    ("sys:addaudithook", None), ("sys:exit", 1), ("faulthandler:_sigsegv",), ("gc:get_objects",), ("inspect:currentframe",), ("sys:_getframe",),
    ("functools:reduce", None, [1]), ("itertools:starmap", None, []), ("builtins:map", None, []), ("operator:call", None), ("contextlib:ExitStack.callback", None, None),
    ("logging.config:dictConfig", {"()": "os.system"}), ("logging.config:listen", 9), ("logging.config:fileConfig", OUT), ("wsgiref.simple_server:make_server", "", 9, None),
    ("tkinter:Tcl",), ("turtle:Screen",), ("readline:read_init_file", OUT), ("cgitb:enable",), ("pyclbr:readmodule", "os"), ("modulefinder:ModuleFinder.run_script", None, "x"),
    ("smtpd:SMTPServer", None, None), ("pickle:loads", PICKLE), ("_pickle:loads", PICKLE), ("cPickle:loads", PICKLE), ("pickle:Unpickler", None),
    ("pickle:_loads", PICKLE), ("dbm:open", OUT, "c"), ("sqlite3:connect", OUT), ("xmlrpc.client:loads", "x"), ("multiprocessing.reduction:ForkingPickler.loads", PICKLE),
    ("copyreg:_reconstructor", None, None, None), ("copy:_reconstruct", None, None, None), ("typing:get_type_hints", None), ("typing:ForwardRef._evaluate", None, None, None),
    ("annotationlib:ForwardRef.evaluate", None), ("dataclasses:make_dataclass", "x", ["y"]), ("collections:namedtuple", "x", "y"), ("enum:Enum._convert_", "x"),
    ("string:Formatter.format", None, "{0.__class__}", 1), ("ast:literal_eval", "1"), ("tracemalloc:start",), ("resource:setrlimit", 0, (0, 0)),
]
FILES = [
    ("builtins:open", OUT, "w"), ("io:open", OUT, "w"), ("_io:FileIO", OUT, "w"), ("_pyio:open", OUT, "w"), ("codecs:open", OUT, "w"), ("pathlib:Path.write_text", None, "x"),
    ("pathlib:Path.unlink", None), ("pathlib:PosixPath.touch", None), ("os:remove", OUT), ("os:rename", OUT, OUT), ("os:symlink", OUT, OUT), ("os:chmod", OUT, 511),
    ("os:putenv", "A", "b"), ("os:makedirs", OUT), ("os:truncate", OUT, 0), ("shutil:rmtree", OUT), ("shutil:copyfile", OUT, OUT), ("shutil:unpack_archive", OUT),
    ("shutil:make_archive", OUT, "zip"), ("tarfile:open", OUT), ("tarfile:TarFile.extractall", None), ("zipfile:ZipFile", OUT, "w"), ("zipfile:main", ["-e", "x"]),
    ("tempfile:NamedTemporaryFile",), ("logging:FileHandler", OUT), ("logging:basicConfig",), ("py_compile:compile", OUT), ("compileall:compile_dir", OUT), ("trace:CoverageResults.write_results", None),
    ("mailbox:mbox", OUT), ("bz2:open", OUT, "wb"), ("lzma:LZMAFile", OUT, "w"), ("gzip:GzipFile", OUT, "w"), ("wave:open", OUT, "wb"), ("plistlib:dump", {}, None), ("cProfile:Profile.dump_stats", None, OUT),
    ("distutils.dir_util:remove_tree", OUT), ("mmap:mmap", 0, 1), ("fcntl:ioctl", 0, 0),
]
READS = [
    ("linecache:getlines", "/etc/passwd"), ("glob:glob", "/*"), ("os:listdir", "/"), ("os:walk", "/"), ("tokenize:open", "/etc/passwd"), ("netrc:netrc",), ("os:getenv", "HOME"),
    ("pathlib:Path.read_text", None), ("filecmp:cmp", "a", "b"), ("getpass:getuser",), ("pwd:getpwall",), ("configparser:ConfigParser.read", None, OUT), ("fileinput:FileInput", "/etc/passwd"), ("mimetypes:init", ["/etc/passwd"]),
    ("platform:uname",), ("socket:gethostname",), ("time:sleep", 10**9), ("builtins:input",), ("sys:getsizeof", 1),
]
NETWORK = [
    ("socket:create_connection", (HOST, 9)), ("socket:socket",), ("_socket:socket",), ("ssl:get_server_certificate", (HOST, 9)), ("http.client:HTTPSConnection", HOST),
    ("urllib.request:urlretrieve", URL), ("urllib:urlopen", URL), ("urllib2:urlopen", URL), ("ftplib:FTP", HOST), ("poplib:POP3", HOST), ("nntplib:NNTP", HOST),
    ("telnetlib:Telnet", HOST), ("xmlrpc.client:ServerProxy", URL), ("asyncio.streams:open_connection", HOST, 9), ("logging.handlers:SocketHandler", HOST, 9),
    ("logging.handlers:HTTPHandler", HOST, "/"), ("multiprocessing.managers:BaseManager", (HOST, 9)), ("socketserver:TCPServer", (HOST, 9), None), ("asyncore:dispatcher",),
    ("http.server:test",), ("xml.sax:parse", URL, None), ("xml.dom.pulldom:parse", OUT), ("urllib.robotparser:RobotFileParser.read", None),
]
# what is installed beside models
OTHERS = [
    ("numpy:load", OUT, None, True), ("numpy:fromfile", OUT), ("numpy:memmap", OUT), ("numpy:savetxt", OUT, [1]), ("numpy:genfromtxt", URL), ("numpy:vectorize", None),
    ("numpy:apply_along_axis", None, 0, [1]), ("numpy:fromfunction", None, (1,)), ("numpy:frompyfunc", None, 1, 1), ("numpy:piecewise", [1], [True], [None]), ("numpy.lib.npyio:DataSource",),
    ("numpy.f2py.crackfortran:getlincoef", "1", {}), ("numpy.f2py.crackfortran:param_eval", "1", {}, {}), ("numpy.f2py:compile", "x"), ("numpy.distutils.exec_command:exec_command", "true"),
    ("numpy.distutils.misc_util:get_cmd", "x"), ("numpy.ctypeslib:load_library", "x", "/"), ("numpy.testing:measure", "pass"), ("numpy.testing._private.utils:run_threaded", None), ("numpy.core.records:fromfile", OUT),
    ("scipy.io:loadmat", OUT), ("scipy.io:savemat", OUT, {}), ("scipy.optimize:minimize", None, [1]), ("scipy.integrate:quad", None, 0, 1), ("scipy.weave:inline", "x"),
    ("scipy._lib._ccallback:LowLevelCallable", None), ("scipy.datasets:face",),
    ("pandas:read_pickle", OUT), ("pandas:eval", "1"), ("pandas:read_csv", URL), ("pandas:read_sql", "x", "y"), ("pandas.core.computation.eval:eval", "1"), ("pandas:DataFrame.query", None, "x"), ("pandas.io.common:get_handle", OUT, "w"),
    ("pandas.compat.pickle_compat:load", None), ("pandas:DataFrame.to_csv", None, OUT), ("pandas:DataFrame.apply", None, None), ("pandas.io.clipboard:copy", "x"),
    ("joblib:load", OUT), ("joblib:dump", 1, OUT), ("joblib.numpy_pickle:load", OUT), ("joblib:Parallel",), ("joblib:Memory", OUT), ("joblib.externals.cloudpickle:loads", PICKLE),
    ("joblib._memmapping_reducer:_load_memmap",), ("joblib.externals.loky.backend.spawn:prepare", {}), ("joblib.externals.loky.cloudpickle_wrapper:WrapNonPickleable", None), ("joblib.memory:MemorizedFunc.call", None),
    ("sklearn.datasets:fetch_openml", "x"), ("sklearn.datasets:load_files", OUT), ("sklearn.utils._testing:assert_run_python_script_without_output", "pass"), ("sklearn.utils.fixes:_open_binary", "os", "x"), ("sklearn.externals.joblib:load", OUT), ("sklearn.utils:check_random_state.__globals__", 1),
    ("torch:load", OUT), ("torch:save", 1, OUT), ("torch.jit:load", OUT), ("torch.utils.collect_env:run", "true"), ("torch.utils.cpp_extension:load_inline", "x", "y"), ("torch.utils.bottleneck.__main__:run_cprofile", "pass", {}),
    ("torch.utils.data.datapipes.utils.decoder:basichandlers", "pickle", PICKLE), ("torch._dynamo.guards:GuardBuilder.get", None, "1"), ("torch.fx.experimental.symbolic_shapes:ShapeEnv.evaluate_guards_expression", None, "1", []),
    ("torch.fx.graph_module:reduce_graph_module", {"_code": "pass"}, "import os"), ("torch.fx.graph_module:_forward_from_src", "pass", {}), ("torch.fx.graph_module:_exec_with_source", "pass", {}), ("torch.package.package_importer:PackageImporter", OUT),
    ("torch.distributed.rpc.internal:_run_function", b""), ("torch.distributed.rpc:rpc_sync", "x", None), ("torch.distributed:init_process_group", "gloo"), ("torch.hub:download_url_to_file", URL, OUT), ("torch.hub:load_state_dict_from_url", URL),
    ("torch.ops:load_library", "x.so"), ("torch._ops:_OpNamespace", "x"), ("torch.classes:load_library", "x.so"), ("torch._C:_jit_script_compile", None), ("torch.jit._script:script", None), ("torch.jit.unsupported_tensor_ops:execWrapper", "pass", {}, {}),
    ("torch._inductor.codecache:CppCodeCache.load", "x"), ("torch._inductor.codecache:PyCodeCache.load", "pass"), ("torch._inductor.utils:run_and_get_code", None), ("torch.utils._pytree:tree_map", None, [1]), ("torch.multiprocessing.spawn:spawn", None), ("torch.storage:_load_from_bytes", PICKLE),
    ("torch.cuda._utils:_check_cuda", 1), ("torch.onnx:export", None, (), OUT), ("torch.utils.data:DataLoader", None), ("torch:from_file", OUT), ("torch:UntypedStorage.from_file", OUT), ("torch.utils.checkpoint:checkpoint", None), ("torchvision.io:read_file", OUT), ("torchvision.datasets.utils:download_url", URL, OUT),
    ("tensorflow:py_function", None, [], []), ("tensorflow.io:read_file", OUT), ("tensorflow.python.framework.load_library:load_op_library", "x.so"), ("tensorflow.saved_model:load", OUT), ("keras.models:load_model", OUT), ("keras.utils:get_file", "x", URL), ("keras.src.utils.python_utils:func_load", "x"), ("keras.layers:Lambda", None),
    ("keras.src.saving.serialization_lib:enable_unsafe_deserialization",), ("tf_keras.utils:get_file", "x", URL), ("jax:pure_callback", None, None), ("jax.experimental.io_callback:io_callback", None, None), ("flax.serialization:from_bytes", None, b""),
    ("transformers:pipeline", "x"), ("transformers:AutoModel.from_pretrained", "x"), ("transformers.utils.hub:cached_file", "x", "y"), ("huggingface_hub:hf_hub_download", "x", "y"), ("datasets:load_dataset", "x"), ("diffusers.utils.dynamic_modules_utils:get_cached_module_file", "x", "y"), ("accelerate.commands.launch:simple_launcher", None), ("peft:PeftModel.from_pretrained", None, "x"),
    ("cloudpickle:loads", PICKLE), ("cloudpickle.cloudpickle:subimport", "this"), ("cloudpickle.cloudpickle:_make_function", None, None, None, None, None), ("cloudpickle.cloudpickle:_function_setstate", None, ({}, {})), ("cloudpickle.cloudpickle_fast:_make_skeleton_class", None),
    ("dill:loads", PICKLE), ("dill._dill:_create_function", None, {}), ("dill._dill:_create_code", 0), ("dill._dill:_get_attr", "os", "system"), ("dill._dill:_create_filehandle", OUT), ("dill.session:load_module", OUT), ("dill.source:importable", None), ("dill.temp:load", OUT),
    ("jsonpickle:decode", "{}"), ("jsonpickle.unpickler:decode", "{}"), ("yaml:load", "x"), ("ruamel.yaml:YAML", "unsafe"), ("mlflow.pyfunc:load_model", OUT), ("mlflow.projects:run", URL), ("mlflow.utils.process:_exec_cmd", ["true"]),
    ("ray:get", None), ("dask.base:compute", None), ("distributed.protocol.pickle:loads", PICKLE), ("pyspark.serializers:CloudPickleSerializer.loads", None, PICKLE), ("pyarrow:deserialize", b""), ("polars:read_csv", URL), ("polars:DataFrame.deserialize", b""), ("duckdb:sql", "x"),
    ("psutil:Popen", ["true"]), ("sh:Command", "true"), ("pexpect:spawn", "true"), ("paramiko:SSHClient",), ("fabric:Connection", HOST), ("plumbum:local.get", "true"), ("invoke:run", "true"), ("docker:from_env",), ("httpx:get", URL), ("urllib3:PoolManager",), ("requests.sessions:Session.request", None, "GET", URL), ("boto3:client", "s3"), ("redis:Redis",), ("pymongo:MongoClient",), ("sqlalchemy:create_engine", "x"), ("websocket:create_connection", URL), ("grpc:insecure_channel", HOST),
    ("jinja2:Environment.from_string", None, "x"), ("mako.template:Template", "x"), ("numba:jit", None), ("cffi:FFI",), ("sympy:sympify", "1"), ("sympy.parsing.sympy_parser:parse_expr", "1"), ("sympy.utilities.lambdify:lambdify", [], "1"), ("numexpr:evaluate", "1"), ("PIL.ImageMath:eval", "1"), ("PIL.Image:open", OUT), ("cv2:imwrite", OUT, None),
    ("nltk.data:load", URL), ("spacy:load", OUT), ("spacy.cli:download", "x"), ("gensim.utils:unpickle", OUT), ("gensim.downloader:load", "x"), ("fasttext:load_model", OUT), ("xgboost:Booster.load_model", None, OUT), ("lightgbm:Booster", None, None, OUT), ("catboost.utils:eval_metric", None, None, "x"), ("onnx:load", OUT), ("onnxruntime:InferenceSession", OUT), ("h5py:File", OUT, "w"), ("tables:open_file", OUT),
    ("matplotlib.pyplot:savefig", OUT), ("IPython:embed",), ("IPython.utils.process:system", "true"), ("ipykernel.kernelapp:launch_new_instance",), ("hydra.utils:instantiate", {"_target_": "os.system"}), ("omegaconf:OmegaConf.load", OUT), ("fire:Fire", None), ("click:edit",), ("setuptools.command.easy_install:main", ["x"]), ("pkg_resources:load_entry_point", "a", "b", "c"),
    ("pkg_resources:run_script", "a", "b"), ("twisted.internet.reactor:callLater", 0, None), ("celery:Celery",), ("django.core.management:call_command", "shell"), ("flask:render_template_string", "x"), ("tornado.template:Template", "x"), ("werkzeug.utils:import_string", "os.system"), ("google.colab:files.download", OUT), ("wandb:init",), ("pytorch_lightning:Trainer",), ("lightning_fabric.utilities.cloud_io:_load", OUT),
    ("skops.io:load", OUT), ("picklescan.scanner:scan_bytes", None), ("modelscan.modelscan:ModelScan",), ("fickling.fickle:Pickled.load", PICKLE), ("somebody_elses_package.loader:load", "x"), ("nowhere:Class",), ("__main__:Model",), ("builtin:eval", "1"),
]

# a folder, what lies in it, and the verdict that is due
GROUPS = (
    ("runs", RUNS, "malicious"), ("files", FILES, "malicious"), ("reads", READS, "suspicious"),
    ("network", NETWORK, "malicious"), ("others", OTHERS, "suspicious"),
)


def files():
    spellings = [(way, proto) for proto in (4, 2, 3, 5, None) for way in "RcioI"]
    index = 0
    for folder, gadgets, expected in GROUPS:
        for path, *args in gadgets:
            way, proto = spellings[index % len(spellings)]
            index += 1
            content = stream(call(path, *args, way=way), proto=proto, frame=proto in (4, 5) and index % 2 == 0)
            dotted = path.replace(":", ".")
            yield f"{folder}/{dotted}.pkl", f"calls {dotted}", "callables that act", expected, content
