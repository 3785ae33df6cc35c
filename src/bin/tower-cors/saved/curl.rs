//! Copied as cURL, for bash or for `cmd.exe`, or typed: `curl 'https://...' -X PUT -H '...'`.
//!
//! Chromium writes `curl --url '...'`, Firefox `curl '...'`, and `curl.exe` for `cmd.exe`. "Copy all as cURL" puts ` ;` or ` &` between
//! the commands.

use super::lines::Lines;
use super::written::Written;
use super::{cmd, shell};

/// curl's one-letter options with a value. The value of `-h` can be left out.
const SHORT_WITH_VALUE: &[u8] = b"AbcCdDeEFHKmoPQrtTuUwxXyYz";

/// curl's long options with a value, except those that `long` reads.
const LONG_WITH_VALUE: &str = "\
    abstract-unix-socket alt-svc aws-sigv4 cacert capath cert cert-type ciphers config connect-timeout connect-to \
    continue-at cookie-jar create-file-mode crlfile curves delegation dns-interface dns-ipv4-addr dns-ipv6-addr \
    dns-servers doh-url dump-header ech egd-file engine etag-compare etag-save expect100-timeout ftp-account \
    ftp-alternative-to-user ftp-method ftp-port ftp-ssl-ccc-mode happy-eyeballs-timeout-ms haproxy-clientip \
    hostpubmd5 hostpubsha256 hsts interface ip-tos ipfs-gateway keepalive-cnt keepalive-time key key-type krb \
    libcurl limit-rate local-port login-options mail-auth mail-from mail-rcpt max-filesize max-redirs max-time \
    netrc-file noproxy output output-dir parallel-max pass pinnedpubkey preproxy proto proto-default proto-redir \
    proxy proxy-cacert proxy-capath proxy-cert proxy-cert-type proxy-ciphers proxy-crlfile proxy-header proxy-key \
    proxy-key-type proxy-pass proxy-pinnedpubkey proxy-service-name proxy-tls13-ciphers proxy-tlsauthtype \
    proxy-tlspassword proxy-tlsuser proxy-user proxy1.0 pubkey quote random-file rate resolve retry retry-delay \
    retry-max-time sasl-authzid service-name socks4 socks4a socks5 socks5-gssapi-service socks5-hostname speed-limit \
    speed-time stderr telnet-option tftp-blksize time-cond tls-max tls13-ciphers tlsauthtype tlspassword tlsuser \
    trace trace-ascii trace-config unix-socket variable vlan-priority write-out";

/// Where in a line a command begins, in bytes, if only white space is before it.
pub(super) fn find(line: &str) -> Option<usize> {
    let command = line.trim_start();
    is_command(command).then_some(line.len() - command.len())
}

/// The same, after a prompt: `$ curl`, `user@host:~$ curl`, `C:\> curl`, `PS C:\> curl.exe`.
pub(super) fn find_behind_prompt(line: &str) -> Option<usize> {
    /// A prompt is not longer.
    const MAX_PROMPT: usize = 200;
    let is_prompt = |before: &str, char: char| match char {
        '$' | '%' | '#' | '❯' | '➜' => !before.contains(['<', '"', '\'']),
        '>' => before.is_empty() || before.contains(":\\"),
        _ => false,
    };
    let mut prompts =
        line.char_indices().take(MAX_PROMPT).filter(|(index, char)| is_prompt(&line[..*index], *char));
    prompts.find_map(|(index, char)| {
        let behind = &line[index + char.len_utf8()..];
        let command = behind.strip_prefix(' ').unwrap_or(behind);
        is_command(command).then_some(line.len() - command.len())
    })
}

fn is_command(text: &str) -> bool {
    let rest = text.strip_prefix("curl.exe").or_else(|| text.strip_prefix("curl"));
    rest.is_some_and(|rest| rest.starts_with([' ', '\t']) && !rest.trim_start().is_empty())
}

/// Reads the command that begins here, and moves past it. `None`: it is cut off.
pub(super) fn read(lines: &mut Lines<'_>) -> Option<Vec<Written>> {
    let number = lines.number();
    let line = lines.peek().unwrap_or_default();
    let (words, end) = if is_for_cmd(line) { cmd::words(lines.rest())? } else { shell::words(lines.rest())? };
    lines.advance(end);
    let mut requests = Vec::new();
    let mut words = words.into_iter().skip(1);
    loop {
        let mut command = Command::default();
        let goes_on = command.read(&mut words);
        requests.extend(command.into_request(number));
        if !goes_on {
            return Some(requests);
        }
    }
}

