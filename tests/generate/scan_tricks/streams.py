"""Several streams, faults after the payload, and pickles inside of other encodings."""

import base64
import binascii
import bz2
import codecs
import gzip
import lzma
import pickle
import struct
import zlib

from .ops import Raw, call, const, line, reduce, run, stack, stream

HARMLESS = stream(const({"weights": [1.0, 2.0]}))
PAYLOAD = stream(run())


def files():
    for name, technique, expected, content in [*several(), *faults(), *nested(), *wrapped()]:
        yield name, technique, "streams and encodings", expected, content


def several():
    bad = "malicious"
    yield "second.pkl", "a harmless stream, then the payload", bad, HARMLESS + PAYLOAD
    yield "hundredth.pkl", "the hundredth stream", bad, HARMLESS * 99 + PAYLOAD
    yield "second_of_protocol_0.pkl", "the second stream has no PROTO", bad, HARMLESS + stream(run("c"), proto=None)
    yield "after_zeros.pkl", "after a page of zeros", "suspicious", HARMLESS + bytes(4096) + PAYLOAD
    yield "after_text.pkl", "after text that is no pickle", "suspicious", HARMLESS + b"\n# end of model\n" * 9 + PAYLOAD
    yield (
        "stale_memo.pkl",
        "what the memo of the first stream held is not there in the second",
        bad,
        stream(Raw(const("math") + b"q\x00" + b"0" + const("floor") + b"q\x01"))
        + stream(reduce(Raw(const("os") + b"q\x00" + b"0" + const("system") + b"q\x01" + b"0h\x00h\x01\x93"), "true")),
    )
    yield (
        "memo_of_shared_unpickler.pkl",
        "one Unpickler for both streams keeps the memo",
        "suspicious",
        stream(Raw(line("os", "system") + b"q\x07")) + stream(Raw(b"h\x07" + const(("true",)) + b"R")),
    )
    yield "empty_first.pkl", "an empty stream first", "suspicious", b"." + PAYLOAD
    yield "stop_twice.pkl", "STOP twice", "suspicious", HARMLESS + b"." + PAYLOAD


def faults():
    bad = "malicious"
    body = b"\x80\x04" + run()
    cases = {
        "cut_off": b"",
        "unknown_opcode": b"\xff.",
        "get_missing": b"h\x63.",
        "pop_empty": b"000000.",
        "stack_underflow": b"R.",
        "mark_missing": b"t.",
        "tuple3_short": b"\x87.",
        "setitem_on_int": b"K\x01K\x02K\x03s.",
        "build_on_int": b"K\x01}b.",
        "reduce_on_int": b"K\x01)R.",
        "global_cut": b"cos\nsys",
        "global_not_utf8": b"c\xff\xfe\n\xff\n.",
        "string_cut": b"X\xff\xff\xff\x7fabc",
        "string_not_utf8": b"\x8c\x02\xff\xfe.",
        "float_text": b"Fnot a number\n.",
        "int_text": b"Ixyz\n.",
        "long_text": b"L99z\n.",
        "long4_negative": b"\x8b\xff\xff\xff\xff.",
        "binstring_negative": b"T\xff\xff\xff\xffabc.",
        "quoted_unbalanced": b"S'abc\n.",
        "frame_overlong": b"\x95" + b"\xff" * 8 + b".",
        "frame_inside_frame": b"\x95" + struct.pack("<Q", 20) + b"\x95" + struct.pack("<Q", 2) + b"N0.",
        "binunicode8_huge": b"\x8d" + b"\xff" * 7 + b"\x7f.",
        "unhashable_key": b"}]K\x01s.",
        "unhashable_in_set": b"(]\x91.",
        "odd_setitems": b"}(K\x01u.",
        "proto_unknown": b"\x80\x09.",
        "ext_unregistered": b"\x82\x05.",
        "persid_unresolved": b"Pid\n.",
        "put_negative": b"p-1\n.",
        "memo_text": b"gx\n.",
        "stack_global_int": b"K\x01K\x02\x93.",
        "newobj_on_string": b"\x8c\x01x)\x81.",
        "inst_missing_module": b"(inowhere_x\nY\n.",
        "next_buffer_missing": b"\x97.",
        "readonly_on_int": b"K\x01\x98.",
        "long_of_many_digits": b"L" + b"9" * 5000 + b"L\n.",
        "stop_on_empty": b"0.",
        "memo_huge_put": b"Nr\xff\xff\xff\xff.",
        "deep_tuples": b"\x85" * 5000 + b".",
    }
    for name, rest in cases.items():
        yield f"fault_{name}.pkl", f"runs, then ends in a fault: {name.replace('_', ' ')}", bad, body + rest


