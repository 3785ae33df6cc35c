//! Every relative link and every `#anchor` of the pages and of the documentation leads to a file that exists, and to a heading of it.
//! rustdoc checks the paths of its own links, but not their anchors, nor what GitHub shows.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Folders in a checkout that hold other people's pages.
const NOT_OURS: [&str; 4] = [".git", "corpus", "node_modules", "target"];

struct Page {
    /// From the root of the checkout.
    path: PathBuf,
    /// Without the code of a Markdown page. Of a source file, the documentation.
    lines: Vec<String>,
}

impl Page {
    fn new(path: &Path, text: &str) -> Self {
        let lines = if is_rust(path) {
            let documentation = text.lines().map(str::trim_start).filter_map(|line| {
                let line = line.strip_prefix("//!").or_else(|| line.strip_prefix("///"))?;
                Some(line.strip_prefix(' ').unwrap_or(line))
            });
            documentation.map(str::to_owned).collect()
        } else {
            let mut is_code = false;
            let mut lines = Vec::new();
            for line in text.lines() {
                if line.trim_start().starts_with("```") {
                    is_code = !is_code;
                } else if !is_code {
                    lines.push(line.to_owned());
                }
            }
            lines
        };
        Self { path: path.to_owned(), lines }
    }

    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(Path::new(ROOT).join(path)).expect("a page");
        Self::new(path, &text)
    }

    fn has_heading(&self, wanted: &str) -> bool {
        let headings = self.lines.iter().filter(|line| line.starts_with('#'));
        headings.map(|line| anchor(line.trim_start_matches('#'))).any(|heading| heading == wanted)
    }

    /// What stands in `[words](link)`, `[name]: link`, and the pictures' `src` and `srcset`.
    fn links(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().flat_map(|line| {
            let inline = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
            let named = line.strip_prefix('[').and_then(|line| line.split_once("]: ")).map(|(_, link)| link);
            let shown = line.split("src=\"").skip(1).chain(line.split("srcset=\"").skip(1));
            inline.chain(named).chain(shown.filter_map(|rest| rest.split('"').next()))
        })
    }

    fn broken_links(&self) -> Vec<String> {
        let broken = self.links().filter(|link| target(&self.path, link).is_some_and(leads_nowhere));
        broken.map(|link| format!("{}: {link}", self.path.display())).collect()
    }
}

fn is_rust(path: &Path) -> bool {
    path.extension() == Some(OsStr::new("rs"))
}

/// A heading's anchor, as rustdoc and GitHub make it.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter_map(|char| match char {
        ' ' => Some('-'),
        '-' | '_' => Some(char),
        _ => char.is_alphanumeric().then(|| char.to_ascii_lowercase()),
    });
    kept.collect()
}

/// The file and the anchor that a link leads to. Not links to other sites, nor those that rustdoc follows.
fn target<'a>(page: &Path, link: &'a str) -> Option<(PathBuf, Option<&'a str>)> {
    let (path, anchor) = link.split_once('#').map_or((link, None), |(path, anchor)| (path, Some(anchor)));
    let file = if path.is_empty() {
        page.to_owned()
    } else if path == "crate" {
        "src/lib.rs".into()
    } else if let Some((_, guide)) = path.split_once("docs::") {
        format!("src/docs/{guide}.md").into()
    } else if path.contains(':') || page.starts_with("src") {
        return None;
    } else {
        page.parent()?.join(path)
    };
    Some((file, anchor))
}

fn leads_nowhere((file, anchor): (PathBuf, Option<&str>)) -> bool {
    let is_whole = Path::new(ROOT).join(".github").exists();
    if !is_whole && (file.starts_with(".github") || file.starts_with("examples")) {
        // A package does not have these.
        return false;
    }
    !Path::new(ROOT).join(&file).exists()
        || anchor.is_some_and(|anchor| !Page::read(&file).has_heading(anchor))
}

/// All Markdown files, and the sources of the library and the program.
fn pages() -> Vec<Page> {
    let mut pages = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(Path::new(ROOT).join(&folder)).expect("a folder").flatten() {
            let path = folder.join(entry.file_name());
            let is_page =
                path.extension() == Some(OsStr::new("md")) || is_rust(&path) && path.starts_with("src");
            if entry.path().is_dir() {
                folders.extend((!NOT_OURS.iter().any(|name| path.ends_with(name))).then_some(path));
            } else if is_page {
                pages.push(Page::read(&path));
            }
        }
    }
    pages
}

#[test]
fn every_link_leads_somewhere() {
    let pages = pages();
    let broken: Vec<_> = pages.iter().flat_map(Page::broken_links).collect();
    assert_eq!(broken, Vec::<String>::new());

    let followed: usize =
        pages.iter().map(|page| page.links().filter(|link| target(&page.path, link).is_some()).count()).sum();
    assert!(followed > 100, "only {followed} links were followed");
}

#[test]
fn a_link_that_leads_nowhere_is_found() {
    for (path, link, is_broken) in [
        ("README.md", "[a](src/docs/recipes.md)", false),
        ("README.md", "[a](src/docs/recepies.md)", true),
        ("README.md", "[a](src/docs/recipes.md#behind-a-cdn)", false),
        ("README.md", "[a](src/docs/recipes.md#behind-the-cdn)", true),
        ("README.md", "<img src=\"src/picture.svg\">", true),
        ("README.md", "[a]: src/docs/recepies.md", true),
        ("tests/data/README.md", "[a](../cases.rs)", false),
        ("tests/data/README.md", "[a](cases.rs)", true),
        ("src/docs/recipes.md", "[a](#apps)", false),
        ("src/docs/recipes.md", "[a](#appliances)", true),
        ("src/docs/recipes.md", "```\n[a](#appliances)\n```", false),
        ("src/docs/recipes.md", "[a](crate#features)", false),
        ("src/docs/recipes.md", "[a](crate#futures)", true),
        ("src/docs/recipes.md", "[a](crate::docs::placements#the-table)", false),
        ("src/docs/recipes.md", "[a](crate::docs::placements#a-table)", true),
        ("src/lib.rs", "//! [a](docs::placements#a-table)", true),
        ("src/lib.rs", "let a = \"[a](docs::placements#a-table)\";", false),
        ("src/lib.rs", "//! [a](CorsPolicy)", false),
        ("README.md", "[a](https://docs.rs/tower-cors/nowhere)", false),
    ] {
        let page = Page::new(Path::new(path), link);
        assert_eq!(!page.broken_links().is_empty(), is_broken, "{path}: {link}");
    }
}

#[test]
fn a_comment_in_code_is_not_a_heading() {
    let page = Page::new(Path::new("a.md"), "# `allow_origins`: a list\n```sh\n# a comment\n```\n");
    assert!(page.has_heading("allow_origins-a-list"));
    assert!(!page.has_heading("a-comment"));
}

#[test]
fn the_readme_links_to_every_example() {
    let readme = Page::read(Path::new("README.md"));
    // A package has none.
    for example in fs::read_dir(Path::new(ROOT).join("examples")).into_iter().flatten().flatten() {
        let folder = format!("examples/{}", example.file_name().to_string_lossy());
        assert!(readme.links().any(|link| link == folder), "{folder}");
    }
}
