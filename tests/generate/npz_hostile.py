"""Writes tests/hostile/npz: archives of arrays with one fault each. errors.txt beside them has the line that each gives.

    python npz_hostile.py            writes the archives
    python npz_hostile.py --check    writes nothing; exits 1 if a committed file differs
"""

import io
import struct
import zipfile
import zlib

from output import deliver

NUMBERS = struct.pack("<6f", *range(6))
GOOD = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"


def array(header=GOOD, data=NUMBERS, version=(1, 0), length=None):
    """A .npy with any header; `length` is what it claims of it."""
    header = header.encode() + b"\n"
    length = len(header) if length is None else length
    packed = struct.pack("<H" if version == (1, 0) else "<I", length)
    return b"\x93NUMPY" + bytes(version) + packed + header + data


def shaped(shape, descr="<f4", data=NUMBERS):
    """A .npy of that shape, as text."""
    return array(f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}", data)


def archive(*members, method=zipfile.ZIP_STORED):
    """An .npz without dates of the given (name, bytes)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, data in members:
            file.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, method, 9)
    return out.getvalue()


def member(name, stored, claimed, method=8, flags=0, crc=0, local_name=None, times=1):
    """An archive of one member that says of itself what it likes; more of them differ by a digit before the name."""
    front, directory = b"", b""
    for index in range(times):
        prefix = str(index).encode() if index else b""
        local = prefix + (name if local_name is None else local_name)
        central = prefix + name
        fields = struct.pack("<HHHHHIII", 20, flags, method, 0, 0x21, crc, len(stored), claimed)
        directory += b"PK\1\2\x14\0" + fields
        directory += struct.pack("<HHHHHII", len(central), 0, 0, 0, 0, 0, len(front)) + central
        front += b"PK\3\4" + fields + struct.pack("<HH", len(local), 0) + local + stored
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, times, times, len(directory), len(front), 0)
    return front + directory + end


def deflated(data):
    """Raw deflate, as archives hold it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def flipped(data, at):
    """The same with one bit the other way round."""
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def zip64_claim(entries):
    """An archive whose directory claims any number of members."""
    record = b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, entries, entries, 0, 0)
    locator = b"PK\6\7" + struct.pack("<IQI", 0, 0, 1)
    return record + locator + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 65535, 65535, 2**32 - 1, 2**32 - 1, 0)


def main():
    one = archive(("x.npy", array()))
    content = one.index(NUMBERS)
    headers = {
        "header_longer_than_file": array(length=65000),
        "header_of_4_gib": array(version=(2, 0), length=2**32 - 1),
        "header_length_cut_off": b"\x93NUMPY\x01\x00\x10",
        "version_4": array(version=(4, 0)),
        "magic_wrong": b"\x93NUMPI" + array()[6:],
        "array_empty": b"",
        "header_is_code": array("__import__('os').system('touch owned')"),
        "header_unfinished": array("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3"),
        "header_with_escape": array("{'descr': '<\\x66\\x34', 'fortran_order': False, 'shape': (2, 3), }"),
        "header_key_missing": array("{'descr': '<f4', 'shape': (2, 3), }"),
        "header_key_twice": array("{'shape': (6,), 'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"),
        "header_key_unknown": array("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), 'run': 'x'}"),
        "header_order_is_a_number": array("{'descr': '<f4', 'fortran_order': 0, 'shape': (2, 3), }"),
        "header_text_after": array(GOOD + " or 1"),
        "shape_negative": shaped("(-2, 3)"),
        "shape_beyond_64_bits": shaped("(99999999999999999999, 3)"),
        "shape_uncountable": shaped("(1099511627776, 1099511627776)"),
        "shape_larger_than_data": shaped("(2, 4)"),
        "shape_smaller_than_data": shaped("(2, 2)"),
        "shape_zero_times_uncountable": shaped("(9223372036854775808, 4, 0)", data=b""),
        "shape_of_a_hundred_axes": shaped("(" + "1, " * 99 + "6)"),
        "shape_not_a_tuple": shaped("[2, 3]"),
        "shape_of_strings": shaped("('2', 3)"),
        "objects": shaped("(1,)", "|O", b"\x80\x04cos\nsystem\n."),
        "records": array("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (6,), }"),
        "dates": shaped("(3,)", "<M8[s]"),
        "void": shaped("(6,)", "|V4"),
        "long_double": shaped("(1,)", "<f16", b"\0" * 16),
        "type_unknown": shaped("(6,)", "<q4"),
        "type_empty": shaped("(6,)", ""),
        "boolean_of_two": shaped("(3,)", "|b1", b"\0\1\2"),
        "letter_beyond_unicode": shaped("(1,)", "<U1", b"\0\0\x11\0"),
        "letter_half_a_pair": shaped("(1,)", "<U1", b"\0\xd8\0\0"),
        "letters_beyond_memory": shaped("(1000000000000,)", "<U0", b""),
        "text_of_endless_length": shaped("(1,)", "<U99999999999", b""),
    }
    files = {f"{name}.npz": archive(("x.npy", data)) for name, data in headers.items()}
    zeros = bytes(1 << 20)
    files |= {
        "empty.npz": b"",
        "not_an_archive.npz": b"x,y\n1,2\n" * 8,
        "single_array.npz": array(),
        "cut_in_the_data.npz": one[: content + 8],
        "cut_in_the_directory.npz": one[:-30],
        "cut_in_the_last_record.npz": one[:-4],
        "no_arrays.npz": archive(("readme.txt", b"nothing here")),
        "names_twice.npz": archive(("x.npy", array()), ("y.npy", array())).replace(b"y.npy", b"x.npy"),
        "checksum_of_stored.npz": flipped(one, content),
        "checksum_of_deflated.npz": member(b"x.npy", deflated(array()), len(array()), crc=1),
        "claims_six_gib_in_two.npz": member(b"x.npy", deflated(zeros), 3 << 30, times=2),
        "claims_three_gib.npz": member(b"x.npy", deflated(zeros), 3 << 30),
        "claims_more_than_deflate_can.npz": member(b"x.npy", deflated(b"x"), 1 << 20),
        "claims_less_than_there_is.npz": member(b"x.npy", deflated(zeros), 80, crc=zlib.crc32(zeros[:80])),
        "claims_a_little_more.npz": member(b"x.npy", deflated(array()), len(array()) + 9, crc=zlib.crc32(array())),
        "stored_of_two_sizes.npz": member(b"x.npy", array(), len(array()) + 9, 0, crc=zlib.crc32(array())),
        "deflate_garbage.npz": member(b"x.npy", b"\xff" * 40, 200),
        "method_lzma.npz": member(b"x.npy", array(), len(array()), method=14),
        "encrypted.npz": member(b"x.npy", bytes(12) + array(), len(array()), 0, flags=1),
        "names_differ.npz": member(b"x.npy", array(), len(array()), 0, crc=zlib.crc32(array()), local_name=b"z.npy"),
        "claims_a_billion_members.npz": zip64_claim(10**9),
        "odd_name.npz": archive(("a\n\x1b[2J.npy", shaped("(9, 9)"))),
    }
    deliver(__doc__, "tests/hostile/npz", files)


if __name__ == "__main__":
    main()
