//! A closed list of numbered codes that still reads what a newer peer sends.
//! Owns the macro only; the lists live beside the things they describe.

/// Declares an enum that travels as one small number. A number this build does not know is kept as `Other`,
/// so that an older laptop can store and show what a newer station said.
macro_rules! code_enum {
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $($(#[$vmeta:meta])* $variant:ident = $number:literal => $text:literal,)+
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name {
            $($(#[$vmeta])* $variant,)+
            /// A number from a newer version of the protocol.
            Other(u8),
        }

        impl $name {
            /// Every code this build knows, in the order of declaration.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),+];

            /// The number on the wire.
            #[must_use]
            pub fn number(self) -> u8 {
                match self {
                    $(Self::$variant => $number,)+
                    Self::Other(number) => number,
                }
            }

            /// The code for a number from the wire.
            #[must_use]
            pub fn from_number(number: u8) -> Self {
                match number {
                    $($number => Self::$variant,)+
                    other => Self::Other(other),
                }
            }

            /// A stable name for logs and for the messages of the user interface.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(_) => "unknown",
                }
            }
        }

        impl<C> minicbor::Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.u8(self.number())?.ok()
            }
        }

        impl<'b, C> minicbor::Decode<'b, C> for $name {
            fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
                d.u8().map(Self::from_number)
            }
        }
    };
}

pub(crate) use code_enum;
