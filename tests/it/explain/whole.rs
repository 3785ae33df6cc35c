//! Whole explanations: the notes, the steps that are skipped, and the data.

use http::Request;
use tower_cors::{CorsPolicy, CorsPolicyBuilder, Denial, Explanation, Outcome, Remedy, Step};

use super::{explain, failures, get};
use crate::support::{APP, STRANGER, allow_app, assert_rows, preflight, request};

#[test]
fn an_allowed_preflight_is_explained_whole() {
    let policy = CorsPolicy::builder()
        .allow_origin("https://*.example.com")
        .allow_methods(["PUT"])
        .allow_headers(["content-type", "x-*"])
        .max_age(std::time::Duration::from_secs(600));
    let explanation = explain(policy, &preflight("PUT", &["content-type,x-a"]));
    assert_eq!(
        explanation.to_string(),
        "\
allowed
  ok    CORS request: `https://app.example.com`
          it has an `Origin`
  ok    CORS-preflight request: `OPTIONS`
          the layer answers it, and the service does not see it
  ok    serialized origin: `https://app.example.com`
          in the form that browsers send
  ok    allowed origin: `https://app.example.com`
          `https://*.example.com` covers it
  ok    requested method: `PUT`
          it is listed
  ok    requested headers: `content-type, x-a`
          allowed
  note  credentials
          not allowed: a page that uses `credentials: \"include\"` is refused
  note  max-age
          browsers may cache this answer for 600 s, even after the policy changes
"
    );
    assert_eq!(explanation.remedies().count(), 0);
}

#[test]
fn every_failure_of_a_preflight_has_its_own_step() {
    let explanation = explain(allow_app(), &preflight("PUT", &["x-b, x-a, X-B", "?"]));
    let details: Vec<_> = failures(&explanation).into_iter().map(|(detail, _)| detail).collect();
    assert_eq!(
        details,
        [
            "no method is listed, so only `GET`, `HEAD` and `POST` pass",
            "`x-b` is not listed",
            "`x-a` is not listed",
            "a part of `Access-Control-Request-Headers` is not a header name"
        ]
    );
    assert_eq!(explanation.denial(), Some(&Denial::MethodNotAllowed));
}

#[test]
fn a_plain_options_reaches_the_service() {
    let explanation = explain(allow_app(), &request("OPTIONS", &[("origin", APP)]));
    let step = &explanation.steps()[1];
    assert_eq!(step.title(), "CORS-preflight request");
    assert_eq!(step.outcome(), Outcome::Note);
    assert_eq!(
        step.detail(),
        "a plain OPTIONS: it has no `Access-Control-Request-Method`, so it reaches the service"
    );
    assert_eq!(explanation.denial(), None);
}

#[test]
fn what_no_browser_asks_about_is_not_refused() {
    let cases = [
        (
            allow_app(),
            request::<&str>("GET", &[]),
            "\
CORS does not apply to this request
  note  CORS request
          no `Origin`, so not a CORS request: nothing is granted
",
        ),
        (
            CorsPolicy::builder().allow_any_origin(),
            request::<&str>("GET", &[]),
            "\
CORS does not apply to this request
  note  CORS request
          no `Origin`, so not a CORS request; the response still says `Access-Control-Allow-Origin: *`
",
        ),
        (
            allow_app(),
            request("POST", &[("origin", "https://api.example.com"), ("host", "api.example.com")]),
            "\
CORS does not apply to this request
  ok    CORS request: `https://api.example.com`
          it has an `Origin`
  note  CORS-preflight request: `POST`
          not a preflight: the service answers, and the layer adds the CORS headers
  ok    serialized origin: `https://api.example.com`
          in the form that browsers send
  note  allowed origin: `https://api.example.com`
          `https://app.example.com` is allowed; `api.example.com` is another host of the same domain
  note  allowed origin
          same-origin request: CORS does not apply
",
        ),
    ];
    assert_rows(cases.map(|(policy, request, expected)| {
        (format!("{request:?}"), explain(policy, &request).to_string(), expected)
    }));
}

