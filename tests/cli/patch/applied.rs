//! Applies a unified diff to a text, in the simplest way.

/// Applies a diff of one file. Each line that the diff keeps or removes must be at its place in the text.
pub(super) fn applied(diff: &str, old: &str) -> Option<String> {
    let old: Vec<&str> = old.split_inclusive('\n').collect();
    let mut lines = diff.split_inclusive('\n').skip(2).peekable();
    let (mut new, mut place) = (String::new(), 0);
    while let Some(line) = lines.next() {
        if let Some(header) = line.strip_prefix("@@ -") {
            let start: usize = header.split([',', ' ']).next()?.parse().ok()?;
            let start = start.checked_sub(1)?;
            new.extend(old.get(place..start)?.iter().copied());
            place = start;
            continue;
        }
        let (kind, content) = line.split_at_checked(1)?;
        let ends_file = lines.next_if(|next| next.starts_with('\\')).is_some();
        let content = if ends_file { content.strip_suffix('\n')? } else { content };
        if kind != "+" {
            if *old.get(place)? != content {
                return None;
            }
            place += 1;
        }
        match kind {
            " " | "+" => new.push_str(content),
            "-" => {}
            _ => return None,
        }
    }
    new.extend(old.get(place..)?.iter().copied());
    Some(new)
}

#[test]
fn a_diff_is_applied_where_it_fits_and_nowhere_else() {
    let diff = "--- a\n+++ a\n@@ -2,2 +2,3 @@\n b\n-c\n\\ No newline at end of file\n+C\n+d\n\\ No newline at end of file\n";
    assert_eq!(applied(diff, "a\nb\nc").as_deref(), Some("a\nb\nC\nd"));
    assert_eq!(applied(diff, "a\nb\nc\n"), None);
    assert_eq!(applied(diff, "a\nB\nc"), None);
}
