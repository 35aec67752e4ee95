"""Writes the corpus of TensorFlow's formats: saved_model, graph_def, meta_graph, tf_checkpoint, tflite.

    pip install -r tests/generate/requirements-tensorflow.txt
    python tests/generate/formats_tensorflow.py

What must hold of each file is told by tensorflow: its own readers list variables, constants, operators and signatures.
"""

import json
import os
import shutil
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from tensorflow.core.protobuf import saved_model_pb2  # noqa: E402

CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "formats"
NAMES = {tf.float32: "float32", tf.float64: "float64", tf.int32: "int32", tf.int64: "int64", tf.int8: "int8",
         tf.uint8: "uint8", tf.bool: "bool", tf.float16: "float16", tf.bfloat16: "bfloat16", tf.string: "string"}


def folder(name):
    path = CORPUS / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def write_facts(path, facts):
    (path / "facts.json").write_text(json.dumps(facts, indent=2, sort_keys=True) + "\n")


def variables(prefix):
    reader = tf.train.load_checkpoint(str(prefix))
    shapes, types = reader.get_variable_to_shape_map(), reader.get_variable_to_dtype_map()
    return {name: (types[name], shapes[name]) for name in sorted(shapes) if types[name] != tf.string}


def weight_facts(found):
    weight_bytes = {}
    for dtype, shape in found.values():
        weight_bytes[NAMES[dtype]] = weight_bytes.get(NAMES[dtype], 0) + int(np.prod(shape, dtype=int)) * dtype.size
    tensors = [{"name": name, "dtype": NAMES[dtype], "shape": list(shape)} for name, (dtype, shape) in found.items()]
    return {"parameters": sum(int(np.prod(shape, dtype=int)) for _, shape in found.values()),
            "weight_bytes": weight_bytes, "tensors": tensors}


def constants(graph):
    found = [tf.make_ndarray(node.attr["value"].tensor) for node in graph.node if node.op == "Const"]
    found = [array for array in found if array.dtype != object]
    weight_bytes = {}
    for array in found:
        weight_bytes[array.dtype.name] = weight_bytes.get(array.dtype.name, 0) + array.nbytes
    return {"parameters": sum(array.size for array in found), "weight_bytes": weight_bytes}


def operators(graph):
    counts = {}
    for node in [*graph.node, *(node for function in graph.library.function for node in function.node_def)]:
        counts[node.op] = counts.get(node.op, 0) + 1
    return {"operators": counts, "nodes": sum(counts.values())}


def ports(infos):
    result = []
    for name in sorted(infos):
        info = infos[name]
        port = {"name": name, "dtype": NAMES[tf.as_dtype(info.dtype)]}
        if not info.tensor_shape.unknown_rank:
            port["shape"] = [None if dim.size < 0 else dim.size for dim in info.tensor_shape.dim]
        result.append(port)
    return result


def saved_model_facts(path):
    model = saved_model_pb2.SavedModel.FromString((path / "saved_model.pb").read_bytes())
    meta = model.meta_graphs[0]
    signature = meta.signature_def["serving_default"]
    facts = {"format": "saved_model", "format_version": str(model.saved_model_schema_version),
             "framework": {"name": "tensorflow", "version": meta.meta_info_def.tensorflow_version},
             "tags": list(meta.meta_info_def.tags), "inputs": ports(signature.inputs), "outputs": ports(signature.outputs),
             **operators(meta.graph_def)}
    if (path / "variables").exists():
        facts.update(weight_facts(variables(path / "variables" / "variables")))
    return facts


class Dense(tf.Module):
    def __init__(self):
        super().__init__()
        random = np.random.default_rng(7)
        self.kernel = tf.Variable(random.normal(size=(4, 3)).astype(np.float32), name="kernel")
        self.bias = tf.Variable(np.zeros(3, np.float32), name="bias")
        self.steps = tf.Variable(5, dtype=tf.int64, trainable=False, name="steps")

    @tf.function(input_signature=[tf.TensorSpec([None, 4], tf.float32, name="x")])
    def __call__(self, x):
        return {"y": tf.nn.relu(x @ self.kernel + self.bias)}


class Lookup(tf.Module):
    """Reads a vocabulary, which becomes an asset."""

    def __init__(self, path):
        super().__init__()
        self.file = tf.saved_model.Asset(path)
        table = tf.lookup.TextFileInitializer(self.file, tf.string, tf.lookup.TextFileIndex.WHOLE_LINE, tf.int64,
                                              tf.lookup.TextFileIndex.LINE_NUMBER)
        self.table = tf.lookup.StaticHashTable(table, -1)
        self.embedding = tf.Variable(np.ones((4, 2), np.float16), name="embedding")

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="words")])
    def __call__(self, words):
        ids = tf.maximum(self.table.lookup(words), 0)
        return {"vectors": tf.gather(self.embedding, ids)}


