//! What happens while the file is rewritten, replaced, broken, corrected and removed.

mod http;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use std::{env, fs, process};

use axum::Router;
use tower_cors::CorsLayer;

use self::http::{APP, STRANGER, assert_headers, request, send};

/// After this a test fails that would hang. Shorter than the example's wait before it reads a file without an event.
const PATIENCE: Duration = Duration::from_secs(30);

/// An empty directory, removed at the end.
struct Directory(PathBuf);

impl Directory {
    fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("tower-cors-reload-{}-{number}", process::id()));
        fs::create_dir(&path).expect("a new directory");
        Self(path)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        // One that is gone was removed by its test.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The service, and what was reported.
struct Example {
    app: Router,
    reported: Arc<Mutex<Vec<String>>>,
}

impl Example {
    fn serve(path: &Path) -> Self {
        let (cors, handle) = CorsLayer::reloadable(super::read(path).expect("a policy"));
        let reported: Arc<Mutex<Vec<String>>> = Arc::default();
        let lines = Arc::clone(&reported);
        super::watch(path, handle, move |line| lines.lock().expect("no panic").push(line.to_owned()))
            .expect("a watched directory");
        Self { app: super::app(cors), reported }
    }

    /// Whether the policy of the moment is the one that allows this origin.
    async fn allows(&self, origin: &str) -> bool {
        let response = send(&self.app, request("GET", &[("origin", origin)])).await;
        assert_eq!((response.status().as_u16(), &response.body()[..]), (200, &b"tea, coffee\n"[..]));
        let text = ("content-type", "text/plain; charset=utf-8");
        let allowed = response.headers().contains_key("access-control-allow-origin");
        let granted = allowed.then_some(("access-control-allow-origin", origin));
        assert_headers(
            &response,
            &[Some(text), granted, Some(("vary", "Origin"))].into_iter().flatten().collect::<Vec<_>>(),
        );
        allowed
    }

