"""Small networks of the shapes that people bring, with random weights and dynamic dimensions."""

import numpy
from onnx import TensorProto as T
from onnx import helper, numpy_helper

from . import model, read, wrap


def weights(made, seed, **shapes):
    """Adds an initializer for each name, drawn from a narrow normal distribution."""
    draw = numpy.random.default_rng(seed)
    for name, shape in shapes.items():
        values = (0.3 * draw.standard_normal(shape)).astype(numpy.float32)
        made.graph.initializer.append(numpy_helper.from_array(values, name))


def fixed(made, **arrays):
    made.graph.initializer.extend(numpy_helper.from_array(value, name) for name, value in arrays.items())


def name_nodes(made):
    """Names nodes as exporters do: a path of the operator and a number."""
    for index, node in enumerate(made.graph.node):
        node.name = f"/{node.op_type}_{index}"


@model
def net_mlp():
    made = read("""
        <ir_version: 8, opset_import: ["" : 17], producer_name: "modelium-tests">
        mlp (float[batch, 10] features) => (float[batch, 3] probabilities)
        {
            h1 = Gemm <transB = 1> (features, w1, b1)
            a1 = Relu (h1)
            h2 = Gemm <transB = 1> (a1, w2, b2)
            a2 = Tanh (h2)
            h3 = Gemm <transB = 1> (a2, w3, b3)
            probabilities = Softmax <axis = -1> (h3)
        }
    """)
    weights(made, 1, w1=(16, 10), b1=16, w2=(16, 16), b2=16, w3=(3, 16), b3=3)
    name_nodes(made)
    return made


@model
def net_cnn():
    """Convolutions with batch normalisation, a grouped one, a shortcut, and a flatten that asks for the batch."""
    made = read("""
        <ir_version: 8, opset_import: ["" : 17], producer_name: "modelium-tests">
        cnn (float[batch, 3, 16, 16] image) => (float[batch, 5] logits)
        {
            c1 = Conv <kernel_shape = [3, 3], pads = [1, 1, 1, 1], strides = [2, 2]> (image, w1)
            n1 = BatchNormalization <epsilon = 1e-5> (c1, g1, s1, m1, v1)
            a1 = Relu (n1)
            c2 = Conv <kernel_shape = [3, 3], pads = [1, 1, 1, 1], group = 8> (a1, w2, b2)
            n2 = BatchNormalization (c2, g2, s2, m2, v2)
            sum = Add (n2, a1)
            a2 = Relu (sum)
            p = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (a2)
            c3 = Conv <auto_pad = "SAME_UPPER", dilations = [1, 1]> (p, w3, b3)
            h = HardSigmoid (c3)
            swish = Mul (c3, h)
            pooled = GlobalAveragePool (swish)
            shape = Shape (pooled)
            zero = Constant <value = int64 {0}> ()
            size = Gather <axis = 0> (shape, zero)
            front = Constant <value = int64[1] {0}> ()
            batch_1 = Unsqueeze (size, front)
            rest = Constant <value = int64[1] {-1}> ()
            target = Concat <axis = 0> (batch_1, rest)
            flat = Reshape (pooled, target)
            logits = Gemm <transB = 1> (flat, w4, b4)
        }
    """)
    weights(made, 2, w1=(8, 3, 3, 3), w2=(8, 1, 3, 3), b2=8, w3=(16, 8, 3, 3), b3=16, w4=(5, 16), b4=5)
    weights(made, 3, g1=8, s1=8, m1=8, g2=8, s2=8, m2=8)
    fixed(made, v1=numpy.linspace(0.5, 1.5, 8, dtype=numpy.float32), v2=numpy.full(8, 0.7, numpy.float32))
    name_nodes(made)
    return made


