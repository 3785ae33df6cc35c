//! A policy as part of a configuration file, of the environment, or of a message.

mod field;
mod mistake;
mod names;
#[cfg(test)]
mod schema;
mod value;

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error as _, Serialize, SerializeStruct, Serializer};

use self::field::{Field, Texts, no_texts};
pub use self::mistake::Place;
pub(crate) use self::mistake::{Misread, Mistake, Mistakes};
use self::names::Key;
pub(crate) use self::value::{Expected, Value};
use super::{CorsPolicyBuilder, Spec};

/// Lists the fields of [`Spec`], once for all code that reads and writes them. A missing or an extra field does not compile.
macro_rules! fields {
    ($($field:ident),* $(,)?) => {
        /// The names of the fields, in the order of the builder's methods.
        pub(crate) const FIELDS: &[&str] = &[$(stringify!($field)),*];

        impl Spec {
            fn fields(&mut self) -> [&mut dyn Field; FIELDS.len()] {
                let Self { $($field),* } = self;
                [$($field),*]
            }

            fn lists(&self) -> [Texts<'_>; FIELDS.len()] {
                let Self { $($field),* } = self;
                [$($field.texts()),*]
            }

            /// Reads a format that writes no names: each value has its place.
            fn in_order<'de, A: SeqAccess<'de>>(mut values: A) -> Result<Self, A::Error> {
                Ok(Self { $(
                    $field: values.next_element()?.ok_or_else(|| de::Error::missing_field(stringify!($field)))?,
                )* })
            }
        }

        impl Serialize for Spec {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let Self { $($field),* } = self;
                // For people, unset fields are left out. In a format without names, each value must be in its place.
                let is_left_out = |field: &dyn Field| serializer.is_human_readable() && field.is_unset();
                let is_left_out = [$(is_left_out($field)),*];
                let count = is_left_out.iter().filter(|is_left_out| !**is_left_out).count();
                let mut is_left_out = is_left_out.into_iter();
                let mut fields = serializer.serialize_struct(NAME, count)?;
                $(
                    if is_left_out.next() == Some(true) {
                        fields.skip_field(stringify!($field))?;
                    } else {
                        fields.serialize_field(stringify!($field), $field)?;
                    }
                )*
                fields.end()
            }
        }
    };
}

fields![
    allow_origins,
    allow_origin_regexes,
    allow_credentials,
    allow_methods,
    allow_headers,
    expose_headers,
    max_age,
    preflight_status,
    vary_by,
    reject_disallowed_origins,
    served_at,
    presets,
    dangerously_allow_insecure_origins,
    dangerously_allow_public_suffixes,
    dangerously_allow_null_origin,
];

/// The position of a field in the order of findings. Findings about no field come first.
pub(crate) fn place(field: Option<&str>) -> Option<usize> {
    FIELDS.iter().position(|known| Some(*known) == field)
}

/// For formats that write the names of types.
const NAME: &str = "CorsPolicy";

/// With the feature `serde`. Reads the builder's raw values; [`build`](CorsPolicyBuilder::build) checks them. The error's message
/// lists each unknown or repeated field, and each value of the wrong type.
impl<'de> Deserialize<'de> for CorsPolicyBuilder {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let draft = Draft::deserialize(deserializer)?;
        if draft.mistakes.is_empty() {
            Ok(Self { spec: draft.spec, predicates: Vec::new() })
        } else {
            Err(de::Error::custom(Mistakes(draft.mistakes)))
        }
    }
}

/// With the feature `serde`. A predicate is code: a builder that has one cannot be serialized.
impl Serialize for CorsPolicyBuilder {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.predicates.is_empty() {
            self.spec.serialize(serializer)
        } else {
            Err(S::Error::custom(HasPredicate))
        }
    }
}

/// Why a builder cannot be serialized.
pub(crate) struct HasPredicate;

/// What was read, and the mistakes in it. A mistake does not end the reading, so all are found.
pub(crate) struct Draft {
    pub(crate) spec: Spec,
    pub(crate) mistakes: Vec<Mistake>,
    /// The entry that each field of the spec was read from.
    entries: [Option<usize>; FIELDS.len()],
    /// The fields whose value was one string that was not split at commas.
    whole: [bool; FIELDS.len()],
}

impl Draft {
    /// Each field that was read: its name, its entry, and its values if it is a list.
    pub(crate) fn read(&self) -> impl Iterator<Item = (&'static str, usize, Texts<'_>)> {
        let texts = self.spec.lists().into_iter().zip(self.whole);
        let read = FIELDS.iter().zip(self.entries).zip(texts);
        read.filter_map(|((field, entry), (texts, whole))| {
            Some((*field, entry?, if whole { no_texts() } else { texts }))
        })
    }
}

impl<'de> Deserialize<'de> for Draft {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Not as a map: if a policy is flattened, serde then gives it these fields only, and the others to other types.
        deserializer.deserialize_struct(NAME, FIELDS, DraftVisitor)
    }
}

struct DraftVisitor;

impl<'de> Visitor<'de> for DraftVisitor {
    type Value = Draft;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Expected::Policy)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Draft, A::Error> {
        let mut spec = Spec::default();
        let fields = spec.fields();
        let mut given = [false; FIELDS.len()];
        let mut entries = [None; FIELDS.len()];
        let mut whole = [false; FIELDS.len()];
        let mut mistakes = Vec::new();
        for entry in 0.. {
            let Some(key) = map.next_key::<Key>()? else { break };
            let mut tell = |what| mistakes.push(Mistake::new(what, Place::Name { entry }));
            let field = match key {
                Key::Known(field) if given[field] => {
                    tell(Misread::Repeated(FIELDS[field]));
                    None
                }
                Key::Known(field) => {
                    given[field] = true;
                    Some(field)
                }
                // Its value is checked as that of the likely field, unless that field was given too.
                Key::Unknown { name, meant } => {
                    tell(Misread::UnknownField { name, meant: meant.map(|field| FIELDS[field]) });
                    meant.filter(|field| !given[*field])
                }
            };
            let Some(field) = field else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let value: Value = map.next_value()?;
            whole[field] = !fields[field].has_commas() && value.as_text().is_some();
            let wrong = fields[field].read(value);
            if wrong.iter().all(|wrong| wrong.element.is_some()) {
                entries[field] = Some(entry);
            }
            mistakes.extend(wrong.into_iter().map(|wrong| {
                let place =
                    wrong.element.map_or(Place::Value { entry }, |element| Place::Element { entry, element });
                Mistake::new(Misread::Value { field: FIELDS[field], wrong }, place)
            }));
        }
        mistakes.sort_by_key(|mistake| place(mistake.field()));
        Ok(Draft { spec, mistakes, entries, whole })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, values: A) -> Result<Draft, A::Error> {
        Ok(Draft {
            spec: Spec::in_order(values)?,
            mistakes: Vec::new(),
            entries: std::array::from_fn(Some),
            whole: [false; FIELDS.len()],
        })
    }
}
