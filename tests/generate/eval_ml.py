"""Cases of `ai.onnx.ml`, for `eval_cases.py`."""

import numpy
from onnx import helper, numpy_helper

TRANSFORMS = ["NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT"]


def node(op, inputs, outputs, **attributes):
    return helper.make_node(op, inputs, outputs, domain="ai.onnx.ml", **attributes)


def floats(*shape, seed=5):
    return numpy.random.default_rng(seed + sum(shape)).standard_normal(shape).astype(numpy.float32)


def words(*values):
    return numpy.array(values, object)


def features(case):
    x = {"x": floats(3, 4)}
    whole = {"x": numpy.array([[1, 0, 7], [0, 2, 7]], numpy.int64)}
    case("ml_extractor", node("ArrayFeatureExtractor", ["x", "i"], ["y"]), x | {"i": numpy.array([[3, 0]], numpy.int64)}, ml=1)
    case("ml_binarizer", node("Binarizer", ["x"], ["y"], threshold=0.3), x, ml=1)
    case("ml_scaler", node("Scaler", ["x"], ["y"], offset=[0.5, 0, 1, -1], scale=[2, 1, 0.5, 3]), x, ml=1)
    case("ml_scaler_one", node("Scaler", ["x"], ["y"], offset=[0.5], scale=[2.0]), whole, ml=1)
    for norm in ["MAX", "L1", "L2"]:
        case(f"ml_normalizer_{norm.lower()}", node("Normalizer", ["x"], ["y"], norm=norm), {"x": numpy.abs(floats(3, 4))}, ml=1)
    gaps = {"x": numpy.array([[1, numpy.nan, 3], [numpy.nan, 5, 6]], numpy.float32)}
    impute = node("Imputer", ["x"], ["y"], imputed_value_floats=[7.0, 8.0, 9.0], replaced_value_float=float("nan"))
    case("ml_imputer", impute, gaps, ml=1)
    impute = node("Imputer", ["x"], ["y"], imputed_value_int64s=[5], replaced_value_int64=0)
    case("ml_imputer_integers", impute, whole, ml=1)
    both = {"a": floats(2, 3), "b": floats(2, 1)}
    case("ml_vectorizer", node("FeatureVectorizer", ["a", "b"], ["y"], inputdimensions=[3, 1]), both, ml=1)
    case("ml_one_hot", node("OneHotEncoder", ["x"], ["y"], cats_int64s=[1, 7, 2]), whole, ml=1)
    case("ml_one_hot_strings", node("OneHotEncoder", ["x"], ["y"], cats_strings=["a", "b"]), {"x": words("b", "z", "a")}, ml=1)


def labels(case):
    text = {"x": words("b", "a", "z").reshape(3, 1)}
    case("ml_category_numbers", node("CategoryMapper", ["x"], ["y"], cats_strings=["a", "b"], cats_int64s=[4, 9]), text, ml=1)
    numbers = {"x": numpy.array([9, 4, 1], numpy.int64)}
    mapper = node("CategoryMapper", ["x"], ["y"], cats_strings=["a", "b"], cats_int64s=[4, 9], default_string="?")
    case("ml_category_names", mapper, numbers, ml=1)
    case("ml_label_1", node("LabelEncoder", ["x"], ["y"], classes_strings=["a", "b"]), text, ml=1)
    case("ml_label_1_back", node("LabelEncoder", ["x"], ["y"], classes_strings=["a", "b"]), {"x": numpy.array([1, 0, 5], numpy.int64)}, ml=1)
    encoder = node("LabelEncoder", ["x"], ["y"], keys_strings=["a", "b"], values_floats=[0.5, 1.5], default_float=-1.0)
    case("ml_label_2_floats", encoder, text, ml=2)
    encoder = node("LabelEncoder", ["x"], ["y"], keys_floats=[1.5, float("nan")], values_strings=["x", "nan"])
    for version in [2, 4]:
        case(f"ml_label_{version}_nan", encoder, {"x": numpy.array([1.5, numpy.nan, 0], numpy.float32)}, ml=version)
    encoder = node("LabelEncoder", ["x"], ["y"], keys_int64s=[4, 9], values_int64s=[1, 2])
    case("ml_label_2_default", encoder, numbers, ml=2)
    tensors = {
        "keys_tensor": numpy_helper.from_array(numpy.array([1.5, 2.5])),
        "values_tensor": numpy_helper.from_array(numpy.array([10, 20], numpy.int64)),
        "default_tensor": numpy_helper.from_array(numpy.array([-7], numpy.int64)),
    }
    case("ml_label_4", node("LabelEncoder", ["x"], ["y"], **tensors), {"x": numpy.array([2.5, 0, 1.5])}, ml=4)


