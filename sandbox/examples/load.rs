//! A mixed load on the server: `cargo build --release -p sandbox && cargo run --release -p sandbox --example load`.
//!
//! The first half of the requests makes organizations and orders among other calls, the second half only reads. It
//! checks that no reply is another than it should be, that every order is accounted for, and that memory does not
//! grow while nothing is made. The number of requests can be given; 200,000 by default.
#![allow(clippy::print_stdout, reason = "a program for people at a terminal")]

use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// As many callers at once as a small team of clients.
const CALLERS: usize = 8;
const CSR: &str = include_str!("../tests/data/ec_renewed.csr");

fn main() -> Outcome<()> {
    let requests = std::env::args()
        .nth(1)
        .map_or(Ok(200_000), |given| given.parse::<usize>())?;
    let server = Server::start()?;
    let each = requests.div_euclid(2).div_euclid(CALLERS);
    println!("start: {} MB", server.megabytes()?);
    let made = phase("writing and reading", &server, each, true)?;
    let (_, orders) = Connection::open(&server.address)?.call("GET", "/certs/v1/order?size=1", None)?;
    let listed = orders.pointer("/page/totalElements").and_then(Value::as_u64);
    println!("orders accepted: {made}, listed: {}", listed.unwrap_or_default());
    if listed != Some(made) {
        return Err("orders are not all accounted for".into());
    }
    let before = server.megabytes()?;
    phase("reading", &server, each, false)?;
    let after = server.megabytes()?;
    if after > before.saturating_add(before.div_euclid(10)).saturating_add(4) {
        return Err(format!("memory grew from {before} to {after} MB while nothing was made").into());
    }
    Ok(())
}

/// Runs all callers, each with its share of the requests. Gives the number of orders that were accepted.
fn phase(name: &str, server: &Server, each: usize, writes: bool) -> Outcome<u64> {
    let start = Instant::now();
    let outcomes: Vec<Outcome<u64>> = std::thread::scope(|scope| {
        let address = server.address.as_str();
        let callers: Vec<_> = (0..CALLERS)
            .map(|_| scope.spawn(move || caller(address, each, writes)))
            .collect();
        callers
            .into_iter()
            .map(|caller| caller.join().unwrap_or_else(|_| Err("a caller panicked".into())))
            .collect()
    });
    let accepted = outcomes.into_iter().sum::<Outcome<u64>>()?;
    let seconds = start.elapsed().as_secs_f64();
    let sent = u32::try_from(each.saturating_mul(CALLERS))?;
    println!(
        "{name}: {sent} requests, {:.0} a second, {} MB",
        f64::from(sent) / seconds,
        server.megabytes()?
    );
    Ok(accepted)
}

/// One caller over one connection: its own organization, and a mix of calls in turn.
fn caller(address: &str, requests: usize, writes: bool) -> Outcome<u64> {
    let mut connection = Connection::open(address)?;
    let organization = connection.expect(201, "POST", "/certs/v1/organization", Some(&organization()))?;
    let of_organization = format!("/certs/v1/organization/{}", id(&organization));
    let mut order = None;
    let mut accepted = 0_u64;
    for number in 1..requests {
        let path = order
            .as_ref()
            .map_or_else(|| of_organization.clone(), |id| format!("/certs/v1/order/{id}"));
        match number.rem_euclid(20) {
            0 if writes || order.is_none() => {
                let body = new_order(&organization, number);
                let made = connection.expect(202, "POST", "/certs/v1/order", Some(&body))?;
                // What reading is to begin with is not part of what was made.
                accepted = accepted.saturating_add(u64::from(writes));
                order = Some(id(&made).to_owned());
            }
            1 if writes && order.is_some() => {
                let body = json!({ "additionalEmails": [format!("ops{number}@example.com")] });
                connection.expect(200, "PATCH", &format!("{path}/updateAdditionalEmails"), Some(&body))?;
            }
            2 => drop(connection.expect(200, "GET", "/certs/v1/order?size=20&sort=dateCreated,desc", None)?),
            3 => drop(connection.expect(200, "GET", "/certs/v1/order?statuses=DIGI_ISSUED&size=5", None)?),
            4 => drop(connection.expect(200, "GET", "/certs/v1/organization?name=load&size=5", None)?),
            5 => drop(connection.expect(200, "POST", "/certs/v1/cert/parse", Some(&json!({ "csrs": [CSR] })))?),
            6 => drop(connection.expect(200, "GET", "/certs/v1/order/prices", None)?),
            7 => drop(connection.expect(
                404,
                "GET",
                &format!("{of_organization}0").replace("/organization/", "/contacts/"),
                None,
            )?),
            8 => drop(connection.expect(400, "POST", "/certs/v1/order", Some(&json!({})))?),
            9 => drop(connection.expect(200, "GET", &of_organization, None)?),
            10 => drop(connection.expect(200, "GET", &format!("{path}/history?size=5"), None)?),
            11 if number.rem_euclid(500) == 11 => connection.log_in()?,
            _ => drop(connection.expect(200, "GET", &path, None)?),
        }
    }
    Ok(accepted)
}

