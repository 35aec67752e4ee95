"""Files that lie as Keras, HDF5, Flax and Orbax files do not. Payloads are harmless.

Run: `python tests/generate/hostile_keras.py` with `requirements-keras.txt`, then `make bless` and read what is kept.
"""

import base64
import io
import json
import marshal
import pathlib
import pickle
import shutil
import struct
import zipfile

import h5py
import numpy as np

HOSTILE = pathlib.Path(__file__).parents[2] / "tests/hostile/formats"
TIME = (2024, 1, 1, 0, 0, 0)


def h5(fill, **options):
    buffer = io.BytesIO()
    with h5py.File(buffer, "w", **options) as file:
        fill(file)
    return bytearray(buffer.getvalue())


WEIGHTS = bytes(h5(lambda file: file.create_group("layers/dense/vars").create_dataset("0", data=np.zeros(2, "float32"))))


def archive(config, weights=WEIGHTS, **members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        text = config if isinstance(config, str) else json.dumps(config)
        for name, data in {"metadata.json": '{"keras_version": "3.9.0"}', "config.json": text,
                           "model.weights.h5": weights, **members}.items():
            file.writestr(zipfile.ZipInfo(name.replace("__", "/"), TIME), data)
    return buffer.getvalue()


def model(*layers):
    first = {"module": "keras.layers", "class_name": "InputLayer", "registered_name": None,
             "config": {"batch_shape": [None, 4], "dtype": "float32", "name": "x"}}
    return {"module": "keras", "class_name": "Sequential", "registered_name": None,
            "config": {"name": "m", "layers": [first, *layers]}}


def layer(name, config=None, module="keras.layers", **more):
    return {"module": module, "class_name": name, "registered_name": None, "config": config or {}, **more}


CODE = base64.b64encode(marshal.dumps(compile("__import__('os').system('true')", "x.py", "eval"))).decode()


def function(name, module, registered="function"):
    return {"module": module, "class_name": "function", "config": name, "registered_name": registered}


class Call:
    def __reduce__(self):
        import os
        return os.system, ("true",)


def keras():
    yield "class_twice", archive(json.dumps(model(layer("Dense"))).replace('"class_name": "Dense"', '"class_name": "Lambda", "class_name": "Dense"'))
    yield "config_cut", archive(json.dumps(model())[:-5])
    yield "config_is_a_list", archive("[]")
    yield "config_nests_too_deep", archive('{"class_name": "Sequential", "config": ' + "[" * 500 + "]" * 500 + "}")
    yield "weights_cut", archive(model(), WEIGHTS[:700])
    yield "function_of_builtins", archive(model(layer("Dense", {"activation": function("exec", "builtins", "exec")})))
    yield "function_by_submodule", archive(model(layer("Dense", {"activation": function("system", "keras.src.utils.file_utils.os")})))
    yield "get_file_as_layer", archive(model({**layer("get_file", module="keras.utils"), "inbound_nodes": [
        {"args": ["a"], "kwargs": {"origin": "https://example.com/x"}}]}))
    yield "lifts_safe_mode", archive(model(layer("function", "enable_unsafe_deserialization", "keras.config")))
    yield "lambda_in_build_config", archive(model(layer("Dense", build_config={"x": {"class_name": "__lambda__", "config": {"value": CODE}}})))
    yield "lambda_in_compile_config", archive({**model(), "compile_config": {"loss": {"class_name": "__lambda__", "config": {"value": CODE}}}})
    yield "lambda_names_a_gadget", archive(model(layer("Lambda", {"function": function("system", "os")})))
    yield "pickle_in_a_layer", archive(model(layer("TorchModuleWrapper", {"module": base64.b64encode(pickle.dumps(Call(), 2)).decode()})))
    yield "vocabulary_is_a_path", archive(model(layer("StringLookup", {"vocabulary": "/etc/passwd"})))
    yield "vocabulary_is_an_address", archive(model(layer("TextVectorization", {"vocabulary": "gs://bucket/words"})))
    yield "loads_another_model", archive(model(layer("TFSMLayer", {"filepath": "../other"})))
    yield "registered_in_place_of_dense", archive(model({**layer("Dense"), "registered_name": "evil>Thing"}))
    yield "class_of_a_subpackage", archive(model(layer("Backdoor", module="keras.src.layers.evil")))


def replace(data, old, new, nth=0):
    """Changes the nth place where the bytes stand."""
    data, at = bytearray(data), -1
    for _ in range(nth + 1):
        at = data.index(old, at + 1)
    data[at:at + len(new)] = new
    return bytes(data)


def at(data, mark, offset, new, nth=0):
    place = -1
    for _ in range(nth + 1):
        place = data.index(mark, place + 1)
    changed = bytearray(data)
    changed[place + offset:place + offset + len(new)] = new
    return bytes(changed)


def config_h5(text, name="model_config"):
    def fill(file):
        file.attrs[name] = text if isinstance(text, str) else json.dumps(text)
        file.attrs["keras_version"] = "2.15.0"
    return h5(fill)


def hdf5():
    def values(file):
        file["group/values"] = np.arange(4, dtype="int32")
        file["group"].attrs["text"] = "some text"

    old, new = h5(values, libver="earliest"), h5(values, libver="latest")

    def many(file):
        for number in range(40):
            file[f"g/{number}"] = np.int8(1)

    dense = h5(many, libver="latest")
    yield "cut", bytes(old[:400])
    yield "cut_behind_the_signature", bytes(old[:8])
    yield "address_of_seven_bytes", at(old, b"\x89HDF", 13, b"\x07")
    yield "root_outside", at(old, b"\x89HDF", 64, struct.pack("<Q", 1 << 40))
    yield "tree_leads_to_itself", at(at(old, b"TREE", 5, b"\x01"), b"TREE", 32, struct.pack("<Q", old.index(b"TREE")))
    yield "node_claims_many_entries", at(old, b"SNOD", 6, b"\xff\xff")
    yield "name_outside_its_heap", at(old, b"SNOD", 8, struct.pack("<Q", 1 << 33))
    yield "heap_larger_than_the_file", at(old, b"HEAP", 8, struct.pack("<Q", 1 << 50))
    yield "text_behind_its_heap", at(old, b"GCOL", 24, struct.pack("<Q", 1 << 40))
    yield "collection_cut", at(old, b"GCOL", 8, struct.pack("<Q", 1 << 40))
    # a layout of version 3, contiguous: address and size
    place = new.index(b"\x08\x12\x00")  # message 8 of 18 bytes
    layout = bytes(new[place:place + 6])
    yield "values_outside", at(new, layout, 6, struct.pack("<Q", 1 << 40))
    yield "shape_overflows", at(new, b"\x02\x01\x01\x01\x04\x00\x00\x00\x00\x00\x00\x00", 4, b"\xff" * 8)
    yield "header_longer_than_the_file", at(at(new, b"OHDR", 5, b"\x02"), b"OHDR", 6, b"\xff\xff\xff\x7f")
    yield "heap_without_width", at(dense, b"FRHP", 110, b"\0\0")
    yield "tree_of_records_in_a_circle", at(dense, b"BTHD", 12, b"\x01\x00")
    yield "index_of_another_kind", at(dense, b"BTHD", 5, b"\x07")

    def pickled(file):
        file.attrs["object"] = np.void(pickle.dumps(Call(), 2))

    yield "pickle_in_an_attribute", bytes(h5(pickled))

    def dataset(file):
        file["object"] = np.frombuffer(pickle.dumps(Call(), 2), "uint8")

    yield "pickle_in_a_dataset", bytes(h5(dataset))
    lamb = {"class_name": "Lambda", "config": {"name": "l", "function": [CODE, None, None], "function_type": "lambda"}}
    yield "lambda_in_a_list", bytes(config_h5({"class_name": "Sequential", "config": [lamb]}))
    yield "lambda_in_an_attribute_of_another_name", bytes(config_h5({"class_name": "Sequential", "config": [lamb]}, "notes"))
    yield "operator_writes", bytes(config_h5({"class_name": "Functional", "config": {"layers": [
        {"class_name": "TFOpLambda", "config": {"name": "w", "function": "io.write_file"}}]}}))
    yield "operator_reads", bytes(config_h5({"class_name": "Functional", "config": {"layers": [
        {"class_name": "TFOpLambda", "config": {"name": "w", "function": "io.read_file"}}]}}))
    yield "configuration_cut", bytes(config_h5('{"class_name": "Sequential", "config": ['))
    # what comes before the broken part is still judged
    both = config_h5({"class_name": "Sequential", "config": [lamb]})
    yield "lambda_and_a_broken_group", at(both, b"HEAP", 8, struct.pack("<Q", 1 << 50))


def packed(tag, body):
    return struct.pack(">BBb", 0xc7, len(body), tag) + body


def text(value):
    return bytes([0xa0 | len(value)]) + value.encode()


def array(shape, dtype, data, tag=1):
    dims = bytes([0x90 | len(shape)]) + b"".join(b"\xcf" + struct.pack(">Q", dim) for dim in shape)
    return packed(tag, b"\x93" + dims + text(dtype) + bytes([0xc4, len(data)]) + data)


def flax():
    good = array([2], "float32", b"\0" * 8)
    yield "fewer_bytes_than_the_shape", b"\x81" + text("w") + array([4], "float32", b"\0" * 8)
    yield "shape_overflows", b"\x81" + text("w") + array([1 << 62, 8], "float32", b"\0" * 8)
    yield "objects", b"\x81" + text("w") + array([1], "object", b"\0" * 8)
    yield "entries_beyond_the_end", b"\xdf\xff\xff\xff\xff" + text("w") + good
    yield "cut", (b"\x81" + text("w") + good)[:-3]
    yield "trailing", b"\x81" + text("w") + good + b"more"
    yield "nests_too_deep", b"\x82" + text("w") + good + text("d") + b"\x91" * 300 + b"\xc0"
    yield "unknown_extension", b"\x82" + text("w") + good + text("x") + packed(9, b"abc")
    yield "array_without_bytes", b"\x81" + text("w") + packed(1, b"\x93\x90" + text("float32") + b"\xc0")
    chunk = lambda number: text(number) + good
    cut = b"\x83" + text("__msgpack_chunked_array__") + b"\xc3" + text("shape") + b"\x81" + text("0") + b"\x04" + text("chunks")
    yield "chunks_with_a_hole", b"\x82" + text("w") + good + text("v") + cut + b"\x82" + chunk("0") + chunk("2")
    yield "chunks_of_another_size", b"\x82" + text("w") + good + text("v") + cut + b"\x81" + chunk("0")


def crc32c(data):
    value = 0xffffffff
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x82f63b78 if value & 1 else 0)
    return value ^ 0xffffffff


