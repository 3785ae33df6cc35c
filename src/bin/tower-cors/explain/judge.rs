//! What a browser and the policies make of a page's request: the whole exchange.

use std::convert::Infallible;
use std::future::ready;

use http::{Request, Response};
use tower::{Layer as _, service_fn};
use tower_cors::Explanation;
use tower_cors::browser::{Blocked, Browser, FetchError};

use crate::answer::Failure;
use crate::policy_file::PolicyFile;
use crate::question::Question;

/// The exchange that a browser has for a page.
pub(crate) struct Judged {
    /// In the order in which the browser sends them: the preflight, where one is needed and the request, where the preflight lets it.
    pub(crate) exchanges: Vec<Exchange>,
    /// Why the page cannot read the response, where it cannot.
    pub(crate) blocked: Option<Blocked>,
}

/// What went over the wire, and what the policies say about it.
pub(crate) struct Exchange {
    pub(crate) sent: Request<()>,
    pub(crate) answered: Response<()>,
    pub(crate) explanation: Explanation,
}

/// Lets the model of a browser send the request to a service behind the policies' layer.
pub(crate) fn judge(file: &PolicyFile, question: &Question) -> Result<Judged, Failure> {
    let service = service_fn(|_: Request<String>| ready(Ok::<_, Infallible>(Response::new(()))));
    let mut service = file.layer().layer(service);
    let browser = Browser::at(question.page.as_str());
    let mut browser = match question.server() {
        Some(server) => browser.server(server),
        None => browser,
    };
    let blocked = match pollster::block_on(browser.fetch(&mut service, question.request())) {
        Ok(_) => None,
        Err(FetchError::Blocked(blocked)) => Some(blocked),
        Err(error) => return Err(Failure::new(error.to_string())),
    };
    let exchanges = browser.log().iter().map(|exchange| {
        let mut sent = Request::new(());
        *sent.method_mut() = exchange.method().clone();
        *sent.uri_mut() =
            exchange.url().parse().map_err(|error| Failure::new(format!("the URL: {error}")))?;
        sent.headers_mut().clone_from(exchange.request_headers());
        let mut answered = Response::new(());
        *answered.status_mut() = exchange.status();
        answered.headers_mut().clone_from(exchange.response_headers());
        let explanation = Explanation::by_first_match(&file.policies, &sent);
        Ok(Exchange { sent, answered, explanation })
    });
    Ok(Judged { exchanges: exchanges.collect::<Result<_, Failure>>()?, blocked })
}
