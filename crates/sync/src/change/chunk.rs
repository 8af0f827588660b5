//! Reads the frame of an automerge change chunk without expanding anything in it, and bounds what automerge would expand.
//! Format: the automerge storage specification, "change chunks". Must not allocate by a number found in the bytes.

use super::{ChangeFacts, ChangeFault};
use crate::crypto;
use crate::ids::{Actor, Hash};
use crate::limits;

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHANGE_CHUNK: u8 = 1;

// Column specifications: id << 4 | compressed << 3 | type.
const COMPRESSED_BIT: u64 = 0b1000;
const OBJECT_ACTOR: u64 = 0x01;
const OBJECT_COUNTER: u64 = 0x02;
const INSERT: u64 = 0x34;
const ACTION: u64 = 0x42;
const PRED_GROUP: u64 = 0x70;

const ACTION_PUT: u64 = 1;
const ACTION_DELETE: u64 = 3;

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: u64) -> Result<&'a [u8], ChangeFault> {
        let count = usize::try_from(count).map_err(|_| ChangeFault::Malformed)?;
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(ChangeFault::Malformed)?;
        self.rest = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, ChangeFault> {
        let (first, rest) = self.rest.split_first().ok_or(ChangeFault::Malformed)?;
        self.rest = rest;
        Ok(*first)
    }

    fn unsigned(&mut self) -> Result<u64, ChangeFault> {
        let mut value: u64 = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let part = u64::from(byte & 0x7f);
            if shift == 63 && part > 1 {
                return Err(ChangeFault::Malformed);
            }
            value |= part << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(ChangeFault::Malformed)
    }

    fn signed(&mut self) -> Result<i64, ChangeFault> {
        let mut value: i64 = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let part = i64::from(byte & 0x7f);
            if shift == 63 && part != 0 && part != 0x7f {
                return Err(ChangeFault::Malformed);
            }
            value |= part << shift;
            if byte & 0x80 == 0 {
                let used = shift + 7;
                let negative = byte & 0x40 != 0 && used < 64;
                return Ok(if negative { value | (-1 << used) } else { value });
            }
        }
        Err(ChangeFault::Malformed)
    }

    fn bounded(&mut self, most: u64) -> Result<u64, ChangeFault> {
        let value = self.unsigned()?;
        if value > most { Err(ChangeFault::OverLimit) } else { Ok(value) }
    }
}

pub(super) fn read(bytes: &[u8]) -> Result<ChangeFacts, ChangeFault> {
    if bytes.len() > limits::BODY_BYTES_MAX {
        return Err(ChangeFault::TooLarge);
    }
    let (contents, hash) = unwrap_chunk(bytes)?;
    let mut reader = Reader { rest: contents };

    let dep_count = reader.bounded(limits::CHANGE_DEPS_MAX)?;
    let mut deps = Vec::new();
    for _ in 0..dep_count {
        let dep: [u8; 32] = reader.take(32)?.try_into().map_err(|_| ChangeFault::Malformed)?;
        deps.push(Hash(dep));
    }
    let actor = read_actor(&mut reader)?;
    let seq = reader.unsigned()?;
    let start_op = reader.unsigned()?;
    if seq == 0 || start_op == 0 || u32::try_from(seq).is_err() || u32::try_from(start_op).is_err() {
        return Err(ChangeFault::Malformed);
    }
    reader.signed()?; // the author's clock
    let message_length = reader.unsigned()?;
    reader.take(message_length)?;
    for _ in 0..reader.bounded(limits::CHANGE_ACTORS_MAX)? {
        read_actor(&mut reader)?;
    }
    let ops = read_columns(&mut reader)?;
    Ok(ChangeFacts { hash, actor, seq, deps, ops })
}

