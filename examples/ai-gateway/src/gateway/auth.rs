//! Authentication: a bearer token, or the session cookie of a page that signed in with one.
//!
//! Requests of a page on another *site* carry the cookie only if it is `SameSite=None`, which requires `Secure`. (Another
//! port, or another subdomain, is another origin but the same site.) Browsers that partition or block third-party cookies
//! need more:
//!
//! - Chromium with third-party cookies blocked: `Partitioned`, one cookie for each site that embeds the gateway.
//! - Firefox partitions such cookies by itself, and accepts `Partitioned`.
//! - Safari blocks them, and supports `Partitioned` only in some versions. Serve the gateway from the page's own site then
//!   (`api.example.com` beside `app.example.com`), or use the bearer token.
//!
//! The page must use `credentials: "include"`. Browsers then send the cookie with requests of any page, so the policy rejects
//! requests from origins that it does not allow: they would cost money, although no page could read the answers.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Json;
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use cookie::{Cookie, CookieJar, Key, SameSite};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::{ApiError, Body, Gateway};

/// Browsers accept a cookie of this name only if it is `Secure` and for exactly this host.
const COOKIE: &str = "__Host-session";

const SESSION: Duration = Duration::from_secs(12 * 60 * 60);

/// The name of a user.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct User(pub(super) Arc<str>);

/// The users, and the token of each.
pub(crate) struct Users(Vec<(User, String)>);

impl Users {
    pub(crate) fn one(name: &str, token: String) -> Self {
        Self(vec![(User(name.into()), token)])
    }

    /// `ada=SECRET,grace=SECRET`
    pub(crate) fn parse(list: &str) -> Result<Self, String> {
        let user = |(number, entry): (usize, &str)| {
            let pair = entry.trim().split_once('=');
            // The entry itself may be a secret.
            let (name, token) =
                pair.ok_or(format!("GATEWAY_TOKENS: entry {} is not NAME=TOKEN", number + 1))?;
            if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                return Err(format!(
                    "GATEWAY_TOKENS: the name of entry {} must have only letters and digits",
                    number + 1
                ));
            }
            if token.is_empty() {
                return Err(format!("GATEWAY_TOKENS: `{name}` has an empty token"));
            }
            Ok((User(name.into()), token.to_owned()))
        };
        Ok(Self(list.split(',').enumerate().map(user).collect::<Result<_, _>>()?))
    }

    pub(crate) fn first_token(&self) -> &str {
        self.0.first().map_or("", |(_, token)| token)
    }

    /// The time that this takes reveals only the lengths of the tokens.
    fn by_token(&self, given: &[u8]) -> Option<&User> {
        // Compares all of them, so the time does not reveal which one matches.
        let fitting = |found, (user, token): &'_ (User, String)| {
            if bool::from(given.ct_eq(token.as_bytes())) { Some(user.0.clone()) } else { found }
        };
        let name = self.0.iter().fold(None, fitting)?;
        self.by_name(&name)
    }

    fn by_name(&self, name: &str) -> Option<&User> {
        self.0.iter().map(|(user, _)| user).find(|user| &*user.0 == name)
    }
}

/// Cookies that nobody else can forge: the gateway stores nothing, and every copy of it accepts them.
pub(super) struct Sessions(Key);

impl Sessions {
    pub(super) fn new(key: Key) -> Self {
        Self(key)
    }

    fn begin(&self, user: &User, now: SystemTime) -> Cookie<'static> {
        let end = seconds(now + SESSION);
        let mut cookie = Cookie::new(COOKIE, format!("{}.{end}", user.0));
        cookie.set_max_age(cookie::time::Duration::try_from(SESSION).ok());
        self.sign(cookie)
    }

    fn sign(&self, cookie: Cookie<'static>) -> Cookie<'static> {
        let mut jar = CookieJar::new();
        jar.signed_mut(&self.0).add(cookie);
        let mut cookie = jar.get(COOKIE).cloned().unwrap_or_else(|| Cookie::from(COOKIE));
        for_another_site(&mut cookie);
        cookie
    }

    /// The name in a cookie that is signed and has not expired.
    fn name(&self, headers: &HeaderMap, now: SystemTime) -> Option<String> {
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut cookies = lines.flat_map(Cookie::split_parse).filter_map(Result::ok);
        let given = cookies.find(|cookie| cookie.name() == COOKIE)?.into_owned();
        let mut jar = CookieJar::new();
        jar.add_original(given);
        let cookie = jar.signed(&self.0).get(COOKIE)?;
        let (name, end) = cookie.value().split_once('.')?;
        (seconds(now) < end.parse().ok()?).then(|| name.to_owned())
    }
}

