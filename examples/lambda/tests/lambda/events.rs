//! An event of each front door, handed to the function as Lambda does, and the whole of its answer.

use serde_json::{Map, Value, json};

use crate::runtime::Function;
use crate::{APP, STRANGER};

/// What an answer of the front door looks like: with these headers, of which each has one line.
type Answer = fn(status: u16, headers: &Value, body: &str) -> Value;

const FRONT_DOORS: [(&str, &str, Answer); 5] = [
    ("REST API", include_str!("events/rest-api.json"), rest_api),
    ("HTTP API", include_str!("events/http-api.json"), http_api),
    ("function URL", include_str!("events/function-url.json"), http_api),
    ("load balancer", include_str!("events/load-balancer.json"), load_balancer),
    (
        "load balancer with multi-value headers",
        include_str!("events/load-balancer-multi-value.json"),
        load_balancer,
    ),
];

fn rest_api(status: u16, headers: &Value, body: &str) -> Value {
    with_body(json!({ "statusCode": status, "headers": {}, "multiValueHeaders": in_lists(headers) }), body)
}

fn http_api(status: u16, headers: &Value, body: &str) -> Value {
    let answer = json!({ "statusCode": status, "headers": headers, "multiValueHeaders": {}, "cookies": [] });
    with_body(answer, body)
}

fn load_balancer(status: u16, headers: &Value, body: &str) -> Value {
    let description = match status {
        200 => "200 OK",
        204 => "204 No Content",
        403 => "403 Forbidden",
        _ => "404 Not Found",
    };
    let lists = in_lists(headers);
    let answer = json!({
        "statusCode": status, "statusDescription": description, "headers": headers, "multiValueHeaders": lists,
    });
    with_body(answer, body)
}

fn with_body(mut answer: Value, body: &str) -> Value {
    answer["isBase64Encoded"] = false.into();
    answer["body"] = body.into();
    answer
}

fn in_lists(headers: &Value) -> Value {
    let headers = headers.as_object().expect("headers");
    headers.iter().map(|(name, value)| (name.clone(), json!([value]))).collect::<Map<_, _>>().into()
}

/// A recorded event with this method and these headers besides its own, wherever it has headers.
fn event(recorded: &str, method: &str, headers: &[(&str, &str)]) -> Value {
    let mut event: Value = serde_json::from_str(&recorded.replace("METHOD", method)).expect("JSON");
    for (name, value) in headers {
        if let Some(single) = event.get_mut("headers") {
            single[*name] = (*value).into();
        }
        if let Some(lists) = event.get_mut("multiValueHeaders") {
            lists[*name] = json!([value]);
        }
    }
    event
}

const PREFLIGHT_VARY: &str = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

#[test]
fn each_front_door_is_answered_in_its_own_format() {
    let text = "text/plain; charset=utf-8";
    let granted = json!({
        "content-type": text, "vary": "Accept-Language, Origin", "access-control-allow-origin": APP,
    });
    let not_granted = json!({ "content-type": text, "vary": "Accept-Language, Origin" });
    let allowed = json!({
        "access-control-allow-headers": "authorization, content-type",
        "access-control-allow-methods": "PUT",
        "access-control-allow-origin": APP,
        "access-control-max-age": "600",
        "vary": PREFLIGHT_VARY,
    });
    let refused = json!({ "vary": PREFLIGHT_VARY });
    let asks = [("access-control-request-method", "PUT"), ("access-control-request-headers", "content-type")];
    let from = |origin| ("origin", origin);
    let preflight_from = |origin| [&[from(origin)], &asks[..]].concat();
    let nothing = "nothing here\n";

    for (name, recorded, answer) in FRONT_DOORS {
        let mut function = Function::start();
        let mut check = |method: &str, headers: &[(&str, &str)], expected: Value| {
            let seen = function.invoke(&event(recorded, method, headers));
            assert_eq!(seen, expected, "{name}: {method} {headers:?}");
        };
        check("GET", &[from(APP)], answer(200, &granted, "Hallo\n"));
        check("GET", &[from(STRANGER)], answer(200, &not_granted, "Hallo\n"));
        check("GET", &[], answer(200, &not_granted, "Hallo\n"));
        check("PUT", &[from(APP)], answer(200, &granted, "noted\n"));
        check("DELETE", &[from(APP)], answer(404, &granted, nothing));
        check("OPTIONS", &preflight_from(APP), answer(204, &allowed, ""));
        check("OPTIONS", &preflight_from(STRANGER), answer(403, &refused, ""));
        // Not a preflight: the function answers it, and it varies by what decides that it is none.
        let vary = format!("Accept-Language, {PREFLIGHT_VARY}");
        let plain = json!({ "content-type": text, "vary": vary, "access-control-allow-origin": APP });
        check("OPTIONS", &[from(APP)], answer(404, &plain, nothing));
    }
}
