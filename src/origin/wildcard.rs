//! Wildcard rules: a tree of schemes, then labels from right to left, with the rules at its nodes.

use std::hash::BuildHasher;
use std::iter;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::{Host, HostPattern, OriginPattern, Pattern, PortPattern, SetFull};

/// The rules with a `*`, compiled. A look-up takes one step for each label of the host, whatever the number of rules.
#[derive(Default)]
pub(super) struct WildcardRules {
    /// The patterns of the tree, each once.
    patterns: Vec<OriginPattern>,
    /// All nodes in one table, found by their parent and their label.
    nodes: HashTable<Node>,
    hasher: RandomState,
}

/// A scheme, with the end of a host or a whole host. Its rules are stored beside its key, since each place in memory that a
/// look-up reads costs more than the work there.
struct Node {
    parent: NodeId,
    label: Box<str>,
    id: NodeId,
    /// `https://*.example.com`, with its ports.
    below: Ports,
    /// `https://example.com:*`.
    any_port: Option<PatternId>,
    /// `moz-extension://*`.
    any_host: Option<PatternId>,
}

type NodeId = usize;

/// The parent of all schemes; not a node itself.
const ROOT: NodeId = 0;

/// A place in the list of patterns.
type PatternId = u32;

#[derive(Default)]
struct Ports {
    any: Option<PatternId>,
    /// Sorted; `None` is the scheme's default.
    listed: Vec<(Option<u16>, PatternId)>,
}

impl WildcardRules {
    /// Adds a pattern. Adding it again changes nothing.
    pub(super) fn insert(&mut self, text: &str, pattern: &Pattern<'_>) -> Result<(), SetFull> {
        let id = PatternId::try_from(self.patterns.len()).map_err(|_| SetFull)?;
        let is_new = match pattern.host {
            HostPattern::AnyExtension => fill(&mut self.node(pattern.scheme, iter::empty()).any_host, id),
            HostPattern::Below(domain) => {
                self.node(pattern.scheme, domain.rsplit('.')).below.insert(pattern.port, id)
            }
            // An exact host is only here because of its `:*`.
            HostPattern::One(text, host) => {
                fill(&mut self.node(pattern.scheme, labels(text, host)).any_port, id)
            }
        };
        if is_new {
            self.patterns.extend(text.parse());
        }
        Ok(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// The widest rule that matches everything that a pattern matches. This can be the pattern itself.
    pub(super) fn covering(&self, pattern: &Pattern<'_>) -> Option<&str> {
        let id = self.find(pattern)?;
        self.patterns.get(id as usize).map(OriginPattern::as_str)
    }

    /// From the widest to the narrowest, so a rule finds itself last.
    #[inline]
    fn find(&self, pattern: &Pattern<'_>) -> Option<PatternId> {
        let mut node = self.child(ROOT, pattern.scheme)?;
        let (text, host, is_below) = match pattern.host {
            HostPattern::AnyExtension => return node.any_host,
            HostPattern::Below(domain) => (domain, Host::Domain(domain), true),
            HostPattern::One(text, host) => (text, host, false),
        };
        let is_name = matches!(host, Host::Domain(_));
        if pattern.port == PortPattern::One(None) && is_name && node.any_host.is_some() {
            return node.any_host;
        }
        let mut labels = labels(text, host).peekable();
        while let Some(label) = labels.next() {
            node = self.child(node.id, label)?;
            if is_below || labels.peek().is_some() {
                if let Some(id) = node.below.find(pattern.port) {
                    return Some(id);
                }
            }
        }
        if is_below { None } else { node.any_port }
    }

    pub(super) fn len(&self) -> usize {
        self.patterns.len()
    }

    /// In the order of insertion.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.patterns.iter().map(OriginPattern::as_str)
    }

    fn child(&self, parent: NodeId, label: &str) -> Option<&Node> {
        let hash = self.hasher.hash_one((parent, label));
        self.nodes.find(hash, |node| node.parent == parent && *node.label == *label)
    }

    /// The node of a scheme and a host's labels, made if needed.
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
        let new = || Node {
            parent,
            label: label.into(),
            id,
            below: Ports::default(),
            any_port: None,
            any_host: None,
        };
        entry.or_insert_with(new).into_mut()
    }
}

impl Ports {
    /// Returns whether it is new.
    fn insert(&mut self, port: PortPattern, id: PatternId) -> bool {
        match port {
            PortPattern::Any => fill(&mut self.any, id),
            PortPattern::One(port) => match self.position(port) {
                Ok(_) => false,
                Err(position) => {
                    self.listed.insert(position, (port, id));
                    true
                }
            },
        }
    }

    fn find(&self, port: PortPattern) -> Option<PatternId> {
        let listed = || match port {
            PortPattern::One(port) => self.position(port).ok().map(|position| self.listed[position].1),
            PortPattern::Any => None,
        };
        self.any.or_else(listed)
    }

    fn position(&self, port: Option<u16>) -> Result<usize, usize> {
        self.listed.binary_search_by_key(&port, |(port, _)| *port)
    }
}

/// Returns whether the place was free.
fn fill(place: &mut Option<PatternId>, id: PatternId) -> bool {
    let is_free = place.is_none();
    *place = place.or(Some(id));
    is_free
}

/// A host's labels from right to left. An address is one label, so no wildcard matches a part of it.
fn labels<'a>(text: &'a str, host: Host<'a>) -> impl Iterator<Item = &'a str> {
    let separator = match host {
        Host::Domain(_) => '.',
        // A byte that no address holds.
        Host::Ipv4(_) | Host::Ipv6(_) => '\0',
    };
    text.rsplit(separator)
}
