//! The token of one start: who has it may call. Made anew every time, never written to disk.

use subtle::ConstantTimeEq;

/// 256 random bits, told to the one who started the program.
#[derive(Clone)]
pub struct Token {
    text: String,
}

impl Token {
    /// A fresh token from a source of randomness.
    pub fn fresh(random: impl FnOnce(&mut [u8])) -> Self {
        let mut bytes = [0; 32];
        random(&mut bytes);
        Self { text: hex::encode(bytes) }
    }

    /// Whether a caller's token is this one. Takes the same time wherever they differ.
    #[must_use]
    pub fn fits(&self, given: &str) -> bool {
        self.text.as_bytes().ct_eq(given.as_bytes()).into()
    }

    /// The token as text, for the address printed at the start.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}
