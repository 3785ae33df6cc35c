//! Finds the requests in a text, in any forms, one after the other: a line of the console, a copied request below it, and curl's
//! output.

use http::Response;

use super::console::{self, Complaint};
use super::lines::Lines;
use super::written::{MAX_REQUESTS, Written};
use super::{curl, fetch, raw, verbose};

/// The requests and messages in a text.
#[derive(Default)]
pub(super) struct Found {
    pub(super) requests: Vec<Written>,
    pub(super) complaints: Vec<Complaint>,
    /// Why the first unreadable call of `fetch` cannot be read. Among other forms, it is not a saved request.
    pub(super) mistake: Option<String>,
}

/// A text that ends in the middle of a request was cut, and the rest would give a wrong answer.
const CUT: &str = "the text ends in the middle of a request: save all of it";

/// Reads a text once, from its start to its end.
pub(super) fn read(text: &str) -> Result<Found, String> {
    let mut found = Found::default();
    let mut lines = Lines::new(text);
    // After a response, everything is its body, except for a few clear signs.
    let mut is_body = false;
    // The last request is a command that curl's output can follow.
    let mut is_command = false;
    // Requests beyond the bound are refused where they are combined.
    while let Some(line) = lines.peek().filter(|_| found.count() <= MAX_REQUESTS) {
        if line.is_empty() {
            lines.next();
            continue;
        }
        // A line can have any number of calls and commands: other forms are checked only once.
        let is_start = lines.is_at_start();
        let command = Some(line).filter(|_| !is_body).and_then(curl::find);
        let command = command.or_else(|| Some(line).filter(|_| is_start).and_then(curl::find_behind_prompt));
        if let Some(start) = command {
            let number = lines.number();
            lines.advance(start);
            let commands = curl::read(&mut lines).ok_or_else(|| format!("line {number}: `curl`: {CUT}"))?;
            (is_body, is_command) = (false, !commands.is_empty());
            found.requests.extend(commands);
        } else if is_start && !is_body && verbose::begins(line) {
            let exchanges = verbose::read(&mut lines, ends_output);
            let command = if is_command && !exchanges.is_empty() { found.requests.pop() } else { None };
            found.requests.extend(named_by(command, exchanges));
            is_command = false;
        } else if is_start && raw::is_response(&lines) {
            let number = lines.number();
            if let Some(response) = raw::response(&mut lines) {
                found.respond(response, number);
            }
            (is_body, is_command) = (true, false);
        } else if is_start && raw::is_request(&lines) {
            found.requests.push(raw::request(&mut lines));
            // Its own body comes next, up to the response.
            (is_body, is_command) = (true, false);
        } else if let Some(complaint) = is_start.then(|| console::read(&mut lines)).flatten() {
            found.complain(complaint);
            is_body = false;
        } else if let Some(start) = fetch::find(line).filter(|_| !is_body) {
            let number = lines.number();
            lines.advance(start);
            match fetch::read(&mut lines) {
                Ok(request) => found.requests.push(request),
                Err(_) if lines.rest().is_empty() => return Err(format!("line {number}: `fetch(`: {CUT}")),
                Err(what) => {
                    found.mistake.get_or_insert_with(|| format!("line {}: `fetch(`: {what}", lines.number()));
                }
            }
            is_command = false;
        } else {
            lines.next();
        }
    }
    Ok(found)
}

impl Found {
    fn count(&self) -> usize {
        self.requests.len() + self.complaints.len()
    }

    /// A response belongs to the request before it, or to one that the text does not have.
    fn respond(&mut self, response: Response<()>, number: usize) {
        if let Some(request) = self.requests.last_mut().filter(|request| request.response.is_none()) {
            request.response = Some(response);
            return;
        }
        let caveat = "the text has only a response: give the request with `--method`, `--url` and `--header`";
        let caveats = vec![caveat.to_owned()];
        self.requests.push(Written { number, response: Some(response), caveats, ..Written::default() });
    }

    fn complain(&mut self, complaint: Complaint) {
        let is_absorbed = self.complaints.last_mut().is_some_and(|last| last.absorb(&complaint));
        if !is_absorbed {
            self.complaints.push(complaint);
        }
    }
}

/// Whether curl's output ends here: another command, or the console.
fn ends_output(lines: &Lines<'_>) -> bool {
    lines.peek().is_some_and(|line| curl::find_behind_prompt(line).is_some() || console::is_refusal(line))
}

/// The command before curl's output shows the URL as written, with its scheme.
fn named_by(command: Option<Written>, mut exchanges: Vec<Written>) -> Vec<Written> {
    let url = command.and_then(|command| command.url);
    if let (Some(url), Some(first)) = (url, exchanges.first_mut()) {
        let without_scheme =
            |url: &str| url.split_once("://").map(|(_, rest)| rest.trim_end_matches('/').to_owned());
        if first.url.as_deref().and_then(without_scheme) == without_scheme(&url) {
            first.url = Some(url);
            first.caveats.clear();
        }
    }
    exchanges
}
