//! `tower-cors completions`.

use crate::program::run;

#[test]
fn every_shell_gets_a_script_that_knows_the_subcommands_and_their_flags() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = run(["completions", shell], "");
        assert_eq!((ran.status, ran.errors.as_str()), (0, ""), "{shell}");
        for word in
            ["check", "explain", "probe", "export", "accept-losses", "deny-warnings", "origin", "patch"]
        {
            assert!(ran.output.contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn a_shell_that_is_not_known_is_told_with_those_that_are() {
    let ran = run(["completions", "bsh"], "");
    assert_eq!((ran.status, ran.output.as_str()), (2, ""));
    assert!(ran.errors.contains("[possible values: bash, elvish, fish, powershell, zsh]"), "{}", ran.errors);
}

/// The shell itself reads the script, and must complete a command.
#[test]
fn bash_completes_the_subcommands() {
    let script = run(["completions", "bash"], "").output;
    let complete = "COMP_WORDS=(tower-cors exp); COMP_CWORD=1; _tower__cors tower-cors exp tower-cors";
    let question = format!("{complete}; echo \"${{COMPREPLY[@]}}\"");
    let bash = std::process::Command::new("bash").args(["-c", &format!("{script}\n{question}")]).output();
    let completed = bash.expect("bash is installed where these tests run").stdout;
    assert_eq!(String::from_utf8_lossy(&completed).trim(), "explain export");
}
