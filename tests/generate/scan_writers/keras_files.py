"""Keras: small models for each group of layers, in .keras, .h5 and weights alone."""

import os

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
from keras import layers

from . import saved


def models():
    def flat(*inner, shape=(6,)):
        return keras.Sequential([keras.Input(shape), *inner])

    image, words = (8, 8, 2), (5,)
    normal = layers.Normalization(mean=[0.0] * 6, variance=[1.0] * 6)
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    joined = layers.Concatenate()([layers.Dense(2)(a), layers.Dense(2)(b)])
    two = keras.Model([a, b], {"y": layers.Dense(1)(joined), "z": layers.Add()([a, b])})
    query = keras.Input((5, 4))
    attended = keras.Model(query, layers.LayerNormalization()(layers.MultiHeadAttention(2, 2)(query, query)))
    shared = layers.Dense(4, name="shared")
    tied = keras.Model(a, shared(shared(a)))
    operations = keras.Model(a, keras.ops.softmax(a * 2 + 1, axis=-1))
    return {
        "dense": flat(layers.Dense(4, "relu"), layers.Dropout(0.1), layers.Dense(2, "softmax")),
        "regularized": flat(
            layers.Dense(3, kernel_regularizer="l2", kernel_initializer="he_normal", bias_constraint="non_neg")
        ),
        "images": flat(
            layers.Conv2D(2, 3),
            layers.BatchNormalization(),
            layers.MaxPooling2D(),
            layers.GlobalAveragePooling2D(),
            layers.Dense(1),
            shape=image,
        ),
        "separable": flat(
            layers.SeparableConv2D(2, 3),
            layers.DepthwiseConv2D(2),
            layers.Conv2DTranspose(1, 2),
            layers.UpSampling2D(),
            layers.ZeroPadding2D(),
            layers.Cropping2D(),
            layers.Flatten(),
            shape=image,
        ),
        "series": flat(
            layers.Embedding(10, 4), layers.LSTM(3, return_sequences=True), layers.GRU(2), layers.Dense(1), shape=words
        ),
        "bidirectional": flat(
            layers.Embedding(10, 4, mask_zero=True), layers.Bidirectional(layers.LSTM(2)), layers.Dense(1), shape=words
        ),
        "distributed": flat(
            layers.TimeDistributed(layers.Dense(2)),
            layers.SimpleRNN(2),
            layers.RepeatVector(2),
            layers.Permute((2, 1)),
            shape=(3, 2),
        ),
        "stacked_cells": flat(layers.RNN([layers.LSTMCell(2), layers.GRUCell(2)]), shape=(3, 2)),
        "convolutions": flat(
            layers.Conv1D(2, 2), layers.AveragePooling1D(2), layers.GlobalMaxPooling1D(), shape=(6, 2)
        ),
        "activations": flat(
            layers.Dense(3),
            layers.LeakyReLU(),
            layers.PReLU(),
            layers.ELU(),
            layers.Activation("gelu"),
            layers.Softmax(),
        ),
        "preprocessing": flat(normal, layers.Rescaling(1 / 255), layers.GaussianNoise(0.1)),
        "augmentation": flat(
            layers.RandomFlip("horizontal"),
            layers.RandomRotation(0.1),
            layers.Resizing(4, 4),
            layers.Flatten(),
            shape=image,
        ),
        "discretized": flat(layers.Discretization(bin_boundaries=[0.0, 1.0]), shape=(1,)),
        "two_inputs": two,
        "attention": attended,
        "shared": tied,
        "operations": operations,
        "nested": keras.Sequential(
            [keras.Input((4,)), keras.Sequential([layers.Dense(2), layers.ReLU()], name="inner"), layers.Dense(1)]
        ),
        "normalizations": flat(
            layers.Reshape((2, 3)),
            layers.GroupNormalization(1),
            layers.UnitNormalization(),
            layers.SpectralNormalization(layers.Dense(2)),
            layers.Flatten(),
        ),
        "einsum": flat(layers.EinsumDense("ab,bc->ac", output_shape=2)),
    }


def files():
    keras.utils.set_random_seed(0)
    for name, model in models().items():
        if name in ("dense", "images", "two_inputs", "series"):
            loss = ["mse", "mse"] if name == "two_inputs" else "mse"
            model.compile(keras.optimizers.Adam(1e-3), loss)
        data = saved(lambda path, model=model: model.save(path), "model.keras")
        yield f"{name}.keras", f"Keras layers: {name}", "keras", data
        if name in ("dense", "images", "series", "bidirectional", "attention", "two_inputs", "nested", "regularized"):
            data = saved(lambda path, model=model: model.save(path), "model.h5")
            yield f"{name}.h5", f"Keras layers: {name}, h5", "keras", data
        if name in ("dense", "series"):
            data = saved(lambda path, model=model: model.save_weights(path), "model.weights.h5")
            yield f"{name}.weights.h5", f"weights alone: {name}", "keras", data
            yield f"{name}.json", f"the configuration alone: {name}", "keras", model.to_json().encode()