def saved_models():
    out = folder("saved_model")
    model = Dense()
    tf.saved_model.save(model, str(out / "dense"), signatures={"serving_default": model.__call__})
    vocabulary = out / "vocabulary.txt"
    vocabulary.write_text("alpha\nbeta\ngamma\ndelta\n")
    lookup = Lookup(str(vocabulary))
    tf.saved_model.save(lookup, str(out / "lookup"), signatures={"serving_default": lookup.__call__})
    vocabulary.unlink()
    keras = tf.keras.Sequential([tf.keras.Input((6, 6, 1), name="image"), tf.keras.layers.Conv2D(2, 3), tf.keras.layers.Flatten(),
                                 tf.keras.layers.Dense(3)])
    keras.export(str(out / "keras_export"), verbose=False)

    # TensorFlow 1: the saver's nodes stand in the graph itself
    graph = tf.Graph()
    with graph.as_default(), tf.compat.v1.Session(graph=graph) as session:
        x = tf.compat.v1.placeholder(tf.float32, [None, 2], name="x")
        w = tf.compat.v1.get_variable("w", initializer=np.eye(2, dtype=np.float32), use_resource=True)
        y = tf.identity(x @ w, name="y")
        session.run(tf.compat.v1.global_variables_initializer())
        tf.compat.v1.saved_model.simple_save(session, str(out / "session"), {"x": x}, {"y": y})
        # each further export leaves the sharded saver of the one before in the graph
        tf.compat.v1.saved_model.simple_save(session, str(out / "session_again"), {"x": x}, {"y": y})
    names = ("dense", "lookup", "keras_export", "session", "session_again")
    write_facts(out, {name: saved_model_facts(out / name) for name in names})


def graph_defs():
    out = folder("graph_def")
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    model = Dense()
    frozen = convert_variables_to_constants_v2(model.__call__.get_concrete_function()).graph.as_graph_def()
    (out / "frozen.pb").write_bytes(frozen.SerializeToString(deterministic=True))
    inputs = [{"name": "x", "dtype": "float32", "shape": [None, 4]}]
    facts = {"frozen.pb": {"format": "graph_def", "inputs": inputs, **operators(frozen), **constants(frozen)}}
    graph = tf.Graph()
    with graph.as_default():
        x = tf.compat.v1.placeholder(tf.float32, [None, 8, 8, 3], name="images")
        w = tf.constant(np.ones((3, 3, 3, 2), np.float32), name="filters")
        y = tf.nn.conv2d(x, w, 1, "SAME", name="conv")
        tf.nn.softmax(tf.reduce_mean(y, [1, 2]), name="probabilities")
        tf.compat.v1.get_variable("v", initializer=np.zeros(2, np.float32))
        tf.compat.v1.train.Saver()
    training = graph.as_graph_def()
    (out / "training.pb").write_bytes(training.SerializeToString(deterministic=True))
    facts["training.pb"] = {"format": "graph_def", "inputs": [{"name": "images", "dtype": "float32", "shape": [None, 8, 8, 3]}],
                            **operators(training), **constants(training)}
    facts["training.pb"]["inputs"].append({"name": "save/filename", "dtype": "string", "shape": [], "optional": True})
    facts["training.pb"]["inputs"].append({"name": "save/Const", "dtype": "string", "shape": [], "optional": True})
    write_facts(out, facts)


def checkpoints():
    out = folder("meta_graph")
    graph = tf.Graph()
    with graph.as_default(), tf.compat.v1.Session(graph=graph) as session:
        x = tf.compat.v1.placeholder(tf.float32, [3, 2], name="x")
        w = tf.compat.v1.get_variable("layer/w", initializer=np.ones((2, 5), np.float32))
        tf.nn.tanh(x @ w, name="y")
        session.run(tf.compat.v1.global_variables_initializer())
        tf.compat.v1.train.Saver().save(session, str(out / "model"), write_state=False)
    meta, _ = tf.compat.v1.train.import_meta_graph, None
    from tensorflow.core.protobuf import meta_graph_pb2

    meta = meta_graph_pb2.MetaGraphDef.FromString((out / "model.meta").read_bytes())
    write_facts(out, {"model.meta": {"format": "meta_graph", "framework": {"name": "tensorflow", "version": tf.__version__},
                                     **operators(meta.graph_def), **constants(meta.graph_def)},
                      "model.index": {"format": "tf_checkpoint", **weight_facts(variables(out / "model"))}})

    out = folder("tf_checkpoint")
    model = Dense()
    optimizer_like = {"model": model, "counter": tf.Variable(3, dtype=tf.int64)}
    tf.train.Checkpoint(**optimizer_like).write(str(out / "objects" / "ckpt"))
    manager = tf.train.CheckpointManager(tf.train.Checkpoint(model=model), str(out / "managed"), max_to_keep=1)
    manager.save()
    facts = {}
    for name, prefix in (("objects", "ckpt"), ("managed", "ckpt-1")):
        found = variables(out / name / prefix)
        facts[name] = {"format": "tf_checkpoint", **weight_facts(found)}
    write_facts(out, facts)