fn unwrap_chunk(bytes: &[u8]) -> Result<(&[u8], Hash), ChangeFault> {
    let not_a_chunk = |_| ChangeFault::NotAChangeChunk;
    let mut reader = Reader { rest: bytes };
    if reader.take(4).map_err(not_a_chunk)? != MAGIC {
        return Err(ChangeFault::NotAChangeChunk);
    }
    let checksum = reader.take(4).map_err(not_a_chunk)?;
    let hashed = reader.rest;
    if reader.byte().map_err(not_a_chunk)? != CHANGE_CHUNK {
        return Err(ChangeFault::NotAChangeChunk);
    }
    let length = reader.unsigned().map_err(not_a_chunk)?;
    if length != reader.rest.len() as u64 {
        return Err(ChangeFault::NotAChangeChunk);
    }
    // The hash covers type, length and contents; a length written in more bytes than needed would hash differently.
    let hash = crypto::sha256(hashed);
    if hash.0.first_chunk::<4>().map(<[u8; 4]>::as_slice) != Some(checksum) {
        return Err(ChangeFault::Checksum);
    }
    Ok((reader.rest, hash))
}

fn read_actor(reader: &mut Reader<'_>) -> Result<Actor, ChangeFault> {
    let length = reader.unsigned()?;
    let bytes = reader.take(length)?;
    bytes.try_into().map(Actor).map_err(|_| ChangeFault::ActorLength)
}

fn read_columns(reader: &mut Reader<'_>) -> Result<u64, ChangeFault> {
    let count = reader.bounded(limits::CHANGE_COLUMNS_MAX)?;
    let mut columns = Vec::new();
    for _ in 0..count {
        columns.push((reader.unsigned()?, reader.unsigned()?));
    }
    let mut ops = 0;
    for (specification, length) in columns {
        if specification & COMPRESSED_BIT != 0 {
            return Err(ChangeFault::NotAChangeChunk);
        }
        let column = reader.take(length)?;
        match specification {
            OBJECT_ACTOR | OBJECT_COUNTER if !column.is_empty() => return Err(ChangeFault::NotFlat),
            INSERT => check_no_inserts(column)?,
            ACTION => ops = count_actions(column)?,
            PRED_GROUP => {
                count_preds(column)?;
            }
            // The other columns cannot be longer than the actions and the predecessors, or automerge stops there.
            _ => {}
        }
    }
    if ops == 0 { Err(ChangeFault::Malformed) } else { Ok(ops) }
}

/// A boolean column is run lengths, the first of them of `false`.
fn check_no_inserts(column: &[u8]) -> Result<(), ChangeFault> {
    let mut reader = Reader { rest: column };
    let mut value_is_true = false;
    while !reader.rest.is_empty() {
        if reader.unsigned()? > 0 && value_is_true {
            return Err(ChangeFault::NotFlat);
        }
        value_is_true = !value_is_true;
    }
    Ok(())
}

fn count_actions(column: &[u8]) -> Result<u64, ChangeFault> {
    let mut ops: u64 = 0;
    each_run(column, |value, count| {
        if !matches!(value, ACTION_PUT | ACTION_DELETE) {
            return Err(ChangeFault::NotFlat);
        }
        ops = ops.saturating_add(count);
        if ops > limits::CHANGE_OPS_MAX { Err(ChangeFault::OverLimit) } else { Ok(()) }
    })?;
    Ok(ops)
}

fn count_preds(column: &[u8]) -> Result<u64, ChangeFault> {
    let mut preds: u64 = 0;
    each_run(column, |value, count| {
        preds = preds.saturating_add(value.saturating_mul(count));
        if preds > limits::CHANGE_PREDS_MAX { Err(ChangeFault::OverLimit) } else { Ok(()) }
    })?;
    Ok(preds)
}

/// Runs of an unsigned column: a positive length and one value, or a negative length and that many values.
fn each_run(column: &[u8], mut see: impl FnMut(u64, u64) -> Result<(), ChangeFault>) -> Result<(), ChangeFault> {
    let mut reader = Reader { rest: column };
    while !reader.rest.is_empty() {
        match reader.signed()? {
            0 => return Err(ChangeFault::Malformed), // a run of nothing: these columns have a value for every operation
            run if run > 0 => see(reader.unsigned()?, run.unsigned_abs())?,
            literal => {
                for _ in 0..literal.unsigned_abs() {
                    see(reader.unsigned()?, 1)?;
                }
            }
        }
    }
    Ok(())
}
