//! Requests as other programs write them down, and what is pasted in place of one.

use markmonitor_certs::pki::{
    Context, Input, SignatureStatus, inspect_all, inspect_csr, parse_bundle, parse_csr, same_key,
};

use crate::{
    pasted::base64,
    support::{
        builder::{P256, POINT, SHA256_ECDSA, common_name, ec_key, hex as hex_of},
        der::{bits, integer, oid, seq, set, tlv},
        text,
    },
};

/// With plus signs, slashes and padding: what notations change.
const REQUESTS: [&str; 3] = ["guide.csr.pem", "three-names.csr.pem", "rsa-three-names.csr.pem"];

fn der(pem: &str) -> Vec<u8> {
    x509_parser::pem::parse_x509_pem(pem.as_bytes()).unwrap().1.contents
}

fn body(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with('-')).collect()
}

fn body_in_lines(pem: &str) -> String {
    pem.lines()
        .filter(|line| !line.starts_with('-'))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Each octet that is not a letter, a digit or one of these, as a function writes it.
fn escaped(text: &str, but: &str, write: fn(u8) -> String) -> String {
    let kept = |octet: u8| octet.is_ascii_alphanumeric() || but.as_bytes().contains(&octet);
    text.bytes()
        .map(|octet| {
            if kept(octet) {
                char::from(octet).to_string()
            } else {
                write(octet)
            }
        })
        .collect()
}

fn percent(octet: u8) -> String {
    format!("%{octet:02X}")
}

fn numbered(text: &str, write: fn(usize, &str) -> String) -> String {
    text.lines()
        .enumerate()
        .map(|(index, line)| write(index + 1, line))
        .collect()
}

fn each_line(text: &str, write: fn(&str) -> String) -> String {
    text.lines().map(write).collect()
}

fn hex(octets: &[u8], between: &str) -> String {
    octets
        .iter()
        .map(|octet| format!("{octet:02x}"))
        .collect::<Vec<_>>()
        .join(between)
}

/// A dump: so many octets a line, the offset, the octets, and what of them is text.
fn dump(octets: &[u8], width: usize, line: fn(usize, &[u8], &str) -> String) -> String {
    let lines = octets.chunks(width).enumerate().map(|(index, row)| {
        let visible = |octet: &u8| {
            if octet.is_ascii_graphic() {
                char::from(*octet)
            } else {
                '.'
            }
        };
        line(index * width, row, &row.iter().map(visible).collect::<String>()) + "\n"
    });
    lines.collect()
}

/// What is written at the ends of lines, and numbers that are not hexadecimal pairs.
fn more_notations(pem: &str) -> Vec<(&'static str, String)> {
    let body = body(pem);
    let der = der(pem);
    let lines = |text: &str, width: usize| -> String {
        let lines = text.as_bytes().chunks(width);
        lines
            .map(|line| String::from_utf8(line.to_vec()).unwrap() + "\n")
            .collect()
    };
    vec![
        ("line ends of a console", pem.replace('\n', "↵")),
        ("line ends of an editor", pem.replace('\n', "␍␊\n")),
        (
            "numbers of COBOL",
            numbered(pem, |n, line| format!("{:06} {line}\n", 10 * n)),
        ),
        (
            "hexadecimal numbers",
            numbered(pem, |n, line| format!("{:02x}: {line}\n", n + 7)),
        ),
        (
            "numbers at the right",
            numbered(pem, |n, line| format!("{line}    {n}\n")),
        ),
        (
            "numbers at the right of base64",
            numbered(&lines(&body, 64), |n, line| format!("{line}    {n}\n")),
        ),
        ("cat -A", pem.replace('\n', "$\n")),
        ("cat -A of Windows", pem.replace('\n', "^M$\n")),
        ("vi of Windows", pem.replace('\n', "^M\n")),
        (
            "psql",
            each_line(pem, |line| format!(" {line:<64}+\n")) + " \n(1 row)\n",
        ),
        (
            "psql, a value without a line end",
            format!("{:^66}\n{}\n", "csr", "-".repeat(66))
                + &each_line(pem, |line| format!(" {line:<64}+\n")).replace("REQUEST-----     +\n", "REQUEST-----\n"),
        ),
        (
            "psql, with a number",
            format!(" id | {:^64} \n----+{}\n", "csr", "-".repeat(66))
                + &each_line(pem, |line| format!("    | {line:<64}+\n")).replacen("    |", "  1 |", 1)
                + "    | \n(1 row)\n",
        ),
        (
            "psql, in the middle",
            format!(" id | {:^64} | name\n----+{}+-----\n", "csr", "-".repeat(66))
                + &each_line(pem, |line| format!("    | {line:<64}+| \n")).replacen("    |", "  1 |", 1)
                + "    | | ada\n(1 row)\n",
        ),
        (
            "psql, expanded",
            format!("-[ RECORD 1 ]{}\n", "-".repeat(60))
                + &each_line(pem, |line| format!("    | {line:<64}+\n")).replacen("    |", "csr |", 1)
                + "    | \n",
        ),
        ("rsyslog", pem.replace('\n', "#012")),
        ("rsyslog, of Windows", pem.replace('\n', "#015#012")),
        ("cmd", pem.replace('\n', "^\n")),
        (
            "echo into a file",
            each_line(pem, |line| format!("echo {line}>>x.csr\n")),
        ),
        ("colours", each_line(pem, |line| format!("\u{1b}[32m{line}\u{1b}[0m\n"))),
        ("Markdown, escaped", pem.replace('-', "\\-").replace('+', "\\+")),
        ("Markdown, bold", each_line(pem, |line| format!("**{line}**\n"))),
        ("Excel", format!("\"{}\"", pem.replace('\n', "_x000a_"))),
        ("Excel of Windows", pem.replace('\n', "_x000D_\n")),
        ("octal escapes", pem.replace('\n', "\\012")),
        ("u000d", pem.replace('\n', "\\u000D\\u000A")),
        (
            "a log of JSON",
            each_line(pem, |line| {
                format!("{{\"time\":\"2026-01-31T10:00:00Z\",\"msg\":\"{line}\",\"level\":30}}\n")
            }),
        ),
        ("an attribute", format!("<x csr=\"{}\"/>", pem.replace('\n', "&#10;"))),
        (
            "an attribute of Windows",
            format!("<x csr=\"{}\"/>", pem.replace('\n', "&#xD;&#xA;")),
        ),
        ("&ndash;", pem.replace('-', "&ndash;")),
        (
            "a table of HTML",
            numbered(pem, |n, line| format!("<tr><td>{n}</td><td>{line}</td></tr>")),
        ),
        ("no dashes before BEGIN", pem.replace("-----BEGIN", "BEGIN")),
        ("no dashes after BEGIN", pem.replacen("REQUEST-----", "REQUEST", 1)),
        ("no dashes at all", pem.replace("-----", "")),
        ("other marks", pem.replace("-----", "=====")),
        ("base64 with a label", format!("CSR: {body}")),
        ("base64 with a signature", format!("{body}\nBob Smith, Head of IT\n")),
        (
            "base64 in lines with a signature",
            format!("{}Bob Smith\n", lines(&body, 64)),
        ),
        ("haproxy", format!("ssl_c_der {body}")),
        ("x5c", format!("{{\"x5c\":[\"{body}\"]}}")),
        (
            "ACME",
            format!(
                "{{\"csr\":\"{}\"}}",
                body.replace('+', "-").replace('/', "_").replace('=', "")
            ),
        ),
        (
            "LDIF",
            format!("dn: cn=x\nvalue:: {}", lines(&body, 70).replace('\n', "\n ")),
        ),
        (
            "an element of XML",
            format!(
                "<X509Data>\n<PKCS10>\n  {}\n</PKCS10>\n</X509Data>",
                lines(&body, 64).replace('\n', "\n  ")
            ),
        ),
        (
            "an attachment",
            format!(
                "From: a@example.com\nContent-Type: application/pkcs10\nContent-Transfer-Encoding: base64\n\n{}\n--=_x--\n",
                lines(&base64(pem.as_bytes()), 76)
            ),
        ),
        (
            "Cisco",
            format!(
                "Certificate Request follows:\n\n{}\n---End - This line not part of it---\n\nRedisplay? [yes/no]: no\n",
                lines(&body, 64)
            ),
        ),
        (
            "signed bytes of Java",
            format!("{:?}", der.iter().map(|octet| octet.cast_signed()).collect::<Vec<_>>()),
        ),
        (
            "casts of Java",
            format!(
                "new byte[] {{{}}}",
                hex(&der, ", (byte)0x").replacen("30", "(byte)0x30", 1)
            ),
        ),
        ("a Uint8Array", {
            let rows: String = der.chunks(12).map(|row| format!("  {row:3?},\n")).collect();
            format!("Uint8Array({}) [\n{}]", der.len(), rows.replace(['[', ']'], ""))
        }),
        (
            "one number a line",
            der.iter().map(|octet| format!("{octet}\n")).collect(),
        ),
        ("hex of an assembler", format!("{}h", hex(&der, "h "))),
        (
            "od",
            dump(&der, 16, |at, row, _| {
                let word = |pair: &[u8]| {
                    let value = u16::from(pair.get(1).copied().unwrap_or(0)) << 8 | u16::from(pair[0]);
                    format!("{value:06o}")
                };
                format!("{at:07o} {}", row.chunks(2).map(word).collect::<Vec<_>>().join(" "))
            }),
        ),
        (
            "od -b",
            dump(&der, 16, |at, row, _| {
                format!(
                    "{at:07o} {}",
                    row.iter()
                        .map(|octet| format!("{octet:03o}"))
                        .collect::<Vec<_>>()
                        .join(" ")
                )
            }),
        ),
        (
            "od -t u1",
            dump(&der, 16, |at, row, _| {
                format!(
                    "{at:07o} {}",
                    row.iter()
                        .map(|octet| format!("{octet:3}"))
                        .collect::<Vec<_>>()
                        .join(" ")
                )
            }),
        ),
    ]
}

fn notations(pem: &str) -> Vec<(&'static str, String)> {
    [usual_notations(pem), more_notations(pem)].concat()
}

fn usual_notations(pem: &str) -> Vec<(&'static str, String)> {
    let body = body(pem);
    let der = der(pem);
    vec![
        ("<br>", pem.replace('\n', "<br>")),
        ("<br /> and line ends", pem.replace('\n', "<br />\n")),
        ("<p>", each_line(pem, |line| format!("<p class=\"a\">{line}</p>"))),
        (
            "&#43;",
            pem.replace('+', "&#43;").replace('/', "&#x2F;").replace('=', "&#61;"),
        ),
        (
            "&plus;",
            pem.replace('+', "&plus;")
                .replace('/', "&sol;")
                .replace('=', "&equals;"),
        ),
        ("&amp;#43;", pem.replace('+', "&amp;#43;").replace('\n', "&lt;br&gt;")),
        (
            "&nbsp;",
            pem.replace('\n', "&nbsp;\n")
                .replace(' ', "&nbsp;")
                .replace("BEGIN&nbsp;", "BEGIN "),
        ),
        (
            "a page",
            format!("<!DOCTYPE html><html><body><h1>It's &quot;here&quot;</h1><pre>{pem}</pre></body></html>"),
        ),
        ("numbers in a table", {
            let rows = numbered(pem, |n, line| {
                format!("<tr><td data-line=\"{n}\">{n}</td><td>{line}</td></tr>")
            });
            format!("<table>{rows}</table>")
        }),
        ("encodeURIComponent", escaped(pem, "-", percent)),
        ("encodeURI", escaped(pem, "-+/=", percent)),
        (
            "a form",
            format!("id=7&csr={}&x=1", escaped(pem, "- ", percent).replace(' ', "+")),
        ),
        (
            "encodeURIComponent, twice",
            escaped(&escaped(pem, "-", percent), "-", percent),
        ),
        ("base64 in a form", escaped(&body, "", percent)),
        (
            "decoded as a form",
            each_line(pem, |line| {
                if line.starts_with('-') {
                    format!("{line}\n")
                } else {
                    format!("{}\n", line.replace('+', " "))
                }
            }),
        ),
        ("data URL", format!("data:application/pkcs10;base64,{body}")),
        (
            "data URL in a page",
            format!("<a href=\"x\">x</a> url(\"data:application/pkcs10;base64,{body}\")"),
        ),
        (
            "data URL of PEM",
            format!("data:application/x-pem-file,{}", escaped(pem, "-", percent)),
        ),
        ("JavaScript", each_line(pem, |line| format!("  \"{line}\\n\" +\n"))),
        (
            "JavaScript, in single quotes",
            format!(
                "const it = 'x';\nconst csr = {};",
                each_line(pem, |line| format!("'{line}\\n' +\n"))
            ),
        ),
        ("a template", format!("const csr = `{pem}`; // it's")),
        ("Java", each_line(pem, |line| format!("        + \"{line}\\r\\n\"\n"))),
        (
            "C#",
            each_line(pem, |line| format!("\"{line}\" + Environment.NewLine +\n")),
        ),
        (
            "Visual Basic",
            each_line(pem, |line| format!("\"{line}\" & vbCrLf & _\n")),
        ),
        (
            "PHP",
            format!("$csr = {};", each_line(pem, |line| format!("'{line}' . PHP_EOL .\n"))),
        ),
        ("C", each_line(pem, |line| format!("\"{line}\\n\"\n"))),
        (
            "Python",
            format!("csr = ({})", each_line(pem, |line| format!("b'{line}\\n'\n"))),
        ),
        ("Go", each_line(pem, |line| format!("\"{line}\\n\" +\n"))),
        (
            "PowerShell, a here-string",
            format!("$csr = @\"\r\n{}\r\n\"@", pem.trim_end().replace('\n', "\r\n")),
        ),
        (
            "PowerShell, one line",
            format!("$csr = \"{}\"", pem.replace('\n', "`n")),
        ),
        (
            "PowerShell, one line of Windows",
            format!("Set-Content x.csr \"{}\"", pem.replace('\n', "`r`n")),
        ),
        (
            "PowerShell, joined",
            each_line(pem, |line| format!("\"{line}`r`n\" +\n")),
        ),
        (
            "PowerShell, a console",
            format!(
                "PS C:\\> $csr = @'\n{}>> '@",
                each_line(pem, |line| format!(">> {line}\n"))
            ),
        ),
        ("a batch file", each_line(pem, |line| format!("echo {line}\n"))),
        (
            "JSON of .NET",
            format!("{{\"csr\":\"{}\"}}", pem.replace('\n', "\\n").replace('+', "\\u002B")),
        ),
        (
            "JSON of PHP",
            format!("{{\"csr\":\"{}\"}}", pem.replace('\n', "\\n").replace('/', "\\/")),
        ),
        (
            "JSON in JSON",
            format!("\"{{\\\"csr\\\":\\\"{}\\\"}}\"", pem.replace('\n', "\\\\n")),
        ),
        (
            "\\x2b",
            pem.replace('+', "\\x2b").replace('/', "\\x2F").replace('\n', "\\n"),
        ),
        ("cat -n", numbered(pem, |n, line| format!("{n:6}\t{line}\n"))),
        ("grep -n", numbered(pem, |n, line| format!("{n}:{line}\n"))),
        (
            "grep -n with a name",
            numbered(pem, |n, line| format!("www.example.com.csr:{n}:{line}\n")),
        ),
        ("an editor", numbered(pem, |n, line| format!("{:3} │ {line}\n", n + 96))),
        ("numbers and dots", numbered(pem, |n, line| format!("{n}. {line}\n"))),
        ("padded numbers", numbered(pem, |n, line| format!("{n:04} {line}\n"))),
        (
            "numbered base64",
            body.as_bytes()
                .chunks(64)
                .enumerate()
                .map(|(n, line)| format!("{:2}  {}\n", n + 1, core::str::from_utf8(line).unwrap()))
                .collect(),
        ),
        ("a difference", each_line(pem, |line| format!("+{line}\n"))),
        ("a difference in colours", {
            let old = each_line(pem, |line| format!("\u{1b}[31m-{}\u{1b}[m\n", line.replace("MI", "Ml")));
            old + &each_line(pem, |line| format!("\u{1b}[32m+\u{1b}[m\u{1b}[32m{line}\u{1b}[m\n"))
        }),
        ("a difference in the old form", {
            let old = each_line(pem, |line| format!("< {}\n", line.replace("MI", "Ml")));
            [
                "1,9c1,9\n",
                &old,
                "---\n",
                &each_line(pem, |line| format!("> {line}\n")),
            ]
            .concat()
        }),
        ("a comment", each_line(pem, |line| format!("// {line}\n"))),
        ("a comment in a block", each_line(pem, |line| format!(" * {line}\n"))),
        (
            "a log",
            each_line(pem, |line| format!("2026-01-31T10:00:00Z csr-1 | {line}\n")),
        ),
        ("quoted-printable", pem.replace('=', "=3D")),
        ("quoted-printable, short lines", {
            let wrapped = |line: &str| {
                line.as_bytes()
                    .chunks(50)
                    .map(|part| String::from_utf8(part.to_vec()).unwrap())
                    .collect::<Vec<_>>()
                    .join("=\r\n")
            };
            pem.lines()
                .map(|line| wrapped(line).replace("==", "=3D=3D").replace("=3D=3D\r\n", "=\r\n") + "\r\n")
                .collect()
        }),
        (
            "quoted-printable, of octets",
            pem.replace('=', "=3D").replace('+', "=2B").replace('\n', "=0D=0A=\n"),
        ),
        (
            "quoted-printable HTML",
            format!(
                "<div class=3D\"x\">{}</div>",
                pem.replace('=', "=3D").replace('\n', "<br>=\n")
            ),
        ),
        (
            "a resource of Kubernetes",
            format!("  request: {}\n  signerName: example.com/tls\n", base64(pem.as_bytes())),
        ),
        ("base64 of base64", base64(body.as_bytes())),
        ("base64 of base64 in lines", base64(body_in_lines(pem).as_bytes())),
        (
            "base64 of UTF-16",
            base64(&pem.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()),
        ),
        (
            "base64 of UTF-16 with its mark",
            base64(
                &("\u{feff}".to_owned() + pem)
                    .encode_utf16()
                    .flat_map(u16::to_le_bytes)
                    .collect::<Vec<u8>>(),
            ),
        ),
        (
            "Go's %#v",
            format!(
                "[]byte{{{}}}",
                der.iter()
                    .map(|octet| format!("{octet:#x}"))
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
        ),
        ("six dashes", pem.replace("-----", "------")),
        ("an array of JavaScript", format!("{der:?}")),
        (
            "a Buffer of Node, as JSON",
            format!("{{\"type\":\"Buffer\",\"data\":{der:?}}}"),
        ),
        ("a Uint8Array of JavaScript, as JSON", {
            let members: Vec<String> = der
                .iter()
                .enumerate()
                .map(|(at, octet)| format!("\"{at}\":{octet}"))
                .collect();
            format!("{{{}}}", members.join(","))
        }),
        ("a Uint8Array in the console", {
            let lines = der.iter().enumerate().map(|(at, octet)| format!("{at}: {octet}\n"));
            lines.collect()
        }),
        (
            "a slice of Rust",
            der.iter().map(|octet| format!("{octet}u8, ")).collect(),
        ),
        ("String(array)", format!("{der:?}").replace(['[', ']', ' '], "")),
        ("an array of JavaScript, of PEM", format!("{:?}", pem.as_bytes())),
        ("hex", hex(&der, "")),
        ("HEX", hex(&der, "").to_uppercase()),
        ("hex with spaces", hex(&der, " ")),
        ("hex with colons", hex(&der, ":")),
        (
            "hex in lines",
            hex(&der, "")
                .as_bytes()
                .chunks(60)
                .map(|line| String::from_utf8(line.to_vec()).unwrap() + "\n")
                .collect(),
        ),
        (
            "hex of C",
            format!(
                "unsigned char csr[] = {{\n  {}\n}};\nunsigned int csr_len = {};",
                hex(&der, ", ").replace(", ", ", 0x").replacen("30", "0x30", 1),
                der.len()
            ),
        ),
        (
            "hex of a string",
            format!(
                "\"{}\"",
                der.iter().map(|octet| format!("\\x{octet:02x}")).collect::<String>()
            ),
        ),
        ("hex of SQL", format!("0x{}", hex(&der, "").to_uppercase())),
        ("hex in words", format!("The request is: {}", hex(&der, " "))),
        ("hex of PEM", hex(pem.as_bytes(), "")),
        (
            "xxd",
            dump(&der, 16, |at, row, text| {
                let words: Vec<String> = row.chunks(2).map(|pair| hex(pair, "")).collect();
                format!("{at:08x}: {:39}  {text}", words.join(" "))
            }),
        ),
        (
            "xxd of PEM",
            dump(pem.as_bytes(), 16, |at, row, text| {
                let words: Vec<String> = row.chunks(2).map(|pair| hex(pair, "")).collect();
                format!("{at:08x}: {:39}  {text}", words.join(" "))
            }),
        ),
        (
            "hexdump -C",
            dump(&der, 16, |at, row, text| {
                format!("{at:08x}  {:48}  |{text}|", hex(row, " "))
            }) + &format!("{:08x}\n", der.len()),
        ),
        (
            "od -t x1",
            dump(&der, 16, |at, row, _| format!("{at:07o} {}", hex(row, " "))) + &format!("{:07o}\n", der.len()),
        ),
        (
            "hexdump",
            dump(&der, 16, |at, row, _| {
                let words: Vec<String> = row
                    .chunks(2)
                    .map(|pair| format!("{:02x}{:02x}", pair.get(1).copied().unwrap_or(0), pair[0]))
                    .collect();
                format!("{at:07x} {}", words.join(" "))
            }) + &format!("{:07x}\n", der.len()),
        ),
        (
            "certutil",
            dump(&der, 16, |at, row, text| {
                format!("{at:04x}  {:47}   {text}", hex(row, " "))
            }),
        ),
        (
            "tcpdump",
            dump(&der, 16, |at, row, text| {
                let words: Vec<String> = row.chunks(2).map(|pair| hex(pair, "")).collect();
                format!("\t0x{at:04x}:  {:39}  {text}", words.join(" "))
            }),
        ),
    ]
}

#[test]
fn a_request_is_read_in_every_notation() {
    let mut missed = Vec::new();
    for name in REQUESTS {
        let pem = text(name);
        let expected = parse_csr(&Input::Text(&pem)).unwrap();
        for (notation, text) in notations(&pem) {
            for input in [Input::Text(&text), Input::Bytes(text.as_bytes())] {
                let read = parse_csr(&input);
                if read.as_ref() != Ok(&expected) {
                    missed.push(format!(
                        "{notation}, {name}: {:?}",
                        read.map(|_| "another").map_err(|error| error.message)
                    ));
                }
            }
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn what_is_read_in_another_notation_is_said_to_be() {
    let pem = text("guide.csr.pem");
    for (notation, text) in notations(&pem) {
        let inspection = inspect_csr(&Input::Text(&text), &Context::default()).unwrap();
        let findings = inspection.conclude(SignatureStatus::Valid).findings;
        assert!(
            findings
                .iter()
                .any(|finding| matches!(finding.code.as_str(), "pem_lines" | "pem_frame" | "text_around_pem")),
            "{notation}"
        );
    }
}

#[test]
fn what_openssl_refuses_in_a_frame_is_said() {
    // One with padding, and with plus signs and slashes.
    let pem = text("three-names.csr.pem");
    let padded = text("guide.csr.pem");
    let findings = |text: &str| {
        let inspection = inspect_csr(&Input::Text(text), &Context::default()).unwrap();
        let findings = inspection.conclude(SignatureStatus::Valid).findings.into_iter();
        let codes = findings.map(|finding| finding.code.as_str());
        codes.filter(|code| code.starts_with("pem_")).collect::<Vec<_>>()
    };
    assert!(pem.contains('=') || padded.contains('='));
    for pem in [pem, padded] {
        assert!(findings(&pem).is_empty());
        let lines = || pem.lines().collect::<Vec<_>>();
        for (written, odd) in [
            ("blank lines", pem.replace('\n', "\n\n")),
            (
                "a blank line",
                [&lines()[..3], &[""], &lines()[3..]].concat().join("\n"),
            ),
            ("a blank line at the end", pem.replace("\n-----END", "\n\n-----END")),
            ("more padding", pem.replace("\n-----END", "=\n-----END")),
            ("other padding", pem.replace("\n-----END", "==\n-----END")),
            ("six dashes before END", pem.replace("-----END", "------END")),
            ("base64url", pem.replace('+', "-").replace('/', "_")),
        ] {
            assert_eq!(findings(&odd), ["pem_lines"], "{written}");
        }
        let unpadded = pem.replace('=', "");
        assert_eq!(findings(&unpadded).is_empty(), unpadded == pem);
    }
}

#[test]
fn a_private_key_is_refused_in_every_notation() {
    // The numbers are small, so that it is nobody's key.
    let pem = "-----BEGIN PRIVATE KEY-----\nMDECAQAwDQYJKoZIhvcNAQEBBQAEHTAbAgEAAgFNAgEHAgErAgELAgEHAgEDAgEB\nAgEC\n-----END PRIVATE KEY-----\n";
    for (notation, text) in notations(pem) {
        let error = parse_csr(&Input::Text(&text)).expect_err(notation);
        assert_eq!(error.code.as_str(), "private_key", "{notation}: {error}\n{text}");
        assert!(
            !error.message.contains("MDEC") && !error.message.contains("3031"),
            "{notation}"
        );
    }
}

fn ssh_certificate(kind: &str) -> Vec<u8> {
    let length = u32::try_from(kind.len()).unwrap().to_be_bytes();
    let octets = [&length[..], kind.as_bytes(), &[0, 0, 0, 32], &[0x5a; 200]].concat();
    format!("{kind} {} me@example.com\n", base64(&octets)).into_bytes()
}

/// What certreq makes of `RequestType = CMC`.
fn cmc() -> Vec<u8> {
    let request = tlv(0xa0, &[&seq(&[&integer(&[1]), &der(&text("guide.csr.pem"))])]);
    let data = seq(&[&seq(&[]), &seq(&[&request]), &seq(&[]), &seq(&[])]);
    let content = seq(&[&oid("1.3.6.1.5.5.7.12.2"), &tlv(0xa0, &[&tlv(4, &[&data])])]);
    let algorithms = set(&[&seq(&[&oid("2.16.840.1.101.3.4.2.1"), &[5, 0]])]);
    let signed = seq(&[&integer(&[3]), &algorithms, &content, &set(&[])]);
    seq(&[&oid("1.2.840.113549.1.7.2"), &tlv(0xa0, &[&signed])])
}

/// What is refused with a sentence that has these words.
fn others() -> Vec<(Vec<u8>, &'static str)> {
    let of = |text: &str| text.as_bytes().to_vec();
    let page = "<!DOCTYPE html>\n<html><head><title>Certs</title></head><body>Sign in</body></html>";
    let ssh = "AAAAC3NzaC1lZDI1NTE5AAAAIBo0S6o5Kk7nq5mC0j0w1mYw3l3m9o3mU2yq1aZ1t0bQ";
    let name = || seq(&[&set(&[&common_name("ca")])]);
    let time = |text: &str| tlv(0x17, &[text.as_bytes()]);
    let algorithm = seq(&[&oid(SHA256_ECDSA)]);
    let crl = [
        &integer(&[1])[..],
        &algorithm,
        &name(),
        &time("260101000000Z"),
        &time("260201000000Z"),
    ]
    .concat();
    let signed = |parts: &[&[u8]]| seq(&[&seq(parts), &algorithm, &bits(&[0])]);
    let crl = base64(&signed(&[&crl]));
    let key = ec_key(P256, &hex_of(POINT));
    let spkac = signed(&[&key, &tlv(0x16, &[&[b'c'; 100]])]);
    let id = seq(&[&algorithm, &tlv(4, &[&[7; 20]]), &tlv(4, &[&[7; 20]]), &integer(&[1])]);
    let ocsp = seq(&[&seq(&[&seq(&[&seq(&[&id])])])]);
    let data = seq(&[
        &oid("1.2.840.113549.1.7.1"),
        &tlv(0xa0, &[&tlv(4, &[&seq(&[&[5; 20]])])]),
    ]);
    let pkcs12 = seq(&[&integer(&[3]), &data]);
    vec![
        (of(&format!("ssh-ed25519 {ssh} me@example.com")), "SSH key"),
        (of(ssh), "SSH key"),
        (
            of(&format!(
                "---- BEGIN SSH2 PUBLIC KEY ----\nComment: \"x\"\n{ssh}\n---- END SSH2 PUBLIC KEY ----\n"
            )),
            "SSH key",
        ),
        (of("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7 me"), "SSH key"),
        (ssh_certificate("ssh-ed25519-cert-v01@openssh.com"), "SSH key"),
        (ssh_certificate("ssh-rsa-cert-v01@openssh.com"), "SSH key"),
        (ssh_certificate("ecdsa-sha2-nistp256-cert-v01@openssh.com"), "SSH key"),
        (ssh_certificate("sk-ssh-ed25519-cert-v01@openssh.com"), "SSH key"),
        (
            ssh_certificate("sk-ecdsa-sha2-nistp256-cert-v01@openssh.com"),
            "SSH key",
        ),
        (cmc(), "RequestType = PKCS10"),
        (
            of(&crate::support::pem("NEW CERTIFICATE REQUEST", &cmc())),
            "RequestType = PKCS10",
        ),
        (
            of("<Buffer 30 82 01 1f 30 81 c6 02 01 00 30 39 31 0b 30 09 06 03 55 04 06 13 02 55 ... 237 more bytes>"),
            "as a program shows them",
        ),
        (
            of(
                "Uint8Array(287) [\n  48, 130, 1, 31, 48, 129, 198, 2, 1, 0, 48, 57, 49,\n  11,\n  ... 187 more items\n]",
            ),
            "as a program shows them",
        ),
        (
            of(
                "-----BEGIN PGP PUBLIC KEY BLOCK-----\nVersion: GnuPG v2\n\nmQENBFxZ\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n",
            ),
            "PGP",
        ),
        (
            of("-----BEGIN PGP MESSAGE-----\n\nhQEMA5Z=\n-----END PGP MESSAGE-----\n"),
            "PGP",
        ),
        (of(page), "web page"),
        (of("<html><body>It's gone</body></html>"), "web page"),
        (of("./certs/www.example.com.csr"), "name of a file"),
        (of("C:\\certs\\www.CSR"), "name of a file"),
        (
            of("199e52fb1dc21c79b83e9b15f5d9f24011d46c6ede8d4820a04b5a15f5cd7d00  rsa.csr\n"),
            "or its hash sum",
        ),
        (of("a file.csr"), "name of a file"),
        (of("https://example.com/certs/1.pem"), "URL"),
        (of("  http://example.com/x?a=b\n"), "URL"),
        (
            vec![0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2],
            "trust store",
        ),
        (vec![0xce, 0xce, 0xce, 0xce, 0, 0, 0, 2], "trust store"),
        (of("/u3+7QAAAAIAAAABAAAAAg=="), "trust store"),
        (pkcs12, "PKCS #12"),
        (
            of("-----BEGIN PKCS12-----\nMBYCAQMw\n-----END PKCS12-----\n"),
            "PKCS #12",
        ),
        (
            of(&format!("-----BEGIN X509 CRL-----\n{crl}\n-----END X509 CRL-----\n")),
            "revocation list",
        ),
        (of(&crl), "revocation list"),
        (
            of("Never send what begins with -----BEGIN PRIVATE KEY----- to anyone."),
            "speaks of a private key",
        ),
        (
            of(
                "Keep the file between \"-----BEGIN RSA PRIVATE KEY-----\" and \"-----END RSA PRIVATE KEY-----\" secret.",
            ),
            "speaks of a private key",
        ),
        (
            of(
                "Certificate Request:\n    Data:\n        Version: 1 (0x0)\n        Subject: CN = example.com\n        Subject Public Key Info:\n            Public Key Algorithm: rsaEncryption\n                Public-Key: (2048 bit)\n",
            ),
            "what a program prints",
        ),
        (
            of("    0:d=0  hl=4 l= 600 cons: SEQUENCE          \n    4:d=1  hl=4 l= 320 cons: SEQUENCE"),
            "what a program prints",
        ),
        (
            of("-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"),
            "parameters of a key",
        ),
        (
            of("-----BEGIN DH PARAMETERS-----\nMAYCAQcCAQI=\n-----END DH PARAMETERS-----\n"),
            "parameters of a key",
        ),
        (b"7z\xbc\xaf\x27\x1c\0\x04".to_vec(), "an archive"),
        (b"Rar!\x1a\x07\x01\0".to_vec(), "an archive"),
        (b"\xfd7zXZ\0\0\x04".to_vec(), "compressed"),
        (b"\x28\xb5\x2f\xfd$\x80".to_vec(), "compressed"),
        (b"\x89PNG\r\n\x1a\n\0".to_vec(), "a picture"),
        (b"\xff\xd8\xff\xe0abcdefgh".to_vec(), "a picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), "Office document"),
        (
            of("Paste it with the lines -----BEGIN CERTIFICATE REQUEST----- and -----END CERTIFICATE REQUEST-----."),
            "speaks of PEM",
        ),
        (of("Modulus=00C5A1B2C3D430820A"), "without -noout"),
        (
            of("subject=C = US, O = Example Inc., CN = www.example.com\n"),
            "without -noout",
        ),
        (
            of("sha256 Fingerprint=98:2A:2B:5E:30:82:01:92:39:CF:9C:21:4E:A4:9C:87\nserial=1234567890\n"),
            "without -noout",
        ),
        (
            of(
                "*   Trying 127.0.0.1:443...\n  0     0    0     0    0     0      0      0 --:--:-- --:--:--\n* Server certificate:\n*  subject: CN=www.example.com\n",
            ),
            "what a program prints",
        ),
        (
            of(r"b'0\x82\x03\xb90\x82\x02\xa1\x02\x01\x00'"),
            "octets as a program shows them",
        ),
        (
            of(
                "PKCS10 Certificate Request:\nPublic Key: UnusedBits = 0\n    0000  30 82 01 0a 02 82 01 01  00 b5 c4\n",
            ),
            "what a program prints",
        ),
        (
            of("Owner: CN=x\nCertificate fingerprints:\n\t SHA1: 30:82:01:92:39:CF:9C:21:4E:A4:9C:87:8E:61:E7\n"),
            "keytool with -rfc",
        ),
        (b"PK\x03\x04\x14\0\x06\0".to_vec(), "ZIP"),
        ([&b"\0\0\0\x07ssh-rsa\0\0\0\x03"[..], &[1, 0, 1]].concat(), "SSH key"),
        (b"\0\0\0\x13ecdsa-sha2-nistp256\0\0\0\x08".to_vec(), "SSH key"),
        (vec![0; 40], "nothing but zeros"),
        (b"\0\0\0\x20ftypisom\0\0\x02\0".to_vec(), "a video"),
        (b"\0\0\0\x24ftypheic\0\0\0\0".to_vec(), "a picture"),
        (
            [&[0, 0, 0, 2, 0, 0, 0, 20][..], &[0x5a; 40]].concat(),
            "key store or trust store of Java",
        ),
        (
            [&[0, 0, 0, 1, 0, 0, 0, 20][..], &[0x5a; 40]].concat(),
            "key store or trust store of Java",
        ),
        (b"SQLite format 3\0\x10\0".to_vec(), "a database"),
        ([&[0x99, 1, 0x0d, 4][..], &[0x5f; 40]].concat(), "PGP"),
        ([&[0x98, 0x33, 4][..], &[0x5f; 40]].concat(), "PGP"),
        ([&[0xc5, 0xc0, 0x30, 4][..], &[0x5f; 40]].concat(), "PGP"),
        (
            b"(21:protected-private-key(3:ecc(5:curve\x0a\0".to_vec(),
            "a private key",
        ),
        (b"(11:private-key(3:rsa(1:n257:\0".to_vec(), "a private key"),
        ([&b"x.der"[..], &[0; 252], b"ustar\x0000"].concat(), "an archive"),
        (of("begin 644 x.csr\nM+2TM+2U\n`\nend\n"), "uuencode"),
        (spkac.clone(), "an SPKAC"),
        (of(&format!("SPKAC={}", base64(&spkac))), "an SPKAC"),
        (
            seq(&[&tlv(0x0a, &[&[0]]), &tlv(0xa0, &[&seq(&[])])]),
            "an OCSP response",
        ),
        (ocsp.clone(), "an OCSP request"),
        (
            crate::support::pem("OCSP REQUEST", &ocsp).into_bytes(),
            "an OCSP request",
        ),
        (
            seq(&[
                &integer(&[1]),
                &seq(&[&algorithm, &tlv(4, &[&[7; 32]])]),
                &integer(&[5; 8]),
                &[1, 1, 0xff],
            ]),
            "a query for a time stamp",
        ),
        (
            seq(&[&seq(&[&seq(&[&integer(&[0]), &seq(&[&tlv(0xa5, &[&name()])])])])]),
            "CRMF",
        ),
        (
            signed(&[
                &integer(&[1]),
                &seq(&[&tlv(0xa0, &[])]),
                &tlv(0xa0, &[]),
                &algorithm,
                &integer(&[1]),
            ]),
            "an attribute certificate",
        ),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\x01".to_vec(), "PDF"),
        (tlv(0x67, &[&[5; 200]]), "card-verifiable"),
        ([&[0x7f, 0x21, 0x81, 200][..], &[5; 200]].concat(), "card-verifiable"),
        (
            [&[0, 0, 0, 0][..], b"CERT", &[0x20, 0, 0, 0, 1, 0, 0, 0]].concat(),
            ".p7b",
        ),
        (of(&beside("\t")), "side by side"),
        (of(&beside("  |  ")), "side by side"),
        (of(&"GCBAEKQEBIEBQBA7GCBAEKQEBIEBQBA7\n".repeat(6)), "base32"),
    ]
}

/// Two requests in columns, of which no line of one is longer than its frame.
fn beside(between: &str) -> String {
    let (left, right) = (text("guide.csr.pem"), text("three-names.csr.pem"));
    let pairs = left.lines().zip(right.lines());
    pairs.map(|(left, right)| format!("{left}{between}{right}\n")).collect()
}

#[test]
fn what_is_something_else_is_named() {
    for (input, words) in others() {
        let shown = String::from_utf8_lossy(&input).into_owned();
        let input = Input::Bytes(&input);
        let errors = [
            parse_csr(&input).unwrap_err(),
            parse_bundle(&input, &Default::default()).unwrap_err(),
            same_key(&input, &input).unwrap_err(),
        ];
        for error in errors {
            assert!(error.message.contains(words), "{shown}: {error}");
            assert!(
                matches!(error.code.as_str(), "wrong_kind" | "private_key"),
                "{shown}: {error:?}"
            );
        }
    }
}

#[test]
fn words_that_have_the_mark_of_a_store_are_none() {
    for text in ["SSL CERTIFICATE\nplease see attached", "The CERTIFICATE"] {
        let error = parse_csr(&Input::Text(text)).unwrap_err();
        assert!(!error.message.contains("store"), "{text}: {error}");
    }
}

#[test]
fn what_was_read_from_numbers_and_is_nothing_says_so() {
    let der = der(&text("guide.csr.pem"));
    let gdb = dump(&der, 8, |at, row, _| {
        format!("0x{:x}:\t0x{}", 0x5555_a2a0 + at, hex(row, "\t0x"))
    });
    let lldb = dump(&der, 16, |at, row, _| {
        format!("0x{:x}: {} 0..ASCII", 0x1_0000_a2a0_u64 + at as u64, hex(row, " "))
    });
    for text in [gdb, lldb] {
        let error = parse_csr(&Input::Text(&text)).unwrap_err();
        assert!(
            error
                .message
                .ends_with("such as a program shows: give the file itself."),
            "{error} {text}"
        );
    }
}

#[test]
fn a_request_is_read_beside_a_sentence_about_private_keys() {
    let pem = text("guide.csr.pem");
    let expected = parse_csr(&Input::Text(&pem)).unwrap();
    for sentence in [
        "Never send what begins with -----BEGIN PRIVATE KEY----- to anyone.\n",
        "Not the part from -----BEGIN RSA PRIVATE KEY----- to -----END RSA PRIVATE KEY-----, but this:\n",
        "The lines BEGIN PRIVATE KEY and END PRIVATE KEY stay with you.\n",
        "-----BEGIN PRIVATE KEY-----\n(your private key here)\n-----END PRIVATE KEY-----\n",
        "-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\n<REDACTED>\n-----END PRIVATE KEY-----\n",
    ] {
        for text in [format!("{sentence}{pem}"), format!("{pem}{sentence}")] {
            assert_eq!(parse_csr(&Input::Text(&text)).as_ref(), Ok(&expected), "{text}");
        }
    }
    let key = "MDICAQAwDQYJKoZIhvcNAQEBBQAEHjAcAgEAAgFNAgEHAgErAgELAgEHAgEDAgEB";
    for real in [
        format!("Here it is: -----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----\n"),
        format!("Here it is: -----BEGIN RSA PRIVATE KEY\n{key}\n"),
        format!("and that is all of {key}-----END PRIVATE KEY-----"),
        format!(
            "-----BEGIN PRIVATE KEY-----\n{}...\n-----END PRIVATE KEY-----\n",
            &key[..24]
        ),
        format!(
            "-----BEGIN PRIVATE KEY-----\n...{}\n-----END PRIVATE KEY-----\n",
            &key[24..]
        ),
        format!("-----BEGIN PRIVATE KEY-----\n(this one)\n{key}\n-----END PRIVATE KEY-----\n"),
    ] {
        let error = parse_csr(&Input::Text(&format!("{pem}{real}"))).unwrap_err();
        assert_eq!(error.code.as_str(), "private_key", "{real}");
    }
}

#[test]
fn what_is_cut_off_in_another_notation_is_not_guessed() {
    let pem = text("guide.csr.pem");
    for (notation, text) in notations(&pem) {
        let kept: String = text.chars().take(text.chars().count().div_euclid(3) * 2).collect();
        let read = parse_csr(&Input::Text(&kept));
        assert!(read.is_err(), "{notation}: {kept}");
    }
}

/// What has the marks of notations and nothing in them.
const NOTHING: [&str; 30] = [
    "\"",
    "=\n",
    "&",
    "a",
    "<",
    "%",
    "\\",
    "-----",
    "30 ",
    "30 10 20\n",
    "30 zz ",
    "0000 3001 z ",
    "48, ",
    "48: ",
    "-----LS0t",
    "MIIB ",
    "MIIB/abcdefghijklmnop ",
    // A public key that is cut off.
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDHikastc8+I81zCg/qWW8dMr8m:\n",
    "0000 30 82 ff ff ff ff\n",
    "\u{1b}[",
    // Text with characters of several octets is cut at any of them.
    "\u{1b}[-\u{ff21}\u{ff21}\u{ff21}\u{ff21}\u{ff21}",
    "&\u{ff21}\u{ff21}\u{ff21}\u{ff21}30",
    "-----BEGIN ",
    "-----BEGIN CERTIFICATE-----\n",
    "LS0tLS1CRUdJTiB ",
    "MA",
    "a BEGIN PRIVATE KEY\n",
    "<a -----BEGIN x",
    "-----BEGIN FOO-----\nMIIB!\n-----END FOO-----\n",
    "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
];

#[test]
fn the_time_grows_as_the_text_does() {
    // Eight times as much takes eight times as long; or 64 times, where each part is looked at with all that follows, which
    // no run of several falls short of by half.
    const TIMES: usize = 8;
    const LENGTH: usize = 16 << 10;
    for unit in NOTHING {
        let time = |length: usize| {
            let text = unit.repeat(length.div_ceil(unit.len()));
            let start = std::time::Instant::now();
            assert!(parse_csr(&Input::Text(&text)).is_err());
            let _ = inspect_all(&Input::Text(&text), None).count();
            start.elapsed()
        };
        let grows_as_it = |_| time(TIMES * LENGTH) < time(LENGTH) * 32;
        assert!((0..20).any(grows_as_it), "{unit:?}");
    }
}
