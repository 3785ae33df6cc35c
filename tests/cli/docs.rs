//! The page about the program: the program prints each transcript word for word.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::saved::scenarios;

const TROUBLESHOOTING: &str = include_str!("../../src/docs/troubleshooting.md");
const PAGE: &str = include_str!("../../src/docs/program.md");

/// The address of a server in the page. Here it listens on another port with the same number of digits.
const SERVER: &str = "localhost:30080";

/// After a change of the program, `UPDATE=1 cargo test --all-features --test cli docs` writes what it prints into the page.
#[tokio::test(flavor = "multi_thread")]
async fn every_transcript_is_what_the_program_prints() {
    let is_update = std::env::var_os("UPDATE").is_some();
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
                let printed = terminal.replay(&transcript);
                assert!(
                    is_update || transcript == printed,
                    "the page has\n{transcript}\nbut this is printed\n{printed}"
                );
                page.push_str(&printed);
                page.push_str(line);
                transcript.clear();
                inside = false;
            }
            (true, _) => transcript.push_str(line),
        }
    }
    if is_update {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/docs/program.md");
        fs::write(path, &page).expect("the checkout can be written");
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

    /// A transcript with its commands and their present output.
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
        // No word of the page is quoted.
        match command.split_whitespace().collect::<Vec<_>>().as_slice() {
            // The command prints the content of the file.
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

/// The table at the top of the page leads from each message that Chromium and Firefox were seen to print to its section.
#[test]
fn every_recorded_message_about_cors_leads_to_a_section_of_troubleshooting() {
    let table = TROUBLESHOOTING.lines().skip_while(|line| !line.starts_with("|---")).skip(1);
    let rows = table.take_while(|line| line.starts_with('|'));
    let phrases: Vec<_> = rows
        .filter_map(|row| row.split('|').nth(1))
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .collect();
    let messages: BTreeSet<_> = scenarios().into_iter().flat_map(|scenario| scenario.console).collect();
    let about_cors = |message: &&String| {
        ["blocked by CORS policy", "Cross-Origin Request Blocked"].iter().any(|words| message.contains(words))
    };
    let mut seen = 0;
    for message in messages.iter().filter(about_cors) {
        assert!(phrases.iter().any(|phrase| message.contains(phrase)), "{message}");
        seen += 1;
    }
    assert!(seen > 100, "{seen}");
}
