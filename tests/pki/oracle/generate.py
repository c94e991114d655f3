"""Writes a few hundred certificate requests for the oracle to read: every kind of key, string type, alternative name and
attribute, odd encodings, and mutations of sound requests. The same every run, but for the keys.

Usage: generate.py DIRECTORY [SEED]; prints what pyca/cryptography reads in each, as JSON.
"""

import json
import pathlib
import random
import subprocess
import sys

import cryptography_vectors
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa

out = pathlib.Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
names = []


# ── DER from its leaves ─────────────────────────────────────────────────────────────────────────────────────────────
def tlv(tag, *parts):
    content = b"".join(parts)
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def seq(*parts):
    return tlv(0x30, *parts)


def oid(text):
    first, second, *rest = (int(arc) for arc in text.split("."))
    content = b""
    for arc in [first * 40 + second, *rest]:
        digits = [arc & 0x7F]
        while arc := arc >> 7:
            digits.append(0x80 | arc & 0x7F)
        content += bytes(reversed(digits))
    return tlv(0x06, content)


def integer(value):
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


NULL = b"\x05\x00"
CN, C, O, OU, EMAIL = "2.5.4.3", "2.5.4.6", "2.5.4.10", "2.5.4.11", "1.2.840.113549.1.9.1"
SAN, EXTENSION_REQUEST = "2.5.29.17", "1.2.840.113549.1.9.14"
UTF8, PRINTABLE, T61, IA5, BMP, UNIVERSAL, NUMERIC, VISIBLE = 0x0C, 0x13, 0x14, 0x16, 0x1E, 0x1C, 0x12, 0x1A


def attribute(kind, value, string=UTF8):
    if isinstance(value, str):
        value = value.encode({BMP: "utf-16-be", UNIVERSAL: "utf-32-be", T61: "latin-1"}.get(string, "utf-8"))
    return seq(oid(kind), tlv(string, value))


def name(*rdns):
    return seq(*(tlv(0x31, *(rdn if isinstance(rdn, list) else [rdn])) for rdn in rdns))


def extension(kind, value, critical=None):
    flag = b"" if critical is None else tlv(0x01, bytes([critical]))
    return seq(oid(kind), flag, tlv(0x04, value))


def san(*general_names):
    return extension(SAN, seq(*general_names))


def dns(text):
    return tlv(0x82, text.encode("utf-8"))


def request_for(*extensions):
    return seq(oid(EXTENSION_REQUEST), tlv(0x31, seq(*extensions)))


# ── Keys and signatures ─────────────────────────────────────────────────────────────────────────────────────────────
HASHES = {
    "md5": (hashes.MD5(), "1.2.840.113549.1.1.4", None),
    "sha1": (hashes.SHA1(), "1.2.840.113549.1.1.5", "1.2.840.10045.4.1"),
    "sha224": (hashes.SHA224(), "1.2.840.113549.1.1.14", "1.2.840.10045.4.3.1"),
    "sha256": (hashes.SHA256(), "1.2.840.113549.1.1.11", "1.2.840.10045.4.3.2"),
    "sha384": (hashes.SHA384(), "1.2.840.113549.1.1.12", "1.2.840.10045.4.3.3"),
    "sha512": (hashes.SHA512(), "1.2.840.113549.1.1.13", "1.2.840.10045.4.3.4"),
}


def spki(key):
    return key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def signed(key, info, digest="sha256", null=NULL):
    algorithm, rsa_oid, ec_oid = HASHES[digest]
    if isinstance(key, rsa.RSAPrivateKey):
        return seq(oid(rsa_oid), null), key.sign(info, padding.PKCS1v15(), algorithm)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return seq(oid(ec_oid)), key.sign(info, ec.ECDSA(algorithm))
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return seq(oid("1.3.101.112")), key.sign(info)
    if isinstance(key, ed448.Ed448PrivateKey):
        return seq(oid("1.3.101.113")), key.sign(info)
    return seq(oid("2.16.840.1.101.3.4.3.2")), key.sign(info, algorithm)