#[test]
fn of_several_policies_the_choice_is_explained() {
    let app = allow_app().allow_credentials(true).build().expect("a policy");
    let other = CorsPolicy::builder().allow_origin("https://other.example").build().expect("a policy");
    let choice = |policies: &[CorsPolicy], request: &Request<String>| {
        let explanation = Explanation::by_first_match(policies, request);
        let mut choices = explanation.steps().iter().filter(|step| step.kind() == "policy");
        let choice = choices.next().map(|step| (step.outcome(), step.detail()));
        assert_eq!(choices.next(), None);
        choice
    };
    let both = [app, other];
    let cases = [
        (get(APP), "policy 1 of 2 decides: it is the first that allows the origin"),
        (get("https://other.example"), "policy 2 of 2 decides: it is the first that allows the origin"),
        (get(STRANGER), "policy 2 of 2 decides: it is the last one, and no policy allows the origin"),
        (request::<&str>("GET", &[]), "policy 2 of 2 decides: it is the last one, and there is no `Origin`"),
    ];
    assert_rows(cases.map(|(request, expected)| {
        let seen = (choice(&both, &request), choice(&both[..1], &request));
        (format!("{request:?}"), seen, (Some((Outcome::Note, expected.to_owned())), None))
    }));
    // The rest comes from the policy that decides.
    let explanation = Explanation::by_first_match(&both, &get("https://other.example:1"));
    assert_eq!(failures(&explanation)[0].0, "`https://other.example` is allowed, but not with the port 1");
}

#[test]
fn where_no_policy_applies_that_is_what_failed() {
    let same_origin = [("origin", "https://api.example.com"), ("host", "api.example.com")];
    let cases = [
        (
            preflight("PUT", &[]),
            "\
refused: no policy applies to the request
  ok    CORS request: `https://app.example.com`
          it has an `Origin`
  ok    CORS-preflight request: `OPTIONS`
          the layer answers it, and the service does not see it
  FAIL  policy
          no policy applies to the request, so nothing is granted
          fix: make the look-up find a policy for this request, or add one to the list
          see https://fetch.spec.whatwg.org/#http-cors-protocol
",
        ),
        (
            request("POST", &same_origin),
            "\
CORS does not apply to this request
  ok    CORS request: `https://api.example.com`
          it has an `Origin`
  note  CORS-preflight request: `POST`
          not a preflight: the service answers, and the layer adds the CORS headers
  note  allowed origin
          same-origin request: CORS does not apply
",
        ),
        (
            request::<&str>("GET", &[]),
            "\
CORS does not apply to this request
  note  CORS request
          no `Origin`, so not a CORS request: nothing is granted
",
        ),
    ];
    assert_rows(cases.map(|(request, expected)| {
        (format!("{request:?}"), Explanation::by_first_match(&[], &request).to_string(), expected)
    }));
}

#[test]
fn what_may_fail_later_is_noted() {
    let detail = |policy: CorsPolicyBuilder, request: &Request<String>, title: &str| {
        let explanation = explain(policy, request);
        let step = explanation.steps().iter().find(|step| step.title() == title).expect("the step");
        assert_eq!(step.outcome(), Outcome::Note);
        step.detail()
    };
    let with_cookie = request("GET", &[("origin", APP), ("cookie", "a=b")]);
    assert_eq!(
        detail(allow_app(), &with_cookie, "credentials"),
        "the request carries cookies, and the policy does not allow credentials: if the page used `credentials: \"include\"`, the browser \
         does not let it read the response"
    );
    assert_eq!(detail(allow_app().allow_credentials(true), &with_cookie, "credentials"), "allowed");
    for (policy, expected) in [
        (
            allow_app().expose_headers(["x-a", "x-b"]),
            "a page can read the CORS-safelisted ones, `x-a` and `x-b`",
        ),
        (
            allow_app(),
            "none are exposed: a page can read only the CORS-safelisted ones, such as `Content-Type`",
        ),
        (allow_app().expose_all_headers(), "a page can read all of them, except `Set-Cookie`"),
    ] {
        assert_eq!(detail(policy, &get(APP), "response headers"), expected);
    }
    assert_eq!(
        detail(allow_app().reject_disallowed_origins(true), &get(STRANGER), "rejection"),
        "`reject_disallowed_origins` is on: the layer answers 403, and the service does not see the request"
    );
    assert_eq!(
        detail(CorsPolicy::builder().allow_any_origin(), &get("nonsense"), "allowed origin"),
        "the response says `*`, so every page may read it"
    );
}

