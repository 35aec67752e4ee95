"""Writes hostile files of the graph formats: TensorFlow's, TFLite, Core ML, OpenVINO, PMML, TensorFlow.js, PaddlePaddle,
MXNet, ncnn, MNN, TensorRT.

    pip install -r tests/generate/requirements-tensorflow.txt -r tests/generate/requirements-coreml.txt
    python tests/generate/hostile_graphs.py

Payloads are harmless: they name files and do nothing. Most files are encoded by hand, because no library writes them; the
others are what a library wrote, with one thing changed. New cases get a line in `expected.json`, to be blessed and read.
"""

import json
import os
import shutil
import struct
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

TESTS = Path(__file__).resolve().parents[1]
HOSTILE, CORPUS = TESTS / "hostile" / "formats", TESTS / "corpus" / "formats"
FILES = {}


def case(name, data):
    FILES[name] = data


def varint(number):
    number &= (1 << 64) - 1
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def number(field, value):
    return varint(field << 3) + varint(value)


def held(field, *parts):
    data = b"".join(part.encode() if isinstance(part, str) else part for part in parts)
    return varint(field << 3 | 2) + varint(len(data)) + data


# GraphDef


def attribute(name, *value):
    return held(5, held(1, name), held(2, *value))


def node(name, op, inputs=(), *attributes):
    return held(1, held(1, name), held(2, op), *(held(3, text) for text in inputs), *attributes)


def strings(name, *texts):
    tensor = number(1, 7) + held(2, *(held(2, number(1, len(texts))) for _ in range(len(texts) > 1))) + b"".join(held(8, text) for text in texts)
    return node(name, "Const", (), attribute("dtype", number(6, 7)), attribute("value", held(8, tensor)))


def function(name, *nodes):
    # a node is field 3 of a function, and field 1 of a graph: both are below 16, so the tag is one byte
    return held(2, held(1, held(1, held(1, name)), *(b"\x1a" + inner[1:] for inner in nodes)))


def call(name, target):
    return node(name, "StatefulPartitionedCall", (), attribute("f", held(10, held(1, target))))


WRITE = strings("path", "/tmp/x") + strings("text", "y") + node("w", "WriteFile", ("path", "text"))
X = node("x", "Placeholder", (), attribute("dtype", number(6, 1)))


