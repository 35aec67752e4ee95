"""Writes the corpus of Core ML.

    pip install -r tests/generate/requirements-coreml.txt
    python tests/generate/formats_coreml.py

What must hold of each file is told by coremltools: by the specification that it parses, and by the arrays that went in.
"""

import json
import shutil
from pathlib import Path

import coremltools as ct
import numpy as np
from coremltools.converters.mil import Builder as mb
from coremltools.models import datatypes
from coremltools.models.neural_network import NeuralNetworkBuilder
from coremltools.models.tree_ensemble import TreeEnsembleClassifier

OUT = Path(__file__).resolve().parents[1] / "corpus" / "formats" / "coreml"
TYPES = {65568: "float32", 65600: "float64", 65552: "float16", 131104: "int32"}


def ports(features):
    found = []
    for feature in features:
        port = {"name": feature.name}
        if feature.type.WhichOneof("Type") == "multiArrayType":
            array = feature.type.multiArrayType
            port.update(dtype=TYPES[array.dataType], shape=list(array.shape))
        found.append(port)
    return found


def facts_of(spec):
    facts = {"format": "coreml", "format_version": str(spec.specificationVersion), "architecture": spec.WhichOneof("Type"),
             "inputs": ports(spec.description.input), "outputs": ports(spec.description.output)}
    counts = {}
    if spec.WhichOneof("Type") == "mlProgram":
        def block(found):
            for operation in found.operations:
                counts[operation.type] = counts.get(operation.type, 0) + 1
                for inner in operation.blocks:
                    block(inner)
        for function in spec.mlProgram.functions.values():
            block(function.block_specializations[function.opset])
        facts["metadata"] = {"opset": function.opset}
    elif spec.WhichOneof("Type") == "neuralNetwork":
        for layer in spec.neuralNetwork.layers:
            kind = layer.WhichOneof("layer")
            counts[kind] = counts.get(kind, 0) + 1
        facts["layers"] = [{"name": layer.name, "kind": layer.WhichOneof("layer")} for layer in spec.neuralNetwork.layers]
    if counts:
        facts.update(operators=counts, nodes=sum(counts.values()))
    return facts


def program(name, precision):
    @mb.program(input_specs=[mb.TensorSpec(shape=(2, 4))])
    def dense(x):
        random = np.random.default_rng(0)
        weight, bias = random.normal(size=(64, 4)).astype(np.float32), random.normal(size=64).astype(np.float32)
        return mb.softmax(x=mb.relu(x=mb.linear(x=x, weight=weight, bias=bias)), axis=-1, name="probabilities")

    model = ct.convert(dense, convert_to="mlprogram", minimum_deployment_target=ct.target.iOS16, compute_precision=precision)
    model.short_description = "a dense layer"
    model.save(str(OUT / name))
    dtype, size = ("float16", 2) if precision == ct.precision.FLOAT16 else ("float32", 4)
    facts = facts_of(model.get_spec())
    facts.update(parameters=64 * 4 + 64, weight_bytes={dtype: (64 * 4 + 64) * size}, producer={"name": "coremltools", "version": ct.__version__})
    return facts


def network(name):
    builder = NeuralNetworkBuilder([("image", datatypes.Array(3, 8, 8))], [("scores", datatypes.Array(5))], disable_rank5_shape_mapping=False)
    random = np.random.default_rng(1)
    builder.add_convolution("conv", kernel_channels=3, output_channels=4, height=3, width=3, stride_height=1, stride_width=1,
                            border_mode="same", groups=1, W=random.normal(size=(3, 3, 3, 4)), b=np.zeros(4), has_bias=True,
                            input_name="image", output_name="features")
    builder.add_pooling("pool", height=8, width=8, stride_height=1, stride_width=1, layer_type="AVERAGE", padding_type="VALID",
                        input_name="features", output_name="pooled")
    builder.add_inner_product("dense", W=random.normal(size=(5, 4)), b=np.zeros(5), input_channels=4, output_channels=5,
                              has_bias=True, input_name="pooled", output_name="scores")
    ct.models.utils.save_spec(builder.spec, str(OUT / name))
    weights = 3 * 3 * 3 * 4 + 4 + 5 * 4 + 5
    return {**facts_of(builder.spec), "parameters": weights, "weight_bytes": {"float32": weights * 4}}


def custom(name):
    builder = NeuralNetworkBuilder([("x", datatypes.Array(3))], [("y", datatypes.Array(3))])
    layer = builder.spec.neuralNetwork.layers.add(name="mine", input=["x"], output=["y"])
    layer.custom.className = "MyLayer"
    ct.models.utils.save_spec(builder.spec, str(OUT / name))
    return {**facts_of(builder.spec), "verdict": "suspicious"}


def trees(name):
    builder = TreeEnsembleClassifier([("features", datatypes.Array(2))], [0, 1], output_features="label")
    builder.set_default_prediction_value([0.0])
    builder.add_branch_node(0, 0, 1, 0.5, "BranchOnValueLessThanEqual", 1, 2)
    builder.add_leaf_node(0, 1, [-1.0])
    builder.add_leaf_node(0, 2, [1.0])
    ct.models.utils.save_spec(builder.spec, str(OUT / name))
    return {**facts_of(builder.spec), "metadata": {"trees": "1", "tree_nodes": "3"}}


def pipeline(name):
    steps = []
    for index in range(2):
        builder = NeuralNetworkBuilder([(f"x{index}", datatypes.Array(3))], [(f"x{index + 1}", datatypes.Array(3))])
        builder.add_activation(f"act{index}", "TANH", f"x{index}", f"x{index + 1}")
        steps.append(builder.spec)
    whole = ct.utils.make_pipeline(*(ct.models.MLModel(step, skip_model_load=True) for step in steps)).get_spec()
    ct.models.utils.save_spec(whole, str(OUT / name))
    parts = [{"format": "coreml", "architecture": "neuralNetwork"}] * 2
    return {**facts_of(whole), "components": parts, "operators": {"activation": 2}, "nodes": 2}


if __name__ == "__main__":
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    facts = {name: make(name) for name, make in {
        "program.mlpackage": lambda name: program(name, ct.precision.FLOAT16),
        "program_float32.mlpackage": lambda name: program(name, ct.precision.FLOAT32),
        "network.mlmodel": network, "custom_layer.mlmodel": custom, "trees.mlmodel": trees, "pipeline.mlmodel": pipeline,
    }.items()}
    (OUT / "facts.json").write_text(json.dumps(facts, indent=2, sort_keys=True) + "\n")
