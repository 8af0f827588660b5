//! Owns: the one macro that gives a closed enum its stable codes.
//! Must not know: any enum.

/// Gives an enum `CODES`, every code in order, and `code()`. A new variant without a code does not compile.
/// The codes are those of the serde tag, held to it by a test in `tests/it`.
macro_rules! codes_of {
    ($name:ident { $($variant:ident => $code:literal),+ $(,)? }) => {
        impl $name {
            /// Every stable code, for texts that must exist in both languages.
            pub const CODES: &'static [&'static str] = &[$($code),+];

            /// The stable code.
            #[must_use]
            pub const fn code(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $code,)+
                }
            }
        }
    };
}

pub(crate) use codes_of;
