"""Archives: what their two directories say differs, and what leaves the folder."""

import gzip
import io
import struct
import tarfile
import zlib

from .ops import run, stream

PAYLOAD = stream(run())
HARMLESS = stream()[:2] + b"}."


def entry(name, data, **lies):
    """One member: (local record, fields of the central one). `lies` are what either says that is not so."""
    raw = name.encode("utf-8", "surrogatepass") if isinstance(name, str) else name
    method = lies.get("method", 0)
    packed = lies.get("packed", deflated(data) if method == 8 else data)
    fields = {
        "flags": 0,
        "method": method,
        "crc": zlib.crc32(data),
        "packed": len(packed),
        "size": len(data),
        "name": raw,
        "extra": b"",
        "attributes": 0,
        "comment": b"",
        "made_by": 20,
    }
    local = {**fields, **{key[6:]: value for key, value in lies.items() if key.startswith("local_")}}
    central = {**fields, **{key[8:]: value for key, value in lies.items() if key.startswith("central_")}}
    for both in (local, central):
        both.update({key[5:]: value for key, value in lies.items() if key.startswith("both_")})
    record = (
        b"PK\3\4"
        + struct.pack(
            "<HHHHHIIIHH",
            20,
            local["flags"],
            local["method"],
            0,
            33,
            local["crc"],
            local["packed"],
            local["size"],
            len(local["name"]),
            len(local["extra"]),
        )
        + local["name"]
        + local["extra"]
        + packed
    )
    return record, central


def archive(*members, prefix=b"", suffix=b"", comment=b"", between=b"", shift=0, **end):
    """An archive of the (name, data) or (name, data, lies); `shift` is added to the offsets."""
    front, directory = prefix, b""
    for name, data, *lies in members:
        record, fields = entry(name, data, **(lies[0] if lies else {}))
        offset = fields.get("offset", len(front) + shift)
        directory += (
            b"PK\1\2"
            + struct.pack(
                "<HHHHHHIIIHHHHHII",
                fields["made_by"],
                20,
                fields["flags"],
                fields["method"],
                0,
                33,
                fields["crc"],
                fields["packed"],
                fields["size"],
                len(fields["name"]),
                len(fields["extra"]),
                len(fields["comment"]),
                0,
                0,
                fields["attributes"],
                offset,
            )
            + fields["name"]
            + fields["extra"]
            + fields["comment"]
        )
        front += record
    front += between
    start = end.get("start", len(front) + shift)
    count, size = end.get("count", len(members)), end.get("size", len(directory))
    last = (
        b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count & 0xFFFF, count & 0xFFFF, size, start, len(comment)) + comment
    )
    return front + directory + last + suffix


