"""Writes tests/hostile/formats/{zip,tar,compressed,torch}/: archives and checkpoints with one fault each.

`expected.json` beside them is made by `make bless` and read; names that are new here start with an empty expectation.
"""

import bz2
import gzip
import io
import json
import lzma
import pathlib
import pickle
import shutil
import struct
import tarfile
import zipfile
import zlib

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
HOSTILE = REPOSITORY / "tests/hostile/formats"


def archive(members, method=zipfile.ZIP_STORED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, data in members:
            file.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data, method)
    return bytearray(out.getvalue())


TEXT = ("readme.txt", b"nothing to see\n")


def patch(data, tag, offset, value):
    """Writes a field of the last record that begins with a tag."""
    at = data.rindex(tag) + offset
    data[at : at + len(value)] = value
    return data


def local_record(name, data, method=0):
    head = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, method, 0, 0x5021, zlib.crc32(data), len(data), len(data), len(name), 0)
    return head + name + data


def overlapping():
    """Two members that are one range of bytes: the cheap way to multiply."""
    data = archive([("a.txt", b"x" * 100), ("b.txt", b"x" * 100)])
    first = data.index(b"PK\1\2")
    second = data.index(b"PK\1\2", first + 4)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    return data


def nested(levels):
    data = bytes(archive([TEXT]))
    for _ in range(levels):
        data = bytes(archive([("inner.zip", data)]))
    return data


def quoted_bomb():
    """Members whose directory entries all lead to one kernel of zeros."""
    kernel = zlib.compress(b"\0" * (1 << 20), 9)[2:-4]
    name = b"k"
    out = bytearray()
    out += struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0x5021, zlib.crc32(b"\0" * (1 << 20)), len(kernel), 1 << 20, len(name), 0)
    out += name + kernel
    start = len(out)
    for index in range(200):
        other = b"m%03d" % index
        out += struct.pack(
            "<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 0x5021, zlib.crc32(b"\0" * (1 << 20)), len(kernel), 1 << 20, len(other), 0, 0, 0, 0, 0, 0
        )
        out += other
    out += struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 200, 200, len(out) - start, start, 0)
    return out


def zip64(entries):
    data = archive([TEXT])
    end = data.rindex(b"PK\5\6")
    count, size, offset = struct.unpack_from("<HLL", data, end + 10)
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, entries, entries, size, offset)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, end, 1)
    tail = data[end:]
    tail[8:12] = b"\xff\xff\xff\xff"
    return data[:end] + record + locator + tail


def link(target):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        info = zipfile.ZipInfo("model/latest", (2020, 1, 1, 0, 0, 0))
        info.create_system, info.external_attr = 3, 0o120777 << 16
        file.writestr(info, target)
    return out.getvalue()


def zips():
    yield "prefix.zip", b"#" * 40 + archive([TEXT])
    yield "trailing.zip", archive([TEXT]) + b"hidden"
    yield "padded.zip", archive([TEXT]) + bytes(512)
    yield "duplicate.zip", archive([TEXT, TEXT])
    yield "backslash_duplicate.zip", archive([("a/b.txt", b"1"), ("a\\b.txt", b"2")])
    yield "parent.zip", archive([("../../up.txt", b"x")])
    yield "drive.zip", archive([("C:\\windows\\x.txt", b"x")])
    yield "inside_dots.zip", archive([("a/../b.txt", b"x")])
    yield "link_out.zip", link("../../etc/passwd")
    yield "link_inside.zip", link("../weights/7.txt")
    yield "local_size.zip", patch(archive([TEXT]), b"PK\3\4", 18, struct.pack("<L", 5))
    yield "size_beyond_file.zip", patch(archive([TEXT]), b"PK\1\2", 20, struct.pack("<LL", 1 << 30, 1 << 30))
    yield "offset_beyond_file.zip", patch(archive([TEXT]), b"PK\1\2", 42, struct.pack("<L", 1 << 30))
    yield "count_lies.zip", patch(archive([TEXT]), b"PK\5\6", 8, struct.pack("<HH", 9, 9))
    yield "zip64_lies.zip", zip64(1 << 40)
    yield "zip64_sound.zip", zip64(1)
    yield "encrypted_flag.zip", patch(archive([TEXT]), b"PK\1\2", 8, b"\1\0")
    yield "method_unknown.zip", patch(archive([TEXT]), b"PK\1\2", 10, struct.pack("<H", 98))
    yield "overlap.zip", overlapping()
    yield "quoted_bomb.zip", quoted_bomb()
    yield "nested_9.zip", nested(9)
    yield "hidden_member.zip", hidden()
    yield "cut_off.zip", archive([TEXT])[:-30]
    yield "broken_deflate.zip", broken_deflate()
    yield "lzma.zip", archive([TEXT], zipfile.ZIP_LZMA)
    yield "bzip2.zip", archive([TEXT], zipfile.ZIP_BZIP2)


