//! Generates the service from its `.proto` file, with a compiler in Rust: no `protoc` to install.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=proto");
    let files = protox::compile(["weather/v1/weather.proto"], ["proto"])?;
    tonic_prost_build::compile_fds(files)?;
    Ok(())
}