/// Whether a command is quoted, or continued on the next line, as for `cmd.exe`.
fn is_for_cmd(line: &str) -> bool {
    /// The first argument begins before that. A line can have any number of commands, so only the start of each is read.
    const MAX_START: usize = 64;
    let start = &line.as_bytes()[..line.len().min(MAX_START)];
    line.ends_with(" ^") || start.windows(3).any(|three| three == b" ^\"")
}

/// The options of one command, up to `--next`.
#[derive(Default)]
struct Command {
    urls: Vec<String>,
    method: Option<String>,
    headers: Vec<(String, String)>,
    /// `-H 'Content-Type:'` removes the header that curl adds.
    has_no_type: bool,
    /// The type of the body, if there is one.
    body: Option<&'static str>,
    data: Vec<String>,
    is_get: bool,
    is_head: bool,
    is_upload: bool,
    has_cookies: bool,
    caveats: Vec<String>,
}

const FORM: &str = "application/x-www-form-urlencoded";

impl Command {
    /// Whether another request follows.
    fn read(&mut self, words: &mut impl Iterator<Item = String>) -> bool {
        let mut only_urls = false;
        while let Some(word) = words.next() {
            match word.strip_prefix('-') {
                Some("-") if !only_urls => only_urls = true,
                Some("-next" | ":") if !only_urls => return true,
                Some(long) if long.starts_with('-') && !only_urls => self.long(&long[1..], words),
                Some(short) if !short.is_empty() && !only_urls => self.short(short, words),
                _ => self.urls.push(word),
            }
        }
        false
    }

    /// Joined letters; the value of the last one may follow it: `-sSvXPUT`.
    fn short(&mut self, letters: &str, words: &mut impl Iterator<Item = String>) {
        for (index, letter) in letters.char_indices() {
            let name = match letter {
                'G' => "get",
                'I' => "head",
                'X' => "request",
                'H' => "header",
                'b' => "cookie",
                'd' => "data",
                'F' => "form",
                'u' => "user",
                'A' => "user-agent",
                'e' => "referer",
                'r' => "range",
                'T' => "upload-file",
                _ => "",
            };
            if !u8::try_from(letter).is_ok_and(|letter| SHORT_WITH_VALUE.contains(&letter)) {
                self.option(name, String::new());
                continue;
            }
            let joined = &letters[index + letter.len_utf8()..];
            let value = if joined.is_empty() { words.next().unwrap_or_default() } else { joined.to_owned() };
            self.option(name, value);
            return;
        }
    }

