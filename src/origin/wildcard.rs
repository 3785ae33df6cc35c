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
    /// The edges of all nodes in one table, found by their parent and their label.
    edges: HashTable<Edge>,
    /// The rules at each node; the root, which has none, comes first.
    nodes: Vec<Node>,
    hasher: RandomState,
}

struct Edge {
    parent: NodeId,
    label: Box<str>,
    child: NodeId,
}

type NodeId = usize;

const ROOT: NodeId = 0;

/// A scheme with a host or the end of one.
#[derive(Default)]
struct Node {
    /// `https://*.example.com`, with the ports that it is allowed with.
    below: Ports,
    /// `https://example.com:*`.
    any_port: bool,
    /// `moz-extension://*`.
    any_host: bool,
}

#[derive(Default)]
enum Ports {
    #[default]
    None,
    /// Sorted; `None` is the scheme's default.
    Some(Vec<Option<u16>>),
    Any,
}

impl WildcardRules {
    pub(super) fn insert(&mut self, text: &str, pattern: &Pattern<'_>) {
        self.patterns.extend(text.parse());
        if self.nodes.is_empty() {
            self.nodes.push(Node::default());
        }
        let scheme = self.child_or_insert(ROOT, pattern.scheme);
        match pattern.host {
            HostPattern::AnyExtension => self.nodes[scheme].any_host = true,
            HostPattern::Below(domain) => {
                let node = self.descend_or_insert(scheme, domain.rsplit('.'));
                self.nodes[node].below.insert(pattern.port);
            }
            // An exact host is a rule of this kind for the sake of its port alone.
            HostPattern::One(text, host) => {
                let node = self.descend_or_insert(scheme, labels(text, host));
                self.nodes[node].any_port = true;
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    pub(super) fn matches(&self, origin: &Origin<'_>) -> bool {
        let Some(mut node) = self.child(ROOT, origin.scheme) else {
            return false;
        };
        if self.nodes[node].any_host && origin.port.is_none() && matches!(origin.host, Host::Domain(_)) {
            return true;
        }
        let mut labels = labels(origin.host_text, origin.host).peekable();
        while let Some(label) = labels.next() {
            match self.child(node, label) {
                Some(child) => node = child,
                None => return false,
            }
            if labels.peek().is_some() && self.nodes[node].below.contains(origin.port) {
                return true;
            }
        }
        self.nodes[node].any_port
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.patterns.iter().map(OriginPattern::as_str)
    }

    fn child(&self, parent: NodeId, label: &str) -> Option<NodeId> {
        let hash = self.hasher.hash_one((parent, label));
        self.edges.find(hash, |edge| edge.parent == parent && *edge.label == *label).map(|edge| edge.child)
    }

    fn child_or_insert(&mut self, parent: NodeId, label: &str) -> NodeId {
        if let Some(child) = self.child(parent, label) {
            return child;
        }
        let child = self.nodes.len();
        self.nodes.push(Node::default());
        let hasher = &self.hasher;
        let edge = Edge { parent, label: label.into(), child };
        self.edges.insert_unique(hasher.hash_one((parent, label)), edge, |edge| {
            hasher.hash_one((edge.parent, &*edge.label))
        });
        child
    }

    fn descend_or_insert<'a>(&mut self, from: NodeId, labels: impl Iterator<Item = &'a str>) -> NodeId {
        labels.fold(from, |node, label| self.child_or_insert(node, label))
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
