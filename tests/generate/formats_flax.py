"""Flax and Orbax checkpoints, written by flax and orbax, with the facts that jax tells of the same trees.

Run: `python tests/generate/formats_flax.py` with `requirements-flax.txt`. Orbax names files at random and notes times, so
two runs differ in some bytes and in no fact.
"""

import json
import pathlib
import shutil
import tempfile

import flax
import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import optax
import orbax.checkpoint as ocp
import tensorstore
from flax.training.train_state import TrainState

CORPUS = pathlib.Path(__file__).parents[2] / "tests/corpus/formats"
STATE = ("opt_state", "step")


class Net(nn.Module):
    @nn.compact
    def __call__(self, x):
        x = nn.Conv(2, (3, 3))(x)
        x = nn.BatchNorm(use_running_average=True)(x)
        x = nn.relu(x).reshape((x.shape[0], -1))
        return nn.Dense(3, param_dtype=jnp.bfloat16)(x)


def flat(tree):
    """Every array by its way, as `keystr` gives it."""
    found = {}
    for way, leaf in jax.tree_util.tree_flatten_with_path(tree)[0]:
        steps = [str(getattr(step, "key", getattr(step, "name", getattr(step, "idx", None)))) for step in way]
        found[".".join(steps)] = np.asarray(leaf)
    return found


def ordered(tree):
    """The same in the order in which flax writes it."""
    return {name: np.asarray(leaf) for name, leaf in flax.traverse_util.flatten_dict(tree, sep=".").items()}


def facts(format, tree):
    arrays = flat(tree)
    counted = {name: array for name, array in arrays.items() if name.split(".")[0] not in STATE}
    total = {}
    for array in counted.values():
        total[array.dtype.name] = total.get(array.dtype.name, 0) + array.nbytes
    return {"format": format, "parameters": sum(array.size for array in counted.values()), "weight_bytes": total}


def table(arrays):
    order = sorted(arrays, key=lambda name: name.split(".")[0] in STATE)
    return [{"name": name, "dtype": arrays[name].dtype.name, "shape": list(arrays[name].shape),
             "bytes": arrays[name].nbytes} for name in order]


def flax_files(folder):
    variables = Net().init(jax.random.key(0), jnp.zeros((1, 4, 4, 1)))
    variables = flax.core.unfreeze(variables)

    def write(name, tree, data, places=True):
        path = folder / f"{name}.msgpack"
        path.write_bytes(data)
        told = {**facts("flax", tree), "framework": {"name": "flax"}, "tensors": table(ordered(tree))}
        if places:
            for tensor in told["tensors"]:
                raw = flat(tree)[tensor["name"]].tobytes()
                if len(raw) > 8 and any(raw) and data.count(raw) == 1:
                    tensor["start"] = data.index(raw)
        return path.name, told

    yield write("net", variables, flax.serialization.to_bytes(variables))
    mixed = {"a": np.arange(6, dtype="int64").reshape(2, 3), "b": {"c": np.ones(3, "float16"), "d": np.array([True])},
             "e": np.float32(2), "z": np.ones((2, 2), "complex64")}
    yield write("types", mixed, flax.serialization.msgpack_serialize(mixed))
    whole = flax.serialization.MAX_CHUNK_SIZE
    flax.serialization.MAX_CHUNK_SIZE = 64
    cut = {"v": np.ones(3, "float32"), "w": np.arange(100, dtype="float32").reshape(10, 10)}
    yield write("chunked", cut, flax.serialization.msgpack_serialize(cut), places=False)
    flax.serialization.MAX_CHUNK_SIZE = whole
    net = Net()
    state = TrainState.create(apply_fn=net.apply, params=variables["params"], tx=optax.adam(0.1))
    tree = flax.serialization.to_state_dict(state)
    path, told = write("train_state", tree, flax.serialization.to_bytes(state))
    # the step is a plain number, and is told as one
    del told["tensors"]
    yield path, told


def orbax_folders(folder):
    params = {"dense": {"kernel": jnp.ones((4, 3)), "bias": jnp.zeros(3, jnp.bfloat16)}, "scale": jnp.float32(2)}
    tree = {"params": params, "step": 3, "opt_state": {"mu": jnp.ones((4, 3))}}

    def told(tree, **more):
        arrays = table(flat(tree))
        return {**facts("orbax", tree), "framework": {"name": "orbax"}, "tensors": arrays, **more}

    saver = ocp.StandardCheckpointer()
    saver.save(folder / "database", tree)
    saver.wait_until_finished()
    yield "database", told(tree, tags=["ocdbt"], metadata={"handler": "StandardCheckpointHandler"})
    many = {"params": {f"layer_{number:03}": {"w": jnp.full((2,), number, jnp.float16)} for number in range(150)}}
    saver.save(folder / "many", many)
    saver.wait_until_finished()
    yield "many", told(many)
    for name, zarr3 in (("zarr2", False), ("zarr3", True)):
        saver = ocp.Checkpointer(ocp.PyTreeCheckpointHandler(use_ocdbt=False, use_zarr3=zarr3))
        saver.save(folder / name, tree)
        yield name, told(tree)
    with ocp.CheckpointManager(folder / "manager") as manager:
        manager.save(7, args=ocp.args.Composite(
            state=ocp.args.StandardSave({"w": jnp.ones((4, 3))}), config=ocp.args.JsonSave({"a": 1})))
    yield "manager", told({"w": jnp.ones((4, 3))}, metadata={"step": "7"},
                          components=[{"name": "config"}, {"name": "state", "library": "orbax"}])


    plain = tensorstore.open({
        "driver": "zarr", "kvstore": {"driver": "file", "path": str(folder / "plain_zarr/weights/w")},
        "metadata": {"compressor": None, "dtype": "<f4", "shape": [2, 3], "chunks": [2, 3]}, "create": True,
    }).result()
    values = np.arange(1, 7, dtype="float32").reshape(2, 3)
    plain[...] = values
    whole = {"name": "weights/w", "dtype": "float32", "shape": [2, 3], "bytes": 24, "file": "weights/w/0.0", "start": 0}
    yield "plain_zarr", {"format": "zarr", "parameters": 6, "weight_bytes": {"float32": 24}, "tensors": [whole]}


def main():
    for format, make in (("flax", flax_files), ("orbax", orbax_folders)):
        with tempfile.TemporaryDirectory() as scratch:
            scratch = pathlib.Path(scratch)
            told = dict(make(scratch))
            (scratch / "facts.json").write_text(json.dumps(told, indent=1) + "\n")
            for note in scratch.rglob("commit_success.txt"):
                note.write_text(note.read_text().replace(f"{scratch}/", ""))
            shutil.rmtree(CORPUS / format, ignore_errors=True)
            shutil.copytree(scratch, CORPUS / format)


if __name__ == "__main__":
    main()