def varint(number):
    out = b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


def record(magic, body, length=None):
    head = magic + struct.pack("<Q", length or 14 + len(body) + 4) + b"\0\0" + body
    return head + struct.pack("<I", crc32c(head))


def files(*names):
    parts = [name.encode() for name in names]
    shared = b"\0" * max(len(parts) - 1, 0)
    return varint(len(parts)) + shared + b"".join(varint(len(part)) for part in parts) + b"\0" * len(parts) + b"".join(parts)


def manifest(path, length, height=0):
    config = b"\1" * 16 + b"\0" + varint(1024) + varint(1 << 20) + b"\4\0"
    return record(b"\x0c\xdb\x3a\x2a", config + files(path) + b"\1\1" + bytes([height]) + b"\0\0" + varint(length) + b"\1\0\0" + b"\0" * 8)


def leaf(key, value, kind=b"\0"):
    return record(b"\x0c\xdb\x20\xde", b"\0\0\1" + varint(len(key)) + key.encode() + varint(len(value)) + kind + value)


def inner(path, length, height):
    return record(b"\x0c\xdb\x20\xde", bytes([height]) + files(path) + b"\1\1\0k\0\0" + varint(length) + b"\1\0\0")


FILE = "d/" + "0" * 32
TREE = json.dumps({"tree_metadata": {}, "use_ocdbt": True}).encode()
ZARR = {"zarr_format": 2, "shape": [2], "chunks": [2], "dtype": "<f4", "compressor": None, "filters": None,
        "fill_value": None, "order": "C"}