def graphs():
    case("graph_def/write_file.pb", X + WRITE)
    case("graph_def/function_calls_python.pb", X + call("c", "f") + function("f", node("p", "PyFunc", (), attribute("token", held(2, "pyfunc_0")))))
    case("graph_def/graph_in_a_string.pb", X + strings("g", WRITE) + node("d", "DatasetFromGraph", ("g",)))
    case("graph_def/graph_in_a_string_in_a_string.pb", X + strings("g", strings("h", WRITE)))
    case("graph_def/prints_to_a_file.pb", X + strings("t", "y") + node("p", "PrintV2", ("t",), attribute("output_stream", held(2, "file:///tmp/x"))))
    case("graph_def/prints_to_stderr.pb", X + strings("t", "y") + node("p", "PrintV2", ("t",), attribute("output_stream", held(2, "stderr"))))
    case("graph_def/debug_address.pb", X + node("d", "DebugIdentityV2", ("x",), attribute("debug_urls", held(1, held(2, "grpc://example.invalid:1")))))
    case("graph_def/debug_without_address.pb", X + node("d", "DebugIdentityV2", ("x",)))
    case("graph_def/operator_of_a_library.pb", X + node("s", "MyLibrary>Run", ("x",)))
    case("graph_def/function_as_operator.pb", X + node("s", "my_function", ("x",)) + function("my_function", node("i", "Identity", ("a",))))
    case("graph_def/saves_to_an_absolute_path.pb", X + strings("f", "/tmp/x") + node("s", "SaveV2", ("f", "n", "l", "x")))
    case("graph_def/path_from_parts.pb", strings("a", "/tmp") + strings("b", "x") + node("j", "StringJoin", ("a", "b")) + X + node("s", "SaveV2", ("j", "n", "l", "x")))
    case("graph_def/lists_a_folder.pb", strings("p", "/*") + node("m", "MatchingFiles", ("p",)))
    case("graph_def/reads_a_table.pb", strings("p", "/tmp/x") + node("t", "HashTableV2") + node("i", "InitializeTableFromTextFileV2", ("t", "p")))
    case("graph_def/cache_in_a_file.pb", strings("p", "/tmp/x") + node("t", "RangeDataset") + node("c", "CacheDataset", ("t", "p")))
    case("graph_def/constant_shorter_than_its_shape.pb", node("c", "Const", (), attribute("value", held(8, number(1, 1), held(2, held(2, number(1, 100))), held(4, b"\0" * 8)))))
    case("graph_def/constant_of_2_to_the_63.pb", node("c", "Const", (), attribute("value", held(8, number(1, 1), held(2, held(2, number(1, 1 << 62)), held(2, number(1, 1 << 62))), held(4, b"\0" * 8)))))
    case("graph_def/negative_dimension.pb", node("c", "Const", (), attribute("value", held(8, number(1, 1), held(2, held(2, number(1, -4))), held(4, b"\0" * 8)))))
    case("graph_def/ends_inside_a_node.pb", (X + WRITE)[:-3])
    case("graph_def/node_without_an_operator.pb", X + b"\x0a\x03\x0a\x01\x0f")

    info = held(1, held(4, "serve"), held(5, "2.21.0"))
    signature = held(5, held(1, "serving_default"), held(2, held(2, held(1, "y"), held(2, held(1, "s:0"), number(2, 1)))))
    saver = held(3, held(1, "save/Const:0"), held(2, "save/control:0"), held(3, "save/restore_all"))
    save = strings("save/Const", "model") + node("save/SaveV2", "SaveV2", ("save/Const", "n", "l", "x"))

    def saved(graph, *more):
        return number(1, 1) + held(2, info, held(2, graph), *more)

    case("saved_model/saver_that_a_signature_runs/saved_model.pb", saved(X + save + node("s", "Identity", ("x", "^save/SaveV2")), signature, saver))
    case("saved_model/saver_that_nothing_runs/saved_model.pb", saved(X + save + node("s", "Identity", ("x",)), signature, saver))
    older = strings("save_1/Const", "model") + node("save_1/SaveV2", "SaveV2", ("save_1/Const", "n", "l", "x"))
    case("saved_model/saver_of_the_past/saved_model.pb", saved(X + save + older + node("s", "Identity", ("x",)), signature, saver))
    case("saved_model/function_saves/saved_model.pb", saved(X + save + call("s", "f") + function("f", node("w", "SaveV2", ("a", "n", "l", "x"))), signature, saver))
    case("saved_model/initializer_restores/saved_model.pb", saved(X + strings("f", "/tmp/x") + node("r", "RestoreV2", ("f", "n", "l")) + node("s", "Identity", ("x",)), held(4, held(1, "saved_model_main_op"), held(2, held(1, held(1, "r")))), signature, saver))
    case("saved_model/asset_outside/saved_model.pb", saved(X, held(6, held(1, held(1, "a:0")), held(2, "../../secret"))))
    case("saved_model/keras_lambda/saved_model.pb", saved(X))
    keras = {"class_name": "Sequential", "config": {"name": "s", "layers": [{"class_name": "Lambda", "config": {"name": "l", "function": {"class_name": "__tuple__", "items": ["4wAAAAAAAAAA\n", None, None]}, "function_type": "lambda"}}]}}
    case("saved_model/keras_lambda/keras_metadata.pb", held(1, number(2, 0), held(3, "root"), held(4, "_tf_keras_sequential"), held(5, json.dumps(keras))))
    case("saved_model/no_graph/saved_model.pb", number(1, 1) + held(2, info))
    case("saved_model/two_graphs/saved_model.pb", saved(X) + held(2, info, held(2, X + WRITE)))
    case("graph_def/text.pbtxt", b'node { name: "a" op: "Const" } # op: "PyFunc"\nnode {\n  name: "op: \\"PyFunc\\""\n  op: "WriteFile"\n}\n')
    case("graph_def/text_that_computes.pbtxt", b'node { name: "a" op: "Const" } # op: "PyFunc"\nnode { name: "op: \\"PyFunc\\"" op: "Identity" input: "a" }\n')
    case("meta_graph/reads_a_file.meta", info + held(2, strings("p", "/tmp/x") + node("r", "ReadFile", ("p",))))
    case("meta_graph/saver.meta", info + held(2, X + save) + saver)