#[test]
fn hostile_values_are_escaped_and_cut() {
    let long = "x".repeat(1 << 20);
    let requests = [
        request("GET", &[("origin", "\t`evil`\u{85}\u{2028}")]),
        request("GET", &[("origin", &long)]),
        preflight(&long, &[&long]),
        preflight("PUT", &[&"a,".repeat(40)]),
        preflight("\u{202e}", &["\u{7f}".trim_end_matches('\u{7f}'), &long[..2000]]),
    ];
    for request in requests {
        let shown = explain(allow_app(), &request).to_string();
        assert!(shown.len() < 4096, "{} bytes", shown.len());
        let is_printable =
            |char: char| char == '\n' || !char.is_control() && !"\u{2028}\u{202e}".contains(char);
        assert!(shown.chars().all(is_printable), "{shown}");
    }
}

#[test]
fn a_long_list_is_explained_by_its_first_ten_thousand() {
    let policy =
        CorsPolicy::builder().allow_origins((0..20_000).map(|index| format!("https://{index}.a.example")));
    let policy = policy.build().expect("a policy");
    let detail = |origin: &str| failures(&policy.explain(&get(origin))).remove(0).0;
    assert_eq!(
        detail("http://9999.a.example"),
        "`https://9999.a.example` is allowed, but not with the scheme `http`"
    );
    assert_eq!(detail("http://10000.a.example"), "no rule is similar to it");
}

#[test]
fn any_origin_lets_every_page_read_but_answers_no_preflight_of_nonsense() {
    let titles = |explanation: &Explanation| explanation.steps().iter().map(Step::title).collect::<Vec<_>>();
    let explanation = explain(CorsPolicy::builder().allow_any_origin(), &get("nonsense"));
    assert!(explanation.to_string().starts_with("allowed\n"), "{explanation}");
    assert_eq!(
        titles(&explanation)[2..],
        ["serialized origin", "allowed origin", "credentials", "response headers"]
    );

    let preflight = request("OPTIONS", &[("origin", "nonsense"), ("access-control-request-method", "GET")]);
    let explanation = explain(CorsPolicy::builder().allow_any_origin(), &preflight);
    assert_eq!(explanation.denial(), Some(&Denial::MalformedOrigin));
    assert_eq!(titles(&explanation)[2..], ["serialized origin"]);
}

#[test]
fn a_rejection_is_told_where_there_is_one() {
    let own = request("POST", &[("origin", "https://api.example.com"), ("host", "api.example.com")]);
    let cases = [
        (true, get(STRANGER), true),
        (false, get(STRANGER), false),
        (true, get(APP), false),
        (true, own, false),
        (true, request("OPTIONS", &[("origin", STRANGER), ("access-control-request-method", "PUT")]), false),
    ];
    assert_rows(cases.map(|(rejects, request, expected)| {
        let explanation = explain(allow_app().reject_disallowed_origins(rejects), &request);
        let is_told = explanation.steps().iter().any(|step| step.kind() == "rejection");
        (explanation, is_told, expected)
    }));
}