@model
def net_transformer():
    """One block, batch and sequence dynamic, its reshapes computed from Shape; the embedding is also the head."""
    made = read("""
        <ir_version: 8, opset_import: ["" : 17], producer_name: "modelium-tests">
        block (int64[batch, sequence] input_ids, int64[batch, sequence] attention_mask) =>
              (float[batch, sequence, 40] logits)
        {
            tokens = Gather (embedding, input_ids)
            ids_shape = Shape (input_ids)
            i0 = Constant <value = int64 {0}> ()
            i1 = Constant <value = int64 {1}> ()
            batch_size = Gather <axis = 0> (ids_shape, i0)
            length = Gather <axis = 0> (ids_shape, i1)
            places = Range (i0, length, i1)
            position = Gather (positions, places)
            x = Add (tokens, position)

            mean = ReduceMean <axes = [-1], keepdims = 1> (x)
            centred = Sub (x, mean)
            two = Constant <value = float {2.0}> ()
            squares = Pow (centred, two)
            variance = ReduceMean <axes = [-1], keepdims = 1> (squares)
            safe = Add (variance, epsilon)
            deviation = Sqrt (safe)
            normal = Div (centred, deviation)
            scaled = Mul (normal, norm1_weight)
            normed = Add (scaled, norm1_bias)

            q_flat = MatMul (normed, wq)
            k_flat = MatMul (normed, wk)
            v_flat = MatMul (normed, wv)
            front = Constant <value = int64[1] {0}> ()
            batch_1 = Unsqueeze (batch_size, front)
            length_1 = Unsqueeze (length, front)
            heads_1 = Constant <value = int64[1] {2}> ()
            width_1 = Constant <value = int64[1] {8}> ()
            split_shape = Concat <axis = 0> (batch_1, length_1, heads_1, width_1)
            q_heads = Reshape (q_flat, split_shape)
            k_heads = Reshape (k_flat, split_shape)
            v_heads = Reshape (v_flat, split_shape)
            q = Transpose <perm = [0, 2, 1, 3]> (q_heads)
            k = Transpose <perm = [0, 2, 3, 1]> (k_heads)
            v = Transpose <perm = [0, 2, 1, 3]> (v_heads)

            products = MatMul (q, k)
            scores = Div (products, root)
            mask_axes = Constant <value = int64[2] {1, 2}> ()
            mask_4d = Unsqueeze (attention_mask, mask_axes)
            mask = Cast <to = 1> (mask_4d)
            one = Constant <value = float {1.0}> ()
            hidden = Sub (one, mask)
            penalty = Mul (hidden, lowest)
            masked = Add (scores, penalty)
            attention = Softmax <axis = -1> (masked)
            mixed = MatMul (attention, v)
            turned = Transpose <perm = [0, 2, 1, 3]> (mixed)
            model_1 = Constant <value = int64[1] {16}> ()
            join_shape = Concat <axis = 0> (batch_1, length_1, model_1)
            joined = Reshape (turned, join_shape)
            projected = MatMul (joined, wo)
            residual = Add (x, projected)

            normed2 = LayerNormalization <axis = -1, epsilon = 1e-5> (residual, norm2_weight, norm2_bias)
            up_flat = MatMul (normed2, w_up)
            up = Add (up_flat, b_up)
            divided = Div (up, sqrt2)
            erf = Erf (divided)
            shifted = Add (erf, one)
            doubled = Mul (up, shifted)
            half = Constant <value = float {0.5}> ()
            gelu = Mul (doubled, half)
            down_flat = MatMul (gelu, w_down)
            down = Add (down_flat, b_down)
            out = Add (residual, down)
            head = Transpose <perm = [1, 0]> (embedding)
            logits = MatMul (out, head)
        }
    """)
    weights(
        made, 4, embedding=(40, 16), positions=(24, 16), wq=(16, 16), wk=(16, 16), wv=(16, 16), wo=(16, 16),
        norm1_weight=16, norm1_bias=16, norm2_weight=16, norm2_bias=16,
        w_up=(16, 32), b_up=32, w_down=(32, 16), b_down=16,
    )
    single = {"epsilon": 1e-5, "root": 8**0.5, "lowest": -1e9, "sqrt2": 2**0.5}
    fixed(made, **{name: numpy.array(value, dtype=numpy.float32) for name, value in single.items()})
    name_nodes(made)
    return made


@model
def net_lstm():
    """Bidirectional, over a sequence of any length; its first state is made from the batch at run time."""
    made = read("""
        <ir_version: 8, opset_import: ["" : 17], producer_name: "modelium-tests">
        tagger (float[sequence, batch, 6] words, int32[batch] lengths) =>
               (float[sequence, batch, 4] tags, float[2, batch, 5] last)
        {
            shape = Shape (words)
            one = Constant <value = int64 {1}> ()
            front = Constant <value = int64[1] {0}> ()
            size = Gather <axis = 0> (shape, one)
            batch_1 = Unsqueeze (size, front)
            directions = Constant <value = int64[1] {2}> ()
            width = Constant <value = int64[1] {5}> ()
            state_shape = Concat <axis = 0> (directions, batch_1, width)
            state = ConstantOfShape <value = float[1] {0.0}> (state_shape)
            all, last, cell = LSTM <hidden_size = 5, direction = "bidirectional"> (
                words, W, R, B, lengths, state, state
            )
            turned = Transpose <perm = [0, 2, 1, 3]> (all)
            flat_shape = Constant <value = int64[3] {0, 0, -1}> ()
            flat = Reshape (turned, flat_shape)
            product = MatMul (flat, w)
            tags = Add (product, b)
        }
    """)
    weights(made, 5, W=(2, 20, 6), R=(2, 20, 5), B=(2, 40), w=(10, 4), b=4)
    name_nodes(made)
    return made