def csr(key, subject, attributes=(), version=0, digest="sha256", public=None, tagged=True, null=NULL):
    body = [integer(version), subject, public or spki(key)]
    if tagged:
        body.append(tlv(0xA0, *attributes))
    info = seq(*body)
    algorithm, signature = signed(key, info, digest, null)
    return seq(info, algorithm, tlv(0x03, b"\x00", signature))


def put(label, der):
    (out / f"{label}.der").write_bytes(der)
    names.append(label)


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


EC = ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(65537, 2048)
SUBJECT = name(attribute(C, "US", PRINTABLE), attribute(O, "Example Inc."), attribute(CN, "example.com"))
THREE = request_for(san(dns("example.com"), dns("www.example.com"), dns("*.example.org")))


def keys():
    for bits in (1024, 1025, 2048, 3072, 4096):
        for exponent in (3, 65537):
            key = rsa.generate_private_key(exponent, bits)
            for digest in ("sha256", "sha512") if bits == 2048 else ("sha256",):
                put(f"rsa-{bits}-{exponent}-{digest}", csr(key, SUBJECT, [THREE], digest=digest))
    for digest in ("md5", "sha1", "sha224", "sha384", "sha512"):
        put(f"rsa-digest-{digest}", csr(RSA, SUBJECT, [THREE], digest=digest))
        if HASHES[digest][2]:
            put(f"ec-digest-{digest}", csr(EC, SUBJECT, [THREE], digest=digest))
    put("rsa-without-null", csr(RSA, SUBJECT, [THREE], null=b""))
    for curve in (ec.SECP192R1, ec.SECP224R1, ec.SECP256R1, ec.SECP384R1, ec.SECP521R1, ec.SECP256K1, ec.BrainpoolP256R1,
                  ec.BrainpoolP384R1, ec.BrainpoolP512R1):
        for digest in ("sha256", "sha384", "sha512"):
            try:
                put(f"ec-{curve.name}-{digest}", csr(ec.generate_private_key(curve()), SUBJECT, [THREE], digest=digest))
            except Exception:  # a curve that this build lacks
                break
    put("ed25519", csr(ed25519.Ed25519PrivateKey.generate(), SUBJECT, [THREE]))
    put("ed25519-bare", csr(ed25519.Ed25519PrivateKey.generate(), name(), [], tagged=False))
    put("ed448", csr(ed448.Ed448PrivateKey.generate(), SUBJECT, [THREE]))
    put("dsa-2048", csr(dsa.generate_private_key(2048), SUBJECT, [THREE]))
    for curve in (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1):
        for _ in range(4):
            key = ec.generate_private_key(curve())
            point = key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)
            kind = {256: "1.2.840.10045.3.1.7", 384: "1.3.132.0.34", 521: "1.3.132.0.35"}[key.curve.key_size]
            public = seq(seq(oid("1.2.840.10045.2.1"), oid(kind)), tlv(0x03, b"\x00", point))
            put(f"ec-compressed-{curve.name}-{_}", csr(key, SUBJECT, [THREE], public=public))
    temporary = out / "key.pem"
    for label, arguments in {
        "pss-key-sha256": ["-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"],
        "ec-explicit-256": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-pkeyopt", "ec_param_enc:explicit"],
        "ec-explicit-384": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp384r1", "-pkeyopt", "ec_param_enc:explicit"],
        "ec-sect283r1": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:sect283r1"],
        "ec-sect233k1": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:sect233k1"],
        "ec-secp160r1": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp160r1"],
        "sm2": ["-algorithm", "SM2"],
    }.items():
        openssl("genpkey", *arguments, "-out", str(temporary))
        openssl("req", "-new", "-key", str(temporary), "-subj", "/CN=example.com", "-outform", "DER", "-out", str(out / f"{label}.der"))
        names.append(label)
    (temporary).write_bytes(RSA.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    for digest in ("sha1", "sha256", "sha384", "sha512"):
        for salt in ("digest", "max", "0", "20"):
            label = f"pss-{digest}-{salt}"
            openssl("req", "-new", "-key", str(temporary), f"-{digest}", "-sigopt", "rsa_padding_mode:pss", "-sigopt",
                    f"rsa_pss_saltlen:{salt}", "-subj", "/CN=example.com", "-outform", "DER", "-out", str(out / f"{label}.der"))
            names.append(label)
    openssl("req", "-new", "-key", str(temporary), "-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_mgf1_md:sha1",
            "-subj", "/CN=example.com", "-outform", "DER", "-out", str(out / "pss-mixed-mask.der"))
    names.append("pss-mixed-mask")
    for digest in ("sha3-256", "ripemd160", "md4"):
        try:
            openssl("req", "-new", "-key", str(temporary), f"-{digest}", "-subj", "/CN=example.com", "-outform", "DER", "-out",
                    str(out / f"rsa-digest-{digest}.der"))
            names.append(f"rsa-digest-{digest}")
        except subprocess.CalledProcessError:  # a digest that this build lacks
            pass
    temporary.unlink()


def subjects():
    texts = {"plain": "Example", "latin": "Société Générale", "wide": "株式会社例", "astral": "Ex𝒶mple", "quoted": 'A "B", C+D=E; <F> #G\\',
             "spaces": "  padded  ", "empty": "", "dash": "-", "long": "x" * 200}
    for string in (UTF8, PRINTABLE, T61, IA5, BMP, UNIVERSAL, NUMERIC, VISIBLE):
        for label, text in texts.items():
            try:
                value = attribute(O, text, string)
            except UnicodeEncodeError:
                continue
            put(f"string-{string:02x}-{label}", csr(EC, name(value, attribute(CN, "example.com")), [THREE]))
    put("string-utf8-broken", csr(EC, name(attribute(O, b"\xc3\x28"), attribute(CN, "example.com")), [THREE]))
    put("string-bmp-odd", csr(EC, name(attribute(O, b"\x00A\x00", BMP), attribute(CN, "example.com")), [THREE]))
    put("string-bmp-surrogate", csr(EC, name(attribute(O, b"\xd8\x00\x00A", BMP), attribute(CN, "example.com")), [THREE]))
    put("string-octets", csr(EC, name(attribute(O, b"\x01\x02", 0x04), attribute(CN, "example.com")), [THREE]))
    put("string-bits", csr(EC, name(attribute("2.5.4.45", b"\x00\x01\x02", 0x03), attribute(CN, "example.com")), [THREE]))
    put("subject-empty", csr(EC, name(), [THREE]))
    put("subject-multi", csr(EC, name([attribute(CN, "example.com"), attribute(O, "Example")]), [THREE]))
    put("subject-multi-three", csr(EC, name(attribute(C, "US", PRINTABLE), [attribute(CN, "a.com"), attribute(CN, "b.com"), attribute(OU, "c")]), [THREE]))
    put("subject-several-cn", csr(EC, name(*(attribute(CN, f"{c}.example.com") for c in "abc")), [THREE]))
    put("subject-unknown-oid", csr(EC, name(attribute("1.2.3.4.5", "x"), attribute(CN, "example.com")), [THREE]))
    put("subject-uuid-oid", csr(EC, name(attribute(f"2.25.{(1 << 127) + 12345}", "x"), attribute(CN, "example.com")), [THREE]))
    put("subject-2-999", csr(EC, name(attribute("2.999.1", "x"), attribute(CN, "example.com")), [THREE]))
    put("subject-ev", csr(EC, name(attribute("1.3.6.1.4.1.311.60.2.1.3", "US", PRINTABLE), attribute("1.3.6.1.4.1.311.60.2.1.2", "Delaware"),
                                   attribute("2.5.4.15", "Private Organization"), attribute("2.5.4.5", "5157550", PRINTABLE),
                                   attribute("2.5.4.9", "1 Main St"), attribute("2.5.4.17", "83646"), attribute(CN, "example.com")), [THREE]))
    put("subject-dc", csr(EC, name(attribute("0.9.2342.19200300.100.1.25", "com", IA5), attribute("0.9.2342.19200300.100.1.25", "example", IA5),
                                   attribute("0.9.2342.19200300.100.1.1", "uid"), attribute(CN, "example.com")), [THREE]))
    put("subject-email", csr(EC, name(attribute(CN, "example.com"), attribute(EMAIL, "a@example.com", IA5)), [THREE]))
    put("subject-cn-idn", csr(EC, name(attribute(CN, "bücher.example.com")), [request_for(san(dns("xn--bcher-kva.example.com")))]))


def alternative_names():
    kinds = {
        "dns": dns("example.com"), "dns-empty": dns(""), "dns-utf8": dns("bücher.de"), "dns-space": dns("a b.com"),
        "dns-wildcards": dns("*.*.example.com"), "dns-idn": dns("xn--bcher-kva.example"), "dns-upper": dns("EXAMPLE.com"),
        "dns-comma": dns("a,b.com"), "ipv4": tlv(0x87, bytes([192, 0, 2, 1])), "ipv6": tlv(0x87, bytes.fromhex("20010db8" + "00" * 11 + "01")),
        "ipv6-zero": tlv(0x87, bytes(16)), "ip-short": tlv(0x87, b"\x01\x02"), "ip-mask": tlv(0x87, bytes([10, 0, 0, 0, 255, 0, 0, 0])),
        "email": tlv(0x81, b"a@example.com"), "uri": tlv(0x86, b"https://example.com/a?b=c"), "rid": tlv(0x88, oid("1.2.3.4")[2:]),
        "directory": tlv(0xA4, name(attribute(CN, "dir"), attribute(O, "Example"))),
        "upn": tlv(0xA0, oid("1.3.6.1.4.1.311.20.2.3"), tlv(0xA0, tlv(UTF8, b"user@example.com"))),
        "other-octets": tlv(0xA0, oid("1.2.3.4"), tlv(0xA0, tlv(0x04, b"\x01\x02\x03"))),
        "edi": tlv(0xA5, tlv(0xA1, tlv(UTF8, b"party"))),
    }
    for label, general_name in kinds.items():
        put(f"san-{label}", csr(EC, SUBJECT, [request_for(san(general_name))]))
        put(f"san-{label}-among", csr(EC, SUBJECT, [request_for(san(dns("first.com"), general_name, dns("last.com")))]))
    put("san-hundred", csr(EC, SUBJECT, [request_for(san(*(dns(f"host{i}.example.com") for i in range(100))))]))
    put("san-thousand", csr(EC, SUBJECT, [request_for(san(*(dns(f"host{i}.example.com") for i in range(1000))))]))
    put("san-empty", csr(EC, SUBJECT, [request_for(san())]))
    put("san-critical", csr(EC, name(), [request_for(extension(SAN, seq(dns("example.com")), 0xFF))]))
    put("san-critical-ber", csr(EC, name(), [request_for(extension(SAN, seq(dns("example.com")), 0x01))]))
    put("san-critical-false", csr(EC, name(), [request_for(extension(SAN, seq(dns("example.com")), 0x00))]))
    put("san-twice", csr(EC, SUBJECT, [request_for(san(dns("a.com")), san(dns("b.com")))]))
    put("san-broken", csr(EC, SUBJECT, [request_for(extension(SAN, b"\x30\x05\x82\x01"))]))
    put("san-trailing", csr(EC, SUBJECT, [request_for(extension(SAN, seq(dns("a.com")) + b"\x05\x00"))]))


def attributes():
    microsoft = [
        seq(oid("1.3.6.1.4.1.311.13.2.3"), tlv(0x31, tlv(IA5, b"10.0.20348.2"))),
        seq(oid("1.3.6.1.4.1.311.21.20"), tlv(0x31, seq(integer(5), tlv(UTF8, b"HOST"), tlv(UTF8, b"HOST\\user"), tlv(UTF8, b"certreq.exe")))),
        seq(oid("1.3.6.1.4.1.311.13.2.2"), tlv(0x31, seq(integer(1), tlv(BMP, "Microsoft RSA SChannel".encode("utf-16-be")), tlv(0x03, b"\x00")))),
    ]
    put("attr-microsoft", csr(RSA, SUBJECT, [*microsoft, THREE]))
    put("attr-microsoft-extensions", csr(RSA, SUBJECT, [seq(oid("1.3.6.1.4.1.311.2.1.14"), tlv(0x31, seq(san(dns("ms.example.com")))))]))
    put("attr-none", csr(EC, SUBJECT, []))
    put("attr-absent", csr(EC, SUBJECT, tagged=False))
    for string in (UTF8, PRINTABLE, T61, IA5, BMP):
        put(f"attr-challenge-{string:02x}", csr(EC, SUBJECT, [seq(oid("1.2.840.113549.1.9.7"), tlv(0x31, tlv(string, b"s3cr3t")))]))
    put("attr-unstructured", csr(EC, SUBJECT, [seq(oid("1.2.840.113549.1.9.2"), tlv(0x31, tlv(UTF8, b"x")))]))
    put("attr-unknown", csr(EC, SUBJECT, [seq(oid("1.2.3.4.5"), tlv(0x31, seq(integer(1), NULL))), THREE]))
    put("attr-empty-set", csr(EC, SUBJECT, [seq(oid("1.2.3.4.5"), tlv(0x31)), THREE]))
    put("attr-two-values", csr(EC, SUBJECT, [seq(oid("1.2.3.4.5"), tlv(0x31, integer(1), integer(2))), THREE]))
    put("attr-twice", csr(EC, SUBJECT, [THREE, request_for(san(dns("other.com")))]))
    put("attr-empty-extensions", csr(EC, SUBJECT, [request_for()]))
    for version in (1, 2, 3, 127, 128, -1, 1 << 40):
        put(f"version-{version}", csr(EC, SUBJECT, [THREE], version=version))
    usages = extension("2.5.29.15", tlv(0x03, b"\x05\xa0"), 0xFF)
    put("ext-usages", csr(EC, SUBJECT, [request_for(usages, extension("2.5.29.37", seq(oid("1.3.6.1.5.5.7.3.1"), oid("1.3.6.1.5.5.7.3.2"))),
                                                    extension("2.5.29.19", seq()), san(dns("example.com")))]))
    put("ext-ca", csr(EC, SUBJECT, [request_for(extension("2.5.29.19", seq(tlv(0x01, b"\xff"), integer(0)), 0xFF), usages)]))
    put("ext-must-staple", csr(EC, SUBJECT, [request_for(extension("1.3.6.1.5.5.7.1.24", seq(integer(5))), san(dns("example.com")))]))
    put("ext-unknown", csr(EC, SUBJECT, [request_for(extension("1.2.3.4.5", b"\xde\xad"), san(dns("example.com")))]))
    put("ext-unknown-critical", csr(EC, SUBJECT, [request_for(extension("1.2.3.4.5", b"", 0xFF), san(dns("example.com")))]))
    put("ext-ski", csr(EC, SUBJECT, [request_for(extension("2.5.29.14", tlv(0x04, bytes(range(20)))), san(dns("example.com")))]))
    put("ext-policies", csr(EC, SUBJECT, [request_for(extension("2.5.29.32", seq(seq(oid("2.23.140.1.2.2")))), san(dns("example.com")))]))
    put("ext-template", csr(EC, SUBJECT, [request_for(extension("1.3.6.1.4.1.311.20.2", tlv(BMP, "WebServer".encode("utf-16-be"))), san(dns("example.com")))]))


def odd_encodings():
    whole = csr(EC, SUBJECT, [THREE])
    put("der-trailing-null", whole + b"\x00")
    put("der-trailing-newline", whole + b"\n")
    put("der-trailing-junk", whole + b"junk")
    body = whole[len(whole) - int.from_bytes(whole[2:4], "big"):]
    put("der-long-length", b"\x30\x83\x00" + whole[2:4] + body)
    put("der-indefinite", b"\x30\x80" + body + b"\x00\x00")
    put("der-signature-unused-bits", whole[: -1] + bytes([whole[-1] ^ 1]))
    info = seq(tlv(0x02, b"\x00\x00"), SUBJECT, spki(EC), tlv(0xA0, THREE))
    algorithm, signature = signed(EC, info)
    put("der-version-padded", seq(info, algorithm, tlv(0x03, b"\x00", signature)))
    put("alg-mismatch", seq(info, seq(oid("1.2.840.113549.1.1.11"), NULL), tlv(0x03, b"\x00", signature)))
    put("alg-unknown", seq(info, seq(oid("1.2.3.4")), tlv(0x03, b"\x00", signature)))
    put("key-unknown", csr(EC, SUBJECT, [THREE], public=seq(seq(oid("1.2.3.4")), tlv(0x03, b"\x00\x01\x02"))))
    put("key-gost", csr(EC, SUBJECT, [THREE], public=seq(seq(oid("1.2.643.7.1.1.1.1"), seq(oid("1.2.643.2.2.36.0"))), tlv(0x03, b"\x00" + tlv(0x04, bytes(64))))))
    put("key-mldsa", csr(EC, SUBJECT, [THREE], public=seq(seq(oid("2.16.840.1.101.3.4.3.18")), tlv(0x03, b"\x00" + bytes(1952)))))
    put("key-rsa-broken", csr(RSA, SUBJECT, [THREE], public=seq(seq(oid("1.2.840.113549.1.1.1"), NULL), tlv(0x03, b"\x00\x01\x02"))))
    point = spki(EC)
    put("key-off-curve", csr(EC, SUBJECT, [THREE], public=point[:-1] + bytes([point[-1] ^ 1])))
    put("key-rsa-without-null", csr(RSA, SUBJECT, [THREE], public=seq(seq(oid("1.2.840.113549.1.1.1")), spki(RSA)[spki(RSA).index(b"\x03\x82"):])))


def mutations():
    chance = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 2986)
    for origin in ("rsa-2048-65537-sha256", "ec-secp256r1-sha256", "attr-microsoft", "ext-usages"):
        whole = (out / f"{origin}.der").read_bytes()
        for index in range(40):
            mutated = bytearray(whole)
            kind = chance.choice(("flip", "flip", "byte", "cut", "insert", "remove"))
            at = chance.randrange(len(mutated))
            if kind == "flip":
                mutated[at] ^= 1 << chance.randrange(8)
            elif kind == "byte":
                mutated[at] = chance.randrange(256)
            elif kind == "cut":
                del mutated[at:]
            elif kind == "insert":
                mutated.insert(at, chance.randrange(256))
            else:
                del mutated[at]
            put(f"mutated-{origin}-{index:02}-{kind}", bytes(mutated))


