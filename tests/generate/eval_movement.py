"""Cases of operators that move elements, of control flow and of strings, for `eval_cases.py`."""

import numpy
from onnx import TensorProto, helper

node = helper.make_node


def ints(*values):
    return numpy.array(values, numpy.int64)


def floats(*shape):
    return numpy.random.default_rng(len(shape) + sum(shape)).standard_normal(shape).astype(numpy.float32)


def ramp(*shape, dtype=numpy.float32):
    return numpy.arange(numpy.prod(shape)).reshape(shape).astype(dtype)


def info(name, dtype=TensorProto.FLOAT, shape=None):
    return helper.make_tensor_value_info(name, dtype, shape)


def words(*values):
    return numpy.array(values, object)


def old_versions(case):
    x = {"x": floats(3, 4, 5)}
    case("slice_1", node("Slice", ["x"], ["y"], starts=[1, -3], ends=[1000, -1], axes=[0, 2]), x, 7)
    case("slice_1_all", node("Slice", ["x"], ["y"], starts=[0, 1], ends=[-1, 3]), x, 7)
    for mode in ["constant", "reflect", "edge"]:
        case(f"pad_2_{mode}", node("Pad", ["x"], ["y"], mode=mode, pads=[0, 1, 2, 1, 0, 3], value=1.5), x, 7)
    case("pad_2_crop", node("Pad", ["x"], ["y"], pads=[-1, 1, 0, 0, -2, 0]), x, 7)
    case("top_k_1", node("TopK", ["x"], ["y", "i"], k=2, axis=1), x, 9, outputs=2)
    case("top_k_10", node("TopK", ["x", "k"], ["y", "i"], axis=-1), x | {"k": ints(3)}, 10, outputs=2)
    case("squeeze_1", node("Squeeze", ["x"], ["y"], axes=[1]), {"x": floats(2, 1, 1, 3)}, 7)
    case("squeeze_1_all", node("Squeeze", ["x"], ["y"]), {"x": floats(2, 1, 1, 3)}, 7)
    case("unsqueeze_1", node("Unsqueeze", ["x"], ["y"], axes=[0, 3]), x, 7)
    case("split_2", node("Split", ["x"], ["a", "b", "c"], axis=2, split=[1, 1, 3]), x, 7, outputs=3)
    case("split_2_equal", node("Split", ["x"], ["a", "b"], axis=1), x, 7, outputs=2)
    case("split_18", node("Split", ["x"], ["a", "b"], axis=2, num_outputs=2), x, 18, outputs=2)
    case("flatten_1", node("Flatten", ["x"], ["y"], axis=2), x, 7)
    case("flatten_0", node("Flatten", ["x"], ["y"], axis=0), x, 9)
    case("concat_4", node("Concat", ["x", "z"], ["y"], axis=1), x | {"z": floats(3, 2, 5)}, 7)
    case("tile_6", node("Tile", ["x", "r"], ["y"]), x | {"r": ints(2, 1, 3)}, 7)
    case("reshape_5", node("Reshape", ["x", "s"], ["y"]), x | {"s": ints(0, -1)}, 7)
    case("expand_8", node("Expand", ["x", "s"], ["y"]), {"x": floats(3, 1), "s": ints(2, 1, 4)}, 8)
    case("gather_1", node("Gather", ["x", "i"], ["y"], axis=1), x | {"i": numpy.array([[0, 3], [2, 2]], numpy.int32)}, 7)
    scatter = {"i": ints(1, 0, 2).reshape(1, 3), "u": floats(1, 3)}
    case("scatter_9", node("Scatter", ["x", "i", "u"], ["y"], axis=0), {"x": floats(3, 3)} | scatter, 9)
    case("dropout_7", node("Dropout", ["x"], ["y"], ratio=0.3), x, 7)
    case("dropout_10", node("Dropout", ["x"], ["y"], ratio=0.3), x, 10)
    case("compress_9", node("Compress", ["x", "c"], ["y"], axis=1), x | {"c": numpy.array([True, False, True])}, 9)
    case("compress_9_flat", node("Compress", ["x", "c"], ["y"]), x | {"c": numpy.array([False, True, True])}, 9)
    one_hot = {"i": ints(0, 2, -1, 7), "d": ints(4), "v": numpy.array([2, 5], numpy.float32)}
    case("one_hot_9", node("OneHot", ["i", "d", "v"], ["y"], axis=0), one_hot, 9)
    case("eye_like_9", node("EyeLike", ["x"], ["y"], k=-1, dtype=TensorProto.INT64), {"x": floats(3, 4)}, 9)
    shape = helper.make_tensor("v", TensorProto.INT32, [1], [7])
    case("constant_of_shape_9", node("ConstantOfShape", ["s"], ["y"], value=shape), {"s": ints(2, 0, 3)}, 9)
    depth = {"x": ramp(1, 8, 2, 3)}
    case("depth_to_space_1", node("DepthToSpace", ["x"], ["y"], blocksize=2), depth, 7)
    case("depth_to_space_crd", node("DepthToSpace", ["x"], ["y"], blocksize=2, mode="CRD"), depth, 11)
    for name, scales, mode, size in [
        ("nearest", [1.0, 1.0, 2.0, 1.5], "nearest", (2, 4)), ("linear", [1.0, 1.0, 2.0, 3.0], "linear", (3, 2)),
    ]:  # fmt: skip
        x = {"x": floats(1, 2, *size)}
        case(f"upsample_7_{name}", node("Upsample", ["x"], ["y"], mode=mode, scales=scales), x, 7)
        x["s"] = numpy.array(scales, numpy.float32)
        case(f"upsample_9_{name}", node("Upsample", ["x", "s"], ["y"], mode=mode), x, 9)
        case(f"resize_10_{name}", node("Resize", ["x", "s"], ["y"], mode=mode), x, 10)
    x = {"x": floats(1, 2, 5, 7), "s": numpy.array([1, 1, 0.6, 0.5], numpy.float32)}
    case("resize_10_nearest_down", node("Resize", ["x", "s"], ["y"]), x, 10)
    case("resize_10_linear_down", node("Resize", ["x", "s"], ["y"], mode="linear"), x, 10)


