//! Where pages and servers are. Every port serves both, so that a page can be of the server's own origin.

/// The ports that the files leave open: `{page}`, `{other}`, `{api}`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ports {
    pub(crate) page: u16,
    pub(crate) other: u16,
    pub(crate) api: u16,
}

impl Ports {
    /// For the model, where nothing listens.
    pub(crate) const MODEL: Self = Self { page: 3000, other: 3001, api: 4000 };

    pub(super) fn fill(self, text: &str) -> String {
        text.replace("{page}", &self.page.to_string())
            .replace("{other}", &self.other.to_string())
            .replace("{api}", &self.api.to_string())
    }

    /// Whether a real browser can be at a page of this origin here: one on loopback, at a port that is served, or a
    /// sandboxed frame. Nobody here has a certificate for an `https:` page, nor an extension.
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