def deflated(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def torch_members(payload, root="archive", **lies):
    """The members of a torch checkpoint whose pickle is `payload`."""
    return [
        (f"{root}/data.pkl", payload, lies),
        (f"{root}/byteorder", b"little"),
        (f"{root}/data/0", bytes(16)),
        (f"{root}/version", b"3\n"),
    ]


def files():
    for name, technique, reference, expected, content in [*anomalies(), *escapes(), *bombs(), *tars()]:
        yield name, technique, reference, expected, content


def anomalies():
    bad, cve = "malicious", "CVE-2025-1944, -1945, -10156"

    def torch(**lies):
        return archive(*torch_members(PAYLOAD, **lies))

    yield "deflated.pt", "a checkpoint whose pickle is deflated", "torch", bad, torch(method=8)
    yield "local_name_differs.pt", "the local record has another name", cve, bad, torch(local_name=b"archive/data.txt")
    yield (
        "central_name_differs.pt",
        "the directory has another name",
        cve,
        "suspicious",
        torch(central_name=b"archive/data.txt"),
    )
    for bit in (0, 3, 5, 6, 11, 13):
        yield f"flag_bit_{bit}.pt", f"flag bit {bit} in both records", cve, bad, torch(both_flags=1 << bit)
        yield f"flag_bit_{bit}_local.pt", f"flag bit {bit} in the local record", cve, bad, torch(local_flags=1 << bit)
    yield "crc_both.pt", "a wrong checksum in both", cve, bad, torch(both_crc=7)
    yield "crc_central.pt", "a wrong checksum in the directory", cve, bad, torch(central_crc=7)
    yield "method_differs.pt", "deflated for the one, stored for the other", cve, bad, torch(local_method=8)
    yield "method_unknown.pt", "a method that nobody has", cve, "suspicious", torch(both_method=99)
    yield "size_differs.pt", "sizes that differ", cve, bad, torch(local_size=1, local_packed=1)
    yield (
        "size_zero_local.pt",
        "sizes of 0 in the local record",
        cve,
        bad,
        torch(local_size=0, local_packed=0, local_crc=0),
    )
    harmless = [("archive/data.pkl", HARMLESS)]
    yield "twice.pt", "the same name twice", "two loaders", bad, archive(*harmless, *torch_members(PAYLOAD))
    yield (
        "twice_reversed.pt",
        "the same name twice, the payload first",
        "two loaders",
        bad,
        archive(*torch_members(PAYLOAD), *harmless),
    )
    yield (
        "case_differs.pt",
        "names that differ in case",
        "two loaders",
        bad,
        archive(*harmless, ("archive/DATA.PKL", PAYLOAD)),
    )
    yield (
        "two_roots.pt",
        "two folders, each with a data.pkl",
        "two loaders",
        bad,
        archive(*harmless, *torch_members(PAYLOAD, "other")),
    )
    yield (
        "not_in_directory.pt",
        "a member that only the local records have",
        "two loaders",
        "suspicious",
        archive(*harmless, between=entry("archive/data.pkl", PAYLOAD)[0]),
    )
    yield (
        "prefix_shifted.pt",
        "bytes before the archive, offsets count from them",
        "polyglot",
        bad,
        archive(*torch_members(PAYLOAD), prefix=b"GIF89a" + bytes(50), shift=-56),
    )
    yield (
        "prefix_pickle.pt",
        "a pickle before the archive",
        "polyglot",
        bad,
        archive(*harmless, prefix=PAYLOAD, shift=-len(PAYLOAD)),
    )
    yield (
        "suffix_pickle.pt",
        "a pickle behind the archive",
        "polyglot",
        "suspicious",
        archive(*harmless, suffix=PAYLOAD),
    )
    yield (
        "in_comment.zip",
        "an archive in the comment",
        "polyglot",
        bad,
        archive(("a.md", b"x"), comment=archive(*torch_members(PAYLOAD))),
    )
    yield (
        "second_end_record.zip",
        "two archives, one behind the other",
        "polyglot",
        bad,
        archive(*torch_members(PAYLOAD)) + archive(("a.md", b"x")),
    )
    record, fields = entry("archive/data.pkl", PAYLOAD)
    over = archive(("a.md", b"x" + record), ("archive/data.pkl", PAYLOAD, {"central_offset": 35}))
    yield "overlap.zip", "members that overlap", "overlapping zips", bad, over
    yield (
        "count_too_small.pt",
        "the end record counts fewer",
        "zip parsers",
        bad,
        archive(*torch_members(PAYLOAD), count=1),
    )
    yield (
        "count_too_large.pt",
        "the end record counts more",
        "zip parsers",
        "suspicious",
        archive(*torch_members(PAYLOAD), count=9),
    )
    yield (
        "directory_elsewhere.pt",
        "the end record points elsewhere",
        "zip parsers",
        "suspicious",
        archive(*torch_members(PAYLOAD), start=3),
    )
    yield (
        "directory_beyond.pt",
        "the end record points beyond the file",
        "zip parsers",
        "suspicious",
        archive(*torch_members(PAYLOAD), start=2**31),
    )
    extra = struct.pack("<HHQQ", 1, 16, len(PAYLOAD), len(PAYLOAD))
    yield (
        "zip64_sizes.pt",
        "sizes in a zip64 field",
        "zip64",
        bad,
        torch(both_size=2**32 - 1, both_packed=2**32 - 1, both_extra=extra),
    )
    lies = struct.pack("<HHQQ", 1, 16, 2**60, 2**60)
    yield (
        "zip64_lies.pt",
        "a zip64 field of 2**60",
        "zip64",
        "suspicious",
        torch(both_size=2**32 - 1, both_packed=2**32 - 1, both_extra=lies),
    )
    unicode_path = struct.pack("<HHBI", 0x7075, 5 + 16, 1, zlib.crc32(b"archive/note.txt")) + b"archive/data.pkl"
    yield (
        "unicode_path.pt",
        "a unicode path field with another name",
        "zip parsers",
        bad,
        archive(("archive/note.txt", PAYLOAD, {"both_extra": unicode_path})),
    )
    yield (
        "no_end_record.pt",
        "the end record is missing",
        "zip parsers",
        "suspicious",
        archive(*torch_members(PAYLOAD))[:-22],
    )
    yield "cut.pt", "cut in the middle", "zip parsers", "suspicious", archive(*torch_members(PAYLOAD))[:200]
    yield (
        "trailing_zeros.pt",
        "zeros behind the end record",
        "zip parsers",
        bad,
        archive(*torch_members(PAYLOAD), suffix=bytes(100)),
    )
    yield (
        "prefix_and_trailing.pt",
        "bytes before and behind the archive",
        "polyglot",
        bad,
        archive(*torch_members(PAYLOAD), prefix=bytes(30), suffix=bytes(40)),
    )
    yield (
        "data_descriptor.pt",
        "sizes behind the data",
        "zip parsers",
        bad,
        archive(
            (
                "archive/data.pkl",
                PAYLOAD,
                {"local_flags": 8, "central_flags": 8, "local_size": 0, "local_packed": 0, "local_crc": 0},
            )
        ),
    )
    yield (
        "nested.zip",
        "a checkpoint in an archive in an archive",
        "containers",
        bad,
        archive(("a.zip", archive(("m.pt", archive(*torch_members(PAYLOAD)))))),
    )
    yield "gzip_member.zip", "a member in gzip", "containers", bad, archive(("m.bin", gzip.compress(PAYLOAD, mtime=0)))
    yield "unknown_names.zip", "a pickle under a name of its own", "containers", bad, archive(("weights/blob", PAYLOAD))
    yield (
        "extra_pickle.pt",
        "a second pickle in a checkpoint",
        "torch",
        bad,
        archive(*torch_members(HARMLESS), ("archive/extra/x.pkl", PAYLOAD)),
    )
    yield (
        "constants_pkl.pt",
        "TorchScript's constants",
        "torch",
        bad,
        archive(
            ("archive/data.pkl", HARMLESS),
            ("archive/constants.pkl", PAYLOAD),
            ("archive/code/__torch__.py", b"class M(Module):\n  pass\n"),
            ("archive/version", b"3\n"),
        ),
    )


def escapes():
    bad, slip = "malicious", "zip slip"
    for index, name in enumerate(
        (
            "../owned.py",
            "a/../../owned.py",
            "/etc/cron.d/owned",
            "..\\owned.py",
            "C:\\owned.py",
            "C:owned",
            "\\\\host\\share\\owned",
            "a/..//../owned",
            "./../owned",
            "~/.bashrc/../../x/../../owned",
            "a\0/../owned",
        )
    ):
        yield (
            f"escape_{index}.zip",
            f"a member named {name!r}",
            slip,
            bad if index != 9 else "suspicious",
            archive((name, b"x"), ("model.json", b"{}")),
        )
    link = {"central_attributes": 0o120777 << 16, "central_made_by": 0x314}
    yield (
        "link.zip",
        "a symbolic link out of the folder",
        slip,
        bad,
        archive(("a", b"/etc/passwd", link), ("model.json", b"{}")),
    )
    yield (
        "link_then_file.zip",
        "a link, and a file below it",
        slip,
        bad,
        archive(("a", b"../..", link), ("a/owned", b"x")),
    )
    yield (
        "local_escape.zip",
        "only the local record leaves",
        slip,
        bad,
        archive(("a.json", b"{}", {"local_name": b"../../owned"})),
    )


def bombs():
    much = "suspicious"
    zeros = bytes(100 << 20)
    yield "bomb.zip", "zeros of a thousand to one", "zip bomb", much, archive(("a", zeros, {"method": 8}))
    yield (
        "bomb_in_checkpoint.pt",
        "a storage of zeros, deflated",
        "zip bomb",
        much,
        archive(("archive/data.pkl", HARMLESS), ("archive/data/0", zeros, {"method": 8}), ("archive/version", b"3\n")),
    )
    yield "bomb.gz", "gzip of zeros", "bomb", much, gzip.compress(zeros, mtime=0)
    yield (
        "bomb.joblib",
        "zlib of a pickle of zeros",
        "bomb",
        much,
        zlib.compress(b"\x80\x04B" + struct.pack("<I", len(zeros)) + zeros + b".", 9),
    )
    yield (
        "many_members.zip",
        "70,000 names of nothing, one record",
        "zip bomb",
        much,
        archive(*[("a", b"")] * 400, count=70000),
    )
    nested = b"x" * 100
    for _ in range(24):
        nested = archive(("a.zip", nested, {"method": 8}))
    yield "deep.zip", "24 archives in each other", "zip bomb", much, nested


def tars():
    bad, cve = "malicious", "CVE-2007-4559, CVE-2025-4517"
    kinds = tarfile

    def tar(*members, mode="w"):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode=mode, format=tarfile.PAX_FORMAT) as file:
            for name, data, kind, target in members:
                info = tarfile.TarInfo(name)
                info.size, info.type, info.linkname = len(data), kind, target
                file.addfile(info, io.BytesIO(data))
        return out.getvalue()

    regular, link, hard = kinds.REGTYPE, kinds.SYMTYPE, kinds.LNKTYPE
    config = ("config.json", b"{}", regular, "")
    yield "escape.tar", "a member that leaves the folder", cve, bad, tar(("../owned", b"x", regular, ""), config)
    yield "absolute.tar", "an absolute member", cve, bad, tar(("/etc/cron.d/owned", b"x", regular, ""))
    yield "link.tar", "a symbolic link out of the folder", cve, bad, tar(("a", b"", link, "/etc"), config)
    yield "link_relative.tar", "a link by ..", cve, bad, tar(("a/b", b"", link, "../../etc"), config)
    yield (
        "link_then_file.tar",
        "a link, and a file below it",
        cve,
        bad,
        tar(("a", b"", link, "../.."), ("a/owned", b"x", regular, "")),
    )
    yield "hard_link.tar", "a hard link out of the folder", cve, bad, tar(("a", b"", hard, "../../etc/passwd"))
    yield (
        "chain.tar",
        "links that lead out together",
        cve,
        bad,
        tar(("a", b"", link, "b/c"), ("b", b"", link, ".."), ("a/x", b"x", regular, "")),
    )
    yield "device.tar", "a device", cve, "suspicious", tar(("a", b"", kinds.CHRTYPE, ""))
    yield "fifo.tar", "a fifo", cve, "suspicious", tar(("a", b"", kinds.FIFOTYPE, ""))
    yield "pickle.tar", "a pickle in a tar", "containers", bad, tar(("model/weights.bin", PAYLOAD, regular, ""))
    yield (
        "pickle.tar.gz",
        "a pickle in a tar in gzip",
        "containers",
        bad,
        gzip.compress(tar(("m", PAYLOAD, regular, "")), mtime=0),
    )
    yield (
        "pickle.tar.bz2",
        "a pickle in a tar in bzip2",
        "containers",
        bad,
        __import__("bz2").compress(tar(("m", PAYLOAD, regular, ""))),
    )
    yield (
        "pickle.tar.xz",
        "a pickle in a tar in xz",
        "containers",
        bad,
        __import__("lzma").compress(tar(("m", PAYLOAD, regular, ""))),
    )
    yield "long_name.tar", "a name that only the pax header has", cve, bad, tar(("../" + "a" * 200, b"x", regular, ""))
    plain = bytearray(tar(("m", PAYLOAD, regular, "")))
    plain[148:156] = b"0000000\0"
    yield "checksum.tar", "a wrong checksum", "containers", "suspicious", bytes(plain)
    sized = bytearray(tar(("m", PAYLOAD, regular, "")))
    yield "cut.tar", "cut in the data", "containers", "suspicious", bytes(sized[:520])
    yield (
        "torch_tar.pth",
        "torch's format of 2016: a tar with a pickle",
        "torch",
        bad,
        tar(
            ("sys_info", stream(), regular, ""),
            ("pickle", PAYLOAD, regular, ""),
            ("tensors", b"\x80\x02K\0.", regular, ""),
            ("storages", b"\x80\x02K\0.", regular, ""),
        ),
    )
    yield (
        "behind_end.tar",
        "a member behind the end of the archive",
        "containers",
        "suspicious",
        tar(config) + tar(("m", PAYLOAD, regular, "")),
    )
