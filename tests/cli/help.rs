//! What `--help` says.

use crate::program::run;

#[test]
fn every_help_says_what_to_do_has_examples_and_fits_80_columns() {
    let commands = [
        (None, "Find out "),
        (Some("check"), "Check "),
        (Some("explain"), "Say "),
        (Some("probe"), "Test "),
        (Some("export"), "Write "),
        (Some("completions"), "Print "),
    ];
    for (command, begins) in commands {
        let help = run(command.into_iter().chain(["--help"]), "").output;
        assert!(help.starts_with(begins), "{help}");
        assert!(help.lines().all(|line| line.chars().count() <= 80), "{help}");
        let (_, examples) = help.split_once("\nExamples:\n").expect("examples");
        // If the terminal wraps an example, a shell reads it as two commands.
        let commands = examples.lines().take_while(|line| !line.is_empty());
        let is_command =
            |line: &str| line.contains("tower-cors ") || line.starts_with("      ") || line.ends_with('\\');
        assert!(commands.clone().count() > 1 && commands.clone().all(is_command), "{help}");
    }
}
