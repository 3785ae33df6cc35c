//! The output of `curl -v`: `> ` before sent lines, `< ` before received lines, `* ` before curl's own messages.
//!
//! The body comes in between, on standard output: its lines can begin with `<` too. Without a terminal, there is a progress meter
//! that does not end its line: the next text follows it on the same line.

use super::lines::Lines;
use super::wire;
use super::written::Written;

/// The state of reading an exchange.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    /// curl's own messages.
    Around,
    RequestHead,
    /// The request was sent.
    Sent,
    ResponseHead,
    Body,
}

/// Whether curl's output begins here.
pub(super) fn begins(line: &str) -> bool {
    let line = without_meter(line);
    request_line(line).is_some() || is_curls_word(line)
}

/// Messages of curl before the first exchange.
fn is_curls_word(line: &str) -> bool {
    ["Trying ", "Host ", "Connected to ", "Re-using existing ", "[HTTP/", "Uses proxy ", "  Trying "]
        .iter()
        .any(|word| line.strip_prefix("* ").is_some_and(|line| line.starts_with(word)))
}

/// Reads up to the end of the text, or to where `ends` says that a line is something else.
pub(super) fn read(lines: &mut Lines<'_>, mut ends: impl FnMut(&Lines<'_>) -> bool) -> Vec<Written> {
    let mut exchanges: Vec<Written> = Vec::new();
    let mut at = At::Around;
    let mut connection = Connection::default();
    while lines.peek().is_some() && !ends(lines) {
        let number = lines.number();
        let Some(line) = lines.next() else { break };
        let line = without_meter(line);
        // A body can have lines like curl's. curl itself writes a message between an answer and the next request.
        let can_be_request =
            connection.spoke_last || !exchanges.last().is_some_and(is_final) || !connection.is_told_of;
        if let Some((method, target)) = request_line(line).filter(|_| can_be_request && headers_follow(lines))
        {
            let (method, url) = (Some(method.to_owned()), Some(target.to_owned()));
            exchanges.push(Written { number, method, url, ..Written::default() });
            at = At::RequestHead;
            continue;
        }
        if let Some(words) = line.strip_prefix("* ").or_else(|| interrupted(line)) {
            connection.hear(words.trim_start());
            if at == At::Body {
                at = At::Around;
            }
            continue;
        }
        connection.spoke_last &= line.starts_with(['{', '}']);
        let Some(exchange) = exchanges.last_mut() else { continue };
        match at {
            At::RequestHead => match line.strip_prefix('>').map(str::trim) {
                Some("") | None => {
                    wire::complete(exchange, connection.scheme());
                    at = At::Sent;
                }
                Some(line) => {
                    if let Some((name, value)) = wire::header(line) {
                        exchange.headers.push((name.to_owned(), value.to_owned()));
                    }
                }
            },
            // If there are several, such as `100 Continue` before the answer, the last one counts.
            At::Sent | At::Around | At::Body => {
                let status = line.strip_prefix("< ").and_then(wire::status_line);
                if let (Some(status), false) = (status, is_final(exchange)) {
                    exchange.response = Some(wire::response(status));
                    at = At::ResponseHead;
                }
            }
            At::ResponseHead => match line.strip_prefix('<').map(str::trim) {
                Some("") => at = At::Body,
                // With `-i` or `-I`, the head is written a second time, in between.
                None => {}
                Some(line) => {
                    if let (Some((name, value)), Some(response)) =
                        (wire::header(line), &mut exchange.response)
                    {
                        wire::add(response, name, value);
                    }
                }
            },
        }
    }
    if let Some(exchange) = exchanges.last_mut().filter(|_| at == At::RequestHead) {
        wire::complete(exchange, connection.scheme());
    }
    exchanges
}

fn headers_follow(lines: &Lines<'_>) -> bool {
    lines.peek().is_none_or(|line| line.starts_with('>'))
}

fn is_final(exchange: &Written) -> bool {
    exchange.response.as_ref().is_some_and(|response| !response.status().is_informational())
}

fn request_line(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("> ").and_then(wire::request_line)
}

/// curl's message directly after a body without a final line end.
fn interrupted(line: &str) -> Option<&str> {
    line.rfind("* Connection #").map(|start| &line[start + 2..])
}

/// curl's messages about its connection.
#[derive(Default)]
struct Connection {
    scheme: Option<&'static str>,
    is_told_of: bool,
    /// The last line was a message of curl, other than the sizes of sent and received data.
    spoke_last: bool,
}

impl Connection {
    fn hear(&mut self, words: &str) {
        /// Messages about TLS.
        const SECURE: [&str; 9] = [
            "SSL connection using",
            "TLSv1.",
            "TLS handshake",
            "ALPN",
            "schannel:",
            "Server certificate:",
            "SSL/TLS",
            "CAfile:",
            "Issue another request to this URL: 'https:",
        ];
        self.is_told_of = true;
        self.spoke_last = true;
        if words.contains("[:scheme: http]") || words.starts_with("Trying ") {
            self.scheme = None;
        } else if words.contains("[:scheme: https]") || SECURE.iter().any(|start| words.starts_with(start)) {
            self.scheme = Some("https");
        }
    }

    /// `None` if the text has no messages of curl.
    fn scheme(&self) -> Option<&'static str> {
        self.scheme.or_else(|| self.is_told_of.then_some("http"))
    }
}

/// The line after curl's progress meter, which ends with a time and a speed: `--:--:--     0> GET / HTTP/1.1`.
fn without_meter(line: &str) -> &str {
    let Some(start) = line.find(['>', '<', '*', '{', '}']).filter(|start| *start > 0) else { return line };
    let is_meter = line[..start].contains("--:--:--")
        && line[..start].bytes().all(|byte| byte.is_ascii_digit() || b" .:-kMGTPbytes".contains(&byte));
    if is_meter { &line[start..] } else { line }
}
