//! Servers that do not answer as they should: each is reported in one line, in time.

use std::io::{BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::server::{Server, header, read};
use super::{PAGE, probe};
use crate::program::run;

/// The longest that a test waits for the program. Machines can be slow.
const IN_TIME: Duration = Duration::from_secs(20);

/// Reads each connection, and passes it to a closure that writes anything.
fn rude(mut write: impl FnMut(&mut TcpStream) -> std::io::Result<()> + Send + 'static) -> Server {
    Server::on_connections(move |mut stream, seen| {
        let Some(request) = read(&mut BufReader::new(&stream)) else { return };
        seen.lock().expect("not poisoned").push(request);
        // The program closes its end when it has seen enough.
        let _ = write(&mut stream);
    })
}

#[test]
fn what_is_not_an_answer_is_reported_in_one_line_and_in_time() {
    let cases: Vec<(&str, Server, &str)> = vec![
        (
            "says nothing",
            rude(|_| {
                sleep(Duration::from_secs(3));
                Ok(())
            }),
            "did not answer within 1 s",
        ),
        (
            "a byte now and then",
            rude(|stream| {
                b"HTTP/1.1 200 OK\r\n".iter().try_for_each(|byte| {
                    sleep(Duration::from_millis(200));
                    stream.write_all(&[*byte])
                })
            }),
            "did not answer within 1 s",
        ),
        ("closes at once", rude(|_| Ok(())), "closed the connection without a complete response"),
        (
            "closes in the head",
            rude(|stream| stream.write_all(b"HTTP/1.1 200 OK\r\nVary: Orig")),
            "closed the connection without a complete response",
        ),
        (
            "garbage",
            rude(|stream| stream.write_all(b"\x16\x03\x01 nonsense\r\n\r\n")),
            "did not answer in HTTP/1.1",
        ),
        ("another protocol", rude(|stream| stream.write_all(b"SSH-2.0-x\r\n")), "did not answer in HTTP/1.1"),
        (
            "a status of its own",
            rude(|stream| stream.write_all(b"HTTP/1.1 07 x\r\n\r\n")),
            "did not answer in HTTP/1.1",
        ),
        (
            "another version",
            rude(|stream| stream.write_all(b"HTTP/3.0 200 OK\r\n\r\n")),
            "did not answer in HTTP/1.1",
        ),
        (
            "a control character in a header",
            rude(|stream| stream.write_all(b"HTTP/1.1 200 OK\r\nVary: a\x00\x1b[31m\r\n\r\n")),
            "did not answer in HTTP/1.1",
        ),
        (
            "a head without an end",
            rude(|stream| {
                stream.write_all(b"HTTP/1.1 200 OK\r\n")?;
                (0..).try_for_each(|number| write!(stream, "x-{number}: {}\r\n", "a".repeat(1000)))
            }),
            "sent more than 64 KiB or 128 lines of headers",
        ),
        (
            "a line without an end",
            rude(|stream| {
                stream.write_all(b"HTTP/1.1 200 OK\r\nx: ")?;
                (0..).try_for_each(|_| stream.write_all(&[b'a'; 1000]))
            }),
            "sent more than 64 KiB or 128 lines of headers",
        ),
        (
            "129 lines",
            rude(|stream| {
                stream.write_all(b"HTTP/1.1 200 OK\r\n")?;
                (0..129).try_for_each(|number| write!(stream, "x-{number}: a\r\n"))?;
                stream.write_all(b"\r\n")
            }),
            "sent more than 64 KiB or 128 lines of headers",
        ),
        (
            "news without an end",
            rude(|stream| {
                (0..).try_for_each(|_: u64| {
                    sleep(Duration::from_millis(50));
                    stream.write_all(b"HTTP/1.1 103 Early Hints\r\n\r\n")
                })
            }),
            "did not answer within 1 s",
        ),
    ];
    for (name, server, error) in cases {
        // A slow machine must not look like a slow server.
        let seconds = if error.contains("within") { "1" } else { "60" };
        for arguments in [&["--origin", PAGE, "--timeout", seconds][..], &["--timeout", seconds, "--json"]] {
            let start = Instant::now();
            let ran = probe(&server, arguments);
            assert!(start.elapsed() < IN_TIME, "{name}: {:?}", start.elapsed());
            assert_eq!(ran.status, 2, "{name}: {}{}", ran.output, ran.errors);
            assert!(ran.errors.contains(error) && ran.errors.lines().count() == 1, "{name}: {}", ran.errors);
            assert!(ran.errors.starts_with("tower-cors: http://127.0.0.1:"), "{name}: {}", ran.errors);
            assert!(!ran.errors.contains('\u{1b}'), "{name}: {}", ran.errors);
            // A server that cannot be reached gets no second request.
            assert!(!ran.output.contains("Questions"), "{name}: {}", ran.output);
        }
        assert!(server.seen().len() <= 2, "{name}");
    }
}

/// The response to every request, with a head of this many bytes and lines.
fn of_size(bytes: usize, lines: usize) -> Server {
    let mut head = String::from("HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n");
    head.extend((2..lines).map(|number| format!("x-{number}: a\r\n")));
    let rest = bytes - head.len() - "x: \r\n\r\n".len();
    head.extend(["x: ", &"a".repeat(rest), "\r\n\r\n"]);
    rude(move |stream| stream.write_all(head.as_bytes()))
}

#[test]
fn an_answer_at_the_limits_is_read_and_one_past_them_is_not() {
    for (bytes, lines, status) in [(64 << 10, 128, 0), ((64 << 10) + 1, 128, 2), (64 << 10, 129, 2)] {
        let ran = probe(&of_size(bytes, lines), &["--origin", PAGE]);
        assert_eq!(ran.status, status, "{bytes} {lines}: {}{}", ran.output, ran.errors);
        let error = "sent more than 64 KiB or 128 lines of headers";
        assert_eq!(ran.errors.contains(error), status == 2, "{}", ran.errors);
    }
}

/// Bodies are not read: one that never ends, and one that never comes.
#[test]
fn no_body_is_waited_for() {
    let flood = |stream: &mut TcpStream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\r\n")?;
        (0..).try_for_each(|_: u64| stream.write_all(&[b'a'; 10_000]))
    };
    let hold = |stream: &mut TcpStream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 9\r\n\r\n")
    };
    for server in [rude(flood), rude(hold)] {
        let start = Instant::now();
        let ran = probe(&server, &["--origin", PAGE, "--timeout", "60"]);
        assert_eq!(ran.status, 0, "{}{}", ran.output, ran.errors);
        assert!(start.elapsed() < IN_TIME, "{:?}", start.elapsed());
    }
}

