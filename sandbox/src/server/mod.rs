//! The HTTP server: reads requests, asks the sandbox, sends responses. Loopback only.

mod args;
mod cors;
mod service;
mod time;

pub(crate) use args::Args;

use std::error::Error;
use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use sandbox::{MAX_BODY, Request, Response};
use tokio::net::TcpListener;

use service::Service;

/// How long connections may take to finish once the server has to end.
const FAREWELL: Duration = Duration::from_secs(3);

/// Serves until Ctrl-C or SIGTERM.
pub(crate) fn run(args: Args) -> Result<(), Box<dyn Error>> {
    if args.readings {
        return Ok(io::stdout().write_all(args::list_of_readings().as_bytes())?);
    }
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(serve(args))
}

async fn serve(args: Args) -> Result<(), Box<dyn Error>> {
    let listener = listen(args.port).await?;
    let patience = Duration::from_millis(args.body_timeout_ms);
    let address = listener.local_addr()?;
    let service = Arc::new(Mutex::new(Service::new(args)?));
    writeln!(io::stdout(), "sandbox listening on http://{address}")?;
    let graceful = GracefulShutdown::new();
    let mut end = core::pin::pin!(end_of_service());
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                // A connection that ended before it was accepted, or no file handle left: neither ends the server.
                Err(error) => {
                    note(&format!("cannot accept a connection: {error}"));
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    continue;
                }
            },
            ended = &mut end => {
                ended?;
                break;
            }
        };
        let service = Arc::clone(&service);
        let answer = service_fn(move |request| answer(Arc::clone(&service), request, patience));
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .serve_connection(TokioIo::new(stream), answer);
        let connection = graceful.watch(connection);
        // A connection that breaks, or that a fault cuts, is nobody's error here.
        tokio::spawn(async move { drop(connection.await) });
    }
    drop(listener);
    // Those that take longer are cut.
    drop(tokio::time::timeout(FAREWELL, graceful.shutdown()).await);
    Ok(())
}

/// Opens the port, or says what to do when it cannot be had.
async fn listen(port: u16) -> Result<TcpListener, String> {
    let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    bound.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!(
                "port {port} is taken: end what listens there, choose another with --port, or a free one with --port 0"
            )
        }
        io::ErrorKind::PermissionDenied => {
            format!("port {port} may not be opened by this user: choose one above 1023 with --port")
        }
        _ => format!("port {port} cannot be opened: {error}"),
    })
}

/// The connection ends without an answer: a fault cuts it, or the caller did.
#[derive(Debug)]
struct Cut;

impl core::fmt::Display for Cut {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the connection ends without an answer")
    }
}

impl Error for Cut {}

async fn answer(
    service: Arc<Mutex<Service>>,
    request: hyper::Request<Incoming>,
    patience: Duration,
) -> Result<hyper::Response<Full<Bytes>>, Cut> {
    let started = Instant::now();
    // By the computer's own clock: that of the sandbox can be moved, and stand still for no one.
    let Ok(request) = tokio::time::timeout(patience, read(request)).await else {
        note("a request did not end in time");
        return Ok(write(too_slow()));
    };
    let request = request?;
    let mut response = cors::preflight(&request).unwrap_or_else(|| {
        // A panic elsewhere leaves the sandbox as whole as any other request would.
        service.lock().unwrap_or_else(PoisonError::into_inner).handle(&request)
    });
    cors::allow(&request, &mut response);
    if response.delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(response.delay_ms)).await;
    }
    // The path alone: neither headers nor bodies nor queries are anybody's to log.
    let outcome = if response.drop.is_some() {
        "cut".to_owned()
    } else {
        response.status.to_string()
    };
    note(&format!(
        "{} {} {outcome} {} ms",
        request.method,
        request.path,
        started.elapsed().as_millis()
    ));
    if response.drop.is_some() {
        return Err(Cut);
    }
    Ok(write(response))
}

/// Reads no more of a body than tells that it is too long.
async fn read(request: hyper::Request<Incoming>) -> Result<Request, Cut> {
    let (head, body) = request.into_parts();
    let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
    let mut read = Request::new(head.method.as_str(), target);
    for (name, value) in &head.headers {
        read = read.with_header(name.as_str(), &String::from_utf8_lossy(value.as_bytes()));
    }
    read.body = match Limited::new(body, MAX_BODY).collect().await {
        Ok(body) => body.to_bytes().into(),
        Err(error) if error.is::<LengthLimitError>() => vec![0; MAX_BODY.saturating_add(1)],
        Err(_) => return Err(Cut),
    };
    Ok(read)
}

/// The answer to a body that takes too long; the connection ends with it, as the rest of the body is not read.
fn too_slow() -> Response {
    Response {
        status: 408,
        headers: vec![("connection".to_owned(), "close".to_owned())],
        ..Response::default()
    }
}

fn write(response: Response) -> hyper::Response<Full<Bytes>> {
    let mut built = hyper::Response::builder().status(response.status);
    for (name, value) in &response.headers {
        built = built.header(name, value);
    }
    // Only a fault's own status or header can be one that HTTP does not know.
    built.body(Full::new(response.body.into())).unwrap_or_else(|_| {
        let mut impossible = hyper::Response::new(Full::new(Bytes::from_static(
            b"The fault's status or header is not HTTP.",
        )));
        *impossible.status_mut() = hyper::StatusCode::INTERNAL_SERVER_ERROR;
        impossible
    })
}

/// Ctrl-C, or SIGTERM where there is such a thing.
async fn end_of_service() -> io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            ended = tokio::signal::ctrl_c() => ended,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

/// One line of the access log.
fn note(line: &str) {
    // A closed standard error is no reason to stop serving.
    drop(writeln!(io::stderr(), "{line}"));
}