def resizes(case):
    for mode in ["nearest", "linear", "cubic"]:
        for how in ["half_pixel", "pytorch_half_pixel", "asymmetric", "align_corners"]:
            for to in [(7, 3), (2, 9)]:
                x = {"x": floats(1, 1, 4, 5), "z": ints(1, 1, *to)}
                resize = node("Resize", ["x", "", "", "z"], ["y"], mode=mode, coordinate_transformation_mode=how)
                case(f"resize_13_{mode}_{how}_{to[0]}", resize, x, 13)
    x = {"x": floats(1, 1, 4, 4), "r": numpy.array([0, 0, 0.4, -0.2, 1, 1, 0.9, 1.3], numpy.float32), "z": ints(1, 1, 3, 5)}
    crop = {"coordinate_transformation_mode": "tf_crop_and_resize", "extrapolation_value": 10.0}
    case("resize_13_crop", node("Resize", ["x", "r", "", "z"], ["y"], mode="linear", **crop), x, 13)
    x = {"x": floats(1, 1, 9, 8), "s": numpy.array([0.4, 0.7], numpy.float32)}
    for mode in ["linear", "cubic"]:
        small = node("Resize", ["x", "", "s"], ["y"], mode=mode, antialias=1, exclude_outside=1, axes=[2, 3])
        case(f"resize_18_{mode}_antialias", small, x, 18)
    x = {"x": ramp(1, 1, 3, 5, dtype=numpy.uint8), "z": ints(6, 8)}
    for policy in ["not_larger", "not_smaller"]:
        fit = node("Resize", ["x", "", "", "z"], ["y"], axes=[2, 3], keep_aspect_ratio_policy=policy)
        case(f"resize_19_{policy}", fit, x, 19)
    grid = (floats(1, 3, 4, 2) * 1.2).astype(numpy.float32)
    for mode in ["bilinear", "nearest", "bicubic"]:
        for border in ["zeros", "border", "reflection"]:
            for corners in [0, 1]:
                sample = node("GridSample", ["x", "g"], ["y"], mode=mode, padding_mode=border, align_corners=corners)
                case(f"grid_sample_16_{mode}_{border}_{corners}", sample, {"x": floats(1, 2, 5, 4), "g": grid}, 16)


