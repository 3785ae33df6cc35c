//! What a layer adds to a program: bytes, crates, and the time to compile it. The program is axum's hello world in the usual release
//! profile, stripped.
//!
//! Each is built from scratch, to measure the time. `--quick` reuses builds, and measures only the bytes. The time needs Linux.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs, io};

struct Program {
    title: &'static str,
    /// The lines that it adds to the manifest.
    dependency: &'static str,
    /// The call on the router.
    layer: &'static str,
}

const OURS: &str = r#".layer({
    let policy = tower_cors::CorsPolicy::builder().allow_origin("https://app.example.com").allow_credentials(true).build();
    tower_cors::CorsLayer::new(policy.unwrap())
})"#;

const PROGRAMS: [Program; 4] = [
    Program { title: "no CORS", dependency: "", layer: "" },
    Program {
        title: "tower-http",
        dependency: r#"tower-http = { version = "0.7", features = ["cors"] }"#,
        layer: r#".layer({
    let origin = axum::http::HeaderValue::from_static("https://app.example.com");
    tower_http::cors::CorsLayer::new().allow_origin(origin).allow_credentials(true)
})"#,
    },
    Program {
        title: "tower-cors, bare",
        dependency: "tower-cors = { path = PATH, default-features = false }",
        layer: OURS,
    },
    Program { title: "tower-cors", dependency: "tower-cors = { path = PATH }", layer: OURS },
];

const NO_CORS: usize = 0;
const TOWER_HTTP: usize = 1;

fn main() -> io::Result<()> {
    let is_quick = env::args().any(|argument| argument == "--quick");
    let root = env::temp_dir().join(format!("tower-cors-size-{}", std::process::id()));
    let figures = PROGRAMS.iter().map(|program| Figures::measure(program, &root, is_quick));
    let figures = figures.collect::<io::Result<Vec<_>>>();
    fs::remove_dir_all(root)?;
    let figures = figures?;

    println!("| program          |   bytes | over no CORS | crates | processor time | over tower-http |");
    println!("| :--------------- | ------: | -----------: | -----: | -------------: | --------------: |");
    for (program, own) in PROGRAMS.iter().zip(&figures) {
        let over_tower_http = own.seconds.zip(figures[TOWER_HTTP].seconds).map(|(own, other)| own - other);
        println!(
            "| {:<16} | {:>7} | {:>12} | {:>6} | {:>14} | {:>15} |",
            program.title,
            own.bytes,
            own.bytes.saturating_sub(figures[NO_CORS].bytes),
            own.crates,
            own.seconds.map(|seconds| format!("{seconds:.1} s")).unwrap_or_default(),
            over_tower_http.map(|seconds| format!("{seconds:+.1} s")).unwrap_or_default(),
        );
    }
    Ok(())
}

struct Figures {
    bytes: u64,
    crates: usize,
    /// Processor time. `None` if it is not measured, or the system does not report it.
    seconds: Option<f64>,
}

impl Figures {
    fn measure(program: &Program, root: &Path, is_quick: bool) -> io::Result<Self> {
        let package = write(program, root)?;
        // Nothing is downloaded while the clock runs.
        cargo(&package, &["fetch"])?;
        let tree = cargo(&package, &["tree", "--prefix=none", "--edges=normal,build"])?;
        let tree = String::from_utf8_lossy(&tree.stdout);
        let crates: BTreeSet<_> = tree.lines().map(|line| line.trim_end_matches(" (*)")).collect();

        let target = if is_quick { root.join("target") } else { package.join("target") };
        let before = processor_seconds();
        cargo(&package, &["build", "--release", "--target-dir", &target.to_string_lossy()])?;
        let seconds = processor_seconds().zip(before).map(|(after, before)| after - before);
        let binary = target.join("release").join(format!("hello{}", env::consts::EXE_SUFFIX));
        Ok(Self {
            bytes: fs::metadata(binary)?.len(),
            crates: crates.len(),
            seconds: seconds.filter(|_| !is_quick),
        })
    }
}

/// A new package, with the same versions of the dependencies as all comparisons here.
fn write(program: &Program, root: &Path) -> io::Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let package = root.join(program.title.replace([' ', ','], "-"));
    fs::create_dir_all(package.join("src"))?;
    let dependency = program.dependency.replace("PATH", &format!("'{}'", here.join("../..").display()));
    let manifest = format!(
        r#"
[workspace]
[package]
name = "hello"
edition = "2024"
[dependencies]
axum = "0.8"
tokio = {{ version = "1", features = ["net", "rt-multi-thread"] }}
{dependency}
[profile.release]
strip = true
"#
    );
    let main = format!(
        r#"
use axum::{{Router, routing::get}};

fn main() {{
    tokio::runtime::Runtime::new().unwrap().block_on(async {{
        let app: Router = Router::new().route("/", get(|| async {{ "Hello, World!" }})){};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await.unwrap();
        axum::serve(listener, app).await.unwrap();
    }});
}}
"#,
        program.layer
    );
    fs::write(package.join("Cargo.toml"), manifest)?;
    fs::write(package.join("src/main.rs"), main)?;
    fs::copy(here.join("Cargo.lock"), package.join("Cargo.lock"))?;
    Ok(package)
}

fn cargo(package: &Path, arguments: &[&str]) -> io::Result<Output> {
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(package).output()?;
    if output.status.success() {
        Ok(output)
    } else {
        Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()))
    }
}

/// The processor time of all ended children: fields 16 and 17 of `/proc/self/stat`, in ticks of a hundredth of a second.
fn processor_seconds() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program, the second field, is in parentheses and may hold spaces.
    let (_, fields) = stat.rsplit_once(") ")?;
    let ticks = fields.split(' ').skip(13).take(2).map(|ticks| ticks.parse::<u32>().ok());
    Some(f64::from(ticks.sum::<Option<u32>>()?) / 100.0)
}