    fn long(&mut self, written: &str, words: &mut impl Iterator<Item = String>) {
        // curl does not accept `--name=value`, but the meaning is clear.
        let (name, joined) = match written.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (written, None),
        };
        let is_understood = matches!(
            name,
            "url"
                | "request"
                | "header"
                | "cookie"
                | "data"
                | "data-raw"
                | "data-binary"
                | "data-ascii"
                | "data-urlencode"
                | "json"
                | "form"
                | "form-string"
                | "user"
                | "oauth2-bearer"
                | "user-agent"
                | "referer"
                | "range"
                | "upload-file"
                | "url-query"
                | "request-target"
        );
        let has_value = is_understood || LONG_WITH_VALUE.split(' ').any(|other| other == name);
        let value = match joined {
            None if has_value => words.next(),
            joined => joined,
        };
        self.option(name, value.unwrap_or_default());
    }

    fn option(&mut self, name: &str, value: String) {
        match name {
            "url" => self.urls.push(value),
            "request" => self.method = Some(value),
            "header" => self.header(&value),
            "cookie" => self.has_cookies = true,
            "data" | "data-raw" | "data-binary" | "data-ascii" | "data-urlencode" => {
                self.body = Some(FORM);
                self.data.push(value);
            }
            "json" => {
                self.body = Some("application/json");
                self.data.push(value);
                self.by_curl("Accept", "application/json");
            }
            "form" | "form-string" => self.body = Some("multipart/form-data; boundary=x"),
            "user" => self.by_curl("Authorization", "Basic (not shown)"),
            "oauth2-bearer" => self.by_curl("Authorization", "Bearer (not shown)"),
            "user-agent" => self.by_curl("User-Agent", &value),
            "referer" => self.by_curl("Referer", value.trim_end_matches(";auto")),
            "range" => self.by_curl("Range", &format!("bytes={value}")),
            "upload-file" => self.is_upload = true,
            "get" => self.is_get = true,
            "head" => self.is_head = true,
            "url-query" => self.data.push(value),
            _ => {}
        }
    }

    /// A header from another option than `-H`. `-H` has priority.
    fn by_curl(&mut self, name: &str, value: &str) {
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    /// `name: value`; `name;` for an empty value; `name:` to remove a header that curl adds. Firefox writes the last form for an empty value.
    fn header(&mut self, written: &str) {
        if let Some(file) = written.strip_prefix('@') {
            self.caveats.push(format!("the headers in the file {file:.100?} are not shown"));
            return;
        }
        let (name, value) = match written.split_once(':') {
            Some((name, value)) => (name.trim(), value.trim()),
            None => match written.trim().strip_suffix(';') {
                Some(name) => (name, ""),
                None => return,
            },
        };
        let is_of_curl = ["accept", "content-type", "expect", "host", "referer", "user-agent"];
        if value.is_empty()
            && written.contains(':')
            && is_of_curl.contains(&name.to_ascii_lowercase().as_str())
        {
            self.has_no_type |= name.eq_ignore_ascii_case("content-type");
        } else {
            self.headers.push((name.to_owned(), value.to_owned()));
        }
    }

    fn into_request(mut self, number: usize) -> Option<Written> {
        let has_body = self.body.is_some() && !self.is_get;
        let method = match () {
            () if self.is_head => "HEAD",
            () if self.is_upload => "PUT",
            () if has_body => "POST",
            () => "GET",
        };
        let method = self.method.take().unwrap_or_else(|| method.to_owned());
        let has_type = self.has_no_type
            || self.headers.iter().any(|(other, _)| other.eq_ignore_ascii_case("content-type"));
        if let Some(content_type) = self.body.filter(|_| has_body && !has_type) {
            self.by_curl("Content-Type", content_type);
        }
        let mut urls = self.urls.into_iter();
        let mut url = url_of(&urls.next()?, &mut self.headers);
        if urls.next().is_some() {
            self.caveats.push("the command asks for several URLs: the first one is explained".to_owned());
        }
        if self.is_get && !self.data.is_empty() {
            url = with_query(&url, &self.data);
        }
        Some(Written {
            number,
            method: Some(method),
            url: Some(url),
            headers: self.headers,
            has_cookies: self.has_cookies,
            caveats: self.caveats,
            ..Written::default()
        })
    }
}

/// Browsers write `\[` for a bracket or a brace in a URL, which curl would otherwise expand to several URLs. Without a scheme, curl uses
/// `http`. A user and a password in the URL are sent as a header.
fn url_of(written: &str, headers: &mut Vec<(String, String)>) -> String {
    let written = unescaped(written);
    let is_scheme = |(scheme, _): &(&str, &str)| !scheme.contains(['/', '?', '#']);
    let (scheme, rest) = written.split_once("://").filter(is_scheme).unwrap_or(("http", &written));
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let rest = match rest[..end].rfind('@') {
        Some(at) => {
            headers.push(("Authorization".to_owned(), "Basic (not shown)".to_owned()));
            &rest[at + 1..]
        }
        None => rest,
    };
    format!("{scheme}://{rest}")
}

fn unescaped(url: &str) -> String {
    let mut chars = url.chars().peekable();
    let mut text = String::with_capacity(url.len());
    while let Some(char) = chars.next() {
        let is_escape =
            char == '\\' && chars.peek().is_some_and(|next| matches!(next, '[' | ']' | '{' | '}'));
        text.extend(if is_escape { chars.next() } else { Some(char) });
    }
    text
}

fn with_query(url: &str, data: &[String]) -> String {
    format!("{url}{}{}", if url.contains('?') { '&' } else { '?' }, data.join("&"))
}