# tensor bundles


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def block(entries):
    body = b"".join(varint(0) + varint(len(key)) + varint(len(value)) + key + value for key, value in entries)
    body += struct.pack("<II", 0, 1)
    return body, body + b"\0" + struct.pack("<I", crc32c(body + b"\0"))


def table(entries):
    data, stored = block(entries)
    meta, stored_meta = block([])
    index, stored_index = block([(b"\xff", varint(0) + varint(len(data)))])
    at_meta = len(stored)
    at_index = at_meta + len(stored_meta)
    footer = varint(at_meta) + varint(len(meta)) + varint(at_index) + varint(len(index))
    return stored + stored_meta + stored_index + footer.ljust(40, b"\0") + bytes.fromhex("57fb808b247547db")


def tensor(dtype, dims, offset, size, shard=0):
    shape = held(2, *(held(2, number(1, dim)) for dim in dims))
    return number(1, dtype) + shape + number(3, shard) + number(4, offset) + number(5, size)


def bundles():
    header = (b"", number(1, 1) + held(3, number(1, 1)))
    good = table([header, (b"w", tensor(1, [2], 0, 8))])
    case("tf_checkpoint/plain.index", good)
    case("tf_checkpoint/checksum.index", good[:4] + b"\xff" + good[5:])
    case("tf_checkpoint/footer_alone.index", good[-48:])
    case("tf_checkpoint/handle_beyond_the_file.index", good[:-48] + (varint(0) * 2 + varint(1 << 40) + varint(8)).ljust(40, b"\0") + good[-8:])
    case("tf_checkpoint/size_lies.index", table([header, (b"w", tensor(1, [2], 0, 80))]))
    case("tf_checkpoint/overlap.index", table([header, (b"a", tensor(1, [2], 0, 8)), (b"b", tensor(1, [2], 4, 8))]))
    case("tf_checkpoint/shard_that_is_not_there.index", table([header, (b"w", tensor(1, [2], 0, 8, shard=7))]))
    case("tf_checkpoint/no_header.index", table([(b"w", tensor(1, [2], 0, 8))]))
    case("tf_checkpoint/dimensions_overflow.index", table([header, (b"w", tensor(1, [1 << 40, 1 << 40], 0, 8))]))
    case("tf_checkpoint/shard_too_short/model.index", good)
    case("tf_checkpoint/shard_too_short/model.data-00000-of-00001", b"\0" * 4)
    case("tf_checkpoint/bytes_of_no_tensor/model.index", good)
    case("tf_checkpoint/bytes_of_no_tensor/model.data-00000-of-00001", b"\0" * 8 + b"#!/bin/true\n")


# TensorFlow Lite


