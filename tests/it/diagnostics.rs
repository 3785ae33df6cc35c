//! The compiler's messages for a newcomer's mistakes.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

/// A program that does not compile, the words that the message must have, and those that it must not have: private types mean
/// nothing to users.
const MISTAKES: [(&str, &str, &[&str]); 6] = [
    (
        "a_policy_is_taken_for_a_layer",
        "let _ = stack(policy()); fn stack<L: Layer<()>>(_: L) {}",
        &["`CorsPolicy` is not a layer", "wrap the policy: `CorsLayer::new(policy)`"],
    ),
    (
        "a_builder_is_taken_for_a_layer",
        "let _ = stack(CorsPolicy::builder()); fn stack<L: Layer<()>>(_: L) {}",
        &["`CorsPolicyBuilder` is not a layer", "a builder makes a policy with `.build()?`"],
    ),
    (
        "a_builder_is_taken_for_a_policy",
        "let _ = CorsLayer::new(CorsPolicy::builder());",
        &["`CorsLayer: From<CorsPolicyBuilder>` is not satisfied", "impl From<CorsPolicy> for CorsLayer"],
    ),
    (
        "a_result_is_taken_for_a_policy",
        "let _ = CorsLayer::new(CorsPolicy::builder().build());",
        &["Result<CorsPolicy, PolicyError>", "impl From<CorsPolicy> for CorsLayer"],
    ),
    (
        "a_policy_has_no_new",
        "let _ = CorsPolicy::new();",
        &["no function or associated item named `new` found for struct `CorsPolicy`"],
    ),
    (
        "a_body_has_no_default",
        "struct Body;
         struct Server;
         impl Service<Request<()>> for Server {
             type Response = Response<Body>;
             type Error = ();
             type Future = Ready<Result<Self::Response, ()>>;
             fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ()>> { Poll::Ready(Ok(())) }
             fn call(&mut self, _: Request<()>) -> Self::Future { ready(Err(())) }
         }
         fn serve<S: Service<Request<()>>>(_: S) {}
         serve(CorsLayer::new(policy()).layer(Server));",
        &["an empty body of the type `Body`", "call `empty_body` on the layer"],
    ),
];

const PRELUDE: &str = "
#![allow(unused_imports)]
use std::future::{Ready, ready};
use std::task::{Context, Poll};
use http::{Request, Response};
use tower_cors::{CorsLayer, CorsPolicy};
use tower_layer::Layer;
use tower_service::Service;
fn policy() -> CorsPolicy { CorsPolicy::builder().allow_any_origin().build().expect(\"a policy\") }
";

/// In its own package, beside the other things that cargo builds: the dependencies are compiled once, without the network.
#[test]
fn the_compiler_names_what_to_do_and_no_private_type() {
    let root = env!("CARGO_MANIFEST_DIR");
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("diagnostics");
    let programs = package.join("src/bin");
    fs::create_dir_all(&programs).expect("a folder");
    let mut manifest = format!(
        "[package]\nname = \"diagnostics\"\nedition = \"2024\"\n[workspace]\n[dependencies]\n\
         http = \"1\"\ntower-layer = \"0.3\"\ntower-service = \"0.3\"\n\
         tower-cors = {{ path = {root:?}, default-features = false }}\n"
    );
    for (name, mistake, _) in MISTAKES {
        writeln!(manifest, "[[bin]]\nname = \"{name}\"").expect("a string");
        fs::write(programs.join(name).with_extension("rs"), format!("{PRELUDE}fn main() {{ {mistake} }}"))
            .expect("a program");
    }
    fs::write(package.join("Cargo.toml"), manifest).expect("a manifest");
    // The versions that are already here.
    let _ = fs::copy(Path::new(root).join("Cargo.lock"), package.join("Cargo.lock"));

    for (name, _, expected) in MISTAKES {
        let output = Command::new(env!("CARGO"))
            .args(["check", "--offline", "--quiet", "--color=never", "--bin", name])
            .current_dir(&package)
            .env("CARGO_TARGET_DIR", package.join("target"))
            .env_remove("RUSTFLAGS")
            .output()
            .expect("cargo runs");
        let said = String::from_utf8_lossy(&output.stderr);
        // Compiler versions differ in how much of a path they print.
        let said = said.replace("tower_cors::", "");
        assert!(!output.status.success(), "{name} compiles");
        for words in expected {
            assert!(said.contains(words), "{name}: {words:?} is not in\n{said}");
        }
        for private in ["Spec", "Rules", "Answers", "Shared", "Source"] {
            assert!(!said.contains(&format!("`{private}`")), "{name}: {private} is private, in\n{said}");
        }
    }
}