def vectors():
    folder = pathlib.Path(cryptography_vectors.__file__).parent / "x509" / "requests"
    for path in sorted(folder.iterdir()):
        (out / f"vector-{path.name}").write_bytes(path.read_bytes())
        names.append(f"vector-{path.name}")


# ── What pyca reads ─────────────────────────────────────────────────────────────────────────────────────────────────
def reading(path):
    data = path.read_bytes()
    try:
        request = x509.load_pem_x509_csr(data) if b"-----BEGIN" in data else x509.load_der_x509_csr(data)
        alternative = {"dns": [], "ip": [], "email": [], "uri": []}
        try:
            extension = request.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
            alternative["dns"] = extension.get_values_for_type(x509.DNSName)
            alternative["ip"] = [str(address) for address in extension.get_values_for_type(x509.IPAddress)]
            alternative["email"] = extension.get_values_for_type(x509.RFC822Name)
            alternative["uri"] = extension.get_values_for_type(x509.UniformResourceIdentifier)
        except x509.ExtensionNotFound:
            pass
        public = request.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
        return {
            "subject": [[a.oid.dotted_string, a.value if isinstance(a.value, str) else "#" + a.value.hex()] for a in request.subject],
            "names": alternative,
            "publicKey": public,
        }
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


for group in (keys, subjects, alternative_names, attributes, odd_encodings, mutations, vectors):
    group()
files = {label: out / (label if label.startswith("vector-") else f"{label}.der") for label in names}
print(json.dumps({label: {"file": path.name, "pyca": reading(path)} for label, path in files.items()}))