def tflites():
    import flatbuffers
    from tensorflow.lite.python import schema_py_generated as schema

    plain = (CORPUS / "tflite" / "dense.tflite").read_bytes()

    def changed(name, change):
        model = schema.ModelT.InitFromPackedBuf(plain, 0)
        change(model)
        builder = flatbuffers.Builder(1024)
        builder.Finish(model.Pack(builder), b"TFL3")
        case(f"tflite/{name}.tflite", bytes(builder.Output()))

    def custom(name):
        def change(model):
            model.operatorCodes[0].builtinCode = model.operatorCodes[0].deprecatedBuiltinCode = 32
            model.operatorCodes[0].customCode = name
            model.subgraphs[0].operators[0].builtinOptionsType = 0
            model.subgraphs[0].operators[0].builtinOptions = None
        return change

    changed("custom_operator", custom("Mine"))
    changed("flex_writes_a_file", custom("FlexWriteFile"))
    changed("flex_computes", custom("FlexErf"))
    changed("detection", custom("TFLite_Detection_PostProcess"))
    changed("operator_code_9", lambda model: setattr(model.subgraphs[0].operators[0], "opcodeIndex", 9))
    changed("tensor_900", lambda model: setattr(model.subgraphs[0].operators[0], "inputs", [900, 1, 2]))
    changed("buffer_900", lambda model: setattr(model.subgraphs[0].tensors[0], "buffer", 900))
    changed("output_900", lambda model: setattr(model.subgraphs[0], "outputs", [900]))

    def longer(model):
        tensor = next(tensor for tensor in model.subgraphs[0].tensors if model.buffers[tensor.buffer].data is not None)
        tensor.shape = [1000, *tensor.shape[1:]]
    changed("shape_beyond_its_buffer", longer)

    def outside(model):
        index = next(tensor.buffer for tensor in model.subgraphs[0].tensors if model.buffers[tensor.buffer].data is not None)
        buffer = model.buffers[index]
        buffer.data, buffer.offset, buffer.size = None, 1 << 40, 48
    changed("buffer_beyond_the_file", outside)
    case("tflite/root_beyond_the_file.tflite", b"\xff\xff\xff\x7fTFL3" + b"\0" * 24)
    case("tflite/vtable_before_the_file.tflite", struct.pack("<I4si", 8, b"TFL3", 1 << 30) + b"\0" * 16)
    case("tflite/vtable_of_one_byte.tflite", struct.pack("<I4siH", 8, b"TFL3", -4, 1) + b"\0" * 16)
    case("tflite/cut_off.tflite", plain[:-100])
    # labels, as the metadata writer appends them
    import io
    import zipfile
    packed = io.BytesIO(plain)
    packed.seek(0, 2)
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr(zipfile.ZipInfo("labels.txt", (2026, 1, 1, 0, 0, 0)), "cat\ndog\n")
    case("tflite/associated_files.tflite", packed.getvalue())


# Core ML


def coremls():
    description = held(2, held(1, held(1, "x"), held(3, held(5, number(1, 3), number(2, 65568)))), held(10, held(1, "y"), held(3, held(5, number(1, 3), number(2, 65568)))))
    custom = held(500, held(1, held(1, "l"), held(500, held(10, "MyLayer"))))

    def model(*parts):
        return number(1, 4) + description + b"".join(parts)

    case("coreml/custom_layer_in_a_pipeline.mlmodel", model(held(202, held(1, model(custom)))))
    case("coreml/custom_model.mlmodel", model(held(555, held(10, "MyModel"))))
    case("coreml/linked_model.mlmodel", model(held(556, held(1, held(1, held(1, "/tmp/x"))))))
    case("coreml/layer_of_no_kind.mlmodel", model(held(500, held(1, held(1, "l"), held(1999, b"\x08\x01")))))
    case("coreml/cut_off.mlmodel", model(custom)[:-4])
    deep = custom
    for _ in range(80):
        deep = held(202, held(1, model(deep)))
    case("coreml/pipelines_80_deep.mlmodel", model(deep))

    def program(path, offset, dims=(2,)):
        ty = held(2, held(1, number(1, 11), number(2, len(dims)), *(held(3, held(1, number(1, dim))) for dim in dims)))
        value = ty + held(5, held(1, path), number(2, offset))
        operation = held(3, held(1, "const"), held(3, held(1, "w")), held(5, held(1, "val"), held(2, value)))
        return model(held(502, number(1, 1), held(2, held(1, "main"), held(2, held(2, "CoreML5"), held(3, held(1, "CoreML5"), held(2, held(2, "w"), operation))))))

    case("coreml/weights_outside.mlmodel", program("@model_path/../../secret.bin", 64))
    case("coreml/weights_by_an_absolute_path.mlmodel", program("/tmp/secret.bin", 64))
    storage = struct.pack("<II", 1, 2).ljust(64, b"\0")
    blob = struct.pack("<IIQQ", 0xDEADBEEF, 2, 8, 128).ljust(64, b"\0") + b"\0" * 8
    for name, offset, dims, data in (("blob_that_is_none", 65, (2,), storage + blob), ("blob_shorter_than_its_tensor", 64, (200,), storage + blob),
                                     ("blob_beyond_the_file", 64, (2,), storage + struct.pack("<IIQQ", 0xDEADBEEF, 2, 1 << 50, 128).ljust(64, b"\0"))):
        case(f"coreml/{name}/model.mlmodel", program("@model_path/weights/weight.bin", offset, dims))
        case(f"coreml/{name}/weights/weight.bin", data)