fn for_another_site(cookie: &mut Cookie<'_>) {
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_secure(true);
    cookie.set_same_site(SameSite::None);
    cookie.set_partitioned(true);
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

impl Gateway {
    fn user(&self, headers: &HeaderMap) -> Option<User> {
        let user = if let Some(line) = headers.get(header::AUTHORIZATION) {
            // A wrong token is refused even with a valid cookie.
            line.as_bytes().strip_prefix(b"Bearer ").and_then(|token| self.users.by_token(token))
        } else {
            let name = self.sessions.name(headers, SystemTime::now())?;
            self.users.by_name(&name)
        };
        user.cloned()
    }
}

pub(super) async fn require(
    State(gateway): State<Arc<Gateway>>,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let user = gateway.user(request.headers()).ok_or_else(unknown)?;
    request.extensions_mut().insert(user);
    Ok(next.run(request).await)
}

fn unknown() -> ApiError {
    ApiError::new(StatusCode::UNAUTHORIZED, "sign in, or send a valid token as `Authorization: Bearer`")
        .with_code("invalid_api_key")
}

#[derive(Deserialize)]
pub(super) struct SignIn {
    token: String,
}

#[derive(Serialize)]
pub(super) struct SignedIn {
    user: String,
}

pub(super) async fn sign_in(
    State(gateway): State<Arc<Gateway>>,
    body: Body<SignIn>,
) -> Result<impl IntoResponse, ApiError> {
    let user = gateway.users.by_token(body?.0.token.as_bytes()).ok_or_else(unknown)?;
    let cookie = gateway.sessions.begin(user, SystemTime::now());
    Ok(([(header::SET_COOKIE, cookie.to_string())], Json(SignedIn { user: user.0.to_string() })))
}

pub(super) async fn who(Extension(user): Extension<User>) -> Json<SignedIn> {
    Json(SignedIn { user: user.0.to_string() })
}

pub(super) async fn sign_out() -> impl IntoResponse {
    let mut cookie = Cookie::from(COOKIE);
    for_another_site(&mut cookie);
    cookie.make_removal();
    (StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie.to_string())])
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_session_lasts_to_its_end_and_no_longer() {
        let sessions = Sessions::new(Key::generate());
        let now = UNIX_EPOCH + Duration::from_secs(1_000_000);
        let cookie = sessions.begin(&User("ada".into()), now).stripped().to_string();
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::try_from(cookie).expect("a header"));
        let second = Duration::from_secs(1);
        assert_eq!(sessions.name(&headers, now).as_deref(), Some("ada"));
        assert_eq!(sessions.name(&headers, now + SESSION - second).as_deref(), Some("ada"));
        assert_eq!(sessions.name(&headers, now + SESSION), None);
    }

    #[test]
    fn only_the_token_itself_is_its_user() {
        let users = Users::parse("ada=secret, grace=another").expect("two users");
        assert_eq!(users.by_token(b"secret").map(|user| &*user.0), Some("ada"));
        assert_eq!(users.by_token(b"another").map(|user| &*user.0), Some("grace"));
        for token in ["", "secreT", "secre", "secret2", "ada=secret"] {
            assert_eq!(users.by_token(token.as_bytes()), None, "{token}");
        }
        for list in ["", "ada", "=secret", "ada=", "a.b=secret", "ada=secret,"] {
            let error = Users::parse(list).err().expect("it is refused");
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