#[test]
fn a_redirect_loop_ends_as_in_a_browser() {
    let server = Server::lines(|request| {
        (
            302,
            vec![
                format!("Access-Control-Allow-Origin: {}", header(request, "origin")),
                "Location: /again".to_owned(),
            ],
        )
    });
    let ran = probe(&server, &["--origin", PAGE]);
    let text = ran.output.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(ran.status, 1, "{text}");
    assert!(text.contains("redirected more than 20 times"), "{text}");
    assert_eq!(server.seen().iter().filter(|request| request.uri() == "/again").count(), 20);
}

#[test]
fn a_server_that_is_not_there_is_reported() {
    let closed = TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("bound");
    let port = format!("http://{closed}/");
    for (url, error) in [
        (port.as_str(), "refused the connection. Is the server running?"),
        ("http://tower-cors-probe.invalid/", "could not be reached"),
    ] {
        let ran = run(["probe", url, "--timeout", "2"], "");
        assert_eq!(ran.status, 2, "{}", ran.output);
        assert!(ran.errors.contains(error) && ran.errors.lines().count() == 1, "{url}: {}", ran.errors);
    }
}

/// After one check without an answer the others go on; the second one in a row ends the probe.
#[test]
fn a_server_that_stops_answering_is_left_alone() {
    let mut count = 0;
    let server = Server::on_connections(move |mut stream, seen| {
        let Some(request) = read(&mut BufReader::new(&stream)) else { return };
        let is_null = header(&request, "origin") == "null";
        seen.lock().expect("not poisoned").push(request);
        count += 1;
        if !is_null && count < 8 {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\r\n");
        }
    });
    let ran = probe(&server, &["--origin", PAGE]);
    assert_eq!(ran.status, 2, "{}", ran.output);
    assert!(
        ran.errors.contains("closed the connection") && ran.errors.lines().count() == 1,
        "{}",
        ran.errors
    );
    // Without an answer: the page, the page again and its preflight, two requests of a stranger, two of
    // `null`.
    assert_eq!(server.seen().len(), 7, "{}", ran.output);
    assert!(ran.output.contains("no answer  origin `null`"), "{}", ran.output);
}

/// A wrong answer is worse than a missing one.
#[test]
fn what_was_found_counts_even_if_questions_were_not_answered() {
    let server = Server::on_connections(move |mut stream, seen| {
        let Some(request) = read(&mut BufReader::new(&stream)) else { return };
        let origin = header(&request, "origin").to_owned();
        seen.lock().expect("not poisoned").push(request);
        if origin != "null" {
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nVary: Origin\r\nAccess-Control-Allow-Origin: {origin}\r\n\r\n"
            );
        }
    });
    let ran = probe(&server, &["--origin", PAGE]);
    assert_eq!((ran.status, ran.errors.as_str()), (1, ""), "{}", ran.output);
    assert!(ran.output.contains("any-origin-reflected"), "{}", ran.output);
}