fn id(resource: &Value) -> &str {
    resource.get("id").and_then(Value::as_str).unwrap_or_default()
}

fn organization() -> Value {
    json!({
        "name": "Load Ltd", "address1": "1 Main Street", "city": "Leeds", "state": "West Yorkshire", "country": "GB",
        "zipcode": "LS1 4DY", "phone": "+44 555 0100", "provider": "DIGICERT",
        "contacts": [{
            "firstName": "Ada", "lastName": "Reyes", "jobTitle": "Engineer", "email": "ada@example.com", "phone": "1",
            "contactTypes": [{ "type": "ORGANIZATION_CONTACT" }],
        }],
    })
}

fn new_order(organization: &Value, number: usize) -> Value {
    json!({
        "organizationId": organization.get("id"),
        "contacts": [{ "id": organization.pointer("/contacts/0/id"), "contactTypes": [{ "type": "ORGANIZATION_CONTACT" }] }],
        "certType": "SSL_DV_GEOTRUST", "locale": "en", "provider": "DIGICERT",
        "cert": { "commonName": format!("www{number}.example.com"), "csr": CSR },
    })
}

/// The server's own process.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    /// Starts the binary that was built beside this example. Its time runs fast enough for orders to be issued.
    fn start() -> Outcome<Self> {
        let here = std::env::current_exe()?;
        let binary = here
            .ancestors()
            .nth(2)
            .ok_or("no folder above the example")?
            .join("sandbox");
        let mut process = Command::new(&binary)
            .args(["--port", "0", "--rate-limit", "off", "--speed", "20"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("{}: {error}; build it first", binary.display()))?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().ok_or("no output")?).read_line(&mut line)?;
        let address = line.trim().rsplit_once('/').ok_or("no address")?.1.to_owned();
        Ok(Self { process, address })
    }

    /// The memory that it has now, as Linux counts it.
    fn megabytes(&self) -> Outcome<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .ok_or("no VmRSS")?;
        let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kilobytes.div_euclid(1024))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// One kept-alive connection with a token.
struct Connection {
    stream: BufReader<TcpStream>,
    token: String,
}

impl Connection {
    fn open(address: &str) -> Outcome<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let mut connection = Self {
            stream: BufReader::new(stream),
            token: String::new(),
        };
        connection.log_in()?;
        Ok(connection)
    }

    fn log_in(&mut self) -> Outcome<()> {
        let login = json!({ "username": "demo@example.com", "password": "sandbox-password" });
        let reply = self.expect(200, "POST", "/auth/v1/auth/authenticate", Some(&login))?;
        let token = reply.get("token").and_then(Value::as_str);
        token.unwrap_or_default().clone_into(&mut self.token);
        Ok(())
    }

    fn expect(&mut self, status: u16, method: &str, path: &str, body: Option<&Value>) -> Outcome<Value> {
        let (got, reply) = self.call(method, path, body)?;
        if got == status {
            Ok(reply)
        } else {
            Err(format!("{method} {path}: {got} rather than {status}: {reply}").into())
        }
    }

    fn call(&mut self, method: &str, path: &str, body: Option<&Value>) -> Outcome<(u16, Value)> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: sandbox\r\nx-api-key: sandbox-api-key\r\nauthorization: Bearer {}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.token,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line
            .split(' ')
            .nth(1)
            .ok_or("the server closed the connection")?
            .parse()?;
        let mut length = 0;
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            if line.trim().is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.trim().parse()?;
            }
        }
        let mut reply = vec![0; length];
        self.stream.read_exact(&mut reply)?;
        Ok((status, serde_json::from_slice(&reply)?))
    }
}
