//! Where the next page of a list begins, as opaque text. Owns the form; must not know any list.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::AppError;

/// Rows of a page at most.
pub(crate) const ROWS_MAX: u32 = 200;

/// Writes the key of the last row, with the name of the order it was read in.
pub(crate) fn mark<K: Serialize>(order: &str, key: &K) -> Result<String, AppError> {
    let json = serde_json::to_vec(&(order, key)).map_err(|_| AppError::defect("page mark"))?;
    Ok(URL_SAFE_NO_PAD.encode(json))
}

/// Reads a mark back; none for the first page.
pub(crate) fn read_mark<K: DeserializeOwned>(order: &str, mark: Option<&str>) -> Result<Option<K>, AppError> {
    let Some(mark) = mark else { return Ok(None) };
    let bad = || AppError::BadPage {};
    if mark.len() > 4_096 {
        return Err(bad());
    }
    let json = URL_SAFE_NO_PAD.decode(mark).map_err(|_| bad())?;
    let (found, key): (String, K) = serde_json::from_slice(&json).map_err(|_| bad())?;
    if found == order { Ok(Some(key)) } else { Err(bad()) }
}

/// Checks the asked number of rows.
pub(crate) fn rows_of(limit: u32) -> Result<usize, AppError> {
    if limit == 0 || limit > ROWS_MAX {
        return Err(AppError::TooLarge { what: "limit", max: u64::from(ROWS_MAX) });
    }
    usize::try_from(limit).map_err(|_| AppError::TooLarge { what: "limit", max: u64::from(ROWS_MAX) })
}

#[cfg(test)]
mod tests {
    use super::{mark, read_mark};

    #[test]
    fn a_mark_reads_back_in_its_own_order_only() {
        let text = mark("head", &("zhang", 3)).unwrap();
        assert_eq!(read_mark::<(String, i64)>("head", Some(&text)).unwrap(), Some(("zhang".to_owned(), 3)));
        assert!(read_mark::<(String, i64)>("address", Some(&text)).is_err());
        assert!(read_mark::<(String, i64)>("head", Some("'; DROP TABLE household --")).is_err());
        assert_eq!(read_mark::<(String, i64)>("head", None).unwrap(), None);
    }
}