@model
def net_quantized():
    """A convolution between QuantizeLinear and DequantizeLinear, weights int8 per channel."""
    made = read("""
        <ir_version: 8, opset_import: ["" : 17], producer_name: "modelium-tests">
        qdq (float[batch, 2, 6, 6] x) => (float[batch, 4, 6, 6] y)
        <float x_scale = {0.05}, uint8 x_zero = {128}, float y_scale = {0.1}, uint8 y_zero = {0}>
        {
            xq = QuantizeLinear (x, x_scale, x_zero)
            xd = DequantizeLinear (xq, x_scale, x_zero)
            wd = DequantizeLinear <axis = 0> (w, w_scale, w_zero)
            bd = DequantizeLinear <axis = 0> (b, b_scale)
            c = Conv <kernel_shape = [3, 3], pads = [1, 1, 1, 1]> (xd, wd, bd)
            a = Relu (c)
            yq = QuantizeLinear (a, y_scale, y_zero)
            y = DequantizeLinear (yq, y_scale, y_zero)
        }
    """)
    draw = numpy.random.default_rng(6)
    fixed(
        made, w=draw.integers(-127, 128, (4, 2, 3, 3)).astype(numpy.int8), w_zero=numpy.zeros(4, numpy.int8),
        w_scale=numpy.array([0.01, 0.02, 0.005, 0.015], numpy.float32),
        b=draw.integers(-500, 500, 4).astype(numpy.int32),
        b_scale=numpy.array([0.0005, 0.001, 0.00025, 0.00075], numpy.float32),
    )
    name_nodes(made)
    return made


@model
def net_classical():
    """A pipeline as converters from scikit-learn write it: scaler, linear classifier, label, scores by name."""
    ml = "ai.onnx.ml"
    scores = helper.make_sequence_type_proto(
        helper.make_map_type_proto(T.STRING, helper.make_tensor_type_proto(T.FLOAT, []))
    )
    graph = helper.make_graph(
        [
            helper.make_node("Scaler", ["features"], ["scaled"], "scaler", domain=ml, offset=[5.8, 3.0, 3.7],
                             scale=[1.2, 2.3, 0.6]),
            helper.make_node(
                "LinearClassifier", ["scaled"], ["label", "raw"], "classifier", domain=ml,
                classlabels_strings=["setosa", "virginica"], coefficients=[0.5, -1.0, 2.0, -0.5, 1.0, -2.0],
                intercepts=[0.1, -0.1], multi_class=0, post_transform="SOFTMAX",
            ),
            helper.make_node("Normalizer", ["raw"], ["normal"], "normalizer", domain=ml, norm="L1"),
            helper.make_node(
                "ZipMap", ["normal"], ["scores"], "zipmap", domain=ml, classlabels_strings=["setosa", "virginica"],
            ),
            helper.make_node(
                "TreeEnsembleRegressor", ["scaled"], ["age"], "trees", domain=ml, n_targets=1,
                nodes_treeids=[0, 0, 0], nodes_nodeids=[0, 1, 2], nodes_featureids=[1, 0, 0],
                nodes_values=[0.5, 0.0, 0.0], nodes_modes=["BRANCH_LEQ", "LEAF", "LEAF"],
                nodes_truenodeids=[1, 0, 0], nodes_falsenodeids=[2, 0, 0],
                target_treeids=[0, 0], target_nodeids=[1, 2], target_ids=[0, 0], target_weights=[10.0, 20.0],
            ),
        ],
        "pipeline",
        [helper.make_tensor_value_info("features", T.FLOAT, ["n", 3])],
        [
            helper.make_tensor_value_info("label", T.STRING, ["n"]), helper.make_value_info("scores", scores),
            helper.make_tensor_value_info("age", T.FLOAT, ["n", 1]),
        ],
    )
    return wrap(graph, {"": 17, ml: 3}, 8)
