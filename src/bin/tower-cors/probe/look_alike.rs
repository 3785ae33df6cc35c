//! Origins that look like the page's, but belong to others. Each one passes a check that is too loose.

use tower_cors::Origin;

use crate::machine::is_this_machine;

/// A host that nobody can register: RFC 2606 reserves `.example`. Only letters, so `[a-z]+` and `\w+` match it.
pub(super) const STRANGER: &str = "towercorsprobe.example";

/// What part of the page's origin a look-alike keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LookAlike {
    /// `https://app.example.com.stranger.example`
    Prefix,
    /// `https://strangerexample.com`
    Suffix,
    /// `https://appxexample.com`
    Dot,
    /// `https://stranger.com`, or `https://stranger.vercel.app`
    PublicSuffix,
    /// `http://app.example.com`
    Scheme,
    /// `https://app.example.com:8443`
    Port,
    /// `https://stranger.app.example.com`
    Subdomain,
}

/// The look-alikes of an origin. Hosts of this machine, and apps, have few: nobody else can have similar ones.
pub(super) fn look_alikes(page: &str) -> Vec<(LookAlike, String)> {
    let Ok(origin) = Origin::parse(page) else { return Vec::new() };
    let (scheme, host) = (origin.scheme(), origin.host());
    if !matches!(scheme, "http" | "https") {
        return Vec::new();
    }
    let port = origin.port().map(|port| format!(":{port}")).unwrap_or_default();
    let at = |host: &str| Some(format!("{scheme}://{host}{port}"));
    let is_remote = !is_this_machine(host);
    let name = (!is_ip(host)).then(|| host.trim_end_matches('.'));
    let registrable = origin.registrable_domain();
    let suffix = registrable.and_then(|domain| Some(domain.split_once('.')?.1));
    [
        (
            LookAlike::Prefix,
            if host.starts_with('[') {
                None
            } else {
                at(&format!("{}.{STRANGER}", host.trim_end_matches('.')))
            },
        ),
        (LookAlike::Suffix, registrable.and_then(|domain| at(&format!("towercorsprobe{domain}")))),
        (LookAlike::Dot, name.zip(registrable).and_then(|(name, domain)| at(&without_a_dot(name, domain)?))),
        (LookAlike::PublicSuffix, suffix.and_then(|suffix| at(&format!("towercorsprobe.{suffix}")))),
        (LookAlike::Scheme, (scheme == "https" && is_remote).then(|| format!("http://{host}{port}"))),
        (LookAlike::Port, is_remote.then(|| format!("{scheme}://{host}:{}", another_port(origin.port())))),
        (LookAlike::Subdomain, registrable.and(name).and_then(|name| at(&format!("towercorsprobe.{name}")))),
    ]
    .into_iter()
    // A name can be too long with a prefix.
    .filter_map(|(kind, look_alike)| Some((kind, look_alike.filter(|origin| Origin::parse(origin).is_ok())?)))
    .collect()
}

/// A name that an expression with an unescaped dot also matches, and that can be registered: `appxexample.com` for
/// `app.example.com`, `examplexco.uk` for `example.co.uk`.
fn without_a_dot(name: &str, registrable: &str) -> Option<String> {
    if let Some(front) = name.strip_suffix(registrable).and_then(|front| front.strip_suffix('.')) {
        return Some(format!("{front}x{registrable}"));
    }
    let (label, suffix) = registrable.split_once('.')?;
    suffix.contains('.').then(|| format!("{label}x{suffix}"))
}

/// A port that begins with the same digits, if there is one: a check by `starts_with` accepts it.
fn another_port(port: Option<u16>) -> u16 {
    match port {
        None => 8443,
        Some(port) => port.checked_mul(10).unwrap_or(port ^ 1),
    }
}

