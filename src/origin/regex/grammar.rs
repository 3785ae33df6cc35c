//! What an automaton can tell about an origin: its grammar, and the kind of its scheme and host.

use std::sync::LazyLock;

use super::automaton::{Automaton, Matches};

/// A scheme: URL, scheme state.
pub(super) const SCHEME: &str = "[a-z][a-z0-9+.-]*";

/// A port, or none.
pub(super) const PORT: &str = "(?::[1-9][0-9]{0,4})?";

const OCTET: &str = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

/// A question about a text. Its number is its place among the expressions.
#[derive(Clone, Copy)]
enum Fact {
    Domain,
    NumericEnd,
    Ipv4,
    Ipv6,
    OpaqueHost,
    IsSpecial,
    NeverSent,
    NoPort,
    Http,
    Local,
}

/// The grammar of [`Origin::from_serialized`](crate::origin::Origin), without the limits on lengths and the one spelling of IPv6 addresses.
/// Every origin matches it.
pub(super) struct Grammar(Automaton);

impl Grammar {
    /// `None` would be a bug of this crate.
    pub(super) fn get() -> Option<&'static Self> {
        static GRAMMAR: LazyLock<Option<Grammar>> = LazyLock::new(Grammar::compile);
        GRAMMAR.as_ref()
    }

    fn compile() -> Option<Self> {
        let label = "[a-z0-9_-]+";
        let facts = [
            (Fact::Domain, format!(r"https?://(?:{label}\.)*{label}\.?{PORT}")),
            (Fact::NumericEnd, format!(r"https?://(?:{label}\.)*(?:[0-9]+|0x[0-9a-f]*)\.?{PORT}")),
            (Fact::Ipv4, format!(r"https?://(?:{OCTET}\.){{3}}{OCTET}{PORT}")),
            (Fact::Ipv6, format!(r"{SCHEME}://\[[0-9a-f:]+\]{PORT}")),
            (Fact::OpaqueHost, format!(r"{SCHEME}://(?:[A-Za-z0-9_-]+\.)*[A-Za-z0-9_-]+\.?{PORT}")),
            (Fact::IsSpecial, "https?://.*".to_owned()),
            (Fact::NeverSent, "(?:wss?|ftp|file|about|data|blob|javascript)://.*".to_owned()),
            (
                Fact::NoPort,
                "http://.*:80|https://.*:443|.*:(?:6553[6-9]|655[4-9].|65[6-9]..|6[6-9]...|[7-9]....)"
                    .to_owned(),
            ),
            (Fact::Http, "http://.*".to_owned()),
            (
                Fact::Local,
                format!(
                    r"{SCHEME}://(?:.*\.)?localhost\.?{PORT}|https?://127\.[0-9.]*{PORT}|{SCHEME}://\[::1\]{PORT}"
                ),
            ),
        ];
        debug_assert!(facts.iter().enumerate().all(|(place, (fact, _))| place == *fact as usize));
        Automaton::of_texts(&facts.map(|(_, text)| text)).map(Self)
    }

    pub(super) fn automaton(&self) -> &Automaton {
        &self.0
    }
}

/// What [`Grammar`] says about a text.
#[derive(Clone, Copy)]
pub(super) struct Facts(pub(super) Matches);

impl Facts {
    fn has(self, fact: Fact) -> bool {
        self.0.has(fact as usize)
    }

    pub(super) fn is_origin(self) -> bool {
        let has_host = if self.has(Fact::IsSpecial) {
            self.has(Fact::Ipv4) || (self.has(Fact::Domain) && !self.has(Fact::NumericEnd))
        } else {
            self.has(Fact::OpaqueHost)
        };
        (has_host || self.has(Fact::Ipv6)) && !self.has(Fact::NeverSent) && !self.has(Fact::NoPort)
    }

    /// Whether it is an origin on another machine.
    pub(super) fn is_remote(self) -> bool {
        self.is_origin() && !self.has(Fact::Local)
    }

    /// Whether others on the network can change its pages.
    pub(super) fn is_insecure(self) -> bool {
        self.is_remote() && self.has(Fact::Http)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::origin::Origin;
    use crate::origin::host::Host;

    fn facts(text: &str) -> Facts {
        let Grammar(automaton) = Grammar::get().expect("a grammar");
        Facts(automaton.read(text.as_bytes()))
    }

    fn origin_like() -> impl Strategy<Value = String> {
        let scheme = proptest::sample::select(vec![
            "https",
            "http",
            "ws",
            "wss",
            "ftp",
            "file",
            "data",
            "httpss",
            "tauri",
            "a+b-c.1",
            "1a",
            "",
            "moz-extension",
        ]);
        let host = prop_oneof![
            "[a-c0-9A._-]{0,6}",
            "([a-c0-9_-]{1,3}\\.){0,3}[a-z0-9]{1,3}\\.?",
            "[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}",
            proptest::sample::select(vec![
                "localhost",
                "a.localhost.",
                "alocalhost",
                "127.0.0.1",
                "[::1]",
                "[::2]",
                "0x7f",
                "a.0x"
            ])
            .prop_map(str::to_owned),
        ];
        let port = prop_oneof![
            3 => Just(String::new()),
            1 => ":[0-9]{0,6}",
            1 => proptest::sample::select(vec![":80", ":443", ":65535", ":65536", ":1", ":0"]).prop_map(str::to_owned),
        ];
        (scheme, host, port, proptest::sample::select(vec!["", "", "", "/", " ", "://"]))
            .prop_map(|(scheme, host, port, end)| format!("{scheme}://{host}{port}{end}"))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn the_grammar_is_that_of_requests(text in origin_like()) {
            let origin = Origin::from_serialized(&text);
            prop_assert_eq!(facts(&text).is_origin(), origin.is_some(), "{}", text);
            let is_local = origin.is_some_and(|origin| origin.host.is_local());
            prop_assert_eq!(facts(&text).is_remote(), origin.is_some() && !is_local, "{}", text);
            let is_insecure = origin.is_some_and(|origin| origin.scheme == "http") && !is_local;
            prop_assert_eq!(facts(&text).is_insecure(), is_insecure, "{}", text);
        }
    }

    #[test]
    fn lengths_and_the_spelling_of_ipv6_are_left_to_the_parser() {
        let long = format!("https://{}.example", "a".repeat(64));
        for text in [long.as_str(), "https://[0:0:0:0:0:0:0:1]", "https://[::::]"] {
            assert!(facts(text).is_origin() && Origin::from_serialized(text).is_none(), "{text}");
        }
        assert!(matches!(
            Origin::from_serialized("http://[::1]").map(|origin| origin.host),
            Some(Host::Ipv6(_))
        ));
    }
}
