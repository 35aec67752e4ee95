"""PyTorch's own containers: tensors that lie about their storage, programs that touch files, the formats of old."""

from .ops import Raw, build, call, const, line, newobj, reduce, run, stream
from .zips import archive, torch_members

MAGIC = stream(const(0x1950A86A20F9469CFC6C), proto=2)
PROTOCOL = stream(const(1001), proto=2)
SYSTEM = stream(
    const({"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}), proto=2
)
KEYS = stream(const([]), proto=2)


def persistent(kind="FloatStorage", key="0", place="cpu", count=4):
    return Raw(const(("storage", line("torch", kind), key, place, count)) + b"Q")


def tensor(offset=0, size=(2, 2), stride=(2, 1), **storage):
    """A tensor of a checkpoint, as opcodes."""
    hooks = reduce(line("collections", "OrderedDict"))
    return reduce(line("torch._utils", "_rebuild_tensor_v2"), persistent(**storage), offset, size, stride, False, hooks)


def checkpoint(*values, root="archive", **members):
    files = torch_members(stream(*values, proto=2), root)
    files = [
        (name, members.get("storage", data)) if name.endswith("data/0") else (name, data) for name, data, *_ in files
    ]
    return archive(*files, *members.get("more", []))


def script(code, constants=None):
    """TorchScript whose forward is that code."""
    module = (
        "class Net(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n"
        f"  def forward(self: __torch__.Net,\n    x: Tensor) -> Tensor:\n{''.join(f'    {row}{chr(10)}' for row in code.splitlines())}    return x\n"
    ).encode()
    data = stream(build(newobj(line("__torch__", "Net")), {"training": False}), proto=2)
    return archive(
        ("net/data.pkl", data),
        ("net/byteorder", b"little"),
        ("net/code/__torch__.py", module),
        ("net/code/__torch__.py.debug_pkl", stream(const(()), proto=2)),
        ("net/constants.pkl", stream(const(constants or ()), proto=2)),
        ("net/version", b"3\n"),
    )


def files():
    for name, technique, reference, expected, content in [*checkpoints(), *lies(), *programs()]:
        yield name, technique, reference, expected, content


def checkpoints():
    bad = "malicious"
    state = {"w": tensor()}
    yield "value.pt", "the payload as a value beside tensors", "torch", bad, checkpoint(const({**state, "x": run("c")}))
    yield "value.bin", "the same named .bin", "torch", bad, checkpoint(const({**state, "x": run("c")}))
    yield (
        "storage_argument.pt",
        "the payload as an argument of a tensor",
        "torch",
        bad,
        checkpoint(
            const({"w": reduce(line("torch._utils", "_rebuild_tensor_v2"), run("c"), 0, (1,), (1,), False, None)})
        ),
    )
    yield (
        "persistent_call.pt",
        "the payload inside of a persistent id",
        "torch",
        bad,
        checkpoint(Raw(const(("storage", run("c"), "0", "cpu", 4)) + b"Q")),
    )
    yield (
        "storage_type.pt",
        "a persistent id whose type is no storage",
        "torch",
        "suspicious",
        checkpoint(Raw(const(("storage", line("os", "system"), "0", "cpu", 4)) + b"Q")),
    )
    yield (
        "backward_hooks.pt",
        "hooks that are not an OrderedDict",
        "torch",
        "suspicious",
        checkpoint(
            const(
                {
                    "w": reduce(
                        line("torch._utils", "_rebuild_tensor_v2"),
                        persistent(),
                        0,
                        (2, 2),
                        (2, 1),
                        False,
                        {"0": line("os", "system")},
                    )
                }
            )
        ),
    )
    yield (
        "protocol_0.pt",
        "the checkpoint's pickle as text",
        "torch",
        bad,
        archive(*torch_members(b"cos\nsystem\n(S'true'\ntR.")),
    )
    yield (
        "module_of_os.pt",
        "a whole module of an unknown class",
        "torch",
        "suspicious",
        checkpoint(build(newobj(line("models.custom", "Net")), {"training": False, "_modules": {}})),
    )
    yield (
        "module_hook.pt",
        "a module with a forward hook that acts",
        "torch",
        "suspicious",
        checkpoint(
            build(
                newobj(line("torch.nn.modules.linear", "Identity")),
                {"training": False, "_forward_hooks": {0: line("os", "system")}},
            )
        ),
    )
    yield (
        "module_activation.pt",
        "a layer that keeps eval as its activation",
        "torch",
        "suspicious",
        checkpoint(
            build(
                newobj(line("torch.nn.modules.transformer", "TransformerEncoderLayer")),
                {"activation": line("__builtin__", "eval")},
            )
        ),
    )
    for index in range(5):
        parts = [MAGIC, PROTOCOL, SYSTEM, stream(const({}), proto=2), KEYS]
        parts[index] = stream(run("c"), proto=2)
        yield f"legacy_{index}.pth", f"the legacy format, pickle {index + 1} of 5", "torch", bad, b"".join(parts)
    yield (
        "legacy_behind_storages.pth",
        "the legacy format, a pickle behind the storages",
        "torch",
        "suspicious",
        MAGIC + PROTOCOL + SYSTEM + stream(const({}), proto=2) + KEYS + stream(run("c"), proto=2),
    )
    yield (
        "root_other_name.pt",
        "a root folder of another name",
        "torch",
        bad,
        archive(*torch_members(stream(run("c"), proto=2), "x/y")),
    )
    yield (
        "no_root.pt",
        "no root folder",
        "torch",
        bad,
        archive(("data.pkl", stream(run("c"), proto=2)), ("version", b"3\n")),
    )
    yield (
        "pt2_pickle.pt2",
        "an exported program with a pickle of its own",
        "torch",
        bad,
        archive(
            ("m/archive_format", b"pt2"),
            ("m/archive_version", b"0"),
            ("m/models/model.json", b"{}"),
            ("m/data/weights/weight_0", archive(*torch_members(stream(run("c"), proto=2)))),
        ),
    )
    yield (
        "pt2_library.pt2",
        "an exported program with a native library",
        "AOTInductor",
        "suspicious",
        archive(
            ("m/archive_format", b"pt2"),
            ("m/archive_version", b"0"),
            ("m/data/aotinductor/model/x.so", b"\x7fELF\2\1\1" + bytes(57)),
        ),
    )
    yield (
        "package.pt",
        "torch.package with Python source",
        "torch.package",
        "suspicious",
        archive(
            ("m/.data/extern_modules", b"os\n"),
            ("m/.data/version", b"3\n"),
            ("m/net.py", b"import os\nos.system('true')\n"),
            ("m/model/model.pkl", stream(newobj(line("net", "Net")), proto=2)),
        ),
    )
    yield (
        "distributed_metadata",
        "the metadata of a distributed checkpoint",
        "torch",
        bad,
        {".metadata": stream(run("c"), proto=2), "__0_0.distcp": bytes(16)},
    )


def lies():
    bad, cve = "suspicious", "CVE-2026-24747, storage out of bounds"
    for name, value in {
        "offset": tensor(offset=100),
        "offset_negative": tensor(offset=-4),
        "size": tensor(size=(1000, 1000), stride=(1000, 1)),
        "stride": tensor(stride=(10**6, 1)),
        "stride_overflow": tensor(stride=(2**62, 2**62)),
        "size_negative": tensor(size=(-1, 4)),
        "ranks_differ": tensor(size=(2, 2), stride=(1,)),
        "size_overflow": tensor(size=(2**33, 2**33)),
    }.items():
        yield (
            f"tensor_{name}.pt",
            f"a tensor beyond its storage: {name.replace('_', ' ')}",
            cve,
            bad,
            checkpoint(const({"w": value})),
        )
    yield (
        "storage_count.pt",
        "a storage that claims more elements than its file has",
        cve,
        bad,
        checkpoint(const({"w": tensor(count=4000, size=(4000,), stride=(1,))})),
    )
    yield "storage_missing.pt", "a storage without a file", cve, bad, checkpoint(const({"w": tensor(key="7")}))
    yield (
        "storage_traversal.pt",
        "a key that leaves the archive",
        cve,
        bad,
        checkpoint(const({"w": tensor(key="../../etc/passwd")})),
    )
    yield (
        "storage_two_types.pt",
        "one storage as two types",
        cve,
        bad,
        checkpoint(const({"a": tensor(), "b": tensor(kind="DoubleStorage", count=400, size=(400,), stride=(1,))})),
    )
    yield (
        "storage_program.pt",
        "a program among the weights",
        "weight steganography",
        bad,
        checkpoint(const({"w": tensor()}), storage=b"\x7fELF\2\1\1" + bytes(57)),
    )
    yield (
        "setitem_on_tensor.pt",
        "SETITEM on a tensor writes into memory",
        "CVE-2026-24747",
        bad,
        checkpoint(Raw(tensor() + const(0) + const(1) + b"s")),
    )
    yield (
        "setitems_on_storage.pt",
        "SETITEMS on a storage",
        "CVE-2026-24747",
        bad,
        checkpoint(Raw(persistent() + b"(" + const(10**6) + const(1) + b"u")),
    )
    yield (
        "build_on_tensor.pt",
        "BUILD on a tensor",
        "CVE-2026-24747",
        bad,
        checkpoint(build(tensor(), (persistent(), 10**6, (1,), (1,)))),
    )
    yield (
        "tensor_set.pt",
        "Tensor.set_ by name",
        "CVE-2026-24747",
        bad,
        checkpoint(reduce(line("torch", "Tensor.set_"), tensor(), persistent(), 10**6, (1,), (1,))),
    )
    yield (
        "storage_from_pointer.pt",
        "a storage from a pointer",
        "torch",
        "suspicious",
        checkpoint(call("torch:UntypedStorage._new_with_weak_ptr", 1234567, way="c")),
    )
    yield (
        "storage_from_file.pt",
        "a storage that maps a file",
        "torch",
        "suspicious",
        checkpoint(call("torch:UntypedStorage.from_file", "/etc/passwd", True, 4, way="c")),
    )
    yield (
        "shared_memory.pt",
        "a storage of shared memory",
        "torch",
        "suspicious",
        checkpoint(
            call(
                "torch.multiprocessing.reductions:rebuild_storage_filename",
                line("torch", "FloatStorage"),
                "m",
                "h",
                4,
                way="c",
            )
        ),
    )
    yield (
        "cuda_handle.pt",
        "a tensor of another process's device memory",
        "torch",
        "suspicious",
        checkpoint(call("torch.multiprocessing.reductions:rebuild_cuda_tensor", None, way="c")),
    )
    yield (
        "sparse_indices.pt",
        "sparse indices beyond the size",
        "torch",
        bad,
        checkpoint(
            reduce(
                line("torch._utils", "_rebuild_sparse_tensor"),
                line("torch", "sparse_coo"),
                (tensor(offset=100), tensor(), (1, 1)),
            )
        ),
    )
    yield (
        "data_is_directory.pt",
        "no version, no storages",
        "torch",
        "malicious",
        archive(("archive/data.pkl", stream(run("c"), proto=2))),
    )


def programs():
    bad, cve = "malicious", "CVE-2025-32434"
    for name, code in {
        "save": '_0 = ops.aten.save(x, "/nonexistent/owned")',
        "from_file": 'x0 = ops.aten.from_file("/etc/passwd", False, 10)',
        "from_file_write": 'x0 = torch.from_file("/nonexistent/owned", True, 10)',
        "two_lines": 'ops.aten.save(\n      x, "/nonexistent/owned")',
        "nested": 'if bool(torch.gt(x, 0)):\n  _1 = [ops.aten.save(x, "/nonexistent/owned")]\nelse:\n  pass',
        "annotated": '_2 = annotate(None, ops.aten.save(x, "/x"))',
        "custom_namespace": "x0 = ops.evil.run(x)",
        "load_library": '_0 = ops.load_library("x.so")',
        "spaced": '_0 = ops . aten . save(x, "/x")',
        "profiler": '_0 = ops.profiler._record_function_enter("x")\n_1 = ops.aten._print("x")\n_2 = ops.aten.save(x, "/x")',
    }.items():
        yield (
            f"script_{name}.pt",
            f"TorchScript: {name.replace('_', ' ')}",
            cve,
            "suspicious" if name in ("from_file", "custom_namespace") else bad,
            script(code),
        )
    yield "script_constants.pt", "a payload in the constants", cve, bad, script("pass", constants=(run("c"),))
    yield (
        "script_second_file.pt",
        "the operator in another file of the code",
        cve,
        bad,
        archive(
            ("net/data.pkl", stream(newobj(line("__torch__", "Net")), proto=2)),
            ("net/code/__torch__.py", b"class Net(Module):\n  pass\n"),
            (
                "net/code/__torch__/torch/nn/modules/x.py",
                b'def f(x: Tensor) -> NoneType:\n  _0 = ops.aten.save(x, "/nonexistent/owned")\n  return None\n',
            ),
            ("net/constants.pkl", stream(const(()), proto=2)),
            ("net/version", b"3\n"),
        ),
    )
    yield (
        "script_data_reduce.pt",
        "TorchScript whose data.pkl calls",
        cve,
        bad,
        archive(
            ("net/data.pkl", stream(run("c"), proto=2)),
            ("net/code/__torch__.py", b"class Net(Module):\n  pass\n"),
            ("net/constants.pkl", stream(const(()), proto=2)),
            ("net/version", b"3\n"),
        ),
    )
    yield (
        "script_unknown_class.pt",
        "a class that the code does not have",
        cve,
        "suspicious",
        archive(
            ("net/data.pkl", stream(newobj(line("somewhere.else", "Net")), proto=2)),
            ("net/code/__torch__.py", b"class Net(Module):\n  pass\n"),
            ("net/constants.pkl", stream(const(()), proto=2)),
            ("net/version", b"3\n"),
        ),
    )
