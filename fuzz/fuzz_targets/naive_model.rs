//! The decision against the naive model: exactly the same headers, and the same verdict.

#![no_main]

use http::Response;
use http::header::{HeaderValue, ORIGIN};
use libfuzzer_sys::fuzz_target;
use tower_cors::{CorsPolicy, Decision};
use tower_cors_fuzz::case::Case;
use tower_cors_fuzz::naive::{self, Outcome};
use tower_cors_fuzz::near;

fuzz_target!(|data: &[u8]| {
    let mut case = Case::parse(data);
    let Ok(policy) = case.config.builder().build() else {
        return;
    };
    assert_agree(&policy, &case);
    for origin in near::origins(&case.config.origins) {
        if let Ok(origin) = HeaderValue::try_from(origin) {
            case.request.headers_mut().insert(ORIGIN, origin);
            assert_agree(&policy, &case);
        }
    }
});

fn assert_agree(policy: &CorsPolicy, case: &Case) {
    assert_eq!(decide(policy, case), naive::decide(case), "the crate and the model of {case:#?}");
}

/// The crate's result, in the model's terms.
fn decide(policy: &CorsPolicy, case: &Case) -> Outcome {
    let decision = policy.decide(&case.request);
    let is_denied = decision.denial().is_some();
    let answered =
        |response: Response<()>| (Some(response.status().as_u16()), response.into_parts().0.headers);
    let (status, headers) = match decision {
        Decision::Preflight(preflight) => answered(preflight.into_response(())),
        Decision::Rejected(rejected) => answered(rejected.into_response(())),
        Decision::Actual(actual) => {
            let mut headers = case.response.clone();
            actual.decorate(&mut headers);
            (None, headers)
        }
        _ => panic!("an unknown decision"),
    };
    Outcome { status, headers: naive::comparable(&headers), is_denied }
}
