//! Who owns an origin, and the origins that only look like it: shared with the fuzz targets.

use super::Origin;

/// The registrable domain, according to another implementation of the list; else the whole host.
pub(crate) fn registrable(host: &str) -> &str {
    let name = host.trim_end_matches('.');
    psl::domain_str(name).unwrap_or(name)
}

/// Origins that a stranger could have, and that a wrong matcher lets in.
pub(crate) fn look_alikes(origin: &Origin<'_>) -> Vec<String> {
    let (scheme, host) = (origin.scheme(), origin.host());
    let domain = registrable(host);
    let mut hosts = vec![
        format!("evil{host}"),
        format!("evil{domain}"),
        format!("evil-{domain}"),
        format!("{host}.evil.example"),
        format!("{host}evil.example"),
        format!("{domain}.evil.example"),
        host.replacen(domain, &domain.replace('.', "x"), 1),
        host.replacen(domain, &domain.replacen('.', ".evil.", 1), 1),
        format!("evil.{}", domain.split_once('.').map_or("example", |(_, suffix)| suffix)),
        "evil.example".to_owned(),
    ];
    hosts.extend(host.match_indices('.').map(|(dot, _)| format!("{}x{}", &host[..dot], &host[dot + 1..])));
    hosts.retain(|look_alike| registrable(look_alike) != domain);
    let mut all: Vec<_> = hosts.iter().map(|host| format!("{scheme}://{host}")).collect();
    all.extend([format!("http://{host}"), format!("evil://{host}"), format!("http://{host}:8080")]);
    all
}