def tflite_facts(content):
    from tensorflow.lite.python import schema_py_generated as schema

    model = schema.ModelT.InitFromPackedBuf(content, 0)
    builtin = {value: key for key, value in vars(schema.BuiltinOperator).items() if not key.startswith("_")}
    types = {value: key.lower() for key, value in vars(schema.TensorType).items() if not key.startswith("_")}

    def text(value):
        return value.decode() if isinstance(value, bytes) else value

    counts, weight_bytes, parameters, tensors = {}, {}, 0, []
    seen = set()
    for graph in model.subgraphs:
        for operator in graph.operators or []:
            code = model.operatorCodes[operator.opcodeIndex]
            number = max(code.builtinCode, code.deprecatedBuiltinCode)
            name = text(code.customCode) if builtin[number] == "CUSTOM" else builtin[number]
            counts[name] = counts.get(name, 0) + 1
        for tensor in graph.tensors:
            buffer = model.buffers[tensor.buffer]
            if buffer.data is None or len(buffer.data) == 0:
                continue
            shape = [] if tensor.shape is None else [int(dim) for dim in tensor.shape]
            if tensor.buffer not in seen and types[tensor.type] != "string":
                dtype = types[tensor.type]
                weight_bytes[dtype] = weight_bytes.get(dtype, 0) + len(buffer.data)
                parameters += int(np.prod(shape, dtype=int))
            seen.add(tensor.buffer)
            tensors.append({"name": text(tensor.name), "dtype": types[tensor.type], "shape": shape, "bytes": len(buffer.data)})
    facts = {"format": "tflite", "format_version": str(model.version), "operators": counts, "nodes": sum(counts.values()),
             "parameters": parameters, "weight_bytes": weight_bytes, "tensors": tensors}
    interpreter = tf.lite.Interpreter(model_content=content, experimental_op_resolver_type=tf.lite.experimental.OpResolverType.BUILTIN_REF)

    def described(details):
        return [{"name": detail["name"], "dtype": np.dtype(detail["dtype"]).name,
                 "shape": [None if dim < 0 else int(dim) for dim in detail["shape_signature"]]} for detail in details]

    facts["inputs"] = described(interpreter.get_input_details())
    facts["outputs"] = described(interpreter.get_output_details())
    return facts


def tflites():
    out = folder("tflite")
    files = {}
    model = Dense()
    converter = tf.lite.TFLiteConverter.from_concrete_functions([model.__call__.get_concrete_function()], model)
    files["dense.tflite"] = converter.convert()

    keras = tf.keras.Sequential([tf.keras.Input((8, 8, 3), batch_size=1, name="image"),
                                 tf.keras.layers.Conv2D(4, 3, activation="relu"), tf.keras.layers.DepthwiseConv2D(3),
                                 tf.keras.layers.GlobalAveragePooling2D(), tf.keras.layers.Dense(5, activation="softmax")])
    converter = tf.lite.TFLiteConverter.from_keras_model(keras)
    files["convolution.tflite"] = converter.convert()
    converter = tf.lite.TFLiteConverter.from_keras_model(keras)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    random = np.random.default_rng(3)
    converter.representative_dataset = lambda: ([random.normal(size=(1, 8, 8, 3)).astype(np.float32)] for _ in range(8))
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    files["convolution_int8.tflite"] = converter.convert()

    @tf.function(input_signature=[tf.TensorSpec([2], tf.float32)])
    def loop(x):
        return tf.while_loop(lambda i, _: i < 3, lambda i, y: (i + 1, y * 2.0), [0, x])[1]

    files["loop.tflite"] = tf.lite.TFLiteConverter.from_concrete_functions([loop.get_concrete_function()], loop).convert()
    for name, content in files.items():
        (out / name).write_bytes(content)
    write_facts(out, {name: tflite_facts(content) for name, content in files.items()})


if __name__ == "__main__":
    tf.random.set_seed(1)
    saved_models()
    graph_defs()
    checkpoints()
    tflites()
