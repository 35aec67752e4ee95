"""Writes pickles, joblib files and arrays of numpy that lie: `tests/hostile/formats/{pickle,joblib,numpy}`.

    python tests/generate/hostile_pickle.py          (standard library only)

Payloads are `os.system('true')`. What modelium says of each stands beside them in `expected.json`; `make bless` writes it.
"""

import pathlib
import struct
import zlib

HOSTILE = pathlib.Path(__file__).parents[1] / "hostile" / "formats"


def text(string):
    return b"X" + struct.pack("<I", len(string)) + string.encode()


def put(folder, name, data):
    path = HOSTILE / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


CALL = b"cposix\nsystem\n" + text("true") + b"\x85R"
ORDERED = b"ccollections\nOrderedDict\n)R"


def pickles():
    yield "cut_in_a_string.pkl", b"\x80\x04\x8c\x20abc"
    yield "no_stop.pkl", b"\x80\x04]\x94K\x01a"
    yield "unknown_opcode.pkl", b"\x80\x04]\x94\xff."
    yield "underflow.pkl", b"\x80\x04K\x01K\x02\x87."
    yield "behind_the_mark.pkl", b"\x80\x04K\x01(0\x85(\x85."
    yield "no_mark.pkl", b"\x80\x04]K\x01e."
    yield "odd_items.pkl", b"\x80\x04}(K\x01u."
    yield "memo_never_filled.pkl", b"\x80\x04]h\x07."
    yield "memo_of_gigabytes.pkl", b"\x80\x04]r\xff\xff\xff\x7f."
    yield "frame_beyond_the_end.pkl", b"\x80\x04\x95" + struct.pack("<Q", 1 << 60) + b"N."
    yield "negative_length.pkl", b"\x80\x02]\x8b\xff\xff\xff\xff."
    yield "bytes_of_exabytes.pkl", b"\x80\x04]\x8e" + struct.pack("<Q", 1 << 62) + b"."
    yield "protocol_6.pkl", b"\x80\x06" + CALL + b"."
    yield "integer_of_letters.pkl", b"(lp0\nIseven\na."
    yield "digits_without_end.pkl", b"(lI1\naL" + b"9" * 30_000 + b"L\na."
    yield "tuple_hashed_a_billion_times.pkl", b"\x80\x02}" + b")" + b"2\x86" * 30 + b"Ns."
    yield "asks_for_gigabytes.pkl", b"\x80\x03cbuiltins\nbytearray\n\x8a\x08" + struct.pack("<q", 1 << 40) + b"\x85R."
    yield "call_then_fault.pkl", b"\x80\x04" + CALL + b"h\x63."
    yield "call_behind_a_mark.pkl", b"\x80\x04(" + CALL + b"1N."
    yield "call_in_the_second_stream.pkl", b"\x80\x04N.\x80\x04" + CALL + b"."
    yield "call_behind_junk.pkl", b"\x80\x04]\x94." + b"\x00\x01\x02 junk " * 9 + b"\x80\x04" + CALL + b"."
    yield "call_in_a_constant.pkl", b"\x80\x04B" + struct.pack("<I", len(CALL) + 3) + b"\x80\x04" + CALL + b"." + b"\x94."
    yield "extension_code.pkl", b"\x80\x02\x82\x05)R."
    yield "persistent_id.pkl", b"\x80\x02" + text("model-7") + b"Q."
    yield "patches_a_function.pkl", b"\x80\x04cnumpy\nmean\nN}" + text("__code__") + b"Ns\x86b."
    yield "changes_a_class.pkl", b"\x80\x04" + ORDERED + b"N}" + text("__class__") + b"cos\n_wrap_close\ns\x86b."
    yield "items_of_a_string.pkl", b"\x80\x04" + text("no dict") + text("k") + b"Ns."
    yield "partial_with_a_state.pkl", b"\x80\x04cfunctools\npartial\ncbuiltins\nlen\n\x85R(cposix\nsystem\n(" + text("true") + b"t}Ntb)R."
    yield "unknown_class.pkl", b"\x80\x04cmylib.models\nNet\n)\x81}b."
    yield "unknown_name.pkl", b"\x80\x04cmylib.models\nNet\n."
    yield "trailing_bytes.pkl", b"\x80\x04]\x94.\x01\x02\x03what is this"


def dtype(code, size):
    return b"cnumpy\ndtype\n(" + text(code) + b"\x89\x88tR(K\x03" + text("<") + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"


def wrapper(shape, code="f4", aligned=True, subclass=b"cnumpy\nndarray\n"):
    dims = b"(" + b"".join(b"\x8a\x08" + struct.pack("<q", dim) for dim in shape) + b"t"
    state = text("subclass") + subclass + text("shape") + dims + text("order") + text("C")
    state += text("dtype") + dtype(code, 4) + text("allow_mmap") + b"\x88"
    if aligned:
        state += text("numpy_array_alignment_bytes") + b"K\x10"
    return b"cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(" + state + b"ub"


