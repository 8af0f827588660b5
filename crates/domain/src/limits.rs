//! Owns: every limit of the domain, each with its reason.
//! Must not know: who checks them.

/// Characters in a person's name. The longest minority names on identity cards have about 25; a margin of two.
pub const NAME_CHARS_MAX: usize = 50;
/// Characters in one address line. Registered addresses seldom pass 60.
pub const ADDRESS_CHARS_MAX: usize = 200;
/// Characters in a document number. The longest travel papers have under 20.
pub const DOCUMENT_NUMBER_CHARS_MAX: usize = 40;
/// Characters in a phone field, extension included.
pub const PHONE_CHARS_MAX: usize = 40;
/// Characters in a short field: village, group, plate, household number, cell.
pub const SHORT_CHARS_MAX: usize = 60;
/// Characters in an employer's name.
pub const EMPLOYER_CHARS_MAX: usize = 120;
/// Characters in a remark of a register row; longer text is a narrative and belongs to a visit.
pub const NOTE_CHARS_MAX: usize = 2_000;
/// Columns of a register file that are looked at; real registers have under 60.
pub const REGISTER_COLUMNS_MAX: usize = 256;
/// Working days one call may count; a legal clock has at most 60 days, and a loop needs a bound.
pub const WORKING_DAYS_MAX: u32 = 3_660;
/// Minutes a laptop's clock may lag behind the newest record or the station before it is called doubtful.
pub const CLOCK_BEHIND_TOLERANCE_MS: i64 = 5 * 60 * 1_000;
/// Time a laptop may be ahead of the last station time: two months offline are a promise, a week is margin.
pub const CLOCK_AHEAD_TOLERANCE_MS: i64 = 70 * 24 * 60 * 60 * 1_000;
/// The earliest believable birth: nobody alive was born before it.
pub const BIRTH_YEAR_MIN: i32 = 1890;
