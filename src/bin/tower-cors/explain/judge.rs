//! What a browser and the policies make of a page's request: the whole exchange.

use std::convert::Infallible;
use std::future::ready;

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderMap,
    HeaderValue, ORIGIN,
};
use http::{Method, Request, Response};
use tower::{Layer as _, Service, service_fn};
use tower_cors::Explanation;
use tower_cors::browser::{
    self, Blocked, Browser, Exchange as OnTheWire, FetchError, InvalidRequest, Redirect, ResponseType,
};

use crate::answer::Failure;
use crate::policy_file::PolicyFile;
use crate::question::Question;

/// The exchange that a browser has for a page.
pub(crate) struct Judged {
    /// In the order in which the browser sends them: the preflight, where one is needed, and the request, where the preflight lets it.
    pub(crate) exchanges: Vec<Exchange>,
    pub(crate) outcome: Outcome,
}

/// What comes of it.
pub(crate) enum Outcome {
    /// The page reads the response.
    Read {
        /// Where CORS does not apply.
        is_same_origin: bool,
    },
    /// Why the page cannot read the response.
    Blocked(Blocked),
    /// Why no browser sends the request, whatever a policy says.
    NeverSent(InvalidRequest),
}

/// What went over the wire, and what the policies say about it.
pub(crate) struct Exchange {
    pub(crate) sent: Request<()>,
    pub(crate) answered: Response<()>,
    pub(crate) is_preflight: bool,
    pub(crate) explanation: Explanation,
}

/// Lets the model of a browser send the request to a service behind the policies' layer.
pub(crate) fn judge(file: &PolicyFile, question: &Question) -> Result<Judged, Failure> {
    let service = service_fn(|_: Request<String>| ready(Ok::<_, Infallible>(Response::new(()))));
    let (log, outcome) = fetch(file.layer().layer(service), question, question.request())?;
    let exchanges = log.iter().map(|exchange| {
        let (sent, answered) = heads(exchange)?;
        let explanation = Explanation::by_first_match(&file.policies, &sent);
        Ok(Exchange { sent, answered, is_preflight: exchange.is_preflight(), explanation })
    });
    Ok(Judged { exchanges: exchanges.collect::<Result<_, Failure>>()?, outcome })
}

/// What the browser sends to a server that allows everything, and what it makes of such a response to the request itself.
pub(crate) struct Received {
    pub(crate) sent: Vec<Request<()>>,
    pub(crate) outcome: Outcome,
}

/// Lets the model of a browser have this response, after a preflight that allows everything.
pub(crate) fn judge_response(question: &Question, recorded: &Response<()>) -> Result<Received, Failure> {
    let service = service_fn(|request: Request<String>| {
        let mut response = Response::new(());
        if is_preflight(&request) {
            *response.headers_mut() = all_that_is_asked_for(request.headers());
        } else {
            response = recorded.clone();
        }
        ready(Ok::<_, Infallible>(response))
    });
    // Where a redirect leads to is another request.
    receive(service, question, question.request().redirect(Redirect::Manual))
}

/// Lets the model of a browser have this response to its preflight, and then one that allows everything.
pub(crate) fn judge_preflight_response(
    question: &Question,
    recorded: &Response<()>,
) -> Result<Received, Failure> {
    let service = service_fn(|request: Request<String>| {
        let mut response = Response::new(());
        if is_preflight(&request) {
            response = recorded.clone();
        } else {
            *response.headers_mut() = all_that_is_asked_for(request.headers());
        }
        ready(Ok::<_, Infallible>(response))
    });
    // It was sent, whatever method and headers are.
    receive(service, question, question.request().use_cors_preflight(true))
}

/// Lets the model of a browser have whatever it needs.
pub(crate) fn judge_with_all_allowed(question: &Question) -> Result<Received, Failure> {
    let service = service_fn(|request: Request<String>| {
        let mut response = Response::new(());
        *response.headers_mut() = all_that_is_asked_for(request.headers());
        ready(Ok::<_, Infallible>(response))
    });
    receive(service, question, question.request())
}

fn receive<S>(service: S, question: &Question, request: browser::Request) -> Result<Received, Failure>
where
    S: Service<Request<String>, Response = Response<()>, Error = Infallible>,
{
    let (log, outcome) = fetch(service, question, request)?;
    let sent = log.iter().map(|exchange| Ok(heads(exchange)?.0));
    Ok(Received { sent: sent.collect::<Result<_, Failure>>()?, outcome })
}

pub(crate) fn is_preflight<B>(request: &Request<B>) -> bool {
    request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// The headers of a response that lets the page go on.
fn all_that_is_asked_for(request: &HeaderMap) -> HeaderMap {
    let granted = [
        (ORIGIN, ACCESS_CONTROL_ALLOW_ORIGIN),
        (ACCESS_CONTROL_REQUEST_METHOD, ACCESS_CONTROL_ALLOW_METHODS),
        (ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_ALLOW_HEADERS),
    ];
    let granted =
        granted.into_iter().filter_map(|(asked, granted)| Some((granted, request.get(asked)?.clone())));
    granted.chain([(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"))]).collect()
}

fn fetch<S>(
    mut service: S,
    question: &Question,
    request: browser::Request,
) -> Result<(Vec<OnTheWire>, Outcome), Failure>
where
    S: Service<Request<String>, Response = Response<()>, Error = Infallible>,
{
    let mut browser = Browser::at(question.page.as_str());
    let outcome = match pollster::block_on(browser.fetch(&mut service, request)) {
        Ok(response) => Outcome::Read { is_same_origin: response.response_type() == ResponseType::Basic },
        Err(FetchError::Blocked(blocked)) => Outcome::Blocked(blocked),
        // For these, `fetch` throws. Any other mistake is one of the question.
        Err(FetchError::Invalid(
            mistake @ (InvalidRequest::ForbiddenMethod(_)
            | InvalidRequest::Scheme(_)
            | InvalidRequest::UrlCredentials(_)),
        )) => Outcome::NeverSent(mistake),
        Err(error) => return Err(Failure::new(error.to_string())),
    };
    Ok((browser.log().to_vec(), outcome))
}

fn heads(exchange: &OnTheWire) -> Result<(Request<()>, Response<()>), Failure> {
    let mut sent = Request::new(());
    *sent.method_mut() = exchange.method().clone();
    *sent.uri_mut() = exchange.url().parse().map_err(|error| Failure::new(format!("the URL: {error}")))?;
    sent.headers_mut().clone_from(exchange.request_headers());
    let mut answered = Response::new(());
    *answered.status_mut() = exchange.status();
    answered.headers_mut().clone_from(exchange.response_headers());
    Ok((sent, answered))
}