# OpenVINO, PMML


def openvinos():
    def net(*layers, head=""):
        return f'<?xml version="1.0"?>{head}<net name="m" version="11"><layers>{"".join(layers)}</layers></net>'.encode()

    def const(offset, size, shape="2", kind="f32", name="w"):
        return (f'<layer id="1" name="{name}" type="Const" version="opset1"><data element_type="{kind}" shape="{shape}" offset="{offset}" size="{size}"/>'
                '<output><port id="0" precision="FP32"><dim>2</dim></port></output></layer>')

    case("openvino/external_entity.xml", net(const(0, 8), head='<!DOCTYPE net [<!ENTITY x SYSTEM "file:///etc/hostname">]>'))
    case("openvino/extension.xml", net('<layer id="0" name="l" type="Mine" version="extension"><output><port id="0" precision="FP32"/></output></layer>'))
    case("openvino/size_lies.xml", net(const(0, 800)))
    case("openvino/offset_is_no_number.xml", net(const("0x10", 8)))
    case("openvino/negative_offset.xml", net(const(-8, 8)))
    case("openvino/shape_overflows.xml", net(const(0, 8, shape="4294967296,4294967296,4")))
    case("openvino/cut_off.xml", net(const(0, 8))[:-20])
    case("openvino/elements_100_deep.xml", net("<a>" * 100 + "</a>" * 100))
    case("openvino/attribute_twice.xml", net('<layer id="0" id="1" name="l" type="Relu" version="opset1"/>'))
    for name, offset, data in (("constant_beyond_the_file", 1 << 40, b"\0" * 8), ("bytes_of_no_constant", 0, b"\0" * 8 + b"hidden")):
        case(f"openvino/{name}/model.xml", net(const(offset, 8)))
        case(f"openvino/{name}/model.bin", data)

    case("pmml/external_entity.pmml", b'<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/hostname">]><PMML version="4.4"><Header copyright="&x;"/></PMML>')
    case("openvino/document_type_elsewhere.xml", net(const(0, 8), head='<!DOCTYPE net SYSTEM "https://example.invalid/x.dtd">'))
    case("openvino/utf_16.xml", net(head='<!DOCTYPE net [<!ENTITY x SYSTEM "file:///etc/hostname">]>').decode().encode("utf-16"))
    case("pmml/utf_16.pmml", '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/hostname">]><PMML version="4.4"/>'.encode("utf-16"))
    laughs = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10 if at else "lol"}">' for at in range(8))
    case("pmml/entities_that_multiply.pmml", f'<!DOCTYPE p [{laughs}]><PMML version="4.4"><Header copyright="&l7;"/></PMML>'.encode())
    case("pmml/cut_off.pmml", b'<PMML version="4.4"><Header copyright="x">')
    case("pmml/elements_100_deep.pmml", b'<PMML version="4.4">' + b"<Extension>" * 100 + b"</Extension>" * 100 + b"</PMML>")


# the others


