//! YAML, with places.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use saphyr::Scalar;
use saphyr_parser::{Event, Marker, Parser, ScanError, Span};

use super::node::{Entry, Key, Node, Value};
use super::syntax::SyntaxError;

/// How deeply lists and tables may be nested. A policy needs three levels.
const MAX_DEPTH: usize = 128;

/// How many bytes of values aliases may repeat in all: a few lines of them can mean terabytes.
const MAX_REPEATED: usize = 1 << 20;

pub(super) fn parse(text: &str) -> Result<Rc<Node>, SyntaxError> {
    let mut places = Places { text, char: 0, byte: 0 };
    let mut loader = Loader::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| places.error(&error))?;
        let range = places.range(&span);
        loader.take(event, range.clone()).map_err(|message| SyntaxError::new(text, range, message))?;
    }
    // A text with only comments is a policy without fields.
    Ok(match loader.root {
        Some(root) if !matches!(root.value, Value::Null) => root,
        _ => Node::new(0..text.len(), Value::Table(Vec::new())).into(),
    })
}

/// Finds the bytes of the parser's places, which are counted in characters and come in ascending order.
struct Places<'t> {
    text: &'t str,
    char: usize,
    byte: usize,
}

impl Places<'_> {
    fn range(&mut self, span: &Span) -> Range<usize> {
        let start = self.byte_of(&span.start);
        // A list ends where the next line begins; its text does not.
        let end = self.byte_of(&span.end).max(start);
        start..end
    }

    fn byte_of(&mut self, marker: &Marker) -> usize {
        let index = marker.index();
        if index < self.char {
            let back = self.text[..self.byte].char_indices().rev().nth(self.char - index - 1);
            (self.char, self.byte) = (index, back.map_or(0, |(byte, _)| byte));
        } else {
            let rest = &self.text[self.byte..];
            let skipped = rest.chars().take(index - self.char).map(|char| (1, char.len_utf8()));
            let (chars, bytes) = skipped.fold((0, 0), |sum, char| (sum.0 + char.0, sum.1 + char.1));
            (self.char, self.byte) = (self.char + chars, self.byte + bytes);
        }
        self.byte
    }

    fn error(&mut self, error: &ScanError) -> SyntaxError {
        let byte = self.byte_of(error.marker());
        SyntaxError::new(self.text, byte..byte, error.info())
    }
}

/// Builds values from events, without recursion that the text could control.
#[derive(Default)]
struct Loader {
    /// The lists and tables that are not closed yet.
    open: Vec<Open>,
    anchors: HashMap<usize, Anchored>,
    repeated: usize,
    documents: usize,
    root: Option<Rc<Node>>,
}

struct Open {
    start: Range<usize>,
    anchor: usize,
    size: Size,
    kind: Kind,
}

enum Kind {
    List(Vec<Rc<Node>>),
    /// The entries, and the key of the next one.
    Table(Vec<Entry>, Option<Key>),
}

#[derive(Clone, Copy, Default)]
struct Size {
    bytes: usize,
    depth: usize,
}

struct Anchored {
    node: Rc<Node>,
    size: Size,
}

impl Loader {
    fn take(&mut self, event: Event<'_>, range: Range<usize>) -> Result<(), &'static str> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err("a second document begins here. Write the policies as a list");
                }
            }
            Event::SequenceStart(anchor, _) => self.begin(range, anchor, Kind::List(Vec::new()))?,
            Event::MappingStart(anchor, _) => self.begin(range, anchor, Kind::Table(Vec::new(), None))?,
            Event::SequenceEnd | Event::MappingEnd => {
                // The parser closes only what it has opened.
                let Some(Open { start, anchor, size, kind }) = self.open.pop() else { return Ok(()) };
                let value = match kind {
                    Kind::List(values) => Value::List(values),
                    Kind::Table(entries, _) => Value::Table(entries),
                };
                self.add(Node::new(start.start..range.end.max(start.end), value).into(), anchor, size)?;
            }
            Event::Scalar(text, style, anchor, tag) => {
                let size = Size { bytes: text.len() + 1, depth: 0 };
                let scalar = if self.expects_key() {
                    // A number or a switch as a key is the text as written: `80: ...`, `on: ...`.
                    Some(Scalar::String(text))
                } else {
                    Scalar::parse_from_cow_and_metadata(text, style, tag.as_ref())
                };
                let value = match scalar {
                    Some(Scalar::Null) => Value::Null,
                    Some(Scalar::Boolean(value)) => Value::Bool(value),
                    Some(Scalar::Integer(value)) => Value::Integer(value.into()),
                    Some(Scalar::FloatingPoint(value)) => Value::Float(value.into_inner()),
                    Some(Scalar::String(text)) => Value::Text(text.into_owned()),
                    // A tag that does not match the text: `!!int a`.
                    None => return Err("this value does not match its tag"),
                };
                self.add(Node::new(range, value).into(), anchor, size)?;
            }
            Event::Alias(anchor) => {
                let Some(Anchored { node, size }) = self.anchors.get(&anchor) else {
                    return Err("this alias is inside the value that it refers to");
                };
                let (node, size) = (Rc::clone(node), *size);
                self.repeated = self.repeated.saturating_add(size.bytes);
                if self.repeated > MAX_REPEATED {
                    return Err("aliases repeat more than 1 MiB of values");
                }
                self.add(node, 0, size)?;
            }
        }
        Ok(())
    }

    fn expects_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { kind: Kind::Table(_, None), .. }))
    }

    fn begin(&mut self, start: Range<usize>, anchor: usize, kind: Kind) -> Result<(), &'static str> {
        if self.open.len() == MAX_DEPTH {
            return Err(TOO_DEEP);
        }
        self.open.push(Open { start, anchor, size: Size { bytes: 1, depth: 1 }, kind });
        Ok(())
    }

    /// Adds a finished value to its list or table.
    fn add(&mut self, node: Rc<Node>, anchor: usize, size: Size) -> Result<(), &'static str> {
        if self.open.len() + size.depth > MAX_DEPTH {
            return Err(TOO_DEEP);
        }
        if anchor > 0 {
            self.anchors.insert(anchor, Anchored { node: Rc::clone(&node), size });
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        open.size.bytes = open.size.bytes.saturating_add(size.bytes);
        open.size.depth = open.size.depth.max(size.depth + 1);
        match &mut open.kind {
            Kind::List(values) => values.push(node),
            Kind::Table(entries, key @ Some(_)) => {
                entries.extend(key.take().map(|key| Entry { key, value: node }));
            }
            Kind::Table(_, key) => match &node.value {
                Value::Text(name) => *key = Some(Key { range: node.range.clone(), name: name.clone() }),
                _ => return Err("a list or a table cannot be a key here"),
            },
        }
        Ok(())
    }
}

const TOO_DEEP: &str = "lists and tables are nested more than 128 levels deep";
