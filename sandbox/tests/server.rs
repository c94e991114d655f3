//! The server as a user runs it: the binary, over HTTP.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// A running server, ended with the test.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_sandbox"))
            .args(["--port", "0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line
            .trim()
            .strip_prefix("sandbox listening on http://")
            .expect("the address")
            .to_owned();
        Self { process, address }
    }

    /// Sends a request and reads until the server closes; an empty text if it answers nothing.
    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nconnection: close\r\ncontent-length: {}\r\n",
            body.len()
        );
        if headers.iter().all(|(name, _)| *name != "host") {
            head.extend(["host: ", &self.address, "\r\n"]);
        }
        for (name, value) in headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(b"\r\n").unwrap();
        // The server may have heard enough before the end of a body that is too long.
        let _ = stream.write_all(body);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8(answer).unwrap()
    }

    fn json(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> (u16, Value) {
        let headers = [
            &[("content-type", "application/json"), ("x-api-key", "sandbox-api-key")],
            headers,
        ]
        .concat();
        let answer = self.send(method, path, &headers, body.to_string().as_bytes());
        let (head, body) = answer.split_once("\r\n\r\n").expect("an answer");
        (
            head.split(' ').nth(1).unwrap().parse().unwrap(),
            serde_json::from_str(body).unwrap(),
        )
    }

    fn token(&self) -> String {
        let login = json!({ "username": "demo@example.com", "password": "sandbox-password" });
        let (_, reply) = self.json("POST", "/auth/v1/auth/authenticate", &[], &login);
        format!("Bearer {}", reply["token"].as_str().unwrap())
    }

    /// Ends the server and gives what it wrote to standard error.
    #[cfg(unix)]
    fn end(mut self) -> String {
        let output = Command::new("kill")
            .args(["-TERM", &self.process.id().to_string()])
            .status()
            .unwrap();
        assert!(output.success());
        assert!(self.process.wait().unwrap().success(), "it ends without an error");
        let mut log = String::new();
        self.process.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        log
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn it_serves_the_demo_and_ends_when_it_is_told_to() {
    let server = Server::start(&["--demo"]);
    let token = server.token();
    let (status, orders) = server.json(
        "GET",
        "/certs/v1/order?size=5",
        &[("authorization", &token)],
        &json!({}),
    );
    assert_eq!((status, &orders["page"]["totalElements"]), (200, &json!(60)));
    #[cfg(unix)]
    {
        let log = server.end();
        assert!(log.contains("GET /certs/v1/order 200 "), "{log}");
        for secret in ["sandbox-password", "sandbox-api-key", token.as_str()] {
            assert!(!log.contains(secret), "{log}");
        }
    }
}

#[test]
fn tests_move_its_time_and_reset_it() {
    let server = Server::start(&["--now", "2026-06-01T12:00:00Z"]);
    let token = server.token();
    let (_, state) = server.json("POST", "/sandbox/advance", &[], &json!({ "ms": 90 * 60_000 }));
    assert!(state["now"].as_str().unwrap().starts_with("2026-06-01T13:3"));
    let (status, _) = server.json("GET", "/certs/v1/order", &[("authorization", &token)], &json!({}));
    assert_eq!(status, 401, "the token expired");
    let (_, requests) = server.json("GET", "/sandbox/requests", &[], &json!({}));
    assert_eq!(requests[1]["path"], "/certs/v1/order");
    assert_eq!(
        (&requests[1]["method"], &requests[1]["status"]),
        (&json!("GET"), &json!(401))
    );
    let (_, state) = server.json("POST", "/sandbox/reset", &[], &json!({}));
    assert!(state["now"].as_str().unwrap().starts_with("2026-06-01T12:00"));
    assert_eq!(server.json("GET", "/sandbox/requests", &[], &json!({})).1, json!([]));
    assert_eq!(
        server.json("POST", "/sandbox/advance", &[], &json!({ "ms": "x" })).0,
        400
    );
}

#[test]
fn its_time_can_be_scaled() {
    let server = Server::start(&["--now", "2026-06-01T12:00:00Z", "--speed", "1000000"]);
    let now = || {
        server.json("GET", "/sandbox", &[], &json!({})).1["now"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let start = now();
    while now().get(..10) == start.get(..10) {}
}

#[test]
fn a_fault_cuts_the_connection() {
    let server = Server::start(&["--rate-limit", "off"]);
    server.json(
        "POST",
        "/sandbox/faults",
        &[],
        &json!({ "path": "/order", "times": 1, "drop": "before" }),
    );
    assert_eq!(server.send("GET", "/certs/v1/order", &[], b""), "");
    assert!(
        server
            .send("GET", "/certs/v1/order", &[], b"")
            .starts_with("HTTP/1.1 401 ")
    );
    server.json(
        "POST",
        "/sandbox/faults",
        &[],
        &json!({ "status": 503, "headers": { "bad\nname": "x" } }),
    );
    assert!(
        server
            .send("GET", "/certs/v1/order", &[], b"")
            .starts_with("HTTP/1.1 500 "),
        "no fault can break the server"
    );
    server.json("DELETE", "/sandbox/faults", &[], &json!({}));
    assert!(
        server
            .send("GET", "/certs/v1/order", &[], b"")
            .starts_with("HTTP/1.1 401 ")
    );
}

#[test]
fn local_pages_may_call_it_and_others_not() {
    let server = Server::start(&[]);
    let preflight = |origin| {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", "PATCH"),
            ("access-control-request-headers", "x-api-key"),
        ];
        server.send("OPTIONS", "/certs/v1/order", &headers, b"")
    };
    for origin in ["http://localhost:5173", "http://127.0.0.1", "https://localhost"] {
        let answer = preflight(origin);
        assert!(
            answer.starts_with("HTTP/1.1 204 ")
                && answer.contains(&format!("access-control-allow-origin: {origin}\r\n")),
            "{answer}"
        );
        let answer = server.send("GET", "/certs/v1/order", &[("origin", origin)], b"");
        assert!(
            answer.contains(&format!("access-control-allow-origin: {origin}\r\n")),
            "{answer}"
        );
    }
    for origin in [
        "https://example.com",
        "http://localhost.example.com",
        "http://localhost:x",
        "null",
    ] {
        assert!(!preflight(origin).contains("access-control-allow-origin"), "{origin}");
    }
}

#[test]
fn its_controls_are_for_this_computer_alone() {
    let server = Server::start(&[]);
    let status = |headers: &[(&str, &str)]| {
        let answer = server.send("POST", "/sandbox/advance", headers, br#"{"ms":0}"#);
        answer.split(' ').nth(1).unwrap().to_owned()
    };
    let host = server.address.clone();
    for headers in [
        vec![],
        vec![("host", "localhost")],
        vec![("host", "[::1]:8787")],
        vec![("host", host.as_str()), ("origin", "http://localhost:5173")],
    ] {
        assert_eq!(status(&headers), "200", "{headers:?}");
    }
    for headers in [
        vec![("origin", "https://example.com")],
        vec![("origin", "null")],
        vec![("host", "rebound.example.com")],
        vec![("host", "localhost.example.com:8787")],
    ] {
        assert_eq!(status(&headers), "403", "{headers:?}");
    }
}

#[test]
fn a_body_that_does_not_end_is_answered_with_408() {
    let server = Server::start(&["--body-timeout-ms", "1"]);
    let mut stream = TcpStream::connect(&server.address).unwrap();
    let head = format!(
        "POST /certs/v1/order HTTP/1.1\r\nhost: {}\r\ncontent-length: 10\r\n\r\n{{",
        server.address
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

#[test]
fn its_clock_starts_seven_days_ago() {
    let server = Server::start(&[]);
    let (_, state) = server.json("GET", "/sandbox", &[], &json!({}));
    let now = sandbox::Timestamp::parse(state["now"].as_str().unwrap()).unwrap();
    let here = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    let behind = u64::try_from(here.as_millis()).unwrap() - now.ms();
    assert_eq!(behind.div_euclid(sandbox::DAY), 7);
}

#[test]
fn its_replies_are_dated_by_its_own_clock() {
    let server = Server::start(&["--now", "2026-06-01T12:00:00Z"]);
    let dated = |date: &str| {
        let answer = server.send("GET", "/certs/v1/order", &[], b"");
        let dates: Vec<_> = answer
            .lines()
            .filter(|line| line.to_lowercase().starts_with("date: "))
            .collect();
        assert!(matches!(dates.as_slice(), [only] if only.contains(date)), "{dates:?}");
    };
    dated("Mon, 01 Jun 2026 12:0");
    server.json("POST", "/sandbox/advance", &[], &json!({ "ms": sandbox::DAY }));
    dated("Tue, 02 Jun 2026 12:0");
}

#[test]
fn readings_are_chosen_by_name_and_all_are_listed() {
    let list = Command::new(env!("CARGO_BIN_EXE_sandbox"))
        .arg("--readings")
        .output()
        .unwrap();
    let list = String::from_utf8(list.stdout).unwrap();
    for reading in sandbox::READINGS {
        assert!(list.contains(reading.fact), "{}", reading.name);
        assert!(
            reading.values.iter().all(|value| list.contains(value.name)),
            "{}",
            reading.name
        );
    }
    let server = Server::start(&["--reading", "pageForm=bare", "--reading", "errorBody=fault"]);
    let token = server.token();
    let (_, page) = server.json("GET", "/certs/v1/order", &[("authorization", &token)], &json!({}));
    assert_eq!(page, json!([]));
    let (_, error) = server.json("GET", "/certs/v1/order", &[], &json!({}));
    assert!(error["fault"]["faultstring"].is_string(), "{error}");
}

#[test]
fn help_says_which_names_choose_what_becomes_of_an_order() {
    let help = Command::new(env!("CARGO_BIN_EXE_sandbox"))
        .arg("--help")
        .output()
        .unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    for fate in sandbox::FATES {
        assert!(
            help.contains(fate.domain) && help.contains(fate.meaning),
            "{}",
            fate.domain
        );
    }
}

#[test]
fn a_body_that_is_too_long_is_answered_with_413() {
    let server = Server::start(&[]);
    let token = server.token();
    let headers = [
        ("content-type", "application/json"),
        ("x-api-key", "sandbox-api-key"),
        ("authorization", token.as_str()),
    ];
    let answer = server.send("POST", "/certs/v1/order", &headers, &vec![b' '; sandbox::MAX_BODY + 1]);
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

#[test]
fn wrong_arguments_are_explained() {
    for arguments in [
        ["--rate-limit", "many"],
        ["--now", "soon"],
        ["--port", "70000"],
        ["--rate-limit", "0/1/fixed"],
        ["--reading", "dates"],
        ["--reading", "datess=utc"],
        ["--reading", "dates=utcc"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_sandbox"))
            .args(arguments)
            .output()
            .unwrap();
        assert!(!output.status.success());
        assert!(
            String::from_utf8_lossy(&output.stderr).contains(arguments[0]),
            "{arguments:?}"
        );
    }
}

#[test]
fn a_port_that_is_taken_is_an_error_in_one_line() {
    let server = Server::start(&[]);
    let port = server.address.rsplit_once(':').unwrap().1;
    let output = Command::new(env!("CARGO_BIN_EXE_sandbox"))
        .args(["--port", port])
        .output()
        .unwrap();
    assert!(!output.status.success());
    let output = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.lines().count(), 1, "{output}");
    assert!(
        output.starts_with(&format!("sandbox: port {port} is taken: ")),
        "{output}"
    );
    assert!(output.contains("--port"), "{output}");
}
