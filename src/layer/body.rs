//! The bodies of the layer's own answers.

/// Makes an empty body: the [`Default`] one, or the one that a function given to [`CorsLayer::empty_body`] returns.
///
/// [`CorsLayer::empty_body`]: crate::CorsLayer::empty_body
#[diagnostic::on_unimplemented(
    message = "the layer does not know how to make an empty body of the type `{B}`",
    label = "`{B}` does not implement `Default`",
    note = "call `empty_body` on the layer: `CorsLayer::new(policy).empty_body(|| ...)`, with a function that returns an empty `{B}`"
)]
pub trait EmptyBody<B> {
    /// An empty body.
    fn empty_body(&self) -> B;
}

/// Makes a body by [`Default`], which is empty for axum's, tonic's and most other body types.
#[derive(Clone, Copy, Debug, Default)]
pub struct DefaultBody;

impl<B: Default> EmptyBody<B> for DefaultBody {
    fn empty_body(&self) -> B {
        B::default()
    }
}

impl<B, F: Fn() -> B> EmptyBody<B> for F {
    fn empty_body(&self) -> B {
        self()
    }
}