def movement(case):
    x = {"x": words("a", "b", "c", "d", "e", "f").reshape(2, 3)}
    case("transpose_strings", node("Transpose", ["x"], ["y"]), x)
    back = {"s": ints(-1, 5), "e": ints(-9, 0), "a": ints(0, 1), "t": ints(-1, -2)}
    case("slice_back", node("Slice", ["x", "s", "e", "a", "t"], ["y"]), {"x": floats(4, 6)} | back)
    case("slice_far", node("Slice", ["x", "s", "e"], ["y"]), {"x": floats(4), "s": ints(-(2**62)), "e": ints(2**62)})
    x = {"x": ramp(3, 4, dtype=numpy.int64), "p": ints(3, 5), "a": ints(1)}
    case("pad_19_wrap", node("Pad", ["x", "p", "", "a"], ["y"], mode="wrap"), x, 19)
    case("pad_18_reflect", node("Pad", ["x", "p", "", "a"], ["y"], mode="reflect"), x | {"p": ints(3, 2)}, 18)
    x = {"x": floats(2, 3, 4), "i": ints(0, 2, 1, -1).reshape(2, 2, 1)}
    case("gather_nd_batch", node("GatherND", ["x", "i"], ["y"], batch_dims=1), x, 13)
    for how in ["none", "add", "mul", "min", "max"]:
        x = {"x": floats(4, 3), "i": ints(1, 3, 1).reshape(3, 1), "u": floats(3, 3)}
        if how == "none":
            x["i"] = ints(1, 3, 0).reshape(3, 1)
        case(f"scatter_nd_18_{how}", node("ScatterND", ["x", "i", "u"], ["y"], reduction=how), x, 18)
        x = {"x": floats(4, 3), "i": ints(1, -1, 1, 0).reshape(2, 2), "u": floats(2, 2)}
        case(f"scatter_elements_18_{how}", node("ScatterElements", ["x", "i", "u"], ["y"], axis=0, reduction=how), x, 18)
    case("trilu_k", node("Trilu", ["x", "k"], ["y"], upper=0), {"x": floats(2, 3, 4), "k": ints(-1).reshape(())}, 14)
    for kept in [0, 1]:
        unique = node("Unique", ["x"], ["y", "i", "v", "c"], axis=1, sorted=kept)
        case(f"unique_axis_{kept}", unique, {"x": numpy.array([[3, 1, 3, 2], [0, 1, 0, 2]], numpy.int64)}, outputs=4)
    unique = node("Unique", ["x"], ["y", "i", "v", "c"], sorted=0)
    case("unique_strings", unique, {"x": words("b", "a", "b", "c", "a")}, outputs=4)
    boxes = {
        "b": numpy.array([[[0.5, 0.5, 1, 1], [0.5, 0.6, 1, 1], [0.5, 0.4, 1, 1], [0.5, 10.5, 1, 1]]], numpy.float32),
        "s": numpy.array([[[0.9, 0.75, 0.6, 0.95], [0.2, 0.8, 0.4, 0.1]]], numpy.float32),
        "m": ints(3), "t": numpy.array([0.5], numpy.float32), "l": numpy.array([0.3], numpy.float32),
    }  # fmt: skip
    for center in [0, 1]:
        select = node("NonMaxSuppression", ["b", "s", "m", "t", "l"], ["y"], center_point_box=center)
        case(f"non_max_suppression_{center}", select, boxes, 11)
    x = {"x": ramp(4, 3, 2), "n": ints(2, 3, 1)}
    case("reverse_sequence", node("ReverseSequence", ["x", "n"], ["y"]), x, 10)
    case("range_down", node("Range", ["a", "b", "c"], ["y"]), {"a": ints(9)[0:1].reshape(()), "b": ints(0).reshape(()), "c": ints(-4).reshape(())})
    case("top_k_least", node("TopK", ["x", "k"], ["y", "i"], axis=0, largest=0), {"x": ramp(4, 3) % 3, "k": ints(2)}, outputs=2)
    case("non_zero", node("NonZero", ["x"], ["y"]), {"x": numpy.array([[0, 1], [2, 0], [0, 3]], numpy.int32)})
    case("tfidf", node("TfIdfVectorizer", ["x"], ["y"], mode="TFIDF", min_gram_length=1, max_gram_length=2, max_skip_count=1,
         ngram_counts=[0, 3], ngram_indexes=[0, 2, 1, 3, 4], pool_strings=["a", "b", "c", "a", "b", "b", "c"],
         weights=[1.0, 2.0, 3.0, 4.0, 5.0]), {"x": words("a", "b", "a", "x", "b", "c", "c")}, 9)  # fmt: skip
    for action in ["NONE", "LOWER", "UPPER"]:
        for exact in [0, 1]:
            normal = node("StringNormalizer", ["x"], ["y"], case_change_action=action, is_case_sensitive=exact, locale="C", stopwords=["monday", "TUE"])
            case(f"string_normalizer_{action.lower()}_{exact}", normal, {"x": words("Monday", "monday", "Tue", "TUE", "wed")}, 10)


