//! The origins of pages and servers. Every port serves both, so a page can have the server's own origin.

/// The ports that the files leave open: `{page}`, `{other}`, `{api}`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ports {
    pub(crate) page: u16,
    pub(crate) other: u16,
    pub(crate) api: u16,
}

impl Ports {
    /// For the model, without listeners.
    pub(crate) const MODEL: Self = Self { page: 3000, other: 3001, api: 4000 };

    pub(super) fn fill(self, text: &str) -> String {
        text.replace("{page}", &self.page.to_string())
            .replace("{other}", &self.other.to_string())
            .replace("{api}", &self.api.to_string())
    }

    /// Whether a real browser can open a page of this origin here: a page on loopback at a served port, or a
    /// sandboxed frame. There are no certificates for `https:` pages here, and no extensions.
    pub(crate) fn can_be_at(self, page: &str) -> bool {
        if page == "null" {
            return true;
        }
        let Some((host, port)) = page.strip_prefix("http://").and_then(|rest| rest.rsplit_once(':')) else {
            return false;
        };
        let is_loopback = host == "127.0.0.1" || host == "localhost" || host.ends_with(".localhost");
        let is_served = [self.page, self.other, self.api].iter().any(|served| served.to_string() == port);
        is_loopback && is_served
    }
}
