//! The page about the program: each of its transcripts is what the program prints, word for word.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const PAGE: &str = include_str!("../../src/docs/program.md");

/// The page's address of a server, which listens on another port of as many digits.
const SERVER: &str = "localhost:30080";

/// After a change of the program, `UPDATE=1 cargo test --all-features --test cli docs` writes what it prints into the page.
#[tokio::test(flavor = "multi_thread")]
async fn every_transcript_is_what_the_program_prints() {
    let mut terminal = Terminal::new(serve().await);
    let mut page = String::new();
    let mut inside = false;
    let mut transcript = String::new();
    for line in PAGE.split_inclusive('\n') {
        match (inside, line) {
            (false, _) => {
                page.push_str(line);
                inside = line == "```console\n";
            }
            (true, "```\n") => {
                page.push_str(&terminal.replay(&transcript));
                page.push_str(line);
                transcript.clear();
                inside = false;
            }
            (true, _) => transcript.push_str(line),
        }
    }
    if std::env::var_os("UPDATE").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/docs/program.md");
        fs::write(path, &page).expect("the checkout can be written");
    } else {
        assert_eq!(PAGE, page);
    }
    assert!(terminal.ran >= 6, "the page shows what the program does");
}

/// The server that the page probes: it reflects every origin, and allows credentials.
async fn serve() -> u16 {
    let app = axum::Router::new()
        .route("/items", axum::routing::get(|| async { "[]" }))
        .layer(tower_http::cors::CorsLayer::very_permissive());
    loop {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port is free");
        let port = listener.local_addr().expect("it listens").port();
        if port >= 10_000 {
            tokio::spawn(axum::serve(listener, app).into_future());
            return port;
        }
    }
}

/// Where the commands are run.
struct Terminal {
    folder: PathBuf,
    server: String,
    status: i32,
    ran: usize,
}

impl Terminal {
    fn new(port: u16) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("program-page");
        fs::create_dir_all(&folder).expect("the target can be written");
        Self { folder, server: format!("localhost:{port}"), status: 0, ran: 0 }
    }

    /// A transcript as it should be: its commands, and what they print now.
    fn replay(&mut self, transcript: &str) -> String {
        let mut replayed = String::new();
        for shown in transcript.split("$ ").skip(1) {
            let end =
                shown.match_indices('\n').map(|(end, _)| end).find(|end| !shown[..*end].ends_with('\\'));
            let (command, output) = shown.split_at(end.map_or(shown.len(), |end| end + 1));
            let printed = self.run(command, output);
            let _ = write!(replayed, "$ {command}{printed}");
        }
        replayed
    }

    fn run(&mut self, command: &str, shown: &str) -> String {
        let words = shlex::split(command).expect("a shell understands it");
        match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            // What it prints is what the file holds.
            ["cat", file] => {
                fs::write(self.folder.join(file), shown).expect("the folder is there");
                shown.to_owned()
            }
            ["echo", "$?"] => format!("{}\n", self.status),
            ["tower-cors", arguments @ ..] => {
                let arguments = arguments.iter().map(|argument| argument.replace(SERVER, &self.server));
                let ran = Command::new(env!("CARGO_BIN_EXE_tower-cors"))
                    .args(arguments)
                    .current_dir(&self.folder)
                    .output()
                    .expect("the program runs");
                self.status = ran.status.code().expect("no signal ended it");
                self.ran += 1;
                let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
                (text(ran.stdout) + &text(ran.stderr)).replace(&self.server, SERVER)
            }
            _ => panic!("no transcript should have this command: {command}"),
        }
    }
}