    async fn wait_until_allowed(&self, origin: &str) {
        let start = Instant::now();
        while !self.allows(origin).await {
            assert!(start.elapsed() < PATIENCE, "{origin} is never allowed: {:#?}", self.reported());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits for this line, and gives all that came until then. The next call begins anew.
    async fn wait_for_report(&self, line: &str) -> Vec<String> {
        let start = Instant::now();
        while !self.reported().iter().any(|reported| reported.contains(line)) {
            assert!(start.elapsed() < PATIENCE, "{line} is never reported: {:#?}", self.reported());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        std::mem::take(&mut *self.reported.lock().expect("no panic"))
    }

    fn reported(&self) -> Vec<String> {
        self.reported.lock().expect("no panic").clone()
    }
}

fn page(number: u32) -> String {
    format!("https://page-{number}.example.com")
}

/// A file's text that allows a page.
fn allowing(origin: &str) -> String {
    format!("allow_origins = [\"{origin}\"]\n")
}

#[tokio::test]
async fn a_file_that_is_rewritten_in_place_is_put_into_effect() {
    let directory = Directory::new();
    let path = directory.at("cors.toml");
    fs::write(&path, allowing(APP)).expect("a file");
    let example = Example::serve(&path);
    assert!(example.allows(APP).await && !example.allows(&page(0)).await);
    for number in 0..3 {
        fs::write(&path, allowing(&page(number))).expect("a file");
        example.wait_until_allowed(&page(number)).await;
        assert!(!example.allows(APP).await && !example.allows(STRANGER).await);
    }
}

#[tokio::test]
async fn a_file_that_is_renamed_into_its_place_is_put_into_effect() {
    let directory = Directory::new();
    let path = directory.at("cors.toml");
    fs::write(&path, allowing(APP)).expect("a file");
    let example = Example::serve(&path);
    for number in 0..3 {
        let new = directory.at(".cors.toml.new");
        fs::write(&new, allowing(&page(number))).expect("a file");
        fs::rename(&new, &path).expect("another file in its place");
        example.wait_until_allowed(&page(number)).await;
        assert!(!example.allows(APP).await);
    }
}

/// A mounted `ConfigMap`, written as kubelet does.
#[cfg(unix)]
struct ConfigMap {
    directory: Directory,
    updates: u32,
}

#[cfg(unix)]
impl ConfigMap {
    fn new(text: &str) -> Self {
        let mut map = Self { directory: Directory::new(), updates: 0 };
        map.update(text);
        std::os::unix::fs::symlink("..data/cors.toml", map.directory.at("cors.toml")).expect("a symlink");
        map
    }

    /// A new directory, a symlink to it that is renamed over the old one, and the old directory's end.
    fn update(&mut self, text: &str) {
        let data = self.directory.at("..data");
        let old = fs::read_link(&data).ok().map(|name| self.directory.0.join(name));
        self.updates += 1;
        let name = format!("..2026_11_21_05_37_{:02}.123456789", self.updates);
        fs::create_dir(self.directory.at(&name)).expect("a new directory");
        fs::write(self.directory.at(&name).join("cors.toml"), text).expect("a file");
        let new = self.directory.at("..data_tmp");
        std::os::unix::fs::symlink(name, &new).expect("a symlink");
        fs::rename(new, data).expect("another symlink in its place");
        if let Some(old) = old {
            fs::remove_dir_all(old).expect("the old directory");
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_config_map_that_is_updated_is_put_into_effect() {
    let mut map = ConfigMap::new(&allowing(APP));
    let example = Example::serve(&map.directory.at("cors.toml"));
    assert!(example.allows(APP).await);
    for number in 0..2 {
        map.update(&allowing(&page(number)));
        example.wait_until_allowed(&page(number)).await;
        assert!(!example.allows(APP).await);
    }
    map.update(&allowing(&page(2)));
    map.update(&allowing(&page(3)));
    example.wait_until_allowed(&page(3)).await;
}

#[tokio::test]
async fn mistakes_are_reported_one_by_one_and_the_policy_stays_until_they_are_mended() {
    let directory = Directory::new();
    let path = directory.at("cors.toml");
    fs::write(&path, allowing(APP)).expect("a file");
    let example = Example::serve(&path);

    let mistakes = r#"
        allow_origins  = ["https://page-0.example.com", "https://app.example.com/"]
        allow_methods  = ["put"]
        expose_headers = ["set-cookie"]
    "#;
    fs::write(directory.at("new"), mistakes).expect("a file");
    fs::rename(directory.at("new"), &path).expect("another file in its place");
    let reported = example.wait_for_report("the policy has not changed").await;
    let expected = [
        "allow_origins: `https://app.example.com/` ends with a slash, but an origin ends with its host or port; did you \
         mean `https://app.example.com`?",
        "allow_methods: `put` is in the wrong case: methods are case-sensitive; did you mean `PUT`?",
        "expose_headers: `set-cookie` can never be read by a page. Remove it",
        "the policy has not changed",
    ];
    let expected = expected.map(|line| format!("{}: {line}", path.display()));
    assert_eq!(reported, expected);
    assert!(example.allows(APP).await && !example.allows(&page(0)).await);

    fs::write(&path, allowing(&page(0))).expect("a file");
    let reported = example.wait_for_report("the new policy is in effect").await;
    let change = format!("+ {}, - {APP}", page(0));
    assert_eq!(reported.last(), Some(&format!("{}: the new policy is in effect: {change}", path.display())));
    assert!(!example.allows(APP).await && example.allows(&page(0)).await);
}

#[tokio::test]
async fn a_file_that_is_no_policy_leaves_the_policy_as_it_was() {
    let directory = Directory::new();
    let path = directory.at("cors.toml");
    fs::write(&path, allowing(APP)).expect("a file");
    let example = Example::serve(&path);
    let cases: [(&[u8], &str); 4] = [
        (b"", "allow_origins: no origin is allowed"),
        (b"allow_origins = [\"https://page-0.exam", "TOML parse error at line 1"),
        (b"allow_orgins = [\"https://page-0.example.com\"]", "unknown field `allow_orgins`"),
        (b"\xff\xfe", "it cannot be read"),
    ];
    for (text, expected) in cases {
        fs::write(directory.at("new"), text).expect("a file");
        fs::rename(directory.at("new"), &path).expect("another file in its place");
        example.wait_for_report(expected).await;
        assert!(example.allows(APP).await && !example.allows(&page(0)).await);
    }
    fs::remove_file(&path).expect("a file");
    example.wait_for_report("it cannot be read").await;
    assert!(example.allows(APP).await);
    fs::write(&path, allowing(&page(0))).expect("a file");
    example.wait_until_allowed(&page(0)).await;
}

#[tokio::test]
async fn a_directory_that_is_gone_is_reported_and_watched_again_once_it_is_back() {
    let parent = Directory::new();
    let (directory, path) = (parent.at("etc"), parent.at("etc").join("cors.toml"));
    let write = |number| {
        fs::create_dir_all(&directory).expect("a directory");
        fs::write(directory.join("new"), allowing(&page(number))).expect("a file");
        fs::rename(directory.join("new"), &path).expect("a file");
    };
    write(0);
    let example = Example::serve(&path);
    fs::remove_dir_all(&directory).expect("a directory");
    example.wait_for_report("its directory cannot be watched").await;
    assert!(example.allows(&page(0)).await);

    write(1);
    example.wait_until_allowed(&page(1)).await;
    // Nothing is wrong any more, so this change is found by its event, or not in time.
    write(2);
    example.wait_until_allowed(&page(2)).await;
}