def maps(case):
    rows = {"x": floats(2, 3)}
    case("ml_zip_map", node("ZipMap", ["x"], ["y"], classlabels_strings=["a", "b", "c"]), rows, ml=1)
    case("ml_zip_map_numbers", node("ZipMap", ["x"], ["y"], classlabels_int64s=[3, 5, 9]), rows, ml=1)
    sparse = {"x": {4: 1.5, 1: 2.0}}
    case("ml_cast_map", node("CastMap", ["x"], ["y"], cast_to="TO_FLOAT"), sparse, ml=1)
    case("ml_cast_map_sparse", node("CastMap", ["x"], ["y"], cast_to="TO_FLOAT", map_form="SPARSE", max_map=6), sparse, ml=1)
    case("ml_cast_map_strings", node("CastMap", ["x"], ["y"], cast_to="TO_STRING"), {"x": {4: 17.0, 1: -3.5}}, ml=1)
    case("ml_dict", node("DictVectorizer", ["x"], ["y"], string_vocabulary=["a", "b", "c"]), {"x": {"c": 1.5, "a": 2.5}}, ml=1)


def linear(case):
    x = {"x": floats(4, 3)}
    for transform in TRANSFORMS:
        name = transform.lower()
        three = dict(coefficients=floats(9).tolist(), intercepts=[0.1, -0.2, 0.3], post_transform=transform)
        one = dict(coefficients=[0.2, 0.1, -0.1], intercepts=[0.4], post_transform=transform)
        case(f"ml_linear_{name}", node("LinearClassifier", ["x"], ["l", "s"], classlabels_ints=[2, 4, 8], **three), x, ml=1, outputs=2)
        if transform != "PROBIT":  # ONNX Runtime leaves the second score to chance
            case(f"ml_linear_pair_{name}", node("LinearClassifier", ["x"], ["l", "s"], classlabels_strings=["n", "y"], **one), x, ml=1, outputs=2)
        case(f"ml_regression_{name}", node("LinearRegressor", ["x"], ["y"], targets=3, **three), x, ml=1)


def machines(case):
    x = {"x": floats(4, 3)}
    vectors = floats(5, 3, seed=9).flatten().tolist()
    for kernel in ["LINEAR", "POLY", "RBF", "SIGMOID"]:
        base = dict(kernel_type=kernel, kernel_params=[0.4, 0.2, 2.0], support_vectors=vectors)
        name = kernel.lower()
        regressor = node("SVMRegressor", ["x"], ["y"], coefficients=[0.5, -0.3, 0.2, 0.9, -0.7], n_supports=5, rho=[0.2], **base)
        case(f"ml_svm_regressor_{name}", regressor, x, ml=1)
        pair = dict(coefficients=[0.5, -0.3, 0.2, 0.9, -0.7], rho=[0.1], vectors_per_class=[2, 3], **base)
        three = dict(coefficients=floats(10).tolist(), rho=[0.1, -0.2, 0.3], vectors_per_class=[2, 1, 2], **base)
        for title, options, names in [("pair", pair, [3, 7]), ("three", three, [1, 2, 5])]:
            count = len(options["rho"])
            classifier = node("SVMClassifier", ["x"], ["l", "s"], classlabels_ints=names, **options)
            case(f"ml_svm_{title}_{name}", classifier, x, ml=1, outputs=2)
            odds = dict(prob_a=[-1.2, -0.8, -0.5][:count], prob_b=[0.1, -0.1, 0.2][:count])
            classifier = node("SVMClassifier", ["x"], ["l", "s"], classlabels_ints=names, **odds, **options)
            case(f"ml_svm_{title}_{name}_odds", classifier, x, ml=1, outputs=2)
    one = dict(kernel_type="RBF", kernel_params=[0.4, 0, 3], support_vectors=vectors, n_supports=5, rho=[-0.9])
    case("ml_svm_one_class", node("SVMRegressor", ["x"], ["y"], coefficients=[0.5, 0.3, 0.2, 0.9, 0.7], one_class=1, **one), x, ml=1)
    flat = dict(kernel_type="LINEAR", kernel_params=[0.0, 0, 3], coefficients=[0.5, -0.3, 0.2], rho=[0.25])
    case("ml_svm_linear_regressor", node("SVMRegressor", ["x"], ["y"], **flat), x, ml=1)


