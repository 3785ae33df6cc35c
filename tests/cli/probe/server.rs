//! Small servers. Each ends with its test.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use http::{Method, Request, Response};
use tower::{Service, ServiceExt as _};

/// A server with its own port.
pub(super) struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Request<String>>>>,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Answers each request with the bytes that a closure makes of it.
    pub(super) fn raw(mut answer: impl FnMut(&Request<String>) -> Vec<u8> + Send + 'static) -> Self {
        Self::on_connections(move |mut stream, seen| {
            let Some(request) = read(&mut BufReader::new(&stream)) else { return };
            seen.lock().expect("not poisoned").push(request.clone());
            // A client that has read enough closes its end.
            let _ = stream.write_all(&answer(&request));
            let _ = stream.shutdown(Shutdown::Write);
        })
    }

    /// Answers each request with a status and header lines.
    pub(super) fn lines(
        mut answer: impl FnMut(&Request<String>) -> (u16, Vec<String>) + Send + 'static,
    ) -> Self {
        Self::raw(move |request| {
            let (status, lines) = answer(request);
            let lines =
                [lines, vec!["Content-Length: 0".to_owned(), "Connection: close".to_owned()]].concat();
            format!("HTTP/1.1 {status} \r\n{}\r\n\r\n", lines.join("\r\n")).into_bytes()
        })
    }

    /// Answers with a tower service: a layer around one that knows a path, and some methods for it.
    pub(super) fn service<S>(service: S) -> Self
    where
        S: Service<Request<String>, Response = Response<String>> + Clone + Send + 'static,
        S::Error: std::fmt::Debug,
    {
        Self::lines(move |request| {
            let response = pollster::block_on(service.clone().oneshot(request.clone())).expect("infallible");
            let line = |(name, value): (&_, &http::HeaderValue)| {
                format!("{name}: {}", value.to_str().expect("visible"))
            };
            (response.status().as_u16(), response.headers().iter().map(line).collect())
        })
    }

    /// Passes each connection to a closure.
    pub(super) fn on_connections(
        mut handle: impl FnMut(TcpStream, &Mutex<Vec<Request<String>>>) + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("bound");
        let (seen, is_over) = (Arc::default(), Arc::new(AtomicBool::new(false)));
        let (shared, over) = (Arc::clone(&seen), Arc::clone(&is_over));
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                handle(stream.expect("a connection"), &shared);
            }
        });
        Self { address, seen, is_over, thread: Some(thread) }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The requests so far.
    pub(super) fn seen(&self) -> Vec<Request<String>> {
        self.seen.lock().expect("not poisoned").clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            // If the server panicked, the test already failed.
            let _ = thread.join();
        }
    }
}

/// Reads a request's head. `None` where the client closes before its end.
pub(super) fn read(stream: &mut BufReader<impl Read>) -> Option<Request<String>> {
    let mut line = String::new();
    stream.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let mut request = Request::builder().method(words.next()?).uri(words.next()?);
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).ok()?;
        match line.trim_end().split_once(':') {
            Some((name, value)) => request = request.header(name, value.trim()),
            None => return request.body(String::new()).ok(),
        }
    }
}

/// A request's header, or nothing.
pub(super) fn header<'a>(request: &'a Request<String>, name: &str) -> &'a str {
    request.headers().get(name).map_or("", |value| value.to_str().expect("visible"))
}

pub(super) fn is_preflight(request: &Request<String>) -> bool {
    request.method() == Method::OPTIONS && request.headers().contains_key("access-control-request-method")
}
