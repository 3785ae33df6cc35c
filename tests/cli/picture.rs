//! The README's pictures of the program, one for a light page and one for a dark one: its output on a terminal.

use std::fs;
use std::path::Path;
use std::process::Command;

use anstyle::{Color, RgbColor};
use anstyle_lossy::palette::Palette;
use anstyle_svg::Term;

const POLICY: &str = "\
allow_origins = [\"https://app.example.com\", \"https://*.preview.example.com\"]
allow_methods = [\"PUT\"]
";

const COMMAND: &str =
    "tower-cors explain cors.toml --origin https://preview.example.com --url https://api.example.com/items";

/// After a change of the program, `UPDATE=1 cargo test --all-features --test cli picture` draws them again.
#[test]
fn the_pictures_show_what_the_program_prints() {
    // The pictures are only in the repository, not in the package.
    let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/pictures");
    if !pictures.exists() {
        return;
    }
    let screen = screen();
    for (name, terminal) in [("explain-light.svg", light()), ("explain-dark.svg", dark())] {
        let file = pictures.join(name);
        let drawn = terminal.render_svg(&screen);
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&file, &drawn).expect("the checkout can be written");
        }
        assert!(
            fs::read_to_string(&file).ok().as_deref() == Some(drawn.as_str()),
            "{name} shows something else"
        );
    }
}

/// The command and what it prints, in colour.
fn screen() -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("picture");
    fs::create_dir_all(&folder).expect("the target can be written");
    fs::write(folder.join("cors.toml"), POLICY).expect("the folder is there");
    let ran = Command::new(env!("CARGO_BIN_EXE_tower-cors"))
        .args(COMMAND.split(' ').skip(1))
        .env("CLICOLOR_FORCE", "1")
        .current_dir(&folder)
        .output()
        .expect("the program runs");
    let printed = String::from_utf8(ran.stdout).expect("the program writes UTF-8");
    let command = COMMAND.replace(" --url", " \\\n    --url");
    format!("$ cat cors.toml\n{POLICY}$ {command}\n{}", printed.trim_end())
}

fn light() -> Term {
    terminal(rgb(0x1f_2328), rgb(0xf6_f8fa), [0x24_292f, 0xcf_222e, 0x11_6329, 0x4d_2d00, 0x09_69da])
}

fn dark() -> Term {
    terminal(rgb(0xe6_edf3), rgb(0x16_1b22), [0x48_4f58, 0xff_7b72, 0x3f_b950, 0xd2_9922, 0x58_a6ff])
}

/// With the colours that the program uses: black, red, green, yellow, blue.
fn terminal(foreground: RgbColor, background: RgbColor, [black, red, green, yellow, blue]: [u32; 5]) -> Term {
    let normal = [rgb(black), rgb(red), rgb(green), rgb(yellow), rgb(blue), rgb(blue), rgb(blue), foreground];
    let mut colors = [foreground; 16];
    colors[..8].copy_from_slice(&normal);
    colors[8..].copy_from_slice(&normal);
    Term::new().palette(Palette(colors)).fg_color(Color::Rgb(foreground)).bg_color(Color::Rgb(background))
}

#[expect(clippy::cast_possible_truncation, reason = "a byte of it each")]
fn rgb(color: u32) -> RgbColor {
    RgbColor((color >> 16) as u8, (color >> 8) as u8, color as u8)
}
