//! Origins that almost match a policy: a wrong matcher would allow or refuse them.

/// How many of a policy's patterns are tried, because each takes some time.
const MAX_PATTERNS: usize = 3;

/// A change to a host.
const HOST_CHANGES: [fn(&str) -> String; 9] = [
    |host| host.replace('*', "a"),
    |host| host.replace('*', "a.b"),
    |host| host.replace("*.", ""),
    |host| host.replace("*.", "a"),
    |host| format!("{}.", host.replace('*', "a")),
    |host| format!("{}.example", host.replace('*', "a")),
    |host| format!("a{}", host.replace('*', "a")),
    |host| host.replace('*', "a").to_uppercase(),
    |_| "[::1]".to_owned(),
];

/// Origins made from each pattern by one change to its scheme, its host or its port.
pub fn origins(patterns: &[String]) -> Vec<String> {
    patterns.iter().take(MAX_PATTERNS).flat_map(|pattern| near(pattern)).collect()
}

fn near(pattern: &str) -> Vec<String> {
    let Some((scheme, authority)) = pattern.split_once("://") else {
        return Vec::new();
    };
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, format!(":{port}")),
        _ => (authority, String::new()),
    };
    let concrete_host = host.replace('*', "a");
    let concrete_port = port.replace('*', "1");
    let hosts = HOST_CHANGES.iter().map(|change| format!("{scheme}://{}{concrete_port}", change(host)));
    let ports = ["", ":1", ":80", ":443"].map(|port| format!("{scheme}://{concrete_host}{port}"));
    let schemes = ["http", "https"].map(|scheme| format!("{scheme}://{concrete_host}{concrete_port}"));
    hosts.chain(ports).chain(schemes).collect()
}