def others():
    def model(**changes):
        weights = [{"name": "w", "shape": [2], "dtype": "float32"}]
        return json.dumps({"format": "layers-model", "modelTopology": {"model_config": {"class_name": "Sequential", "config": {"layers": []}}},
                           "weightsManifest": [{"paths": ["group1-shard1of1.bin"], "weights": weights}], **changes}).encode()

    def manifest(path="group1-shard1of1.bin", **weight):
        return [{"paths": [path], "weights": [{"name": "w", "shape": [2], "dtype": "float32", **weight}]}]

    case("tfjs/shard_outside.json", model(weightsManifest=manifest("../../secret.bin")))
    case("tfjs/shard_from_the_network.json", model(weightsManifest=manifest("https://example.invalid/x.bin")))
    case("tfjs/shape_overflows.json", model(weightsManifest=manifest(shape=[1 << 40, 1 << 40])))
    case("tfjs/weight_without_a_shape.json", model(weightsManifest=[{"paths": ["a.bin"], "weights": [{"name": "w", "dtype": "float32"}]}]))
    case("tfjs/operator_writes_a_file.json", model(format="graph-model", modelTopology={"node": [{"name": "w", "op": "WriteFile"}]}))
    case("tfjs/cut_off.json", model()[:-5])
    case("tfjs/shard_too_short/model.json", model())
    case("tfjs/shard_too_short/group1-shard1of1.bin", b"\0" * 4)
    case("tfjs/bytes_of_no_weight/model.json", model())
    case("tfjs/bytes_of_no_weight/group1-shard1of1.bin", b"\0" * 8 + b"\xde\xad\xbe\xef")

    def block(*operators):
        return held(1, number(1, 0), number(2, -1), *(held(4, held(3, kind)) for kind in operators)) + held(4, number(1, 3003001))

    case("paddle/calls_python.pdmodel", block("feed", "py_func", "fetch"))
    case("paddle/saves.pdmodel", block("feed", "save_combine"))
    case("paddle/operator_of_a_library.pdmodel", block("feed", "my_own_operator"))
    case("paddle/cut_off.pdmodel", block("feed", "relu", "fetch")[:-2])

    def parameter(dims, data, code=5, claimed=None):
        text = number(1, code) + b"".join(number(2, dim) for dim in dims)
        return struct.pack("<IQI", 0, 0, 0) + struct.pack("<I", claimed or len(text)) + text + data

    case("paddle/elements_beyond_the_file.pdiparams", parameter([1000], b"\0" * 8))
    case("paddle/shape_overflows.pdiparams", parameter([1 << 40, 1 << 40], b"\0" * 8))
    case("paddle/negative_dimension.pdiparams", parameter([-2], b"\0" * 8))
    case("paddle/second_version.pdiparams", parameter([2], b"\0" * 8) + struct.pack("<I", 9) + b"\0" * 16)
    pir = {"base_code": {"magic": "pir", "version": 4}, "program": {"regions": [{"#": "r", "blocks": [{"#": "b", "args": [], "ops": [{"#": "1.py_func"}]}]}]}}
    case("paddle/calls_python.json", json.dumps(pir, separators=(",", ":")).encode())

    def array(dims, data=b"", magic=0xF993FAC9, dtype=0, stype=0):
        return struct.pack(f"<IiI{len(dims)}q", magic, stype, len(dims), *dims) + struct.pack("<iii", 1, 0, dtype) + data

    def arrays(count, *found, names=(b"w",)):
        tail = struct.pack("<Q", len(names)) + b"".join(struct.pack("<Q", len(name)) + name for name in names)
        return struct.pack("<QQQ", 0x112, 0, count) + b"".join(found) + tail

    case("mxnet/more_arrays_than_bytes.params", arrays(1 << 30, array([2], b"\0" * 8)))
    case("mxnet/shape_overflows.params", arrays(1, array([1 << 40, 1 << 40], b"\0" * 8)))
    case("mxnet/negative_dimension.params", arrays(1, array([-3], b"\0" * 8)))
    case("mxnet/type_99.params", arrays(1, array([2], b"\0" * 8, dtype=99)))
    case("mxnet/sparse.params", arrays(1, array([2], b"\0" * 8, stype=1)))
    case("mxnet/name_beyond_the_file.params", arrays(1, array([2], b"\0" * 8))[:-1])
    case("mxnet/two_names_for_one.params", arrays(1, array([2], b"\0" * 8), names=(b"a", b"b")))
    symbol = {"nodes": [{"op": "null", "name": "data", "inputs": []}, {"op": "Custom", "name": "c", "attrs": {"op_type": "mine"}, "inputs": [[0, 0, 0]]}],
              "arg_nodes": [0], "heads": [[1, 0, 0]], "attrs": {"mxnet_version": ["int", 10901]}}
    case("mxnet/custom-symbol.json", json.dumps(symbol).encode())
    symbol["heads"] = [[9, 0, 0]]
    case("mxnet/head_of_no_node-symbol.json", json.dumps(symbol).encode())

    case("ncnn/fewer_layers_than_counted.param", b"7767517\n3 1\nInput a 0 1 a 0=4\n")
    case("ncnn/no_counts.param", b"7767517\nInput a 0 1 a\n")
    case("ncnn/fewer_blobs_than_counted.param", b"7767517\n1 1\nInput a 0 4000000000 a\n")
    case("ncnn/layer_of_a_library.param", b"7767517\n2 2\nInput a 0 1 a 0=4\nMine b 1 1 a b\n")
    case("ncnn/binary.param.bin", struct.pack("<III", 7767517, 2, 2) + b"\0" * 16)
    for name, data in (("weights_too_short", b"\0" * 8), ("weights_too_long", b"\0" * 4 + b"\1" * 44)):
        case(f"ncnn/{name}/model.param", b"7767517\n2 2\nInput a 0 1 a 0=3\nInnerProduct b 1 1 a b 0=2 1=1 2=6\n")
        case(f"ncnn/{name}/model.bin", data)

    import flatbuffers

    def net(kind, output):
        """An MNN net of one operator: its slots are inputs, kind of parameters, parameters, name, outputs, kind."""
        builder = flatbuffers.Builder(256)
        name, tensor, plugin = (builder.CreateString(text) for text in ("p", "t", "Mine"))
        builder.StartObject(2)
        builder.PrependUOffsetTRelativeSlot(0, plugin, 0)
        parameters = builder.EndObject()
        builder.StartVector(4, 1, 4)
        builder.PrependInt32(output)
        outputs = builder.EndVector()
        builder.StartObject(7)
        builder.PrependUint8Slot(1, 30, 0)
        builder.PrependUOffsetTRelativeSlot(2, parameters, 0)
        builder.PrependUOffsetTRelativeSlot(3, name, 0)
        builder.PrependUOffsetTRelativeSlot(4, outputs, 0)
        builder.PrependInt32Slot(5, kind, 0)
        operator = builder.EndObject()
        lists = []
        for item in (operator, tensor):
            builder.StartVector(4, 1, 4)
            builder.PrependUOffsetTRelative(item)
            lists.append(builder.EndVector())
        builder.StartObject(12)
        builder.PrependUOffsetTRelativeSlot(3, lists[0], 0)
        builder.PrependUOffsetTRelativeSlot(7, lists[1], 0)
        builder.Finish(builder.EndObject())
        return bytes(builder.Output())

    case("mnn/plugin.mnn", net(256, 0))
    case("mnn/tensor_that_is_not_there.mnn", net(68, 7))

    case("tensorrt/engine.plan", b"ptrt" + b"\0" * 20 + bytes([10, 3, 0, 26]) + b"\x7f\x80" * 32)
    case("tensorrt/old_engine.plan", b"ftrt" + b"\0" * 60)


if __name__ == "__main__":
    for make in (graphs, bundles, tflites, coremls, openvinos, others):
        make()
    formats = {name.split("/")[0] for name in FILES}
    for name in formats:
        folder = HOSTILE / name
        expected = json.loads((folder / "expected.json").read_text()) if (folder / "expected.json").exists() else {}
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        cases = sorted({path.split("/")[1] for path in FILES if path.split("/")[0] == name})
        new = {"open": None, "verdict": "clean", "codes": []}
        (folder / "expected.json").write_text(json.dumps({case: expected.get(case, new) for case in cases}, indent=2) + "\n")
    for name, data in FILES.items():
        path = HOSTILE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