def joblibs():
    whole = b"\x00" + struct.pack("<2f", 1, 2)
    yield "sound.joblib", b"\x80\x04" + wrapper([2]) + whole + b"."
    yield "array_cut_off.joblib", b"\x80\x04" + wrapper([1000]) + whole + b"."
    yield "array_of_exabytes.joblib", b"\x80\x04" + wrapper([1 << 40, 1 << 40]) + whole + b"."
    yield "negative_shape.joblib", b"\x80\x04" + wrapper([-1]) + whole + b"."
    yield "unknown_element.joblib", b"\x80\x04" + wrapper([2], "zz9") + whole + b"."
    yield "padding_beyond_the_end.joblib", b"\x80\x04" + wrapper([2]) + b"\xff."
    yield "call_behind_the_array.joblib", b"\x80\x04" + wrapper([2]) + whole + b"0" + CALL + b"."
    yield "call_inside_the_array.joblib", b"\x80\x04" + wrapper([len(CALL) + 1], "u1", False) + CALL + b"." + b"."
    yield "call_in_an_array_of_objects.joblib", b"\x80\x04" + wrapper([1], "O8") + b"\x80\x04" + CALL + b"." + b"."
    yield "array_behind_its_frame.joblib", b"\x80\x04\x95" + struct.pack("<Q", len(wrapper([2]))) + wrapper([2]) + whole + CALL + b"."
    yield "class_that_acts.joblib", b"\x80\x04" + wrapper([2], subclass=b"csubprocess\nPopen\n") + whole + b"."
    old = b"\x80\x02cjoblib.numpy_pickle\nNDArrayWrapper\n)\x81}(" + text("filename") + text("../../secret.npy") + text("subclass") + b"cnumpy\nndarray\nub."
    yield "file_elsewhere.joblib", old
    packed = zlib.compress(b"\x80\x04" + CALL + b".")
    yield "compressed_call.joblib", packed
    yield "compressed_and_cut.joblib", packed[:-6]
    yield "old_header.joblib", b"ZF" + b"0x1d".ljust(19) + packed


def npy(header, data=b"", version=(1, 0), length=None):
    header = header.encode("latin1")
    size = len(header) if length is None else length
    return b"\x93NUMPY" + bytes(version) + struct.pack("<H" if version[0] == 1 else "<I", size) + header + data


def described(descr, shape, order="False"):
    return "{'descr': %s, 'fortran_order': %s, 'shape': %s, }" % (descr, order, shape)


def arrays():
    yield "shape_beyond_counting.npy", npy(described("'<f8'", f"({1 << 62}, {1 << 62})"))
    yield "shape_beyond_the_file.npy", npy(described("'<f8'", "(1000,)"), bytes(80))
    yield "shape_negative.npy", npy(described("'<f8'", "(-3,)"), bytes(80))
    yield "shape_of_text.npy", npy(described("'<f8'", "('a',)"), bytes(80))
    yield "dimensions_without_end.npy", npy(described("'<f8'", "(" + "1, " * 100 + ")"), bytes(8))
    yield "header_beyond_the_file.npy", npy(described("'<f8'", "(1,)"), length=60_000)
    yield "header_of_gigabytes.npy", npy(described("'<f8'", "(1,)"), version=(2, 0), length=1 << 31)
    yield "header_is_code.npy", npy("__import__('os').system('true')")
    yield "header_nested.npy", npy("{'descr': " + "[" * 5000)
    yield "key_twice.npy", npy("{'descr': '<f8', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", bytes(8))
    yield "key_unknown.npy", npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'more': True}", bytes(8))
    yield "version_9.npy", npy(described("'<f8'", "(1,)"), bytes(8), (9, 0))
    yield "record_beyond_counting.npy", npy(described("[('a', '<f8', (4611686018427387904, 4))]", "(1,)"))
    yield "type_unknown.npy", npy(described("'<q9'", "(1,)"), bytes(8))
    yield "trailing.npy", npy(described("'<f8'", "(1,)"), bytes(8) + b"more")
    yield "objects_that_act.npy", npy(described("'|O'", "(1,)"), b"\x80\x04" + CALL + b".")
    yield "objects_in_a_record.npy", npy(described("[('a', '|O')]", "(1,)"), b"\x80\x04" + CALL + b".")
    yield "objects_in_the_second.npy", npy(described("'<f8'", "(1,)"), bytes(8)) + npy(described("'|O'", "(1,)"), b"\x80\x04" + CALL + b".")
    yield "objects_cut_off.npy", npy(described("'|O'", "(1,)"), b"\x80\x04]\x94")


def main():
    for folder, files in [("pickle", pickles()), ("joblib", joblibs()), ("numpy", arrays())]:
        for name, data in files:
            put(folder, name, data)


if __name__ == "__main__":
    main()