def flow(case):
    # sums while below a bound; the scan output has a value for each turn
    body = helper.make_graph(
        [node("Add", ["s", "step"], ["t"]), node("Less", ["t", "bound"], ["c"]), node("Identity", ["t"], ["o"]),
         node("Cast", ["i"], ["f"], to=TensorProto.FLOAT), node("Mul", ["t", "f"], ["p"])],
        "body", [info("i", TensorProto.INT64, []), info("d", TensorProto.BOOL, []), info("s", shape=[1])],
        [info("c", TensorProto.BOOL, [1]), info("o", shape=[1]), info("p", shape=[1])],
    )  # fmt: skip
    values = {name: numpy.array([value], numpy.float32) for name, value in [("x", 0.5), ("step", 2), ("bound", 9)]}
    start = {"m": ints(100)[0:1].reshape(()), "k": numpy.array(True)}
    for name, most in [("loop_while", 100), ("loop_counted", 2), ("loop_never", 0)]:
        start["m"] = numpy.array(most, numpy.int64)
        case(name, node("Loop", ["m", "k", "x"], ["y", "z"], body=body), start | values, 11, outputs=2)
    # a sequence is carried
    body = helper.make_graph(
        [node("SequenceInsert", ["q", "x"], ["r"]), node("Identity", ["d"], ["c"])],
        "body", [info("i", TensorProto.INT64, []), info("d", TensorProto.BOOL, []),
                 helper.make_tensor_sequence_value_info("q", TensorProto.FLOAT, None)],
        [info("c", TensorProto.BOOL, []), helper.make_tensor_sequence_value_info("r", TensorProto.FLOAT, None)],
    )  # fmt: skip
    start["m"] = numpy.array(3, numpy.int64)
    nodes = [node("SequenceConstruct", ["x", "x"], ["q0"]), node("Loop", ["m", "k", "q0"], ["y"], body=body),
             node("ConcatFromSequence", ["y"], ["w"], axis=0, new_axis=1)]  # fmt: skip
    case("loop_sequence", nodes, start | {"x": floats(2, 2)}, 13)
    # a loop inside a branch reads what lies outside of both
    inner = helper.make_graph(
        [node("Add", ["s", "far"], ["t"]), node("Identity", ["d"], ["c"])],
        "inner", [info("i", TensorProto.INT64, []), info("d", TensorProto.BOOL, []), info("s", shape=[2])],
        [info("c", TensorProto.BOOL, []), info("t", shape=[2])],
    )  # fmt: skip
    then = helper.make_graph([node("Loop", ["m", "k", "near"], ["a"], body=inner)], "then", [], [info("a", shape=[2])])
    other = helper.make_graph([node("Identity", ["far"], ["b"])], "other", [], [info("b", shape=[2])])
    for value in [True, False]:
        feeds = start | {"near": floats(2), "far": ramp(2), "w": numpy.array(value)}
        case(f"if_{str(value).lower()}", node("If", ["w"], ["y"], then_branch=then, else_branch=other), feeds, 11)
    body = helper.make_graph(
        [node("Add", ["s", "v"], ["t"]), node("Mul", ["t", "v"], ["o"])],
        "body", [info("s", shape=[2]), info("v", shape=[2])], [info("t", shape=[2]), info("o", shape=[2])],
    )  # fmt: skip
    for name, options in [
        ("forward", {}), ("backward", {"scan_input_directions": [1], "scan_output_directions": [1]}),
        ("axes", {"scan_input_axes": [1], "scan_output_axes": [-1]}),
    ]:  # fmt: skip
        x = floats(2, 3) if name == "axes" else floats(3, 2)
        case(f"scan_9_{name}", node("Scan", ["s", "x"], ["y", "z"], num_scan_inputs=1, body=body, **options), {"s": floats(2), "x": x}, 11, outputs=2)
    scan = node("Scan", ["n", "s", "x"], ["y", "z"], num_scan_inputs=1, body=body, directions=[1])
    case("scan_8", scan, {"n": ints(3, 1), "s": floats(2, 2), "x": floats(2, 3, 2)}, 8, outputs=2)
    nodes = [node("SplitToSequence", ["x", "n"], ["q"], axis=1), node("SequenceErase", ["q", "p"], ["r"])]
    case("split_to_sequence", nodes, {"x": floats(2, 5), "n": ints(2).reshape(()), "p": ints(-2).reshape(())}, 13)
    nodes = [node("SplitToSequence", ["x"], ["q"], axis=0, keepdims=0), node("SequenceAt", ["q", "p"], ["r"])]
    case("split_to_sequence_single", nodes, {"x": floats(3, 2), "p": ints(-1).reshape(())}, 13)


def write(case):
    old_versions(case)
    resizes(case)
    movement(case)
    flow(case)
