//! Wildcard rules: a tree over scheme, then labels from right to left, with the rules at its nodes.

use std::collections::BTreeSet;
use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::{Host, HostPattern, Origin, OriginPattern, Pattern, PortPattern};

/// The rules with a `*`, compiled. A look-up takes one step for each label of the host, whatever the number of rules.
#[derive(Default)]
pub(super) struct WildcardRules {
    /// What the tree was made of.
    patterns: BTreeSet<OriginPattern>,
    /// All nodes in one table, found by their parent and their label.
    nodes: HashTable<Node>,
    hasher: RandomState,
}

/// A scheme, with the end of a host or a whole one: what is allowed there lies beside what it is found by, as each place in
/// memory that a look-up goes to costs more than all that is done there.
struct Node {
    parent: NodeId,
    label: Box<str>,
    id: NodeId,
    /// `https://*.example.com`, with the ports that it is allowed with.
    below: Ports,
    /// `https://example.com:*`.
    any_port: bool,
    /// `moz-extension://*`.
    any_host: bool,
}

type NodeId = usize;

/// What schemes stand below; no node itself.
const ROOT: NodeId = 0;

enum Ports {
    None,
    /// Sorted; `None` is the scheme's default.
    Some(Vec<Option<u16>>),
    Any,
}

impl WildcardRules {
    pub(super) fn insert(&mut self, text: &str, pattern: &Pattern<'_>) {
        self.patterns.extend(text.parse());
        match pattern.host {
            HostPattern::AnyExtension => self.node(pattern.scheme, std::iter::empty()).any_host = true,
            HostPattern::Below(domain) => {
                self.node(pattern.scheme, domain.rsplit('.')).below.insert(pattern.port);
            }
            // An exact host is a rule of this kind for the sake of its port alone.
            HostPattern::One(text, host) => self.node(pattern.scheme, labels(text, host)).any_port = true,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    pub(super) fn matches(&self, origin: &Origin<'_>) -> bool {
        let Some(mut node) = self.child(ROOT, origin.scheme) else {
            return false;
        };
        if node.any_host && origin.port.is_none() && matches!(origin.host, Host::Domain(_)) {
            return true;
        }
        let mut labels = labels(origin.host_text, origin.host).peekable();
        while let Some(label) = labels.next() {
            match self.child(node.id, label) {
                Some(child) => node = child,
                None => return false,
            }
            if labels.peek().is_some() && node.below.contains(origin.port) {
                return true;
            }
        }
        node.any_port
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.patterns.iter().map(OriginPattern::as_str)
    }

    fn child(&self, parent: NodeId, label: &str) -> Option<&Node> {
        let hash = self.hasher.hash_one((parent, label));
        self.nodes.find(hash, |node| node.parent == parent && *node.label == *label)
    }

    /// The node of a scheme and a host's labels, made where there is none yet.
    fn node<'a>(&mut self, scheme: &str, labels: impl Iterator<Item = &'a str>) -> &mut Node {
        let (mut parent, mut last) = (ROOT, scheme);
        for label in labels {
            parent = self.child_or_insert(parent, last).id;
            last = label;
        }
        self.child_or_insert(parent, last)
    }

    fn child_or_insert(&mut self, parent: NodeId, label: &str) -> &mut Node {
        let Self { nodes, hasher, .. } = self;
        let id = nodes.len() + 1;
        let entry = nodes.entry(
            hasher.hash_one((parent, label)),
            |node| node.parent == parent && *node.label == *label,
            |node| hasher.hash_one((node.parent, &*node.label)),
        );
        let new =
            || Node { parent, label: label.into(), id, below: Ports::None, any_port: false, any_host: false };
        entry.or_insert_with(new).into_mut()
    }
}

impl PartialEq for WildcardRules {
    fn eq(&self, other: &Self) -> bool {
        self.patterns == other.patterns
    }
}

impl Ports {
    fn insert(&mut self, port: PortPattern) {
        match (port, self) {
            (PortPattern::Any, ports) => *ports = Self::Any,
            (PortPattern::One(port), ports @ Self::None) => *ports = Self::Some(vec![port]),
            (PortPattern::One(port), Self::Some(ports)) => {
                if let Err(position) = ports.binary_search(&port) {
                    ports.insert(position, port);
                }
            }
            (PortPattern::One(_), Self::Any) => {}
        }
    }

    fn contains(&self, port: Option<u16>) -> bool {
        match self {
            Self::None => false,
            Self::Some(ports) => ports.binary_search(&port).is_ok(),
            Self::Any => true,
        }
    }
}

/// A host's labels from right to left. An address is one label, so that no domain's wildcard reaches into it.
fn labels<'a>(text: &'a str, host: Host<'a>) -> impl Iterator<Item = &'a str> {
    let separator = match host {
        Host::Domain(_) => '.',
        // A byte that no address holds.
        Host::Ipv4(_) | Host::Ipv6(_) => '\0',
    };
    text.rsplit(separator)
}