fn is_ip(host: &str) -> bool {
    host.starts_with('[')
        || host.split('.').next_back().is_some_and(|label| label.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::LookAlike::{Dot, Port, Prefix, PublicSuffix, Scheme, Subdomain, Suffix};
    use super::*;

    #[test]
    fn each_keeps_what_a_loose_check_looks_at() {
        for (page, expected) in [
            (
                "https://app.example.com",
                &[
                    (Prefix, "https://app.example.com.towercorsprobe.example"),
                    (Suffix, "https://towercorsprobeexample.com"),
                    (Dot, "https://appxexample.com"),
                    (PublicSuffix, "https://towercorsprobe.com"),
                    (Scheme, "http://app.example.com"),
                    (Port, "https://app.example.com:8443"),
                    (Subdomain, "https://towercorsprobe.app.example.com"),
                ][..],
            ),
            (
                "https://a.b.shop.co.uk:8443",
                &[
                    (Prefix, "https://a.b.shop.co.uk.towercorsprobe.example:8443"),
                    (Suffix, "https://towercorsprobeshop.co.uk:8443"),
                    (Dot, "https://a.bxshop.co.uk:8443"),
                    (PublicSuffix, "https://towercorsprobe.co.uk:8443"),
                    (Scheme, "http://a.b.shop.co.uk:8443"),
                    (Port, "https://a.b.shop.co.uk:8442"),
                    (Subdomain, "https://towercorsprobe.a.b.shop.co.uk:8443"),
                ],
            ),
            (
                "https://shop.co.uk",
                &[
                    (Prefix, "https://shop.co.uk.towercorsprobe.example"),
                    (Suffix, "https://towercorsprobeshop.co.uk"),
                    (Dot, "https://shopxco.uk"),
                    (PublicSuffix, "https://towercorsprobe.co.uk"),
                    (Scheme, "http://shop.co.uk"),
                    (Port, "https://shop.co.uk:8443"),
                    (Subdomain, "https://towercorsprobe.shop.co.uk"),
                ],
            ),
            (
                "https://my-app.vercel.app",
                &[
                    (Prefix, "https://my-app.vercel.app.towercorsprobe.example"),
                    (Suffix, "https://towercorsprobemy-app.vercel.app"),
                    (Dot, "https://my-appxvercel.app"),
                    (PublicSuffix, "https://towercorsprobe.vercel.app"),
                    (Scheme, "http://my-app.vercel.app"),
                    (Port, "https://my-app.vercel.app:8443"),
                    (Subdomain, "https://towercorsprobe.my-app.vercel.app"),
                ],
            ),
            ("http://localhost:3000", &[(Prefix, "http://localhost.towercorsprobe.example:3000")]),
            ("http://127.0.0.1:3000", &[(Prefix, "http://127.0.0.1.towercorsprobe.example:3000")]),
            (
                "http://192.168.0.7:3000",
                &[
                    (Prefix, "http://192.168.0.7.towercorsprobe.example:3000"),
                    (Port, "http://192.168.0.7:30000"),
                ],
            ),
            ("http://[::1]:3000", &[]),
            (
                "https://[2001:db8::1]",
                &[(Scheme, "http://[2001:db8::1]"), (Port, "https://[2001:db8::1]:8443")],
            ),
            ("capacitor://localhost", &[]),
            ("null", &[]),
        ] {
            let found = look_alikes(page);
            let found: Vec<_> = found.iter().map(|(kind, origin)| (*kind, origin.as_str())).collect();
            assert_eq!(found, expected, "{page}");
        }
    }

    #[test]
    fn names_in_a_private_network_have_no_public_neighbours() {
        let kinds = |page| look_alikes(page).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>();
        assert_eq!(kinds("https://wiki.corp"), [Prefix, Scheme, Port]);
        assert_eq!(kinds("https://github.io"), [Prefix, Scheme, Port]);
    }

    #[test]
    fn a_name_that_has_no_room_has_no_look_alike_with_more() {
        let label = "a".repeat(63);
        let origin = format!("https://{label}.com");
        let kinds: Vec<_> = look_alikes(&origin).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds, [Prefix, PublicSuffix, Scheme, Port, Subdomain]);
    }
}
