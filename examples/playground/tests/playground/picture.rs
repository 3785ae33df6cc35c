//! The README's pictures of the playground, one for a light page and one for a dark one.

use std::path::Path;

use super::chromium::Browser;
use super::program::Origins;

/// Shows both, and with `UPDATE=1`, in a checkout, keeps them.
pub(crate) async fn is_taken(browser: Browser, _: Origins) {
    let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.github/pictures");
    browser.resize(900, 1190).await;
    for scheme in ["light", "dark"] {
        browser.prefer_color_scheme(scheme).await;
        let script = "return parseInt(getComputedStyle(document.body).backgroundColor.match(/[0-9]+/)[0])";
        let background = browser.run(script, ()).await.as_u64();
        assert_eq!(background.is_some_and(|red| red < 128), scheme == "dark", "{background:?}");
        let picture = browser.screenshot().await;
        if std::env::var_os("UPDATE").is_some() {
            let file = pictures.join(format!("playground-{scheme}.png"));
            std::fs::write(file, picture).expect("the checkout can be written");
        }
    }
}