#[test]
fn what_is_said_of_requested_headers_is_said_once() {
    let cases: [(&[&str], &[Outcome]); 6] = [
        (&[], &[Outcome::Passed]),
        (&["x-a"], &[Outcome::Failed]),
        (&["x-a", "x-a", "x-b"], &[Outcome::Failed, Outcome::Failed]),
        (&["content-type", "x-a"], &[Outcome::Passed, Outcome::Failed]),
        (&["?"], &[Outcome::Failed]),
        (&["content-type", "?"], &[Outcome::Passed, Outcome::Failed]),
    ];
    assert_rows(cases.map(|(names, expected)| {
        let explanation = explain(allow_app().allow_headers(["content-type"]), &preflight("GET", names));
        let steps = explanation.steps().iter().filter(|step| step.kind() == "requested-headers");
        (format!("{names:?}"), steps.map(Step::outcome).collect::<Vec<_>>(), expected)
    }));
}

#[test]
fn remedies_have_stable_names_and_say_what_they_are_about() {
    let value = || "a".to_owned();
    let of_header = |names: &str| {
        let explanation = explain(allow_app().allow_headers(["x-request-id"]), &preflight("GET", &[names]));
        explanation.remedies().next().expect("a remedy").clone()
    };
    let cases = [
        (of_header("x-requestid"), "respell-header", Some("x-request-id")),
        (of_header(&",".repeat(999)), "send-fewer-headers", None),
        (Remedy::AllowOrigin(value()), "allow-origin", Some("a")),
        (Remedy::ServePageAt(value()), "serve-page-at", Some("a")),
        (Remedy::ServeAndAllow(value()), "serve-and-allow", Some("a")),
        (Remedy::UseAllowedOrigin, "use-allowed-origin", None),
        (Remedy::AllowNullOrigin, "allow-null-origin", None),
        (Remedy::GiveOrigin, "give-origin", None),
        (Remedy::SendOneOrigin, "send-one-origin", None),
        (Remedy::RespellOrigin(Some(value())), "respell-origin", Some("a")),
        (Remedy::RespellOrigin(None), "respell-origin", None),
        (Remedy::AllowMethod(value()), "allow-method", Some("a")),
        (Remedy::RespellMethod(value()), "respell-method", Some("a")),
        (Remedy::UseAnotherMethod, "use-another-method", None),
        (Remedy::AllowHeader(value()), "allow-header", Some("a")),
        (Remedy::LeaveOutHeader(value()), "leave-out-header", Some("a")),
        (Remedy::SendHeaderNames, "send-header-names", None),
        (Remedy::FindPolicy, "find-policy", None),
    ];
    assert_rows(cases.iter().map(|(remedy, kind, value)| {
        (format!("{remedy:?}"), (remedy.kind(), remedy.value()), (*kind, *value))
    }));
}

#[test]
fn an_explanation_is_data_for_a_page() {
    let explanation = explain(allow_app(), &get("https://app.example.com:1"));
    let value = "https://app.example.com:1";
    let remedy = Remedy::AllowOrigin(value.to_owned());
    assert_eq!(explanation.remedies().collect::<Vec<_>>(), [&remedy]);
    let step = &explanation.steps()[3];
    assert_eq!(
        (step.title(), step.outcome(), step.value()),
        ("allowed origin", Outcome::Failed, Some(value))
    );
    assert_eq!(step.standard(), "https://fetch.spec.whatwg.org/#cors-check");
    assert_eq!(step.detail(), "`https://app.example.com` is allowed, but not with the port 1");
    assert_eq!(step.remedies(), [remedy]);

    let json = serde_json::to_value(&explanation).expect("JSON");
    assert_eq!(json["allowed"], false);
    assert_eq!(json["denial"], "origin-not-allowed");
    assert_eq!(
        json["steps"][3],
        serde_json::json!({
            "kind": step.kind(),
            "title": step.title(),
            "standard": step.standard(),
            "outcome": "failed",
            "value": value,
            "detail": step.detail(),
            "remedies": [{
                "kind": "allow-origin",
                "value": value,
                "text": "if this page is yours, add `https://app.example.com:1` to `allow_origins`",
            }],
        })
    );
}
