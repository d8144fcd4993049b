use roamkey_proto::Label;

/// The purpose and place that a key or a ciphertext is bound to: `len(tag) ‖ tag ‖ fields`.
///
/// The length keeps one tag from being the start of another; every field but the last has a fixed
/// width, so that two places never spell the same bytes.
pub(crate) struct Context(Vec<u8>);

impl Context {
    pub(crate) fn new(label: Label) -> Self {
        let tag = label.tag();
        let length = u8::try_from(tag.len()).expect("tags are short constants");
        let mut bytes = Vec::with_capacity(192);
        bytes.push(length);
        bytes.extend_from_slice(tag.as_bytes());
        Self(bytes)
    }

    pub(crate) fn byte(mut self, value: u8) -> Self {
        self.0.push(value);
        self
    }

    pub(crate) fn number(mut self, value: u64) -> Self {
        self.0.extend_from_slice(&value.to_be_bytes());
        self
    }

    pub(crate) fn fixed<const N: usize>(mut self, value: &[u8; N]) -> Self {
        self.0.extend_from_slice(value);
        self
    }

    /// Adds bytes of any length; nothing may follow them.
    pub(crate) fn last(mut self, value: &[u8]) -> Vec<u8> {
        self.0.extend_from_slice(value);
        self.0
    }

    pub(crate) fn end(self) -> Vec<u8> {
        self.0
    }
}