def hidden():
    """A member between two others that the directory does not list."""
    data = archive([TEXT, ("second.txt", b"second\n")])
    first = data.index(b"PK\3\4", 4)
    extra = local_record(b"unlisted.py", b"import os\n")
    out = data[:first] + extra + data[first:]
    shift = len(extra)
    second = out.index(b"PK\1\2", out.index(b"PK\1\2") + 4)
    offset = struct.unpack_from("<L", out, second + 42)[0]
    struct.pack_into("<L", out, second + 42, offset + shift)
    end = out.rindex(b"PK\5\6")
    offset = struct.unpack_from("<L", out, end + 16)[0]
    struct.pack_into("<L", out, end + 16, offset + shift)
    return out


def broken_deflate():
    data = archive([("a.txt", b"0123456789" * 50)], zipfile.ZIP_DEFLATED)
    at = data.index(b"a.txt") + 5
    data[at : at + 4] = b"\xff\xff\xff\xff"
    return data


def tape(*members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as file:
        for info, data in members:
            info.size = len(data)
            file.addfile(info, io.BytesIO(data))
    return bytearray(out.getvalue())


def member(name, kind=tarfile.REGTYPE, linkname=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, linkname
    return info


def tars():
    plain = tape((member("a.txt"), b"text\n"))
    yield "parent.tar", tape((member("../up.txt"), b"x"))
    yield "absolute.tar", tape((member("/etc/cron.d/x"), b"x"))
    yield "pax_path.tar", tape((member("a" * 120 + "/../../../../x"), b"x"))
    yield "link_out.tar", tape((member("latest", tarfile.SYMTYPE, "/etc/passwd"), b""))
    yield "link_inside.tar", tape((member("m/latest", tarfile.SYMTYPE, "../weights"), b""))
    yield "hard_link_out.tar", tape((member("m/latest", tarfile.LNKTYPE, "../../etc/passwd"), b""))
    yield "device.tar", tape((member("null", tarfile.CHRTYPE), b""))
    yield "duplicate.tar", tape((member("a.txt"), b"1"), (member("a.txt"), b"2"))
    yield "trailing.tar", plain + b"hidden behind the end"
    yield "second_archive.tar", plain + tape((member("../up.txt"), b"x"))
    yield "cut_off.tar", plain[:514]
    size = bytearray(plain)
    size[124:136] = b"77777777777\0"
    size[148:156] = b" " * 8
    size[148:156] = b"%06o\0 " % sum(size[:512])
    yield "size_beyond_file.tar", size
    checksum = tape((member("a.txt"), b"text\n"), (member("b.txt"), b"text\n"))
    checksum[1024] ^= 1
    yield "checksum.tar", checksum


def streams():
    text = b"text and nothing but text\n" * 20
    yield "trailing.gz", gzip.compress(text, mtime=0) + b"behind the end"
    yield "cut_off.gz", gzip.compress(text, mtime=0)[:-9]
    yield "checksum.gz", bytes(patch(bytearray(gzip.compress(text, mtime=0)), b"\x1f\x8b", len(gzip.compress(text, mtime=0)) - 8, b"\0\0\0\0"))
    yield "two_members.gz", gzip.compress(text, mtime=0) + gzip.compress(text, mtime=0)
    yield "bomb.bz2", bz2.compress(bytes(48 << 20))
    yield "bomb.xz", lzma.compress(bytes(48 << 20))
    yield "twice.gz.bz2", bz2.compress(gzip.compress(text, mtime=0))
    yield "window.xz", window()
    yield "sound.lzma", lzma.compress(text, format=lzma.FORMAT_ALONE)


def window():
    """A block header that asks for a dictionary of 4 GiB."""
    data = bytearray(lzma.compress(b"x" * 100))
    # stream header 12 bytes; block header: size, flags, filter id, size of properties, properties
    at = 12
    size = (data[at] + 1) * 4
    data[at + 4] = 40
    struct.pack_into("<L", data, at + size - 4, zlib.crc32(bytes(data[at : at + size - 4])))
    return data


class Persistent:
    def __init__(self, *pid):
        self.pid = pid


def rebuild(storage, offset, size, stride):
    raise NotImplementedError  # stands for torch._utils._rebuild_tensor_v2


class Pickler(pickle._Pickler):
    def persistent_id(self, value):
        return value.pid if isinstance(value, Persistent) else None


def op(module, name):
    return b"c" + module.encode() + b"\n" + name.encode() + b"\n"


def number(value):
    if value < 256:
        return b"K" + bytes([value])
    data = value.to_bytes((value.bit_length() + 8) // 8, "little", signed=True)
    return b"\x8a" + bytes([len(data)]) + data


def numbers(values):
    return b"(" + b"".join(map(number, values)) + b"t"


def word(text):
    return b"X" + struct.pack("<L", len(text)) + text.encode()


def tensor(key, elements, offset, size, stride, storage="FloatStorage"):
    pid = b"(" + word("storage") + op("torch", storage) + word(key) + word("cpu") + number(elements) + b"tQ"
    hooks = op("collections", "OrderedDict") + b")R"
    return op("torch._utils", "_rebuild_tensor_v2") + b"(" + pid + number(offset) + numbers(size) + numbers(stride) + b"\x89" + hooks + b"tR"


def checkpoint(*tensors, data=((("0"), bytes(16)),), more=()):
    body = b"\x80\x02}("
    for name, value in tensors:
        body += word(name) + value
    body += b"u."
    records = [("archive/data.pkl", body), ("archive/byteorder", b"little")]
    records += [(f"archive/data/{key}", value) for key, value in data]
    records += [("archive/version", b"3\n"), *more]
    return archive(records)


ELF = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHL", 3, 62, 1)


def torches():
    yield "sound.pt", checkpoint(("w", tensor("0", 4, 0, [2, 2], [2, 1])))
    yield "beyond_storage.pt", checkpoint(("w", tensor("0", 4, 2, [2, 2], [2, 1])))
    yield "stride_beyond_storage.pt", checkpoint(("w", tensor("0", 4, 0, [2, 2], [1 << 20, 1])))
    yield "storage_larger_than_record.pt", checkpoint(("w", tensor("0", 1 << 20, 0, [2, 2], [2, 1])))
    yield "storage_missing.pt", checkpoint(("w", tensor("7", 4, 0, [2, 2], [2, 1])))
    yield "shape_overflow.pt", checkpoint(("w", tensor("0", 4, 0, [1 << 40, 1 << 40], [0, 0])))
    yield "elements_overflow.pt", checkpoint(("w", tensor("0", (1 << 62) + 1, 1 << 62, [1], [1])))
    yield "set_item_on_tensor.pt", checkpoint(("w", tensor("0", 4, 0, [2, 2], [2, 1]) + b"(" + word("k") + word("v") + b"u"))
    yield "program_in_storage.pt", checkpoint(("w", tensor("0", 64, 0, [8, 8], [8, 1])), data=(("0", ELF + bytes(256 - len(ELF))),))
    yield "program_inside_storage.pt", checkpoint(
        ("w", tensor("0", 128, 0, [8, 16], [16, 1])), data=(("0", b"\x3f" * 200 + ELF + bytes(312 - len(ELF))),)
    )
    yield "no_pickle.pt", archive([("archive/constants.pkl", b"\x80\x02)."), ("archive/version", b"3\n"), ("archive/data.pkl/", b"")])
    yield "pickle_cut_off.pt", archive([("archive/data.pkl", b"\x80\x02}("), ("archive/version", b"3\n")])
    yield "extra_text.pt", checkpoint(("w", tensor("0", 4, 0, [2, 2], [2, 1])), more=[("archive/extra/notes.txt", b"trained by hand\n")])
    code = b"class M(Module):\n  __parameters__ = []\n  __buffers__ = []\n  def forward(self: __torch__.M,\n    x: Tensor) -> Tensor:\n    %s\n    return x\n"
    module = b"\x80\x02c__torch__\nM\n)\x81}b."
    for name, line in {
        "script_saves.pt": b'ops.aten.save(x, "/tmp/x")',
        "script_maps_file.pt": b'_0 = torch.from_file("/etc/passwd", False, 10)',
        "script_unknown_operator.pt": b"_0 = ops.mine.run(x)",
        "script_binds_namespace.pt": b"_0 = torch",
        "script_sound.pt": b"_0 = torch.relu(x)",
    }.items():
        yield name, archive([
            ("archive/data.pkl", module), ("archive/code/__torch__.py", code % line), ("archive/constants.pkl", b"\x80\x02)."),
            ("archive/version", b"3\n"),
        ])
    magic = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."
    head = magic + b"\x80\x02M\xe9\x03." + b"\x80\x02}" + word("little_endian") + b"\x88s."
    one = b"\x80\x02}" + word("w") + tensor("1", 4, 0, [2, 2], [2, 1]) + b"s."
    keys = b"\x80\x02]" + word("1") + b"a."
    yield "legacy_sound.pt", head + one + keys + struct.pack("<Q", 4) + bytes(16)
    yield "legacy_storage_cut_off.pt", head + one + keys + struct.pack("<Q", 1 << 40) + bytes(16)
    yield "legacy_trailing.pt", head + one + keys + struct.pack("<Q", 4) + bytes(16) + b"\x80\x02cos\nsystem\n" + word("true") + b"\x85R."
    yield "legacy_wrong_protocol.pt", magic + b"\x80\x02M\xea\x03." + head[len(magic) + 6 :] + one + keys
    yield "legacy_without_keys.pt", head + one


def main():
    for folder, files in {"zip": zips, "tar": tars, "compressed": streams, "torch": torches}.items():
        place = HOSTILE / folder
        place.mkdir(parents=True, exist_ok=True)
        listed = place / "expected.json"
        expected = json.loads(listed.read_text()) if listed.exists() else {}
        written = dict(files())
        for old in place.iterdir():
            if old.name not in written and old.name != "expected.json":
                shutil.rmtree(old) if old.is_dir() else old.unlink()
        for name, data in written.items():
            (place / name).write_bytes(data)
        empty = {"open": None, "verdict": "clean", "codes": []}
        expected = {name: expected.get(name, empty) for name in written}
        listed.write_text(json.dumps(expected, indent=2, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
