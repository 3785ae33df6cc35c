//! What a browser and the policies do with a page's request: the whole exchange.

use std::convert::Infallible;
use std::future::ready;

use http::{Request, Response};
use tower::{Layer as _, Service, service_fn};
use tower_cors::Explanation;
use tower_cors::browser::{
    self, Blocked, Browser, Exchange as OnTheWire, FetchError, InvalidRequest, Redirect, ResponseType,
};

use crate::answer::Failure;
use crate::generous::{allow, is_preflight};
use crate::policy_file::PolicyFile;
use crate::question::Question;

/// The exchange that a browser has for a page.
pub(crate) struct Judged {
    /// In the order in which the browser sends them: the preflight, if one is needed, and the request, if the preflight passes.
    pub(crate) exchanges: Vec<Exchange>,
    pub(crate) outcome: Outcome,
}

/// The outcome.
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

/// What the browser sends to a server that allows everything, and what it does with such a response to the request itself.
pub(crate) struct Received {
    pub(crate) sent: Vec<Request<()>>,
    pub(crate) outcome: Outcome,
}

/// Gives the model of a browser this response, after a preflight that allows everything.
pub(crate) fn judge_response(question: &Question, recorded: &Response<()>) -> Result<Received, Failure> {
    // Where a redirect leads to is another request.
    let request = question.request().redirect(Redirect::Manual);
    receive(
        question,
        request,
        |request| if is_preflight(request) { allow(request) } else { recorded.clone() },
    )
}

/// Gives the model of a browser this response to its preflight, and then one that allows everything.
pub(crate) fn judge_preflight_response(
    question: &Question,
    recorded: &Response<()>,
) -> Result<Received, Failure> {
    // It was sent, whatever the method and the headers.
    let request = question.request().use_cors_preflight(true);
    receive(
        question,
        request,
        |request| if is_preflight(request) { recorded.clone() } else { allow(request) },
    )
}

/// Gives the model of a browser everything that it needs.
pub(crate) fn judge_with_all_allowed(question: &Question) -> Result<Received, Failure> {
    receive(question, question.request(), allow)
}

fn receive(
    question: &Question,
    request: browser::Request,
    answer: impl Fn(&Request<String>) -> Response<()>,
) -> Result<Received, Failure> {
    let service = service_fn(|request: Request<String>| ready(Ok::<_, Infallible>(answer(&request))));
    let (log, outcome) = fetch(service, question, request)?;
    let sent = log.iter().map(|exchange| Ok(heads(exchange)?.0));
    Ok(Received { sent: sent.collect::<Result<_, Failure>>()?, outcome })
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
        // For these, `fetch` throws. Any other mistake is in the user's input.
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