def trees(case):
    x = {"x": floats(6, 3)}
    # two trees: x0 <= 0.1 ? (x1 < -0.2 ? leaf : leaf) : leaf, and x2 > 0 ? leaf : leaf
    shape = dict(
        nodes_treeids=[0, 0, 0, 0, 0, 1, 1, 1], nodes_nodeids=[0, 1, 2, 3, 4, 0, 1, 2],
        nodes_featureids=[0, 1, 0, 0, 0, 2, 0, 0], nodes_values=[0.1, -0.2, 0, 0, 0, 0, 0, 0],
        nodes_modes=["BRANCH_LEQ", "BRANCH_LT", "LEAF", "LEAF", "LEAF", "BRANCH_GT", "LEAF", "LEAF"],
        nodes_truenodeids=[1, 3, 0, 0, 0, 1, 0, 0], nodes_falsenodeids=[2, 4, 0, 0, 0, 2, 0, 0],
    )  # fmt: skip

    def leaves(prefix, targets, weights):
        return {
            f"{prefix}_treeids": [0, 0, 0, 1, 1], f"{prefix}_nodeids": [2, 3, 4, 1, 2],
            f"{prefix}_ids": targets, f"{prefix}_weights": weights,
        }  # fmt: skip

    for how in ["SUM", "AVERAGE", "MIN", "MAX"]:
        one = leaves("target", [0] * 5, [1.5, -2, 0.5, 3, -1])
        tree = node("TreeEnsembleRegressor", ["x"], ["y"], n_targets=1, aggregate_function=how, base_values=[0.25], **shape, **one)
        case(f"ml_trees_{how.lower()}", tree, x, ml=1)
        two = leaves("target", [0, 1, 0, 1, 0], [1.5, -2, 0.5, 3, -1])
        tree = node("TreeEnsembleRegressor", ["x"], ["y"], n_targets=2, aggregate_function=how, **shape, **two)
        case(f"ml_trees_{how.lower()}_two", tree, x, ml=1)
    for transform in TRANSFORMS:
        name = transform.lower()
        for title, targets, names in [("three", [0, 1, 2, 1, 0], [5, 6, 7]), ("pair", [0] * 5, [3, 9]), ("both", [0, 1, 0, 1, 1], [3, 9])]:
            if title != "three" and transform == "PROBIT":
                continue  # ONNX Runtime leaves the second score to chance
            if title == "both" and transform != "NONE":
                continue
            for sign, weights in [("", [0.5, -0.3, 0.2, 0.4, -0.1]), ("_positive", [0.5, 0.3, 0.2, 0.4, 0.1])]:
                end = leaves("class", targets, weights)
                tree = node("TreeEnsembleClassifier", ["x"], ["l", "s"], classlabels_int64s=names, post_transform=transform, **shape, **end)
                case(f"ml_trees_{title}_{name}{sign}", tree, x, ml=1, outputs=2)
    missing = {"x": numpy.array([[numpy.nan, 0, numpy.nan], [1, numpy.nan, 1]], numpy.float32)}
    one = leaves("target", [0] * 5, [1.5, -2, 0.5, 3, -1])
    tree = node("TreeEnsembleRegressor", ["x"], ["y"], n_targets=1, nodes_missing_value_tracks_true=[1, 0, 0, 0, 0, 1, 0, 0], **shape, **one)
    case("ml_trees_missing", tree, missing, ml=1)
    double = {"x": floats(6, 3).astype(numpy.float64)}
    wide = {key: value for key, value in shape.items() if key != "nodes_values"}
    wide["nodes_values_as_tensor"] = numpy_helper.from_array(numpy.array(shape["nodes_values"], numpy.float64))
    one = leaves("target", [0] * 5, [])
    del one["target_weights"]
    one["target_weights_as_tensor"] = numpy_helper.from_array(numpy.array([1.5, -2, 0.5, 3, -1], numpy.float64))
    case("ml_trees_3_double", node("TreeEnsembleRegressor", ["x"], ["y"], n_targets=1, **wide, **one), double, ml=3)


def write(case):
    features(case)
    labels(case)
    maps(case)
    linear(case)
    machines(case)
    trees(case)