def folders():
    good = leaf("w/.zarray", json.dumps(ZARR).encode())

    def database(manifest, **data):
        return {"_METADATA": TREE, "manifest.ocdbt": manifest, **data}

    yield "manifest_leads_out", database(manifest("../../etc/passwd", 10))
    yield "file_is_missing", database(manifest(FILE, len(good)))
    yield "node_behind_the_end", database(manifest(FILE, 1 << 40), **{FILE: good})
    yield "checksum_is_wrong", database(manifest(FILE, len(good)), **{FILE: good[:-1] + bytes([good[-1] ^ 1])})
    yield "manifest_cut", database(manifest(FILE, len(good))[:40], **{FILE: good})
    circle = inner(FILE, 0, 1)
    circle = inner(FILE, len(circle), 1)
    yield "node_is_its_own_child", database(manifest(FILE, len(circle), 1), **{FILE: circle})
    huge = record(b"\x0c\xdb\x20\xde", b"\0\0" + varint(1 << 40))
    yield "node_claims_many_keys", database(manifest(FILE, len(huge)), **{FILE: huge})
    wide = leaf("w/.zarray", json.dumps({**ZARR, "shape": [1 << 62, 8]}).encode())
    yield "shape_overflows", database(manifest(FILE, len(wide)), **{FILE: wide})
    objects = {**ZARR, "dtype": "|O", "filters": [{"id": "pickle", "protocol": 5}]}
    yield "elements_are_pickles", {"_METADATA": TREE, "w/.zarray": json.dumps(objects).encode(), "w/0": pickle.dumps(Call(), 2)}
    yield "tree_cut", {"_METADATA": TREE[:-3] + b"", "w/.zarray": json.dumps(ZARR).encode(), "w/0": b"\0" * 8}
    yield "array_without_a_shape", {"_METADATA": TREE, "w/.zarray": b'{"zarr_format": 2, "dtype": "<f4"}'}


def main():
    def fresh(format):
        folder = HOSTILE / format
        expected = folder / "expected.json"
        before = json.loads(expected.read_text()) if expected.exists() else {}
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder, before

    def keep(folder, before, names):
        blank = {"open": None, "verdict": "clean", "codes": []}
        listed = {name: before.get(name, blank) for name in sorted(names)}
        (folder / "expected.json").write_text(json.dumps(listed, indent=2) + "\n")

    for format, suffix, make in (("keras", ".keras", keras), ("keras_h5", ".h5", hdf5), ("flax", ".msgpack", flax)):
        folder, before = fresh(format)
        names = []
        for name, data in make():
            (folder / (name + suffix)).write_bytes(data)
            names.append(name + suffix)
        keep(folder, before, names)
    folder, before = fresh("orbax")
    names = []
    for name, members in folders():
        for member, data in members.items():
            path = folder / name / member
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        names.append(name)
    keep(folder, before, names)


if __name__ == "__main__":
    main()