def nested():
    bad = "malicious"
    loads = stack("pickle", "loads")
    encodings = {
        "plain": const(PAYLOAD),
        "twice": const(stream(reduce(loads, PAYLOAD))),
        "zlib": call("zlib:decompress", zlib.compress(PAYLOAD)),
        "gzip": call("gzip:decompress", gzip.compress(PAYLOAD, mtime=0)),
        "bz2": call("bz2:decompress", bz2.compress(PAYLOAD)),
        "lzma": call("lzma:decompress", lzma.compress(PAYLOAD)),
        "base64": call("base64:b64decode", base64.b64encode(PAYLOAD)),
        "base85": call("base64:b85decode", base64.b85encode(PAYLOAD)),
        "hex": call("binascii:unhexlify", binascii.hexlify(PAYLOAD)),
        "codecs": call("_codecs:encode", PAYLOAD.decode("latin1"), "latin1"),
        "fromhex": call("builtins:bytes.fromhex", PAYLOAD.hex()),
        "bytearray": call("builtins:bytearray", PAYLOAD),
        "base64_zlib": reduce(
            stack("zlib", "decompress"), call("base64:b64decode", base64.b64encode(zlib.compress(PAYLOAD)))
        ),
        "reversed": call("builtins:bytes", reduce(stack("builtins", "reversed"), PAYLOAD[::-1])),
    }
    for name, value in encodings.items():
        yield f"loads_{name}.pkl", f"pickle.loads of bytes: {name}", bad, stream(reduce(loads, value))
    for path, *values in (
        ("_pickle:loads", PAYLOAD),
        ("joblib.numpy_pickle:load", PAYLOAD),
        ("dill:loads", PAYLOAD),
        ("torch.storage:_load_from_bytes", PAYLOAD),
        ("torch.serialization:load", PAYLOAD),
        ("multiprocessing.reduction:loads", PAYLOAD),
        ("pandas.compat.pickle_compat:loads", PAYLOAD),
        ("numpy.lib.format:read_array", PAYLOAD),
        ("marshal:loads", b"c"),
        ("builtins:exec", "pass"),
        ("codecs:decode", "cbfvk", "rot13"),
    ):
        yield (
            f"via_{path.replace(':', '.')}.pkl",
            f"bytes handed to {path.replace(':', '.')}",
            "suspicious",
            stream(call(path, *values)),
        )
    source = base64.b64encode(b"import os\nos.system('true')")
    yield (
        "exec_base64.pkl",
        "exec of decoded source",
        bad,
        stream(reduce(stack("builtins", "exec"), call("base64:b64decode", source))),
    )
    yield (
        "exec_zlib.pkl",
        "exec of inflated source",
        bad,
        stream(reduce(stack("builtins", "exec"), call("zlib:decompress", zlib.compress(b"pass")))),
    )
    yield (
        "rot13_names.pkl",
        "names decoded by rot13",
        "suspicious",
        stream(call("codecs:decode", codecs.encode("os.system", "rot13"), "rot13")),
    )
    yield (
        "bytesio_unpickler.pkl",
        "Unpickler on a BytesIO",
        bad,
        stream(
            reduce(
                reduce(stack("operator", "methodcaller"), "load"),
                reduce(stack("pickle", "Unpickler"), call("io:BytesIO", PAYLOAD)),
            )
        ),
    )


def wrapped():
    bad = "malicious"
    for name, data in {
        "gzip.pkl": gzip.compress(PAYLOAD, mtime=0),
        "zlib.bin": zlib.compress(PAYLOAD),
        "bz2.dat": bz2.compress(PAYLOAD),
        "xz.model": lzma.compress(PAYLOAD),
        "lzma_alone.model": lzma.compress(PAYLOAD, lzma.FORMAT_ALONE),
        "gzip_twice.gz": gzip.compress(gzip.compress(PAYLOAD, mtime=0), mtime=0),
        "xz_in_bz2.bin": bz2.compress(lzma.compress(PAYLOAD)),
        "gzip_members.gz": gzip.compress(HARMLESS, mtime=0) + gzip.compress(PAYLOAD, mtime=0),
        "gzip_trailing.gz": gzip.compress(HARMLESS, mtime=0) + PAYLOAD,
        "zlib_level_0.z": zlib.compress(PAYLOAD, 0),
        "named.json": PAYLOAD,
        "named.onnx": PAYLOAD,
        "named.h5": PAYLOAD,
        "named.npy": PAYLOAD,
        "named.gguf": PAYLOAD,
        "named.yaml": PAYLOAD,
        "named.png": PAYLOAD,
        "named.safetensors": stream(run("c"), proto=None),
        "named.csv": stream(run("c"), proto=None),
        "bad_checksum.gz": gzip.compress(PAYLOAD, mtime=0)[:-8] + bytes(8),
        "cut.gz": gzip.compress(PAYLOAD + bytes(500), mtime=0)[:-9],
        "cut.bz2": bz2.compress(PAYLOAD)[:-4],
        "cut.xz": lzma.compress(PAYLOAD)[:-12],
    }.items():
        yield f"wrapped_{name}", f"the payload as {name}", bad, data
    large = pickle.dumps({"weights": bytes(range(256)) * 40}, 4)
    yield "wrapped_behind_weights.pkl", "the payload behind weights", bad, large[:-1] + b"0" + run() + b"."
